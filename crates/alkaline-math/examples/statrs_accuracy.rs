//! How exact and how fast `statrs` is beside this crate, function by function: the table of
//! docs/explanation/special-functions.md.
//!
//! `cargo run --release -p alkaline-math --example statrs_accuracy`
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for developers")]

use std::hint::black_box;
use std::time::Instant;

use alkaline_math::order_statistics::smaller;
use statrs::distribution::{
    Beta, ChiSquared, ContinuousCDF, Discrete, DiscreteCDF, FisherSnedecor, Gamma, Hypergeometric,
    NegativeBinomial, Normal, StudentsT,
};
use statrs::function::gamma;

#[path = "../tests/special/mod.rs"]
mod special;

use special::Value;

/// Tails below this have no normal 64-bit float; only their logarithms do.
const LN_SMALLEST: f64 = -708.0;
/// Tails below this are far.
const LN_FAR: f64 = -11.5;
/// Calls behind one time, and times of which the shortest is shown: whatever else the machine does only adds.
const CALLS: usize = 500;
const TIMES: usize = 20;

fn main() {
    let values = special::values();
    println!(
        "| function | range | values | error of alkaline | error of statrs | ns, alkaline | ns, statrs |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut functions: Vec<&str> = values.iter().map(|value| value.function).collect();
    functions.dedup();
    functions.sort_unstable();
    functions.dedup();
    for function in functions {
        for (range, inside) in ranges(function) {
            let chosen: Vec<&Value> =
                values.iter().filter(|v| v.function == function && inside(v.exact)).collect();
            if !chosen.is_empty() {
                print_row(function, range, &chosen);
            }
        }
    }
}

/// A range of exact values: what it is called, and what lies in it.
type Range = (&'static str, fn(f64) -> bool);

/// Tails are told apart by how small they are.
fn ranges(function: &str) -> Vec<Range> {
    let is_tail = function.ends_with("upper") || function.ends_with("lower");
    if !is_tail {
        return vec![("all", |_| true)];
    }
    vec![
        ("P above 1e-5", |ln| ln >= LN_FAR),
        ("P to 1e-307", |ln| (LN_SMALLEST..LN_FAR).contains(&ln)),
        ("P below", |ln| ln < LN_SMALLEST),
    ]
}

fn print_row(function: &str, range: &str, chosen: &[&Value]) {
    let ours = errors(chosen, Value::ours);
    let theirs = errors(chosen, statrs);
    let (own_time, their_time) = (nanoseconds(chosen, Value::ours), nanoseconds(chosen, statrs));
    println!("| `{function}` | {range} | {} | {ours} | {theirs} | {own_time} | {their_time} |", chosen.len());
}

/// The largest error in words, and how many values have none but an infinite or missing answer.
fn errors(chosen: &[&Value], answer: fn(&Value) -> Option<f64>) -> String {
    let mut largest = 0.0;
    let mut lost = 0;
    for value in chosen {
        let Some(answer) = answer(value) else { return String::new() };
        let error = value.error_of(answer);
        if error.is_finite() {
            largest = if error > largest { error } else { largest };
        } else {
            lost += 1;
        }
    }
    match lost {
        0 => format!("{largest:.0e}"),
        _ if lost == chosen.len() => "none has an answer".to_owned(),
        _ => format!("{largest:.0e}; {lost} without an answer"),
    }
}

/// Time of a call in nanoseconds, on average over the values.
fn nanoseconds(chosen: &[&Value], answer: fn(&Value) -> Option<f64>) -> String {
    if answer(chosen[0]).is_none() {
        return String::new();
    }
    let calls = CALLS.div_ceil(chosen.len());
    let seconds = || {
        let start = Instant::now();
        for _ in 0..calls {
            chosen.iter().for_each(|value| {
                black_box(answer(black_box(value)));
            });
        }
        start.elapsed().as_secs_f64()
    };
    let shortest = (0..TIMES).map(|_| seconds()).reduce(smaller).unwrap();
    format!("{:.0}", shortest * 1e9 / (calls * chosen.len()) as f64)
}

/// What statrs answers; `None` for what it has no function for.
fn statrs(value: &Value) -> Option<f64> {
    let a = &value.arguments;
    Some(match value.function {
        "ln_gamma" => gamma::ln_gamma(a[0]),
        "digamma" => gamma::digamma(a[0]),
        "ln_normal_upper" => Normal::standard().sf(a[0]).ln(),
        "normal_quantile" => -Normal::standard().inverse_cdf(a[0]),
        "ln_gamma_lower" => Gamma::new(a[0], 1.0).unwrap().cdf(a[1]).ln(),
        "ln_gamma_upper" => Gamma::new(a[0], 1.0).unwrap().sf(a[1]).ln(),
        "ln_chi_square_upper" => ChiSquared::new(a[1]).unwrap().sf(a[0]).ln(),
        "ln_beta_lower" => Beta::new(a[0], a[1]).unwrap().cdf(a[2]).ln(),
        "ln_beta_upper" => Beta::new(a[0], a[1]).unwrap().sf(a[2]).ln(),
        "ln_f_upper" => FisherSnedecor::new(a[1], a[2]).unwrap().sf(a[0]).ln(),
        "ln_student_upper" => StudentsT::new(0.0, 1.0, a[1]).unwrap().sf(a[0]).ln(),
        "student_quantile" => -StudentsT::new(0.0, 1.0, a[1]).unwrap().inverse_cdf(a[0]),
        "ln_hypergeometric_upper" => {
            let [k, m, population, n] = [a[0] as u64, a[1] as u64, a[2] as u64, a[3] as u64];
            Hypergeometric::new(population, m, n).unwrap().sf(k - 1).ln()
        }
        "ln_negative_binomial" => {
            let size = 1.0 / a[2];
            NegativeBinomial::new(size, size / (size + a[1])).unwrap().ln_pmf(a[0] as u64)
        }
        _ => return None,
    })
}
