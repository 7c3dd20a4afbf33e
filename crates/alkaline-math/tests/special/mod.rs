//! Special functions in 45 digits (`make.py`), and what this crate answers: read by a test and by the example that prints the
//! table of docs/explanation/special-functions.md.

use alkaline_math::hypergeometric;
use alkaline_math::special::{
    digamma, ln_beta_tails, ln_chi_square_upper, ln_f_tails, ln_gamma, ln_gamma_tails, ln_normal_upper,
    ln_student_upper, normal_from_ln_upper, student_upper_quantile, trigamma,
};

/// One exact value.
pub struct Value {
    pub function: &'static str,
    pub arguments: Vec<f64>,
    pub exact: f64,
}

/// All exact values.
pub fn values() -> Vec<Value> {
    let parsed = |line: &'static str| {
        let mut fields = line.split('\t');
        let function = fields.next().unwrap();
        let arguments = fields.next().unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
        Value { function, arguments, exact: fields.next().unwrap().parse().unwrap() }
    };
    include_str!("values.tsv").lines().skip(1).map(parsed).collect()
}

impl Value {
    /// The error of an answer, relative to the exact value, or absolute where that is below one.
    pub fn error_of(&self, answer: f64) -> f64 {
        if answer == self.exact {
            return 0.0;
        }
        (answer - self.exact).abs() / self.exact.abs().max(1.0)
    }

    /// This crate's answer; `None` for what it has no function for.
    pub fn ours(&self) -> Option<f64> {
        let a = &self.arguments;
        Some(match self.function {
            "ln_gamma" => ln_gamma(a[0]),
            "digamma" => digamma(a[0]),
            "trigamma" => trigamma(a[0]),
            "ln_normal_upper" => ln_normal_upper(a[0]),
            "normal_quantile" => normal_from_ln_upper(a[0].ln()),
            "ln_gamma_lower" => ln_gamma_tails(a[0], a[1]).ln_lower,
            "ln_gamma_upper" => ln_gamma_tails(a[0], a[1]).ln_upper,
            "ln_chi_square_upper" => ln_chi_square_upper(a[0], a[1]),
            "ln_beta_lower" => ln_beta_tails(a[2], 1.0 - a[2], a[0], a[1]).ln_lower,
            "ln_beta_upper" => ln_beta_tails(a[2], 1.0 - a[2], a[0], a[1]).ln_upper,
            "ln_f_upper" => ln_f_tails(a[0], a[1], a[2]).1,
            "ln_student_upper" => ln_student_upper(a[0], a[1]),
            "student_quantile" => student_upper_quantile(a[0], a[1]),
            "ln_hypergeometric_upper" => {
                hypergeometric::upper_tail(a[0] as u64, a[1] as u64, a[2] as u64, a[3] as u64).ln()
            }
            "ln_negative_binomial" => return None,
            other => panic!("{other} is unknown"),
        })
    }
}
