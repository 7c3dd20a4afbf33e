//! The table of junctions: genes, sites, strands, and fragments per sample.

use std::collections::{BTreeMap, HashMap};

use alkaline_core::SampleId;
use alkaline_core::results::{JunctionRow, JunctionTable, SiteStrand};

use super::genes::GeneSpans;
use super::{GenomeSequence, JunctionCounts};
use crate::plan::Plan;

/// Places of the sex chromosomes and the mitochondrion in the order of chromosomes, and of everything else.
const X_PLACE: u32 = 90;
const Y_PLACE: u32 = 91;
const MITOCHONDRION_PLACE: u32 = 99;
const OTHER_PLACE: u32 = 100;

/// The junctions of one file, with the names of its contigs.
pub(crate) struct FileJunctions {
    pub contigs: Vec<String>,
    pub targets: Vec<Option<u32>>,
    pub counts: JunctionCounts,
}

/// Brings the junctions of all files together.
pub(crate) fn tabulate(
    plan: &Plan<'_>,
    genome: Option<&GenomeSequence>,
    samples: Vec<SampleId>,
    files: &[FileJunctions],
) -> JunctionTable {
    let mut targets: HashMap<&str, Option<u32>> = HashMap::new();
    let mut counts: BTreeMap<(&str, u32, u32), Vec<u64>> = BTreeMap::new();
    for (number, file) in files.iter().enumerate() {
        for (&(contig, left, right), &seen) in &file.counts.seen {
            let name = file.contigs[contig as usize].as_str();
            targets.insert(name, file.targets[contig as usize]);
            counts.entry((name, left, right)).or_insert_with(|| vec![0; files.len()])[number] += seen;
        }
    }
    let mut support: HashMap<(&str, u32), u64> = HashMap::new();
    for (&(contig, left, right), counts) in &counts {
        let reads: u64 = counts.iter().sum();
        *support.entry((contig, left)).or_default() += reads;
        *support.entry((contig, right)).or_default() += reads;
    }
    let spans = GeneSpans::new(plan.annotation);
    let id = |gene: u32| plan.annotation.genes[gene as usize].id.clone();
    let mut rows: Vec<JunctionRow> = counts
        .into_iter()
        .map(|((contig, left, right), counts)| {
            let support = [support[&(contig, left)], support[&(contig, right)]];
            let (primary, others) = match targets[contig] {
                Some(target) => spans.of_junction(target, [left, right], support),
                None => (None, Vec::new()),
            };
            JunctionRow {
                primary_gene: primary.map(id),
                secondary_genes: others.into_iter().map(id).collect(),
                contig: contig.to_owned(),
                left,
                right,
                strand: genome.map_or(SiteStrand::Unknown, |genome| genome.strand(contig, left, right)),
                counts,
            }
        })
        .collect();
    // The second site is compared as text, as featureCounts does.
    rows.sort_by_cached_key(|row| {
        (chromosome_place(&row.contig), row.contig.len(), row.contig.clone(), row.left, row.right.to_string())
    });
    JunctionTable { samples, rows }
}

fn chromosome_place(contig: &str) -> u32 {
    let bare = contig.strip_prefix("chr").unwrap_or(contig);
    match bare {
        "X" => X_PLACE,
        "Y" => Y_PLACE,
        "M" | "MT" => MITOCHONDRION_PLACE,
        _ => bare.parse().unwrap_or(OTHER_PLACE),
    }
}
