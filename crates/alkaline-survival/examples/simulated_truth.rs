//! Cohorts whose truth is known: how often intervals hold it, how often a marker without meaning is called, and how fast many markers are scanned.
//!
//! `cargo run --release -p alkaline-survival --example simulated_truth [COHORTS]`

use std::io::{self, Write};
use std::time::Instant;

use alkaline_math::multiple_testing::benjamini_hochberg;
use alkaline_survival::cox::{Scan, Ties};
use alkaline_survival::cut::{MaximalOptions, Split, maximal, split};
use alkaline_survival::{Outcomes, RankWeight, rank_test};
use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp, StandardNormal};

/// Patients and markers, as in the study that prompted it.
const PATIENTS: usize = 61;
const MARKERS: usize = 40;
/// Log hazard ratios of a standard deviation of the first markers; the others mean nothing.
const TRUTH: [f64; 3] = [0.7, 0.5, 0.3];
/// The longest follow-up; about four fifths have the event before.
const LONGEST: f64 = 6.0;
const ALPHA: f64 = 0.05;

fn main() -> io::Result<()> {
    let cohorts = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200);
    let mut out = io::stdout().lock();
    truth(&mut out, cohorts)?;
    chosen_cuts(&mut out, cohorts)?;
    speed(&mut out)
}

/// Markers with planted hazards, one at a time: the marginal ratio is a little nearer to one than the planted one.
fn truth(out: &mut impl Write, cohorts: u64) -> io::Result<()> {
    let (mut held, mut called, mut null_called, mut discoveries, mut false_discoveries, mut events) =
        (0, 0, 0, 0, 0, 0);
    for seed in 0..cohorts {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let markers = normal(&mut random, MARKERS, PATIENTS);
        // one marker is planted at a time, so that its own ratio is the truth of its own model
        let planted = seed as usize % TRUTH.len();
        let outcomes = follow(&mut random, &markers, &[(planted, TRUTH[planted])]);
        events += outcomes.event_count();
        let rows = Scan::new(&outcomes, None, Ties::Efron).map_err(io::Error::other)?.all(markers.view());
        let own = rows[planted];
        held += usize::from((own.coefficient - TRUTH[planted]).abs() <= 1.959_964 * own.standard_error);
        called += usize::from(own.p < ALPHA);
        null_called += rows.iter().enumerate().filter(|(at, row)| *at != planted && row.p < ALPHA).count();
        let adjusted = benjamini_hochberg(&rows.iter().map(|row| row.p).collect::<Vec<_>>());
        let found: Vec<usize> = (0..MARKERS).filter(|&at| adjusted[at] < ALPHA).collect();
        discoveries += usize::from(!found.is_empty());
        false_discoveries += usize::from(found.iter().any(|&at| at != planted));
    }
    let share = |number: usize, of: usize| 100.0 * number as f64 / of as f64;
    let all = cohorts as usize;
    writeln!(
        out,
        "{all} cohorts of {PATIENTS} patients, {:.1} events each, {MARKERS} markers of which one matters",
        events as f64 / all as f64
    )?;
    writeln!(out, "95 % intervals that hold the planted hazard ratio: {:.1} %", share(held, all))?;
    writeln!(out, "planted markers with P < {ALPHA}: {:.1} %", share(called, all))?;
    writeln!(
        out,
        "markers that mean nothing with P < {ALPHA}: {:.2} %",
        share(null_called, all * (MARKERS - 1))
    )?;
    writeln!(
        out,
        "cohorts with a discovery at FDR {ALPHA}: {:.1} %; with a false one: {:.1} %",
        share(discoveries, all),
        share(false_discoveries, all)
    )
}

/// A marker that means nothing, split where survival differs most.
fn chosen_cuts(out: &mut impl Write, cohorts: u64) -> io::Result<()> {
    let (mut naive, mut corrected) = (0, 0);
    let options = MaximalOptions { permutations: 999, ..MaximalOptions::default() };
    for seed in 0..cohorts {
        let mut random = ChaCha8Rng::seed_from_u64(10_000 + seed);
        let markers = normal(&mut random, 1, PATIENTS);
        let outcomes = follow(&mut random, &markers, &[]);
        let values = markers.row(0).to_vec();
        let cut = maximal(&outcomes, &values, &options).map_err(io::Error::other)?;
        let groups: Vec<usize> = split(&values, &[cut.cut]).into_iter().flatten().collect();
        let test = rank_test(&outcomes, &groups, None, RankWeight::LogRank).map_err(io::Error::other)?;
        naive += usize::from(test.p < ALPHA);
        corrected += usize::from(cut.p() < ALPHA);
    }
    let share = |number: usize| 100.0 * number as f64 / cohorts as f64;
    writeln!(
        out,
        "cuts chosen by the outcome, no truth in it: naive P < {ALPHA} in {:.1} %, P of the choice in {:.1} %",
        share(naive),
        share(corrected)
    )
}

/// Twenty thousand markers of five hundred patients.
fn speed(out: &mut impl Write) -> io::Result<()> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let markers = normal(&mut random, 20_000, 500);
    let outcomes = follow(&mut random, &markers, &[(0, 0.5)]);
    let begun = Instant::now();
    let rows = Scan::new(&outcomes, None, Ties::Efron).map_err(io::Error::other)?.all(markers.view());
    let seconds = begun.elapsed().as_secs_f64();
    let split_begun = Instant::now();
    let medians: usize = markers
        .rows()
        .into_iter()
        .filter(|row| {
            let values = row.to_vec();
            let groups: Vec<usize> =
                split(&values, &Split::Median.cuts(&values)).into_iter().flatten().collect();
            rank_test(&outcomes, &groups, None, RankWeight::LogRank).is_ok_and(|test| test.p < ALPHA)
        })
        .count();
    writeln!(
        out,
        "20,000 Cox models of 500 patients: {seconds:.2} s ({} of them with P < {ALPHA}); 20,000 log-rank tests on one thread: {:.2} s ({medians})",
        rows.iter().filter(|row| row.p < ALPHA).count(),
        split_begun.elapsed().as_secs_f64()
    )
}

fn normal(random: &mut ChaCha8Rng, markers: usize, patients: usize) -> Array2<f64> {
    Array2::from_shape_fn((markers, patients), |_| StandardNormal.sample(random))
}

/// Exponential times under the planted hazards, followed for a while.
fn follow(random: &mut ChaCha8Rng, markers: &Array2<f64>, planted: &[(usize, f64)]) -> Outcomes {
    let unit = Exp::new(1.0).expect("a rate of one");
    let one = |patient: usize, random: &mut ChaCha8Rng| {
        let risk: f64 = planted.iter().map(|&(marker, beta)| beta * markers[[marker, patient]]).sum();
        let time = unit.sample(random) / (0.35 * risk.exp());
        let end: f64 = LONGEST * (0.5 + 0.5 * rand::RngExt::random::<f64>(random));
        (time.min(end), time <= end)
    };
    let (times, events) = (0..markers.ncols()).map(|patient| one(patient, random)).unzip();
    Outcomes::new(times, events).expect("times are positive")
}
