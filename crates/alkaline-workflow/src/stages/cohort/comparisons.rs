//! Responders against non-responders, before against after, patients by group of a marker, marker against marker.

use alkaline_core::cohort::{ClinicalColumn, Endpoint};
use alkaline_core::words::count;
use alkaline_math::multiple_testing::benjamini_hochberg;
use alkaline_math::order_statistics::median;
use alkaline_survival::cut::{Split, split};
use alkaline_survival::groups::{self, CorrelationKind};
use ndarray::Array2;

use super::covariates::{levels, numbers};
use super::input::Cohort;
use super::options::CohortOptions;
use super::rows::{ComparisonRow, CorrelationRow, TableOneRow};
use crate::error::WorkflowError;

/// Expected counts below this ask for Fisher's test.
const FEW_EXPECTED: f64 = 5.0;
/// Texts that a clinical column may have to be described.
const MOST_LEVELS: usize = 8;

/// Every marker in responders and non-responders of an endpoint.
pub fn responders(
    cohort: &Cohort,
    endpoint: &Endpoint,
    options: &CohortOptions,
    notices: &mut Vec<String>,
) -> Vec<ComparisonRow> {
    let Some(responds) = options.responders else { return Vec::new() };
    let resists = options.non_responders.unwrap_or(responds);
    let patients = 0..cohort.clinical.ids.len();
    let responder: Vec<usize> = patients.clone().filter(|&row| endpoint.times[row] > responds).collect();
    let other: Vec<usize> = patients
        .filter(|&row| endpoint.events[row] == Some(true) && endpoint.times[row] <= resists.min(responds))
        .collect();
    notices.push(format!(
        "{}: {} without the event up to {responds}, {} with it by {resists}; those who left before are neither",
        endpoint.name,
        count(responder.len(), "responder"),
        count(other.len(), "non-responder")
    ));
    let name = format!("{}: non-responders against responders", endpoint.name);
    let of = |values: &[f64], rows: &[usize]| {
        rows.iter().map(|&row| values[row]).filter(|v| v.is_finite()).collect::<Vec<_>>()
    };
    let rows = cohort.markers.iter().map(|marker| {
        let (first, second) = (of(&marker.values, &other), of(&marker.values, &responder));
        compared(&name, &marker.name, first, second, false)
    });
    with_fdr(rows.collect())
}

/// Every marker before and after.
pub fn pairs(cohort: &Cohort, options: &CohortOptions) -> Vec<ComparisonRow> {
    let Some((_, earlier, later)) = &options.pairs else { return Vec::new() };
    let name = format!("{later} against {earlier}, paired");
    let rows = cohort.pairs.iter().map(|pair| {
        let both: Vec<(f64, f64)> = pair
            .after
            .iter()
            .copied()
            .zip(pair.before.iter().copied())
            .filter(|(a, b)| a.is_finite() && b.is_finite())
            .collect();
        let (after, before) = both.into_iter().unzip();
        compared(&name, &pair.name, after, before, true)
    });
    with_fdr(rows.collect())
}

fn compared(
    comparison: &str,
    marker: &str,
    first: Vec<f64>,
    second: Vec<f64>,
    paired: bool,
) -> ComparisonRow {
    let middle = |values: &[f64]| median(&mut values.to_vec());
    let medians = (middle(&first), middle(&second));
    let mut row = ComparisonRow {
        comparison: comparison.to_owned(),
        marker: marker.to_owned(),
        sizes: (first.len(), second.len()),
        medians,
        difference: medians.0 - medians.1,
        student_p: f64::NAN,
        welch_p: f64::NAN,
        wilcoxon_p: f64::NAN,
        fdr: f64::NAN,
        note: String::new(),
        values: (Vec::new(), Vec::new()),
    };
    let ranks = if paired {
        let differences: Vec<f64> = first.iter().zip(&second).map(|(a, b)| a - b).collect();
        row.difference = middle(&differences);
        row.student_p = groups::paired(&first, &second).map_or(f64::NAN, |test| test.p);
        groups::signed_rank(&first, &second).map(|test| test.p)
    } else {
        row.student_p = groups::student(&first, &second).map_or(f64::NAN, |test| test.p);
        row.welch_p = groups::welch(&first, &second).map_or(f64::NAN, |test| test.p);
        groups::rank_sum(&first, &second).map(|test| test.p)
    };
    match ranks {
        Ok(p) => row.wilcoxon_p = p,
        Err(error) => row.note = error.to_string(),
    }
    row.values = (first, second);
    row
}

fn with_fdr(mut rows: Vec<ComparisonRow>) -> Vec<ComparisonRow> {
    let tested: Vec<usize> = (0..rows.len()).filter(|&at| !rows[at].wilcoxon_p.is_nan()).collect();
    let adjusted = benjamini_hochberg(&tested.iter().map(|&at| rows[at].wilcoxon_p).collect::<Vec<_>>());
    tested.into_iter().zip(adjusted).for_each(|(at, fdr)| rows[at].fdr = fdr);
    rows
}

/// Patients below and above the median of a marker, described by their clinical columns.
pub fn table_one(cohort: &Cohort, marker: &str) -> Vec<TableOneRow> {
    let Some(marker) = cohort.markers.iter().find(|found| found.name == marker) else { return Vec::new() };
    let groups = split(&marker.values, &Split::Median.cuts(&marker.values));
    let outcome = |name: &str| {
        cohort.endpoints.iter().any(|endpoint| endpoint.time_column == name || endpoint.event_column == name)
    };
    let described = cohort.clinical.columns.iter().filter(|column| !outcome(&column.name));
    described.flat_map(|column| describe(column, &groups)).collect()
}

fn describe(column: &ClinicalColumn, groups: &[Option<usize>]) -> Vec<TableOneRow> {
    let levels = levels(column);
    let told: usize = levels.values().sum();
    match numbers(column) {
        Some(values) if levels.len() > 2 => vec![described_number(column, &values, groups)],
        _ if (2..=MOST_LEVELS).contains(&levels.len()) && levels.len() * 2 <= told => {
            described_levels(column, &levels.into_keys().collect::<Vec<_>>(), groups)
        }
        _ => Vec::new(),
    }
}

fn described_number(column: &ClinicalColumn, values: &[f64], groups: &[Option<usize>]) -> TableOneRow {
    let of = |group: usize| {
        let members =
            values.iter().zip(groups).filter(|(value, own)| value.is_finite() && **own == Some(group));
        members.map(|(value, _)| *value).collect::<Vec<f64>>()
    };
    let (low, high) = (of(0), of(1));
    let in_words = |values: &[f64]| {
        let range = values
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |range, v| (range.0.min(*v), range.1.max(*v)));
        if values.is_empty() {
            "none".to_owned()
        } else {
            format!("{} ({} to {})", median(&mut values.to_vec()), range.0, range.1)
        }
    };
    TableOneRow {
        variable: column.name.clone(),
        level: "median (range)".to_owned(),
        low: in_words(&low),
        high: in_words(&high),
        test: "Wilcoxon",
        p: groups::rank_sum(&low, &high).map_or(f64::NAN, |test| test.p),
    }
}

fn described_levels(column: &ClinicalColumn, levels: &[&str], groups: &[Option<usize>]) -> Vec<TableOneRow> {
    let number = |level: &str, group: usize| {
        column.cells.iter().zip(groups).filter(|(cell, own)| *cell == level && **own == Some(group)).count()
    };
    let counts =
        Array2::from_shape_fn((levels.len(), 2), |(level, group)| number(levels[level], group) as f64);
    let (mut test, mut p) = ("chi-square", f64::NAN);
    if let Ok(found) = groups::chi_square(counts.view(), true) {
        p = found.p;
        if found.smallest_expected < FEW_EXPECTED && levels.len() == 2 {
            let cell = |level: usize, group: usize| counts[[level, group]] as u64;
            (test, p) = ("Fisher", groups::fisher([[cell(0, 0), cell(0, 1)], [cell(1, 0), cell(1, 1)]]).p);
        }
    }
    let totals = [counts.column(0).sum(), counts.column(1).sum()];
    let share = |level: usize, group: usize| {
        format!(
            "{} ({:.0} %)",
            counts[[level, group]],
            100.0 * counts[[level, group]] / totals[group].max(1.0)
        )
    };
    let row = |(at, level): (usize, &&str)| TableOneRow {
        variable: column.name.clone(),
        level: (*level).to_owned(),
        low: share(at, 0),
        high: share(at, 1),
        test: if at == 0 { test } else { "" },
        p: if at == 0 { p } else { f64::NAN },
    };
    levels.iter().enumerate().map(row).collect()
}

/// The correlations asked for.
pub fn correlations(cohort: &Cohort, options: &CohortOptions) -> Result<Vec<CorrelationRow>, WorkflowError> {
    let mut rows = Vec::new();
    let kinds = [
        ("Pearson", CorrelationKind::Pearson),
        ("Spearman", CorrelationKind::Spearman),
        ("Kendall", CorrelationKind::Kendall),
    ];
    for (first, second) in &options.correlate {
        let (x, y) = both(cohort, first, second)?;
        for (word, kind) in kinds {
            let found = groups::correlation(&x, &y, kind)
                .map_err(|error| WorkflowError::design(format!("{first} and {second}: {error}")))?;
            rows.push(CorrelationRow {
                first: first.clone(),
                second: second.clone(),
                kind: word,
                pairs: found.pairs,
                estimate: found.estimate,
                interval: found.interval,
                p: found.p,
            });
        }
    }
    Ok(rows)
}

fn both(cohort: &Cohort, first: &str, second: &str) -> Result<(Vec<f64>, Vec<f64>), WorkflowError> {
    let find = |name: &str| {
        let found = cohort.markers.iter().find(|marker| marker.name == name);
        found.ok_or_else(|| WorkflowError::design(format!("--correlate: there is no marker `{name}`")))
    };
    let (x, y) = (&find(first)?.values, &find(second)?.values);
    Ok(x.iter().zip(y).filter(|(x, y)| x.is_finite() && y.is_finite()).map(|(x, y)| (*x, *y)).unzip())
}
