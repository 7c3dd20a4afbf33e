//! Whether a contrast fits the sample sheet and its design: everything that can be told before anything is computed.

use alkaline_core::samples::is_missing;
use alkaline_core::spelling::{did_you_mean, nearest};
use alkaline_core::words::{count, listed};
use alkaline_core::{ContrastSpec, SampleSheet};
use alkaline_dge::{DesignError, names_in_expression};
use alkaline_io::Problem;

use crate::error::{NO_DESIGN, WorkflowError};
use crate::spec::sheet::{CONDITION, sample_index, samples_kept, samples_tested, values_or_names};
use crate::stages::test::{TestSettings, design_of};

/// What is wrong with `contrast`, in the columns of a contrast file; problems of the common design have no column.
///
/// An expression that names levels of one column of the sheet learns its variable here.
pub fn problems(contrast: &mut ContrastSpec, sheet: &SampleSheet, settings: &TestSettings) -> Vec<Problem> {
    let mut found = unknown_columns(contrast, sheet);
    found.extend(unknown_levels(contrast, sheet));
    if found.is_empty() {
        found.extend(nobody_left(contrast, sheet));
    }
    found.extend(missing_values(contrast, sheet, settings));
    if found.is_empty() {
        complete(contrast, sheet);
        found.extend(design_problem(contrast, sheet, settings));
    }
    found
}

/// Samples that a column which is compared, or held constant, says nothing about: they are no group of their own.
fn missing_values(contrast: &ContrastSpec, sheet: &SampleSheet, settings: &TestSettings) -> Vec<Problem> {
    let sheet = samples_tested(sheet, contrast, settings.separate);
    let columns = std::iter::once(&contrast.variable).chain(&contrast.blocking);
    let problem = |column: &String| {
        let values = sheet.values(column)?;
        let without: Vec<&str> = sheet
            .samples
            .iter()
            .zip(&values)
            .filter(|(_, value)| is_missing(value))
            .map(|(sample, _)| sample.id.as_str())
            .collect();
        let found = values.iter().find(|value| is_missing(value))?;
        let found = if found.is_empty() { "the cell is empty" } else { found };
        let who = match without.as_slice() {
            [one] => format!("sample `{one}` has"),
            several => format!("{} samples ({}) have", several.len(), listed(several)),
        };
        let hint = format!("fill the column `{column}` in, or leave the sample out of the sheet");
        Some(Problem::of_file(format!("{who} no {column} ({found})")).hint(hint))
    };
    columns.filter_map(problem).collect()
}

/// Levels of a column that differ only by case, or by what stands between their words.
pub fn levels_alike(column: &str, sheet: &SampleSheet) -> Vec<String> {
    let plain = |level: &str| {
        let words =
            level.split(|c: char| c.is_whitespace() || "_.-".contains(c)).filter(|word| !word.is_empty());
        // what ends a name may be all that tells it from another: ER+ and ER-
        let end: String = level.chars().rev().take_while(|c| !c.is_alphanumeric()).collect();
        format!("{} {end}", words.collect::<Vec<_>>().join(" ").to_lowercase())
    };
    let values = sheet.values(column).unwrap_or_default();
    let mut levels: Vec<(String, &str, usize)> = Vec::new();
    for value in values {
        match levels.iter_mut().find(|(_, level, _)| *level == value) {
            Some((.., size)) => *size += 1,
            None => levels.push((plain(value), value, 1)),
        }
    }
    let mut notices = Vec::new();
    for (place, (key, level, size)) in levels.iter().enumerate() {
        let other = levels[..place].iter().find(|(other, ..)| other == key);
        notices.extend(other.map(|(_, first, first_size)| {
            format!(
                "`{column}` has groups that differ only by case or blanks: `{first}` ({}) and `{level}` ({}); they were taken for two groups",
                count(*first_size, "sample"),
                count(*size, "sample")
            )
        }));
    }
    notices
}

/// The problem's message, which begins with the contrast it is about.
pub fn message(contrast: &ContrastSpec, problem: &Problem) -> String {
    match problem.message.starts_with("contrast `") {
        true => problem.message.clone(),
        false => format!("contrast `{}`: {}", contrast.id, problem.message),
    }
}

/// Columns that the sheet lacks.
fn unknown_columns(contrast: &ContrastSpec, sheet: &SampleSheet) -> Vec<Problem> {
    let variable = Some(("variable", &contrast.variable)).filter(|(_, name)| !name.is_empty());
    let columns = variable.into_iter().chain(contrast.blocking.iter().map(|name| ("blocking", name)));
    let excluding = contrast.exclude.iter().map(|exclude| ("exclude_samples_col", &exclude.column));
    let excluding = excluding.filter(|(_, name)| values_or_names(sheet, name).is_none());
    let unknown = columns.filter(|(_, name)| !sheet.variables.contains(name)).chain(excluding);
    let known = || sheet.variables.iter().map(String::as_str);
    unknown.map(|(column, name)| not_in_sheet("column", name, known()).in_column(column)).collect()
}

/// Levels that no sample has.
fn unknown_levels(contrast: &ContrastSpec, sheet: &SampleSheet) -> Vec<Problem> {
    let Some(values) = sheet.values(&contrast.variable) else { return Vec::new() };
    let levels = [("reference", &contrast.reference), ("target", &contrast.target)];
    let unknown = levels
        .into_iter()
        .filter(|(_, level)| contrast.expression.is_none() && !values.contains(&level.as_str()));
    let what = format!("sample with {} =", contrast.variable);
    unknown
        .map(|(column, level)| not_in_sheet(&what, level, values.iter().copied()).in_column(column))
        .collect()
}

/// Levels all of whose samples the contrast leaves out.
fn nobody_left(contrast: &ContrastSpec, sheet: &SampleSheet) -> Vec<Problem> {
    let kept = samples_kept(sheet, contrast);
    let Some(values) = kept.values(&contrast.variable).filter(|_| contrast.expression.is_none()) else {
        return Vec::new();
    };
    let levels = [&contrast.reference, &contrast.target].into_iter();
    let gone = levels.filter(|level| !values.contains(&level.as_str()));
    gone.map(|level| {
        let message = format!("all samples with {} = `{level}` are left out", contrast.variable);
        Problem::of_file(message).in_column("exclude_samples_values")
    })
    .collect()
}

/// Values by which a contrast would leave samples out, but no sample has them.
pub fn idle_exclusions(contrast: &ContrastSpec, sheet: &SampleSheet) -> Vec<String> {
    let Some(exclude) = &contrast.exclude else { return Vec::new() };
    let told = values_or_names(sheet, &exclude.column).unwrap_or_default();
    let idle = exclude.values.iter().filter(|value| !told.contains(&value.as_str()));
    idle.map(|value| {
        let meant = did_you_mean(value, told.iter().copied());
        format!(
            "contrast `{}` leaves out samples with {} = `{value}`, but no sample has it{meant}",
            contrast.id, exclude.column
        )
    })
    .collect()
}

/// "the sample sheet has no column `y` (it has ...)", with the nearest match.
fn not_in_sheet<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Problem {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    let meant = did_you_mean(name, known.iter().copied());
    let known = if known.is_empty() { "none".to_owned() } else { listed(&known) };
    Problem::of_file(format!("the sample sheet has no {what} `{name}` (it has {known}){meant}"))
}

/// Finds the column whose levels an expression names, when it is not told: `condition`, or the first that has them all.
fn complete(contrast: &mut ContrastSpec, sheet: &SampleSheet) {
    let Some(expression) = contrast.expression.as_ref().filter(|_| contrast.variable.is_empty()) else {
        return;
    };
    let Ok(names) = names_in_expression(expression) else { return };
    let has_all = |variable: &&String| {
        let values = sheet.values(variable).unwrap_or_default();
        names.iter().all(|name| values.contains(&name.as_str()))
    };
    let mut columns: Vec<&String> = sheet.variables.iter().collect();
    columns.sort_by_key(|name| *name != CONDITION);
    if let Some(variable) = columns.into_iter().find(has_all) {
        contrast.variable.clone_from(variable);
    }
}

/// What keeps the design of a contrast from being made, or the contrast from being one of it.
fn design_problem(contrast: &ContrastSpec, sheet: &SampleSheet, settings: &TestSettings) -> Option<Problem> {
    let error = check_design(contrast, sheet, settings).err()?;
    let column = match &error {
        WorkflowError::Model(DesignError::Expression { .. }) => Some("contrast"),
        WorkflowError::NoDesign { .. } => Some("contrast"),
        _ if contrast.formula.is_some() => Some("formula"),
        _ => None,
    };
    let text = match &error {
        WorkflowError::Model(error @ DesignError::Expression { .. }) => {
            Problem::of_file(without_prefix(error))
        }
        WorkflowError::NoDesign { expression } => no_column(expression, sheet),
        _ => {
            let hint = error.hints().into_iter().next();
            Problem { hint, ..Problem::of_file(error.message()) }
        }
    };
    Some(Problem { column: column.map(str::to_owned), ..text })
}

fn check_design(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    settings: &TestSettings,
) -> Result<(), WorkflowError> {
    let sheet = samples_tested(sheet, contrast, settings.separate);
    if let Some(design) = design_of(contrast, &sheet, &sample_index(&sheet)?, settings)? {
        design.contrast(contrast)?;
    }
    Ok(())
}

/// What is wrong with an expression; which contrast it is, is told elsewhere.
fn without_prefix(error: &DesignError) -> String {
    match error {
        DesignError::Expression { expression, problem } => format!("`{expression}`: {problem}"),
        other => other.to_string(),
    }
}

/// The names of an expression that are levels of no column, each with the nearest level.
fn no_column(expression: &str, sheet: &SampleSheet) -> Problem {
    let names = match names_in_expression(expression) {
        Ok(names) => names,
        Err(error) => return Problem::of_file(without_prefix(&error)),
    };
    let levels: Vec<&str> =
        sheet.samples.iter().flat_map(|row| row.values.iter().map(String::as_str)).collect();
    let unknown: Vec<String> = names
        .iter()
        .filter(|name| !levels.contains(&name.as_str()))
        .map(|name| {
            let meant = nearest(name, levels.iter().copied())
                .map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
            format!("`{name}`{meant}")
        })
        .collect();
    let problem = match unknown.is_empty() {
        true => "no column of the sample sheet has all these levels".to_owned(),
        false => format!("no sample has {}", listed(&unknown)),
    };
    Problem::of_file(format!("`{expression}`: {problem}")).hint(NO_DESIGN)
}

#[cfg(test)]
mod tests {
    use alkaline_core::samples::{ModelFormula, SampleRecord};

    use super::*;
    use crate::spec::sheet::samples_compared;

    fn sheet() -> SampleSheet {
        let row = |number: usize, condition: &str, batch: &str| SampleRecord {
            id: format!("s{number}").into(),
            file: None,
            reads: None,
            values: vec![batch.to_owned(), condition.to_owned()],
        };
        let rows = ["parental", "resistant_A", "resistant_B"].iter().flat_map(|c| [(c, "x"), (c, "y")]);
        SampleSheet {
            variables: vec!["batch".into(), "condition".into()],
            samples: rows
                .enumerate()
                .map(|(number, (condition, batch))| row(number, condition, batch))
                .collect(),
        }
    }

    fn of(contrast: &mut ContrastSpec, settings: &TestSettings) -> Vec<String> {
        let found = problems(contrast, &sheet(), settings);
        let column = |problem: &Problem| problem.column.clone().unwrap_or_default();
        found.iter().map(|problem| format!("{}: {}", column(problem), problem.message)).collect()
    }

    #[test]
    fn an_expression_in_levels_learns_its_variable() {
        let mut contrast = ContrastSpec::of_expression("c", "(resistant_A + resistant_B)/2 - parental");
        assert_eq!(of(&mut contrast, &TestSettings::default()), Vec::<String>::new());
        assert_eq!(contrast.variable, "condition");
        let formula = TestSettings::default().formula_for(&contrast).unwrap();
        assert_eq!(formula, Some(ModelFormula("~ 0 + condition".into())));
        assert_eq!(samples_compared(&sheet(), &contrast).samples.len(), 6);
        let fewer = ContrastSpec { expression: Some("resistant_A - parental".into()), ..contrast };
        assert_eq!(samples_compared(&sheet(), &fewer).samples.len(), 4);
    }

    #[test]
    fn names_that_are_nothing_are_told_with_the_nearest() {
        let mut contrast = ContrastSpec::of_expression("c", "resistent_A - parental");
        let message = "contrast: `resistent_A - parental`: no sample has `resistent_A` (did you mean \
                       `resistant_A`?)";
        assert_eq!(of(&mut contrast, &TestSettings::default()), [message]);
        let design = ModelFormula("~ batch + condition".into());
        let settings = TestSettings { design: Some(design), ..TestSettings::default() };
        let found = of(&mut contrast, &settings);
        assert!(
            found[0].starts_with("contrast: ") && found[0].ends_with("did you mean `resistant_A`?"),
            "{found:?}"
        );
        let mut levels = ContrastSpec::between("c", "condition", "parental", "resistent_A");
        let found = of(&mut levels, &settings);
        assert!(
            found[0].starts_with("target: ") && found[0].ends_with("did you mean `resistant_A`?"),
            "{found:?}"
        );
    }

    #[test]
    fn a_formula_of_its_own_is_checked() {
        let mut contrast = ContrastSpec {
            formula: Some(ModelFormula("~ bach + condition".into())),
            ..ContrastSpec::between("c", "condition", "parental", "resistant_A")
        };
        let found = of(&mut contrast, &TestSettings::default());
        assert!(
            found[0].starts_with("formula: ") && found[0].ends_with("did you mean `batch`?"),
            "{found:?}"
        );
    }
}
