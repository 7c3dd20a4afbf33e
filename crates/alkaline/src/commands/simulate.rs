//! `alkaline simulate`: an experiment whose truth is known, of any size, from any annotation.

use std::path::{Path, PathBuf};

use alkaline_core::GenomeBuild;
use alkaline_core::genome::{Contig, Strandedness};
use alkaline_core::results::{CountTable, GeneFacts};
use alkaline_core::samples::ContrastSpec;
use alkaline_core::{Annotation, IndexError, PerGene};
use alkaline_io::annotation::AnnotationOptions;
use alkaline_io::delimited::read_text;
use alkaline_io::file::write_atomically;
use alkaline_io::{FileProblems, Problem, ReadError, contrasts, counts, fasta, samples};
use alkaline_simulate::{
    Bases, Programme, ReadLayout, ReadOptions, SimulateError, SimulateOptions, SimulatedCounts,
    contigs_spanning, simulate_counts, simulate_experiment, write_truth,
};
use alkaline_workflow::WorkflowError;
use alkaline_workflow::stages::simulate::{CONTRASTS, SAMPLES, TRUTH};
use alkaline_workflow::stages::simulated_place::fill;
use alkaline_workflow::stages::{annotations, simulate};
use clap::Args;

use super::given::replace;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `simulate`; every option left out keeps its default, or what the options file says.
#[derive(Args, Clone, Debug)]
pub struct SimulateArgs {
    /// Directory for the files: one BAM a sample, samples.csv, contrasts.csv, truth.tsv.
    #[arg(short, long, value_name = "DIR", default_value = "alkaline-simulated")]
    pub out: PathBuf,
    /// Gene models: a GTF, GFF3 or SAF file, or hg38, hg19, mm10.
    #[arg(long, value_name = "FILE|NAME", default_value = "hg38")]
    pub annotation: String,
    /// Plant the story of the demonstration: chemokines, angiogenesis and matrix up, growth down (human symbols).
    #[arg(long)]
    pub demo: bool,
    /// Options in a TOML file; programmes of genes can only be given there.
    #[arg(long, value_name = "FILE")]
    pub options: Option<PathBuf>,
    /// Write counts.tsv instead of BAMs.
    #[arg(long)]
    pub counts_only: bool,
    /// Write the reads as well: NAME_R1.fastq.gz, and NAME_R2.fastq.gz of pairs.
    #[arg(long, conflicts_with = "counts_only")]
    pub fastq: bool,
    /// Write a cohort as well, into OUT/cohort: patients with two endpoints, 76 plasma samples, 40 chemokines of which four matter.
    #[arg(long)]
    pub cohort: bool,
    /// Genome in FASTA, whose bases the reads then have [default: invented bases].
    #[arg(long, value_name = "FASTA", conflicts_with = "counts_only")]
    pub genome: Option<PathBuf>,
    #[command(flatten)]
    pub experiment: ExperimentArgs,
    #[command(flatten)]
    pub reads: ReadArgs,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Size, noise and truth of the experiment.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Experiment")]
pub struct ExperimentArgs {
    /// Seed: the same seed and options give the same bytes on every machine [default: 1].
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Name of the group that the other is compared with [default: parental].
    #[arg(long, value_name = "NAME")]
    pub reference: Option<String>,
    /// Name of the group in which genes change [default: resistant].
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    /// Samples in each group [default: 3].
    #[arg(long, value_name = "N")]
    pub replicates: Option<usize>,
    /// Expected number of fragments on exons, per sample [default: 300000].
    #[arg(long, value_name = "X")]
    pub library_size: Option<f64>,
    /// Number of genes with appreciable expression [default: 12000].
    #[arg(long, value_name = "N")]
    pub expressed_genes: Option<usize>,
    /// Biological coefficient of variation of abundant genes [default: 0.12].
    #[arg(long, value_name = "X")]
    pub bcv: Option<f64>,
    /// Fraction of expressed genes, beside those of programmes, that change [default: 0.04].
    #[arg(long, value_name = "X")]
    pub fraction_changed: Option<f64>,
    /// Fraction of those that go up [default: 0.5].
    #[arg(long, value_name = "X")]
    pub up_fraction: Option<f64>,
    /// Smallest absolute log2 fold change of those [default: 0.6].
    #[arg(long, value_name = "X")]
    pub smallest_lfc: Option<f64>,
    /// Mean of what exceeds it [default: 0.5].
    #[arg(long, value_name = "X")]
    pub excess_lfc: Option<f64>,
}

/// How fragments become reads.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Reads")]
pub struct ReadArgs {
    /// One or two reads per fragment [default: paired-end].
    #[arg(long, value_name = "LAYOUT")]
    pub layout: Option<ReadLayout>,
    /// How reads relate to the strand of the RNA [default: reverse].
    #[arg(long, value_name = "RULE")]
    pub strandedness: Option<Strandedness>,
    /// Length of a read in bases [default: 75].
    #[arg(long, value_name = "N")]
    pub read_length: Option<u32>,
    /// Mean length of a fragment in bases [default: 220].
    #[arg(long, value_name = "X")]
    pub fragment_mean: Option<f64>,
    /// Standard deviation of fragment lengths [default: 60].
    #[arg(long, value_name = "X")]
    pub fragment_sd: Option<f64>,
}

/// Simulates and writes an experiment.
pub fn run(args: &SimulateArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let options = options(args)?;
    let (annotation, mut contigs) = gene_models(&args.annotation)?;
    let bases = args.genome.as_deref().map(genome).transpose()?;
    if let Some((theirs, _)) = &bases {
        contigs.clone_from(theirs);
    }
    let written = if args.counts_only {
        let simulated = simulate_counts(&annotation.genes, &options).map_err(refused)?;
        let names = ["counts.tsv", "counts.tsv.genes", TRUTH, SAMPLES, CONTRASTS].map(str::to_owned);
        fill(&args.out, &names, |place| write_counts(place, &annotation, &simulated, &options))?;
        "counts.tsv".to_owned()
    } else {
        let mut experiment = simulate_experiment(&annotation, &contigs, &options).map_err(refused)?;
        if let Some((_, bases)) = bases {
            experiment = experiment.on_genome(bases).map_err(refused)?;
        }
        let files = simulate::write(&experiment, &args.out, args.fastq)?;
        match args.fastq {
            true => format!("{} BAMs, {} FASTQ files", files.bams.len(), files.fastq.len()),
            false => format!("{} BAMs", files.bams.len()),
        }
    };
    console.result(&format!(
        "{written}, samples.csv, contrasts.csv and truth.tsv in {} (simulated data, seed {})",
        args.out.display(),
        options.seed
    ));
    if args.cohort {
        super::simulated_cohort::write(&args.out.join("cohort"), options.seed)?;
        console.result("patients.csv, plasma.csv and truth.tsv of a simulated cohort in its folder `cohort`");
    }
    Ok(())
}

/// An option without meaning is wrong usage; an annotation without what was asked for is wrong input.
pub fn refused(error: SimulateError) -> Failure {
    match error {
        SimulateError::OutOfRange { .. } | SimulateError::SameGroups(_) => Failure::usage(error.to_string()),
        _ => Failure::input(error.to_string()),
    }
}

/// The programmes of the demonstration, as the simulation takes them.
pub fn demo_programmes() -> Vec<Programme> {
    alkaline_reference::demo_programmes()
        .into_iter()
        .map(|programme| {
            let genes = programme.genes.into_iter().map(str::to_owned).collect();
            Programme::new(programme.name, programme.log2_fold_change, genes)
        })
        .collect()
}

/// Defaults, then the options file, then what was typed.
fn options(args: &SimulateArgs) -> Result<SimulateOptions, Failure> {
    let mut options = match &args.options {
        Some(path) => read_options(path)?,
        None => SimulateOptions::default(),
    };
    args.experiment.apply(&mut options);
    args.reads.apply(&mut options.reads);
    if args.demo {
        options.programmes.extend(demo_programmes());
    }
    Ok(options)
}

fn read_options(path: &Path) -> Result<SimulateOptions, Failure> {
    let text = read_text(path)?;
    toml::from_str(&text).map_err(|error| {
        let before = error.span().map_or(0, |span| text[..span.start].matches('\n').count());
        let problem = Problem::at_line(before as u64 + 1, error.message());
        ReadError::from(FileProblems::one(path, problem)).into()
    })
}

impl ExperimentArgs {
    /// Writes what was typed over `options`.
    fn apply(&self, options: &mut SimulateOptions) {
        // Destructured in full: an option that is forgotten here does not compile.
        let Self {
            seed,
            reference,
            target,
            replicates,
            library_size,
            expressed_genes,
            bcv,
            fraction_changed,
            up_fraction,
            smallest_lfc,
            excess_lfc,
        } = self;
        replace(&mut options.seed, seed.as_ref());
        replace(&mut options.reference, reference.as_ref());
        replace(&mut options.target, target.as_ref());
        replace(&mut options.replicates, replicates.as_ref());
        replace(&mut options.library_size, library_size.as_ref());
        replace(&mut options.expressed_genes, expressed_genes.as_ref());
        replace(&mut options.bcv, bcv.as_ref());
        replace(&mut options.fraction_changed, fraction_changed.as_ref());
        replace(&mut options.up_fraction, up_fraction.as_ref());
        replace(&mut options.smallest_log2_fold_change, smallest_lfc.as_ref());
        replace(&mut options.excess_log2_fold_change, excess_lfc.as_ref());
    }
}

impl ReadArgs {
    /// Writes what was typed over `options`.
    fn apply(&self, options: &mut ReadOptions) {
        let Self { layout, strandedness, read_length, fragment_mean, fragment_sd } = self;
        replace(&mut options.layout, layout.as_ref());
        replace(&mut options.strandedness, strandedness.as_ref());
        replace(&mut options.read_length, read_length.as_ref());
        replace(&mut options.fragment_mean, fragment_mean.as_ref());
        replace(&mut options.fragment_sd, fragment_sd.as_ref());
    }
}

/// The annotation called `name`, and the contigs for the header: those of the genome where it is built in.
fn gene_models(name: &str) -> Result<(Annotation, Vec<Contig>), Failure> {
    let annotation = annotations::named(name, &AnnotationOptions::default())?;
    let contigs = match name.parse::<GenomeBuild>() {
        Ok(build) if !Path::new(name).exists() => alkaline_reference::contigs(build),
        _ => contigs_spanning(&annotation),
    };
    Ok((annotation, contigs))
}

/// The contigs of a genome, and their bases.
fn genome(path: &Path) -> Result<(Vec<Contig>, Vec<Bases>), Failure> {
    let (mut contigs, mut sequences, mut too_long) = (Vec::new(), Vec::new(), None);
    fasta::visit(path, |name, letters| match Bases::new(letters) {
        Some(bases) => {
            contigs.push(Contig { name: name.into(), length: bases.length() });
            sequences.push(bases);
        }
        None => too_long = Some(name.to_owned()),
    })?;
    match too_long {
        Some(name) => Err(Failure::input(format!("{}: `{name}` is too long for a BAM file", path.display()))),
        None => Ok((contigs, sequences)),
    }
}

/// Counts in place of alignments, with the same files beside them.
fn write_counts(
    out: &Path,
    annotation: &Annotation,
    simulated: &SimulatedCounts,
    options: &SimulateOptions,
) -> Result<(), WorkflowError> {
    let path = out.join("counts.tsv");
    let in_index = |error: IndexError| WorkflowError::design(error.to_string());
    let labels = annotation.labels().map_err(in_index)?;
    counts::write_labels(&counts::companion_path(&path), &labels)?;
    let loci = PerGene::new(labels.index().clone(), annotation.loci()).map_err(in_index)?;
    let facts = GeneFacts { loci: Some(loci), labels: Some(labels) };
    let table = CountTable { matrix: simulated.counts.clone(), facts };
    let comment = format!("simulated by alkaline, seed {}", options.seed);
    counts::write(&path, &table, Some(&comment))?;
    write_atomically(&out.join(TRUTH), |mut file| write_truth(&simulated.truth, &mut file))?;
    samples::write(&out.join(SAMPLES), &simulated.sample_sheet())?;
    let contrast = ContrastSpec::between(
        &format!("{}_vs_{}", options.target, options.reference),
        "condition",
        &options.reference,
        &options.target,
    );
    Ok(contrasts::write(&out.join(CONTRASTS), &[contrast])?)
}
