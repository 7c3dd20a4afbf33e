//! Chosen sets of genes that the report shows side by side: small tables that a biologist can review line by line.

use crate::Bundle;

/// A chosen set of human genes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// Name by which `--genes` and `alkaline panel` know it (`chemokines`).
    pub name: &'static str,
    /// A heading (`Chemokines and cytokines`).
    pub title: &'static str,
    /// What the genes have in common and who chose them.
    pub description: &'static str,
    /// The genes, in the order of the file.
    pub genes: Vec<PanelGene>,
}

/// One gene of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PanelGene {
    /// Official symbol.
    pub symbol: &'static str,
    /// Why it is in the panel.
    pub basis: &'static str,
    /// What it is, in a few words.
    pub note: &'static str,
}

impl Panel {
    /// The symbols, in order.
    pub fn symbols(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.genes.iter().map(|gene| gene.symbol)
    }
}

macro_rules! panel_bundle {
    ($name:literal, $description:literal) => {
        Bundle {
            name: $name,
            description: $description,
            file: concat!("panels/", $name, ".tsv"),
            version: "1",
            source: "this project, from the sources named in the file",
            licence: "CC0-1.0",
            bytes: include_bytes!(concat!("../data/panels/", $name, ".tsv")),
        }
    };
}

/// The embedded panel files.
pub(crate) const BUNDLES: [Bundle; 4] = [
    panel_bundle!("chemokines", "40 chemokines and cytokines of a Luminex panel"),
    panel_bundle!("angiogenesis", "angiogenic factors and receptors"),
    panel_bundle!("jak-stat", "JAK/STAT pathway: ligands, receptors, kinases, targets"),
    panel_bundle!("bypass-receptors", "bypass routes of resistance to crizotinib"),
];

/// Every built-in panel.
pub fn panels() -> Vec<Panel> {
    BUNDLES.iter().map(read).collect()
}

/// The built-in panel called `name`.
pub fn panel(name: &str) -> Option<Panel> {
    BUNDLES.iter().find(|bundle| bundle.name == name).map(read)
}

fn read(bundle: &Bundle) -> Panel {
    let text = std::str::from_utf8(bundle.bytes).expect("an embedded panel is UTF-8");
    let fact = |key: &str| {
        text.lines()
            .filter_map(|line| line.strip_prefix("# ")?.split_once(": "))
            .find_map(|(name, value)| (name == key).then_some(value))
            .expect("a panel has a title and a description")
    };
    let genes = text.lines().filter(|line| !line.starts_with('#')).skip(1).map(gene).collect();
    Panel { name: bundle.name, title: fact("title"), description: fact("description"), genes }
}

fn gene(line: &'static str) -> PanelGene {
    let mut columns = line.split('\t');
    let mut next = || columns.next().expect("a panel line has symbol, basis and note");
    PanelGene { symbol: next(), basis: next(), note: next() }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use alkaline_core::GenomeBuild;

    use crate::annotation;

    #[test]
    fn the_chemokine_panel_is_the_forty_of_the_luminex_kit_in_order() {
        let symbols: Vec<_> = panel("chemokines").unwrap().symbols().collect();
        assert_eq!(symbols.len(), 40);
        assert_eq!(symbols[..4], ["CCL21", "CXCL13", "CCL27", "CXCL5"]);
        assert_eq!(symbols[38..], ["CCL25", "TNF"]);
    }

    #[test]
    fn every_gene_of_every_panel_is_a_gene_of_hg38_and_stands_once() {
        let annotation = annotation(GenomeBuild::Hg38);
        let known: HashSet<_> = annotation.genes.iter().filter_map(|gene| gene.name.as_deref()).collect();
        for panel in panels() {
            assert!(!panel.genes.is_empty() && !panel.description.is_empty(), "{}", panel.name);
            let mut seen = HashSet::new();
            for symbol in panel.symbols() {
                assert!(known.contains(symbol), "{symbol} of {}", panel.name);
                assert!(seen.insert(symbol), "{symbol} stands twice in {}", panel.name);
            }
        }
    }
}
