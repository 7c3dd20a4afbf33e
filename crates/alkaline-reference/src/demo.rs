//! The story planted in the demonstration experiment.
//!
//! The demonstration is simulated (alkaline-simulate draws it on the gene models of hg38); which genes change, and how
//! much, stands in a table that a biologist can review: `reference/demo/programmes.tsv`.

use crate::Bundle;

/// Genes that change together in the demonstration.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoProgramme {
    /// Name (`chemokines`).
    pub name: &'static str,
    /// Mean log2 fold change, resistant against parental.
    pub log2_fold_change: f64,
    /// Official symbols.
    pub genes: Vec<&'static str>,
}

/// The embedded table.
pub(crate) const BUNDLES: [Bundle; 1] = [Bundle {
    name: "demo-programmes",
    description: "genes that change in the simulated demonstration",
    file: "demo/programmes.tsv",
    version: "1",
    source: "this project: well-known members of each process, invented fold changes",
    licence: "CC0-1.0",
    bytes: include_bytes!("../data/demo/programmes.tsv"),
}];

/// The programmes of the demonstration, in the order of the table.
pub fn demo_programmes() -> Vec<DemoProgramme> {
    let text = std::str::from_utf8(BUNDLES[0].bytes).expect("an embedded table is UTF-8");
    let mut programmes: Vec<DemoProgramme> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let mut columns = line.split('\t');
        let mut next = || columns.next().expect("a line has programme, fold change and symbol");
        let (name, change, symbol) = (next(), next(), next());
        match programmes.last_mut().filter(|programme| programme.name == name) {
            Some(programme) => programme.genes.push(symbol),
            None => {
                let log2_fold_change = change.parse().expect("a fold change is a number");
                programmes.push(DemoProgramme { name, log2_fold_change, genes: vec![symbol] });
            }
        }
    }
    programmes
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use alkaline_core::GenomeBuild;

    use crate::annotation;

    #[test]
    fn every_gene_of_the_story_is_a_gene_of_hg38_and_changes_once() {
        let annotation = annotation(GenomeBuild::Hg38);
        let known: HashSet<_> = annotation.genes.iter().filter_map(|gene| gene.name.as_deref()).collect();
        let mut seen = HashSet::new();
        for programme in demo_programmes() {
            assert!(programme.log2_fold_change.abs() >= 0.5, "{}", programme.name);
            for symbol in programme.genes {
                assert!(known.contains(symbol) && seen.insert(symbol), "{symbol} of {}", programme.name);
            }
        }
        assert!(seen.len() > 250);
    }

    #[test]
    fn chemokines_and_angiogenesis_rise_in_the_resistant_line() {
        let programmes = demo_programmes();
        let names: Vec<_> = programmes.iter().map(|programme| programme.name).collect();
        assert_eq!(
            names,
            [
                "chemokines",
                "angiogenesis",
                "extracellular-matrix",
                "ribosome-biogenesis",
                "mitotic-cell-cycle"
            ]
        );
        assert!(programmes[..3].iter().all(|programme| programme.log2_fold_change > 0.0));
    }
}
