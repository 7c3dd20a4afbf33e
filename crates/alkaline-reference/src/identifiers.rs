//! The built-in human gene identifiers: NCBI Gene, symbols, Ensembl, aliases, of the same dates as the ontology.
//!
//! Source, licence and checksums: `reference/identifiers/README.md`.

use alkaline_core::identifiers::{GeneNames, GeneType, IdentifierMap};

use crate::ontology::{BundleError, choose, decode, rows};

/// Digits of the number in an Ensembl gene id.
const ENSEMBL_DIGITS: usize = 11;

/// One embedded release, named by the ontology release it belongs to.
pub(crate) struct Bundle {
    pub(crate) release: &'static str,
    pub(crate) human: &'static [u8],
}

/// The embedded releases, newest first.
pub(crate) const BUNDLES: [Bundle; 2] = [
    Bundle { release: "2026-01-23", human: include_bytes!("../data/identifiers/human-2026-01-23.tsv.zst") },
    Bundle { release: "2022-07-01", human: include_bytes!("../data/identifiers/human-2022-07-01.tsv.zst") },
];

/// Decodes the built-in human identifiers that belong to an ontology release (the newest, or one by its beginning).
///
/// # Errors
/// [`BundleError::UnknownRelease`].
pub fn human_identifiers(release: Option<&str>) -> Result<IdentifierMap, BundleError> {
    let bundle = choose(&BUNDLES, release, |bundle| bundle.release)?;
    let name = format!("human-{}", bundle.release);
    let text = decode(&name, bundle.human)?;
    let mut genes = Vec::new();
    let mut entrez = 0;
    for line in rows(&text) {
        let gene = parse(line, entrez)
            .ok_or_else(|| BundleError::damaged(&name, format!("unexpected line `{line}`")))?;
        entrez = gene.entrez.unwrap_or(entrez);
        genes.push(gene);
    }
    let version = text.lines().next().unwrap_or_default().trim_start_matches("# ");
    Ok(IdentifierMap::new("Homo sapiens", version, genes))
}

fn parse(line: &str, previous: u32) -> Option<GeneNames> {
    let mut fields = line.split('\t');
    let entrez = previous + fields.next()?.parse::<u32>().ok()?;
    let symbol = match fields.next()? {
        "" => format!("LOC{entrez}"),
        symbol => symbol.to_owned(),
    };
    let gene_type = match fields.next()? {
        "p" => GeneType::ProteinCoding,
        "n" => GeneType::Rna,
        "s" => GeneType::Pseudogene,
        _ => GeneType::Other,
    };
    let numbers = fields.next()?.split(',').filter(|number| !number.is_empty());
    let stable_ids = numbers.map(|number| format!("ENSG{number:0>ENSEMBL_DIGITS$}")).collect();
    let aliases = fields.next()?.split('|').filter(|alias| !alias.is_empty()).map(str::to_owned).collect();
    Some(GeneNames { entrez: Some(entrez), symbol, gene_type, stable_ids, aliases })
}

#[cfg(test)]
mod tests {
    use alkaline_core::identifiers::{IdKind, Resolution};

    use super::*;

    #[test]
    fn the_paper_s_genes_are_found_under_every_name() {
        let map = human_identifiers(None).unwrap();
        let symbol =
            |kind, id| map.resolve(kind, id).gene().map(|gene| map.genes()[gene as usize].symbol.as_str());
        assert_eq!(symbol(IdKind::Entrez, "6364"), Some("CCL20"));
        assert_eq!(symbol(IdKind::Ensembl, "ENSG00000115009.12"), Some("CCL20"));
        assert_eq!(symbol(IdKind::Symbol, "IL8"), Some("CXCL8"));
        assert_eq!(map.resolve(IdKind::Symbol, "no such gene"), Resolution::Unknown);
        assert!(map.release().contains("2026-Mar18"), "{}", map.release());
    }

    #[test]
    fn symbols_shared_with_a_phenotype_go_to_the_gene_that_codes() {
        for release in ["2026", "2022"] {
            let map = human_identifiers(Some(release)).unwrap();
            for (symbol, entrez) in [("HBD", 3045), ("TEC", 7006), ("MEMO1", 51072), ("MMD2", 221938)] {
                let gene = map.resolve(IdKind::Symbol, symbol).gene().unwrap();
                assert_eq!(map.genes()[gene as usize].entrez, Some(entrez), "{symbol}");
            }
        }
    }
}
