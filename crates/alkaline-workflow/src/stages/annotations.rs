//! The gene models that reads are counted on: a file, a built-in name, or what the alignments themselves tell.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::genome::Contig;
use alkaline_core::{Annotation, Exon};
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
        Ok(build) if !path.exists() => Ok(AnnotationFile::of_exons(alkaline_reference::annotation(build))),
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

/// Refuses an annotation of another build of the genome than the alignments': chromosomes that are called alike, but a
/// built-in annotation of another build, or exons beyond the end of their contig.
///
/// # Errors
/// [`WorkflowError::Design`] with what was found and which build the alignments seem to be of.
pub fn check_build(
    annotation: &Annotation,
    contigs: &[Contig],
    alignments: &Path,
) -> Result<(), WorkflowError> {
    let builds = alkaline_reference::recognise(contigs);
    let named =
        annotation.source.name.parse::<BuiltIn>().ok().filter(|_| annotation.source.version.is_some());
    let of_another_build = named.is_some_and(|build| !builds.is_empty() && !builds.contains(&build));
    let beyond = exons_beyond(annotation, contigs);
    if !of_another_build && beyond.is_none() {
        return Ok(());
    }
    let mut message =
        format!("{} and {} are of different genome builds", alignments.display(), annotation.source.name);
    if let Some((number, example)) = beyond {
        message.push_str(&format!(": {number} exons lie beyond the end of their contig ({example})"));
    }
    let hint = match builds.as_slice() {
        [build] => format!(
            "the alignments were made on {build}: use an annotation of that build, or --annotation {build}"
        ),
        _ => "use the annotation that belongs to the genome of the alignments".to_owned(),
    };
    Err(WorkflowError::Design(format!("{message}\nhint: {hint}")))
}

/// How many exons end beyond their contig of the alignments, and the first of them; `None` when all fit.
fn exons_beyond(annotation: &Annotation, contigs: &[Contig]) -> Option<(usize, String)> {
    let plain = |name: &str| name.strip_prefix("chr").unwrap_or(name).to_owned();
    let lengths: HashMap<String, u32> =
        contigs.iter().map(|contig| (plain(contig.name.as_str()), contig.length)).collect();
    let of_contig: Vec<Option<u32>> =
        annotation.contigs.iter().map(|name| lengths.get(&plain(name.as_str())).copied()).collect();
    let is_beyond =
        |exon: &&Exon| of_contig[exon.contig as usize].is_some_and(|length| exon.span.end() > length);
    let mut beyond = annotation.exons.iter().filter(is_beyond);
    let first = beyond.next()?;
    let contig = &annotation.contigs[first.contig as usize];
    let length = of_contig[first.contig as usize].unwrap_or_default();
    let example = format!(
        "gene {} ends at {contig}:{}, where the alignments' {contig} has {length} bases",
        annotation.genes[first.gene as usize].id,
        first.span.end()
    );
    Some((1 + beyond.count(), example))
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
        let annotation = alkaline_reference::annotation(BuiltIn::Hg38);
        let contigs = BuiltIn::Hg19.contigs();
        let message = check_build(&annotation, &contigs, Path::new("a.bam")).unwrap_err().to_string();
        assert!(
            message.contains("different genome builds") && message.contains("--annotation hg19"),
            "{message}"
        );
        assert!(check_build(&annotation, &BuiltIn::Hg38.contigs(), Path::new("a.bam")).is_ok());
    }

    #[test]
    fn an_unknown_genome_asks_for_its_annotation() {
        let contigs = [Contig { name: "tig1".into(), length: 1234 }];
        let message = recognised(&contigs, Path::new("a.bam")).unwrap_err().to_string();
        assert!(message.contains("tig1 of 1234 bases") && message.contains("--annotation FILE"), "{message}");
    }
}
