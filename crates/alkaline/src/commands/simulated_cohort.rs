//! The cohort that `simulate --cohort` writes: the shape of the study whose panel it has, with planted hazards.

use std::path::Path;

use alkaline_io::file::write_atomically;
use alkaline_simulate::{CohortOptions, simulate_cohort};
use alkaline_workflow::WorkflowError;
use alkaline_workflow::stages::simulated_place::fill;

/// Patients, second samples and built-in panel of the study.
const PATIENTS: usize = 61;
const PAIRS: usize = 15;
const PANEL: &str = "chemokines";
/// Markers that matter, with the log hazard ratio of a standard deviation of their logarithm.
const PLANTED: [(&str, f64); 4] = [("CCL20", 0.6), ("CXCL8", 0.5), ("CXCL13", 0.4), ("IL6", 0.4)];
/// The files.
const FILES: [&str; 3] = ["patients.csv", "plasma.csv", "truth.tsv"];

/// Simulates a cohort and writes it into `folder`.
pub fn write(folder: &Path, seed: u64) -> Result<(), WorkflowError> {
    let panel = alkaline_reference::panel(PANEL);
    let markers = panel.iter().flat_map(|panel| panel.symbols()).map(str::to_owned).collect();
    let planted = PLANTED.map(|(name, beta)| (name.to_owned(), beta)).to_vec();
    let cohort = simulate_cohort(&CohortOptions { patients: PATIENTS, pairs: PAIRS, markers, planted, seed });
    fill(folder, &FILES.map(str::to_owned), |place| {
        write_atomically(&place.join(FILES[0]), |out| cohort.write_patients(out))?;
        write_atomically(&place.join(FILES[1]), |out| cohort.write_panel(out))?;
        write_atomically(&place.join(FILES[2]), |out| cohort.write_truth(out))?;
        Ok(())
    })
}
