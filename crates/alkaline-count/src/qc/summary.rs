//! From what the threads learned to the QC of a sample.

use std::collections::BTreeMap;

use alkaline_core::contig_names::is_mitochondrial;
use alkaline_core::genome::{Layout, Strandedness};
use alkaline_core::results::{AlignmentFlags, Assignment, QcTable, SampleQc, StrandednessEvidence};
use alkaline_core::{Annotation, SampleId};

use super::collector::{MAX_INSERT, NO_LOT, QcCollector};
use super::gene_body::BINS;
use super::junctions::JunctionKind;
use crate::record::flag;

/// Depths of the saturation curve, in percent of all fragments.
const DEPTHS: [u32; 11] = [5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/// Share of assigned fragments below which the user is told what the likely cause is.
const LOW_ASSIGNMENT: f64 = 0.4;

/// Fewest fragments that a warning may rest on.
const MIN_FRAGMENTS: u64 = 1_000;

/// What a summary is made of.
pub(crate) struct QcInput<'a> {
    pub sample: &'a SampleId,
    pub annotation: &'a Annotation,
    pub layout: Layout,
    pub strandedness: StrandednessEvidence,
    pub summary: &'a [u64; Assignment::COUNT],
    /// Counts of each unit under the rule used, in whole counts.
    pub counts: &'a [f64],
    pub by_feature: bool,
    pub collector: Option<&'a QcCollector<'a>>,
}

/// The QC of a sample.
pub(crate) fn summarise(input: &QcInput<'_>) -> SampleQc {
    let fragments: u64 = input.summary.iter().sum();
    let gene_counts = gene_counts(input);
    let flags = input.collector.map(flagstat).unwrap_or_default();
    let mut qc = SampleQc {
        sample: input.sample.to_string(),
        layout: input.layout,
        flags,
        strandedness: input.strandedness,
        fragments,
        assigned: input.summary[Assignment::Assigned as usize],
        genes_detected: gene_counts.iter().filter(|count| **count > 0.0).count() as u64,
        mitochondrial_fraction: mitochondrial_fraction(input.annotation, &gene_counts),
        biotypes: biotypes(input.annotation, &gene_counts),
        median_insert_size: None,
        warnings: Vec::new(),
        tables: vec![categories_table(input.summary)],
    };
    if let Some(collector) = input.collector {
        let rule = rule_number(input.strandedness.used);
        qc.median_insert_size = median_insert(collector);
        qc.tables.extend(tables(input, collector, rule));
    }
    qc.warnings = warnings(input, &qc);
    qc
}

pub(crate) fn rule_number(rule: Strandedness) -> usize {
    usize::from(rule.featurecounts_code())
}

fn gene_counts(input: &QcInput<'_>) -> Vec<f64> {
    if !input.by_feature {
        return input.counts.to_vec();
    }
    let mut genes = vec![0.0; input.annotation.genes.len()];
    for (exon, count) in input.annotation.exons.iter().zip(input.counts) {
        genes[exon.gene as usize] += count;
    }
    genes
}

/// The numbers of `samtools flagstat`, QC-failed records included.
fn flagstat(collector: &QcCollector<'_>) -> AlignmentFlags {
    const NOT_PRIMARY: u16 = flag::SECONDARY | flag::SUPPLEMENTARY;
    let with = |set, clear| collector.records_with(set, clear);
    AlignmentFlags {
        total: with(0, 0),
        primary: with(0, NOT_PRIMARY),
        secondary: with(flag::SECONDARY, 0),
        supplementary: with(flag::SUPPLEMENTARY, flag::SECONDARY),
        duplicates: with(flag::DUPLICATE, 0),
        primary_duplicates: with(flag::DUPLICATE, NOT_PRIMARY),
        mapped: with(0, flag::UNMAPPED),
        primary_mapped: with(0, flag::UNMAPPED | NOT_PRIMARY),
        paired: with(flag::PAIRED, NOT_PRIMARY),
        read1: with(flag::PAIRED | flag::READ1, NOT_PRIMARY),
        read2: with(flag::PAIRED | flag::READ2, NOT_PRIMARY),
        properly_paired: with(flag::PAIRED | flag::PROPER, flag::UNMAPPED | NOT_PRIMARY),
        with_mate_mapped: with(flag::PAIRED, flag::UNMAPPED | flag::MATE_UNMAPPED | NOT_PRIMARY),
        singletons: with(flag::PAIRED | flag::MATE_UNMAPPED, flag::UNMAPPED | NOT_PRIMARY),
        mate_on_other_contig: collector.other_contig,
        mate_on_other_contig_q5: collector.other_contig_q5,
        qc_failed: with(flag::QC_FAIL, 0),
    }
}

/// The share of the counts on mitochondrial genes; `None` where the annotation has no mitochondrion.
fn mitochondrial_fraction(annotation: &Annotation, counts: &[f64]) -> Option<f64> {
    let names = annotation.contigs.iter().map(|name| is_mitochondrial(name.as_str()));
    let is_mitochondrial: Vec<bool> = names.collect();
    if !is_mitochondrial.contains(&true) {
        return None;
    }
    let mut of_gene = vec![false; annotation.genes.len()];
    for exon in &annotation.exons {
        of_gene[exon.gene as usize] |= is_mitochondrial[exon.contig as usize];
    }
    let total: f64 = counts.iter().sum();
    let mitochondrial: f64 = counts
        .iter()
        .zip(&of_gene)
        .filter(|(_, mitochondrial)| **mitochondrial)
        .map(|(count, _)| count)
        .sum();
    Some(if total > 0.0 { mitochondrial / total } else { 0.0 })
}

fn biotypes(annotation: &Annotation, counts: &[f64]) -> Vec<(String, u64)> {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for (gene, count) in annotation.genes.iter().zip(counts) {
        if let Some(biotype) = &gene.biotype {
            *sums.entry(biotype).or_default() += count;
        }
    }
    let mut sums: Vec<(String, u64)> = sums
        .into_iter()
        .map(|(name, sum)| (name.to_owned(), sum.round() as u64))
        .filter(|(_, sum)| *sum > 0)
        .collect();
    sums.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    sums
}

/// The middle of the distribution of insert sizes; longer ones than are told apart count as longest.
fn median_insert(collector: &QcCollector<'_>) -> Option<u32> {
    let total: u64 = collector.inserts.iter().sum::<u64>() + collector.longer_inserts;
    let mut below = 0;
    for (size, number) in collector.inserts.iter().enumerate() {
        below += number;
        if total > 0 && 2 * below >= total {
            return Some(size as u32);
        }
    }
    (total > 0).then_some(MAX_INSERT as u32)
}

fn table(name: &str, description: &str, columns: &[&str], rows: Vec<Vec<f64>>) -> QcTable {
    QcTable {
        name: name.to_owned(),
        description: description.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows,
    }
}

fn categories_table(summary: &[u64; Assignment::COUNT]) -> QcTable {
    let columns: Vec<&str> = Assignment::ALL.iter().map(|category| category.status()).collect();
    let row = summary.iter().map(|number| *number as f64).collect();
    table("assignment", "Fragments (or reads) in each category of the assignment.", &columns, vec![row])
}

fn tables(input: &QcInput<'_>, collector: &QcCollector<'_>, rule: usize) -> Vec<QcTable> {
    let mut tables = vec![origin_table(input, collector, rule), reads_table(collector)];
    tables.push(table(
        "insert_size",
        "Proper pairs by template length in bases.",
        &["insert_size", "pairs"],
        numbered(&collector.inserts[..]),
    ));
    let covered: u64 = collector.gene_body.bins.iter().sum();
    if covered > 0 {
        let share = |bin: &u64| *bin as f64 * BINS as f64 / covered as f64;
        let rows = collector.gene_body.bins.iter().enumerate();
        tables.push(table(
            "gene_body_coverage",
            "Coverage along genes from 5' (0) to 3' (99), relative to the mean; a sample of uniquely aligned reads.",
            &["percentile", "relative_coverage"],
            rows.map(|(place, bin)| vec![place as f64, share(bin)]).collect(),
        ));
    }
    tables.push(junction_table(collector.junctions.classify(input.annotation)));
    tables.push(saturation_table(collector, rule));
    tables
}

/// The entries that are not zero, with their places.
fn numbered(numbers: &[u64]) -> Vec<Vec<f64>> {
    let rows = numbers.iter().enumerate().filter(|(_, number)| **number > 0);
    rows.map(|(place, number)| vec![place as f64, *number as f64]).collect()
}

fn origin_table(input: &QcInput<'_>, collector: &QcCollector<'_>, rule: usize) -> QcTable {
    let of = |category: Assignment| input.summary[category as usize];
    let exonic = of(Assignment::Assigned) + of(Assignment::Ambiguity) + of(Assignment::OverlappingLength);
    let values = [exonic, collector.antisense[rule], collector.intronic, collector.intergenic];
    table(
        "origin",
        "Fragments that passed the filters by what they overlap: exons, exons of the other strand only, introns, nothing.",
        &["exonic", "antisense", "intronic", "intergenic"],
        vec![values.iter().map(|value| *value as f64).collect()],
    )
}

fn reads_table(collector: &QcCollector<'_>) -> QcTable {
    let primary = flag::SECONDARY | flag::SUPPLEMENTARY;
    let values = [
        collector.records_with(0, primary),
        collector.records_with(0, primary | flag::UNMAPPED),
        collector.multi_mapped_reads,
        collector.records_with(0, flag::UNMAPPED),
    ];
    table(
        "reads",
        "Reads (primary records), those aligned, those aligned to several places, and all their alignments.",
        &["reads", "mapped_reads", "multi_mapped_reads", "alignments"],
        vec![values.iter().map(|value| *value as f64).collect()],
    )
}

fn junction_table(kinds: [JunctionKind; 3]) -> QcTable {
    let row = |kind: JunctionKind| [kind.junctions as f64, kind.reads as f64];
    table(
        "junctions",
        "Splice junctions with both, one or none of their ends at an annotated exon border, and the reads across them.",
        &["known", "known_reads", "partly_novel", "partly_novel_reads", "novel", "novel_reads"],
        vec![kinds.into_iter().flat_map(row).collect()],
    )
}

fn saturation_table(collector: &QcCollector<'_>, rule: usize) -> QcTable {
    let seen_at = |percent: u32| {
        let limit = u64::from(u32::MAX) * u64::from(percent) / 100;
        let seen = |lots: &&[u32; 3]| lots[rule] != NO_LOT && u64::from(lots[rule]) <= limit;
        collector.lots.iter().filter(seen).count() as f64
    };
    table(
        "saturation",
        "Genes detected in a random share of the fragments.",
        &["percent_of_fragments", "genes_detected"],
        DEPTHS.iter().map(|&percent| vec![f64::from(percent), seen_at(percent)]).collect(),
    )
}

fn warnings(input: &QcInput<'_>, qc: &SampleQc) -> Vec<String> {
    let mut warnings = Vec::new();
    let strand = &input.strandedness;
    if let Some(verdict) = strand.verdict
        && verdict != strand.used
    {
        warnings.push(format!(
            "the data look {} ({} fragments forward, {} reverse) but were counted with -s {}: count again with -s {}, or let \
             --strandedness auto decide",
            in_words(verdict),
            strand.forward,
            strand.reverse,
            strand.used.featurecounts_code(),
            verdict.featurecounts_code()
        ));
    }
    if qc.fragments == 0 {
        warnings
            .push("there is no read in it: all its counts are zero; look at what wrote the file".to_owned());
    }
    let share = qc.assigned as f64 / qc.fragments as f64;
    if qc.fragments >= MIN_FRAGMENTS && share < LOW_ASSIGNMENT {
        warnings.push(format!(
            "only {:.1} % of the fragments were assigned: {}",
            100.0 * share,
            likely_cause(input)
        ));
    }
    warnings
}

const fn in_words(rule: Strandedness) -> &'static str {
    match rule {
        Strandedness::Unstranded => "unstranded",
        Strandedness::Forward => "forward-stranded",
        Strandedness::Reverse => "reverse-stranded",
    }
}

/// Whether the strand rule used leaves out what the opposite one assigns.
fn is_other_strand(strand: &StrandednessEvidence) -> bool {
    matches!(
        (strand.used, strand.verdict),
        (Strandedness::Forward, Some(Strandedness::Reverse))
            | (Strandedness::Reverse, Some(Strandedness::Forward))
    )
}

/// The category that most of the lost fragments are in, and what to do about it.
fn likely_cause(input: &QcInput<'_>) -> &'static str {
    let largest = Assignment::ALL[1..].iter().max_by_key(|category| input.summary[**category as usize]);
    match largest {
        Some(Assignment::Unmapped) => "most reads are not aligned; look at the aligner's log",
        Some(Assignment::MultiMapping) => {
            "most alignments belong to reads that map to several places; each such read has several alignments, \
             -M counts them all"
        }
        Some(Assignment::Ambiguity) => {
            "most fit several genes; if the library is stranded, say so with -s 1 or -s 2"
        }
        Some(Assignment::MappingQuality) => "most are below the mapping quality of -Q",
        Some(Assignment::Duplicate) => "most are marked as duplicates; counts of RNA-seq usually keep them",
        Some(Assignment::NoFeatures) if is_other_strand(&input.strandedness) => {
            "most lie on the other strand than the one that -s asks for"
        }
        Some(Assignment::NoFeatures) => match input.collector {
            Some(collector) if collector.intronic > collector.intergenic => {
                "most lie in introns: pre-mRNA or genomic DNA, or an annotation with few isoforms"
            }
            _ => {
                "most lie outside the annotated exons; check that annotation and alignments are of the same build"
            }
        },
        _ => "see the .summary file for the categories",
    }
}
