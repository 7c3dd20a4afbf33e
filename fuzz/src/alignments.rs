//! Fuzzed bytes as an alignment file, counted under options that the bytes choose.

use std::cell::RefCell;
use std::io::Write;
use std::path::Path;

use alkaline_core::Annotation;
use alkaline_core::results::{CountSummary, JunctionTable};
use alkaline_count::{
    BamInput, Compat, CountOptions, CountUnit, DetailFormat, Details, FilterRule, OverlapRule, PairRule,
    ReadEnd, ReadShape, StrandRule, count_units,
};
use alkaline_io::annotation;
use libdeflater::{CompressionLvl, Compressor, Crc};
use tempfile::{NamedTempFile, TempDir};

/// Genes on both strands that overlap, on the two contigs of [`header`].
const GENES: &str = "\
c1\tf\texon\t1\t100\t.\t+\t.\tgene_id \"A\"
c1\tf\texon\t201\t300\t.\t+\t.\tgene_id \"A\"
c1\tf\texon\t80\t220\t.\t-\t.\tgene_id \"B\"
c1\tf\texon\t2147483000\t2147483647\t.\t.\t.\tgene_id \"C\"
c2\tf\texon\t1\t65000\t.\t-\t.\tgene_id \"D\"
";

/// Bits of the first two bytes: what is counted, and how.
#[derive(Clone, Copy)]
pub struct Choices(pub u16);

impl Choices {
    fn has(self, bit: u32) -> bool {
        self.0 >> bit & 1 == 1
    }

    /// Counting options, with details written to `directory`.
    fn options(self, directory: &Path) -> CountOptions {
        let unit = [CountUnit::Auto, CountUnit::Fragments, CountUnit::Reads, CountUnit::SingleEnd];
        let measured = self.has(6);
        let format =
            [DetailFormat::Core, DetailFormat::Sam, DetailFormat::Bam][usize::from(self.0 >> 14) % 3];
        CountOptions {
            unit: unit[usize::from(self.0 & 3)],
            strandedness: StrandRule::Unstranded,
            by_feature: self.has(2),
            overlap: OverlapRule {
                allow_multiple: self.has(3),
                min_overlap: if self.has(4) { -3 } else { 1 },
                min_fraction: if measured { 0.5 } else { 0.0 },
                largest: measured && self.has(7),
                max_outside: (measured && self.has(8)).then_some(2),
                ..OverlapRule::default()
            },
            filter: FilterRule { multi_mapping: self.has(5), ..FilterRule::default() },
            pairs: PairRule { adjacent_only: self.has(9) && self.has(10), ..PairRule::default() },
            shape: ReadShape {
                shift: if self.has(11) { 40 } else { 0 },
                extend_5: if self.has(10) { 7 } else { 0 },
                reduce_to: self.has(12).then_some(ReadEnd::Three),
                ..ReadShape::default()
            },
            fraction: self.has(5),
            junctions: measured,
            details: (self.0 >> 13 == 7).then(|| Details { format, directory: directory.to_owned() }),
            compat: if self.has(13) { Compat::FeatureCounts } else { Compat::None },
            qc: self.has(9),
            ..CountOptions::default()
        }
    }

    /// The same, but every record for itself: what then is counted cannot depend on where blocks end.
    pub fn record_by_record(self) -> Self {
        Self(self.0 & !(3 | 1 << 9 | 7 << 13) | 2)
    }
}

/// The header of a BAM file with the contigs `c1` and `c2`, not compressed.
pub fn header() -> Vec<u8> {
    let text = b"@HD\tVN:1.6\n@SQ\tSN:c1\tLN:2147483647\n@SQ\tSN:c2\tLN:65000\n@RG\tID:g\n";
    let mut bytes = b"BAM\x01".to_vec();
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text);
    bytes.extend(2_u32.to_le_bytes());
    for (name, length) in [("c1", 2_147_483_647_u32), ("c2", 65_000)] {
        bytes.extend((name.len() as u32 + 1).to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.push(0);
        bytes.extend(length.to_le_bytes());
    }
    bytes
}

/// `bytes` as BGZF blocks of `block` bytes, with the end marker.
pub fn bgzf(bytes: &[u8], block: usize) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::fastest());
    let mut out = Vec::new();
    for piece in bytes.chunks(block.clamp(1, 65_000)).chain([&[][..]]) {
        let mut deflated = vec![0; compressor.deflate_compress_bound(piece.len())];
        let length = compressor.deflate_compress(piece, &mut deflated).expect("the bound is large enough");
        let mut checksum = Crc::new();
        checksum.update(piece);
        out.extend([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0]);
        out.extend((length as u16 + 25).to_le_bytes());
        out.extend(&deflated[..length]);
        out.extend(checksum.sum().to_le_bytes());
        out.extend((piece.len() as u32).to_le_bytes());
    }
    out
}

/// What counting gave: rows, summary, junctions; or that the file was refused.
type Outcome = Option<(Vec<Vec<f64>>, CountSummary, Option<JunctionTable>)>;

struct Bench {
    annotation: Annotation,
    directory: TempDir,
}

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::new(Bench {
        annotation: annotation::read_from(GENES.as_bytes(), Path::new("genes.gtf"), &Default::default())
            .expect("the genes are well-formed")
            .annotation,
        directory: TempDir::new().expect("a directory for the fuzzed file"),
    });
}

/// How a CRAM file begins. htslib reads such files, and leaks what it cannot open: they have a target of their own.
const CRAM: &[u8] = b"CRAM";

/// Counts a file of `bytes` that is no CRAM.
pub fn outcome(bytes: &[u8], choices: Choices) -> Outcome {
    if bytes.starts_with(CRAM) {
        return None;
    }
    counted(bytes, choices, 1)
}

/// Counts a file of `bytes`, whatever it is, on `threads` threads.
pub fn counted(bytes: &[u8], choices: Choices, threads: usize) -> Outcome {
    BENCH.with_borrow(|bench| {
        let mut file = NamedTempFile::new_in(&bench.directory).expect("a file");
        file.write_all(bytes).expect("written");
        let options = CountOptions { threads, ..choices.options(bench.directory.path()) };
        let counted = count_units(&[BamInput::new("a", file.path())], &bench.annotation, None, &options).ok();
        let counted = counted.map(|counted| (counted.rows, counted.summary, counted.junctions));
        if let Some((rows, summary, _)) = &counted {
            assert_eq!(rows.len(), if options.by_feature { 5 } else { 4 });
            let assigned = summary.reads[0][0] as f64;
            let total: f64 = rows.iter().map(|row| row[0]).sum();
            assert!(
                options.overlap.allow_multiple || total <= assigned,
                "{total} counts of {assigned} reads"
            );
        }
        counted
    })
}

/// Counts a file of `bytes` and forgets the result.
pub fn count_file(bytes: &[u8], choices: Choices) {
    outcome(bytes, choices);
}
