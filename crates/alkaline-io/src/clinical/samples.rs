//! Reads which sample is whose.

use std::path::Path;

use super::table::read_columns;
use super::words::{has, words};
use crate::error::{FileProblems, Problem, ReadError};

/// Samples with their patients, in the order of the table: cBioPortal's `data_clinical_sample`, or any table with such columns.
///
/// # Errors
/// [`ReadError`] when the table has no column of samples, or none of patients.
pub fn read_samples(path: &Path) -> Result<Vec<(String, String)>, ReadError> {
    let columns = read_columns(path)?.columns;
    let called = |names: &[&str]| columns.iter().find(|column| has(&words(&column.name), names));
    let (sample, patient) = (
        called(&["sample", "sampleid", "specimen"]),
        called(&["patient", "patientid", "subject", "subjectid"]),
    );
    let (Some(sample), Some(patient)) = (sample, patient) else {
        let problem = Problem::of_file("no column of samples beside one of patients was found")
            .hint("call them SAMPLE_ID and PATIENT_ID");
        return Err(FileProblems::one(path, problem).into());
    };
    let pairs = sample.cells.iter().cloned().zip(patient.cells.iter().cloned());
    Ok(pairs.filter(|(sample, patient)| !sample.is_empty() && !patient.is_empty()).collect())
}
