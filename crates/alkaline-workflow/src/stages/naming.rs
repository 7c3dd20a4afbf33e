//! What genes are called: symbols from the annotation, else from the built-in identifiers, else the identifier itself.

use std::path::Path;
use std::sync::Arc;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::identifiers::{IdKind, IdentifierMap};
use alkaline_core::results::CountTable;
use alkaline_core::{GeneId, PerGene};
use alkaline_io::{FileProblems, Problem};

use crate::error::WorkflowError;

/// A label for every gene of `table`.
///
/// Labels that came with the table win. Ensembl and Entrez identifiers without one get the official symbol of
/// `identifiers`; identifiers that are symbols already name themselves.
pub fn gene_labels(table: &CountTable, identifiers: &IdentifierMap) -> PerGene<GeneLabel> {
    labels(table, needs_symbols(table).then_some(identifiers))
}

/// Whether the genes of `table` are numbers, which do not name themselves.
fn needs_symbols(table: &CountTable) -> bool {
    are_numbers(table.matrix.genes().ids())
}

/// Whether identifiers are accessions, and no symbols.
fn are_numbers(ids: &[GeneId]) -> bool {
    matches!(IdKind::of_column(ids.iter().map(GeneId::as_str)), Some(kind) if kind != IdKind::Symbol)
}

/// `labels` of rows that may be genes or probes, with the symbols of `identifiers` where most rows are genes that it knows: numbers of
/// probes look like numbers of genes.
pub fn named_by(labels: &PerGene<GeneLabel>, identifiers: &IdentifierMap) -> PerGene<GeneLabel> {
    let genes = labels.index();
    let ids = genes.ids();
    let symbols: Vec<Option<&str>> = match are_numbers(ids) {
        true => ids.iter().map(|id| identifiers.symbol_of(id.as_str())).collect(),
        false => Vec::new(),
    };
    let known = symbols.iter().flatten().count();
    PerGene::from_fn(genes.clone(), |gene| {
        let GeneLabel { name, biotype } = labels[gene].clone();
        let found = || symbols.get(gene).copied().flatten().filter(|_| 2 * known > ids.len());
        GeneLabel { name: name.or_else(|| found().map(Arc::from)), biotype }
    })
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

/// [`gene_labels`] of the table at `path`, with identifiers that are decoded only where the table has Ensembl or Entrez identifiers to be named.
///
/// # Errors
/// Those of `identifiers`, and of [`refuse_row_numbers`].
pub fn gene_labels_by(
    path: &Path,
    table: &CountTable,
    identifiers: impl FnOnce() -> Result<IdentifierMap, WorkflowError>,
) -> Result<PerGene<GeneLabel>, WorkflowError> {
    let identifiers = needs_symbols(table).then(identifiers).transpose()?;
    if let Some(identifiers) = &identifiers {
        refuse_row_numbers(path, table, identifiers)?;
    }
    Ok(labels(table, identifiers.as_ref()))
}

/// Share of numbers that must be genes of NCBI before rising, dense numbers are taken for them.
const TRUE_ENTREZ: f64 = 0.97;

/// Refuses identifiers that are row numbers with gaps, as a filtered table has them: they rise, at least a quarter of the numbers up
/// to the last is there, and many are no genes of NCBI.
///
/// # Errors
/// [`WorkflowError::Read`]: such numbers would be given the symbols of unrelated genes.
pub fn refuse_row_numbers(
    path: &Path,
    table: &CountTable,
    identifiers: &IdentifierMap,
) -> Result<(), WorkflowError> {
    let ids = table.matrix.genes().ids();
    let numbers: Option<Vec<u64>> = ids.iter().map(|id| id.as_str().parse().ok()).collect();
    let Some(numbers) = numbers.filter(|numbers| numbers.len() >= 10) else { return Ok(()) };
    let rising = numbers.windows(2).all(|pair| pair[0] < pair[1]);
    let dense = numbers.last().is_some_and(|last| *last <= 4 * numbers.len() as u64);
    if !rising || !dense {
        return Ok(());
    }
    let known = ids.iter().filter(|id| identifiers.symbol_of(id.as_str()).is_some()).count();
    // no gene has the number 0
    if numbers[0] > 0 && known as f64 >= TRUE_ENTREZ * ids.len() as f64 {
        return Ok(());
    }
    let message = format!(
        "the identifiers look like row numbers ({}, {}, {} ... {}), not like genes: {known} of {} are numbers of NCBI genes",
        numbers[0],
        numbers[1],
        numbers[2],
        numbers[numbers.len() - 1],
        ids.len()
    );
    let hint =
        "R and pandas write row numbers into the first column: put the column of gene identifiers first";
    Err(WorkflowError::Read(FileProblems::one(path, Problem::of_file(message).hint(hint)).into()))
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

    #[test]
    fn row_numbers_with_gaps_are_no_genes() {
        let gene = |entrez: u32| GeneNames {
            entrez: Some(entrez),
            symbol: format!("G{entrez}"),
            gene_type: GeneType::ProteinCoding,
            stable_ids: vec![],
            aliases: vec![],
        };
        let known = [2, 9, 10, 12, 13, 14, 15, 16, 18, 19, 20, 21].map(gene).to_vec();
        let identifiers = IdentifierMap::new("Homo sapiens", "test", known);
        let refused =
            |ids: &[&str]| refuse_row_numbers(Path::new("t.csv"), &table(ids), &identifiers).is_err();
        assert!(refused(&["0", "1", "3", "4", "6", "7", "8", "11", "13", "14", "15", "17"]));
        assert!(!refused(&["2", "9", "10", "12", "13", "14", "15", "16", "18", "19"]));
        assert!(!refused(&[
            "11287", "11298", "11302", "11303", "11304", "11305", "11306", "11307", "11308", "11316"
        ]));
    }
}
