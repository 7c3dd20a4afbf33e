//! What genes are called: symbols from the annotation, else from the built-in identifiers, else the identifier itself.

use std::sync::Arc;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::identifiers::{IdKind, IdentifierMap};
use alkaline_core::results::CountTable;
use alkaline_core::{GeneId, PerGene};

/// A label for every gene of `table`.
///
/// Labels that came with the table win. Ensembl and Entrez identifiers without one get the official symbol of
/// `identifiers`; identifiers that are symbols already name themselves.
pub fn gene_labels(table: &CountTable, identifiers: &IdentifierMap) -> PerGene<GeneLabel> {
    labels(table, needs_symbols(table).then_some(identifiers))
}

/// Whether the genes of `table` are numbers, which do not name themselves.
fn needs_symbols(table: &CountTable) -> bool {
    let ids = table.matrix.genes().ids();
    matches!(IdKind::of_column(ids.iter().map(GeneId::as_str)), Some(kind) if kind != IdKind::Symbol)
}

/// Labels, by `identifiers` where the genes do not name themselves.
fn labels(table: &CountTable, identifiers: Option<&IdentifierMap>) -> PerGene<GeneLabel> {
    let genes = table.matrix.genes();
    PerGene::from_fn(genes.clone(), |gene| {
        let known = table.facts.labels.as_ref().map(|labels| labels[gene].clone()).unwrap_or_default();
        let id = &genes.ids()[gene];
        let name = known.name.or_else(|| match identifiers {
            Some(identifiers) => identifiers.symbol_of(id.as_str()).map(Arc::from),
            None => Some(id.clone().into()),
        });
        GeneLabel { name, biotype: known.biotype }
    })
}

/// [`gene_labels`] with identifiers that are decoded only where the table has Ensembl or Entrez identifiers to be named.
///
/// # Errors
/// Those of `identifiers`.
pub fn gene_labels_by<E>(
    table: &CountTable,
    identifiers: impl FnOnce() -> Result<IdentifierMap, E>,
) -> Result<PerGene<GeneLabel>, E> {
    let identifiers = needs_symbols(table).then(identifiers).transpose()?;
    Ok(labels(table, identifiers.as_ref()))
}

#[cfg(test)]
mod tests {
    use alkaline_core::identifiers::{GeneNames, GeneType};
    use alkaline_core::results::GeneFacts;
    use alkaline_core::{CountMatrix, GeneIndex, SampleIndex};

    use super::*;

    fn table(ids: &[&str]) -> CountTable {
        let genes = GeneIndex::new(ids.iter().map(GeneId::from).collect()).unwrap();
        let samples = SampleIndex::new(vec!["s".into()]).unwrap();
        let counts = vec![1.0; ids.len()];
        CountTable { matrix: CountMatrix::new(genes, samples, counts).unwrap(), facts: GeneFacts::default() }
    }

    #[test]
    fn entrez_ids_get_symbols_and_symbols_name_themselves() {
        let ccl20 = GeneNames {
            entrez: Some(6364),
            symbol: "CCL20".into(),
            gene_type: GeneType::ProteinCoding,
            stable_ids: vec!["ENSG00000115009".into()],
            aliases: vec![],
        };
        let identifiers = IdentifierMap::new("Homo sapiens", "test", vec![ccl20]);
        let name = |ids: &[&str]| gene_labels(&table(ids), &identifiers)[0].name.clone();
        assert_eq!(name(&["6364", "999999999"]).as_deref(), Some("CCL20"));
        assert_eq!(name(&["ENSG00000115009.3"]).as_deref(), Some("CCL20"));
        assert_eq!(name(&["CX3CL1"]).as_deref(), Some("CX3CL1"));
    }
}
