//! Finds times and events in a table about patients.
//!
//! A status column has two kinds of text, a time column numbers; their names say which endpoint they belong to. A column called
//! `censored` is never taken: tables disagree on what its ones mean.

use std::path::Path;

use alkaline_core::cohort::{ClinicalColumn, ClinicalTable, Endpoint, TimeUnit};
use alkaline_core::words::{count, listed};

use super::status::{Coding, coding};
use super::words::{has, number, words};
use crate::error::{FileProblems, Problem, ReadError, nearest};

/// What the user says about endpoints; what is not said is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointRequest {
    /// The column of the times.
    pub time: Option<String>,
    /// The column of the events.
    pub event: Option<String>,
    /// The text of the event.
    pub event_value: Option<String>,
    /// What times are counted in.
    pub unit: Option<TimeUnit>,
}

/// Endpoints, and what was decided about them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoints {
    /// The endpoints; there is at least one.
    pub endpoints: Vec<Endpoint>,
    /// What was decided.
    pub notices: Vec<String>,
    /// What is doubtful.
    pub warnings: Vec<String>,
}

/// Words of the names of time columns.
const TIME: [&str; 22] = [
    "time", "times", "months", "month", "mo", "days", "day", "years", "year", "yrs", "yr", "weeks",
    "survival", "surv", "followup", "follow", "fu", "futime", "stime", "ostime", "pfstime", "duration",
];
/// Those that are no unit.
const OUTRIGHT: [&str; 9] =
    ["time", "times", "survival", "surv", "followup", "follow", "fu", "futime", "duration"];
/// Words of the names of status columns.
const STATUS: [&str; 19] = [
    "status",
    "event",
    "events",
    "evt",
    "evnt",
    "death",
    "dead",
    "died",
    "deceased",
    "vital",
    "progression",
    "progressed",
    "relapse",
    "recurrence",
    "fustat",
    "rel",
    "recur",
    "d",
    "e",
];
/// Shorter follow-up than this, without a unit, may be counted in years.
const PERHAPS_YEARS: f64 = 15.0;
/// Longer follow-up than this, without a unit, may be counted in days.
const PERHAPS_DAYS: f64 = 400.0;

/// Finds the endpoints of `table`, which was read from `path`.
///
/// # Errors
/// [`ReadError`] when a column named is not there, no endpoint can be found, a status has a third value, or a time is negative.
pub fn endpoints(
    path: &Path,
    table: &ClinicalTable,
    request: &EndpointRequest,
) -> Result<Endpoints, ReadError> {
    let pairs = match (&request.time, &request.event) {
        (Some(time), Some(event)) => {
            let (time, event) = (named(path, table, time)?, named(path, table, event)?);
            let name = kind(&event.name).or_else(|| kind(&time.name)).unwrap_or("survival");
            vec![(name.to_owned(), time, event)]
        }
        _ => found(table),
    };
    if pairs.is_empty() {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let message = format!("no pair of columns with times and events was found among {}", listed(&names));
        return Err(FileProblems::one(
            path,
            Problem::of_file(message).hint("name them: --time COLUMN --event COLUMN"),
        )
        .into());
    }
    let mut all = Endpoints::default();
    let mut problems = Vec::new();
    for (name, time, event) in pairs {
        let coding = coding(&event.cells, request.event_value.as_deref());
        problems.extend(unknown_codes(event, &coding));
        problems.extend(negative_times(table, time));
        let unit = request.unit.or_else(|| unit_of(&time.name));
        let endpoint = Endpoint {
            name,
            time_column: time.name.clone(),
            event_column: event.name.clone(),
            unit,
            times: time.cells.iter().map(|cell| number(cell).unwrap_or(f64::NAN)).collect(),
            events: coding.events.clone(),
        };
        all.notices.push(format!(
            "{}: times in `{}`{}, events in `{}` ({})",
            endpoint.name,
            time.name,
            unit.map_or_else(String::new, |unit| format!(" ({})", unit.word())),
            event.name,
            coding.in_words()
        ));
        all.warnings.extend(doubts(&endpoint));
        all.endpoints.push(endpoint);
    }
    FileProblems::check(path, problems)?;
    Ok(all)
}

fn named<'a>(path: &Path, table: &'a ClinicalTable, name: &str) -> Result<&'a ClinicalColumn, ReadError> {
    table.column(name).ok_or_else(|| {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let problem = Problem::of_file(format!("there is no column `{name}`; there are {}", listed(&names)));
        let problem = match nearest(name, names.iter().copied()) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem,
        };
        FileProblems::one(path, problem).into()
    })
}

/// Pairs of columns whose names tell the same endpoint; else the only pair there is.
fn found(table: &ClinicalTable) -> Vec<(String, &ClinicalColumn, &ClinicalColumn)> {
    let times: Vec<&ClinicalColumn> = table.columns.iter().filter(|column| is_time(column)).collect();
    let statuses: Vec<&ClinicalColumn> = table.columns.iter().filter(|column| is_status(column)).collect();
    let mut pairs: Vec<(String, &ClinicalColumn, &ClinicalColumn)> = Vec::new();
    for &status in &statuses {
        let own = kind(&status.name);
        let partner = times.iter().find(|time| own.is_some() && kind(&time.name) == own);
        if let (Some(name), Some(&time)) = (own, partner)
            && !pairs.iter().any(|(known, ..)| known == name)
        {
            pairs.push((name.to_owned(), time, status));
        }
    }
    // a name that speaks of time itself is better evidence than a unit (`pack-years`)
    let outright: Vec<&ClinicalColumn> =
        times.iter().copied().filter(|column| has(&words(&column.name), &OUTRIGHT)).collect();
    let times = if outright.len() == 1 { outright } else { times };
    if pairs.is_empty()
        && let ([time], [status]) = (times.as_slice(), statuses.as_slice())
    {
        let name = kind(&status.name).or_else(|| kind(&time.name)).unwrap_or("survival");
        pairs.push((name.to_owned(), time, status));
    }
    pairs
}

/// The endpoint that a name speaks of.
fn kind(name: &str) -> Option<&'static str> {
    let words = words(name);
    let has = |wanted: &[&str]| has(&words, wanted);
    let free_of = |what: &[&str]| has(what) && has(&["free"]);
    if has(&["dss"]) || (has(&["specific"]) && has(&["disease"])) {
        Some("DSS")
    } else if has(&["dmfs", "metastasis"]) || free_of(&["metastasis"]) {
        Some("DMFS")
    } else if has(&["efs", "ef"]) || free_of(&["event"]) {
        Some("EFS")
    } else if has(&["dfs"]) || free_of(&["disease"]) {
        Some("DFS")
    } else if has(&["rfs", "relapse", "recurrence"]) {
        Some("RFS")
    } else if has(&["pfs", "progression", "progressed", "progress"]) {
        Some("PFS")
    } else if has(&["os", "overall", "death", "dead", "died", "deceased", "vital"]) {
        Some("OS")
    } else {
        None
    }
}

/// Whether a column holds times: numbers of more than two values, under a name that says so.
fn is_time(column: &ClinicalColumn) -> bool {
    let words = words(&column.name);
    if !has(&words, &TIME) || has(&words, &["age", "status", "birth", "diagnosis"]) {
        return false;
    }
    let told: Vec<&String> = column.cells.iter().filter(|cell| !cell.is_empty()).collect();
    let mut numbers: Vec<f64> = told.iter().filter_map(|cell| number(cell)).collect();
    if numbers.len() * 10 < told.len() * 8 {
        return false;
    }
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    numbers.len() > 2
}

/// Whether a column holds a status: mostly texts that are understood, under a name that says so.
fn is_status(column: &ClinicalColumn) -> bool {
    let words = words(&column.name);
    let named = has(&words, &STATUS) || (kind(&column.name).is_some() && !has(&words, &TIME));
    if !named || has(&words, &["censored", "censor", "censoring"]) {
        return false;
    }
    let coding = coding(&column.cells, None);
    let understood: usize = coding.texts.values().filter(|(event, _)| event.is_some()).map(|(_, n)| n).sum();
    let told: usize = coding.texts.values().map(|(_, n)| n).sum();
    understood > 0 && understood * 2 >= told
}

/// The unit that a name tells.
fn unit_of(name: &str) -> Option<TimeUnit> {
    let words = words(name);
    let units = [
        (TimeUnit::Days, ["days", "day", "d"]),
        (TimeUnit::Weeks, ["weeks", "week", "wk"]),
        (TimeUnit::Months, ["months", "month", "mo"]),
        (TimeUnit::Years, ["years", "year", "yrs"]),
    ];
    units.into_iter().find(|(_, names)| has(&words, names)).map(|(unit, _)| unit)
}

fn unknown_codes(event: &ClinicalColumn, coding: &Coding) -> Option<Problem> {
    let unknown = coding.unknown();
    if unknown.is_empty() {
        return None;
    }
    let message = format!(
        "{} tells neither an event nor its absence; understood: {}",
        listed(&unknown),
        coding.in_words()
    );
    let hint = "say which text is the event: --event-value TEXT (all others are then censored), or leave those cells empty";
    Some(Problem::of_file(message).in_column(&event.name).hint(hint))
}

fn negative_times(table: &ClinicalTable, time: &ClinicalColumn) -> Vec<Problem> {
    let negative = |(row, cell): (usize, &String)| {
        let value = number(cell).filter(|value| *value < 0.0)?;
        let message = format!("the time of `{}` is {value}; follow-up cannot be negative", table.ids[row]);
        Some(Problem::at_line(table.lines[row], message).in_column(&time.name))
    };
    time.cells.iter().enumerate().filter_map(negative).collect()
}

/// What is worth a second look.
fn doubts(endpoint: &Endpoint) -> Vec<String> {
    let mut doubts = Vec::new();
    let pairs = || endpoint.times.iter().zip(&endpoint.events);
    let longest = endpoint.times.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let name = &endpoint.name;
    if endpoint.unit.is_none() {
        let guess = if longest < PERHAPS_YEARS {
            " (years?)"
        } else if longest > PERHAPS_DAYS {
            " (days?)"
        } else {
            ""
        };
        doubts.push(format!(
            "{name}: nothing says what `{}` is counted in; the longest is {longest}{guess}: say it by --time-unit",
            endpoint.time_column
        ));
    }
    let zeros = endpoint.times.iter().filter(|&&time| time == 0.0).count();
    if zeros > 0 {
        doubts.push(format!("{name}: {} followed for no time at all (time 0)", count(zeros, "patient")));
    }
    let timeless = pairs().filter(|(time, event)| time.is_nan() && **event == Some(true)).count();
    if timeless > 0 {
        doubts.push(format!("{name}: {} without a time cannot be used", count(timeless, "event")));
    }
    doubts
}

#[cfg(test)]
mod tests;
