//! The experiment as the user describes it: samples with covariates, and contrasts between conditions.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{PerSample, SampleId, SampleIndex};

/// One row of the sample sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleRecord {
    /// Name of the sample.
    pub id: SampleId,
    /// Its alignments or count file, when the sheet names one.
    pub file: Option<PathBuf>,
    /// One value for each of [`SampleSheet::variables`].
    pub values: Vec<String>,
}

/// The samples of an experiment and what is known about each (`sample,bam,condition[,replicate,batch,...]`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleSheet {
    /// Names of the covariate columns (`condition`, `batch`, ...), in the order of the file.
    pub variables: Vec<String>,
    /// The samples, in the order of the file.
    pub samples: Vec<SampleRecord>,
}

impl SampleSheet {
    /// The values of `variable`, one per sample; `None` when the sheet has no such column.
    pub fn values(&self, variable: &str) -> Option<Vec<&str>> {
        let column = self.variables.iter().position(|name| name == variable)?;
        Some(self.samples.iter().map(|sample| sample.values[column].as_str()).collect())
    }

    /// The grouping of `samples` (all of which the sheet must name) by `variable`.
    ///
    /// `None` when the sheet lacks the column or one of the samples.
    pub fn groups(&self, variable: &str, samples: &Arc<SampleIndex>) -> Option<Groups> {
        let column = self.variables.iter().position(|name| name == variable)?;
        let labels: Option<Vec<&str>> = samples
            .ids()
            .iter()
            .map(|id| self.samples.iter().find(|row| row.id == *id).map(|row| row.values[column].as_str()))
            .collect();
        Some(Groups::new(Arc::clone(samples), &labels?))
    }
}

/// Samples sorted into groups by one variable; levels stand in order of first appearance.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    levels: Vec<String>,
    codes: PerSample<usize>,
}

impl Groups {
    /// Groups from one label per sample.
    ///
    /// # Panics
    /// When the number of labels is not the number of samples: both come from the same index.
    pub fn new<S: AsRef<str>>(samples: Arc<SampleIndex>, labels: &[S]) -> Self {
        assert_eq!(labels.len(), samples.len(), "one label per sample");
        let mut levels: Vec<String> = Vec::new();
        let codes = PerSample::from_fn(samples, |sample| {
            let label = labels[sample].as_ref();
            levels.iter().position(|level| level == label).unwrap_or_else(|| {
                levels.push(label.to_owned());
                levels.len() - 1
            })
        });
        Self { levels, codes }
    }

    /// The names of the groups.
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// For each sample the place of its group in [`Groups::levels`].
    pub fn codes(&self) -> &[usize] {
        self.codes.values()
    }

    /// The samples.
    pub fn samples(&self) -> &Arc<SampleIndex> {
        self.codes.index()
    }

    /// The place of the group called `level`.
    pub fn level(&self, level: &str) -> Option<usize> {
        self.levels.iter().position(|name| name == level)
    }

    /// Places of the samples of group number `level`.
    pub fn members(&self, level: usize) -> Vec<usize> {
        self.codes()
            .iter()
            .enumerate()
            .filter(|(_, code)| **code == level)
            .map(|(sample, _)| sample)
            .collect()
    }

    /// Number of samples in each group.
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.levels.len()];
        for &code in self.codes() {
            sizes[code] += 1;
        }
        sizes
    }
}

/// A model formula as the user wrote it (`~ batch + condition`); the testing stage gives it a meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelFormula(pub String);

/// A question: target against reference, of one variable (`id,variable,reference,target[,blocking]`).
///
/// Log fold changes are target minus reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContrastSpec {
    /// Name, used for the output folder.
    pub id: String,
    /// Column of the sample sheet.
    pub variable: String,
    /// Level that is compared against (the parental line).
    pub reference: String,
    /// Level of interest (the resistant line).
    pub target: String,
    /// Columns held constant in the model (batch, pair); empty for none.
    #[serde(default)]
    pub blocking: Vec<String>,
}

impl ContrastSpec {
    /// What stands for the variable of a contrast of coefficients.
    pub const COEFFICIENTS: &str = "(coefficients)";

    /// A contrast that is an expression in the coefficients of a design, against zero.
    pub fn of_coefficients(expression: &str) -> Self {
        let safe = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' };
        Self {
            id: expression.chars().filter(|c| !c.is_whitespace()).map(safe).collect(),
            variable: Self::COEFFICIENTS.to_owned(),
            reference: "0".to_owned(),
            target: expression.to_owned(),
            blocking: Vec::new(),
        }
    }

    /// Whether this is an expression in coefficients.
    pub fn is_of_coefficients(&self) -> bool {
        self.variable == Self::COEFFICIENTS
    }

    /// The direction of a positive log fold change, in words.
    pub fn direction_in_words(&self) -> String {
        if self.is_of_coefficients() {
            return format!("logFC is {}; logFC > 0: that is above zero", self.target);
        }
        format!("logFC > 0: higher in {} than in {}", self.target, self.reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_the_order_of_first_appearance() {
        let samples = SampleIndex::new(vec!["s1".into(), "s2".into(), "s3".into()]).unwrap();
        let groups = Groups::new(samples, &["parental", "resistant", "parental"]);
        assert_eq!(groups.levels(), ["parental", "resistant"]);
        assert_eq!(groups.members(0), [0, 2]);
        assert_eq!(groups.sizes(), [2, 1]);
    }
}
