//! Panels of genes.

use alkaline_core::results::{Direction, PanelTable};

use super::figures::{FigureView, marks, take};
use crate::data::SampleGroups;
use crate::figures::Figure;
use crate::figures::genes::panel::columns;
use crate::words;

pub(super) struct PanelView {
    pub(super) heading: String,
    pub(super) description: String,
    pub(super) marks: String,
    pub(super) figures: Vec<FigureView>,
    pub(super) unit: String,
    pub(super) samples: Vec<String>,
    /// Which samples have a column, where there are too many for all.
    pub(super) note: String,
    pub(super) rows: Vec<PanelLine>,
}

pub(super) struct PanelLine {
    pub(super) symbol: String,
    pub(super) status: String,
    pub(super) direction: String,
    pub(super) fold_change: String,
    pub(super) fdr: String,
    pub(super) expression: Vec<String>,
}

pub(super) fn panel_view(
    table: &PanelTable,
    all: &mut Vec<Figure>,
    id: &str,
    groups: &SampleGroups,
) -> PanelView {
    let drawn = columns(table, groups);
    let number = |value: Option<f64>, print: fn(f64) -> String| value.map_or_else(|| "–".to_owned(), print);
    let rows = table.rows.iter().map(|row| PanelLine {
        symbol: row.symbol.clone(),
        status: row.status.word().to_owned(),
        direction: row.direction.map_or("", Direction::word).to_owned(),
        fold_change: number(row.log2_fold_change, |value| format!("{value:.2}")),
        fdr: number(row.fdr, words::p_value),
        expression: drawn.pick(&row.expression).iter().map(|value| words::significant(*value, 3)).collect(),
    });
    PanelView {
        heading: table.name.clone(),
        description: table.description.clone(),
        marks: marks(
            &table.rows.iter().filter_map(|row| row.gene.as_ref()).map(|id| id.as_str()).collect::<Vec<_>>(),
        ),
        figures: take(all, id, &[&format!("panel_{}", words::slug(&table.name))]),
        unit: table.unit.clone(),
        samples: drawn.pick(&table.samples).iter().map(ToString::to_string).collect(),
        note: drawn.note(),
        rows: rows.collect(),
    }
}
