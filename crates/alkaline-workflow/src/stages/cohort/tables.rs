//! Writes what was found: tables, figures, and two pages of words.

use std::path::Path;

use alkaline_io::WriteError;
use alkaline_io::file::write_atomically;
use alkaline_io::results::line::Line;
use alkaline_io::results::table::{header, write_json, write_rows};

use super::analysis::CohortResults;
use super::drawing::{self, ratio, short};
use super::input::Cohort;
use super::options::CohortOptions;
use super::rows::{MultivariateRow, UnivariateRow};
use super::{limits, methods};

/// Writes everything into `folder`.
///
/// # Errors
/// [`WriteError`] when a file cannot be written.
pub fn write(
    folder: &Path,
    cohort: &Cohort,
    results: &CohortResults,
    options: &CohortOptions,
    version: &str,
) -> Result<(), WriteError> {
    univariate(&folder.join("univariate.tsv"), results)?;
    multivariate(&folder.join("multivariate.tsv"), results)?;
    table_two(folder, results)?;
    roc(&folder.join("roc.tsv"), results)?;
    comparisons(&folder.join("comparisons.tsv"), results)?;
    table_one(&folder.join("table_one.tsv"), results)?;
    correlations(&folder.join("correlations.tsv"), results)?;
    cells(&folder.join("cells.tsv"), results)?;
    write_rows(
        &folder.join("losses.tsv"),
        &header(&["id", "reason"]),
        &cohort.losses,
        |line, (id, reason)| {
            line.text(id).text(reason);
        },
    )?;
    let text =
        |name: &str, text: String| write_atomically(&folder.join(name), |out| out.write_all(text.as_bytes()));
    text("limits.md", limits::page(results, options))?;
    text("methods.md", methods::paragraph(results, options, version))?;
    let facts = serde_json::json!({
        "version": version,
        "cut": options.cut,
        "ties": options.ties,
        "interval": options.interval,
        "estimator": options.estimator,
        "alpha": options.alpha,
        "log2": options.log2,
        "below_detection": options.below,
        "seed": options.seed,
        "decided": results.notices,
        "doubtful": results.warnings,
    });
    write_json(&folder.join("cohort.json"), &facts)?;
    drawing::draw(&folder.join("figures"), cohort, results)
}

const UNIVARIATE: [&str; 22] = [
    "endpoint",
    "marker",
    "patients",
    "events",
    "cut",
    "n.low",
    "n.high",
    "events.low",
    "events.high",
    "median.low",
    "median.high",
    "PValue",
    "FDR",
    "HR",
    "HR.lower",
    "HR.upper",
    "Cox.PValue",
    "concordance",
    "concordance.se",
    "zph.PValue",
    "groups",
    "note",
];

fn univariate(path: &Path, results: &CohortResults) -> Result<(), WriteError> {
    let mut rows: Vec<&UnivariateRow> = results.univariate.iter().collect();
    let order = |endpoint: &str| results.endpoints.iter().position(|facts| facts.name == endpoint);
    rows.sort_by(|a, b| order(&a.endpoint).cmp(&order(&b.endpoint)).then(a.p.total_cmp(&b.p)));
    write_rows(path, &header(&UNIVARIATE), rows, |line: &mut Line, row| {
        let cuts: Vec<String> =
            row.cuts.iter().map(|cut| alkaline_io::number::Decimal(*cut).to_string()).collect();
        line.text(&row.endpoint).text(&row.marker).whole(row.patients as u64).whole(row.events as u64);
        line.optional((!cuts.is_empty()).then(|| cuts.join(",")).as_deref());
        let ends = [row.groups.first(), row.groups.last()];
        ends.iter().for_each(|group| {
            line.optional_real(group.map(|group| group.0 as f64));
        });
        ends.iter().for_each(|group| {
            line.optional_real(group.map(|group| group.1 as f64));
        });
        ends.iter().for_each(|group| {
            line.optional_real(group.map(|group| group.2));
        });
        line.real(row.p).real(row.fdr).real(row.hazard_ratio).real(row.interval.0).real(row.interval.1);
        line.real(row.cox_p).real(row.concordance.0).real(row.concordance.1).real(row.proportionality_p);
        line.whole(row.groups.len() as u64).text(&row.note);
    })
}

fn multivariate(path: &Path, results: &CohortResults) -> Result<(), WriteError> {
    let names = [
        "endpoint",
        "term",
        "patients",
        "events",
        "HR",
        "HR.lower",
        "HR.upper",
        "PValue",
        "zph.PValue",
        "method",
    ];
    write_rows(path, &header(&names), &results.multivariate, |line, row| {
        line.text(&row.endpoint).text(&row.term).whole(row.patients as u64).whole(row.events as u64);
        line.real(row.hazard_ratio)
            .real(row.interval.0)
            .real(row.interval.1)
            .real(row.p)
            .real(row.proportionality_p);
        line.text(row.method);
    })
}

/// The layout of the paper's second table: markers that count in either model, alone and together.
fn table_two(folder: &Path, results: &CohortResults) -> Result<(), WriteError> {
    let names = ["endpoint", "marker", "HR (95 % CI)", "P", "FDR", "HR together (95 % CI)", "P together"];
    let mut rows: Vec<[String; 7]> = Vec::new();
    for facts in &results.endpoints {
        let together = |marker: &str| -> Option<&MultivariateRow> {
            results.multivariate.iter().find(|row| row.endpoint == facts.name && row.term == marker)
        };
        let mut single: Vec<&UnivariateRow> = results
            .univariate
            .iter()
            .filter(|row| row.endpoint == facts.name && together(&row.marker).is_some())
            .collect();
        single.sort_by(|a, b| a.p.total_cmp(&b.p));
        for row in &single {
            let (both, p) = together(&row.marker)
                .map_or_else(Default::default, |row| (ratio(row.hazard_ratio, row.interval), short(row.p)));
            rows.push([
                facts.name.clone(),
                row.marker.clone(),
                ratio(row.hazard_ratio, row.interval),
                short(row.p),
                short(row.fdr),
                both,
                p,
            ]);
        }
        let beside = |row: &&MultivariateRow| {
            row.endpoint == facts.name && !single.iter().any(|marker| marker.marker == row.term)
        };
        for row in results.multivariate.iter().filter(beside) {
            let none = String::new;
            rows.push([
                facts.name.clone(),
                row.term.clone(),
                none(),
                none(),
                none(),
                ratio(row.hazard_ratio, row.interval),
                short(row.p),
            ]);
        }
    }
    for name in ["table2.tsv", "table2.xlsx"] {
        write_rows(&folder.join(name), &header(&names), &rows, |line, row| {
            row.iter().for_each(|cell| {
                line.text(cell);
            })
        })?;
    }
    let mut text = format!("| {} |\n|{}\n", names.join(" | "), "---|".repeat(names.len()));
    rows.iter().for_each(|row| text.push_str(&format!("| {} |\n", row.join(" | "))));
    write_atomically(&folder.join("table2.md"), |out| out.write_all(text.as_bytes()))
}

fn roc(path: &Path, results: &CohortResults) -> Result<(), WriteError> {
    let names =
        ["endpoint", "marker", "time", "estimator", "cases", "controls", "AUC", "AUC.lower", "AUC.upper"];
    write_rows(path, &header(&names), &results.roc, |line, row| {
        line.text(&row.endpoint).text(&row.marker).real(row.time).text(row.estimator);
        line.whole(row.cases as u64)
            .whole(row.controls as u64)
            .real(row.area)
            .real(row.interval.0)
            .real(row.interval.1);
    })
}

fn comparisons(path: &Path, results: &CohortResults) -> Result<(), WriteError> {
    if results.comparisons.is_empty() {
        return Ok(());
    }
    let names = [
        "comparison",
        "marker",
        "n.first",
        "n.second",
        "median.first",
        "median.second",
        "difference",
        "Student.PValue",
        "Welch.PValue",
        "Wilcoxon.PValue",
        "FDR",
        "note",
    ];
    write_rows(path, &header(&names), &results.comparisons, |line, row| {
        line.text(&row.comparison).text(&row.marker).whole(row.sizes.0 as u64).whole(row.sizes.1 as u64);
        line.real(row.medians.0).real(row.medians.1).real(row.difference);
        line.real(row.student_p).real(row.welch_p).real(row.wilcoxon_p).real(row.fdr).text(&row.note);
    })
}

fn table_one(path: &Path, results: &CohortResults) -> Result<(), WriteError> {
    if results.table_one.is_empty() {
        return Ok(());
    }
    let low = format!("{} low", results.described);
    let high = format!("{} high", results.described);
    write_rows(
        path,
        &header(&["variable", "level", &low, &high, "test", "PValue"]),
        &results.table_one,
        |line, row| {
            line.text(&row.variable)
                .text(&row.level)
                .text(&row.low)
                .text(&row.high)
                .text(row.test)
                .real(row.p);
        },
    )
}

fn correlations(path: &Path, results: &CohortResults) -> Result<(), WriteError> {
    if results.correlations.is_empty() {
        return Ok(());
    }
    let names = ["first", "second", "method", "pairs", "estimate", "lower", "upper", "PValue"];
    write_rows(path, &header(&names), &results.correlations, |line, row| {
        line.text(&row.first).text(&row.second).text(row.kind).whole(row.pairs as u64);
        line.real(row.estimate).real(row.interval.0).real(row.interval.1).real(row.p);
    })
}

fn cells(path: &Path, results: &CohortResults) -> Result<(), WriteError> {
    if results.cells.is_empty() {
        return Ok(());
    }
    let names = [
        "marker",
        "gene",
        "endpoint",
        "HR",
        "PValue",
        "contrast",
        "logFC",
        "cells.PValue",
        "cells.FDR",
        "direction",
    ];
    write_rows(path, &header(&names), &results.cells, |line, row| {
        line.text(&row.marker).text(&row.gene).text(&row.endpoint).real(row.hazard_ratio).real(row.p);
        line.text(&row.contrast)
            .real(row.log2_fold_change)
            .real(row.cell_p)
            .real(row.cell_fdr)
            .text(&row.direction);
    })
}
