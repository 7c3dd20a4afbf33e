//! Sequences of a genome, for telling the strand of a junction by its splice motif.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use alkaline_core::results::SiteStrand;

use crate::error::CountError;
use crate::input::in_file;

/// The contigs of a FASTA file, in upper case.
#[derive(Clone, Debug, Default)]
pub struct GenomeSequence {
    contigs: HashMap<String, Vec<u8>>,
}

impl GenomeSequence {
    /// Reads the FASTA file at `path`; names end at the first blank.
    ///
    /// # Errors
    /// [`CountError`] when the file is missing or unreadable.
    pub fn read(path: &Path) -> Result<Self, CountError> {
        let file = File::open(path).map_err(|source| in_file(path, source))?;
        let mut genome = Self::default();
        let mut name = String::new();
        let mut sequence = Vec::new();
        for line in BufReader::new(file).split(b'\n') {
            let line = line.map_err(|source| in_file(path, source))?;
            match line.strip_prefix(b">") {
                Some(title) => {
                    genome.contigs.insert(std::mem::take(&mut name), std::mem::take(&mut sequence));
                    let first = title.split(u8::is_ascii_whitespace).next().unwrap_or_default();
                    name = String::from_utf8_lossy(first).into_owned();
                }
                None => sequence.extend(line.trim_ascii().iter().map(u8::to_ascii_uppercase)),
            }
        }
        genome.contigs.insert(name, sequence);
        Ok(genome)
    }

    /// The strand that the motif of the gap between the 1-based positions `left` and `right` tells: `GT..AG` forward,
    /// `CT..AC` reverse.
    pub(crate) fn strand(&self, contig: &str, left: u32, right: u32) -> SiteStrand {
        let sequence = self
            .contigs
            .get(contig)
            .or_else(|| contig.strip_prefix("chr").and_then(|bare| self.contigs.get(bare)))
            .or_else(|| self.contigs.get(&format!("chr{contig}")));
        let Some(sequence) = sequence else { return SiteStrand::Unknown };
        let (left, right) = (left as usize, right as usize);
        let donor = sequence.get(left..left + 2);
        let acceptor = right.checked_sub(3).and_then(|start| sequence.get(start..start + 2));
        match (donor, acceptor) {
            (Some(b"GT"), Some(b"AG")) => SiteStrand::Forward,
            (Some(b"CT"), Some(b"AC")) => SiteStrand::Reverse,
            _ => SiteStrand::Unknown,
        }
    }
}
