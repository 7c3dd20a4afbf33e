//! The classic path from a plain table of counts to a table of results, for timing and profiling.
//!
//! `classic_pipeline COUNTS.tsv OUT.tsv LABELS [BCV] [--unfiltered] [--times]`, with LABELS like `a,a,a,b,b,b`: one per
//! column; the first two levels are compared.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a tool for developers")]

use std::fmt::Write as _;
use std::time::Instant;

use alkaline_core::{ContrastSpec, CountMatrix, GeneId, GeneIndex, Groups, SampleIndex};
use alkaline_dge::{
    DispersionOptions, ExactTestOptions, assumed_dispersion, estimate_dispersion, exact_test,
};
use alkaline_norm::{FilterMethod, FilterOptions, NormOptions, filter_by_expression, library_sizes};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|argument| argument == name);
    let mut start = Instant::now();
    let mut tick = |step: &str| {
        if flag("--times") {
            eprintln!("{step:>12} {:8.1} ms", start.elapsed().as_secs_f64() * 1e3);
        }
        start = Instant::now();
    };
    let matrix = read(&arguments[0]);
    tick("read");
    let labels: Vec<&str> = arguments[2].split(',').collect();
    let groups = Groups::new(std::sync::Arc::clone(matrix.samples()), &labels);
    let method = if flag("--unfiltered") { FilterMethod::None } else { FilterMethod::ByExpr };
    let options = FilterOptions { method, ..FilterOptions::default() };
    let kept = filter_by_expression(&matrix, &groups, &options).unwrap().matrix;
    tick("filter");
    let sizes = library_sizes(&kept, &NormOptions::default()).unwrap();
    tick("TMM");
    let bcv = arguments.get(3).and_then(|argument| argument.parse::<f64>().ok());
    let dispersion = match bcv {
        Some(bcv) => assumed_dispersion(&kept, &sizes, bcv * bcv).unwrap(),
        None => estimate_dispersion(&kept, &sizes, &groups, &DispersionOptions::default()).unwrap(),
    };
    tick("dispersion");
    let contrast = ContrastSpec {
        id: "contrast".into(),
        variable: "group".into(),
        reference: groups.levels()[0].clone(),
        target: groups.levels()[1].clone(),
        blocking: Vec::new(),
    };
    let table =
        exact_test(&kept, &sizes, &groups, &dispersion, &contrast, &ExactTestOptions::default()).unwrap();
    tick("exact test");
    let mut text = String::from("gene_id\tlogFC\tlogCPM\tPValue\tFDR\n");
    for row in &table.rows {
        let values = (row.log2_fold_change, row.log2_cpm, row.p_value, row.fdr);
        writeln!(text, "{}\t{}\t{}\t{:e}\t{:e}", row.gene, values.0, values.1, values.2, values.3).unwrap();
    }
    std::fs::write(&arguments[1], text).unwrap();
    tick("write");
    if flag("--times")
        && let Ok(status) = std::fs::read_to_string("/proc/self/status")
        && let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM"))
    {
        eprintln!("peak memory {peak}");
    }
}

/// A count; most are a few digits.
fn number(cell: &str) -> f64 {
    let digits = cell.as_bytes();
    if (1..10).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) {
        return f64::from(digits.iter().fold(0u32, |sum, digit| sum * 10 + u32::from(digit - b'0')));
    }
    cell.parse().unwrap()
}

fn read(path: &str) -> CountMatrix {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let samples = lines.next().unwrap().split('\t').skip(1).map(Into::into).collect();
    let (mut genes, mut counts) = (Vec::<GeneId>::new(), Vec::new());
    for line in lines {
        let mut cells = line.split('\t');
        genes.push(cells.next().unwrap().into());
        counts.extend(cells.map(number));
    }
    CountMatrix::new(GeneIndex::new(genes).unwrap(), SampleIndex::new(samples).unwrap(), counts).unwrap()
}
