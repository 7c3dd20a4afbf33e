//! The design matrix: which coefficients explain which sample.

mod builder;
mod contrast;
mod error;
mod expression;
mod formula;
mod rank;
mod reading;

use std::sync::Arc;

use alkaline_core::{Groups, SampleIndex};
use ndarray::{Array2, ArrayView2};

pub use contrast::{Contrast, names_in_expression};
pub use error::DesignError;
use formula::{Formula, Kind, Term, Variable};

/// A design matrix of full column rank, with named coefficients: one row per sample.
#[derive(Clone, Debug)]
pub struct DesignMatrix {
    samples: Arc<SampleIndex>,
    formula: String,
    parsed: Formula,
    coefficients: Vec<String>,
    matrix: Array2<f64>,
    factors: Vec<Factor>,
    variables: Vec<DesignVariable>,
}

/// A column of the sample sheet as the design reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignVariable {
    /// Name of the column.
    pub name: String,
    /// Its levels, the baseline first; `None` for a number.
    pub levels: Option<Vec<String>>,
    /// What the column says of each sample.
    values: Vec<String>,
    /// How it was read and why, in words, where it could have been read otherwise.
    pub note: Option<String>,
}

/// A factor of the design: its levels, and the design column of each (`None`: the level is in the intercept).
#[derive(Clone, Debug)]
struct Factor {
    variable: String,
    groups: Groups,
    columns: Vec<Option<usize>>,
}

impl DesignMatrix {
    /// One coefficient per group, without an intercept.
    #[must_use]
    pub fn from_groups(variable: &str, groups: &Groups) -> Self {
        let levels = groups.levels().len();
        Self {
            samples: Arc::clone(groups.samples()),
            formula: format!("~ 0 + {variable}"),
            parsed: Formula {
                intercept: false,
                terms: vec![Term {
                    variables: vec![Variable { name: variable.to_owned(), kind: Kind::Factor }],
                }],
            },
            coefficients: groups.levels().iter().map(|level| format!("{variable}{level}")).collect(),
            matrix: Array2::from_shape_fn((groups.codes().len(), levels), |(i, j)| {
                f64::from(groups.codes()[i] == j)
            }),
            factors: vec![Factor {
                variable: variable.to_owned(),
                groups: groups.clone(),
                columns: (0..levels).map(Some).collect(),
            }],
            variables: vec![DesignVariable {
                name: variable.to_owned(),
                levels: Some(groups.levels().to_vec()),
                values: groups.codes().iter().map(|&code| groups.levels()[code].clone()).collect(),
                note: None,
            }],
        }
    }

    /// The samples, one per row.
    #[must_use]
    pub fn samples(&self) -> &Arc<SampleIndex> {
        &self.samples
    }

    /// Names of the coefficients, as R's `model.matrix` makes them: `(Intercept)`, `conditionresistant`.
    #[must_use]
    pub fn coefficients(&self) -> &[String] {
        &self.coefficients
    }

    /// The numbers: one row a sample, one column a coefficient.
    #[must_use]
    pub fn matrix(&self) -> ArrayView2<'_, f64> {
        self.matrix.view()
    }

    /// Samples beyond the coefficients.
    #[must_use]
    pub fn residual_df(&self) -> usize {
        self.matrix.nrows().saturating_sub(self.matrix.ncols())
    }

    /// The formula it was made from.
    #[must_use]
    pub fn formula(&self) -> &str {
        &self.formula
    }

    /// The samples grouped by one of the design's factors.
    #[must_use]
    pub fn groups(&self, variable: &str) -> Option<&Groups> {
        self.factors.iter().find(|factor| factor.variable == variable).map(|factor| &factor.groups)
    }

    /// The columns of the sample sheet that the design reads, and how.
    #[must_use]
    pub fn variables(&self) -> &[DesignVariable] {
        &self.variables
    }

    /// The formula as R's `model.matrix` takes it, given the [`variables`](Self::variables) as factors and numbers.
    #[must_use]
    pub fn r_formula(&self) -> String {
        let name = |variable: &Variable| format!("`{}`", variable.name);
        let term = |term: &Term| term.variables.iter().map(name).collect::<Vec<_>>().join(":");
        let first = if self.parsed.intercept { "1" } else { "0" };
        let terms = std::iter::once(first.to_owned()).chain(self.parsed.terms.iter().map(term));
        format!("~ {}", terms.collect::<Vec<_>>().join(" + "))
    }

    /// Groups of the samples that the design treats alike, named by what the sheet says of them.
    #[must_use]
    pub fn alike(&self) -> Groups {
        let label = |sample: usize| {
            let values = self.variables.iter().map(|variable| variable.values[sample].trim());
            values.collect::<Vec<_>>().join(".")
        };
        let labels: Vec<String> = (0..self.samples.len()).map(label).collect();
        Groups::new(Arc::clone(&self.samples), &labels)
    }
}

fn quoted<S: AsRef<str>>(names: &[S]) -> String {
    alkaline_core::words::quoted(names)
}

#[cfg(test)]
mod tests {
    use alkaline_core::ContrastSpec;
    use alkaline_core::SampleSheet;
    use alkaline_core::samples::{ModelFormula, SampleRecord};
    use ndarray::array;

    use super::*;

    fn sheet(rows: &[(&str, &[&str])], variables: &[&str]) -> (SampleSheet, Arc<SampleIndex>) {
        let samples = rows.iter().map(|(id, values)| SampleRecord {
            id: (*id).into(),
            file: None,
            reads: None,
            values: values.iter().map(|v| (*v).to_owned()).collect(),
        });
        let sheet = SampleSheet {
            variables: variables.iter().map(|v| (*v).to_owned()).collect(),
            samples: samples.collect(),
        };
        let index = SampleIndex::new(rows.iter().map(|(id, _)| (*id).into()).collect()).unwrap();
        (sheet, index)
    }

    fn paired() -> (SampleSheet, Arc<SampleIndex>) {
        sheet(
            &[
                ("a", &["1", "ctl", "0.5"]),
                ("b", &["2", "ctl", "1.5"]),
                ("c", &["1", "trt", "2.0"]),
                ("d", &["2", "trt", "4.0"]),
            ],
            &["batch", "condition", "dose"],
        )
    }

    fn design(formula: &str) -> Result<DesignMatrix, DesignError> {
        let (sheet, samples) = paired();
        DesignMatrix::from_formula(&sheet, &samples, &ModelFormula(formula.into()), &[])
    }

    fn contrast(reference: &str, target: &str) -> ContrastSpec {
        ContrastSpec::between("c", "condition", reference, target)
    }

    #[test]
    fn recurring_codes_are_factors_and_measurements_are_numbers() {
        let design = design("~ batch + condition + dose").unwrap();
        assert_eq!(design.coefficients(), ["(Intercept)", "batch2", "conditiontrt", "dose"]);
        assert_eq!(design.matrix().row(3), array![1.0, 1.0, 1.0, 4.0]);
    }

    #[test]
    fn an_incomplete_pairing_keeps_its_patients_apart() {
        let rows: Vec<(String, [String; 2])> = (0..11)
            .map(|i| (format!("s{i}"), [(i / 2 + 1).to_string(), ["n", "t"][i % 2].to_owned()]))
            .collect();
        let cells: Vec<[&str; 2]> = rows.iter().map(|(_, [a, b])| [a.as_str(), b.as_str()]).collect();
        let rows: Vec<(&str, &[&str])> =
            rows.iter().zip(&cells).map(|((id, _), cells)| (id.as_str(), &cells[..])).collect();
        let (sheet, samples) = sheet(&rows, &["patient", "condition"]);
        let columns = |formula: &str, baselines: &[(&str, &str)]| {
            let formula = ModelFormula(formula.into());
            let design = DesignMatrix::from_formula(&sheet, &samples, &formula, baselines).unwrap();
            let notes: Vec<String> = design.variables().iter().filter_map(|v| v.note.clone()).collect();
            (design.coefficients().len(), notes.join("; "))
        };
        let (number, note) = columns("~ patient + condition", &[]);
        assert_eq!(number, 7);
        assert!(
            note.contains("`patient` was read as 6 levels") && note.contains("numeric(patient)"),
            "{note}"
        );
        assert_eq!(columns("~ numeric(patient) + condition", &[("patient", "")]).0, 3);
        assert_eq!(columns("~ patient + condition", &[("patient", "3")]).0, 7);
    }

    #[test]
    fn a_missing_covariate_names_its_samples() {
        let rows: &[(&str, &[&str])] =
            &[("s1", &["34", "A"]), ("s2", &["NA", "A"]), ("s3", &["51", "B"]), ("s4", &["", "B"])];
        let (sheet, samples) = sheet(rows, &["age", "condition"]);
        let formula = ModelFormula("~ age + condition".into());
        let error = DesignMatrix::from_formula(&sheet, &samples, &formula, &[]).unwrap_err().to_string();
        assert_eq!(error, "`age` of s2, s4 is missing (NA)");
    }

    #[test]
    fn contrasts_by_level_do_not_depend_on_the_coding() {
        let with = design("~ batch + condition").unwrap().contrast(&contrast("ctl", "trt")).unwrap();
        assert_eq!(with.weights, [0.0, 0.0, 1.0]);
        let without = design("~ 0 + condition + batch").unwrap().contrast(&contrast("ctl", "trt")).unwrap();
        assert_eq!(without.weights, [-1.0, 1.0, 0.0]);
    }

    #[test]
    fn a_star_is_both_factors_and_their_interaction() {
        let names = design("~ batch * condition").unwrap().coefficients().to_vec();
        assert_eq!(names, ["(Intercept)", "batch2", "conditiontrt", "batch2:conditiontrt"]);
    }

    #[test]
    fn confounded_factors_are_named() {
        let (sheet, samples) = sheet(
            &[("a", &["x", "ctl"]), ("b", &["x", "ctl"]), ("c", &["y", "trt"]), ("d", &["y", "trt"])],
            &["batch", "condition"],
        );
        let formula = ModelFormula("~ batch + condition".into());
        let error = DesignMatrix::from_formula(&sheet, &samples, &formula, &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the design is not of full rank: `condition` is confounded with `batch`: `conditiontrt` is the same as \
             `batchy` in every sample; their effects cannot be told apart"
        );
    }

    #[test]
    fn expressions_name_levels_or_coefficients() {
        let spec = |text: &str| ContrastSpec::of_expression("c", text);
        let with = design("~ batch + condition").unwrap();
        let weights = |text: &str| with.contrast(&spec(text)).unwrap().weights;
        assert_eq!(weights("trt - ctl"), [0.0, 0.0, 1.0]);
        assert_eq!(weights("conditiontrt - `2`/2"), [0.0, -0.5, 1.0]);
        let without = design("~ 0 + condition").unwrap();
        assert_eq!(without.contrast(&spec("trt - ctl")).unwrap().weights, [-1.0, 1.0]);
        let message = with.contrast(&spec("tr - ctl")).unwrap_err().to_string();
        for part in ["`tr` is neither a level", "nor a coefficient", "did you mean `trt`?"] {
            assert!(message.contains(part), "{part} not in {message}");
        }
    }

    #[test]
    fn expressions_in_the_names_of_make_contrasts_are_understood() {
        let design = design("~ batch * condition").unwrap();
        let weights = |text: &str| design.contrast(&ContrastSpec::of_expression("c", text)).unwrap().weights;
        assert_eq!(weights("batch2.conditiontrt"), [0.0, 0.0, 0.0, 1.0]);
        assert_eq!(weights("Intercept + batch2:conditiontrt"), [1.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn the_levels_that_an_expression_compares_are_known() {
        let design = design("~ 0 + condition + batch").unwrap();
        let compared =
            |text: &str| design.contrast(&ContrastSpec::of_expression("c", text)).unwrap().compared;
        let levels = vec!["ctl".to_owned(), "trt".to_owned()];
        assert_eq!(compared("trt - ctl"), Some(("condition".to_owned(), levels)));
        assert_eq!(compared("conditiontrt - ctl"), None);
        assert_eq!(compared("trt - `2`"), None);
    }

    /// The columns that R 4.2's `model.matrix` has for these formulas.
    #[test]
    fn factors_are_coded_as_in_r() {
        let (sheet, samples) = sheet(
            &[
                ("s1", &["a", "u", "1.5"]),
                ("s2", &["b", "u", "2.5"]),
                ("s3", &["a", "v", "4"]),
                ("s4", &["b", "v", "5"]),
                ("s5", &["a", "u", "7"]),
                ("s6", &["b", "v", "9"]),
            ],
            &["f", "g", "x"],
        );
        let names = |formula: &str| {
            let formula = ModelFormula(formula.into());
            DesignMatrix::from_formula(&sheet, &samples, &formula, &[]).unwrap().coefficients().join(" ")
        };
        assert_eq!(names("~ 0 + f:g"), "fa:gu fb:gu fa:gv fb:gv");
        assert_eq!(names("~ f + f:g"), "(Intercept) fb fa:gv fb:gv");
        assert_eq!(names("~ 0 + f + f:g"), "fa fb fa:gv fb:gv");
        assert_eq!(names("~ g:x"), "(Intercept) gu:x gv:x");
        assert_eq!(names("~ g:x + x"), "(Intercept) x gv:x");
        assert_eq!(names("~ x + g:x"), "(Intercept) x x:gv");
        assert_eq!(names("~ 0 + x + f"), "x fa fb");
        assert_eq!(names("~ 0 + f * g"), "fa fb gv fb:gv");
    }

    #[test]
    fn samples_of_one_design_row_are_alike() {
        let groups = design("~ condition").unwrap().alike();
        assert_eq!((groups.codes(), groups.levels().join(" ")), (&[0, 0, 1, 1][..], "ctl trt".to_owned()));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(
            matches!(design("~ batch + sex"), Err(DesignError::UnknownVariable { variable, .. }) if variable == "sex")
        );
        assert!(matches!(design("batch"), Err(DesignError::Formula { .. })));
        let spec = contrast("ctl", "drug");
        let error = design("~ condition").unwrap().contrast(&spec).unwrap_err();
        assert_eq!(error.to_string(), "no sample has condition `drug`; its values are `ctl`, `trt`");
        let error = design("~ condition").unwrap().contrast(&contrast("ctl", "trd")).unwrap_err();
        assert!(error.to_string().ends_with("did you mean `trt`?"), "{error}");
    }
}
