//! `alkaline reference`: what is built in, where it came from, and what can be built beside it.

mod build;
mod index;

use std::path::PathBuf;

use alkaline_core::GenomeBuild;
use alkaline_io::file::write_atomically;
use alkaline_reference::{Bundle, bundles};
use clap::{Args, Subcommand};

pub use build::BuildCommand;
pub use index::IndexArgs;

use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `reference`.
#[derive(Subcommand, Clone, Debug)]
pub enum ReferenceCommand {
    /// List the built-in annotation, gene sets, identifiers and panels.
    List(ListArgs),
    /// Print a built-in table, or say where it came from.
    Show(ShowArgs),
    /// Build gene sets of another release or organism.
    #[command(subcommand)]
    Build(BuildCommand),
    /// Make the index of a genome for HISAT2, which `align` needs.
    Index(IndexArgs),
}

/// Arguments of `reference list`.
#[derive(Args, Clone, Debug)]
pub struct ListArgs {
    /// Table to write (`-` for standard output).
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Arguments of `reference show`.
#[derive(Args, Clone, Debug)]
pub struct ShowArgs {
    /// Name, as `reference list` prints it.
    pub name: String,
    /// Print the facts about the table rather than the table.
    #[arg(long)]
    pub facts: bool,
    /// Print an annotation in Subread's SAF format.
    #[arg(long, conflicts_with = "facts")]
    pub saf: bool,
    /// File to write (`-` for standard output; `.gz` is compressed).
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Runs a subcommand of `reference`.
pub fn run(command: &ReferenceCommand) -> Result<(), Failure> {
    match command {
        ReferenceCommand::List(args) => list(args),
        ReferenceCommand::Show(args) => show(args),
        ReferenceCommand::Build(command) => build::run(command),
        ReferenceCommand::Index(args) => index::run(args),
    }
}

/// One line a bundle.
fn list(args: &ListArgs) -> Result<(), Failure> {
    Console::new(&args.global)?;
    let mut table = String::from("name\tversion\tbytes\tlicence\tdescription\tsha256\n");
    for bundle in bundles() {
        let Bundle { name, version, licence, description, .. } = bundle;
        let (size, sha256) = (bundle.size(), bundle.sha256());
        table += &format!("{name}\t{version}\t{size}\t{licence}\t{description}\t{sha256}\n");
    }
    Ok(write_atomically(&args.output, |out| out.write_all(table.as_bytes()))?)
}

fn show(args: &ShowArgs) -> Result<(), Failure> {
    Console::new(&args.global)?;
    let bundle = find(&args.name)?;
    let text = match args.name.parse::<GenomeBuild>() {
        Ok(build) if args.saf => saf(build),
        Err(_) if args.saf => {
            return Err(Failure::usage(format!("`{}` is no annotation: --saf does not apply", args.name)));
        }
        _ if args.facts => facts(&bundle),
        _ => bundle.text(),
    };
    Ok(write_atomically(&args.output, |out| out.write_all(text.as_bytes()))?)
}

/// The bundle called `name`.
fn find(name: &str) -> Result<Bundle, Failure> {
    let all = bundles();
    let names: Vec<&str> = all.iter().map(|bundle| bundle.name).collect();
    let known = names.join(", ");
    all.into_iter().find(|bundle| bundle.name == name).ok_or_else(|| {
        Failure::usage(format!("nothing called `{name}` is built in\nhint: there are {known}"))
    })
}

fn facts(bundle: &Bundle) -> String {
    format!(
        "name\t{}\ndescription\t{}\nversion\t{}\nsource\t{}\nlicence\t{}\nfile\treference/{}\nbytes\t{}\nsha256\t{}\n",
        bundle.name,
        bundle.description,
        bundle.version,
        bundle.source,
        bundle.licence,
        bundle.file,
        bundle.size(),
        bundle.sha256()
    )
}

/// The annotation as featureCounts reads it with `-F SAF`.
fn saf(build: GenomeBuild) -> String {
    let annotation = alkaline_reference::annotation(build);
    let mut saf = String::from("GeneID\tChr\tStart\tEnd\tStrand\n");
    for exon in &annotation.exons {
        let gene = &annotation.genes[exon.gene as usize].id;
        let contig = &annotation.contigs[exon.contig as usize];
        let (start, end, strand) = (exon.span.start(), exon.span.end(), exon.strand.symbol());
        saf += &format!("{gene}\t{contig}\t{start}\t{end}\t{strand}\n");
    }
    saf
}
