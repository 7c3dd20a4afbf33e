//! What the cohort cannot tell, on one page.

use alkaline_survival::size::{events_needed, power};

use super::analysis::{CohortResults, EndpointFacts};
use super::options::{CohortOptions, Cut};

/// Hazard ratios whose power is told.
const RATIOS: [f64; 3] = [1.5, 2.0, 3.0];
/// The power that studies are planned for.
const PLANNED: f64 = 0.8;

/// The page, as Markdown.
pub fn page(results: &CohortResults, options: &CohortOptions) -> String {
    let mut text = String::from("# What this cohort cannot tell\n\n");
    for facts in &results.endpoints {
        text.push_str(&of_endpoint(facts, results, options));
    }
    text.push_str(&of_choices(options));
    text
}

fn of_endpoint(facts: &EndpointFacts, results: &CohortResults, options: &CohortOptions) -> String {
    let (events, tested) = (facts.events as f64, facts.markers_tested.max(1));
    let mut text = format!(
        "## {}\n\n{} patients, {} events. For two groups of the same size the power of this number of events is:\n\n\
         | hazard ratio | one marker at {alpha} | {tested} markers (Bonferroni) | events for {:.0} % power |\n|---|---|---|---|\n",
        facts.name,
        facts.patients,
        facts.events,
        100.0 * PLANNED,
        alpha = options.alpha
    );
    for ratio in RATIOS {
        let corrected = options.alpha / tested as f64;
        text.push_str(&format!(
            "| {ratio} | {:.0} % | {:.0} % | {:.0} |\n",
            100.0 * power(events, 0.5, ratio, options.alpha),
            100.0 * power(events, 0.5, ratio, corrected),
            events_needed(PLANNED, 0.5, ratio, options.alpha).ceil()
        ));
    }
    let rows = || results.univariate.iter().filter(|row| row.endpoint == facts.name);
    let found = rows().filter(|row| row.p < options.alpha).count();
    let survive = rows().filter(|row| row.fdr < options.alpha).count();
    text.push_str(&format!(
        "\n{tested} markers were tested: {:.1} would have P < {alpha} if none meant anything. {found} have, and {survive} keep a false \
         discovery rate below {alpha}. Hazard ratios that only just pass are too far from 1: small studies find what chance enlarged.\n",
        options.alpha * tested as f64,
        alpha = options.alpha
    ));
    let together = results.multivariate.iter().filter(|row| row.endpoint == facts.name).count();
    if together > 0 {
        text.push_str(&format!(
            "\nThe model of all has {:.1} events for each of {together} covariates; ten are advised, below five the estimates are Firth's. Its \
             markers were chosen by their own P on the same patients, so its P values are too small.\n",
            events / together as f64
        ));
    }
    let crossing = rows().filter(|row| row.proportionality_p < options.alpha).count();
    text.push_str(&format!(
        "\n{crossing} markers have hazards that are not proportional (P < {}); one ratio does not describe them.\n\n",
        options.alpha
    ));
    text
}

fn of_choices(options: &CohortOptions) -> String {
    let about_cuts = match options.cut {
        Cut::Optimal => {
            "Cuts were chosen where the groups differ most. P is that of the choice (maximally selected rank statistics); the hazard \
                         ratio has no such correction and is too far from 1. A cut of this kind needs other patients to be believed."
        }
        Cut::Continuous => "Markers entered as they are: the hazard ratio is that of one standard deviation.",
        _ => {
            "Markers were cut before survival was looked at. A cut loses what the values tell beyond it: at the median about \
              what a third of the patients would tell."
        }
    };
    format!(
        "## Choices\n\n{about_cuts}\n\nPatients without time, status or marker were left out (losses.tsv); if they left for a reason that has to \
         do with survival, no number here knows it. Nothing here was tested in other patients.\n"
    )
}
