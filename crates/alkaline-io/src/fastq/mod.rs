//! Sequencing reads in FASTQ, read so that damage is noticed: where a file ends inside a read, where mates part company.
//!
//! Aligners and trimmers take what they get: fastp 0.23 and HISAT2's wrapper stop at the damaged block of a cut-off file
//! and report success. So every read passes here, and is counted.

mod encoding;
mod pairs;
mod reader;

pub use encoding::{QualityEncoding, QualityRange, encoding_of};
pub use pairs::{FastqPairs, ReadPair, name_of_fragment};
pub use reader::{FastqReader, FastqRecord};
