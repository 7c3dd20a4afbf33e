//! `alkaline reference build`: bundles for other releases and other organisms, from the files of their authors.

use std::path::PathBuf;

use alkaline_core::IdentifierMap;
use alkaline_core::ontology::Aspect;
use alkaline_core::words::{count, listed};
use alkaline_io::gaf::{Gaf, GafNames, GafNotes};
use alkaline_io::go_bundle::GoBundle;
use alkaline_io::obo::OboNotes;
use alkaline_io::{gaf, gene_info, go_bundle, obo};
use alkaline_workflow::Observer;
use clap::{Args, Subcommand};

use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// What can be built.
#[derive(Subcommand, Clone, Debug)]
pub enum BuildCommand {
    /// The Gene Ontology of any organism, for `--go-file`, from go-basic.obo and a GAF.
    Go(Box<BuildGoArgs>),
}

/// Arguments of `reference build go`.
#[derive(Args, Clone, Debug)]
pub struct BuildGoArgs {
    /// The ontology (go-basic.obo of <https://geneontology.org/docs/download-ontology/>).
    #[arg(long, value_name = "FILE")]
    pub obo: PathBuf,
    /// The annotations (a GAF of <https://current.geneontology.org/products/pages/downloads.html>, such as mgi.gaf.gz).
    #[arg(long, value_name = "FILE")]
    pub gaf: PathBuf,
    /// NCBI's gene_info of the organism: Ensembl ids, NCBI numbers, systematic names and more aliases are then understood, too.
    #[arg(long, value_name = "FILE", conflicts_with = "accessions")]
    pub gene_info: Option<PathBuf>,
    /// Call genes by the accessions of the GAF (MGI:96559) rather than by symbols (Il6).
    #[arg(long)]
    pub accessions: bool,
    /// File to write (`-` for standard output; `.gz` is compressed).
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Builds what was asked for.
pub fn run(command: &BuildCommand) -> Result<(), Failure> {
    match command {
        BuildCommand::Go(args) => go(args),
    }
}

fn go(args: &BuildGoArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let (ontology, obo_notes) = obo::read(&args.obo)?;
    let names = if args.accessions { GafNames::Accession } else { GafNames::Symbol };
    let Gaf { annotations, names: gaf_genes, notes: gaf_notes } = gaf::read(&args.gaf, &ontology, names)?;
    let identifiers = match &args.gene_info {
        Some(path) => gene_info::read(path)?,
        None => IdentifierMap::new(listed(&gaf_notes.taxa), "names of the GAF", Vec::new()),
    };
    let identifiers = identifiers.with_names(gaf_genes);
    if gaf_notes.taxa.len() > 1 {
        console.warning(&format!(
            "{}: annotations of {} species ({}, ...); genes of the same name will be one",
            args.gaf.display(),
            gaf_notes.taxa.len(),
            gaf_notes.taxa[0]
        ));
    }
    if gaf_notes.nameless + gaf_notes.malformed > 0 {
        let nameless = match names {
            GafNames::Symbol => "without a symbol (--accessions calls genes by their accessions)",
            GafNames::Accession => "without an accession",
        };
        console.warning(&format!(
            "{}: left out {} {nameless}, {} with too few columns; the first is line {}",
            args.gaf.display(),
            count(gaf_notes.nameless, "line"),
            gaf_notes.malformed,
            gaf_notes.first_left_out.unwrap_or_default()
        ));
    }
    let bundle = GoBundle { ontology, annotations, identifiers };
    go_bundle::write(&args.output, &bundle)?;
    tell(&console, &bundle, &obo_notes, &gaf_notes);
    Ok(())
}

/// What was read, left out and made.
fn tell(console: &Console, bundle: &GoBundle, obo: &OboNotes, gaf: &GafNotes) {
    console.result(&format!(
        "ontology of {}: {} terms; left out {} obsolete terms, {} relations to them, {} relations that do not propagate",
        bundle.ontology.release(),
        bundle.ontology.terms().len(),
        obo.obsolete,
        obo.to_obsolete,
        obo.other_relations
    ));
    console.result(&format!(
        "{} annotations of {} genes ({}); left out {} with NOT, {} of terms that the ontology does not define",
        gaf.annotations,
        gaf.genes,
        listed(&gaf.taxa),
        gaf.negated,
        gaf.unknown_terms
    ));
    let sets = Aspect::ALL.map(|aspect| {
        let collection = bundle.collection(aspect);
        format!("{} {} sets of {} genes", collection.sets.len(), aspect.code(), collection.genes.len())
    });
    console.result(&format!("with all narrower terms: {}", sets.join(", ")));
}
