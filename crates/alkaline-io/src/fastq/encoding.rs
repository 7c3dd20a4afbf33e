//! Which number a quality character stands for: told by the characters that occur.

use std::path::Path;

use super::{FastqReader, FastqRecord};
use crate::error::ReadError;

/// Reads that are looked at to tell the encoding.
const READS_LOOKED_AT: usize = 20_000;

/// Lowest character of old Solexa and Illumina files (Solexa's -5 above 64); a file with a lower one is Phred+33.
const LOWEST_OF_PHRED64: u8 = b';';

/// Highest character that Illumina's machines write as Phred+33 (41, with room to spare); a file without a low character
/// but with a higher one is Phred+64.
const HIGHEST_OF_PHRED33: u8 = b'K';

/// What is added to a quality to make it printable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QualityEncoding {
    /// 33: Sanger, and Illumina since 2011.
    #[default]
    Phred33,
    /// 64: Illumina before.
    Phred64,
}

impl QualityEncoding {
    /// What is taken from a character of this encoding to make it one of Phred+33.
    pub fn above_phred33(self) -> u8 {
        match self {
            Self::Phred33 => 0,
            Self::Phred64 => 31,
        }
    }
}

/// The lowest and the highest quality character that was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QualityRange {
    /// The lowest.
    pub lowest: u8,
    /// The highest.
    pub highest: u8,
}

impl Default for QualityRange {
    fn default() -> Self {
        Self { lowest: u8::MAX, highest: 0 }
    }
}

impl QualityRange {
    /// Takes note of the qualities of a read.
    pub fn add(&mut self, qualities: &[u8]) {
        for &quality in qualities {
            self.lowest = self.lowest.min(quality);
            self.highest = self.highest.max(quality);
        }
    }

    /// The encoding that these characters show; Phred+33 where they fit both.
    pub fn encoding(&self) -> QualityEncoding {
        if self.lowest >= LOWEST_OF_PHRED64 && self.highest > HIGHEST_OF_PHRED33 {
            QualityEncoding::Phred64
        } else {
            QualityEncoding::Phred33
        }
    }
}

/// The encoding of the qualities in the file at `path`, told by its first reads.
///
/// # Errors
/// [`ReadError`] where these cannot be read.
pub fn encoding_of(path: &Path) -> Result<(QualityEncoding, QualityRange), ReadError> {
    let mut reader = FastqReader::open(path)?;
    let (mut record, mut range) = (FastqRecord::default(), QualityRange::default());
    for _ in 0..READS_LOOKED_AT {
        if !reader.advance(&mut record)? {
            break;
        }
        range.add(&record.qualities);
    }
    Ok((range.encoding(), range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_characters_that_no_new_machine_writes_are_phred64() {
        let of = |qualities: &[u8]| {
            let mut range = QualityRange::default();
            range.add(qualities);
            range.encoding()
        };
        assert_eq!(of(b"FFFFFFFF"), QualityEncoding::Phred33);
        assert_eq!(of(b"#,:F"), QualityEncoding::Phred33);
        assert_eq!(of(b"!~~~~"), QualityEncoding::Phred33);
        assert_eq!(of(b"BBbbhhgg"), QualityEncoding::Phred64);
        assert_eq!(of(b""), QualityEncoding::Phred33);
        assert_eq!(b'h' - QualityEncoding::Phred64.above_phred33(), b'I');
    }
}
