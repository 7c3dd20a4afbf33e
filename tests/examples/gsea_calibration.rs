//! How right GSEA p-values are: against counting, where counting can tell. Prints the table of the validation page.
//!
//! `cargo run --release -p alkaline-tests --example gsea_calibration -- RANKS.rnk SETS.gmt [DRAWS [TREND.tsv]]`
//!
//! For sets spread over the sizes and ranges of P, DRAWS uniform random sets (4 million by default) are drawn and scored by
//! code that shares nothing with the library; each p-value is held against the share that scores as high. With DRAWS 0
//! nothing is counted. TREND.tsv is what `tests/peers/fgsea_trend.R` wrote: fgsea's answers with more and more climbers.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark talks to the terminal and may stop"
)]

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use alkaline_core::gene_sets::GeneSetCollection;
use alkaline_core::results::{GseaRow, RankedGenes};
use alkaline_enrich::{GseaOptions, gsea};
use rayon::prelude::*;

/// Ranges of -log2 P.
const RANGES: [(f64, f64); 5] = [(1.0, 3.3), (3.3, 6.6), (6.6, 10.0), (10.0, 13.0), (13.0, 16.6)];

/// Sets per range.
const SETS: usize = 24;

/// Largest set that is counted: larger ones take too long.
const LARGEST: usize = 150;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [ranks, sets, draws @ ..] = arguments.as_slice() else {
        println!("usage: gsea_calibration RANKS.rnk SETS.gmt [DRAWS]");
        return;
    };
    let trend = draws.get(1);
    let draws: u64 = draws.first().map_or(4_000_000, |draws| draws.parse().unwrap());
    let (ranked, _) = alkaline_io::rnk::read(Path::new(ranks)).unwrap();
    let (collection, _) = alkaline_io::gmt::read(Path::new(sets)).unwrap();
    let collections = std::slice::from_ref(&collection);
    if let Some(trend) = trend {
        print_trend(Path::new(trend), &ranked, collections);
    }
    if draws == 0 {
        return;
    }
    let rows = gsea(&ranked, "score", collections, None, &GseaOptions::default()).unwrap().table.rows;
    println!(
        "| range of P | sets | mean difference, bit | standard error | rms of difference over own error |"
    );
    println!("|---|---|---|---|---|");
    for (from, to) in RANGES {
        let within: Vec<&GseaRow> = rows
            .iter()
            .filter(|row| (from..to).contains(&-row.p_value.log2()) && row.set_size <= LARGEST)
            .collect();
        if within.is_empty() {
            continue;
        }
        let step = within.len().div_ceil(SETS);
        let compared: Vec<Difference> = within
            .into_par_iter()
            .step_by(step)
            .filter_map(|row| Difference::of(row, &ranked, &collection, draws))
            .collect();
        print_range(from, to, &compared);
    }
}

/// Ranges of -log2 P in which fgsea is looked at.
const TREND_RANGES: [(f64, f64); 4] = [(6.6, 10.0), (10.0, 16.6), (16.6, 33.0), (33.0, 100.0)];

/// fgsea's log2 P less ours (with ten times the usual draws): of the mean over seeds of log2 P, and of log2 of the mean P.
fn print_trend(path: &Path, ranked: &RankedGenes, collections: &[GeneSetCollection]) {
    let options = GseaOptions { draws: 10_000, ..GseaOptions::default() };
    let rows = gsea(ranked, "score", collections, None, &options).unwrap().table.rows;
    let text = std::fs::read_to_string(path).unwrap();
    // log2 P by climbers and set, seed by seed.
    let mut answers: BTreeMap<u32, HashMap<&str, Vec<f64>>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let of_size = answers.entry(cells[1].parse().unwrap()).or_default();
        of_size.entry(cells[0]).or_default().push(cells[3].parse().unwrap());
    }
    println!(
        "| range of P | climbers | seeds | sets | mean of log2 P | standard error | log2 of mean P | our error |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (from, to) in TREND_RANGES {
        for (climbers, sets) in &answers {
            let within: Vec<(&GseaRow, &Vec<f64>)> = rows
                .iter()
                .filter(|row| (from..to).contains(&-row.p_value.log2()))
                .filter_map(|row| Some((row, sets.get(row.id.as_str())?)))
                .collect();
            let number = within.len() as f64;
            let seeds = within.iter().map(|(_, bits)| bits.len()).min().unwrap_or(0);
            // The sets of a size err together, so that the error of the mean is read off the seeds.
            let by_seed: Vec<f64> = (0..seeds)
                .map(|seed| {
                    within.iter().map(|(row, bits)| bits[seed] - row.p_value.log2()).sum::<f64>() / number
                })
                .collect();
            let mean = by_seed.iter().sum::<f64>() / seeds as f64;
            let variance =
                by_seed.iter().map(|bits| (bits - mean).powi(2)).sum::<f64>() / (seeds as f64 - 1.0);
            let of_mean = |(row, bits): &(&GseaRow, &Vec<f64>)| {
                let mean = bits.iter().map(|bits| bits.exp2()).sum::<f64>() / bits.len() as f64;
                mean.log2() - row.p_value.log2()
            };
            let log_of_mean = within.iter().map(of_mean).sum::<f64>() / number;
            let own = within.iter().map(|(row, _)| row.log2_error).sum::<f64>() / number;
            println!(
                "| 2^-{from} to 2^-{to} | {climbers} | {seeds} | {number} | {mean:+.3} | {:.3} | {log_of_mean:+.3} | {own:.3} |",
                (variance / seeds as f64).sqrt()
            );
        }
    }
}

/// One set: log2 of the estimate over the counted share, and the standard errors of both.
struct Difference {
    bits: f64,
    counting_error: f64,
    own_error: f64,
}

impl Difference {
    fn of(row: &GseaRow, ranked: &RankedGenes, collection: &GeneSetCollection, draws: u64) -> Option<Self> {
        let set = collection.sets.iter().find(|set| set.id == row.id).unwrap();
        let places: HashMap<&str, usize> =
            ranked.genes.iter().enumerate().map(|(place, gene)| (gene.as_str(), place)).collect();
        let mut members: Vec<usize> =
            collection.genes_of(set).filter_map(|gene| places.get(gene.as_str()).copied()).collect();
        members.sort_unstable();
        members.dedup();
        let weights: Vec<f64> = ranked.scores.iter().map(|score| score.abs()).collect();
        let score = score_of(&weights, &members);
        let (extreme, same_sign) = count(&weights, members.len(), score, draws);
        // Fewer than this tell nothing.
        (extreme >= 50).then(|| Self {
            bits: row.p_value.log2() - (extreme as f64 / same_sign as f64).log2(),
            counting_error: 1.0 / (extreme as f64).sqrt() / std::f64::consts::LN_2,
            own_error: row.log2_error,
        })
    }
}

fn print_range(from: f64, to: f64, compared: &[Difference]) {
    let sets = compared.len() as f64;
    let mean = compared.iter().map(|d| d.bits).sum::<f64>() / sets;
    let error =
        compared.iter().map(|d| d.counting_error.powi(2) + d.own_error.powi(2)).sum::<f64>().sqrt() / sets;
    let z = compared
        .iter()
        .map(|d| d.bits.powi(2) / (d.counting_error.powi(2) + d.own_error.powi(2)))
        .sum::<f64>();
    println!("| 2^-{from} to 2^-{to} | {sets} | {mean:+.3} | {error:.3} | {:.2} |", (z / sets).sqrt());
}

/// Enrichment score of the genes at `places`, rising: the definition, gene by gene.
fn score_of(weights: &[f64], places: &[usize]) -> f64 {
    let total: f64 = places.iter().map(|&place| weights[place]).sum();
    let miss = 1.0 / (weights.len() - places.len()) as f64;
    let (mut highest, mut lowest, mut hit) = (0.0_f64, 0.0_f64, 0.0);
    for (hits, &place) in places.iter().enumerate() {
        let misses = (place - hits) as f64 * miss;
        lowest = lowest.min(hit / total - misses);
        hit += weights[place];
        highest = highest.max(hit / total - misses);
    }
    if highest > -lowest { highest } else { lowest }
}

/// Random sets at least as extreme, and random sets of the sign.
fn count(weights: &[f64], size: usize, score: f64, draws: u64) -> (u64, u64) {
    let mut genes: Vec<usize> = (0..weights.len()).collect();
    let mut state = 0x2545_f491_4f6c_dd1d ^ (size as u64) ^ score.to_bits();
    let (mut extreme, mut same_sign) = (0, 0);
    let mut places = vec![0; size];
    for _ in 0..draws {
        for i in 0..size {
            let j = i + (next(&mut state) % (weights.len() - i) as u64) as usize;
            genes.swap(i, j);
        }
        places.copy_from_slice(&genes[..size]);
        places.sort_unstable();
        let random = score_of(weights, &places);
        if random * score >= 0.0 {
            same_sign += 1;
            extreme += u64::from(random.abs() >= score.abs() - 1e-12);
        }
    }
    (extreme, same_sign)
}

/// SplitMix64 (Steele, Lea & Flood 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut word = *state;
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
