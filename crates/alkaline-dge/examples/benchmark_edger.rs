//! Times the classic path beside edgeR, file to file, in turn: read a table, filter, TMM, dispersion, exact test, write.
//!
//! `cargo build --release -p alkaline-dge --examples && cargo run --release -p alkaline-dge --example benchmark_edger [ROUNDS]`
//! needs `Rscript` with edgeR; where `target/release/alkaline` was built, `alkaline test` is timed too, which also reads a sample sheet, names
//! genes, checks the design and says what was filtered and how the table came about. `benchmark_edger large` runs alkaline alone on 60,000 genes by 1,000 samples, and prints the steps and
//! the peak of memory. `benchmark_edger tables DIRECTORY` only writes the tables, for `tests/peers/edge_rs.sh`. The data are simulated. Prints the median CPU seconds (user and system, all threads) of either
//! and their ratio; asserts nothing, since times are the machine's.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for developers")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use alkaline_math::order_statistics::median;
use alkaline_testkit::timing::cpu_seconds;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Normal, Poisson};

struct Experiment {
    name: &'static str,
    genes: usize,
    per_group: usize,
    /// Mean and spread of the log abundances.
    abundance: (f64, f64),
    extra: &'static [&'static str],
}

/// Alkaline alone: edgeR would take an hour.
const LARGE: Experiment =
    Experiment { name: "60,000 x 1,000", genes: 60_000, per_group: 500, abundance: (4.0, 2.0), extra: &[] };

const EXPERIMENTS: [Experiment; 4] = [
    Experiment { name: "60,000 x 6", genes: 60_000, per_group: 3, abundance: (1.6, 2.2), extra: &[] },
    Experiment {
        name: "60,000 x 6 unfiltered",
        genes: 60_000,
        per_group: 3,
        abundance: (1.6, 2.2),
        extra: &["--unfiltered"],
    },
    Experiment {
        name: "60,000 x 2, BCV 0.4",
        genes: 60_000,
        per_group: 1,
        abundance: (1.6, 2.2),
        extra: &["0.4"],
    },
    Experiment { name: "20,000 x 100", genes: 20_000, per_group: 50, abundance: (4.0, 2.0), extra: &[] },
];

fn main() {
    let argument = std::env::args().nth(1).unwrap_or_default();
    let rounds: usize = argument.parse().unwrap_or(3);
    if argument == "tables" {
        let directory = PathBuf::from(std::env::args().nth(2).unwrap());
        EXPERIMENTS.iter().for_each(|experiment| println!("{}", simulate(experiment, &directory).display()));
        return;
    }
    let directory = std::env::temp_dir().join(format!("benchmark_edger_{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let ours = std::env::current_exe().unwrap().with_file_name("classic_pipeline");
    if argument == "large" {
        run_alone(&LARGE, &ours, &directory);
        std::fs::remove_dir_all(&directory).unwrap();
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/classic_pipeline.R");
    let command = ours.parent().and_then(Path::parent).map(|release| release.join("alkaline")).unwrap();
    println!("experiment\tedgeR CPU s\talkaline CPU s\tratio\talkaline test CPU s\tratio");
    for experiment in &EXPERIMENTS {
        let counts = simulate(experiment, &directory);
        let labels = labels(experiment);
        let arguments = |out: &str| {
            let out = directory.join(out).display().to_string();
            let fixed = [counts.display().to_string(), out, labels.clone()];
            fixed.into_iter().chain(experiment.extra.iter().map(|&e| e.to_owned())).collect::<Vec<_>>()
        };
        let (mut theirs_seconds, mut our_seconds, mut command_seconds) = (Vec::new(), Vec::new(), Vec::new());
        let typed = command_arguments(experiment, &counts, &directory);
        for _ in 0..rounds {
            let script = script.display().to_string();
            theirs_seconds.push(cpu_seconds("Rscript", &[vec![script], arguments("edger.tsv")].concat(), 1));
            our_seconds.push(cpu_seconds(&ours.display().to_string(), &arguments("alkaline.tsv"), REPEATS));
            if command.exists() {
                let program = command.display().to_string();
                command_seconds.push(cpu_seconds(&program, &typed, REPEATS));
            }
        }
        let (theirs, own) = (median(&mut theirs_seconds), median(&mut our_seconds));
        print!("{}\t{theirs:.2}\t{own:.3}\t{:.1}", experiment.name, theirs / own);
        if !command_seconds.is_empty() {
            let command = median(&mut command_seconds);
            print!("\t{command:.3}\t{:.1}", theirs / command);
        }
        println!();
    }
    std::fs::remove_dir_all(&directory).unwrap();
}

/// What is typed for `alkaline test`, whose sample sheet is written.
fn command_arguments(experiment: &Experiment, counts: &Path, directory: &Path) -> Vec<String> {
    let mut sheet = String::from("sample,condition\n");
    for (i, label) in labels(experiment).split(',').enumerate() {
        writeln!(sheet, "s{i},{label}").unwrap();
    }
    let samples = directory.join("samples.csv");
    std::fs::write(&samples, sheet).unwrap();
    let path = |path: &Path| path.display().to_string();
    let mut typed = vec!["test".to_owned(), "--counts".to_owned(), path(counts)];
    typed.extend([
        "--samples".to_owned(),
        path(&samples),
        "--contrast".to_owned(),
        "condition,a,b".to_owned(),
    ]);
    typed.extend(["-o".to_owned(), path(&directory.join("command.tsv"))]);
    for extra in experiment.extra {
        let [option, value] = if *extra == "--unfiltered" { ["--filter", "none"] } else { ["--bcv", extra] };
        typed.extend([option.to_owned(), value.to_owned()]);
    }
    typed
}

/// One label a sample.
fn labels(experiment: &Experiment) -> String {
    [vec!["a"; experiment.per_group], vec!["b"; experiment.per_group]].concat().join(",")
}

/// Runs alkaline and lets it tell its steps; wall-clock seconds on all cores.
fn run_alone(experiment: &Experiment, program: &Path, directory: &Path) {
    let counts = simulate(experiment, directory);
    let start = std::time::Instant::now();
    let status = Command::new(program)
        .args([&counts, &directory.join("alkaline.tsv")])
        .args([&labels(experiment), "--times"])
        .status()
        .unwrap();
    assert!(status.success());
    println!("{}: {:.1} s", experiment.name, start.elapsed().as_secs_f64());
}

/// Runs of alkaline behind one measurement: the shell's clock ticks a hundred times a second, too seldom for one run.
const REPEATS: usize = 10;

/// A count table with log-normal abundances, dispersions that fall with abundance and a tenth of the genes changed.
fn simulate(experiment: &Experiment, directory: &Path) -> PathBuf {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let samples = 2 * experiment.per_group;
    let abundance = Normal::new(experiment.abundance.0, experiment.abundance.1).unwrap();
    let standard = Normal::<f64>::new(0.0, 1.0).unwrap();
    let mut text = String::from("gene_id");
    (0..samples).for_each(|i| write!(text, "\ts{i}").unwrap());
    let depth: Vec<f64> = (0..samples).map(|_| 25.0 * (0.2 * standard.sample(&mut random)).exp()).collect();
    for gene in 0..experiment.genes {
        write!(text, "\ng{gene}").unwrap();
        let level = abundance.sample(&mut random).exp();
        let change = if gene % 10 == 0 { (standard.sample(&mut random)).exp() } else { 1.0 };
        let dispersion = (0.15 + 1.0 / (level * 25.0 + 1.0).sqrt()).powi(2);
        let variation = Gamma::new(1.0 / dispersion, dispersion).unwrap();
        for (sample, depth) in depth.iter().enumerate() {
            let fold = if sample < experiment.per_group { 1.0 } else { change };
            let mean = level * depth * 0.04 * fold * variation.sample(&mut random);
            let count = if mean > 1e-12 { Poisson::new(mean).unwrap().sample(&mut random) } else { 0.0 };
            write!(text, "\t{count}").unwrap();
        }
    }
    text.push('\n');
    let path = directory.join(format!("{}x{samples}.tsv", experiment.genes));
    std::fs::write(&path, text).unwrap();
    path
}
