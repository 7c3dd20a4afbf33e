//! An invented experiment, three against three, for tests and the preview: deterministic, nothing measured.

mod gene_sets;
mod genes;
mod reads;
mod samples;

use alkaline_core::results::{MapMethod, RankBy, SampleMap, SensitivityRow, TestTable};
use alkaline_core::samples::SampleRecord;
use alkaline_core::{
    ExpressionMatrix, ExpressionUnit, GeneIndex, LibrarySizes, PerSample, SampleIndex, SampleSheet,
};
use alkaline_report::{
    ContrastReport, InputFile, OptionGroup, Reference, ReportData, RunFacts, SensitivityTable, StageOutcome,
};

pub use gene_sets::{gsea_table, ora_table, running_score};
pub use genes::{bell, panel, test_table};
use reads::{count_summary, qc};
pub use samples::SAMPLES;
use samples::samples;

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
        method: "exact".to_owned(),
        others: Vec::new(),
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
        reads: None,
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
        date: "2026-01-02".into(),
        stages: ["count", "normalize", "test", "enrich", "report"]
            .iter()
            .map(|stage| StageOutcome { stage: (*stage).into(), outcome: format!("{stage} done") })
            .collect(),
        inputs: vec![InputFile {
            role: "bam".into(),
            path: "p1.bam".into(),
            bytes: 12_345_678,
            blake3: "ab".repeat(32),
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

/// The report of `number` samples of two groups that alternate, one of which (S0007) lies far from the others.
#[allow(dead_code, reason = "not every test that shares this experiment looks at many samples")]
pub fn many_samples(number: usize, genes: usize) -> ReportData {
    let mut data = report(genes);
    let names: Vec<String> = (0..number).map(|sample| format!("S{sample:04}")).collect();
    let index = SampleIndex::new(names.iter().map(|name| name.as_str().into()).collect());
    let index = index.expect("invented names are unique");
    let record = |(sample, name): (usize, &String)| SampleRecord {
        id: name.as_str().into(),
        file: None,
        reads: None,
        values: vec![if sample.is_multiple_of(2) { "parental" } else { "resistant" }.into(), "1".into()],
    };
    data.samples.samples = names.iter().enumerate().map(record).collect();
    data.library_sizes = Some(LibrarySizes {
        raw: PerSample::from_fn(index.clone(), |sample| 1e6 + ((sample * 7919) % number) as f64),
        factors: PerSample::from_fn(index.clone(), |_| 1.0),
    });
    data.qc = (0..number).map(|sample| qc_of(sample, &names[sample])).collect();
    data.count_summary = data.count_summary.map(|mut summary| {
        summary.reads = (0..number).map(|sample| summary.reads[sample % 6]).collect();
        summary.samples = index.clone();
        summary
    });
    let place = |sample: usize, turn: f64| if sample == 7 { 9.0 } else { bell((3 * sample) as u64) + turn };
    let dimension = |turn: f64| (0..number).map(|sample| place(sample, turn * (sample % 2) as f64)).collect();
    let shares = vec![0.61, 0.14];
    data.sample_map = Some(SampleMap {
        method: MapMethod::Mds,
        samples: index.clone(),
        dimensions: vec![dimension(3.0), dimension(0.5)],
        variance_explained: shares,
    });
    let few = data.expression.take().expect("the report has expression values");
    let values = few.rows().flat_map(|row| (0..number).map(|sample| row[sample % 6])).collect();
    data.expression = ExpressionMatrix::new(few.unit, few.genes().clone(), index.clone(), values).ok();
    for panel in data.contrasts.iter_mut().flat_map(|contrast| &mut contrast.panels) {
        panel.samples = index.ids().to_vec();
        for row in panel.rows.iter_mut().filter(|row| !row.expression.is_empty()) {
            row.expression = (0..number).map(|sample| row.expression[sample % 6]).collect();
        }
    }
    data
}

fn qc_of(sample: usize, name: &str) -> alkaline_core::results::SampleQc {
    alkaline_core::results::SampleQc { sample: name.to_owned(), ..qc(sample % 6) }
}
