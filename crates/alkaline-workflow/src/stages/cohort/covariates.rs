//! Clinical columns as covariates of a model.

use std::collections::BTreeMap;

use alkaline_core::cohort::{ClinicalColumn, ClinicalTable};

use crate::error::WorkflowError;

/// A covariate: a name, and a value a patient; NaN where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariate {
    pub name: String,
    pub values: Vec<f64>,
}

/// Levels that a column of text may have.
const MOST_LEVELS: usize = 10;

/// The columns named: numbers as they are, texts as indicators against their first level.
pub fn covariates(table: &ClinicalTable, names: &[String]) -> Result<Vec<Covariate>, WorkflowError> {
    let mut all = Vec::new();
    for name in names {
        let column = table.column(name).ok_or_else(|| {
            let known: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            WorkflowError::design(format!(
                "there is no clinical column `{name}`; there are {}",
                known.join(", ")
            ))
        })?;
        match numbers(column) {
            Some(values) => all.push(Covariate { name: column.name.clone(), values }),
            None => all.extend(indicators(column)?),
        }
    }
    Ok(all)
}

/// The cells as numbers, where all that tell anything are.
pub fn numbers(column: &ClinicalColumn) -> Option<Vec<f64>> {
    let number = |cell: &String| if cell.is_empty() { Some(f64::NAN) } else { cell.parse().ok() };
    let values: Vec<f64> = column.cells.iter().map(number).collect::<Option<_>>()?;
    values.iter().any(|value| !value.is_nan()).then_some(values)
}

/// How often each text occurs, by text.
pub fn levels(column: &ClinicalColumn) -> BTreeMap<&str, usize> {
    let mut levels = BTreeMap::new();
    for cell in column.cells.iter().filter(|cell| !cell.is_empty()) {
        *levels.entry(cell.as_str()).or_insert(0) += 1;
    }
    levels
}

fn indicators(column: &ClinicalColumn) -> Result<Vec<Covariate>, WorkflowError> {
    let levels: Vec<&str> = levels(column).into_keys().collect();
    if levels.len() < 2 || levels.len() > MOST_LEVELS {
        let message = format!(
            "clinical column `{}` has {} values; a covariate has 2 to {MOST_LEVELS}, or numbers",
            column.name,
            levels.len()
        );
        return Err(WorkflowError::design(message));
    }
    let one = |level: &&str| Covariate {
        name: format!("{} {level} (against {})", column.name, levels[0]),
        values: column
            .cells
            .iter()
            .map(|cell| if cell.is_empty() { f64::NAN } else { f64::from(u8::from(cell == level)) })
            .collect(),
    };
    Ok(levels[1..].iter().map(one).collect())
}
