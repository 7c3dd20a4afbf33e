//! Times limma beside R, file to table, in turn: 54,675 probes by 60 arrays, and voom on 60,000 genes by 6 samples.
//!
//! `cargo run --release -p alkaline-dge --example benchmark_limma -- PATH/TO/alkaline [ROUNDS]` needs `Rscript` with edgeR and limma.
//! The data are made by formula. Prints the median CPU seconds (user and system, all threads) of either and their ratio, and the largest
//! relative difference in P; asserts nothing, since times are the machine's.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for developers")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use alkaline_math::order_statistics::median;
use alkaline_testkit::timing::cpu_seconds;

/// Name, rows, columns, and whether they are counts.
const EXPERIMENTS: [(&str, usize, usize, bool); 2] =
    [("limma 54,675 x 60", 54_675, 60, false), ("voom 60,000 x 6", 60_000, 6, true)];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(program) = arguments.next() else {
        println!("usage: benchmark_limma PATH/TO/alkaline [ROUNDS]");
        return;
    };
    let rounds: usize = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(3);
    let directory = std::env::temp_dir().join(format!("benchmark_limma_{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/limma_pipeline.R");
    println!("experiment\tR CPU s\talkaline CPU s\tratio\tlargest relative difference in P");
    for (name, rows, columns, are_counts) in EXPERIMENTS {
        let table = table(&directory, rows, columns, are_counts);
        let sheet = sheet(&directory, columns);
        let (theirs_path, own_path) = (directory.join("r.tsv"), directory.join("own.tsv"));
        let text = |path: &Path| path.display().to_string();
        let method = if are_counts { "voom" } else { "limma" };
        let of_r = vec![text(&script), text(&table), text(&theirs_path), method.to_owned()];
        let kind = if are_counts { "--counts" } else { "--expression" };
        let words = [
            "test",
            kind,
            &text(&table),
            "--samples",
            &text(&sheet),
            "--contrast",
            "condition,a,b",
            "--method",
            method,
        ];
        let mut own: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        own.extend(["--filter", "none", "-q", "-o", &text(&own_path)].map(str::to_owned));
        let (mut r_seconds, mut own_seconds) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            r_seconds.push(cpu_seconds("Rscript", &of_r, 1));
            own_seconds.push(cpu_seconds(&program, &own, 1));
        }
        let (theirs, ours) = (median(&mut r_seconds), median(&mut own_seconds));
        let difference = largest_difference(&theirs_path, "P.Value", &own_path, "PValue");
        println!("{name}\t{theirs:.2}\t{ours:.3}\t{:.1}\t{difference:.1e}", theirs / ours);
    }
    std::fs::remove_dir_all(&directory).unwrap();
}

fn table(directory: &Path, rows: usize, columns: usize, are_counts: bool) -> PathBuf {
    let mut text = String::from("gene_id");
    (0..columns).for_each(|column| write!(text, "\ts{column}").unwrap());
    text.push('\n');
    for row in 0..rows {
        write!(text, "g{row}").unwrap();
        let level = 3.0 + 9.0 * fraction(row as u64, 1);
        let spread = 0.1 + 0.6 * fraction(row as u64, 2);
        let change = if row % 20 == 0 { 1.5 } else { 0.0 };
        for column in 0..columns {
            let noise: f64 =
                (0..6).map(|k| fraction(row as u64, 10 + 6 * column as u64 + k)).sum::<f64>() - 3.0;
            let value = level + spread * noise + if column >= columns / 2 { change } else { 0.0 };
            if are_counts {
                write!(text, "\t{}", (value.exp2() / 2.0).floor()).unwrap();
            } else {
                write!(text, "\t{value:.5}").unwrap();
            }
        }
        text.push('\n');
    }
    let path = directory.join(if are_counts { "counts.tsv" } else { "values.tsv" });
    std::fs::write(&path, text).unwrap();
    path
}

/// A number between 0 and 1 that looks random.
fn fraction(row: u64, salt: u64) -> f64 {
    let mut x = row.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 31;
    x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 29;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (x >> 11) as f64 / (1_u64 << 53) as f64
}

fn sheet(directory: &Path, columns: usize) -> PathBuf {
    let mut text = String::from("sample,condition\n");
    for column in 0..columns {
        writeln!(text, "s{column},{}", if column < columns / 2 { "a" } else { "b" }).unwrap();
    }
    let path = directory.join("samples.csv");
    std::fs::write(&path, text).unwrap();
    path
}

fn largest_difference(one: &Path, one_column: &str, other: &Path, other_column: &str) -> f64 {
    let (one, other) = (p_values(one, one_column), p_values(other, other_column));
    assert_eq!(one.len(), other.len());
    one.iter().map(|(gene, p)| (other[gene] / p - 1.0).abs()).fold(0.0, f64::max)
}

fn p_values(path: &Path, column: &str) -> HashMap<String, f64> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let place = lines.next().unwrap().split('\t').position(|name| name == column).unwrap();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        (fields[0].to_owned(), fields[place].parse().unwrap())
    };
    lines.map(row).collect()
}
