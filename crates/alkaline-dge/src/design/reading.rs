//! How a column of the sample sheet enters a design when it holds nothing but numbers: as a number, or as a factor.
//!
//! R reads every such column as a number, so that patients 1 to 6 become one slope unless somebody writes `factor(patient)`: the
//! pairing is then lost without a word. Here the first of these rules that fits decides, and what it decided is said:
//!
//! 1. `factor(x)` and `numeric(x)` in the formula;
//! 2. a column that is held constant (`blocking`), or whose levels are compared, is a factor;
//! 3. a name that tells samples apart (`patient`, `batch`, `donor`, `sex`, ...) is that of a factor, a name of a measure (`age`, `dose`,
//!    `RIN`, `time`, ...) that of a number;
//! 4. whole numbers that recur and are counted off with hardly a gap (1, 2, 3, 1, 2) are codes, hence a factor;
//! 5. everything else is a number, as in R: ages 34, 51, 47, however often they recur; doses 0, 1, 10.

use super::formula::{Kind, Variable};

/// Words in the names of columns that tell samples apart.
const CODES: [&str; 57] = [
    "animal",
    "arm",
    "array",
    "batch",
    "block",
    "cage",
    "cellline",
    "center",
    "centre",
    "chip",
    "class",
    "clone",
    "cluster",
    "cohort",
    "condition",
    "date",
    "donor",
    "exp",
    "experiment",
    "family",
    "flowcell",
    "gender",
    "genotype",
    "group",
    "id",
    "individual",
    "lane",
    "lib",
    "library",
    "line",
    "litter",
    "mice",
    "mouse",
    "operator",
    "pair",
    "pairing",
    "participant",
    "patient",
    "person",
    "plate",
    "pool",
    "rat",
    "rep",
    "replicate",
    "run",
    "sample",
    "set",
    "sex",
    "site",
    "slide",
    "status",
    "strain",
    "subject",
    "tissue",
    "treated",
    "treatment",
    "type",
];

/// Words in the names of columns that measure.
const MEASURES: [&str; 39] = [
    "age",
    "ages",
    "bmi",
    "conc",
    "concentration",
    "density",
    "depth",
    "dosage",
    "dose",
    "fraction",
    "height",
    "hour",
    "hours",
    "hpi",
    "hrs",
    "minutes",
    "month",
    "months",
    "passage",
    "percent",
    "percentage",
    "ph",
    "pmi",
    "proportion",
    "purity",
    "rate",
    "ratio",
    "rin",
    "rqn",
    "score",
    "temp",
    "temperature",
    "time",
    "volume",
    "week",
    "weeks",
    "weight",
    "year",
    "years",
];

/// Why a column is read as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Because {
    /// Some values are no numbers.
    Text,
    /// The formula says so.
    Formula,
    /// It is held constant, or its levels are compared.
    Role,
    /// Its name.
    Name,
    /// Its values are codes.
    Codes,
    /// Nothing speaks against a number.
    Numbers,
}

/// How a column is read, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub is_number: bool,
    pub because: Because,
}

/// Decides about a variable of a formula with these values.
pub(super) fn reading(variable: &Variable, values: &[String], is_factor_by_role: bool) -> Reading {
    let of = |is_number, because| Reading { is_number, because };
    let numbers: Option<Vec<f64>> = values.iter().map(|value| number(value)).collect();
    match (variable.kind, numbers) {
        (Kind::Numeric, _) => of(true, Because::Formula),
        (_, None) => of(false, Because::Text),
        (Kind::Factor, _) => of(false, Because::Formula),
        _ if is_factor_by_role => of(false, Because::Role),
        (_, Some(numbers)) => {
            let words = words(&variable.name);
            let is_named = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
            if is_named(&CODES) {
                of(false, Because::Name)
            } else if is_named(&MEASURES) {
                of(true, Because::Name)
            } else if are_codes(&numbers) {
                of(false, Because::Codes)
            } else {
                of(true, Because::Numbers)
            }
        }
    }
}

/// The finite number that a cell holds.
pub(super) fn number(value: &str) -> Option<f64> {
    value.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// Whether numbers are codes: whole, some recur, and at most half as many again could stand between them.
fn are_codes(numbers: &[f64]) -> bool {
    let mut distinct = numbers.to_vec();
    distinct.sort_unstable_by(f64::total_cmp);
    distinct.dedup();
    let whole = distinct.iter().all(|number| number.fract() == 0.0 && *number >= 0.0);
    let levels = distinct.len();
    whole
        && levels < numbers.len()
        && distinct.last().is_some_and(|most| *most <= (levels + levels / 2) as f64)
}

/// The words of a name, in lower case: `PatientID`, `cell_line` and `batch2` are of two, two and one.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut last = ' ';
    for letter in name.chars() {
        let begins = letter.is_uppercase() && last.is_lowercase();
        if (begins || !letter.is_alphabetic()) && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if letter.is_alphabetic() {
            words.last_mut().into_iter().for_each(|word| word.extend(letter.to_lowercase()));
        }
        last = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// How a column was read, for the user's eyes: of numbers always, of words when most are numbers.
pub(super) fn in_words(
    name: &str,
    values: &[String],
    samples: &[String],
    reading: Reading,
) -> Option<String> {
    let mut levels: Vec<&str> = values.iter().map(|value| value.trim()).collect();
    levels.sort_unstable();
    levels.dedup();
    let levels = levels.len();
    let why = match reading.because {
        Because::Text => return stray_text(name, values, samples, levels),
        Because::Formula => "as the formula says",
        Because::Role => "because its levels are compared or held constant",
        Because::Name => "by its name",
        Because::Codes => "because its values are counted off and recur",
        Because::Numbers => "as its values are numbers",
    };
    Some(match (reading.is_number, reading.because) {
        (true, Because::Formula) => format!("`{name}` was read as a number, {why}"),
        (true, _) => {
            format!("`{name}` was read as a number, {why}; factor({name}) reads it as {levels} levels")
        }
        (false, Because::Formula | Because::Role) => format!("`{name}` was read as {levels} levels, {why}"),
        (false, _) => {
            format!("`{name}` was read as {levels} levels, {why}; numeric({name}) reads it as a number")
        }
    })
}

/// Says of a column that most of its values are numbers, and which are not.
fn stray_text(name: &str, values: &[String], samples: &[String], levels: usize) -> Option<String> {
    let strays: Vec<usize> = (0..values.len()).filter(|&place| number(&values[place]).is_none()).collect();
    if 4 * strays.len() > values.len() {
        return None;
    }
    let place = *strays.first()?;
    Some(format!(
        "`{name}` was read as {levels} levels, because `{}` of sample {} is not a number",
        values[place], samples[place]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_number(name: &str, values: &[&str]) -> bool {
        let variable = Variable { name: name.to_owned(), kind: Kind::ByValues };
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        reading(&variable, &values, false).is_number
    }

    #[test]
    fn codes_of_patients_and_batches_are_factors_though_some_are_lost() {
        assert!(!is_number("x", &["1", "1", "2", "2", "3", "3", "4", "4", "5", "5", "6"]));
        assert!(!is_number("x", &["1", "2", "3", "1", "2"]));
        assert!(!is_number("x", &["1", "1", "2", "2", "4", "4", "5"]));
        assert!(!is_number("Patient_ID", &["1017", "1017", "1023", "2044"]));
        assert!(!is_number("seqRun", &["34", "35", "36", "37"]));
    }

    #[test]
    fn measures_are_numbers_however_often_they_recur() {
        let ages = ["34", "51", "47", "62", "29", "55"].repeat(2);
        assert!(is_number("x", &ages) && is_number("age", &ages));
        assert!(is_number("x", &["0", "1", "10", "0", "1", "10"]));
        assert!(is_number("x", &["7.5", "8.1", "7.5", "8.1"]));
        assert!(is_number("dose_uM", &["0", "1", "2", "0", "1", "2"]));
        assert!(!is_number("age_group", &["1", "2", "1", "2"]));
        assert!(!is_number("x", &["a", "1", "2"]));
    }

    #[test]
    fn formula_and_role_come_first() {
        let values: Vec<String> = ["34", "51", "34"].map(str::to_owned).to_vec();
        let variable = |kind| Variable { name: "age".to_owned(), kind };
        let of = |kind, role| reading(&variable(kind), &values, role);
        assert_eq!(of(Kind::ByValues, true), Reading { is_number: false, because: Because::Role });
        assert_eq!(of(Kind::Numeric, true), Reading { is_number: true, because: Because::Formula });
        assert_eq!(of(Kind::Factor, false), Reading { is_number: false, because: Because::Formula });
    }

    #[test]
    fn a_typing_error_among_numbers_is_told() {
        let values: Vec<String> = ["34", "5I", "47", "62", "29"].map(str::to_owned).to_vec();
        let samples: Vec<String> = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
        let reading = Reading { is_number: false, because: Because::Text };
        let words = in_words("age", &values, &samples, reading).unwrap();
        assert_eq!(words, "`age` was read as 5 levels, because `5I` of sample b is not a number");
    }
}
