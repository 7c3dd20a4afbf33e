//! Panels: chosen genes side by side under one contrast, tested or not.

use std::collections::{HashMap, HashSet};

use alkaline_core::annotation::GeneLabel;
use alkaline_core::identifiers::{IdKind, IdentifierMap};
use alkaline_core::results::{PanelRow, PanelStatus, PanelTable, TestRow};
use alkaline_core::{ExpressionMatrix, GeneId, PerGene};
use serde::{Deserialize, Serialize};

/// A list of symbols to look at together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelSpec {
    /// Name, used for the file.
    pub name: String,
    /// What the panel is.
    pub description: String,
    /// Symbols, in the order wanted.
    pub symbols: Vec<String>,
}

/// What panels are drawn from.
pub struct PanelSources<'a> {
    /// The tested genes of the contrast.
    pub tested: &'a [TestRow],
    /// Expression of the genes of the panels, tested or not.
    pub expression: &'a ExpressionMatrix,
    /// Unit of `expression`, as it is printed.
    pub unit: &'a str,
    /// Symbols of all genes.
    pub labels: &'a PerGene<GeneLabel>,
    /// Aliases, for symbols that the table spells differently.
    pub identifiers: &'a IdentifierMap,
}

/// Looks up every gene of `panel`.
pub fn panel(panel: &PanelSpec, sources: &PanelSources<'_>) -> PanelTable {
    let genes = GenesBySymbol::of(sources.labels);
    let tested: HashMap<&GeneId, &TestRow> = sources.tested.iter().map(|row| (&row.gene, row)).collect();
    let rows = panel.symbols.iter().map(|symbol| {
        let gene = genes.find(symbol, sources.identifiers);
        let gene = gene.map(|gene| sources.labels.index().ids()[gene].clone());
        let test = gene.as_ref().and_then(|id| tested.get(id).copied());
        PanelRow {
            symbol: symbol.clone(),
            status: match (&gene, test) {
                (None, _) => PanelStatus::Absent,
                (Some(_), None) => PanelStatus::Filtered,
                (Some(_), Some(_)) => PanelStatus::Tested,
            },
            log2_fold_change: test.map(|row| row.log2_fold_change),
            p_value: test.map(|row| row.p_value),
            fdr: test.map(|row| row.fdr),
            direction: test.map(|row| row.direction),
            expression: gene
                .as_ref()
                .and_then(|id| sources.expression.genes().position(id.as_str()))
                .map(|place| sources.expression.row(place).to_vec())
                .unwrap_or_default(),
            gene,
        }
    });
    PanelTable {
        name: panel.name.clone(),
        description: panel.description.clone(),
        unit: sources.unit.to_owned(),
        samples: sources.expression.samples().ids().to_vec(),
        rows: rows.collect(),
    }
}

/// Places of the genes that `panels` show, in the order of `labels`.
pub fn genes_shown(
    panels: &[PanelSpec],
    labels: &PerGene<GeneLabel>,
    identifiers: &IdentifierMap,
) -> HashSet<usize> {
    let genes = GenesBySymbol::of(labels);
    let symbols = panels.iter().flat_map(|panel| &panel.symbols);
    symbols.filter_map(|symbol| genes.find(symbol, identifiers)).collect()
}

/// Where the genes called by a symbol stand.
struct GenesBySymbol<'a>(HashMap<&'a str, usize>);

impl<'a> GenesBySymbol<'a> {
    fn of(labels: &'a PerGene<GeneLabel>) -> Self {
        let mut places = HashMap::with_capacity(labels.values().len());
        for (gene, label) in labels.values().iter().enumerate() {
            if let Some(name) = label.name.as_deref() {
                // Where two genes share a symbol the first one stands.
                places.entry(name).or_insert(gene);
            }
        }
        Self(places)
    }

    /// The gene called `symbol`, or by its official symbol or an alias of it.
    fn find(&self, symbol: &str, identifiers: &IdentifierMap) -> Option<usize> {
        self.0.get(symbol).copied().or_else(|| {
            let gene = identifiers.resolve(IdKind::Symbol, symbol).gene()?;
            let names = &identifiers.genes()[gene as usize];
            std::iter::once(&names.symbol)
                .chain(&names.aliases)
                .find_map(|name| self.0.get(name.as_str()).copied())
        })
    }
}
