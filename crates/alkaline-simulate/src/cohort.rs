//! A cohort whose truth is known: patients with two endpoints, plasma samples of some of them twice, markers with planted hazards.
//!
//! Markers are log-normal and share a common part, as cytokines do. Progression comes at an exponential time whose hazard rises with the
//! planted markers; death follows it. Follow-up ends between two and seven and a half years.

use std::io::{self, Write};

use crate::random::{Purpose, Stream};

/// Size and truth of a cohort.
#[derive(Clone, Debug, PartialEq)]
pub struct CohortOptions {
    /// Patients.
    pub patients: usize,
    /// How many of them have a second sample, at progression.
    pub pairs: usize,
    /// Names of the markers.
    pub markers: Vec<String>,
    /// Markers with their log hazard ratio of a standard deviation of the logarithm.
    pub planted: Vec<(String, f64)>,
    /// Seed.
    pub seed: u64,
}

/// What is known of a patient.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulatedPatient {
    /// The name.
    pub id: String,
    /// Age in years.
    pub age: u32,
    /// Whether female.
    pub female: bool,
    /// Months to progression or the end of follow-up, and whether it is progression.
    pub progression: (f64, bool),
    /// Months to death or the end of follow-up, and whether it is death.
    pub death: (f64, bool),
}

/// A sample of plasma.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulatedSample {
    /// The patient, counted from zero.
    pub patient: usize,
    /// `baseline` or `progression`.
    pub visit: &'static str,
    /// A value for each marker.
    pub values: Vec<f64>,
}

/// A cohort with known truth.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulatedCohort {
    /// The patients.
    pub patients: Vec<SimulatedPatient>,
    /// Their samples, baseline first.
    pub samples: Vec<SimulatedSample>,
    options: CohortOptions,
}

/// The share of the variance that all markers have in common.
const COMMON: f64 = 0.2;
/// Standard deviation of the logarithm of a marker.
const SPREAD: f64 = 0.9;
/// Progressions and deaths after progression, a month.
const RATES: (f64, f64) = (0.05, 0.035);
/// Follow-up ends between these months.
const FOLLOW_UP: (f64, f64) = (24.0, 90.0);
/// Rise of the logarithm of a planted marker at progression, in standard deviations for each unit of its log hazard ratio.
const RISE: f64 = 0.8;
/// Values below this are below detection.
const DETECTED: f64 = 1.0;

/// Simulates a cohort.
#[must_use]
pub fn simulate_cohort(options: &CohortOptions) -> SimulatedCohort {
    let scores: Vec<Vec<f64>> = (0..options.patients).map(|patient| scores(options, patient, 0)).collect();
    let patients: Vec<SimulatedPatient> =
        scores.iter().enumerate().map(|(patient, scores)| course(options, patient, scores)).collect();
    let sample = |patient: usize, visit, scores: &[f64]| SimulatedSample {
        patient,
        visit,
        values: values(options, scores),
    };
    let mut samples: Vec<SimulatedSample> =
        scores.iter().enumerate().map(|(patient, scores)| sample(patient, "baseline", scores)).collect();
    let progressed = (0..options.patients).filter(|&patient| patients[patient].progression.1);
    for patient in progressed.take(options.pairs) {
        let later: Vec<f64> = later(options, patient, &scores[patient]);
        samples.push(sample(patient, "progression", &later));
    }
    SimulatedCohort { patients, samples, options: options.clone() }
}

/// The log hazard ratio of a marker.
fn planted(options: &CohortOptions, marker: usize) -> f64 {
    let own = options.planted.iter().find(|(name, _)| *name == options.markers[marker]);
    own.map_or(0.0, |(_, beta)| *beta)
}

/// Standard normal scores of a patient's markers.
fn scores(options: &CohortOptions, patient: usize, visit: usize) -> Vec<f64> {
    let mut stream = Stream::new(options.seed, Purpose::Cohort, visit, patient);
    let common = stream.normal();
    let own = (1.0 - COMMON).sqrt();
    options.markers.iter().map(|_| COMMON.sqrt() * common + own * stream.normal()).collect()
}

/// The scores at progression: near those at baseline, higher where the marker matters.
fn later(options: &CohortOptions, patient: usize, before: &[f64]) -> Vec<f64> {
    let noise = scores(options, patient, 1);
    let one = |(marker, before): (usize, &f64)| {
        0.8 * before + 0.6 * noise[marker] + RISE * planted(options, marker)
    };
    before.iter().enumerate().map(one).collect()
}

/// Concentrations in pg/ml, each marker around a level of its own.
fn values(options: &CohortOptions, scores: &[f64]) -> Vec<f64> {
    let level = |marker: usize| 2.0 + 4.0 * Stream::new(options.seed, Purpose::Cohort, 2, marker).uniform();
    scores.iter().enumerate().map(|(marker, score)| libm::exp(level(marker) + SPREAD * score)).collect()
}

fn course(options: &CohortOptions, patient: usize, scores: &[f64]) -> SimulatedPatient {
    let mut stream = Stream::new(options.seed, Purpose::Cohort, 3, patient);
    let risk: f64 = scores.iter().enumerate().map(|(marker, score)| planted(options, marker) * score).sum();
    let progression = stream.exponential() / (RATES.0 * libm::exp(risk));
    let death = progression + stream.exponential() / (RATES.1 * libm::exp(risk / 2.0));
    let end = FOLLOW_UP.0 + (FOLLOW_UP.1 - FOLLOW_UP.0) * stream.uniform();
    // told in tenths of a month, none of them zero
    let told = |time: f64| (time.min(end) * 10.0).ceil() / 10.0;
    SimulatedPatient {
        id: format!("P{:03}", patient + 1),
        age: 35 + stream.below(45) as u32,
        female: stream.chance(0.55),
        progression: (told(progression), progression <= end),
        death: (told(death), death <= end),
    }
}

impl SimulatedCohort {
    /// Writes the clinical table.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_patients(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "patient,age,sex,PFS_MONTHS,PFS_STATUS,OS_MONTHS,OS_STATUS")?;
        self.patients.iter().try_for_each(|patient| {
            let sex = if patient.female { "female" } else { "male" };
            let pfs = if patient.progression.1 { "1:PROGRESSION" } else { "0:CENSORED" };
            let os = if patient.death.1 { "1:DECEASED" } else { "0:LIVING" };
            let (id, age) = (&patient.id, patient.age);
            writeln!(out, "{id},{age},{sex},{:.1},{pfs},{:.1},{os}", patient.progression.0, patient.death.0)
        })
    }

    /// Writes the panel: a row a sample, values below detection as a laboratory writes them.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_panel(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "sample,visit,plate,{}", self.options.markers.join(","))?;
        for (row, sample) in self.samples.iter().enumerate() {
            write!(
                out,
                "{}-{},{},{}",
                self.patients[sample.patient].id,
                sample.visit,
                sample.visit,
                row / 40 + 1
            )?;
            for value in &sample.values {
                match *value < DETECTED {
                    true => write!(out, ",<{DETECTED}")?,
                    false => write!(out, ",{value:.2}")?,
                }
            }
            writeln!(out)?;
        }
        Ok(())
    }

    /// Writes what is true of each marker.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_truth(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "marker\tlog_hazard_ratio_per_sd_of_log\thazard_ratio_per_sd_of_log")?;
        self.options.markers.iter().enumerate().try_for_each(|(marker, name)| {
            let beta = planted(&self.options, marker);
            writeln!(out, "{name}\t{beta}\t{:.4}", libm::exp(beta))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(patients: usize, seed: u64) -> CohortOptions {
        let markers: Vec<String> = (1..=40).map(|marker| format!("M{marker}")).collect();
        let planted = vec![("M1".to_owned(), 0.7), ("M2".to_owned(), 0.5)];
        CohortOptions { patients, pairs: 15, markers, planted, seed }
    }

    #[test]
    fn a_cohort_has_the_size_of_the_study_and_dies_after_it_progresses() {
        let cohort = simulate_cohort(&options(61, 1));
        assert_eq!((cohort.patients.len(), cohort.samples.len()), (61, 76));
        assert!(
            cohort
                .patients
                .iter()
                .all(|patient| patient.progression.0 > 0.0 && patient.death.0 >= patient.progression.0)
        );
        assert_eq!(cohort, simulate_cohort(&options(61, 1)));
        assert_ne!(cohort, simulate_cohort(&options(61, 2)));
    }

    #[test]
    fn a_planted_marker_is_higher_in_those_who_progress_early() {
        let cohort = simulate_cohort(&options(2000, 3));
        let mean = |marker: usize, early: bool| {
            let chosen = cohort.patients.iter().enumerate().filter(|(_, p)| (p.progression.0 < 8.0) == early);
            let logs: Vec<f64> =
                chosen.map(|(patient, _)| cohort.samples[patient].values[marker].ln()).collect();
            logs.iter().sum::<f64>() / logs.len() as f64
        };
        assert!(mean(0, true) - mean(0, false) > 0.4);
        assert!((mean(30, true) - mean(30, false)).abs() < mean(0, true) - mean(0, false));
    }
}
