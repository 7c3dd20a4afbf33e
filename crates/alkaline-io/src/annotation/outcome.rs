//! What reading an annotation gives: the gene models, and what there is to say about them.

use alkaline_core::Annotation;

use super::options::DEFAULT_FEATURE_TYPE;
use crate::error::Problem;

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

/// How often each feature type occurs, in the order of their first appearance.
#[derive(Debug, Default)]
pub(super) struct Present(pub Vec<(Vec<u8>, u64)>);

impl Present {
    pub fn add(&mut self, feature_type: &[u8]) {
        match self.0.iter_mut().find(|(known, _)| known == feature_type) {
            Some((_, number)) => *number += 1,
            None => self.0.push((feature_type.to_owned(), 1)),
        }
    }

    /// Most frequent first.
    pub fn sorted(&self) -> Vec<(String, u64)> {
        let text = |name: &[u8]| super::names::text(name).into_owned();
        let mut present: Vec<(String, u64)> =
            self.0.iter().map(|(name, number)| (text(name), *number)).collect();
        present.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        present
    }
}

/// What a format's reader found beside the rows.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// For the user.
    pub notices: Vec<String>,
    /// The feature types that were looked for.
    pub wanted: Vec<String>,
    /// Feature types of the file, most frequent first.
    pub present: Vec<(String, u64)>,
    /// Rows of a wanted type without a gene.
    pub nameless: u64,
    /// The attribute that was looked for.
    pub id_attribute: String,
}

impl Outcome {
    /// The problem of a file that offers no row to count on.
    pub fn nothing_to_count(&self, is_bed: bool) -> Problem {
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
