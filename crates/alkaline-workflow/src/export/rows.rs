//! Tables of a run with columns that know what they hold.

use std::collections::HashMap;
use std::path::Path;

use alkaline_export::{Column, Table, Values};
use alkaline_io::results::table::Rows;
use alkaline_io::{ReadError, number};

/// Columns of names and words: an identifier that is a number is still a name.
const TEXTS: [&str; 19] = [
    "gene_id",
    "gene_name",
    "gene_biotype",
    "direction",
    "ONTOLOGY",
    "ID",
    "Description",
    "GeneRatio",
    "BgRatio",
    "geneID",
    "leading_edge",
    "core_enrichment",
    "source",
    "reason",
    "status",
    "sample",
    "group",
    "basis",
    "note",
];

/// Columns of whole numbers.
const WHOLES: [&str; 4] = ["Count", "setSize", "rank", "total_count"];

/// Reads the table at `path`.
///
/// # Errors
/// [`ReadError`].
pub(super) fn read(path: &Path) -> Result<Table, ReadError> {
    let rows = Rows::read(path, &[])?;
    let column = |name: &String| {
        let values: Vec<&str> = rows.values(name).collect();
        Column::new(name.clone(), typed(name, &values))
    };
    Ok(Table::new(rows.header().iter().map(column).collect()))
}

/// The values of the column `name`: words where its name says so or a number fails, else numbers.
pub(super) fn typed(name: &str, values: &[&str]) -> Values {
    if !TEXTS.contains(&name) {
        let wholes = || values.iter().map(|value| value.parse().ok()).collect::<Option<Vec<i64>>>();
        if let Some(wholes) = WHOLES.contains(&name).then(wholes).flatten() {
            return Values::Whole(wholes);
        }
        if let Some(reals) = values.iter().map(|value| number::parse(value)).collect() {
            return Values::Real(reals);
        }
    }
    let word = |value: &&str| {
        Some((*value).to_owned()).filter(|text| !matches!(text.as_str(), "" | number::MISSING))
    };
    Values::Text(values.iter().map(word).collect())
}

/// The rows of `table` by their gene, in the order of `genes`; those of genes that it lacks are missing. Names of genes are left out.
pub(super) fn by_gene(table: &Table, genes: &[String]) -> Table {
    let of_genes =
        table.columns().iter().find(|column| column.name == "gene_id").map(|column| &column.values);
    let Some(Values::Text(ids)) = of_genes else { return Table::default() };
    let places: HashMap<&str, usize> =
        ids.iter().enumerate().filter_map(|(place, id)| Some((id.as_deref()?, place))).collect();
    let places: Vec<Option<usize>> = genes.iter().map(|gene| places.get(gene.as_str()).copied()).collect();
    let others =
        table.columns().iter().filter(|column| !matches!(column.name.as_str(), "gene_id" | "gene_name"));
    Table::new(others.map(|column| Column::new(&column.name, at(&column.values, &places))).collect())
}

fn at(values: &Values, places: &[Option<usize>]) -> Values {
    let real = |value: &dyn Fn(usize) -> f64| {
        Values::Real(places.iter().map(|place| place.map_or(f64::NAN, value)).collect())
    };
    match values {
        Values::Real(values) => real(&|place| values[place]),
        // A whole number cannot be missing.
        Values::Whole(values) => real(&|place| values[place] as f64),
        Values::Text(values) => {
            Values::Text(places.iter().map(|place| place.and_then(|place| values[place].clone())).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_names_and_numbers_become_numbers() {
        assert_eq!(
            typed("gene_id", &["10", "1E6"]),
            Values::Text(vec![Some("10".into()), Some("1E6".into())])
        );
        assert_eq!(typed("batch", &["1", "2"]), Values::Real(vec![1.0, 2.0]));
        assert_eq!(typed("batch", &["a", "NA"]), Values::Text(vec![Some("a".into()), None]));
        assert_eq!(typed("Count", &["3", "4"]), Values::Whole(vec![3, 4]));
    }

    #[test]
    fn genes_that_a_table_lacks_are_missing_in_it() {
        let table = Table::new(vec![
            Column::new("gene_id", typed("gene_id", &["b", "a"])),
            Column::new("logFC", Values::Real(vec![2.0, 1.0])),
            Column::new("direction", typed("direction", &["up", "ns"])),
        ]);
        let found = by_gene(&table, &["a".into(), "x".into(), "b".into()]);
        let Values::Real(changes) = &found.columns()[0].values else { panic!("{found:?}") };
        assert!(changes[0] == 1.0 && changes[1].is_nan() && changes[2] == 2.0);
        assert_eq!(found.columns()[1].values, Values::Text(vec![Some("ns".into()), None, Some("up".into())]));
    }
}
