//! `alkaline count`: reads on genes, with featureCounts' own options.

mod args;
mod files;
mod qc_path;
mod samples;

use alkaline_core::Annotation;
use alkaline_core::GenomeBuild;
use alkaline_core::genome_recognition::recognise_build;
use alkaline_core::results::FeatureTable;
use alkaline_count::{
    BamInput, CountError, GenomeSequence, UnitCounts, count_units, junction_sites, read_header,
};
use alkaline_io::annotation::{AnnotationFile, AnnotationOptions};
use alkaline_workflow::stages::annotations;
use alkaline_workflow::{Observer, WorkflowError};

use crate::console::Console;
use crate::failure::Failure;
use crate::version::VERSION;
pub use args::CountArgs;
pub use files::command_line;
pub use qc_path::qc_path;

/// Counts and writes the table, its summary and what else was asked for.
pub fn run(args: CountArgs) -> Result<(), Failure> {
    if args.show_version {
        return files::print(&format!("alkaline v{VERSION} (count: the rules of featureCounts v2.0.8)\n"));
    }
    let output = args.output()?;
    let options = args.count_options()?;
    let console = Console::new(&args.global())?;
    let inputs = samples::inputs(&args, &options)?;
    let file = read_annotation(&args, &inputs)?;
    file.notices.iter().for_each(|notice| console.warning(notice));
    let genome = match &args.genome {
        Some(path) => Some(GenomeSequence::read(path).map_err(count_failure)?),
        None => None,
    };
    let mut counted =
        count_units(&inputs, &file.annotation, genome.as_ref(), &options).map_err(count_failure)?;
    if let Some(junctions) = counted.junctions.as_mut().filter(|_| args.sites_are_told()) {
        let transcripts = transcripts(&args, &file);
        junctions.sites = Some(junction_sites(junctions, &file.annotation, &transcripts, &options));
        if transcripts.iter().all(Vec::is_empty) {
            console.warning(
                "the annotation names no transcripts: every splice junction is NOVEL in the .jcounts table",
            );
        }
    }
    tell(&console, &counted);
    let table = table_of(&args, &file, &counted);
    files::write(&args, &output, &table, &counted, &file.annotation)
}

/// The annotation named, or the built-in one of the genome that the first file was aligned to.
fn read_annotation(args: &CountArgs, inputs: &[BamInput]) -> Result<AnnotationFile, Failure> {
    let options: AnnotationOptions = args.annotation_options()?;
    let built_in = |build: GenomeBuild| AnnotationFile::of_exons(alkaline_reference::annotation(build));
    let Some(path) = &args.annotation else {
        if args.is_compat() {
            return Err(Failure::usage("no annotation given").hint("-a FILE"));
        }
        if args.alignments.is_empty() {
            return Err(Failure::usage(
                "no annotation given, and standard input cannot be read twice to recognise its genome",
            )
            .hint("-a FILE"));
        }
        let header = read_header(&inputs[0].path).map_err(count_failure)?;
        return recognise_build(&header.contigs).map(built_in).ok_or_else(|| {
            Failure::input(format!(
                "no annotation given, and the genome of {} is not recognised",
                inputs[0].path.display()
            ))
            .hint("-a FILE (GTF, GFF3 or SAF)")
        });
    };
    match path.to_str() {
        Some(name) => Ok(annotations::named_file(name, &options)?),
        None => Ok(alkaline_io::annotation::read(path, &options)?),
    }
}

/// Says what became of the reads and what deserves attention.
fn tell(console: &Console, counted: &UnitCounts) {
    counted.warnings.iter().for_each(|warning| console.warning(warning));
    for qc in &counted.qc {
        let share = 100.0 * qc.assigned as f64 / (qc.fragments.max(1)) as f64;
        console.result(&format!(
            "{}: {} of {} assigned ({share:.1} %); -s {} used; -s 0/1/2 would assign {}/{}/{}",
            qc.sample,
            qc.assigned,
            qc.fragments,
            qc.strandedness.used.featurecounts_code(),
            qc.strandedness.unstranded,
            qc.strandedness.forward,
            qc.strandedness.reverse,
        ));
        for warning in &qc.warnings {
            console.warning(&format!("{}: {warning}", qc.sample));
        }
    }
}

/// The transcripts of each row, from the attributes read for their sake: the first that a row has. Several parents are
/// separated by commas.
fn transcripts(args: &CountArgs, file: &AnnotationFile) -> Vec<Vec<String>> {
    let attributes = &file.extra_attributes[args.extra_attributes.len().min(file.extra_attributes.len())..];
    let of_row = |row: usize| {
        let named = attributes.iter().find_map(|attribute| attribute.values[row].as_deref());
        named
            .into_iter()
            .flat_map(|names| names.split(','))
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    };
    (0..file.annotation.exons.len()).map(of_row).collect()
}

fn table_of(args: &CountArgs, file: &AnnotationFile, counted: &UnitCounts) -> FeatureTable {
    let attributes: Vec<(&str, &[Option<String>])> = file
        .extra_attributes
        .iter()
        .take(args.extra_attributes.len())
        .map(|attribute| (attribute.name.as_str(), attribute.values.as_slice()))
        .collect();
    let samples = counted.summary.samples.ids().to_vec();
    let annotation: &Annotation = &file.annotation;
    FeatureTable::new(annotation, args.by_feature, &attributes, samples, counted.rows.clone())
}

/// The failure with its hint.
pub fn count_failure(error: CountError) -> Failure {
    WorkflowError::from(error).into()
}
