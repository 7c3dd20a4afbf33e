//! Places on a genome, and what is known about the library that was read from it.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// A 1-based position on a contig; zero cannot be expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position(NonZeroU32);

impl Position {
    /// The position `value`, unless it is zero.
    pub const fn new(value: u32) -> Option<Self> {
        match NonZeroU32::new(value) {
            Some(value) => Some(Self(value)),
            None => None,
        }
    }

    /// The position as a 1-based number.
    pub const fn get(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A closed interval of positions, `start <= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    start: Position,
    end: Position,
}

impl Span {
    /// The interval from `start` to `end`, both included, 1-based; `None` when empty or when it starts at zero.
    pub const fn new(start: u32, end: u32) -> Option<Self> {
        match (Position::new(start), Position::new(end)) {
            (Some(start_position), Some(end_position)) if start <= end => {
                Some(Self { start: start_position, end: end_position })
            }
            _ => None,
        }
    }

    /// First position.
    pub const fn start(self) -> u32 {
        self.start.get()
    }

    /// Last position.
    pub const fn end(self) -> u32 {
        self.end.get()
    }

    /// Number of bases; never zero.
    pub const fn bases(self) -> u32 {
        self.end.get() - self.start.get() + 1
    }
}

/// The strand that a feature lies on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Strand {
    /// Plus strand, `+`.
    Forward,
    /// Minus strand, `-`.
    Reverse,
    /// Not told, `.`.
    #[default]
    Unknown,
}

impl Strand {
    /// The character used in GTF and in count tables.
    pub const fn symbol(self) -> char {
        match self {
            Self::Forward => '+',
            Self::Reverse => '-',
            Self::Unknown => '.',
        }
    }
}

/// How the strand of a read relates to the strand of the RNA (featureCounts `-s`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Strandedness {
    /// The library keeps no strand (`-s 0`).
    #[default]
    Unstranded,
    /// Read 1 has the strand of the RNA (`-s 1`).
    Forward,
    /// Read 1 has the opposite strand, as with dUTP kits (`-s 2`).
    Reverse,
}

impl Strandedness {
    /// The value that featureCounts' `-s` takes.
    pub const fn featurecounts_code(self) -> u8 {
        match self {
            Self::Unstranded => 0,
            Self::Forward => 1,
            Self::Reverse => 2,
        }
    }
}

/// Whether a library was sequenced from one or both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// One read per fragment.
    SingleEnd,
    /// Two reads per fragment.
    PairedEnd,
    /// Both kinds in one file.
    Mixed,
}

/// A reference sequence: its name and length in bases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contig {
    /// Name as in the file's header.
    pub name: crate::ContigName,
    /// Length in bases.
    pub length: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_never_empty_and_never_starts_at_zero() {
        assert!(Span::new(0, 5).is_none());
        assert!(Span::new(6, 5).is_none());
        assert_eq!(Span::new(5, 5).map(Span::bases), Some(1));
    }
}
