//! The gene models that reads are counted on: a file, a built-in name, or what the alignments themselves tell.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use alkaline_core::genome::Contig;
use alkaline_core::genome_recognition::recognise_builds;
use alkaline_core::{Annotation, GenomeBuild};
use alkaline_count::GenomeFit;
use alkaline_io::ReadError;
use alkaline_io::annotation::{AnnotationFile, AnnotationOptions};

use crate::error::WorkflowError;

/// Annotations by name, each read once.
#[derive(Default)]
pub struct Annotations(Mutex<HashMap<String, Arc<AnnotationFile>>>);

impl Annotations {
    /// The annotation called `name`.
    ///
    /// # Errors
    /// As [`named_file`].
    pub fn get(&self, name: &str) -> Result<Arc<AnnotationFile>, WorkflowError> {
        // Held while it is read: whoever wants the same waits instead of reading it too.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = known.get(name) {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(named_file(name, &Default::default())?);
        known.insert(name.to_owned(), Arc::clone(&file));
        Ok(file)
    }
}

/// The annotation called `name`, with what the reader noticed: a file of that name, else a built-in one.
///
/// # Errors
/// [`WorkflowError`] when there is neither, or the file cannot be read.
pub fn named_file(name: &str, options: &AnnotationOptions) -> Result<AnnotationFile, WorkflowError> {
    let path = Path::new(name);
    match name.parse::<GenomeBuild>() {
        Ok(build) if !path.exists() => Ok(AnnotationFile::of_exons(alkaline_reference::annotation(build))),
        _ => alkaline_io::annotation::read(path, options).map_err(|error| match error {
            ReadError::Missing { .. } if may_be_built_in(name) => WorkflowError::design_with_hint(
                format!("{error}, and no built-in annotation of that name"),
                format!("built in are {}; others are files (GTF, GFF3 or SAF)", GenomeBuild::names()),
            ),
            error => error.into(),
        }),
    }
}

/// Whether a name looks like that of a genome rather than of a file.
fn may_be_built_in(name: &str) -> bool {
    !name.contains(['/', '\\']) && Path::new(name).extension().is_none_or(|ending| ending.len() < 2)
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
pub fn recognised(contigs: &[Contig], alignments: &Path) -> Result<GenomeBuild, WorkflowError> {
    match recognise_builds(contigs).as_slice() {
        [build] => Ok(*build),
        [] => Err(WorkflowError::design_with_hint(
            format!(
                "{}: the genome is not recognised from its contigs ({})",
                alignments.display(),
                some_contigs(contigs)
            ),
            format!(
                "pass --annotation FILE (GTF, GFF3 or SAF), or a built-in name: {}",
                GenomeBuild::names()
            ),
        )),
        several => Err(WorkflowError::design_with_hint(
            format!(
                "{}: its contigs ({}) fit several genomes: {}",
                alignments.display(),
                some_contigs(contigs),
                several.iter().map(|build| build.name()).collect::<Vec<_>>().join(", ")
            ),
            "say which with --annotation",
        )),
    }
}

/// Refuses an annotation of another build of the genome than the alignments': chromosomes that are called alike, but a
/// built-in annotation of another build, or exons beyond the end of their contig. Gives a warning where these may be
/// genes across the origin of a circular genome.
///
/// # Errors
/// [`WorkflowError::Design`] with what was found and which build the alignments seem to be of.
pub fn check_build(
    fit: &GenomeFit<'_>,
    annotation: &str,
    alignments: &Path,
) -> Result<Option<String>, WorkflowError> {
    let Some(doubt) = fit.build_doubt() else { return Ok(None) };
    if doubt.may_be_circular {
        return Ok(Some(doubt.in_words()));
    }
    let message = format!(
        "{} and {annotation} are of different genome builds: {}",
        alignments.display(),
        doubt.evidence
    );
    let hint = match doubt.build {
        Some(build) => format!(
            "the alignments were made on {build}: use an annotation of that build, or --annotation {build}"
        ),
        None => "use the annotation that belongs to the genome of the alignments".to_owned(),
    };
    Err(WorkflowError::design_with_hint(message, hint))
}

/// What the genome of the alignments is called, told by the lengths of its contigs.
pub fn genome_in_words(contigs: &[Contig]) -> String {
    match recognise_builds(contigs).as_slice() {
        [] => "none that is built in".to_owned(),
        builds => builds.iter().map(|build| build.description()).collect::<Vec<_>>().join(" and "),
    }
}

/// The first contigs, with their lengths.
fn some_contigs(contigs: &[Contig]) -> String {
    let shown: Vec<String> =
        contigs.iter().take(3).map(|contig| format!("{} of {} bases", contig.name, contig.length)).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chromosomes_of_another_build_are_refused_although_their_names_agree() {
        let annotation = alkaline_reference::annotation(GenomeBuild::Hg38);
        let contigs = alkaline_reference::contigs(GenomeBuild::Hg19);
        let check = |contigs: &[Contig]| {
            let options = alkaline_count::CountOptions::default();
            check_build(&GenomeFit::new(&annotation, contigs, &options), "hg38", Path::new("a.bam"))
        };
        let message = check(&contigs).unwrap_err().to_string();
        assert!(
            message.contains("different genome builds") && message.contains("--annotation hg19"),
            "{message}"
        );
        assert!(matches!(check(&alkaline_reference::contigs(GenomeBuild::Hg38)), Ok(None)));
    }

    #[test]
    fn a_name_that_is_not_built_in_says_what_is() {
        let message = named("hg99", &AnnotationOptions::default()).unwrap_err().to_string();
        assert!(message.contains("hg99: no such file") && message.contains("hg38, hg19, mm10"), "{message}");
        let message = named("genes.gtf", &AnnotationOptions::default()).unwrap_err().to_string();
        assert!(!message.contains("built in"), "{message}");
    }

    #[test]
    fn an_unknown_genome_asks_for_its_annotation() {
        let contigs = [Contig { name: "tig1".into(), length: 1234 }];
        let message = recognised(&contigs, Path::new("a.bam")).unwrap_err().to_string();
        assert!(message.contains("tig1 of 1234 bases") && message.contains("--annotation FILE"), "{message}");
    }
}
