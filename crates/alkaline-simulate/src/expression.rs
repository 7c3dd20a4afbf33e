//! Chooses how much every gene is expressed in either group, how noisy it is, and what changes.

use std::collections::HashMap;

use alkaline_core::Gene;

use crate::options::Programme;
use crate::random::{Purpose, Stream};
use crate::{GeneTruth, SimulateError, SimulateOptions};

/// Genes of other biotypes are chosen for expression as if their lot were higher by this: few of them are expressed
/// before most protein-coding genes are.
const NON_CODING_HANDICAP: f64 = 0.6;
/// Fraction of the remaining genes that are heard at all.
const LEAKY_FRACTION: f64 = 0.5;
/// Log2 abundance of such genes, relative to the median expressed gene: mean and standard deviation.
const LEAKY_ABUNDANCE: (f64, f64) = (-7.0, 1.5);
/// No expressed gene lies further from the median than this many standard deviations.
const WIDEST_ABUNDANCE: f64 = 3.5;
/// A gene of a programme changes by at least this fraction of the programme's mean change.
const WEAKEST_MEMBER: f64 = 0.3;
/// What keeps dispersions of very rare genes finite.
const SMALLEST_MEAN: f64 = 0.05;
/// Largest dispersion: beyond it a gene is zero in nearly every sample.
const LARGEST_DISPERSION: f64 = 10.0;

/// One gene of a pilot experiment: what the simulation takes over from it.
#[derive(Clone, Debug, PartialEq)]
pub struct PilotGene {
    /// Identifier and symbol.
    pub gene: Gene,
    /// Abundance, in any unit that is the same for all genes (CPM).
    pub abundance: f64,
    /// Negative binomial dispersion.
    pub dispersion: f64,
}

/// The truth about `genes`, in their order; only genes that `eligible` admits are expressed.
pub(crate) fn plan(
    genes: &[Gene],
    eligible: impl Fn(usize) -> bool,
    options: &SimulateOptions,
) -> Result<Vec<GeneTruth>, SimulateError> {
    let programmes = assign_programmes(genes, &options.programmes)?;
    let expressed = choose_expressed(genes, &eligible, &programmes, options);
    let mut draft: Vec<Draft> = (0..genes.len())
        .map(|gene| Draft::new(gene, eligible(gene), expressed[gene], programmes[gene], options))
        .collect();
    scale(&mut draft, options.library_size);
    let truth = draft.iter().zip(genes).zip(&programmes).enumerate();
    Ok(truth
        .map(|(number, ((draft, gene), programme))| GeneTruth {
            gene: gene.id.clone(),
            symbol: gene.name.clone(),
            log2_fold_change: draft.log2_fold_change,
            reference_mean: draft.reference,
            target_mean: draft.target,
            dispersion: dispersion(number, draft.reference.max(draft.target), options),
            programme: programme.map(|number| options.programmes[number].name.clone()),
        })
        .collect())
}

/// The truth about genes with the abundances and dispersions of a pilot.
pub(crate) fn plan_like(pilot: &[PilotGene], options: &SimulateOptions) -> Vec<GeneTruth> {
    let draft = pilot.iter().enumerate().map(|(number, gene)| {
        let change = if gene.abundance > 0.0 { log2_fold_change(number, None, options) } else { 0.0 };
        let reference = gene.abundance.max(0.0);
        Draft { reference, target: reference * libm::exp2(change), log2_fold_change: change }
    });
    let mut draft: Vec<Draft> = draft.collect();
    scale(&mut draft, options.library_size);
    let truth = draft.iter().zip(pilot);
    truth
        .map(|(draft, pilot)| GeneTruth {
            gene: pilot.gene.id.clone(),
            symbol: pilot.gene.name.clone(),
            log2_fold_change: draft.log2_fold_change,
            reference_mean: draft.reference,
            target_mean: draft.target,
            dispersion: pilot.dispersion,
            programme: None,
        })
        .collect()
}

/// Abundances of one gene: relative at first, expected counts after [`scale`].
struct Draft {
    reference: f64,
    target: f64,
    log2_fold_change: f64,
}

impl Draft {
    fn new(
        gene: usize,
        eligible: bool,
        expressed: bool,
        programme: Option<usize>,
        options: &SimulateOptions,
    ) -> Self {
        let programme = programme.map(|number| &options.programmes[number]);
        let log2_abundance = log2_abundance(gene, expressed, programme, options);
        let (Some(log2_abundance), true) = (log2_abundance, eligible) else {
            return Self { reference: 0.0, target: 0.0, log2_fold_change: 0.0 };
        };
        let change = if expressed { log2_fold_change(gene, programme, options) } else { 0.0 };
        let reference = libm::exp2(log2_abundance);
        Self { reference, target: libm::exp2(log2_abundance + change), log2_fold_change: change }
    }
}

/// Turns relative abundances into expected counts of a library of the nominal size.
fn scale(draft: &mut [Draft], library_size: f64) {
    let reference: f64 = draft.iter().map(|gene| gene.reference).sum();
    let target: f64 = draft.iter().map(|gene| gene.target).sum();
    for gene in draft {
        gene.reference *= library_size / reference;
        gene.target *= library_size / target;
    }
}

/// The programme of each gene, by symbol or identifier; a gene named by two programmes belongs to the first.
fn assign_programmes(genes: &[Gene], programmes: &[Programme]) -> Result<Vec<Option<usize>>, SimulateError> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (number, gene) in genes.iter().enumerate() {
        for name in [Some(gene.id.as_str()), gene.name.as_deref()].into_iter().flatten() {
            places.entry(name).or_insert(number);
        }
    }
    let mut assigned = vec![None; genes.len()];
    for (number, programme) in programmes.iter().enumerate() {
        let found: Vec<usize> =
            programme.genes.iter().filter_map(|name| places.get(name.as_str()).copied()).collect();
        if found.is_empty() {
            return Err(SimulateError::EmptyProgramme {
                programme: programme.name.clone(),
                genes: programme.genes.len(),
            });
        }
        for gene in found {
            assigned[gene].get_or_insert(number);
        }
    }
    Ok(assigned)
}

/// Draws lots: the genes of programmes first, then protein-coding ones with a head start.
fn choose_expressed(
    genes: &[Gene],
    eligible: impl Fn(usize) -> bool,
    programmes: &[Option<usize>],
    options: &SimulateOptions,
) -> Vec<bool> {
    let lot = |gene: usize| {
        let drawn = Stream::new(options.seed, Purpose::Expression, 0, gene).uniform();
        let coding = genes[gene].biotype.as_deref().is_none_or(is_protein_coding);
        match (programmes[gene], coding) {
            (Some(_), _) => -1.0,
            (None, true) => drawn,
            (None, false) => drawn + NON_CODING_HANDICAP,
        }
    };
    let mut lots: Vec<(f64, usize)> =
        (0..genes.len()).filter(|&gene| eligible(gene)).map(|gene| (lot(gene), gene)).collect();
    lots.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut expressed = vec![false; genes.len()];
    for (_, gene) in lots.into_iter().take(options.expressed_genes) {
        expressed[gene] = true;
    }
    expressed
}

/// NCBI and Ensembl differ by a hyphen.
fn is_protein_coding(biotype: &str) -> bool {
    matches!(biotype, "protein-coding" | "protein_coding")
}

/// Log2 abundance relative to the median expressed gene; `None` for a silent gene.
fn log2_abundance(
    gene: usize,
    expressed: bool,
    programme: Option<&Programme>,
    options: &SimulateOptions,
) -> Option<f64> {
    let mut stream = Stream::new(options.seed, Purpose::Expression, 1, gene);
    if !expressed {
        let heard = stream.chance(LEAKY_FRACTION);
        return heard.then(|| LEAKY_ABUNDANCE.0 + LEAKY_ABUNDANCE.1 * stream.normal());
    }
    Some(match programme {
        Some(programme) => {
            let [low, high] = programme.abundance;
            low + (high - low) * stream.uniform()
        }
        None => options.abundance_spread * stream.normal().clamp(-WIDEST_ABUNDANCE, WIDEST_ABUNDANCE),
    })
}

fn log2_fold_change(gene: usize, programme: Option<&Programme>, options: &SimulateOptions) -> f64 {
    let mut stream = Stream::new(options.seed, Purpose::FoldChange, 0, gene);
    if let Some(programme) = programme {
        let mean = programme.log2_fold_change;
        let drawn = mean + programme.spread * stream.normal();
        let weakest = WEAKEST_MEMBER * mean;
        return if mean < 0.0 { drawn.min(weakest) } else { drawn.max(weakest) };
    }
    if !stream.chance(options.fraction_changed) {
        return 0.0;
    }
    let size = options.smallest_log2_fold_change + options.excess_log2_fold_change * stream.exponential();
    if stream.chance(options.up_fraction) { size } else { -size }
}

/// The trend at `mean` times a scaled inverse chi-square number.
fn dispersion(gene: usize, mean: f64, options: &SimulateOptions) -> f64 {
    let trend = options.bcv * options.bcv + options.dispersion_trend / mean.max(SMALLEST_MEAN);
    let half_df = options.prior_df / 2.0;
    let scatter = half_df / Stream::new(options.seed, Purpose::Dispersion, 0, gene).gamma(half_df);
    (trend * scatter).min(LARGEST_DISPERSION)
}
