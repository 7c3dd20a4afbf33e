//! What the reader of a format found beside the rows.

use super::builder;
use crate::error::Problem;

/// How often each feature type occurs, in the order of their first appearance.
#[derive(Debug, Default)]
pub(super) struct Present(pub(super) Vec<(Vec<u8>, u64)>);

impl Present {
    pub(super) fn add(&mut self, feature_type: &[u8]) {
        match self.0.iter_mut().find(|(known, _)| known == feature_type) {
            Some((_, number)) => *number += 1,
            None => self.0.push((feature_type.to_owned(), 1)),
        }
    }

    /// Most frequent first.
    pub(super) fn sorted(&self) -> Vec<(String, u64)> {
        let text = |name: &[u8]| builder::text(name).into_owned();
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
    pub(super) notices: Vec<String>,
    /// The feature types that were looked for.
    pub(super) wanted: Vec<String>,
    /// Feature types of the file, most frequent first.
    pub(super) present: Vec<(String, u64)>,
    /// Rows of a wanted type without a gene.
    pub(super) nameless: u64,
    /// The attribute that was looked for.
    pub(super) id_attribute: String,
}

impl Outcome {
    /// The problem of a file that offers no row to count on.
    pub(super) fn nothing_to_count(&self, is_bed: bool) -> Problem {
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
