//! The gene models that reads are counted on: a file, a built-in name, or what the alignments themselves tell.

use std::path::Path;

use alkaline_core::Annotation;
use alkaline_core::genome::Contig;
use alkaline_io::annotation::{AnnotationFile, AnnotationOptions};
use alkaline_reference::BuiltIn;

use crate::error::WorkflowError;

/// The annotation called `name`, with what the reader noticed: a file of that name, else a built-in one.
///
/// # Errors
/// [`WorkflowError`] when there is neither, or the file cannot be read.
pub fn named_file(name: &str, options: &AnnotationOptions) -> Result<AnnotationFile, WorkflowError> {
    let path = Path::new(name);
    match name.parse::<BuiltIn>() {
        Ok(build) if !path.exists() => Ok(AnnotationFile {
            annotation: alkaline_reference::annotation(build),
            extra_attributes: Vec::new(),
            notices: Vec::new(),
        }),
        _ => Ok(alkaline_io::annotation::read(path, options)?),
    }
}

/// As [`named_file`], without the notices.
///
/// # Errors
/// As [`named_file`].
pub fn named(name: &str, options: &AnnotationOptions) -> Result<Annotation, WorkflowError> {
    Ok(named_file(name, options)?.annotation)
}

/// The built-in annotation of the genome whose contigs are these.
///
/// # Errors
/// [`WorkflowError::Design`] when the contigs are of no genome, or of several, that alkaline knows.
pub fn recognised(contigs: &[Contig], alignments: &Path) -> Result<BuiltIn, WorkflowError> {
    match alkaline_reference::recognise(contigs).as_slice() {
        [build] => Ok(*build),
        [] => Err(WorkflowError::Design(format!(
            "{}: the genome is not recognised from its contigs ({})\nhint: pass --annotation FILE (GTF, GFF3 or SAF), \
             or a built-in name: {}",
            alignments.display(),
            some_contigs(contigs),
            BuiltIn::ALL.map(BuiltIn::name).join(", ")
        ))),
        several => Err(WorkflowError::Design(format!(
            "{}: its contigs ({}) fit several genomes: {}\nhint: say which with --annotation",
            alignments.display(),
            some_contigs(contigs),
            several.iter().map(|build| build.name()).collect::<Vec<_>>().join(", ")
        ))),
    }
}

/// The first contigs, with their lengths.
fn some_contigs(contigs: &[Contig]) -> String {
    let shown: Vec<String> =
        contigs.iter().take(3).map(|contig| format!("{} of {} bases", contig.name, contig.length)).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}
