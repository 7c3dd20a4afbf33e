//! From a parsed formula to columns: how factors are coded, and what the columns are called.
//!
//! As R's `model.matrix`: a factor has a column for its baseline too where the term without that factor is not in the model, and
//! without an intercept the first factor has one.

use std::sync::Arc;

use alkaline_core::samples::{ModelFormula, is_missing};
use alkaline_core::spelling::did_you_mean;
use alkaline_core::words::listed;
use alkaline_core::{Groups, SampleIndex, SampleSheet};
use ndarray::Array2;

use super::formula::{Formula, Term, Variable};
use super::reading::{self, Reading, reading};
use super::{DesignError, DesignMatrix, DesignVariable, Factor, quoted, rank};

impl DesignMatrix {
    /// The design that a formula describes, for the samples of a count matrix in their order.
    ///
    /// `~ batch + condition` has an intercept; `~ 0 + condition` gives every level its own coefficient; `a:b` is an
    /// interaction and `a * b` is short for `a + b + a:b`. Columns whose values are all numbers are numbers or factors by
    /// the rules of the module `reading`; `numeric(x)` and `factor(x)` decide otherwise, and
    /// [`variables`](Self::variables) tells. Levels are sorted as R sorts them; the first is the baseline unless `baselines`
    /// (variable, level) names another. A variable that stands there is a factor, also without a level.
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
        let builder = Builder::new(sheet, samples, &formula.0, baselines, &parsed)?;
        builder.design(parsed)
    }
}

/// The columns that one variable contributes.
struct Block {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    factor: Option<Factor>,
}

/// Columns under way.
struct Builder<'a> {
    sheet: &'a SampleSheet,
    samples: &'a Arc<SampleIndex>,
    formula: &'a str,
    baselines: &'a [(&'a str, &'a str)],
    names: Vec<String>,
    /// The term that each column belongs to; none for the intercept.
    terms: Vec<String>,
    columns: Vec<Vec<f64>>,
    factors: Vec<Factor>,
    variables: Vec<DesignVariable>,
    /// Whether the next factor gets a column for its first level whatever else is in the model.
    full_next: bool,
}

impl<'a> Builder<'a> {
    /// The columns of all terms of `parsed`.
    pub(super) fn new(
        sheet: &'a SampleSheet,
        samples: &'a Arc<SampleIndex>,
        formula: &'a str,
        baselines: &'a [(&'a str, &'a str)],
        parsed: &Formula,
    ) -> Result<Self, DesignError> {
        let mut builder = Self {
            sheet,
            samples,
            formula,
            baselines,
            names: Vec::new(),
            terms: Vec::new(),
            columns: Vec::new(),
            factors: Vec::new(),
            variables: Vec::new(),
            full_next: !parsed.intercept,
        };
        if parsed.intercept {
            builder.names.push("(Intercept)".to_owned());
            builder.terms.push(String::new());
            builder.columns.push(vec![1.0; samples.len()]);
        }
        for term in &parsed.terms {
            let blocks: Result<Vec<Block>, DesignError> =
                term.variables.iter().map(|v| builder.block(v, !parsed.has_margin(term, v))).collect();
            builder.add(term, blocks?);
            let name = term.variables.iter().map(|v| v.name.as_str()).collect::<Vec<_>>().join(":");
            builder.terms.resize(builder.names.len(), name);
        }
        Ok(builder)
    }

    /// The columns of one variable within a term; `full` gives a factor one for its baseline too.
    fn block(&mut self, variable: &Variable, full: bool) -> Result<Block, DesignError> {
        let values = self.values(&variable.name)?;
        self.refuse_missing(&variable.name, &values)?;
        if let Some(value) = values.first().filter(|first| values.iter().all(|v| v == *first)) {
            return Err(DesignError::ConstantVariable {
                variable: variable.name.clone(),
                value: value.clone(),
            });
        }
        let baseline =
            self.baselines.iter().find(|(name, _)| *name == variable.name).map(|(_, level)| *level);
        let reading = reading(variable, &values, baseline.is_some());
        if reading.is_number {
            let block = self.numeric(&variable.name, &values)?;
            self.note(&variable.name, None, values, reading);
            return Ok(block);
        }
        let full = full || std::mem::take(&mut self.full_next);
        let (block, levels) = self.factor(&variable.name, &values, baseline, full);
        self.note(&variable.name, Some(levels), values, reading);
        Ok(block)
    }

    /// Refuses a column that does not tell every sample: R would leave such samples out, and a level `NA` is none.
    fn refuse_missing(&self, variable: &str, values: &[String]) -> Result<(), DesignError> {
        let names = self.samples.ids().iter().zip(values).filter(|(_, value)| is_missing(value));
        let names: Vec<&str> = names.map(|(id, _)| id.as_str()).collect();
        match values.iter().find(|value| is_missing(value)) {
            Some(value) => Err(DesignError::MissingValue {
                variable: variable.to_owned(),
                samples: listed(&names),
                value: if value.trim().is_empty() { "empty".to_owned() } else { value.trim().to_owned() },
            }),
            None => Ok(()),
        }
    }

    /// Remembers how a column of the sheet was read.
    fn note(&mut self, name: &str, levels: Option<Vec<String>>, values: Vec<String>, reading: Reading) {
        if self.variables.iter().all(|known| known.name != name) {
            let samples: Vec<String> = self.samples.ids().iter().map(ToString::to_string).collect();
            let note = reading::in_words(name, &values, &samples, reading);
            self.variables.push(DesignVariable { name: name.to_owned(), levels, values, note });
        }
    }

    fn values(&self, variable: &str) -> Result<Vec<String>, DesignError> {
        let sheet = self.sheet;
        let column = sheet.variables.iter().position(|name| name == variable);
        let column = column.ok_or_else(|| DesignError::UnknownVariable {
            formula: self.formula.to_owned(),
            variable: variable.to_owned(),
            known: quoted(&sheet.variables),
            meant: did_you_mean(variable, sheet.variables.iter().map(String::as_str)),
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
            reading::number(value).ok_or_else(|| DesignError::NotANumber {
                variable: variable.to_owned(),
                sample: self.samples.ids()[i].to_string(),
                value: value.clone(),
            })
        };
        let column: Result<Vec<f64>, DesignError> = values.iter().enumerate().map(number).collect();
        Ok(Block { names: vec![variable.to_owned()], columns: vec![column?], factor: None })
    }

    /// The dummy columns of a factor, and its levels.
    fn factor(
        &self,
        variable: &str,
        values: &[String],
        baseline: Option<&str>,
        full: bool,
    ) -> (Block, Vec<String>) {
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
        let levels = order.iter().map(|&code| groups.levels()[code].clone()).collect();
        block.factor = Some(Factor { variable: variable.to_owned(), groups, columns: places });
        (block, levels)
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

    /// The design, when its columns are independent.
    pub(super) fn design(self, parsed: Formula) -> Result<DesignMatrix, DesignError> {
        let shape = (self.samples.len(), self.names.len());
        let matrix = Array2::from_shape_fn(shape, |(i, j)| self.columns[j][i]);
        if let Some(explanation) = rank::explain_deficiency(matrix.view(), &self.names, &self.terms) {
            return Err(DesignError::Confounded { explanation });
        }
        Ok(DesignMatrix {
            samples: Arc::clone(self.samples),
            formula: self.formula.to_owned(),
            parsed,
            coefficients: self.names,
            matrix,
            factors: self.factors,
            variables: self.variables,
        })
    }
}

fn times(product: &(String, Vec<f64>), name: &str, column: &[f64]) -> (String, Vec<f64>) {
    let joined = if product.0.is_empty() { name.to_owned() } else { format!("{}:{name}", product.0) };
    (joined, product.1.iter().zip(column).map(|(a, b)| a * b).collect())
}
