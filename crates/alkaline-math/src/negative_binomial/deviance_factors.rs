//! The factors that make unit deviances chi-square, as edgeR 4 approximates them.
//!
//! `κ = 2m²/v` degrees of freedom and the scale `α = 2m/v`, from mean `m` and variance `v` of the deviance, are exact in
//! [`DevianceMoments`]. edgeR 4 approximates both by polynomials in the mean `μ` and the dispersion `φ`, piece by piece, and differs from
//! the exact factors by up to 1e-3 relative (0.04 where `μ < 0.01` and `φ` is large). To give its numbers, its approximation has to be
//! repeated. What it is was found by asking it for factors at many `(μ, φ)` (`tests/golden/edger_4/deviance_factors`), looking
//! for the points where pieces meet, for the degree that fits each to the last digit, and for the zeros of its error: these
//! are Chebyshev nodes. Nothing is tabulated here: every polynomial is made anew from sums over counts, and then
//! agrees with edgeR to 1e-11.
//!
//! - **`φ < 0.736`**: a curve for Poisson counts (nine degrees in `μ`), times a surface of ratios to it (seven nodes each way). Between 20 and
//!   60 surfaces are blends of the curves at both ends, from 60 on they no longer depend on `μ`.
//! - **`φ` up to 4**: surfaces (ten nodes each way, those of `φ` on `0..4`), from 50 on blends in `1/μ`, constant from 5000 on.
//!
//! Some sums end early, after 100 or 1,000 counts; that is part of the answer. Below `μ = 0.01` and from `φ = 0.736` on the polynomial of
//! `0..0.01` is evaluated as if it were one of `0..0.02`, and the plateau of `κ` from 250 on is made at 500 but divided by the Poisson value
//! of 150. Larger dispersions count as 4.

use super::deviance_moments::{DevianceFactors, DevianceMoments, moments_of_first_counts};
use crate::chebyshev::{ChebyshevSeries, Interval};

/// Where the form for larger dispersions begins.
const LARGER: f64 = 0.736;
/// The largest dispersion of any piece.
const LARGEST: f64 = 4.0;
/// Nodes of curves, of surfaces and plateaus at little dispersion, and of surfaces at larger ones.
const CURVE_NODES: usize = 10;
const SURFACE_NODES: usize = 7;
const PLATEAU_NODES: usize = 6;
const LARGER_NODES: usize = 10;
/// Counts in the sums that end early.
const FEW: usize = 100;
const MANY: usize = 1000;

/// edgeR 4's factors at any mean, for one dispersion.
#[derive(Clone, Debug)]
pub struct PiecewiseFactors {
    scale: Piecewise,
    df: Piecewise,
}

impl PiecewiseFactors {
    /// Works out all pieces for the dispersion `phi`.
    #[must_use]
    pub fn new(phi: f64) -> Self {
        let phi = phi.min(LARGEST);
        let of = |factor| if phi < LARGER { little(factor, phi) } else { larger(factor, phi) };
        Self { scale: of(Factor::Scale), df: of(Factor::Df) }
    }

    /// The factors at mean `mu > 0`.
    #[must_use]
    pub fn at(&self, mu: f64) -> DevianceFactors {
        DevianceFactors { scale: self.scale.at(mu), df: self.df.at(mu) }
    }
}

/// Which factor: they have pieces of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Factor {
    Scale,
    Df,
}

impl Factor {
    fn pick<T>(self, scale: T, df: T) -> T {
        match self {
            Self::Scale => scale,
            Self::Df => df,
        }
    }

    fn of(self, moments: DevianceMoments) -> f64 {
        self.pick(moments.scale(), moments.df())
    }

    /// The factor from all counts.
    fn exact(self, mu: f64, phi: f64) -> f64 {
        self.of(DevianceMoments::exact(mu, phi))
    }

    /// The factor from the first counts only.
    fn ended_early(self, mu: f64, phi: f64, counts: usize) -> f64 {
        self.of(moments_of_first_counts(mu, phi, counts))
    }

    /// How the factor behaves as the mean vanishes: only the counts 0 and 1, of deviances `2μ` and `-2 (ln μ + 1)`, matter.
    fn small_mean(self, mu: f64) -> f64 {
        let ln = mu.ln();
        self.pick(-ln / (1.0 + ln).powi(2), mu * (ln / (1.0 + ln)).powi(2))
    }

    /// How the factor of Poisson counts behaves as the mean grows.
    fn large_mean(self, mu: f64) -> f64 {
        self.pick(1.0 - 1.0 / (6.0 * mu) - 0.5 / (mu * mu), 1.0 - 0.4 / (mu * mu))
    }
}

/// What a piece is a polynomial in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variable {
    Mean,
    InverseMean,
}

impl Variable {
    fn of(self, mu: f64) -> f64 {
        match self {
            Self::Mean => mu,
            Self::InverseMean => 1.0 / mu,
        }
    }

    fn interval(self, (from, to): (f64, f64)) -> Interval {
        match self {
            Self::Mean => Interval::new(from, to),
            Self::InverseMean => Interval::new(1.0 / to, 1.0 / from),
        }
    }
}

/// One piece of a factor, up to the mean where the next begins.
#[derive(Clone, Debug)]
struct Piece {
    to: f64,
    variable: Variable,
    series: ChebyshevSeries,
    /// Whether the series is that of the factor relative to its behaviour at small means.
    singular: bool,
}

/// A factor as the product of two piecewise functions: of a curve, and of what it is multiplied by.
#[derive(Clone, Debug)]
struct Piecewise {
    factor: Factor,
    /// The curve of Poisson counts; empty where there is none.
    base: Vec<Piece>,
    pieces: Vec<Piece>,
}

impl Piecewise {
    fn at(&self, mu: f64) -> f64 {
        self.base_at(mu) * value(&self.pieces, self.factor, mu)
    }

    fn base_at(&self, mu: f64) -> f64 {
        match self.base.last() {
            None => 1.0,
            Some(last) if mu >= last.to => self.factor.large_mean(mu),
            Some(_) => value(&self.base, self.factor, mu),
        }
    }
}

/// The value of the piece that `mu` lies in; the last piece has no end.
fn value(pieces: &[Piece], factor: Factor, mu: f64) -> f64 {
    let place = pieces.partition_point(|piece| piece.to <= mu).min(pieces.len() - 1);
    let piece = &pieces[place];
    let smooth = piece.series.at(piece.variable.of(mu));
    if piece.singular { smooth * factor.small_mean(mu) } else { smooth }
}

/// Pairs of neighbours.
fn spans(ends: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    ends.windows(2).map(|pair| (pair[0], pair[1]))
}

/// A constant, as the series of one term that it is.
fn constant(value: f64) -> ChebyshevSeries {
    ChebyshevSeries::through(&[value], Interval::new(0.0, 1.0))
}

fn piece(to: f64, series: ChebyshevSeries) -> Piece {
    Piece { to, variable: Variable::Mean, series, singular: false }
}

/// The value at `phi` of the polynomial in the dispersion through `f` at nodes of `0..to`.
fn across_dispersions(f: impl Fn(f64) -> f64, nodes: usize, to: f64, phi: f64) -> f64 {
    ChebyshevSeries::of(f, nodes, Interval::new(0.0, to)).at(phi)
}

/// Dispersions below 0.736: Poisson counts' factor times a ratio.
fn little(factor: Factor, phi: f64) -> Piecewise {
    let mut all = Piecewise { factor, base: poisson(factor), pieces: Vec::new() };
    let ratio = |mu: f64, phi: f64| factor.exact(mu, phi) / all.base_at(mu);
    let at = |mu: f64, nodes| across_dispersions(|phi| ratio(mu, phi), nodes, LARGER, phi);
    let mut pieces = Vec::new();
    for span in spans(&[0.0, 0.01, 0.33, factor.pick(1.77, 1.3), 4.0, 10.0, 20.0]) {
        let interval = Variable::Mean.interval(span);
        let series = ChebyshevSeries::of(|mu| at(mu, SURFACE_NODES), SURFACE_NODES, interval);
        pieces.push(piece(span.1, series));
    }
    let course = |mu: f64| factor.ended_early(mu, LARGER, MANY) / all.base_at(mu);
    for span in spans(&[20.0, 25.0, 30.0, 40.0, 60.0]) {
        let ends = (at(span.0, SURFACE_NODES), at(span.1, SURFACE_NODES));
        pieces.push(blend(span, ends, Variable::Mean, SURFACE_NODES, course));
    }
    for &(to, made_at) in factor.pick(&SCALE_PLATEAUS[..], &DF_PLATEAUS[..]) {
        pieces.push(piece(to, constant(at(made_at, PLATEAU_NODES))));
    }
    if factor == Factor::Df {
        let slip = factor.large_mean(500.0) / factor.large_mean(150.0);
        pieces.push(piece(f64::INFINITY, constant(slip * at(500.0, PLATEAU_NODES))));
    }
    all.pieces = pieces;
    all
}

/// Where plateaus of the ratio end, and at which means they are made.
const SCALE_PLATEAUS: [(f64, f64); 3] = [(80.0, 68.0), (120.0, 100.0), (f64::INFINITY, 120.0)];
const DF_PLATEAUS: [(f64, f64); 3] = [(80.0, 70.0), (120.0, 100.0), (250.0, 150.0)];

/// The factor of Poisson counts below a mean of 20.
fn poisson(factor: Factor) -> Vec<Piece> {
    let ends = factor.pick([0.0, 0.02, 0.4249, 1.5, 3.544, 20.0], [0.0, 0.02, 0.4966, 1.5, 4.2714, 20.0]);
    let curve = |(from, to)| {
        let singular = from == 0.0;
        let smooth = |mu: f64| factor.exact(mu, 0.0) / if singular { factor.small_mean(mu) } else { 1.0 };
        let series = ChebyshevSeries::of(smooth, CURVE_NODES, Interval::new(from, to));
        Piece { singular, ..piece(to, series) }
    };
    spans(&ends).map(curve).collect()
}

/// Dispersions from 0.736 on.
fn larger(factor: Factor, phi: f64) -> Piecewise {
    let at = |f: &dyn Fn(f64) -> f64| across_dispersions(f, LARGER_NODES, LARGEST, phi);
    let surface = |span: (f64, f64), f: &dyn Fn(f64, f64) -> f64| {
        let across = |mu: f64| at(&|phi| f(mu, phi));
        ChebyshevSeries::of(across, LARGER_NODES, Variable::Mean.interval(span))
    };
    let small = |mu: f64, phi: f64| factor.exact(mu, phi) / factor.small_mean(mu);
    let smallest = surface((0.0, 0.01), &small).stretched_to(Interval::new(0.0, 0.02));
    let mut pieces = vec![Piece { singular: true, ..piece(0.01, smallest) }];
    let exact = |mu: f64, phi: f64| factor.exact(mu, phi);
    let (few, many) =
        (|mu, phi| factor.ended_early(mu, phi, FEW), |mu, phi| factor.ended_early(mu, phi, MANY));
    let sums: [&dyn Fn(f64, f64) -> f64; 5] = [&exact, &few, &many, &exact, &exact];
    let ends = factor.pick([0.01, 0.43, 3.62, 10.0, 30.0, 50.0], [0.01, 0.5, 3.88, 10.0, 30.0, 50.0]);
    for (span, sum) in spans(&ends).zip(sums) {
        pieces.push(piece(span.1, surface(span, sum)));
    }
    let course = |mu: f64| factor.exact(mu, LARGEST);
    let curve = |mu: f64| at(&|phi| exact(mu, phi));
    let mut from = curve(50.0);
    for span in spans(&[50.0, 100.0, 1000.0, 5000.0]) {
        let to = curve(span.1);
        pieces.push(blend(span, (from, to), Variable::InverseMean, LARGER_NODES, course));
        from = to;
    }
    pieces.push(piece(f64::INFINITY, constant(from)));
    Piecewise { factor, base: Vec::new(), pieces }
}

/// From the value at one end of a span to that at the other, in the course that another function takes there.
fn blend(
    span: (f64, f64),
    (from, to): (f64, f64),
    variable: Variable,
    nodes: usize,
    course: impl Fn(f64) -> f64,
) -> Piece {
    let (start, end) = (course(span.0), course(span.1));
    // the inverse of an inverse mean is the mean
    let series = ChebyshevSeries::of(|x| course(variable.of(x)), nodes, variable.interval(span));
    let slope = (to - from) / (end - start);
    Piece { variable, ..piece(span.1, series.scaled(slope, from - slope * start)) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::order_statistics::larger;

    /// Away from small means and large dispersions edgeR's approximation is good to a thousandth.
    #[test]
    fn factors_are_near_the_exact_ones() {
        for phi in [0.0, 0.003, 0.05, 0.3, 0.7, 0.8, 1.5] {
            let factors = PiecewiseFactors::new(phi);
            for mu in [0.06, 0.1, 0.45, 1.0, 2.0, 4.1, 9.0, 15.0, 22.0, 45.0] {
                let (exact, ours) = (DevianceMoments::exact(mu, phi), factors.at(mu));
                assert!((ours.df / exact.df() - 1.0).abs() < 2e-3, "{phi} {mu}");
                assert!((ours.scale / exact.scale() - 1.0).abs() < 2e-3, "{phi} {mu}");
            }
        }
    }

    /// Answers of edgeR 4.10.7 (those of 4.5.1), made by the script beside them.
    #[test]
    fn factors_are_those_of_edger() {
        let golden = include_str!("../../../../tests/golden/edger_4/deviance_factors/expected/factors.tsv");
        let mut by_phi = HashMap::new();
        let (mut compared, mut worst) = (0, (0.0f64, 0.0f64));
        for line in golden.lines().skip(1) {
            let field: Vec<f64> = line.split('\t').map(|text| text.parse().unwrap()).collect();
            let factors = by_phi
                .entry(field[1].to_bits())
                .or_insert_with(|| PiecewiseFactors::new(field[1]))
                .at(field[0]);
            worst.0 = larger(worst.0, (factors.df / field[2] - 1.0).abs());
            worst.1 = larger(worst.1, (factors.scale / field[3] - 1.0).abs());
            compared += 1;
        }
        assert!(compared > 1000, "{compared} rows");
        eprintln!("largest differences: df {:.1e}, scale {:.1e}", worst.0, worst.1);
        assert!(worst.0 < 1e-10 && worst.1 < 1e-9, "{worst:?}");
    }
}
