//! Reads the files of a cohort and brings patients, endpoints and markers together.

use std::collections::BTreeMap;

use alkaline_core::cohort::{ClinicalColumn, ClinicalTable, Endpoint, Marker, MarkerTable};
use alkaline_core::words::{count, listed_up_to};
use alkaline_io::clinical::{self, MarkerOptions, Match, Names};
use rayon::prelude::*;

use super::options::CohortOptions;
use crate::error::WorkflowError;

/// Patients with endpoints and markers, matched.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// The table about them.
    pub clinical: ClinicalTable,
    /// Endpoints, a value a patient.
    pub endpoints: Vec<Endpoint>,
    /// Markers, a value a patient; NaN where there is none.
    pub markers: Vec<Marker>,
    /// Markers of the earlier and the later sample of patients who have both.
    pub pairs: Vec<PairedMarker>,
    /// Who could not be used, and why.
    pub losses: Vec<(String, String)>,
    /// What was decided.
    pub notices: Vec<String>,
    /// What is doubtful.
    pub warnings: Vec<String>,
    /// Whether markers are genes.
    pub is_expression: bool,
}

/// A marker before and after.
#[derive(Clone, Debug)]
pub struct PairedMarker {
    /// Its name.
    pub name: String,
    /// The earlier value of each pair.
    pub before: Vec<f64>,
    /// The later one.
    pub after: Vec<f64>,
}

/// Names of visits before a treatment.
const BASELINE: [&str; 12] = [
    "baseline",
    "pre",
    "before",
    "0",
    "t0",
    "v0",
    "v1",
    "visit 1",
    "visit1",
    "pretreatment",
    "pre-treatment",
    "screening",
];
/// How many names a message lists.
const LISTED: usize = 5;

/// Reads and matches.
///
/// # Errors
/// [`WorkflowError`] when a file cannot be read, no endpoint is found, or no sample belongs to a patient.
pub fn join(options: &CohortOptions) -> Result<Cohort, WorkflowError> {
    let clinical_file = clinical::read_table(&options.clinical)?;
    let found = clinical::endpoints(&options.clinical, &clinical_file.table, &options.request)?;
    let endpoints = chosen(found.endpoints, &options.endpoints)?;
    let own_columns = endpoints.iter().flat_map(|e| [e.time_column.clone(), e.event_column.clone()]);
    let marker_options = MarkerOptions {
        below: options.below,
        exclude: own_columns.collect(),
        only: options.only.clone(),
        rows_are_patients: is_same_file(options),
    };
    let owners = owners(options)?;
    let mut ids = clinical_file.table.ids.clone();
    ids.extend(owners.keys().cloned());
    let file = clinical::read_markers(&options.markers, &ids, &marker_options)?;
    let say = |path: &std::path::Path, text: &String| format!("{}: {text}", path.display());
    let mut notices: Vec<String> =
        clinical_file.notices.iter().map(|text| say(&options.clinical, text)).collect();
    notices.extend(found.notices.iter().map(|text| say(&options.clinical, text)));
    notices.extend(file.notices.iter().map(|text| say(&options.markers, text)));
    let mut cohort = Cohort {
        clinical: clinical_file.table,
        endpoints,
        markers: Vec::new(),
        pairs: Vec::new(),
        losses: Vec::new(),
        notices,
        warnings: found.warnings,
        is_expression: file.is_expression,
    };
    let patients = whose(&mut cohort, &file.table, &owners, options)?;
    place(&mut cohort, file.table, &patients, options)?;
    tell_losses(&mut cohort);
    Ok(cohort)
}

/// Whether patients and markers stand in one table.
fn is_same_file(options: &CohortOptions) -> bool {
    let found = |path: &std::path::Path| path.canonicalize().ok();
    found(&options.clinical).is_some_and(|clinical| found(&options.markers) == Some(clinical))
}

/// The endpoints asked for.
fn chosen(found: Vec<Endpoint>, wanted: &[String]) -> Result<Vec<Endpoint>, WorkflowError> {
    let names: Vec<String> = found.iter().map(|endpoint| endpoint.name.clone()).collect();
    let lacking = wanted.iter().find(|wanted| !names.iter().any(|name| name.eq_ignore_ascii_case(wanted)));
    if let Some(lacking) = lacking {
        let message = format!("there is no endpoint `{lacking}`; found: {}", names.join(", "));
        return Err(WorkflowError::design_with_hint(
            message,
            "name its columns: --time COLUMN --event COLUMN",
        ));
    }
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|w| w.eq_ignore_ascii_case(name));
    Ok(found.into_iter().filter(|endpoint| is_wanted(&endpoint.name)).collect())
}

/// The patient of each sample, as a table of samples says.
fn owners(options: &CohortOptions) -> Result<BTreeMap<String, String>, WorkflowError> {
    let Some(path) = &options.samples else { return Ok(BTreeMap::new()) };
    let table = clinical::read_samples(path)?;
    Ok(table.into_iter().collect())
}

/// The patient of each sample of the markers, by place; samples of nobody are losses.
fn whose(
    cohort: &mut Cohort,
    markers: &MarkerTable,
    owners: &BTreeMap<String, String>,
    options: &CohortOptions,
) -> Result<Vec<Option<usize>>, WorkflowError> {
    let names = Names::new(&cohort.clinical.ids);
    let find = |sample: &String| names.find(owners.get(sample).unwrap_or(sample));
    let found: Vec<Option<(usize, Match)>> = markers.samples.iter().map(find).collect();
    let matched = found.iter().flatten().count();
    if matched == 0 {
        let message = format!(
            "none of the {} of {} belongs to a patient of {}: {} against {}; its columns are {}",
            count(markers.samples.len(), "sample"),
            options.markers.display(),
            options.clinical.display(),
            listed_up_to(LISTED, &markers.samples),
            listed_up_to(LISTED, &cohort.clinical.ids),
            listed_up_to(
                LISTED,
                markers.beside.iter().map(|c| &c.name).chain(markers.markers.iter().map(|m| &m.name))
            )
        );
        let hint = "give the table that says which sample is whose: --samples FILE";
        return Err(WorkflowError::design_with_hint(message, hint));
    }
    let by = |kind: Match| found.iter().flatten().filter(|(_, how)| *how == kind).count();
    cohort.notices.push(format!(
        "{matched} of {} belong to patients: {} by the same name, {} but for case and punctuation, {} by how their name begins",
        count(markers.samples.len(), "sample"),
        by(Match::Exact),
        by(Match::Alike),
        by(Match::Begins)
    ));
    let nobody = markers.samples.iter().zip(&found).filter(|(_, found)| found.is_none());
    let lost: Vec<(String, String)> = nobody
        .map(|(sample, _)| (sample.clone(), "sample of no patient in the clinical table".to_owned()))
        .collect();
    cohort.losses.extend(lost);
    Ok(found.into_iter().map(|found| found.map(|(place, _)| place)).collect())
}

/// Puts the values of one sample a patient in the order of the patients.
fn place(
    cohort: &mut Cohort,
    table: MarkerTable,
    patients: &[Option<usize>],
    options: &CohortOptions,
) -> Result<(), WorkflowError> {
    if let Some((column, earlier, later)) = &options.pairs {
        pair(cohort, &table, patients, (column, earlier, later), options)?;
    }
    let rows = one_each(cohort, &table, patients, options)?;
    for (patient, row) in rows.iter().enumerate() {
        if row.is_none() {
            cohort.losses.push((cohort.clinical.ids[patient].clone(), "patient without a sample".to_owned()));
        }
    }
    let log2 = options.log2;
    let placed = |marker: Marker| {
        let value = |row: &Option<usize>| row.map_or(f64::NAN, |row| transformed(marker.values[row], log2));
        Marker { values: rows.iter().map(value).collect(), ..marker }
    };
    cohort.markers = table.markers.into_par_iter().map(placed).collect();
    Ok(())
}

fn transformed(value: f64, log2: bool) -> f64 {
    if log2 { (value + 1.0).log2() } else { value }
}

/// The sample of each patient: the only one, that of the visit asked for or recognised, else the first by name.
fn one_each(
    cohort: &mut Cohort,
    table: &MarkerTable,
    patients: &[Option<usize>],
    options: &CohortOptions,
) -> Result<Vec<Option<usize>>, WorkflowError> {
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); cohort.clinical.ids.len()];
    for (row, patient) in patients.iter().enumerate() {
        if let Some(patient) = patient {
            rows[*patient].push(row);
        }
    }
    let several = rows.iter().filter(|rows| rows.len() > 1).count();
    let visit = match (&options.visit, &options.pairs) {
        (Some((column, value)), _) => Some((beside(table, column)?, value.clone())),
        (None, Some((column, earlier, _))) => Some((beside(table, column)?, earlier.clone())),
        (None, None) if several > 0 => recognised(table),
        (None, None) => None,
    };
    if let Some((column, value)) = &visit {
        cohort
            .notices
            .push(format!("of several samples of a patient that with `{value}` in `{}` counts", column.name));
        rows.iter_mut().for_each(|rows| rows.retain(|&row| column.cells[row].eq_ignore_ascii_case(value)));
    }
    let left = rows.iter().filter(|rows| rows.len() > 1).count();
    if left > 0 && table.beside.iter().any(|column| !column.name.is_empty()) && visit.is_none() {
        let names: Vec<&str> = table.beside.iter().map(|column| column.name.as_str()).collect();
        let message = format!(
            "{} more than one sample",
            if left == 1 { "1 patient has".to_owned() } else { format!("{left} patients have") }
        );
        let hint = format!("say which counts: --visit COLUMN=VALUE; columns: {}", names.join(", "));
        return Err(WorkflowError::design_with_hint(message, hint));
    }
    if left > 0 {
        cohort
            .warnings
            .push(format!("{} more than one sample; the first by name counts", count(left, "patient with")));
    }
    Ok(rows.into_iter().map(|rows| rows.into_iter().min_by_key(|&row| &table.samples[row])).collect())
}

/// A column beside the markers.
fn beside<'a>(table: &'a MarkerTable, name: &str) -> Result<&'a ClinicalColumn, WorkflowError> {
    table.beside.iter().find(|column| column.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let names: Vec<&str> = table.beside.iter().map(|column| column.name.as_str()).collect();
        WorkflowError::design(format!(
            "the markers have no column `{name}` beside them; there are {}",
            names.join(", ")
        ))
    })
}

/// A column that tells visits, and the name of the first.
fn recognised(table: &MarkerTable) -> Option<(&ClinicalColumn, String)> {
    table.beside.iter().find_map(|column| {
        let baseline = column.cells.iter().find(|cell| BASELINE.contains(&cell.to_lowercase().as_str()))?;
        let named = ["visit", "time", "timepoint", "day", "week", "sample_type", "phase"];
        named.iter().any(|name| column.name.to_lowercase().contains(name)).then(|| (column, baseline.clone()))
    })
}

/// Brings the two samples of each patient together.
fn pair(
    cohort: &mut Cohort,
    table: &MarkerTable,
    patients: &[Option<usize>],
    (column, earlier, later): (&String, &String, &String),
    options: &CohortOptions,
) -> Result<(), WorkflowError> {
    let visits = beside(table, column)?;
    let of = |value: &str| -> BTreeMap<usize, usize> {
        let rows = (0..table.samples.len()).filter(|&row| visits.cells[row].eq_ignore_ascii_case(value));
        rows.filter_map(|row| Some((patients[row]?, row))).collect()
    };
    let (first, second) = (of(earlier), of(later));
    let both: Vec<(usize, usize)> =
        first.iter().filter_map(|(patient, &row)| Some((row, *second.get(patient)?))).collect();
    cohort.notices.push(format!("{} of `{earlier}` and `{later}`", count(both.len(), "pair")));
    if both.is_empty() {
        let message =
            format!("no patient has a sample with `{earlier}` and one with `{later}` in `{column}`");
        return Err(WorkflowError::design(message));
    }
    let one = |marker: &Marker| PairedMarker {
        name: marker.name.clone(),
        before: both.iter().map(|pair| transformed(marker.values[pair.0], options.log2)).collect(),
        after: both.iter().map(|pair| transformed(marker.values[pair.1], options.log2)).collect(),
    };
    cohort.pairs = table.markers.iter().map(one).collect();
    Ok(())
}

/// Lists patients who cannot be used for an endpoint.
fn tell_losses(cohort: &mut Cohort) {
    for endpoint in &cohort.endpoints {
        for (row, id) in cohort.clinical.ids.iter().enumerate() {
            let reason = match (endpoint.times[row].is_nan(), endpoint.events[row]) {
                (true, Some(true)) => "an event without a time",
                (true, _) => "no time",
                (false, None) => "no status",
                _ => continue,
            };
            cohort.losses.push((id.clone(), format!("{}: {reason}", endpoint.name)));
        }
    }
}
