//! Times DESeq2's Wald test beside R, file to table, in turn: 60,000 genes by 6 samples and 20,000 by 100.
//!
//! `cargo run --release -p alkaline-dge --example benchmark_deseq2 -- PATH/TO/alkaline [ROUNDS]` needs `Rscript` with DESeq2. Prints
//! median CPU seconds (user and system, all threads), their ratio (also without the time that R takes to load DESeq2), and how P values
//! agree; asserts nothing, since times are the machine's.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for developers")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use alkaline_math::order_statistics::median;
use alkaline_testkit::timing::cpu_seconds;

/// Rows and columns.
const EXPERIMENTS: [(usize, usize); 2] = [(60_000, 6), (20_000, 100)];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(program) = arguments.next() else {
        println!("usage: benchmark_deseq2 PATH/TO/alkaline [ROUNDS]");
        return;
    };
    let rounds: usize = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(3);
    let directory = std::env::temp_dir().join(format!("benchmark_deseq2_{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    println!(
        "genes x samples\tR CPU s\tof it loading\talkaline CPU s\tratio\twithout loading\tP within 1e-6\tmost apart\tNA differ"
    );
    for (rows, columns) in EXPERIMENTS {
        one_size(&program, &directory, rows, columns, rounds);
    }
    std::fs::remove_dir_all(&directory).unwrap();
}

fn one_size(program: &str, directory: &Path, rows: usize, columns: usize, rounds: usize) {
    let place = |name: &str| directory.join(name).display().to_string();
    let (counts, sheet, theirs, ours) =
        (place("counts.tsv"), place("samples.csv"), place("r.tsv"), place("own.tsv"));
    let sizes = [rows.to_string(), columns.to_string()];
    cpu_seconds("Rscript", &[&script("counts.R"), &sizes[0], &sizes[1], &counts, &sheet], 1);
    let pipeline = script("pipeline.R");
    let own: Vec<&str> = ["test", "--counts", &counts, "--samples", &sheet, "--contrast", "condition,a,b"]
        .into_iter()
        .chain(["--method", "deseq2", "--filter", "none", "--alpha", "0.1", "-q", "-o", &ours])
        .collect();
    let (mut of_r, mut of_loading, mut of_own) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        of_r.push(cpu_seconds("Rscript", &[&pipeline, &counts, &sheet, &theirs], 1));
        of_own.push(cpu_seconds(program, &own, 1));
        of_loading.push(cpu_seconds(
            "Rscript",
            &["-e", "suppressPackageStartupMessages(library(DESeq2))"],
            1,
        ));
    }
    let (r, loading, own) = (median(&mut of_r), median(&mut of_loading), median(&mut of_own));
    let agreement = Agreement::of(&theirs, &ours);
    println!(
        "{rows} x {columns}\t{r:.1}\t{loading:.1}\t{own:.2}\t{:.1}\t{:.1}\t{}\t{:.1e}\t{}",
        r / own,
        (r - loading) / own,
        agreement.within,
        agreement.most_apart,
        agreement.other_missing
    );
}

fn script(name: &str) -> String {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/benchmark_deseq2");
    folder.join(name).display().to_string()
}

/// How two tables of P values agree.
struct Agreement {
    /// Genes whose P values are within 1e-6 of each other, of those with one.
    within: String,
    /// The largest relative difference.
    most_apart: f64,
    /// Genes with a P value in one table alone.
    other_missing: usize,
}

impl Agreement {
    fn of(theirs: &str, ours: &str) -> Self {
        let (theirs, ours) = (p_values(theirs, "pvalue"), p_values(ours, "PValue"));
        assert_eq!(theirs.len(), ours.len());
        let pairs: Vec<(f64, f64)> = theirs.iter().map(|(gene, p)| (*p, ours[gene])).collect();
        let other_missing = pairs.iter().filter(|(one, other)| one.is_nan() != other.is_nan()).count();
        let known = pairs.iter().filter(|(one, other)| !one.is_nan() && !other.is_nan() && *one > 0.0);
        let apart: Vec<f64> = known.map(|(one, other)| (other / one - 1.0).abs()).collect();
        let near = apart.iter().filter(|difference| **difference <= 1e-6).count();
        Self {
            within: format!("{near} of {}", apart.len()),
            most_apart: apart.iter().copied().fold(0.0, f64::max),
            other_missing,
        }
    }
}

/// P values by gene; not a number where a cell says `NA`.
fn p_values(path: &str, column: &str) -> HashMap<String, f64> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let place = lines.next().unwrap().split('\t').position(|name| name == column).unwrap();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        (fields[0].trim().to_owned(), fields[place].trim().parse().unwrap_or(f64::NAN))
    };
    lines.map(row).collect()
}
