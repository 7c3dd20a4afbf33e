//! How many replicates does a study need? Simulated experiments with known truth, tested as real ones are.
//!
//! For each setting a few experiments are simulated and go through the expression filter, normalisation, dispersion
//! estimation and exact test of a run. Power is the share of the genes that really change which are called; the false
//! discovery proportion is the share of the called genes that do not change.

use std::collections::HashSet;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{CountTable, GeneFacts, TestTable};
use alkaline_core::samples::{ContrastSpec, SampleSheet};
use alkaline_core::{Gene, GeneId, PerGene};
use alkaline_io::results::power::PowerRow;
use alkaline_norm::NormOptions;
use alkaline_simulate::{
    GeneTruth, PilotGene, SimulateError, SimulateOptions, SimulatedCounts, simulate_counts, simulate_like,
};
use serde::{Deserialize, Serialize};

use super::test::{TestMethod, TestSettings, prepare, test};
use crate::error::WorkflowError;

/// Settings that are tried, and how.
///
/// | option | default |
/// |---|---|
/// | `replicates` | 2, 3, 5, 10 a group |
/// | `log2_fold_changes` | 0.585, 1, 2 (1.5, 2 and 4 fold), up or down |
/// | `bcvs` | 0.1, 0.2, 0.4 (not used with a pilot) |
/// | `genes` | 12,000 expressed (not used with a pilot) |
/// | `library_size` | 20,000,000 counted fragments |
/// | `fraction_changed` | 0.1 of the genes |
/// | `simulations` | 5 experiments a setting |
/// | `fdr` | 0.05 |
/// | `method` | exact |
/// | `seed` | 1 |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PowerOptions {
    /// Samples in each group.
    pub replicates: Vec<usize>,
    /// Absolute log2 fold change of every gene that changes.
    pub log2_fold_changes: Vec<f64>,
    /// Biological coefficients of variation of abundant genes.
    pub bcvs: Vec<f64>,
    /// Number of expressed genes.
    pub genes: usize,
    /// Expected number of counted fragments, per sample.
    pub library_size: f64,
    /// Fraction of the genes that change.
    pub fraction_changed: f64,
    /// Experiments simulated for each setting.
    pub simulations: usize,
    /// False discovery rate below which a gene is called, whatever its fold change.
    pub fdr: f64,
    /// How the experiments are tested; exact when not told.
    pub method: Option<TestMethod>,
    /// Seed.
    pub seed: u64,
}

impl Default for PowerOptions {
    fn default() -> Self {
        Self {
            replicates: vec![2, 3, 5, 10],
            log2_fold_changes: vec![0.585, 1.0, 2.0],
            bcvs: vec![0.1, 0.2, 0.4],
            genes: 12_000,
            library_size: 20e6,
            fraction_changed: 0.1,
            simulations: 5,
            fdr: 0.05,
            method: None,
            seed: 1,
        }
    }
}

/// Simulates and tests every setting of `options`: those of `pilot`'s genes, or of an experiment made up.
///
/// # Errors
/// [`WorkflowError::Design`] for options without meaning.
pub fn power(pilot: Option<&[PilotGene]>, options: &PowerOptions) -> Result<Vec<PowerRow>, WorkflowError> {
    let bcvs: Vec<Option<f64>> = match pilot {
        Some(_) => vec![None],
        None => options.bcvs.iter().copied().map(Some).collect(),
    };
    let mut rows = Vec::new();
    for &bcv in &bcvs {
        for &log2_fold_change in &options.log2_fold_changes {
            for &replicates in &options.replicates {
                rows.push(setting(pilot, bcv, log2_fold_change, replicates, options)?);
            }
        }
    }
    Ok(rows)
}

/// The genes of a pilot: those that pass the expression filter, with the CPM and dispersion that a run gives them.
///
/// # Errors
/// [`WorkflowError`] when the pilot has no replicates, or its samples do not fit its sheet.
pub fn pilot(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    settings: &TestSettings,
) -> Result<Vec<PilotGene>, WorkflowError> {
    // experiments are simulated from dispersions, which not every test has: those of the default one
    let has_dispersions = settings.method.is_none_or(TestMethod::shares_dispersions);
    let method = settings.method.filter(|_| has_dispersions);
    let settings = TestSettings { method, ..settings.clone() };
    let prepared = prepare(table, sheet, contrast, &settings, &NormOptions::default())?;
    let dispersion = prepared
        .dispersion
        .as_ref()
        .ok_or_else(|| WorkflowError::design("the pilot's dispersions were not estimated"))?;
    let genes = prepared.filter.matrix.genes().ids().iter().enumerate();
    Ok(genes
        .map(|(gene, id)| PilotGene {
            gene: Gene { id: id.clone(), name: None, biotype: None },
            abundance: dispersion.average_log_cpm[gene].exp2(),
            dispersion: dispersion.tagwise.as_ref().map_or(dispersion.common, |tagwise| tagwise[gene]),
        })
        .collect())
}

/// The experiments of one setting, averaged.
fn setting(
    pilot: Option<&[PilotGene]>,
    bcv: Option<f64>,
    log2_fold_change: f64,
    replicates: usize,
    options: &PowerOptions,
) -> Result<PowerRow, WorkflowError> {
    let mut row = PowerRow {
        bcv,
        log2_fold_change,
        replicates,
        tested: 0.0,
        called: 0.0,
        power: 0.0,
        false_discovery_rate: 0.0,
    };
    let share = 1.0 / options.simulations.max(1) as f64;
    for simulation in 0..options.simulations.max(1) {
        let experiment = SimulateOptions {
            seed: options.seed.wrapping_add(simulation as u64),
            replicates,
            library_size: options.library_size,
            expressed_genes: options.genes,
            bcv: bcv.unwrap_or_default(),
            fraction_changed: options.fraction_changed,
            smallest_log2_fold_change: log2_fold_change,
            excess_log2_fold_change: 0.0,
            ..SimulateOptions::default()
        };
        let simulated = match pilot {
            Some(genes) => simulate_like(genes, &experiment),
            None => simulate_counts(&made_up_genes(options.genes), &experiment),
        };
        let simulated = simulated.map_err(refused)?;
        let outcome =
            Outcome::of(&simulated.truth, &tested(&simulated, &experiment, options.method)?, options.fdr);
        row.tested += share * outcome.tested as f64;
        row.called += share * outcome.called as f64;
        row.power += share * outcome.power();
        row.false_discovery_rate += share * outcome.false_discovery_proportion();
    }
    Ok(row)
}

fn refused(error: SimulateError) -> WorkflowError {
    WorkflowError::design(error.to_string())
}

fn made_up_genes(number: usize) -> Vec<Gene> {
    (1..=number).map(|gene| Gene { id: format!("gene{gene}").into(), name: None, biotype: None }).collect()
}

/// Target against reference.
fn contrast(options: &SimulateOptions) -> ContrastSpec {
    ContrastSpec::between("power", "condition", &options.reference, &options.target)
}

/// The test table of a simulated experiment, by the path of a run.
fn tested(
    simulated: &SimulatedCounts,
    options: &SimulateOptions,
    method: Option<TestMethod>,
) -> Result<TestTable, WorkflowError> {
    let table = CountTable { matrix: simulated.counts.clone(), facts: GeneFacts::default() };
    let settings = TestSettings { method, ..TestSettings::default() };
    let contrast = contrast(options);
    let prepared = prepare(&table, &simulated.sample_sheet(), &contrast, &settings, &NormOptions::default())?;
    let labels = PerGene::from_fn(table.matrix.genes().clone(), |_| GeneLabel::default());
    test(&prepared, &contrast, &labels, &settings)
}

/// What was called, held against the truth.
struct Outcome {
    tested: usize,
    called: usize,
    called_rightly: usize,
    changed: usize,
}

impl Outcome {
    fn of(truth: &[GeneTruth], table: &TestTable, fdr: f64) -> Self {
        let changed: HashSet<&GeneId> =
            truth.iter().filter(|gene| gene.log2_fold_change != 0.0).map(|gene| &gene.gene).collect();
        let called: Vec<&GeneId> =
            table.rows.iter().filter(|row| row.fdr < fdr).map(|row| &row.gene).collect();
        Self {
            tested: table.rows.len(),
            called: called.len(),
            called_rightly: called.iter().filter(|gene| changed.contains(**gene)).count(),
            changed: changed.len(),
        }
    }

    fn power(&self) -> f64 {
        if self.changed == 0 { 0.0 } else { self.called_rightly as f64 / self.changed as f64 }
    }

    /// Zero when nothing was called.
    fn false_discovery_proportion(&self) -> f64 {
        if self.called == 0 { 0.0 } else { (self.called - self.called_rightly) as f64 / self.called as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> PowerOptions {
        PowerOptions {
            replicates: vec![2, 4],
            log2_fold_changes: vec![1.0],
            bcvs: vec![0.2],
            genes: 3_000,
            library_size: 3e6,
            ..PowerOptions::default()
        }
    }

    #[test]
    fn more_replicates_give_more_power_at_a_controlled_false_discovery_rate() {
        let rows = power(None, &small()).unwrap();
        let [few, many] = rows.as_slice() else { panic!("{rows:?}") };
        assert!(few.power > 0.3 && many.power > few.power + 0.15, "{few:?} {many:?}");
        // The exact test of few replicates is a little liberal, edgeR's as well: dispersions scatter more than it assumes.
        assert!(rows.iter().all(|row| row.false_discovery_rate < 0.1), "{rows:?}");
    }

    #[test]
    fn nothing_is_called_where_nothing_changes() {
        let options = PowerOptions { fraction_changed: 0.0, ..small() };
        let rows = power(None, &options).unwrap();
        assert!(rows.iter().all(|row| row.called < 3.0 && row.power == 0.0), "{rows:?}");
    }

    #[test]
    fn a_pilot_answers_like_the_experiment_that_it_is_a_sample_of() {
        let made_up = SimulateOptions {
            library_size: 3e6,
            expressed_genes: 3_000,
            bcv: 0.2,
            replicates: 4,
            fraction_changed: 0.0,
            ..SimulateOptions::default()
        };
        let simulated = simulate_counts(&made_up_genes(3_000), &made_up).unwrap();
        let sheet = simulated.sample_sheet();
        let table = CountTable { matrix: simulated.counts, facts: GeneFacts::default() };
        let genes = pilot(&table, &sheet, &contrast(&made_up), &TestSettings::default()).unwrap();
        let from_pilot = power(Some(&genes), &small()).unwrap();
        let from_truth = power(None, &small()).unwrap();
        for (pilot, truth) in from_pilot.iter().zip(&from_truth) {
            assert!((pilot.power - truth.power).abs() < 0.12, "{pilot:?} {truth:?}");
        }
    }
}
