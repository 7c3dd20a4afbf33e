//! The classic pair of functions of most published scripts: one common dispersion, then gene-wise ones around it.
//!
//! Reference: Robinson & Smyth (2007), doi:10.1093/bioinformatics/btm453. Upstream: edgeR `estimateCommonDisp` and
//! `estimateTagwiseDisp`.

use std::sync::Arc;

use alkaline_core::results::{DispersionEstimates, DispersionSource};
use alkaline_core::{CountMatrix, LibrarySizes, PerGene};

use super::{FIRST_DISPERSION, adjust_counts, likelihood_grid, maximise_common, replicates};
use crate::abundance::average_log_cpm;
use crate::dispersion_options::Trend;
use crate::libraries::LibraryGroup;
use crate::weighted_likelihood::{DispersionGrid, shared_likelihood, tagwise};
use crate::{DgeError, DispersionOptions};

/// Rounds of adjusting library sizes and estimating the common dispersion.
const ROUNDS: usize = 2;
/// Doublings around the common dispersion, and their number (edgeR `estimateTagwiseDisp(grid.range, grid.length)`).
const GRID: ((f64, f64), usize) = ((-6.0, 6.0), 11);
/// Prior degrees of freedom (edgeR `estimateTagwiseDisp(prior.df)`).
const PRIOR_DF: f64 = 10.0;
/// Share of the genes that a moving average spans.
const MOVING_SPAN: f64 = 0.3;
/// Share of the genes that a running mean spans.
const LOESS_SPAN: f64 = 0.5;

/// Estimates both dispersions; `replicated` are the groups with at least two samples, `spare_df` samples minus groups.
pub(crate) fn common_then_tagwise(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    replicated: &[LibraryGroup],
    common_size: f64,
    spare_df: f64,
    options: &DispersionOptions,
) -> Result<DispersionEstimates, DgeError> {
    let pattern = replicates(replicated);
    let selected = crate::checks::genes_where(matrix, |total| total > options.min_row_sum)?;
    let mut common = FIRST_DISPERSION;
    for _ in 0..ROUNDS {
        let adjusted = adjust_counts(matrix, &selected, replicated, common_size, common);
        common = maximise_common(&adjusted, &pattern, options.tolerance);
    }
    let average = average_log_cpm(matrix, sizes, common);
    let mut estimates = DispersionEstimates {
        source: DispersionSource::Estimated,
        common,
        trended: None,
        tagwise: None,
        prior_df: Vec::new(),
        average_log_cpm: average,
        span: None,
    };
    if options.tagwise {
        let all: Vec<usize> = (0..matrix.genes().len()).collect();
        let grid = DispersionGrid::new(common, GRID.0, GRID.1);
        let adjusted = adjust_counts(matrix, &all, replicated, common_size, common);
        let curves = likelihood_grid(&adjusted, &pattern, &grid.dispersions);
        let (trend, span) = trend_and_span(options);
        let shared = shared_likelihood(curves.view(), estimates.average_log_cpm.values(), trend, span);
        let prior_df = options.prior_df.unwrap_or(PRIOR_DF);
        let values = tagwise(&grid, curves.view(), &shared, &vec![common; all.len()], &[prior_df / spare_df]);
        estimates.tagwise = Some(PerGene::new(Arc::clone(matrix.genes()), values)?);
        estimates.prior_df = vec![prior_df];
        estimates.span = Some(span);
    }
    Ok(estimates)
}

/// This estimator knows a moving average (its default), a running mean and no trend.
fn trend_and_span(options: &DispersionOptions) -> (Trend, f64) {
    let (trend, span) = match options.trend {
        Trend::None => (Trend::None, MOVING_SPAN),
        Trend::Loess => (Trend::Loess, LOESS_SPAN),
        Trend::Locfit | Trend::LocfitMixed | Trend::Movingave => (Trend::Movingave, MOVING_SPAN),
    };
    (trend, options.span.unwrap_or(span))
}
