//! From likelihood curves to dispersions: common, trended, and gene-wise ones shrunk to the trend.

use std::sync::Arc;

use alkaline_core::results::{DispersionEstimates, DispersionSource};
use alkaline_core::{CountMatrix, LibrarySizes, PerGene};
use ndarray::ArrayView2;

use crate::abundance::average_log_cpm;
use crate::prior_df::{Residual, prior_df};
use crate::weighted_likelihood::{DispersionGrid, shared_likelihood, span, tagwise};
use crate::{DispersionOptions, Trend};

/// Base of the dispersion grid (edgeR `estimateDisp`).
pub(crate) const GRID_BASE: f64 = 0.1;

/// What turns likelihood curves into dispersions, with or without a linear model.
pub(crate) struct Shrinker<'a> {
    pub matrix: &'a CountMatrix,
    pub sizes: &'a LibrarySizes,
    /// Genes that the curves belong to.
    pub selected: &'a [usize],
    pub grid: &'a DispersionGrid,
    pub options: &'a DispersionOptions,
    /// Samples minus coefficients.
    pub spare_df: f64,
}

impl Shrinker<'_> {
    /// Common, trended and gene-wise dispersions; `residuals` fits the model at given dispersions of the selected genes.
    pub(crate) fn shrink(
        &self,
        curves: ArrayView2<'_, f64>,
        residuals: impl Fn(&[f64]) -> Vec<Residual>,
    ) -> DispersionEstimates {
        let common = self.grid.best_of_total(curves);
        let average = average_log_cpm(self.matrix, self.sizes, common);
        let abundance: Vec<f64> = self.selected.iter().map(|&gene| average[gene]).collect();
        let span = span(self.options, self.selected.len());
        let shared = shared_likelihood(curves, &abundance, self.options.trend, span);
        let trended = self.grid.best_of_shared(&shared, self.selected.len());
        let mut estimates = DispersionEstimates {
            source: DispersionSource::Estimated,
            common,
            trended: (self.options.trend != Trend::None)
                .then(|| self.for_all_genes(&trended, &trended, &abundance)),
            tagwise: None,
            prior_df: Vec::new(),
            average_log_cpm: average,
            span: Some(span),
        };
        if self.options.tagwise {
            let covariate = (self.options.trend != Trend::None).then_some(abundance.as_slice());
            estimates.prior_df = match self.options.prior_df {
                Some(df) => vec![df],
                None => prior_df(&residuals(&trended), covariate, self.options),
            };
            let prior_n: Vec<f64> = estimates.prior_df.iter().map(|df| df / self.spare_df).collect();
            if estimates.prior_df.len() > 1 {
                estimates.prior_df = self.prior_df_of_all_genes(&estimates.prior_df);
            }
            let own = tagwise(self.grid, curves, &shared, &trended, &prior_n);
            estimates.tagwise = Some(self.for_all_genes(&own, &trended, &abundance));
        }
        estimates
    }

    /// Prior degrees of freedom of the selected genes spread over all; the rest have nothing but the prior.
    fn prior_df_of_all_genes(&self, values: &[f64]) -> Vec<f64> {
        let mut all = vec![f64::INFINITY; self.matrix.genes().len()];
        self.selected.iter().zip(values).for_each(|(&gene, &value)| all[gene] = value);
        all
    }

    /// Values of the selected genes spread over all; the rest get the trend of the least abundant selected gene.
    fn for_all_genes(&self, values: &[f64], trended: &[f64], abundance: &[f64]) -> PerGene<f64> {
        let mut least = 0;
        abundance.iter().enumerate().for_each(|(i, x)| {
            if *x < abundance[least] {
                least = i;
            }
        });
        let mut all = vec![trended[least]; self.matrix.genes().len()];
        self.selected.iter().zip(values).for_each(|(&gene, &value)| all[gene] = value);
        PerGene::from_fn(Arc::clone(self.matrix.genes()), |gene| all[gene])
    }
}
