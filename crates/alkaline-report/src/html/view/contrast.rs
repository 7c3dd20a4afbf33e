//! The section of a contrast.

use std::collections::HashSet;

use alkaline_core::results::{DispersionSource, OraTable, Query, TestFacts, TestRow};

use super::figures::{FigureView, take};
use super::gene_sets::{GseaView, OraView, gsea_view, ora_view};
use super::panels::{PanelView, panel_view};
use crate::data::{ContrastReport, ReportData, SampleGroups};
use crate::figures::{ENRICHED, contrast_figures};
use crate::html::{ReportError, payload};
use crate::{summary, words};

/// Genes listed for readers without JavaScript.
const TOP_GENES: usize = 50;

/// A section of the page: one contrast.
pub(super) struct ContrastView {
    pub(super) id: String,
    pub(super) anchor: String,
    pub(super) tiles: Vec<(String, &'static str, &'static str)>,
    pub(super) findings: Vec<String>,
    pub(super) direction: String,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) data: String,
    pub(super) top: Vec<GeneLine>,
    pub(super) genes: usize,
    /// What abundance is called.
    pub(super) abundance: &'static str,
    /// By what genes are called: FDR, or P alone; the threshold follows.
    pub(super) called_by: &'static str,
    pub(super) fdr: f64,
    pub(super) lfc: f64,
    pub(super) scatter: Vec<FigureView>,
    pub(super) further: Vec<FigureView>,
    pub(super) agreement: Option<AgreementView>,
    pub(super) sensitivity: Option<SensitivityView>,
    pub(super) ora: Vec<OraView>,
    pub(super) gsea: Option<GseaView>,
    pub(super) panels: Vec<PanelView>,
}

/// A row of the table that readers without JavaScript see.
pub(super) struct GeneLine {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) numbers: [String; 4],
    pub(super) call: &'static str,
}

/// Several tests of the same question.
pub(super) struct AgreementView {
    /// How much of the list hangs on the method.
    pub(super) sentence: String,
    /// Of each test its name, the genes it tested, and those it calls up and down.
    pub(super) rows: Vec<(String, usize, usize, usize)>,
    pub(super) figures: Vec<FigureView>,
}

pub(super) struct SensitivityView {
    pub(super) rows: Vec<(String, usize, usize, bool)>,
    /// Whether the table of genes tells up to which BCV each gene stays called.
    pub(super) by_gene: bool,
    pub(super) figures: Vec<FigureView>,
}

pub(super) fn contrast_view(
    data: &ReportData,
    contrast: &ContrastReport,
    number: usize,
    groups: &SampleGroups,
) -> Result<ContrastView, ReportError> {
    let test = &contrast.test;
    let slug = words::slug(&test.contrast.id);
    let mut all = contrast_figures(contrast, groups);
    // Networks as GraphML and Cytoscape JSON are files beside the report.
    all.retain(|figure| figure.extension == "svg");
    Ok(ContrastView {
        id: test.contrast.id.clone(),
        anchor: format!("contrast-{number}"),
        tiles: tiles(contrast),
        findings: summary::findings(contrast),
        direction: test.contrast.direction_in_words(),
        facts: test_facts(contrast),
        data: payload::contrast_json(data, contrast)?,
        top: test.rows.iter().take(TOP_GENES).map(gene_line).collect(),
        genes: test.rows.len(),
        abundance: words::abundance(test),
        called_by: test.facts.thresholds.level().0,
        fdr: test.facts.thresholds.level().1,
        lfc: test.facts.thresholds.lfc,
        scatter: take(&mut all, &slug, &["ma", "volcano"]),
        further: take(&mut all, &slug, &["p_histogram"]),
        agreement: agreement_view(contrast, take(&mut all, &slug, &["method_overlap", "p_pair_*"])),
        sensitivity: sensitivity_view(contrast, take(&mut all, &slug, &["sensitivity"])),
        ora: contrast.ora.iter().map(|table| ora_view(table, &mut all, &slug)).collect(),
        gsea: contrast.gsea.as_ref().map(|table| gsea_view(table, &mut all, &slug)),
        panels: contrast.panels.iter().map(|table| panel_view(table, &mut all, &slug, groups)).collect(),
    })
}

fn gene_line(row: &TestRow) -> GeneLine {
    GeneLine {
        name: words::gene_label(row).to_owned(),
        id: row.gene.to_string(),
        numbers: [
            format!("{:.3}", row.log2_fold_change),
            format!("{:.2}", row.abundance()),
            words::p_value(row.p_value),
            words::p_value(row.fdr),
        ],
        call: row.direction.word(),
    }
}

/// The numbers at the head of a contrast: value, what it is, class.
fn tiles(contrast: &ContrastReport) -> Vec<(String, &'static str, &'static str)> {
    let number = |value: usize| words::thousands(value as u64);
    let (up, down) = contrast.test.called();
    let mut tiles = vec![
        (number(contrast.test.rows.len()), "genes tested", ""),
        (number(up), "up", "up"),
        (number(down), "down", "down"),
    ];
    if !contrast.ora.is_empty() {
        let (sets, what) = over_represented(&contrast.ora);
        tiles.push((number(sets), what, ""));
    }
    if let Some(table) = &contrast.gsea {
        let enriched = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).count();
        tiles.push((number(enriched), "sets enriched along the ranking", ""));
    }
    tiles
}

/// How many sets are over-represented, and among what: as the sentences count, query by query, where all changed genes were
/// asked for, else in any query.
fn over_represented(tables: &[OraTable]) -> (usize, &'static str) {
    let of = |table: &OraTable| table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).count();
    if let Some(table) = tables.iter().find(|table| table.query == Query::All) {
        return (of(table), "sets over-represented among the genes up or down");
    }
    if let [table] = tables {
        return (of(table), "over-represented sets");
    }
    let enriched = tables.iter().flat_map(|table| &table.rows).filter(|row| row.p_adjusted < ENRICHED);
    let sets: HashSet<(&str, &str)> = enriched.map(|row| (row.ontology.as_str(), row.id.as_str())).collect();
    (sets.len(), "sets over-represented in at least one query")
}

fn test_facts(contrast: &ContrastReport) -> Vec<(&'static str, String)> {
    let (test, facts) = (&contrast.test, &contrast.test.facts);
    let groups: Vec<String> = facts
        .groups
        .iter()
        .zip(&facts.group_sizes)
        .map(|(group, size)| format!("{group}: {}", words::count_of(*size, "sample")))
        .collect();
    let genes = if facts.genes_total > 0 {
        format!(
            "{} of {}",
            words::thousands(test.rows.len() as u64),
            words::thousands(facts.genes_total as u64)
        )
    } else {
        words::thousands(test.rows.len() as u64)
    };
    let mut out = vec![("groups", groups.join(", ")), ("genes tested", genes)];
    if !test.contrast.blocking.is_empty() {
        out.push(("held constant", test.contrast.blocking.join(", ")));
    }
    out.push(("test", format!("{} ({})", facts.method, facts.compat)));
    out.push(("dispersion", dispersion_in_words(facts)));
    out.push(("called at", format!("{}, {} correction", words::thresholds(facts), facts.adjustment)));
    out
}

fn agreement_view(contrast: &ContrastReport, figures: Vec<FigureView>) -> Option<AgreementView> {
    let sentence = contrast.agreement()?;
    let rows = contrast.tests().into_iter().map(|(method, table)| {
        let (up, down) = table.called();
        let tested = table.rows.iter().filter(|row| row.p_value.is_finite()).count();
        (method.to_owned(), tested, up, down)
    });
    Some(AgreementView { sentence, rows: rows.collect(), figures })
}

fn sensitivity_view(contrast: &ContrastReport, figures: Vec<FigureView>) -> Option<SensitivityView> {
    let table = contrast.sensitivity.as_ref()?;
    let used = contrast.assumed_bcv();
    let rows = table.rows.iter().map(|row| {
        let this_run = used.is_some_and(|used| (used - row.bcv).abs() < 1e-9);
        (words::significant(row.bcv, 3), row.up, row.down, this_run)
    });
    Some(SensitivityView { rows: rows.collect(), by_gene: !contrast.largest_bcv.is_empty(), figures })
}

/// How the dispersion came about, and how large it is.
fn dispersion_in_words(facts: &TestFacts) -> String {
    match &facts.dispersion {
        DispersionSource::Estimated if facts.common_dispersion.is_none() => {
            "estimated gene by gene".to_owned()
        }
        DispersionSource::Estimated => {
            let prior = facts
                .prior_df
                .map_or_else(String::new, |df| format!(", prior df {}", words::significant(df, 3)));
            format!(
                "estimated; common {} (BCV {}){prior}",
                words::significant(facts.common_dispersion.unwrap_or(f64::NAN), 3),
                words::significant(facts.common_dispersion.unwrap_or(f64::NAN).sqrt(), 3)
            )
        }
        DispersionSource::Assumed { dispersion } => {
            format!(
                "assumed: {} (BCV {})",
                words::significant(*dispersion, 3),
                words::significant(dispersion.sqrt(), 3)
            )
        }
        DispersionSource::NotUsed => {
            let prior = facts
                .prior_df
                .map_or_else(String::new, |df| format!("; prior df {}", words::significant(df, 3)));
            format!("none: variances of log values, shrunk towards those of all genes{prior}")
        }
        DispersionSource::Borrowed { from } => format!("taken from {from}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn the_tile_counts_what_the_sentence_of_the_same_query_counts() {
        let mut contrast = fixture::contrast(200);
        let (up, down) = (fixture::ora_table("up"), fixture::ora_table("down"));
        let mut all = up.clone();
        all.query = "all".into();
        all.rows.truncate(3);
        all.rows.iter_mut().for_each(|row| row.p_adjusted = 0.01);
        contrast.ora = vec![all, up, down];
        let tile = &tiles(&contrast)[3];
        assert_eq!((tile.0.as_str(), tile.1), ("3", "sets over-represented among the genes up or down"));
        assert!(
            summary::findings(&contrast).iter().any(|said| said.contains("over-represented in 3 gene sets"))
        );
        contrast.ora.remove(0);
        assert_eq!(tiles(&contrast)[3].1, "sets over-represented in at least one query");
    }
}
