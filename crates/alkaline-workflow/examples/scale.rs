//! Times planning and resuming of a run of very many samples, whose stages are empty, and prints the peak of memory.
//!
//! `cargo run --release -p alkaline-workflow --example scale -- DIRECTORY [SAMPLES [CONTRASTS]]` makes the empty alignments (10,000
//! samples and 10 contrasts when not told otherwise) and a receipt for every stage in DIRECTORY, then asks for the same run again.
//! Ends with an error when planning takes 5 s or more, resuming 10 s or more, or the memory is 500 MB or more.
#![allow(clippy::print_stdout, reason = "a tool for developers")]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use alkaline_core::ContrastSpec;
use alkaline_core::results::{DispersionSource, TestFacts, TestTable, Thresholds};
use alkaline_core::samples::{SampleRecord, SampleSheet};
use alkaline_io::results::test_table;
use alkaline_workflow::plan::currency::judge;
use alkaline_workflow::plan::{Plan, Task};
use alkaline_workflow::store::receipt::{FileRecord, Receipt, SCHEMA, Said};
use alkaline_workflow::store::{Holder, Planned, Store, Wait};
use alkaline_workflow::{Control, Experiment, RunRequest, Settings, Silent, run};

/// Limits of a resumed run, in seconds and bytes.
const PLANNED: f64 = 5.0;
const RESUMED: f64 = 10.0;
const MEMORY: u64 = 500_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let place = Path::new(words.first().ok_or("usage: scale DIRECTORY [SAMPLES [CONTRASTS]]")?);
    let number = |at: usize, default: usize| words.get(at).map_or(Ok(default), |word| word.parse());
    let (samples, contrasts) = (number(1, 10_000)?, number(2, 10)?);
    fs::create_dir_all(place.join("data"))?;
    let place = place.canonicalize()?;
    let request = request(&place, samples, contrasts)?;
    let out = place.join("run");
    if !out.join("run.json").exists() {
        let watch = Instant::now();
        do_nothing(&request, &out)?;
        println!("receipts    {:>8.1} s", watch.elapsed().as_secs_f64());
        // Memory is measured of a program that resumes and does nothing else.
        return Err("the receipts are made: run the same command again to time the rest".into());
    }
    let watch = Instant::now();
    let plan = Plan::new(&request, request.annotation.as_deref(), "2026-11-30")?;
    let planned = watch.elapsed().as_secs_f64();
    println!("planned     {planned:>8.1} s  {} stages", plan.nodes().len());
    drop(plan);
    let watch = Instant::now();
    let outcome = run(&request, &out, &control(), &Silent)?;
    let resumed = watch.elapsed().as_secs_f64();
    println!("resumed     {resumed:>8.1} s  {} stages done again", outcome.done);
    let peak = peak_memory();
    println!("peak memory {:>8.0} MB", peak as f64 / 1e6);
    match outcome.done == 0 && planned < PLANNED && resumed < RESUMED && peak < MEMORY {
        true => Ok(()),
        false => Err("a limit is passed".into()),
    }
}

fn control() -> Control<'static> {
    Control { date: Some("2026-11-30".to_owned()), ..Control::default() }
}

/// Gives every stage a receipt, as if it had been done and had left nothing but what a run must have.
fn do_nothing(request: &RunRequest, out: &Path) -> Result<(), Box<dyn Error>> {
    let plan = Plan::new(request, request.annotation.as_deref(), "2026-11-30")?;
    let store = Store::open(out, &Holder::this_process(None), &Wait::No, false)?;
    let planned =
        Planned { spec: request, date: "2026-11-30".to_owned(), annotation: request.annotation.clone() };
    store.begin(&request.version, planned)?;
    for node in plan.nodes() {
        let judged = judge(node, &request.version, &store)?;
        let task = node.task.to_string();
        let staged = store.stage(&task)?;
        let mut outputs = Vec::new();
        if let Task::Test(id) = &node.task {
            let path = store.directory().contrast(id).test();
            let path = path.strip_prefix(out)?;
            test_table::write(&staged.directory().root().join(path), &empty(request, id), &[])?;
            for path in [path.to_owned(), alkaline_io::results::table::companion_path(path)] {
                let record = FileRecord::of("result", &staged.directory().root().join(&path))?;
                outputs.push(FileRecord { path, ..record });
            }
        }
        let receipt = Receipt {
            schema: SCHEMA,
            task,
            version: request.version.clone(),
            key: judged.key,
            said: Said { outcome: "nothing".to_owned(), ..Said::default() },
            options: node.options.clone(),
            inputs: judged.inputs,
            needs: judged.needs,
            outputs,
            ..Receipt::default()
        };
        store.commit(staged, receipt)?;
    }
    drop(store);
    run(request, out, &control(), &Silent)?;
    Ok(())
}

/// A table without a gene.
fn empty(request: &RunRequest, id: &str) -> TestTable {
    let contrast = request.experiment.contrasts.iter().find(|contrast| contrast.id == id);
    TestTable {
        contrast: contrast.cloned().unwrap_or_default(),
        facts: TestFacts {
            method: "glmQLFTest".to_owned(),
            statistic: None,
            compat: "edgeR-4".to_owned(),
            adjustment: "BH".to_owned(),
            dispersion: DispersionSource::Estimated,
            common_dispersion: Some(0.1),
            prior_df: None,
            interval: None,
            thresholds: Thresholds::default(),
            groups: Vec::new(),
            group_sizes: Vec::new(),
            columns: Vec::new(),
            block_correlation: None,
            moderation: Vec::new(),
            genes_total: 0,
            genes_tested: 0,
        },
        rows: Vec::new(),
    }
}

fn request(place: &Path, samples: usize, contrasts: usize) -> Result<RunRequest, Box<dyn Error>> {
    let annotation = place.join("data/genes.gtf");
    fs::write(&annotation, "chr1\tx\texon\t1\t1000\t.\t+\t.\tgene_id \"g\";\n")?;
    let level = |number: usize| format!("line{number}");
    let record = |sample: usize| -> Result<SampleRecord, std::io::Error> {
        let file = place.join(format!("data/S{sample:05}.bam"));
        if !file.exists() {
            fs::write(&file, format!("{sample}"))?;
        }
        let values = vec![level(sample % (contrasts + 1)), format!("batch{}", sample % 7)];
        Ok(SampleRecord { id: format!("S{sample:05}").into(), file: Some(file), reads: None, values })
    };
    let sheet = SampleSheet {
        variables: vec!["line".to_owned(), "batch".to_owned()],
        samples: (0..samples).map(record).collect::<Result<_, _>>()?,
    };
    let question = |number: usize| {
        let mut question =
            ContrastSpec::between(&format!("line{number}_vs_line0"), "line", "line0", &level(number));
        question.blocking = vec!["batch".to_owned()];
        question
    };
    let mut settings = Settings::default();
    settings.enrich.go.clear();
    settings.enrich.gene_sets = vec![sets(place)?];
    let asked = (1..=contrasts).map(question).collect();
    let experiment = Experiment::from_sheet(sheet, Some(asked), None, &settings.test)?;
    Ok(RunRequest {
        title: "Very many samples".into(),
        experiment,
        samples_file: None,
        offsets: None,
        hisat2_index: None,
        annotation: Some(annotation.display().to_string()),
        allow_fractional: false,
        transpose: false,
        keep_filtered: false,
        settings,
        panels: Vec::new(),
        command: vec!["alkaline".to_owned(), "run".to_owned()],
        version: env!("CARGO_PKG_VERSION").into(),
        simulated: true,
    })
}

fn sets(place: &Path) -> Result<PathBuf, std::io::Error> {
    let path = place.join("data/sets.gmt");
    fs::write(&path, "SET\tx\tg\n")?;
    Ok(path)
}

/// The most memory that this process has had, in bytes; 0 where the system does not tell.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
