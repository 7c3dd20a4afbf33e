//! The table of junctions: genes, sites, strands, and fragments per sample.

use std::collections::{BTreeMap, HashMap};

use alkaline_core::results::{JunctionRow, JunctionTable, SiteStrand};
use alkaline_core::{GeneId, SampleId};

use super::genes::GeneSpans;
use super::{GenomeSequence, JunctionCounts};
use crate::error::CountError;
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

/// Fragments of every sample across each junction: contig of the alignments, last base before and first base after it.
pub(super) type Crossings<'a> = BTreeMap<(&'a str, u32, u32), Vec<u64>>;

/// Brings the junctions of all files together.
///
/// # Errors
/// [`CountError`] when the genome cannot be read.
pub(crate) fn tabulate(
    plan: &Plan<'_>,
    genome: Option<&GenomeSequence>,
    samples: Vec<SampleId>,
    files: &[FileJunctions],
) -> Result<JunctionTable, CountError> {
    let mut targets: HashMap<&str, Option<u32>> = HashMap::new();
    let mut counts = Crossings::new();
    for (number, file) in files.iter().enumerate() {
        for (&(contig, left, right), &seen) in &file.counts.seen {
            let name = file.contigs[contig as usize].as_str();
            targets.insert(name, file.targets[contig as usize]);
            counts.entry((name, left, right)).or_insert_with(|| vec![0; files.len()])[number] += seen;
        }
    }
    let finder = GeneFinder {
        spans: GeneSpans::of_annotation(plan.annotation),
        targets: &targets,
        name: |gene: u32| plan.annotation.genes[gene as usize].id.clone(),
    };
    let mut rows = rows(counts, &finder, |_, _, _| SiteStrand::Unknown);
    if let Some(genome) = genome {
        for row in &mut rows {
            row.strand = genome.strand(&row.contig, row.left, row.right)?;
        }
    }
    Ok(JunctionTable { samples, rows, sites: None })
}

/// How many names are shown.
const NAMES_SHOWN: usize = 3;

/// The warning that contigs with junctions are not in the genome, so that nothing tells their strand.
pub(crate) fn without_sequence(genome: &GenomeSequence, table: &JunctionTable) -> Option<String> {
    let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
    for row in table.rows.iter().filter(|row| !genome.has(&row.contig)) {
        *missing.entry(&row.contig).or_default() += 1;
    }
    let junctions: usize = missing.values().sum();
    let names: Vec<&str> = missing.keys().copied().take(NAMES_SHOWN).collect();
    let more = if missing.len() > NAMES_SHOWN { ", ..." } else { "" };
    (junctions > 0).then(|| {
        format!(
            "the strand of {junctions} junctions (of {}) is not known: the genome of -G lacks their contigs ({}{more})",
            table.rows.len(),
            names.join(", ")
        )
    })
}

/// What it takes to find the genes of a junction.
pub(super) struct GeneFinder<'a, N> {
    pub spans: GeneSpans,
    /// For each contig of the alignments its number in `spans`.
    pub targets: &'a HashMap<&'a str, Option<u32>>,
    /// Names of genes by number.
    pub name: N,
}

/// The rows of the table in featureCounts' order.
pub(super) fn rows(
    counts: Crossings<'_>,
    genes: &GeneFinder<'_, impl Fn(u32) -> GeneId>,
    strand: impl Fn(&str, u32, u32) -> SiteStrand,
) -> Vec<JunctionRow> {
    let mut support: HashMap<(&str, u32), u64> = HashMap::new();
    for (&(contig, left, right), counts) in &counts {
        let reads: u64 = counts.iter().sum();
        *support.entry((contig, left)).or_default() += reads;
        *support.entry((contig, right)).or_default() += reads;
    }
    let row = |((contig, left, right), counts): ((&str, u32, u32), Vec<u64>)| {
        let support = [support[&(contig, left)], support[&(contig, right)]];
        let (primary, others) = match genes.targets.get(contig).copied().flatten() {
            Some(target) => genes.spans.of_junction(target, [left, right], support),
            None => (None, Vec::new()),
        };
        JunctionRow {
            primary_gene: primary.map(&genes.name),
            secondary_genes: others.into_iter().map(&genes.name).collect(),
            contig: contig.to_owned(),
            left,
            right,
            strand: strand(contig, left, right),
            counts,
        }
    };
    let mut rows: Vec<JunctionRow> = counts.into_iter().map(row).collect();
    // The second site is compared as text, as featureCounts does.
    rows.sort_by_cached_key(|row| {
        (chromosome_place(&row.contig), row.contig.len(), row.contig.clone(), row.left, row.right.to_string())
    });
    rows
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
