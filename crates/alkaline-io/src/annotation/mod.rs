//! Gene models from GTF, GFF3 and SAF files: the rows that reads are counted on, and what else the file says of them.
//!
//! By default the reader is forgiving, and says what it decided: the gene of a row without the gene attribute is told by
//! other attributes or left out, a GFF3 file is followed from exon over transcript to gene, genes (or whole files)
//! without `exon` rows are counted on their coding sequences, and positions, strands and headers are understood as other
//! programs spell them. [`AnnotationOptions::strict`] reads as featureCounts does, refusals included.
//! Formats: <https://www.ensembl.org/info/website/upload/gff.html> (GTF),
//! <https://github.com/The-Sequence-Ontology/Specifications/blob/master/gff3.md> (GFF3), Subread user's guide 6.2.2 (SAF).

mod attribute_rows;
mod attributes;
mod builder;
mod gff3;
mod gtf;
mod lines;
mod names;
mod options;
mod outcome;
mod position;
mod recognise;
mod row;
mod saf;
mod strand;
mod transcripts;

use std::io::BufRead;
use std::path::Path;

use alkaline_core::annotation::AnnotationSource;

use crate::error::{FileProblems, Problem, ReadError};
pub(crate) use attribute_rows::{attribute, rows_of};
use builder::AnnotationBuilder;
use lines::LineReader;
pub use options::{AnnotationFormat, AnnotationOptions, DEFAULT_FEATURE_TYPE, DEFAULT_ID_ATTRIBUTE};
pub use outcome::{AnnotationFile, ExtraAttribute};
pub use transcripts::{Transcript, Transcripts, read_transcripts};

/// Reads the annotation at `path` (gunzipped by content).
///
/// # Errors
/// [`ReadError`] when the file is missing or unreadable, when a counted row has impossible coordinates, when nothing is
/// left to count on, and under `strict` when a counted row has no gene.
pub fn read(path: &Path, options: &AnnotationOptions) -> Result<AnnotationFile, ReadError> {
    let reader = crate::file::open(path)?;
    read_from(reader, path, options)
}

/// Reads an annotation from open text; `path` is only for messages.
///
/// # Errors
/// As [`read`].
pub fn read_from(
    reader: impl BufRead,
    path: &Path,
    options: &AnnotationOptions,
) -> Result<AnnotationFile, ReadError> {
    let mut rows = LineReader::new(reader, path, options.strict)?;
    let start = rows.look_ahead()?;
    if let Some(problem) = start.first().and_then(|line| recognise::other_kind(line)) {
        return Err(FileProblems::one(path, problem).into());
    }
    let is_bed = recognise::looks_like_bed(start);
    let format = match options.format {
        AnnotationFormat::Auto if options.strict => AnnotationFormat::Gtf,
        AnnotationFormat::Auto => recognise::recognise(start),
        given => given,
    };
    let extra: &[String] = &options.extra_attributes;
    if format == AnnotationFormat::Saf && !extra.is_empty() {
        let problem = Problem::of_file("a SAF file has no attributes to hand on")
            .hint("leave --extraAttributes out, or give a GTF file");
        return Err(FileProblems::one(path, problem).into());
    }
    let mut builder = AnnotationBuilder::new(extra);
    let mut outcome = match format {
        AnnotationFormat::Saf => saf::read(&mut rows, &mut builder, options),
        AnnotationFormat::Gff3 if !options.strict => gff3::read(&mut rows, &mut builder, options),
        _ => gtf::read(&mut rows, &mut builder, options),
    }?;
    rows.check()?;
    if builder.is_empty() {
        return Err(FileProblems::one(path, outcome.nothing_to_count(is_bed)).into());
    }
    outcome.notices.extend(rows.remarks());
    let source = AnnotationSource { name: path.display().to_string(), version: None };
    Ok(builder.finish(source, outcome.notices, outcome.wanted))
}

#[cfg(test)]
mod tests;
