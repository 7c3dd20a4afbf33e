//! The experiment as the user describes it: samples with covariates, and contrasts between conditions.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{PerSample, SampleId, SampleIndex};

/// Whether a cell of a sample sheet tells nothing: it is empty, or what R, pandas and spreadsheets write for a missing value.
///
/// Words that could name a group (`none`, `Na`, `-`) do tell something.
pub fn is_missing(value: &str) -> bool {
    matches!(
        value.trim(),
        "" | "NA" | "N/A" | "n/a" | "#N/A" | "NaN" | "nan" | "NAN" | "<NA>" | "null" | "NULL"
    )
}

/// One run of a sequencer's lane: a FASTQ file, and that of the mates where reads are paired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// Read 1, or the only one.
    pub first: PathBuf,
    /// Read 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<PathBuf>,
}

/// The reads of one sample, which may have been sequenced on several lanes: all paired, or all not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    /// The lanes, in the order of the sheet; there is at least one.
    pub lanes: Vec<Lane>,
}

impl Reads {
    /// Whether reads have mates.
    pub fn is_paired(&self) -> bool {
        self.lanes.iter().any(|lane| lane.second.is_some())
    }

    /// All files, lane by lane, read 1 before read 2.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.lanes.iter().flat_map(|lane| std::iter::once(&lane.first).chain(&lane.second))
    }

    /// As [`files`](Self::files), to be changed.
    pub fn files_mut(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.lanes.iter_mut().flat_map(|lane| std::iter::once(&mut lane.first).chain(&mut lane.second))
    }
}

/// What a sample is counted from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Library {
    /// A finished alignment.
    Alignments(PathBuf),
    /// Reads that are still to be aligned.
    Reads(Reads),
}

impl Library {
    /// The finished alignment, where it is one.
    pub fn alignments(&self) -> Option<PathBuf> {
        match self {
            Self::Alignments(file) => Some(file.clone()),
            Self::Reads(_) => None,
        }
    }

    /// Its files.
    pub fn files(&self) -> Vec<&PathBuf> {
        match self {
            Self::Alignments(file) => vec![file],
            Self::Reads(reads) => reads.files().collect(),
        }
    }

    /// As [`files`](Self::files), to be changed.
    pub fn files_mut(&mut self) -> Vec<&mut PathBuf> {
        match self {
            Self::Alignments(file) => vec![file],
            Self::Reads(reads) => reads.files_mut().collect(),
        }
    }
}

/// One row of the sample sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleRecord {
    /// Name of the sample.
    pub id: SampleId,
    /// Its alignments or count file, when the sheet names one.
    pub file: Option<PathBuf>,
    /// Its reads, when the sheet names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<Reads>,
    /// One value for each of [`SampleSheet::variables`].
    pub values: Vec<String>,
}

/// The samples of an experiment and what is known about each (`sample,bam,condition[,replicate,batch,...]`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelFormula(pub String);

/// A question: target against reference of one variable (`id,variable,reference,target[,blocking]`), or a linear expression
/// in the coefficients of a design (`id,contrast`).
///
/// Log fold changes are target minus reference, or the value of the expression.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContrastSpec {
    /// Name, used for the output folder.
    pub id: String,
    /// Column of the sample sheet; of an expression the column whose levels it names, empty where there is none.
    pub variable: String,
    /// Level that is compared against (the parental line); empty for an expression.
    pub reference: String,
    /// Level of interest (the resistant line); empty for an expression.
    pub target: String,
    /// Columns held constant in the model (batch, pair); empty for none.
    #[serde(default)]
    pub blocking: Vec<String>,
    /// What is tested for being zero instead of target minus reference: `(A + B)/2 - C`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The model of this contrast, where it has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<ModelFormula>,
    /// Samples that this contrast, and no other, leaves out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Exclusion>,
}

/// Samples that are left out: those with one of `values` in `column`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// Column of the sample sheet; its own names of samples when it is called as their column.
    pub column: String,
    /// What the samples that are left out have there.
    pub values: Vec<String>,
}

impl ContrastSpec {
    /// The contrast of two levels of one variable.
    pub fn between(id: &str, variable: &str, reference: &str, target: &str) -> Self {
        let owned = str::to_owned;
        Self {
            id: owned(id),
            variable: owned(variable),
            reference: owned(reference),
            target: owned(target),
            ..Self::default()
        }
    }

    /// A contrast as it is typed: `VARIABLE,REFERENCE,TARGET`, or an expression in levels or coefficients.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn typed(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        if let [expression] = parts.as_slice()
            && !expression.is_empty()
        {
            return Ok(Self::of_expression(&Self::id_of_expression(expression), expression));
        }
        let [variable, reference, target] = parts.as_slice() else {
            return Err(format!(
                "`{text}`: VARIABLE,REFERENCE,TARGET is wanted, as in condition,parental,resistant"
            ));
        };
        if parts.iter().any(|part| part.is_empty()) {
            return Err(format!("`{text}`: one of the three parts is empty"));
        }
        Ok(Self::between(&format!("{target}_vs_{reference}"), variable, reference, target))
    }

    /// A contrast that is an expression in levels or coefficients of a design, against zero.
    pub fn of_expression(id: &str, expression: &str) -> Self {
        Self { id: id.to_owned(), expression: Some(expression.to_owned()), ..Self::default() }
    }

    /// A name for an expression that can also name a folder.
    pub fn id_of_expression(expression: &str) -> String {
        let safe = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' };
        let id: String = expression.chars().filter(|c| !c.is_whitespace()).map(safe).collect();
        id.trim_start_matches('.').to_owned()
    }

    /// The question in a few words: `resistant against parental`, or the expression.
    pub fn question(&self) -> String {
        match &self.expression {
            Some(expression) => expression.clone(),
            None => format!("{} against {}", self.target, self.reference),
        }
    }

    /// What is compared with what: target and reference, or both sides of an expression that is one difference.
    pub fn sides(&self) -> Option<(&str, &str)> {
        match &self.expression {
            Some(expression) => sides_of(expression),
            None => Some((&self.target, &self.reference)),
        }
    }

    /// The direction of a positive log fold change, in words.
    pub fn direction_in_words(&self) -> String {
        match (&self.expression, self.sides()) {
            (Some(expression), None) => format!("logFC is {expression}; logFC > 0: that is above zero"),
            (_, Some((higher, lower))) => format!("logFC > 0: higher in {higher} than in {lower}"),
            (None, None) => String::new(),
        }
    }
}

/// What stands before and after the only minus of `expression` that is outside brackets and backticks.
///
/// `None` when there is none or several, or another sum outside brackets: it is then no difference of two things.
fn sides_of(expression: &str) -> Option<(&str, &str)> {
    let (mut depth, mut quoted, mut minus) = (0_i32, false, None);
    for (at, letter) in expression.char_indices() {
        match letter {
            '`' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' => depth -= 1,
            '+' if depth == 0 => return None,
            '-' if depth == 0 && minus.is_some() => return None,
            '-' if depth == 0 => minus = Some(at),
            _ => {}
        }
    }
    let (before, after) = expression.split_at(minus?);
    let (before, after) = (before.trim(), after[1..].trim());
    (!before.is_empty() && !after.is_empty()).then_some((before, after))
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

    #[test]
    fn an_expression_that_is_one_difference_has_two_sides() {
        let words = |text: &str| ContrastSpec::of_expression("c", text).direction_in_words();
        assert_eq!(words("(A + B)/2 - C"), "logFC > 0: higher in (A + B)/2 than in C");
        assert_eq!(words("`x-1` - `x+2`"), "logFC > 0: higher in `x-1` than in `x+2`");
        for text in ["(a - b) - c - d", "batch2:conditiontrt", "a + b - c", "-a"] {
            assert_eq!(words(text), format!("logFC is {text}; logFC > 0: that is above zero"));
        }
    }

    #[test]
    fn the_id_of_an_expression_can_name_a_folder() {
        assert_eq!(ContrastSpec::id_of_expression("(A + B)/2 - C"), "_A_B__2-C");
        assert_eq!(ContrastSpec::id_of_expression(".5*a/b"), "5_a_b");
    }
}
