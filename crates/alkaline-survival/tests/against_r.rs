//! The same numbers as R's survival on the data sets that come with it, read from R itself.

#![cfg(test)]

use std::process::Command;

use alkaline_survival::cox::{self, CoxModel, Ties, TimeScale};
use alkaline_survival::{IntervalKind, Outcomes, RankWeight, SurvivalCurve, concordance, rank_test};
use alkaline_testkit::external_program;

use ndarray::Array2;

/// What R is asked: columns of patients, then one line a question with its answers.
const QUESTIONS: &str = include_str!("against_r.R");

/// The largest relative difference that is agreement.
const DIGITS: f64 = 1e-8;

/// A data set as R prints it: outcomes, covariates, and answers by name.
#[derive(Default)]
struct Asked {
    name: String,
    times: Vec<f64>,
    events: Vec<bool>,
    group: Vec<usize>,
    x: Vec<Vec<f64>>,
    answers: Vec<(String, Vec<f64>)>,
}

impl Asked {
    fn answer(&self, name: &str) -> &[f64] {
        let found = self.answers.iter().find(|(key, _)| key == name);
        &found.unwrap_or_else(|| panic!("{}: R says nothing about {name}", self.name)).1
    }

    fn outcomes(&self) -> Outcomes {
        Outcomes::new(self.times.clone(), self.events.clone()).unwrap()
    }

    fn covariates(&self) -> Array2<f64> {
        Array2::from_shape_fn((self.times.len(), self.x.len()), |(row, column)| self.x[column][row])
    }

    fn agrees(&self, question: &str, found: &[f64]) -> usize {
        let expected = self.answer(question);
        assert_eq!(found.len(), expected.len(), "{} {question}", self.name);
        for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
            let same = (found.is_nan() && expected.is_nan())
                || (found - expected).abs() <= DIGITS * expected.abs().max(1e-300);
            assert!(same, "{} {question}[{at}]: {found} is not R's {expected}", self.name);
        }
        found.len()
    }
}

fn ask_r() -> Option<Vec<Asked>> {
    if !external_program("r-survival", "Rscript", &["-e", "library(survival)"], "R's survival package") {
        return None;
    }
    let output = Command::new("Rscript").args(["-e", QUESTIONS]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut all: Vec<Asked> = Vec::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let mut cells = line.split(' ');
        let key = cells.next().unwrap();
        if key == "data" {
            all.push(Asked { name: cells.next().unwrap().to_owned(), ..Asked::default() });
            continue;
        }
        let values: Vec<f64> =
            cells.map(|cell| if cell == "NA" { f64::NAN } else { cell.parse().unwrap() }).collect();
        let asked = all.last_mut().unwrap();
        match key {
            "times" => asked.times = values,
            "events" => asked.events = values.iter().map(|&value| value == 1.0).collect(),
            "group" => asked.group = values.iter().map(|&value| value as usize).collect(),
            "x" => asked.x.push(values),
            _ => asked.answers.push((key.to_owned(), values)),
        }
    }
    Some(all)
}

#[test]
fn curves_tests_and_models_of_known_data_sets_are_those_of_r_needs_r() {
    let Some(all) = ask_r() else { return };
    let mut compared = 0;
    for asked in &all {
        compared += curves(asked) + ranks(asked) + models(asked);
    }
    assert!(all.len() >= 7 && compared > 500, "{compared} values of {} data sets", all.len());
}

fn curves(asked: &Asked) -> usize {
    let curve = SurvivalCurve::of_all(&asked.outcomes());
    let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
    let mut medians = Vec::new();
    for kind in [IntervalKind::Log, IntervalKind::LogLog, IntervalKind::Plain] {
        let median = curve.median(kind, 0.95);
        medians.extend([or_nan(median.time), or_nan(median.lower), or_nan(median.upper)]);
    }
    let survival: Vec<f64> = curve.points().iter().map(|point| point.survival).collect();
    let upper: Vec<f64> =
        curve.points().iter().map(|point| point.interval(IntervalKind::LogLog, 0.95).upper).collect();
    asked.agrees("medians", &medians) + asked.agrees("survival", &survival) + asked.agrees("upper", &upper)
}

fn ranks(asked: &Asked) -> usize {
    let test = |weight| {
        let test = rank_test(&asked.outcomes(), &asked.group, None, weight).unwrap();
        [test.chi_square, test.p]
    };
    asked.agrees("logrank", &test(RankWeight::LogRank)) + asked.agrees("peto", &test(RankWeight::Peto))
}

fn models(asked: &Asked) -> usize {
    let mut compared = 0;
    for (name, ties) in [("efron", Ties::Efron), ("breslow", Ties::Breslow), ("exact", Ties::Exact)] {
        let model = CoxModel::new(asked.outcomes(), asked.covariates(), ties).unwrap();
        let fit = cox::fit(&model).unwrap();
        let mut found = fit.coefficients.clone();
        found.extend((0..model.columns()).map(|j| fit.standard_error(j)));
        found.extend((0..model.columns()).map(|j| fit.p(j)));
        found.extend([fit.log_likelihoods.0, fit.log_likelihoods.1, fit.score.chi_square]);
        compared += asked.agrees(name, &found);
        if ties == Ties::Efron {
            compared += after_the_fit(asked, &model, &fit);
        }
    }
    compared
}

fn after_the_fit(asked: &Asked, model: &CoxModel, fit: &cox::CoxFit) -> usize {
    let eta: Vec<f64> = fit.linear_predictors.iter().map(|eta| -eta).collect();
    let concordance = concordance::concordance(model.outcomes(), &eta, None).unwrap();
    let terms: Vec<Vec<usize>> = (0..model.columns()).map(|j| vec![j]).collect();
    let test = cox::proportionality(model, fit, &terms, TimeScale::KaplanMeier).unwrap();
    let mut statistics: Vec<f64> = test.terms.iter().map(|test| test.chi_square).collect();
    statistics.push(test.global.chi_square);
    let residuals = cox::residuals(model, fit).unwrap();
    let clustered = CoxModel::new(asked.outcomes(), asked.covariates(), Ties::Efron).unwrap();
    let clusters: Vec<usize> = (0..model.patients()).map(|row| row / 2).collect();
    let robust = cox::fit(&clustered.with_clusters(Some(&clusters)).unwrap()).unwrap();
    let robust: Vec<f64> = (0..model.columns()).map(|j| robust.standard_error(j)).collect();
    let stratified = CoxModel::new(asked.outcomes(), asked.covariates(), Ties::Efron).unwrap();
    let stratified = cox::fit(&stratified.with_strata(&asked.group).unwrap()).unwrap();
    asked.agrees("concordance", &[concordance.estimate, concordance.standard_error])
        + asked.agrees("zph", &statistics)
        + asked.agrees("martingale", &residuals.martingale)
        + asked.agrees("robust", &robust)
        + asked.agrees("stratified", &stratified.coefficients)
}
