//! Datatypes and shapes, as messages of a header say them.

use super::node::{Attribute, Elements};

/// How an element is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Real,
    Whole,
    LongWhole,
    Flag,
}

impl Kind {
    pub fn of_elements(elements: &Elements<'_>) -> Self {
        match elements {
            Elements::Texts(_) => Self::Text,
            Elements::Reals(_) | Elements::StreamedReals(_) => Self::Real,
            Elements::Wholes(_) | Elements::StreamedWholes(_) => Self::Whole,
            Elements::LongWholes(_) => Self::LongWhole,
        }
    }

    pub fn of_attribute(attribute: &Attribute) -> Self {
        match attribute {
            Attribute::Text(_) | Attribute::Texts(_) => Self::Text,
            Attribute::Flag(_) => Self::Flag,
        }
    }

    /// Bytes of an element; of a text, of what leads to it: its length, and where it lies.
    pub fn size(self) -> u64 {
        match self {
            Self::Text => 16,
            Self::Real | Self::LongWhole => 8,
            Self::Whole => 4,
            Self::Flag => 1,
        }
    }

    /// The datatype message.
    pub fn message(self) -> Vec<u8> {
        match self {
            // Variable length, a string that ends with zero, UTF-8; made of unsigned bytes.
            Self::Text => [&typed(9, [1, 1, 0], 16)[..], &fixed_point(1, false)].concat(),
            // IEEE 754 with 52 and 11 bits: mantissa with an implied bit, sign at bit 63, bias 1023.
            Self::Real => {
                let mut message = typed(1, [0x20, 63, 0], 8);
                message.extend([0, 0, 64, 0, 52, 11, 0, 52]);
                message.extend(1023_u32.to_le_bytes());
                message
            }
            Self::Whole => fixed_point(4, true),
            Self::LongWhole => fixed_point(8, true),
            // The enumeration of FALSE and TRUE that h5py takes for numpy's bool.
            Self::Flag => {
                let mut message = typed(8, [2, 0, 0], 1);
                message[0] |= 0x20;
                message.extend(fixed_point(1, true));
                message.extend(b"FALSE\0TRUE\0\x00\x01");
                message
            }
        }
    }
}

/// The beginning of a datatype: version 1, class, what belongs to the class, size.
fn typed(class: u8, bits: [u8; 3], size: u32) -> Vec<u8> {
    let mut message = vec![0x10 | class];
    message.extend(bits);
    message.extend(size.to_le_bytes());
    message
}

/// Whole numbers, little end first.
fn fixed_point(size: u8, signed: bool) -> Vec<u8> {
    let mut message = typed(0, [if signed { 8 } else { 0 }, 0, 0], u32::from(size));
    message.extend([0, 0, size * 8, 0]);
    message
}

/// The dataspace message.
pub(super) fn dataspace(shape: &[u64]) -> Vec<u8> {
    let mut message = vec![2, shape.len() as u8, 0, u8::from(!shape.is_empty())];
    shape.iter().for_each(|size| message.extend(size.to_le_bytes()));
    message
}
