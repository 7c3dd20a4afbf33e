//! The classic path from a plain table of counts to a table of results, for timing and profiling.
//!
//! `classic_pipeline COUNTS.tsv OUT.tsv LABELS [BCV] [--unfiltered] [--times]`, with LABELS like `a,a,a,b,b,b`: one per
//! column; the first two levels are compared.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a tool for developers")]

use std::time::Instant;

use alkaline_core::results::TestTable;
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
    let contrast = ContrastSpec::between("contrast", "group", &groups.levels()[0], &groups.levels()[1]);
    let table =
        exact_test(&kept, &sizes, &groups, &dispersion, &contrast, &ExactTestOptions::default()).unwrap();
    tick("exact test");
    write(&arguments[1], &table);
    tick("write");
    if flag("--times")
        && let Ok(status) = std::fs::read_to_string("/proc/self/status")
        && let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM"))
    {
        eprintln!("peak memory {peak}");
    }
}

fn write(path: &str, table: &TestTable) {
    let mut text = String::with_capacity(table.rows.len() * 96);
    text.push_str("gene_id\tlogFC\tlogCPM\tPValue\tFDR\n");
    let mut buffer = zmij::Buffer::new();
    for row in &table.rows {
        text.push_str(row.gene.as_str());
        for value in [row.log2_fold_change, row.log2_cpm, row.p_value, row.fdr] {
            text.push('\t');
            text.push_str(buffer.format(value));
        }
        text.push('\n');
    }
    std::fs::write(path, text).unwrap();
}

fn read(path: &str) -> CountMatrix {
    let text = std::fs::read(path).unwrap();
    let mut lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let utf8 = |bytes| std::str::from_utf8(bytes).unwrap();
    let samples: Vec<_> = utf8(lines.next().unwrap()).split('\t').skip(1).map(Into::into).collect();
    let (mut genes, mut counts) = (Vec::<GeneId>::new(), Vec::new());
    for line in lines {
        let tab = line.iter().position(|byte| *byte == b'\t').unwrap();
        genes.push(utf8(&line[..tab]).into());
        add_counts(&line[tab + 1..], &mut counts);
    }
    CountMatrix::new(GeneIndex::new(genes).unwrap(), SampleIndex::new(samples).unwrap(), counts).unwrap()
}

/// The counts of one line; most are a few digits.
fn add_counts(line: &[u8], counts: &mut Vec<f64>) {
    let (mut whole, mut start) = (Some(0u64), 0);
    for (i, byte) in line.iter().chain(b"\t").enumerate() {
        if *byte != b'\t' {
            let digit = u64::from(byte.wrapping_sub(b'0'));
            whole = whole.filter(|whole| digit < 10 && *whole < 1 << 48).map(|whole| whole * 10 + digit);
            continue;
        }
        let parsed = || std::str::from_utf8(&line[start..i]).unwrap().trim_end().parse().unwrap();
        counts.push(whole.filter(|_| i > start).map_or_else(parsed, |whole| whole as f64));
        (whole, start) = (Some(0), i + 1);
    }
}
