//! Times a whole run on a count table of very many samples, stage by stage, and prints the peak of memory and the size of what
//! was left.
//!
//! `cargo run --release -p alkaline-workflow --example many_samples -- DIRECTORY [SAMPLES [GENES]] [--go]` makes the table (2,000
//! samples and 60,000 genes when not told otherwise) in DIRECTORY, or takes the one that it made there before, and runs on it, with
//! `--go` through the Gene Ontology too. The data are invented. Asserts nothing, since times are the machine's.
#![allow(clippy::print_stdout, reason = "a tool for developers")]

use std::error::Error;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use alkaline_core::samples::{SampleRecord, SampleSheet};
use alkaline_core::{ContrastSpec, GenomeBuild};

use alkaline_workflow::stages::panels::PanelSpec;
use alkaline_workflow::{Control, Experiment, Observer, RunRequest, Settings, run};

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, words): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word.starts_with("--"));
    let directory = Path::new(words.first().ok_or("usage: many_samples DIRECTORY [SAMPLES [GENES]] [--go]")?);
    let number = |place: usize, default: usize| words.get(place).map_or(Ok(default), |word| word.parse());
    let (samples, genes) = (number(1, 2_000)?, number(2, 60_000)?);
    std::fs::create_dir_all(directory)?;
    let table = directory.join(format!("counts_{samples}x{genes}.tsv"));
    if !table.exists() {
        write_table(&table, samples, genes)?;
    }
    let mut settings = Settings::default();
    if !flags.contains(&"--go".to_owned()) {
        settings.enrich.go.clear();
    }
    let contrast = ContrastSpec::between("case_vs_control", "condition", "control", "case");
    let experiment =
        Experiment::from_sheet(sheet(samples), Some(vec![contrast]), Some(&table), &settings.test)?;
    let out = directory.join("run");
    if out.exists() {
        std::fs::remove_dir_all(&out)?;
    }
    let watch = std::time::Instant::now();
    run(&request(experiment, settings), &out, &Control::default(), &Times)?;
    let size = |path: &str| std::fs::metadata(out.join(path)).map_or(0, |file| file.len());
    println!(
        "whole run   {:>8.1} s on {} threads",
        watch.elapsed().as_secs_f64(),
        Control::default().threads
    );
    println!("peak memory {:>8.2} GB", peak_memory().unwrap_or(f64::NAN));
    println!("report      {:>8.2} MB", size("report.html") as f64 / 1e6);
    Ok(())
}

/// Prints the time of every stage.
struct Times;

impl Observer for Times {
    fn stage_started(&self, _stage: &str) {}
    fn stage_finished(&self, stage: &str, seconds: f64, outcome: &str) {
        println!("{stage:<11} {seconds:>8.1} s  {outcome}");
    }
    fn note(&self, _text: &str) {}
    fn warning(&self, text: &str) {
        println!("warning: {text}");
    }
}

fn request(experiment: Experiment, settings: Settings) -> RunRequest {
    let panel = |panel: &alkaline_reference::Panel| PanelSpec {
        name: panel.name.to_owned(),
        description: panel.description.to_owned(),
        symbols: panel.symbols().map(str::to_owned).collect(),
    };
    RunRequest {
        title: "Very many samples".into(),
        experiment,
        samples_file: None,
        annotation: None,
        offsets: None,
        hisat2_index: None,
        allow_fractional: false,
        transpose: false,
        keep_filtered: false,
        settings,
        panels: alkaline_reference::panels().iter().map(panel).collect(),
        command: std::env::args().collect(),
        version: env!("CARGO_PKG_VERSION").into(),
        simulated: true,
    }
}

/// Samples of two groups in turn.
fn sheet(samples: usize) -> SampleSheet {
    let record = |sample: usize| SampleRecord {
        id: name(sample).into(),
        file: None,
        reads: None,
        values: vec![if is_case(sample) { "case" } else { "control" }.into()],
    };
    SampleSheet { variables: vec!["condition".into()], samples: (0..samples).map(record).collect() }
}

fn name(sample: usize) -> String {
    format!("S{:05}", sample + 1)
}

fn is_case(sample: usize) -> bool {
    sample % 2 == 1
}

/// Counts in featureCounts' layout: human genes first, then invented ones.
fn write_table(path: &Path, samples: usize, genes: usize) -> io::Result<()> {
    let annotation = alkaline_reference::annotation(GenomeBuild::Hg38);
    let lengths = annotation.exonic_lengths();
    let mut out = BufWriter::new(File::create(path)?);
    let names: Vec<String> = (0..samples).map(name).collect();
    writeln!(out, "Geneid\tChr\tStart\tEnd\tStrand\tLength\t{}", names.join("\t"))?;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let depth: Vec<f64> = (0..samples).map(|_| 0.6 + 0.8 * random.uniform()).collect();
    for gene in 0..genes {
        let (id, length) = match annotation.genes.get(gene).zip(lengths.get(gene)) {
            Some((known, &length)) => (known.id.to_string(), length),
            None => (format!("invented_{gene}"), 500 + (gene as u64 * 37) % 4_000),
        };
        write!(out, "{id}\tchr1\t1\t{length}\t+\t{length}")?;
        let law = Law::of(gene, &mut random);
        for (sample, depth) in depth.iter().enumerate() {
            write!(out, "\t{}", law.count(*depth, is_case(sample), &mut random))?;
        }
        writeln!(out)?;
    }
    out.flush()
}

/// How the counts of a gene are drawn: log-normal rates, Poisson counts.
struct Law {
    mean: f64,
    fold: f64,
    spread: f64,
}

impl Law {
    /// Half of the genes are silent or nearly so, one in twenty differs between the groups.
    fn of(gene: usize, random: &mut Random) -> Self {
        let abundance = if gene % 2 == 1 { 0.02 } else { (1.0 + 1.9 * random.normal()).exp() };
        let fold = match random.uniform() {
            draw if draw < 0.025 => 2.2,
            draw if draw < 0.05 => 0.45,
            _ => 1.0,
        };
        Self { mean: abundance, fold, spread: 0.25 + 0.25 * random.uniform() }
    }

    fn count(&self, depth: f64, is_case: bool, random: &mut Random) -> u64 {
        let rate = self.mean * depth * if is_case { self.fold } else { 1.0 };
        let noise = (self.spread * random.normal()).exp();
        random.poisson(rate * noise)
    }
}

/// A small generator (Marsaglia's xorshift): the table needs no better one, and no crate of its own.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().max(1e-15).ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn poisson(&mut self, rate: f64) -> u64 {
        /// Beyond it the normal law is near enough.
        const LARGE: f64 = 30.0;
        if rate > LARGE {
            return (rate + rate.sqrt() * self.normal()).round().max(0.0) as u64;
        }
        let (limit, mut product, mut count) = ((-rate).exp(), self.uniform(), 0);
        while product > limit {
            product *= self.uniform();
            count += 1;
        }
        count
    }
}

/// The most memory that this process has had, in GB, where the system tells.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e9)
}
