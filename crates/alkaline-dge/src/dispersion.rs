//! Dispersions of the classic path: common, trended and gene-wise, from replicates within groups.

use std::collections::HashMap;
use std::sync::Arc;

use alkaline_core::results::{DispersionEstimates, DispersionSource};
use alkaline_core::{CountMatrix, GeneId, Groups, LibrarySizes, PerGene};
use alkaline_math::negative_binomial::deviances_of_group;
use alkaline_math::special::WIDE;
use rayon::prelude::*;

use crate::abundance::{DEFAULT_DISPERSION, MIN_GENES_PER_JOB, average_log_cpm};
use crate::classic;
use crate::glm::estimate_dispersion_glm;
use crate::libraries::{self, Batch, LibraryGroup};
use crate::prior_df::Residual;
use crate::shrinker::{GRID_BASE, Shrinker};
use crate::weighted_likelihood::DispersionGrid;
use crate::{DesignMatrix, DgeError, DispersionMethod, DispersionOptions};

/// Estimates common, trended and gene-wise dispersions by quantile-adjusted conditional maximum likelihood.
///
/// Library sizes are made equal by quantile adjustment, the common dispersion maximises the conditional likelihood of all
/// genes, the trend that of genes of like abundance, and each gene is shrunk to the trend by as many prior degrees of
/// freedom as the variation between genes warrants. All groups take part, whichever are compared later.
///
/// # Errors
/// [`DgeError::NoReplicates`] when no group has two samples; [`DgeError::NoGenes`]; [`DgeError::OtherSamples`].
///
/// # References
/// Robinson & Smyth (2008), doi:10.1093/biostatistics/kxm030; Chen, Lun & Smyth (2014),
/// doi:10.1007/978-3-319-07212-8_3. Upstream: edgeR 3.x `estimateDisp(y)` without a design.
pub fn estimate_dispersion(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    groups: &Groups,
    options: &DispersionOptions,
) -> Result<DispersionEstimates, DgeError> {
    let effective = crate::checks::effective_sizes(matrix, sizes)?;
    crate::checks::groups_match(matrix, groups)?;
    let all_groups = libraries::by_group(groups, &effective);
    let replicated: Vec<LibraryGroup> =
        all_groups.iter().filter(|group| group.members.len() > 1).cloned().collect();
    if replicated.is_empty() {
        return Err(DgeError::NoReplicates);
    }
    let common_size = libraries::common_size(&effective);
    let spare_df = (effective.len() - all_groups.len()) as f64;
    if options.method == DispersionMethod::AbundantGenes {
        let design = DesignMatrix::from_groups("group", groups);
        return estimate_dispersion_glm(matrix, sizes, &design, options);
    }
    if options.method == DispersionMethod::CommonThenTagwise {
        return classic::common_then_tagwise(matrix, sizes, &replicated, common_size, spare_df, options);
    }
    let selected = crate::checks::genes_where(matrix, |total| total >= options.min_row_sum)?;
    let grid = DispersionGrid::new(GRID_BASE, options.grid_range, options.grid_length);
    let pattern = classic::replicates(&replicated);

    let first =
        classic::adjust_counts(matrix, &selected, &replicated, common_size, classic::FIRST_DISPERSION);
    let preliminary = classic::maximise_common(&first, &pattern, options.tolerance);
    drop(first);
    let adjusted = classic::adjust_counts(matrix, &selected, &replicated, common_size, preliminary);
    let curves = classic::likelihood_grid(&adjusted, &pattern, &grid.dispersions);
    let residuals = |trended: &[f64]| group_residuals(matrix, &selected, &all_groups, trended);
    let shrinker = Shrinker { matrix, sizes, selected: &selected, grid: &grid, options, spare_df };
    Ok(shrinker.shrink(curves.view(), residuals))
}

/// A dispersion the user gives because it cannot be, or shall not be, estimated.
///
/// # Errors
/// [`DgeError::BadDispersion`] for a negative or missing value; [`DgeError::OtherSamples`].
pub fn assumed_dispersion(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    dispersion: f64,
) -> Result<DispersionEstimates, DgeError> {
    crate::checks::effective_sizes(matrix, sizes)?;
    if !(dispersion.is_finite() && dispersion >= 0.0) {
        return Err(DgeError::BadDispersion { value: dispersion });
    }
    Ok(DispersionEstimates {
        source: DispersionSource::Assumed { dispersion },
        common: dispersion,
        trended: None,
        tagwise: None,
        prior_df: Vec::new(),
        average_log_cpm: average_log_cpm(matrix, sizes, DEFAULT_DISPERSION),
        span: None,
    })
}

/// Dispersions that another experiment told.
#[derive(Clone, Debug, PartialEq)]
pub struct BorrowedDispersion {
    /// The file they were read from.
    pub from: String,
    /// For all genes that the other experiment did not tell.
    pub common: f64,
    /// By gene identifier.
    pub genes: HashMap<GeneId, GeneDispersion>,
}

/// What another experiment told of one gene.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GeneDispersion {
    /// The trend at its abundance.
    pub trended: Option<f64>,
    /// The gene's own.
    pub tagwise: Option<f64>,
}

/// Dispersions of another experiment for the genes of this one.
///
/// # Errors
/// [`DgeError::BadDispersion`] for a negative or missing value; [`DgeError::OtherSamples`].
pub fn borrowed_dispersion(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    borrowed: &BorrowedDispersion,
) -> Result<DispersionEstimates, DgeError> {
    let mut estimates = assumed_dispersion(matrix, sizes, borrowed.common)?;
    let of_gene = |own: fn(&GeneDispersion) -> Option<f64>| {
        let ids = matrix.genes().ids();
        borrowed.genes.values().any(|told| own(told).is_some()).then(|| {
            PerGene::from_fn(Arc::clone(matrix.genes()), |gene| {
                borrowed.genes.get(&ids[gene]).and_then(own).unwrap_or(borrowed.common)
            })
        })
    };
    estimates.trended = of_gene(|told| told.trended);
    estimates.tagwise = of_gene(|told| told.tagwise);
    for value in estimates.trended.iter().chain(&estimates.tagwise).flat_map(|told| told.values()) {
        if !(value.is_finite() && *value >= 0.0) {
            return Err(DgeError::BadDispersion { value: *value });
        }
    }
    estimates.source = DispersionSource::Borrowed { from: borrowed.from.clone() };
    Ok(estimates)
}

/// Residual deviance and degrees of freedom of each gene when every group has its own rate.
fn group_residuals(
    matrix: &CountMatrix,
    genes: &[usize],
    groups: &[LibraryGroup],
    phi: &[f64],
) -> Vec<Residual> {
    let mut residuals = vec![Residual { deviance: 0.0, df: 0.0 }; genes.len()];
    let eights = residuals.par_chunks_mut(WIDE).zip(genes.par_chunks(WIDE)).zip(phi.par_chunks(WIDE));
    eights.with_min_len(MIN_GENES_PER_JOB / WIDE).for_each(|((residuals, genes), phi)| {
        let mut dispersions = [1.0; WIDE];
        dispersions[..phi.len()].copy_from_slice(phi);
        for group in groups {
            let mut batch = Batch::new(group.members.len());
            genes.iter().for_each(|&gene| batch.push(gene, group.counts(matrix.row(gene))));
            let of_group = deviances_of_group(&batch.counts, &group.sizes, &dispersions);
            for (column, residual) in residuals.iter_mut().enumerate() {
                residual.deviance += of_group.deviance[column];
                // a group that is silent has no degrees of freedom
                residual.df += (of_group.informative[column] - 1.0).max(0.0);
            }
        }
    });
    residuals
}

#[cfg(test)]
mod tests {
    use alkaline_core::{GeneIndex, PerSample, SampleIndex};

    use super::*;
    use crate::Trend;

    fn experiment() -> (CountMatrix, LibrarySizes, Groups) {
        let (genes, n) = (80, 4);
        let count = |gene: usize, sample: usize| match gene {
            0 => f64::from(sample == 1),
            _ => ((gene * 7 + 20) * (10 + (gene * 31 + sample * 17) % 9) / 10) as f64,
        };
        let counts = (0..genes * n).map(|i| count(i / n, i % n)).collect();
        let genes = GeneIndex::new((0..genes).map(|i| format!("g{i}").into()).collect()).unwrap();
        let samples = SampleIndex::new((0..n).map(|i| format!("s{i}").into()).collect()).unwrap();
        let matrix = CountMatrix::new(genes, Arc::clone(&samples), counts).unwrap();
        let raw = PerSample::new(Arc::clone(&samples), matrix.column_sums()).unwrap();
        let factors = PerSample::from_fn(Arc::clone(&samples), |_| 1.0);
        (matrix, LibrarySizes { raw, factors }, Groups::new(samples, &["a", "a", "b", "b"]))
    }

    #[test]
    fn genes_below_the_minimal_total_get_the_common_dispersion() {
        let (matrix, sizes, groups) = experiment();
        let options = DispersionOptions { trend: Trend::None, ..DispersionOptions::default() };
        let estimates = estimate_dispersion(&matrix, &sizes, &groups, &options).unwrap();
        let relative = estimates.tagwise.as_ref().unwrap()[0] / estimates.common;
        assert!((relative - 1.0).abs() < 1e-10);
        assert!(estimates.trended.is_none());
    }

    #[test]
    fn dispersions_need_replicates() {
        let (matrix, sizes, groups) = experiment();
        let alone = Groups::new(Arc::clone(groups.samples()), &["a", "b", "c", "d"]);
        let refused = estimate_dispersion(&matrix, &sizes, &alone, &DispersionOptions::default());
        assert_eq!(refused.unwrap_err(), DgeError::NoReplicates);
        assert!(assumed_dispersion(&matrix, &sizes, f64::NAN).is_err());
    }

    #[test]
    fn genes_unknown_to_the_lender_get_its_common_dispersion() {
        let (matrix, sizes, _) = experiment();
        let genes =
            HashMap::from([(GeneId::from("g3"), GeneDispersion { trended: None, tagwise: Some(0.7) })]);
        let borrowed = BorrowedDispersion { from: "other.tsv".into(), common: 0.2, genes };
        let estimates = borrowed_dispersion(&matrix, &sizes, &borrowed).unwrap();
        let tagwise = estimates.tagwise.unwrap();
        assert_eq!((tagwise[3], tagwise[4]), (0.7, 0.2));
        assert!(estimates.trended.is_none());
        assert!(matches!(estimates.source, DispersionSource::Borrowed { .. }));
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let (matrix, sizes, groups) = experiment();
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                estimate_dispersion(&matrix, &sizes, &groups, &DispersionOptions::default()).unwrap()
            })
        };
        assert_eq!(with(1), with(3));
    }

    #[test]
    fn copies_of_a_sample_are_not_replicates() {
        let (matrix, _, groups) = experiment();
        assert!(crate::distinct_replicates(&matrix, &groups).is_ok());
        let doubled = matrix.rows().flat_map(|row| [row[0], row[0], row[2], row[3]]).collect();
        let copied =
            CountMatrix::new(Arc::clone(matrix.genes()), Arc::clone(matrix.samples()), doubled).unwrap();
        let error = crate::distinct_replicates(&copied, &groups).unwrap_err();
        assert_eq!(error, DgeError::IdenticalSamples { first: "s0".into(), second: "s1".into() });
    }
}
