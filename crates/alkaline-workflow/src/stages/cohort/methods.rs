//! The methods of an analysis of a cohort, true of this one, with references.

use alkaline_survival::IntervalKind;
use alkaline_survival::cox::Ties;
use alkaline_survival::roc::Estimator;

use super::analysis::CohortResults;
use super::options::{CohortOptions, Cut};

/// The paragraph, as Markdown.
pub fn paragraph(results: &CohortResults, options: &CohortOptions, version: &str) -> String {
    let cut = match options.cut {
        Cut::Median => "split at their median (values at the median are low)".to_owned(),
        Cut::Tertiles => "split at their tertiles, the hazard ratio that of one group up".to_owned(),
        Cut::Quartiles => "split at their quartiles, the hazard ratio that of one group up".to_owned(),
        Cut::At(value) => format!("split at {value}"),
        Cut::Continuous => "used as they are, per standard deviation".to_owned(),
        Cut::Optimal => {
            "split by maximally selected rank statistics (shares 0.1 to 0.9, P by 9,999 permutations) [5]"
                .to_owned()
        }
    };
    let test = match options.cut {
        Cut::Continuous => "Wald's test",
        Cut::Optimal => "the permutation test of the choice",
        Cut::Tertiles | Cut::Quartiles => "the log-rank test for trend",
        _ => "the log-rank test",
    };
    let ties = match options.ties {
        Ties::Breslow => "Breslow",
        Ties::Efron | Ties::Exact => "Efron",
    };
    let interval = match options.interval {
        IntervalKind::Log => "log",
        IntervalKind::LogLog => "log-log",
        IntervalKind::Plain => "plain",
        IntervalKind::Logit => "logit",
    };
    let estimator = match options.estimator {
        Estimator::TimeRoc => "cases before the time, as timeROC",
        Estimator::Score => "cases up to the time, as riskRegression",
    };
    let mut text = format!(
        "Survival was estimated by Kaplan and Meier [1] ({interval} intervals). Markers{} were {cut} and compared by {test}; hazard ratios are of \
         Cox's model [2] with {ties}'s treatment of ties [3]. P values were adjusted over markers by Benjamini and Hochberg [4]. ",
        if options.log2 { ", as log2(x + 1)," } else { "" }
    );
    for facts in &results.endpoints {
        text.push_str(&format!(
            "{}: {} patients, {} events, median follow-up {} {} (reverse Kaplan-Meier). ",
            facts.name,
            facts.patients,
            facts.events,
            number(facts.follow_up.0),
            facts.unit
        ));
    }
    if results.multivariate.iter().any(|row| row.method == "Firth")
        || results.univariate.iter().any(|row| row.note.contains("Firth"))
    {
        text.push_str("Where events were few or groups separated, estimates, tests and intervals are of Firth's penalised likelihood [6]. ");
    }
    if !results.roc.is_empty() {
        text.push_str(&format!(
            "Time-dependent ROC curves weigh patients by the inverse probability of censoring ({estimator}) [7]; areas by Kaplan-Meier and by \
             nearest neighbours (span 0.25 n^-0.2) are those of survivalROC [8]. "
        ));
    }
    text.push_str(&format!("All was computed by alkaline {version}.\n\n{REFERENCES}"));
    text
}

fn number(value: f64) -> String {
    if value.is_nan() { "not reached".to_owned() } else { format!("{value:.1}") }
}

/// The works cited.
const REFERENCES: &str = "1. Kaplan EL, Meier P (1958). J Am Stat Assoc 53:457. doi:10.1080/01621459.1958.10501452\n\
2. Cox DR (1972). J R Stat Soc B 34:187. doi:10.1111/j.2517-6161.1972.tb00899.x\n\
3. Efron B (1977). J Am Stat Assoc 72:557. doi:10.1080/01621459.1977.10480613\n\
4. Benjamini Y, Hochberg Y (1995). J R Stat Soc B 57:289. doi:10.1111/j.2517-6161.1995.tb02031.x\n\
5. Lausen B, Schumacher M (1992). Biometrics 48:73. doi:10.2307/2532740\n\
6. Heinze G, Schemper M (2001). Biometrics 57:114. doi:10.1111/j.0006-341X.2001.00114.x\n\
7. Blanche P, Dartigues JF, Jacqmin-Gadda H (2013). Stat Med 32:5381. doi:10.1002/sim.5958\n\
8. Heagerty PJ, Lumley T, Pepe MS (2000). Biometrics 56:337. doi:10.1111/j.0006-341X.2000.00337.x\n";
