//! Gene models from GTF, GFF3 and SAF files: the rows that reads are counted on, and what else the file says of them.
//!
//! By default the reader is forgiving, and says what it decided: the gene of a row without the gene attribute is told by
//! other attributes or left out, a GFF3 file is followed from exon over transcript to gene, genes (or whole files)
//! without `exon` rows are counted on their coding sequences, and positions, strands and headers are understood as other
//! programs spell them. [`AnnotationOptions::strict`] reads as featureCounts does, refusals included.
//! Formats: <https://www.ensembl.org/info/website/upload/gff.html> (GTF),
//! <https://github.com/The-Sequence-Ontology/Specifications/blob/master/gff3.md> (GFF3), Subread user's guide 6.2.2 (SAF).

mod attributes;
mod builder;
mod gff3;
mod gtf;
mod lines;
mod position;
mod recognise;
mod row;
mod saf;
mod strand;

use std::io::BufRead;
use std::path::Path;

use alkaline_core::Annotation;
use alkaline_core::annotation::AnnotationSource;
use serde::{Deserialize, Serialize};

use crate::error::{FileProblems, Problem, ReadError};
use builder::AnnotationBuilder;
use lines::LineReader;

/// Feature type that is counted unless another is named (featureCounts `-t`).
pub const DEFAULT_FEATURE_TYPE: &str = "exon";

/// Feature type that stands in for `exon` where a gene or a file has none. Whole genes do not: their introns would count.
const STAND_IN_TYPE: &str = "CDS";

/// Attribute that names the gene unless another is named (featureCounts `-g`).
pub const DEFAULT_ID_ATTRIBUTE: &str = "gene_id";

/// The syntax of an annotation file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnnotationFormat {
    /// Recognised by the content of the file.
    #[default]
    Auto,
    /// GTF, or GFF read as GTF: the gene is an attribute of the counted row.
    Gtf,
    /// GFF3: the gene is found through `Parent`.
    Gff3,
    /// featureCounts' own table: `GeneID Chr Start End Strand`.
    Saf,
}

/// What is read from an annotation file, and how.
///
/// | option | default | featureCounts |
/// |---|---|---|
/// | `format` | recognised by content | `-F` |
/// | `feature_types` | `exon`, else what the file has | `-t` |
/// | `id_attribute` | `gene_id`, else what the file has | `-g` |
/// | `extra_attributes` | none | `--extraAttributes` |
/// | `strict` | false | (its only way) |
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnnotationOptions {
    /// Syntax of the file.
    pub format: AnnotationFormat,
    /// Feature types that are counted; empty for `exon` (or, without `strict`, what the file has instead).
    pub feature_types: Vec<String>,
    /// Attribute that names the gene; `None` for `gene_id` (or, without `strict`, what the file has instead).
    pub id_attribute: Option<String>,
    /// Attributes that are handed on beside the gene.
    pub extra_attributes: Vec<String>,
    /// Reads exactly as featureCounts does: any row that cannot be read stops, nothing is chosen by itself.
    pub strict: bool,
}

/// An annotation as read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotationFile {
    /// The gene models.
    pub annotation: Annotation,
    /// The attributes asked for, in that order, each with one value per row of [`Annotation::exons`].
    pub extra_attributes: Vec<ExtraAttribute>,
    /// What was skipped or chosen while reading, for the user.
    pub notices: Vec<String>,
    /// Feature types of the rows that are counted; none in SAF, which has no types.
    pub feature_types: Vec<String>,
}

impl AnnotationFile {
    /// Gene models that were read from no file: all their rows are exons, and there is nothing to say about them.
    pub fn of_exons(annotation: Annotation) -> Self {
        Self {
            annotation,
            extra_attributes: Vec::new(),
            notices: Vec::new(),
            feature_types: vec![DEFAULT_FEATURE_TYPE.to_owned()],
        }
    }
}

/// An attribute of the counted rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraAttribute {
    /// Its key in the file.
    pub name: String,
    /// Its value in each row; `None` where the row has no such attribute.
    pub values: Vec<Option<String>>,
}

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

/// How often each feature type occurs, in the order of their first appearance.
#[derive(Debug, Default)]
struct Present(Vec<(Vec<u8>, u64)>);

impl Present {
    fn add(&mut self, feature_type: &[u8]) {
        match self.0.iter_mut().find(|(known, _)| known == feature_type) {
            Some((_, number)) => *number += 1,
            None => self.0.push((feature_type.to_owned(), 1)),
        }
    }

    /// Most frequent first.
    fn sorted(&self) -> Vec<(String, u64)> {
        let text = |name: &[u8]| builder::text(name).into_owned();
        let mut present: Vec<(String, u64)> =
            self.0.iter().map(|(name, number)| (text(name), *number)).collect();
        present.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        present
    }
}

/// What a format's reader found beside the rows.
#[derive(Debug, Default)]
struct Outcome {
    /// For the user.
    notices: Vec<String>,
    /// The feature types that were looked for.
    wanted: Vec<String>,
    /// Feature types of the file, most frequent first.
    present: Vec<(String, u64)>,
    /// Rows of a wanted type without a gene.
    nameless: u64,
    /// The attribute that was looked for.
    id_attribute: String,
}

impl Outcome {
    /// The problem of a file that offers no row to count on.
    fn nothing_to_count(&self, is_bed: bool) -> Problem {
        let wanted = self.wanted.join("`, `");
        if self.nameless > 0 {
            return Problem::of_file(format!(
                "none of the {} `{wanted}` rows has a `{}` attribute",
                self.nameless, self.id_attribute
            ))
            .hint("name the attribute that holds the gene with -g");
        }
        if self.present.is_empty() && is_bed {
            return Problem::of_file("this looks like BED, which does not say which rows make up a gene")
                .hint("give GTF, GFF3 or SAF; a SAF row is: gene, contig, start (from 1), end, strand");
        }
        if self.present.is_empty() {
            return Problem::of_file("no row of an annotation: it is empty or not GTF, GFF3 or SAF")
                .hint("annotation rows have nine (GTF, GFF3) or five (SAF) columns separated by tabs");
        }
        let seen: Vec<&str> = self.present.iter().take(6).map(|(name, _)| name.as_str()).collect();
        let problem =
            Problem::of_file(format!("no row of type `{wanted}`; the file has {}", seen.join(", ")));
        if self.present.iter().any(|(name, _)| name == "gene") {
            return problem.hint(
                "name the feature type to count with -t; `-t gene` counts whole genes, introns included",
            );
        }
        problem.hint("name the feature type to count with -t")
    }
}

#[cfg(test)]
mod tests;
