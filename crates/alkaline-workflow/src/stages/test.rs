//! Differential expression: filter, library sizes and dispersion once per grouping, then one test per contrast.

use std::collections::HashSet;
use std::path::Path;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{
    CountTable, Direction, DispersionEstimates, SampleMap, TestRow, TestTable, Thresholds,
};
use alkaline_core::{ContrastSpec, Groups, LibrarySizes, PerGene, SampleSheet};
use alkaline_dge::{
    DispersionOptions, ExactTestOptions, MapOptions, assumed_dispersion, distinct_replicates,
    estimate_dispersion, exact_test,
};
use alkaline_io::results::table::{Field, header, write_rows};
use alkaline_norm::{FilterOptions, FilterOutcome, NormOptions, filter_by_expression, library_sizes};
use serde::{Deserialize, Serialize};

use crate::error::WorkflowError;

/// How contrasts are tested.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TestSettings {
    /// Biological coefficient of variation to assume instead of estimating it.
    pub bcv: Option<f64>,
    /// Dispersion (the square of the BCV) to assume instead of estimating it.
    pub dispersion: Option<f64>,
    /// Whether each contrast is filtered, normalised and estimated from its own samples alone.
    pub separate: bool,
    /// When a gene is called up or down.
    pub thresholds: Thresholds,
    /// Which genes are tested.
    pub filter: FilterOptions,
    /// Library-size factors.
    pub normalize: NormOptions,
    /// Dispersion estimation.
    pub estimate: DispersionOptions,
    /// The exact test.
    pub exact: ExactTestOptions,
}

impl TestSettings {
    /// The dispersion to assume, where one was given.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when both a BCV and a dispersion are given, or a value makes no sense.
    pub fn assumed(&self) -> Result<Option<f64>, WorkflowError> {
        let check = |name: &str, value: f64| {
            if value.is_finite() && value >= 0.0 {
                Ok(())
            } else {
                Err(WorkflowError::Design(format!("{name} {value}: a number of at least 0 is wanted")))
            }
        };
        match (self.bcv, self.dispersion) {
            (Some(_), Some(_)) => Err(WorkflowError::Design(
                "a BCV and a dispersion are given: the dispersion is the square of the BCV, give one of them"
                    .into(),
            )),
            (Some(bcv), None) => check("BCV", bcv).map(|()| Some(bcv * bcv)),
            (None, Some(dispersion)) => check("dispersion", dispersion).map(|()| Some(dispersion)),
            (None, None) => Ok(None),
        }
    }
}

/// What all contrasts over one grouping share.
pub struct Prepared {
    /// The samples by group.
    pub groups: Groups,
    /// The tested genes, and why the others are not among them.
    pub filter: FilterOutcome,
    /// Library sizes of the tested genes.
    pub sizes: LibrarySizes,
    /// Dispersions of the tested genes.
    pub dispersion: DispersionEstimates,
}

/// Filters, normalises and estimates dispersions for the samples of `sheet`, grouped by `variable`.
///
/// # Errors
/// [`WorkflowError`] when samples and table do not fit, when there are no replicates and no dispersion is given, or
/// when a replicate is a copy.
pub fn prepare(
    table: &CountTable,
    sheet: &SampleSheet,
    variable: &str,
    settings: &TestSettings,
) -> Result<Prepared, WorkflowError> {
    let samples = table.matrix.samples();
    let groups = sheet.groups(variable, samples).ok_or_else(|| {
        WorkflowError::Design(format!(
            "the sample sheet does not tell `{variable}` for every sample of the table"
        ))
    })?;
    distinct_replicates(&table.matrix, &groups)?;
    let filter = filter_by_expression(&table.matrix, &groups, &settings.filter)?;
    let sizes = library_sizes(&filter.matrix, &settings.normalize)?;
    let dispersion = match settings.assumed()? {
        Some(dispersion) => assumed_dispersion(&filter.matrix, &sizes, dispersion)?,
        None => estimate_dispersion(&filter.matrix, &sizes, &groups, &settings.estimate)?,
    };
    Ok(Prepared { groups, filter, sizes, dispersion })
}

/// The part of `table` and `sheet` that `contrast` compares.
pub fn samples_of_contrast(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
) -> (CountTable, SampleSheet) {
    let values = sheet.values(&contrast.variable).unwrap_or_default();
    let wanted: Vec<usize> = (0..values.len())
        .filter(|&sample| {
            [&contrast.reference, &contrast.target].iter().any(|level| *level == values[sample])
        })
        .collect();
    let samples = wanted.iter().map(|&sample| sheet.samples[sample].clone()).collect();
    let columns: Vec<usize> = wanted
        .iter()
        .filter_map(|&sample| table.matrix.samples().position(sheet.samples[sample].id.as_str()))
        .collect();
    let table = CountTable { matrix: table.matrix.select_samples(&columns), facts: table.facts.clone() };
    (table, SampleSheet { variables: sheet.variables.clone(), samples })
}

/// Tests one contrast.
///
/// # Errors
/// [`WorkflowError`] when the contrast names a level that no sample has.
pub fn test(
    prepared: &Prepared,
    contrast: &ContrastSpec,
    labels: &PerGene<GeneLabel>,
    settings: &TestSettings,
) -> Result<TestTable, WorkflowError> {
    let options = ExactTestOptions { thresholds: settings.thresholds, ..settings.exact.clone() };
    let Prepared { groups, filter, sizes, dispersion } = prepared;
    let mut table = exact_test(&filter.matrix, sizes, groups, dispersion, contrast, &options)?;
    table.facts.genes_total = labels.values().len();
    for row in &mut table.rows {
        row.name = labels.get(row.gene.as_str()).and_then(|label| label.name.clone());
    }
    Ok(table)
}

/// The genes that were not tested, as rows without values.
pub fn untested(table: &TestTable, labels: &PerGene<GeneLabel>) -> Vec<TestRow> {
    let tested: HashSet<&str> = table.rows.iter().map(|row| row.gene.as_str()).collect();
    let missing = labels.iter().filter(|(gene, _)| !tested.contains(gene.as_str()));
    missing
        .map(|(gene, label)| TestRow {
            gene: gene.clone(),
            name: label.name.clone(),
            log2_fold_change: f64::NAN,
            log2_cpm: f64::NAN,
            statistic: table.facts.statistic.as_ref().map(|_| f64::NAN),
            p_value: f64::NAN,
            log10_p: f64::NAN,
            fdr: f64::NAN,
            direction: Direction::NotSignificant,
            group_cpm: vec![f64::NAN; table.facts.groups.len()],
        })
        .collect()
}

/// Columns of `filter.tsv`.
const FILTER_COLUMNS: [&str; 4] = ["gene_id", "gene_name", "total_count", "reason"];

/// Writes the genes that the expression filter removed, and why.
///
/// # Errors
/// [`WriteError`](alkaline_io::WriteError).
pub fn write_filter(
    path: &Path,
    table: &CountTable,
    prepared: &Prepared,
    labels: &PerGene<GeneLabel>,
) -> Result<(), WorkflowError> {
    let kept: HashSet<usize> = prepared.filter.kept.iter().copied().collect();
    let genes = table.matrix.genes().ids();
    let removed: Vec<usize> = (0..genes.len()).filter(|gene| !kept.contains(gene)).collect();
    write_rows(path, &header(&FILTER_COLUMNS), removed, |&gene| {
        let total: f64 = table.matrix.row(gene).iter().sum();
        let reason = if total == 0.0 { "no counts" } else { "too few counts" };
        vec![
            Field::Text(genes[gene].to_string()),
            Field::optional(labels[gene].name.as_deref()),
            Field::Real(total),
            Field::Text(reason.to_owned()),
        ]
    })?;
    Ok(())
}

/// Whether a contrast can be tested: both sides have samples, and there are replicates or an assumed dispersion.
///
/// # Errors
/// [`WorkflowError::Design`] with what to do.
pub fn check(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    samples: &std::sync::Arc<alkaline_core::SampleIndex>,
    settings: &TestSettings,
) -> Result<String, WorkflowError> {
    let groups = sheet.groups(&contrast.variable, samples).ok_or_else(|| {
        WorkflowError::Design(format!("the sample sheet has no column `{}`", contrast.variable))
    })?;
    let size = |level: &str| groups.level(level).map_or(0, |level| groups.sizes()[level]);
    let (reference, target) = (size(&contrast.reference), size(&contrast.target));
    let relevant: Vec<usize> = if settings.separate { vec![reference, target] } else { groups.sizes() };
    let assumed = settings.assumed()?;
    if assumed.is_none() && relevant.iter().all(|size| *size < 2) {
        return Err(WorkflowError::Test(alkaline_dge::DgeError::NoReplicates));
    }
    let dispersion =
        assumed.map_or_else(|| "estimated".to_owned(), |value| format!("assumed (BCV {})", value.sqrt()));
    Ok(format!(
        "contrast {}: {target} samples of {} against {reference} of {}, dispersion {dispersion}",
        contrast.id, contrast.target, contrast.reference
    ))
}

/// The samples on a plane; `None` when there are too few for a map.
///
/// # Errors
/// [`WorkflowError`] when no gene is left.
pub fn sample_map(prepared: &Prepared) -> Result<Option<SampleMap>, WorkflowError> {
    if prepared.sizes.samples().len() < 3 {
        return Ok(None);
    }
    let map = alkaline_dge::sample_map(&prepared.filter.matrix, &prepared.sizes, &MapOptions::default())?;
    Ok(Some(map))
}
