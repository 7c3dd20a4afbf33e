//! The design matrix: which coefficients explain which sample.

mod error;
mod expression;
mod formula;
mod rank;

use std::sync::Arc;

use alkaline_core::samples::ModelFormula;
use alkaline_core::{ContrastSpec, Groups, SampleIndex, SampleSheet};
use alkaline_math::linear::Matrix;

pub use error::DesignError;
use formula::{Formula, Term};

/// A design matrix of full column rank, with named coefficients: one row per sample.
#[derive(Clone, Debug)]
pub struct DesignMatrix {
    samples: Arc<SampleIndex>,
    formula: String,
    coefficients: Vec<String>,
    matrix: Matrix,
    factors: Vec<Factor>,
}

/// A factor of the design: its levels, and the design column of each (`None`: the level is in the intercept).
#[derive(Clone, Debug)]
struct Factor {
    variable: String,
    groups: Groups,
    columns: Vec<Option<usize>>,
}

/// A linear combination of coefficients that is tested for being zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast {
    /// The question in words of the user.
    pub spec: ContrastSpec,
    /// One weight per coefficient.
    pub weights: Vec<f64>,
}

impl DesignMatrix {
    /// The design that a formula describes, for the samples of a count matrix in their order.
    ///
    /// `~ batch + condition` has an intercept; `~ 0 + condition` gives every level its own coefficient; `a:b` is an
    /// interaction and `a * b` is short for `a + b + a:b`. Columns whose values are all numbers count as numeric, unless
    /// few values recur (codes such as batch 1, 2, 3), which makes them factors; `numeric(x)` and `factor(x)` decide
    /// otherwise. Levels are sorted as R sorts them; the first is the baseline unless `baselines` (variable, level)
    /// names another.
    ///
    /// # Errors
    /// [`DesignError`], which names the column, the sample or the confounded factors.
    pub fn from_formula(
        sheet: &SampleSheet,
        samples: &Arc<SampleIndex>,
        formula: &ModelFormula,
        baselines: &[(&str, &str)],
    ) -> Result<Self, DesignError> {
        let parsed = Formula::parse(&formula.0)?;
        let mut builder = Builder::new(samples, parsed.intercept);
        for term in &parsed.terms {
            let blocks: Result<Vec<Block>, DesignError> =
                term.variables.iter().map(|v| builder.block(sheet, &formula.0, v, term, baselines)).collect();
            builder.add(term, blocks?);
            let name = term.variables.iter().map(|v| v.name.as_str()).collect::<Vec<_>>().join(":");
            builder.terms.resize(builder.names.len(), name);
        }
        builder.finish(&formula.0)
    }

    /// One coefficient per group, without an intercept.
    #[must_use]
    pub fn from_groups(variable: &str, groups: &Groups) -> Self {
        let levels = groups.levels().len();
        Self {
            samples: Arc::clone(groups.samples()),
            formula: format!("~ 0 + {variable}"),
            coefficients: groups.levels().iter().map(|level| format!("{variable}{level}")).collect(),
            matrix: Matrix::from_fn(groups.codes().len(), levels, |i, j| f64::from(groups.codes()[i] == j)),
            factors: vec![Factor {
                variable: variable.to_owned(),
                groups: groups.clone(),
                columns: (0..levels).map(Some).collect(),
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

    /// The numbers.
    #[must_use]
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
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

    /// Target minus reference of one factor.
    ///
    /// # Errors
    /// [`DesignError::NotAFactor`] or [`DesignError::UnknownLevel`].
    pub fn contrast(&self, spec: &ContrastSpec) -> Result<Contrast, DesignError> {
        let factor = self.factors.iter().find(|factor| factor.variable == spec.variable);
        let factor = factor.ok_or_else(|| DesignError::NotAFactor {
            contrast: spec.id.clone(),
            variable: spec.variable.clone(),
            formula: self.formula.clone(),
        })?;
        let mut weights = vec![0.0; self.coefficients.len()];
        for (level, weight) in [(&spec.target, 1.0), (&spec.reference, -1.0)] {
            let place = factor.groups.level(level).ok_or_else(|| DesignError::UnknownLevel {
                variable: spec.variable.clone(),
                level: level.clone(),
                known: quoted(factor.groups.levels()),
            })?;
            if let Some(column) = factor.columns[place] {
                weights[column] += weight;
            }
        }
        Ok(Contrast { spec: spec.clone(), weights })
    }

    /// A linear expression in coefficients and levels: `resistant - parental`, `(A + B)/2 - C`, `conditiontrt:batch2`.
    ///
    /// A level stands for its own coefficient, the baseline level for zero.
    ///
    /// # Errors
    /// [`DesignError::Expression`], which names what can be named.
    pub fn contrast_of_expression(&self, spec: &ContrastSpec) -> Result<Contrast, DesignError> {
        let resolve = |name: &str| self.named_weights(name);
        let weights = expression::weights(&spec.target, self.coefficients.len(), &resolve)?;
        Ok(Contrast { spec: spec.clone(), weights })
    }

    /// The weights of a coefficient, or of a level that only one factor has.
    fn named_weights(&self, name: &str) -> Result<Vec<f64>, String> {
        let unit = |place: Option<usize>| {
            (0..self.coefficients.len()).map(|i| f64::from(Some(i) == place)).collect::<Vec<f64>>()
        };
        if let Some(place) = self.coefficients.iter().position(|known| known == name) {
            return Ok(unit(Some(place)));
        }
        let level = |factor: &Factor| factor.groups.level(name).map(|place| factor.columns[place]);
        match self.factors.iter().filter_map(level).collect::<Vec<_>>().as_slice() {
            [column] => Ok(unit(*column)),
            [] => {
                let levels: Vec<String> =
                    self.factors.iter().flat_map(|factor| factor.groups.levels().to_vec()).collect();
                Err(format!(
                    "`{name}` is neither a coefficient of the design ({}) nor a level of its factors ({})",
                    quoted(&self.coefficients),
                    quoted(&levels)
                ))
            }
            _ => Err(format!(
                "several factors have the level `{name}`; name a coefficient ({})",
                quoted(&self.coefficients)
            )),
        }
    }

    /// Groups of the samples that the design treats alike.
    #[must_use]
    pub fn alike(&self) -> Groups {
        let row = |i: usize| {
            let named = self.coefficients.iter().zip(self.matrix.row(i));
            let parts = named.filter(|(_, value)| **value != 0.0);
            parts.map(|(name, value)| format!("{value}*{name}")).collect::<Vec<_>>().join(" ")
        };
        let rows: Vec<String> = (0..self.samples.len()).map(row).collect();
        Groups::new(Arc::clone(&self.samples), &rows)
    }

    /// Any linear combination of the coefficients.
    ///
    /// # Errors
    /// [`DesignError::Weights`] when there is not one weight per coefficient.
    pub fn contrast_of_weights(&self, id: &str, weights: Vec<f64>) -> Result<Contrast, DesignError> {
        if weights.len() != self.coefficients.len() {
            return Err(DesignError::Weights {
                expected: self.coefficients.len(),
                names: quoted(&self.coefficients),
                found: weights.len(),
            });
        }
        let spec = ContrastSpec {
            id: id.to_owned(),
            variable: "coefficients".to_owned(),
            reference: "0".to_owned(),
            target: self.in_words(&weights),
            blocking: Vec::new(),
        };
        Ok(Contrast { spec, weights })
    }

    fn in_words(&self, weights: &[f64]) -> String {
        let named = self.coefficients.iter().zip(weights).filter(|(_, weight)| **weight != 0.0);
        named.map(|(name, weight)| format!("{weight:+}*{name}")).collect::<Vec<_>>().join(" ")
    }
}

fn quoted<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// The columns that one variable contributes.
struct Block {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    factor: Option<Factor>,
}

struct Builder<'a> {
    samples: &'a Arc<SampleIndex>,
    names: Vec<String>,
    /// The term that each column belongs to; none for the intercept.
    terms: Vec<String>,
    columns: Vec<Vec<f64>>,
    factors: Vec<Factor>,
    /// Whether the next factor gets a column for its first level too.
    full_dummies: bool,
}

impl<'a> Builder<'a> {
    fn new(samples: &'a Arc<SampleIndex>, intercept: bool) -> Self {
        let mut builder = Self {
            samples,
            names: Vec::new(),
            terms: Vec::new(),
            columns: Vec::new(),
            factors: Vec::new(),
            full_dummies: !intercept,
        };
        if intercept {
            builder.names.push("(Intercept)".to_owned());
            builder.terms.push(String::new());
            builder.columns.push(vec![1.0; samples.len()]);
        }
        builder
    }

    fn block(
        &mut self,
        sheet: &SampleSheet,
        formula: &str,
        variable: &formula::Variable,
        term: &Term,
        baselines: &[(&str, &str)],
    ) -> Result<Block, DesignError> {
        let values = self.values(sheet, formula, &variable.name)?;
        if let Some(value) = values.first().filter(|first| values.iter().all(|v| v == *first)) {
            return Err(DesignError::ConstantVariable {
                variable: variable.name.clone(),
                value: value.clone(),
            });
        }
        if variable.is_numeric(&values) {
            return self.numeric(&variable.name, &values);
        }
        let baseline = baselines.iter().find(|(name, _)| *name == variable.name).map(|(_, level)| *level);
        let full = self.full_dummies && term.variables.len() == 1;
        self.full_dummies &= !full;
        Ok(self.factor(&variable.name, &values, baseline, full))
    }

    fn values(&self, sheet: &SampleSheet, formula: &str, variable: &str) -> Result<Vec<String>, DesignError> {
        let column = sheet.variables.iter().position(|name| name == variable);
        let column = column.ok_or_else(|| DesignError::UnknownVariable {
            formula: formula.to_owned(),
            variable: variable.to_owned(),
            known: quoted(&sheet.variables),
        })?;
        let row = |id: &alkaline_core::SampleId| {
            sheet
                .samples
                .iter()
                .find(|row| row.id == *id)
                .map(|row| row.values[column].clone())
                .ok_or_else(|| DesignError::UnknownSample { sample: format!("{id}") })
        };
        self.samples.ids().iter().map(row).collect()
    }

    fn numeric(&self, variable: &str, values: &[String]) -> Result<Block, DesignError> {
        let number = |(i, value): (usize, &String)| {
            value.trim().parse::<f64>().ok().filter(|x| x.is_finite()).ok_or_else(|| {
                DesignError::NotANumber {
                    variable: variable.to_owned(),
                    sample: self.samples.ids()[i].to_string(),
                    value: value.clone(),
                }
            })
        };
        let column: Result<Vec<f64>, DesignError> = values.iter().enumerate().map(number).collect();
        Ok(Block { names: vec![variable.to_owned()], columns: vec![column?], factor: None })
    }

    fn factor(&self, variable: &str, values: &[String], baseline: Option<&str>, full: bool) -> Block {
        let groups = Groups::new(Arc::clone(self.samples), values);
        let mut order: Vec<usize> = (0..groups.levels().len()).collect();
        order.sort_by_key(|&code| (baseline != Some(groups.levels()[code].as_str()), &groups.levels()[code]));
        let mut block = Block { names: Vec::new(), columns: Vec::new(), factor: None };
        let mut places = vec![None; order.len()];
        for &code in order.iter().skip(usize::from(!full)) {
            places[code] = Some(block.names.len());
            block.names.push(format!("{variable}{}", groups.levels()[code]));
            block.columns.push(groups.codes().iter().map(|&c| f64::from(c == code)).collect());
        }
        block.factor = Some(Factor { variable: variable.to_owned(), groups, columns: places });
        block
    }

    /// Adds a term: its block, or the products of its blocks.
    fn add(&mut self, term: &Term, mut blocks: Vec<Block>) {
        let offset = self.names.len();
        if term.variables.len() == 1 {
            if let Some(block) = blocks.pop() {
                self.names.extend(block.names);
                self.columns.extend(block.columns);
                self.factors.extend(block.factor.map(|mut factor| {
                    factor.columns.iter_mut().flatten().for_each(|column| *column += offset);
                    factor
                }));
            }
            return;
        }
        let mut products = vec![(String::new(), vec![1.0; self.samples.len()])];
        for block in blocks {
            let named = block.names.iter().zip(&block.columns);
            products = named
                .flat_map(|(name, column)| products.iter().map(move |p| times(p, name, column)))
                .collect();
        }
        let (names, columns): (Vec<_>, Vec<_>) = products.into_iter().unzip();
        self.names.extend(names);
        self.columns.extend(columns);
    }

    fn finish(self, formula: &str) -> Result<DesignMatrix, DesignError> {
        let matrix = Matrix::from_fn(self.samples.len(), self.names.len(), |i, j| self.columns[j][i]);
        if let Some(explanation) = rank::explain_deficiency(&matrix, &self.names, &self.terms) {
            return Err(DesignError::Confounded { explanation });
        }
        Ok(DesignMatrix {
            samples: Arc::clone(self.samples),
            formula: formula.to_owned(),
            coefficients: self.names,
            matrix,
            factors: self.factors,
        })
    }
}

fn times(product: &(String, Vec<f64>), name: &str, column: &[f64]) -> (String, Vec<f64>) {
    let joined = if product.0.is_empty() { name.to_owned() } else { format!("{}:{name}", product.0) };
    (joined, product.1.iter().zip(column).map(|(a, b)| a * b).collect())
}

#[cfg(test)]
mod tests {
    use alkaline_core::samples::SampleRecord;

    use super::*;

    fn sheet(rows: &[(&str, &[&str])], variables: &[&str]) -> (SampleSheet, Arc<SampleIndex>) {
        let samples = rows.iter().map(|(id, values)| SampleRecord {
            id: (*id).into(),
            file: None,
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
        ContrastSpec {
            id: "c".into(),
            variable: "condition".into(),
            reference: reference.into(),
            target: target.into(),
            blocking: Vec::new(),
        }
    }

    #[test]
    fn recurring_codes_are_factors_and_measurements_are_numbers() {
        let design = design("~ batch + condition + dose").unwrap();
        assert_eq!(design.coefficients(), ["(Intercept)", "batch2", "conditiontrt", "dose"]);
        assert_eq!(design.matrix().row(3), [1.0, 1.0, 1.0, 4.0]);
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
        let spec = |target: &str| ContrastSpec::of_coefficients(target);
        let with = design("~ batch + condition").unwrap();
        assert_eq!(with.contrast_of_expression(&spec("trt - ctl")).unwrap().weights, [0.0, 0.0, 1.0]);
        assert_eq!(
            with.contrast_of_expression(&spec("conditiontrt - `2`/2")).unwrap().weights,
            [0.0, -0.5, 1.0]
        );
        let without = design("~ 0 + condition").unwrap();
        assert_eq!(without.contrast_of_expression(&spec("trt - ctl")).unwrap().weights, [-1.0, 1.0]);
        let message = with.contrast_of_expression(&spec("drug - ctl")).unwrap_err().to_string();
        assert!(
            message.contains("`drug` is neither a coefficient") && message.contains("`trt`"),
            "{message}"
        );
    }

    #[test]
    fn samples_of_one_design_row_are_alike() {
        let groups = design("~ condition").unwrap().alike();
        assert_eq!(groups.codes(), [0, 0, 1, 1]);
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
    }
}
