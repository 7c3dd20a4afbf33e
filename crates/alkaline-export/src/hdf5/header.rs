//! Object headers: what a group or an array is, as a list of messages with a checksum.

use std::io;

use super::UNDEFINED;
use super::checksum::checksum;
use super::types::{Kind, dataspace};

/// An object header being put together.
#[derive(Default)]
pub(super) struct Header {
    messages: Vec<u8>,
}

/// Kinds of messages.
mod message {
    pub const DATASPACE: u8 = 1;
    pub const LINK_INFO: u8 = 2;
    pub const DATATYPE: u8 = 3;
    pub const FILL: u8 = 5;
    pub const LINK: u8 = 6;
    pub const LAYOUT: u8 = 8;
    pub const GROUP_INFO: u8 = 10;
    pub const ATTRIBUTE: u8 = 12;
}

impl Header {
    /// A group whose links stand in its header.
    pub fn of_group() -> io::Result<Self> {
        let mut header = Self::default();
        let nowhere = UNDEFINED.to_le_bytes();
        header.push(message::LINK_INFO, &[&[0, 0], &nowhere[..], &nowhere[..]].concat())?;
        header.push(message::GROUP_INFO, &[0, 0])?;
        Ok(header)
    }

    /// An array whose values lie at `address`, all together.
    pub fn of_array(kind: Kind, shape: &[u64], address: u64) -> io::Result<Self> {
        let size = shape.iter().product::<u64>() * kind.size();
        let address = if size == 0 { UNDEFINED } else { address };
        let mut header = Self::default();
        header.push(message::DATASPACE, &dataspace(shape))?;
        header.push(message::DATATYPE, &kind.message())?;
        // Version 3; room is made late, nothing is filled in.
        header.push(message::FILL, &[3, 0x0a])?;
        let layout = [&[3, 1], &address.to_le_bytes()[..], &size.to_le_bytes()[..]].concat();
        header.push(message::LAYOUT, &layout)?;
        Ok(header)
    }

    /// Adds a link to the object at `address`.
    pub fn link(&mut self, name: &str, address: u64) -> io::Result<()> {
        // Version 1; a length of two bytes, and a character set: UTF-8.
        let mut link = vec![1, 0x10 | 1, 1];
        link.extend(short(name.len())?.to_le_bytes());
        link.extend(name.as_bytes());
        link.extend(address.to_le_bytes());
        self.push(message::LINK, &link)
    }

    /// Adds an attribute; the `data` of texts lead into a heap.
    pub fn attribute(&mut self, name: &str, kind: Kind, shape: &[u64], data: &[u8]) -> io::Result<()> {
        let (datatype, dataspace) = (kind.message(), dataspace(shape));
        let mut text = vec![3, 0];
        text.extend(short(name.len() + 1)?.to_le_bytes());
        text.extend(short(datatype.len())?.to_le_bytes());
        text.extend(short(dataspace.len())?.to_le_bytes());
        text.push(1);
        text.extend(name.as_bytes());
        text.push(0);
        text.extend([&datatype[..], &dataspace, data].concat());
        self.push(message::ATTRIBUTE, &text)
    }

    fn push(&mut self, kind: u8, data: &[u8]) -> io::Result<()> {
        self.messages.push(kind);
        self.messages.extend(short(data.len())?.to_le_bytes());
        self.messages.push(0);
        self.messages.extend(data);
        Ok(())
    }

    /// The header's bytes.
    pub fn finish(self) -> Vec<u8> {
        let mut bytes = b"OHDR\x02\x02".to_vec();
        bytes.extend((self.messages.len() as u32).to_le_bytes());
        bytes.extend(self.messages);
        let sum = checksum(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }
}

/// A length that has to fit into two bytes.
fn short(length: usize) -> io::Result<u16> {
    u16::try_from(length).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{length} bytes are more than a header of HDF5 holds: a name, or a list of columns, is too long"),
        )
    })
}
