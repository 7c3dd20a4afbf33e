//! Alignments built inside a test: written as SAM text, or as BAM through htslib.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use alkaline_core::sam::flag;
use rust_htslib::bam::{self, Read as _};
use rust_htslib::bgzf;

/// One alignment record; start from [`SamRecord::new`] and change what the test is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamRecord {
    /// Read name.
    pub name: String,
    /// Flag bits, see [`alkaline_core::sam::flag`].
    pub flags: u16,
    /// Contig, `*` when unmapped.
    pub contig: String,
    /// 1-based leftmost position, 0 when unmapped.
    pub position: u32,
    /// Mapping quality.
    pub mapping_quality: u8,
    /// CIGAR text.
    pub cigar: String,
    /// Contig of the mate, `=` or `*`.
    pub mate_contig: String,
    /// 1-based position of the mate, 0 for none.
    pub mate_position: u32,
    /// Observed template length.
    pub template_length: i32,
    /// Optional fields as SAM text (`NH:i:1`).
    pub tags: Vec<String>,
}

impl SamRecord {
    /// A uniquely mapped single-end read on the forward strand.
    pub fn new(name: &str, contig: &str, position: u32, cigar: &str) -> Self {
        Self {
            name: name.into(),
            flags: 0,
            contig: contig.into(),
            position,
            mapping_quality: 60,
            cigar: cigar.into(),
            mate_contig: "*".into(),
            mate_position: 0,
            template_length: 0,
            tags: vec!["NH:i:1".into()],
        }
    }

    /// The same record with further flag bits.
    #[must_use]
    pub fn with_flags(mut self, flags: u16) -> Self {
        self.flags |= flags;
        self
    }

    /// Bases of the read that the CIGAR consumes.
    fn read_length(&self) -> usize {
        let mut length = 0;
        let mut number = 0;
        for byte in self.cigar.bytes() {
            match byte {
                b'0'..=b'9' => number = number * 10 + usize::from(byte - b'0'),
                b'M' | b'I' | b'S' | b'=' | b'X' => length += std::mem::take(&mut number),
                _ => number = 0,
            }
        }
        length
    }

    fn line(&self) -> String {
        let bases = "A".repeat(self.read_length());
        let bases = if bases.is_empty() { "*" } else { &bases };
        let mut line = format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{bases}\t*",
            self.name,
            self.flags,
            self.contig,
            self.position,
            self.mapping_quality,
            self.cigar,
            self.mate_contig,
            self.mate_position,
            self.template_length,
        );
        for tag in &self.tags {
            line.push('\t');
            line.push_str(tag);
        }
        line
    }
}

/// A small alignment file in the making.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SamBuilder {
    header: String,
    records: Vec<SamRecord>,
}

impl SamBuilder {
    /// An empty file over contigs of the given names and lengths.
    pub fn new(contigs: &[(&str, u32)]) -> Self {
        let mut header = String::from("@HD\tVN:1.6\n");
        for (name, length) in contigs {
            let _ = writeln!(header, "@SQ\tSN:{name}\tLN:{length}");
        }
        Self { header, records: Vec::new() }
    }

    /// Adds a header line (without line end), such as `@RG\tID:a`.
    #[must_use]
    pub fn header_line(mut self, line: &str) -> Self {
        self.header.push_str(line);
        self.header.push('\n');
        self
    }

    /// Adds a record.
    #[must_use]
    pub fn record(mut self, record: SamRecord) -> Self {
        self.records.push(record);
        self
    }

    /// Adds a uniquely mapped single-end read on the forward strand.
    #[must_use]
    pub fn read(self, name: &str, contig: &str, position: u32, cigar: &str) -> Self {
        self.record(SamRecord::new(name, contig, position, cigar))
    }

    /// Adds a proper pair: read 1 forward at `left`, read 2 reverse at `right`.
    #[must_use]
    pub fn pair(self, name: &str, contig: &str, left: (u32, &str), right: (u32, &str)) -> Self {
        let span = reference_length(right.1);
        let length = (right.0 + span).saturating_sub(left.0) as i32;
        let mut first = SamRecord::new(name, contig, left.0, left.1)
            .with_flags(flag::PAIRED | flag::PROPER | flag::READ1 | flag::MATE_REVERSE);
        first.mate_contig = "=".into();
        first.mate_position = right.0;
        first.template_length = length;
        let mut second = SamRecord::new(name, contig, right.0, right.1)
            .with_flags(flag::PAIRED | flag::PROPER | flag::READ2 | flag::REVERSE);
        second.mate_contig = "=".into();
        second.mate_position = left.0;
        second.template_length = -length;
        self.record(first).record(second)
    }

    /// The file as SAM text.
    pub fn to_sam(&self) -> String {
        let mut text = self.header.clone();
        for record in &self.records {
            text.push_str(&record.line());
            text.push('\n');
        }
        text
    }

    /// Writes SAM text to `path`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_sam(&self, path: &Path) -> io::Result<()> {
        std::fs::write(path, self.to_sam())
    }

    /// Writes SAM text to `path` as `samtools view -O sam.gz` does: in BGZF blocks, with the empty one at the end.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_bgzipped_sam(&self, path: &Path) -> io::Result<()> {
        let mut writer = bgzf::Writer::from_path(path).map_err(io::Error::other)?;
        writer.write_all(self.to_sam().as_bytes())
    }

    /// Writes BAM to `path`, in the order in which the records were added.
    ///
    /// # Errors
    /// When htslib refuses a record or the file cannot be written.
    pub fn write_bam(&self, path: &Path) -> io::Result<()> {
        self.write_by_htslib(path, bam::Format::Bam, None)
    }

    /// Writes CRAM to `path`, against the genome in the FASTA file at `reference`.
    ///
    /// # Errors
    /// When htslib refuses a record or the file cannot be written.
    pub fn write_cram(&self, path: &Path, reference: &Path) -> io::Result<()> {
        self.write_by_htslib(path, bam::Format::Cram, Some(reference))
    }

    fn write_by_htslib(&self, path: &Path, format: bam::Format, reference: Option<&Path>) -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let sam = directory.path().join("built.sam");
        self.write_sam(&sam)?;
        let mut reader = bam::Reader::from_path(&sam).map_err(io::Error::other)?;
        let header = bam::Header::from_template(reader.header());
        let mut writer = bam::Writer::from_path(path, &header, format).map_err(io::Error::other)?;
        if let Some(reference) = reference {
            writer.set_reference(reference).map_err(io::Error::other)?;
        }
        let mut record = bam::Record::new();
        while let Some(outcome) = reader.read(&mut record) {
            outcome.map_err(io::Error::other)?;
            writer.write(&record).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

/// Bases of the reference that a CIGAR text spans.
fn reference_length(cigar: &str) -> u32 {
    let mut length = 0;
    let mut number = 0;
    for byte in cigar.bytes() {
        match byte {
            b'0'..=b'9' => number = number * 10 + u32::from(byte - b'0'),
            b'M' | b'D' | b'N' | b'=' | b'X' => length += std::mem::take(&mut number),
            _ => number = 0,
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bam_holds_the_records_that_were_added() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("two.bam");
        SamBuilder::new(&[("chr1", 1000)])
            .pair("p", "chr1", (100, "50M"), (200, "20M10N30M"))
            .read("s", "chr1", 5, "10M")
            .write_bam(&path)
            .unwrap();
        let mut reader = bam::Reader::from_path(&path).unwrap();
        let positions: Vec<i64> = reader.records().map(|record| record.unwrap().pos()).collect();
        assert_eq!(positions, [99, 199, 4]);
    }

    #[test]
    fn a_pair_knows_its_template_length() {
        let builder = SamBuilder::new(&[("c", 500)]).pair("p", "c", (101, "50M"), (201, "50M"));
        assert_eq!(builder.records[0].template_length, 150);
    }
}
