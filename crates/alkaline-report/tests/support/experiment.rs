//! An invented experiment, three against three, for tests and the preview: deterministic, nothing measured.

use std::sync::Arc;

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::genome::{Layout, Strandedness};
use alkaline_core::results::{
    AlignmentFlags, Assignment, CountSummary, Direction, DispersionSource, GseaRow, GseaTable, MapMethod,
    OraRow, OraTable, PanelRow, PanelTable, QcTable, RankBy, RunningScore, SampleMap, SampleQc,
    StrandednessEvidence, TestFacts, TestRow, TestTable, Thresholds,
};
use alkaline_core::samples::SampleRecord;
use alkaline_core::{
    ContrastSpec, ExpressionMatrix, ExpressionUnit, GeneIndex, LibrarySizes, PerSample, SampleIndex,
    SampleSheet,
};
use alkaline_report::{
    ContrastReport, InputFile, OptionGroup, Reference, ReportData, RunFacts, SensitivityRow,
    SensitivityTable, StageTime,
};

/// The samples.
pub const SAMPLES: [&str; 6] =
    ["parental_1", "parental_2", "parental_3", "resistant_1", "resistant_2", "resistant_3"];

/// Symbols that the first genes bear; the rest are numbered.
const SYMBOLS: [&str; 16] = [
    "CCL20",
    "CXCL8",
    "CXCL1",
    "CXCL2",
    "VEGFA",
    "ANGPT2",
    "FN1",
    "COL1A1",
    "STAT1",
    "JAK2",
    "EGFR",
    "AXL",
    "CDH1",
    "ALK",
    "<b>odd</b>",
    "HLA-\"A\"",
];

/// A pseudo-random number in [0, 1) that depends on `seed` alone (splitmix64).
pub fn noise(seed: u64) -> f64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// Roughly normal noise from `seed`: the sum of twelve uniform numbers.
fn bell(seed: u64) -> f64 {
    (0..12).map(|i| noise(seed * 12 + i)).sum::<f64>() - 6.0
}

pub fn symbol(gene: usize) -> String {
    SYMBOLS.get(gene).map_or_else(|| format!("GENE{gene}"), ToString::to_string)
}

fn gene_id(gene: usize) -> String {
    format!("ENSG{:011}.{}", 100_000 + gene, gene % 9 + 1)
}

fn samples() -> Arc<SampleIndex> {
    SampleIndex::new(SAMPLES.iter().map(|name| (*name).into()).collect()).expect("invented names are unique")
}

/// The contrast resistant against parental of `genes` genes, an eighth of them truly different.
pub fn test_table(genes: usize) -> TestTable {
    let mut rows: Vec<TestRow> = (0..genes).map(test_row).collect();
    rows.sort_by(|a, b| {
        a.log10_p.total_cmp(&b.log10_p).then(b.log2_fold_change.abs().total_cmp(&a.log2_fold_change.abs()))
    });
    let thresholds = Thresholds::default();
    let mut smallest = 1.0f64;
    for rank in (0..rows.len()).rev() {
        smallest = smallest.min(rows[rank].p_value * genes as f64 / (rank + 1) as f64);
        rows[rank].fdr = smallest;
        rows[rank].direction = thresholds.call(rows[rank].log2_fold_change, smallest);
    }
    TestTable {
        contrast: ContrastSpec::between("resistant_vs_parental", "condition", "parental", "resistant"),
        facts: TestFacts {
            interval: None,
            method: "exactTest".into(),
            statistic: None,
            compat: "edgeR-3".into(),
            adjustment: "BH".into(),
            dispersion: DispersionSource::Estimated,
            common_dispersion: 0.0231,
            prior_df: Some(4.2),
            thresholds,
            groups: vec!["parental".into(), "resistant".into()],
            group_sizes: vec![3, 3],
            genes_total: genes * 2,
            genes_tested: genes,
        },
        rows,
    }
}

fn test_row(gene: usize) -> TestRow {
    let seed = gene as u64;
    let log2_cpm = 4.0 + 2.6 * bell(seed * 3 + 1);
    let truly = gene < 14 || gene.is_multiple_of(8);
    let up = gene < 12 || noise(seed * 3 + 7) > 0.45;
    let noise_width = 0.18 + 1.1 * (-(log2_cpm + 2.0) / 3.0).exp();
    let effect = if truly { (0.8 + 2.4 * noise(seed * 5 + 2)) * if up { 1.0 } else { -1.0 } } else { 0.0 };
    let log2_fold_change = effect + noise_width.min(2.0) * bell(seed * 7 + 3);
    let z = log2_fold_change / noise_width.min(2.0);
    // The normal tail, well enough for a picture.
    let log10_p = -(z * z / 2.0 + (1.0 + z.abs()).ln()) / std::f64::consts::LN_10;
    let mean = log2_cpm.exp2();
    TestRow {
        standard_error: None,
        interval: None,
        gene: gene_id(gene).into(),
        name: Some(symbol(gene).into()),
        log2_fold_change,
        log2_cpm,
        statistic: None,
        p_value: 10f64.powf(log10_p),
        log10_p,
        fdr: 1.0,
        direction: Direction::NotSignificant,
        group_cpm: vec![mean * (-log2_fold_change / 2.0).exp2(), mean * (log2_fold_change / 2.0).exp2()],
    }
}

const TERMS: [(&str, &str, &str); 12] = [
    ("BP", "GO:0030593", "neutrophil chemotaxis"),
    ("BP", "GO:0070098", "chemokine-mediated signaling pathway"),
    ("BP", "GO:0001525", "angiogenesis"),
    ("BP", "GO:0030198", "extracellular matrix organization"),
    (
        "BP",
        "GO:2000027",
        "negative regulation of transmembrane receptor protein serine/threonine kinase signaling pathway",
    ),
    ("BP", "GO:0007259", "receptor signaling pathway via JAK-STAT"),
    ("MF", "GO:0008009", "chemokine activity"),
    ("MF", "GO:0005125", "cytokine activity"),
    ("MF", "GO:0005201", "extracellular matrix structural constituent"),
    ("CC", "GO:0062023", "collagen-containing extracellular matrix"),
    ("CC", "GO:0005615", "extracellular space"),
    ("CC", "GO:0009897", "external side of plasma membrane"),
];

fn sources() -> Vec<GeneSetSource> {
    let source = |collection: &str| GeneSetSource {
        collection: collection.into(),
        name: "Gene Ontology".into(),
        version: Some("2022-07-01".into()),
        licence: Some("CC BY 4.0".into()),
    };
    ["BP", "MF", "CC"].map(source).into()
}

/// Over-representation of `query`: the first terms strong, the last not enriched.
pub fn ora_table(query: &str) -> OraTable {
    let rows = TERMS.iter().enumerate().map(|(i, &(ontology, id, description))| {
        let hits = 26 - 2 * i;
        let p = if i < 10 { 10f64.powi(-12 + i as i32) } else { 0.2 };
        let (query_size, universe_size, set_size) = (420, 15_300, 90 + 10 * i);
        let expected = set_size as f64 / universe_size as f64 * query_size as f64;
        OraRow {
            ontology: ontology.into(),
            id: id.into(),
            description: description.into(),
            hits,
            query_size,
            set_size,
            universe_size,
            rich_factor: hits as f64 / set_size as f64,
            fold_enrichment: hits as f64 / expected,
            z_score: (hits as f64 - expected) / expected.sqrt(),
            p_value: p,
            p_adjusted: (p * 30.0).min(1.0),
            q_value: (p * 20.0).min(1.0),
            genes: (0..hits).map(|gene| symbol(gene * (1 + i / 3))).collect(),
        }
    });
    OraTable {
        query: query.into(),
        sources: sources(),
        universe: "the 15,300 tested genes with an annotation".into(),
        test: "hypergeometric test".into(),
        rows: rows.collect(),
    }
}

/// Ranked enrichment: the first sets up, some down, the last not enriched.
pub fn gsea_table() -> GseaTable {
    let rows = TERMS.iter().enumerate().map(|(i, &(ontology, id, description))| {
        let sign = if i % 4 == 3 { -1.0 } else { 1.0 };
        let p = if i < 10 { 10f64.powi(-14 + i as i32) } else { 0.4 };
        GseaRow {
            ontology: ontology.into(),
            id: id.into(),
            description: description.into(),
            set_size: 60 + 14 * i,
            enrichment_score: sign * (0.7 - 0.03 * i as f64),
            normalized_score: sign * (2.6 - 0.12 * i as f64),
            p_value: p,
            p_adjusted: (p * 40.0).min(1.0),
            q_value: (p * 30.0).min(1.0),
            log2_error: 0.04,
            rank: 900 + 40 * i,
            leading_edge: "tags=41%, list=9%, signal=38%".into(),
            core_enrichment: (0..24 - i).map(|gene| symbol(gene * (1 + i / 4))).collect(),
            camera_p: (p * 1e4).min(1.0),
        }
    });
    GseaTable {
        sources: sources(),
        ranked_by: "signed −log10 P".into(),
        genes_ranked: 15_300,
        seed: 42,
        rows: rows.collect(),
    }
}

/// The running score of the first set over a list of `genes` genes.
pub fn running_score(genes: usize) -> RunningScore {
    let mut hits: Vec<u32> = (0..40).map(|i| 1 + (noise(i).powi(3) * (genes - 1) as f64) as u32).collect();
    hits.sort_unstable();
    hits.dedup();
    let (step, fall) = (1.0 / hits.len() as f64, 1.0 / (genes - hits.len()) as f64);
    let scores = hits
        .iter()
        .enumerate()
        .map(|(i, &hit)| {
            let before = i as f64 * step - (f64::from(hit) - 1.0 - i as f64) * fall;
            [before, before + step]
        })
        .collect();
    let (ontology, id, description) = TERMS[0];
    RunningScore {
        ontology: ontology.into(),
        id: id.into(),
        description: description.into(),
        genes_ranked: genes,
        hits,
        scores,
    }
}

/// Some chemokines: tested, filtered and absent.
pub fn panel() -> PanelTable {
    let symbols = ["CCL20", "CXCL8", "CXCL1", "CXCL2", "CXCL12", "CCL2", "IL6", "TNF", "CCL21", "CCL27"];
    let rows = symbols.iter().enumerate().map(|(i, symbol)| {
        let tested = i < 7;
        let present = i < 9;
        let fold_change = 3.4 - 0.8 * i as f64;
        let expression = |sample: usize| {
            let up = if sample >= 3 { fold_change / 2.0 } else { -fold_change / 2.0 };
            (4.0 - 0.5 * i as f64 + if tested { up } else { 0.0 } + 0.2 * noise((i * 6 + sample) as u64))
                .exp2()
        };
        let direction = if fold_change >= 1.0 {
            "up"
        } else if fold_change <= -1.0 {
            "down"
        } else {
            "ns"
        };
        PanelRow {
            symbol: (*symbol).into(),
            gene: present.then(|| gene_id(i).into()),
            status: (if tested {
                "tested"
            } else if present {
                "filtered"
            } else {
                "absent"
            })
            .into(),
            log2_fold_change: tested.then_some(fold_change),
            p_value: tested.then_some(1e-6),
            fdr: tested.then_some(1e-4),
            direction: tested.then(|| direction.into()),
            expression: if present { (0..6).map(expression).collect() } else { Vec::new() },
        }
    });
    PanelTable {
        name: "chemokines".into(),
        description: "Chemokines and cytokines that may draw neutrophils.".into(),
        unit: "FPKM".into(),
        samples: SAMPLES.iter().map(|name| (*name).into()).collect(),
        rows: rows.collect(),
    }
}

fn qc(sample: usize) -> SampleQc {
    let total = 2_400_000 + 90_000 * sample as u64;
    SampleQc {
        sample: SAMPLES[sample].into(),
        layout: Layout::PairedEnd,
        flags: AlignmentFlags {
            total: 2 * total,
            primary: 2 * total,
            mapped: 2 * total,
            properly_paired: 2 * total,
            ..AlignmentFlags::default()
        },
        strandedness: StrandednessEvidence {
            unstranded: 2_000_000,
            forward: 30_000,
            reverse: 1_950_000,
            forward_fraction: 0.015 + 0.002 * sample as f64,
            verdict: Some(Strandedness::Reverse),
            used: Strandedness::Reverse,
        },
        fragments: total,
        assigned: total * 8 / 10,
        genes_detected: 17_000 + 120 * sample as u64,
        mitochondrial_fraction: 0.021,
        biotypes: vec![("protein_coding".into(), total * 7 / 10), ("lncRNA".into(), total / 10)],
        median_insert_size: Some(212),
        warnings: if sample == 2 { vec!["few reads for a library of this kind".into()] } else { Vec::new() },
        tables: qc_tables(sample as u64),
    }
}

/// Tables of the counting pass, by the names that it gives them.
fn qc_tables(sample: u64) -> Vec<QcTable> {
    let table = |name: &str, columns: &[&str], rows: Vec<Vec<f64>>| QcTable {
        name: name.into(),
        description: "Invented.".into(),
        columns: columns.iter().map(ToString::to_string).collect(),
        rows,
    };
    let shift = sample as f64;
    let coverage = |i: i32| 1.2 - (f64::from(i) / 50.0 - 1.0).powi(4) + 0.01 * shift;
    let lengths = |i: i32| 900.0 * (-((f64::from(i) - 190.0 - 4.0 * shift) / 60.0).powi(2)).exp() + 2.0;
    let detected = |i: i32| 17_000.0 * (1.0 - (-f64::from(i) / 22.0).exp()) + 60.0 * shift;
    vec![
        table(
            "origin",
            &["exonic", "antisense", "intronic", "intergenic"],
            vec![vec![8.1e5, 9e3, 1.1e5 + 9e3 * shift, 5e4]],
        ),
        table(
            "gene_body_coverage",
            &["percentile", "relative_coverage"],
            (0..100).map(|i| vec![f64::from(i), coverage(i)]).collect(),
        ),
        table(
            "saturation",
            &["percent_of_fragments", "genes_detected"],
            (1..=10).map(|i| vec![f64::from(10 * i), detected(10 * i)]).collect(),
        ),
        table(
            "insert_size",
            &["insert_size", "pairs"],
            (30..900).map(|i| vec![f64::from(i), lengths(i).round()]).collect(),
        ),
    ]
}

fn count_summary() -> CountSummary {
    let reads = (0..6)
        .map(|sample| {
            let mut row = [0; Assignment::COUNT];
            row[Assignment::Assigned as usize] = 1_900_000 + 70_000 * sample;
            row[Assignment::MultiMapping as usize] = 210_000;
            row[Assignment::NoFeatures as usize] = 240_000 + 5_000 * sample;
            row[Assignment::Ambiguity as usize] = 61_000;
            row
        })
        .collect();
    CountSummary { samples: samples(), reads, non_split_only: false }
}

fn expression(test: &TestTable) -> ExpressionMatrix {
    let genes = GeneIndex::new(test.rows.iter().map(|row| row.gene.clone()).collect())
        .expect("invented names are unique");
    let values = test
        .rows
        .iter()
        .enumerate()
        .flat_map(|(i, row)| {
            (0..6).map(move |sample| {
                let half = row.log2_fold_change / 2.0 * if sample >= 3 { 1.0 } else { -1.0 };
                row.log2_cpm + half + 0.25 * bell((i * 6 + sample) as u64)
            })
        })
        .collect();
    ExpressionMatrix::new(ExpressionUnit::LogCpm, genes, samples(), values)
        .expect("invented names are unique")
}

/// The contrast with everything that a run may have.
pub fn contrast(genes: usize) -> ContrastReport {
    let test = test_table(genes);
    let ranks = test.ranked_by(RankBy::SignedLogP);
    let bcv = [0.05, 0.1, 0.2, 0.3, 0.4, 0.6];
    let sensitivity = SensitivityTable {
        rows: bcv
            .iter()
            .enumerate()
            .map(|(i, &bcv)| SensitivityRow { bcv, up: 900 / (i + 1), down: 700 / (i + 1) })
            .collect(),
    };
    ContrastReport {
        ora: vec![ora_table("up"), ora_table("down")],
        gsea: Some(gsea_table()),
        ranks: Some(ranks),
        running_scores: vec![running_score(genes)],
        panels: vec![panel()],
        sensitivity: Some(sensitivity),
        largest_bcv: test
            .rows
            .iter()
            .enumerate()
            .map(|(i, row)| (row.gene.clone(), bcv.get(5 - i.min(5)).copied()))
            .collect(),
        test,
    }
}

fn sheet() -> SampleSheet {
    let record = |(i, name): (usize, &&str)| SampleRecord {
        id: (*name).into(),
        file: Some(format!("{name}.bam").into()),
        values: vec![if i < 3 { "parental" } else { "resistant" }.into(), (i % 3 + 1).to_string()],
    };
    SampleSheet {
        variables: vec!["condition".into(), "replicate".into()],
        samples: SAMPLES.iter().enumerate().map(record).collect(),
    }
}

fn sample_map() -> SampleMap {
    SampleMap {
        method: MapMethod::Mds,
        samples: samples(),
        dimensions: vec![vec![-1.6, -1.4, -1.7, 1.5, 1.8, 1.4], vec![0.4, -0.5, 0.1, 0.6, -0.2, -0.4]],
        variance_explained: vec![0.61, 0.14],
    }
}

fn run_facts() -> RunFacts {
    RunFacts {
        title: "Invented experiment".into(),
        version: "0.1.0 (test)".into(),
        command_line: "alkaline run --parental p1.bam p2.bam --resistant r1.bam r2.bam --out \"out & more\""
            .into(),
        started: "2026-01-02 03:04:05 UTC".into(),
        stages: ["count", "normalize", "test", "enrich", "report"]
            .iter()
            .enumerate()
            .map(|(i, stage)| StageTime {
                stage: (*stage).into(),
                seconds: 3.1 / (i + 1) as f64,
                reused: i == 0,
            })
            .collect(),
        inputs: vec![InputFile {
            role: "bam".into(),
            path: "p1.bam".into(),
            bytes: 12_345_678,
            sha256: "ab".repeat(32),
        }],
        options: vec![OptionGroup {
            name: "test".into(),
            values: vec![("method".into(), "exact".into()), ("fdr".into(), "0.05".into())],
        }],
        components: vec![("annotation".into(), "hg38 (RefSeq)".into())],
        simulated: true,
    }
}

/// The whole report of an experiment with `genes` tested genes.
pub fn report(genes: usize) -> ReportData {
    let contrast = contrast(genes);
    let size = |sample: usize| 1_900_000.0 + 70_000.0 * sample as f64;
    let factors = [0.97, 1.02, 1.01, 0.99, 1.03, 0.98];
    ReportData {
        run: run_facts(),
        samples: sheet(),
        group_by: None,
        library_sizes: Some(LibrarySizes {
            raw: PerSample::from_fn(samples(), size),
            factors: PerSample::from_fn(samples(), |sample| factors[sample]),
        }),
        count_summary: Some(count_summary()),
        qc: (0..6).map(qc).collect(),
        sample_map: Some(sample_map()),
        expression: Some(expression(&contrast.test)),
        contrasts: vec![contrast],
        methods: "Reads were counted with **alkaline** [1].\n\nGenes were tested with the exact test.".into(),
        references: vec![Reference {
            authors: "Robinson MD, McCarthy DJ, Smyth GK".into(),
            year: 2010,
            title: "edgeR: a Bioconductor package for differential expression analysis of digital gene expression data".into(),
            journal: "Bioinformatics 26:139–140".into(),
            doi: "10.1093/bioinformatics/btp616".into(),
        }],
        warnings: vec!["parental_3: few reads for a library of this kind".into()],
    }
}
