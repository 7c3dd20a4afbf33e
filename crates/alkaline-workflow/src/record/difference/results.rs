//! What changed in the results of a contrast: genes that entered or left its lists, gene sets that became significant or ceased to be.

use std::collections::HashMap;

use alkaline_core::results::{Direction, Query, SIGNIFICANT_SET, TestRow};
use alkaline_io::results::{gsea, ora, test_table};
use serde::Serialize;

use crate::error::WorkflowError;
use crate::store::RunDirectory;
use crate::store::layout::ContrastDirectory;

/// What entered a list, and what left it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct List<T> {
    /// The list: `up`, `down`; `gsea`, `ora`, `ora_up`, `ora_down`.
    pub list: String,
    /// How many stand in it in the first run.
    pub before: usize,
    /// How many stand in it in the second run.
    pub after: usize,
    /// What only the second run has in it.
    pub entered: Vec<T>,
    /// What only the first run has in it.
    pub left: Vec<T>,
}

/// A gene that entered or left a list; null where a run did not test it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GeneChange {
    /// Identifier.
    pub gene: String,
    /// Symbol, where known.
    pub name: Option<String>,
    /// log2 fold change in the first and the second run.
    pub log2_fold_change: [Option<f64>; 2],
    /// Adjusted P in the first and the second run.
    pub fdr: [Option<f64>; 2],
}

/// A gene set that entered or left a list; null where a run did not test it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SetChange {
    /// Identifier.
    pub id: String,
    /// Its name.
    pub description: String,
    /// Adjusted P in the first and the second run.
    pub p_adjusted: [Option<f64>; 2],
}

/// What changed in the results of one contrast.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContrastChange {
    /// The contrast.
    pub contrast: String,
    /// Genes called up and down.
    pub genes: Vec<List<GeneChange>>,
    /// Significant gene sets, table by table.
    pub sets: Vec<List<SetChange>>,
}

impl ContrastChange {
    /// Whether nothing entered or left a list.
    pub fn is_empty(&self) -> bool {
        self.genes.iter().all(List::is_empty) && self.sets.iter().all(List::is_empty)
    }
}

impl<T> List<T> {
    /// Whether nothing entered or left it.
    pub fn is_empty(&self) -> bool {
        self.entered.is_empty() && self.left.is_empty()
    }
}

/// Compares the results of the contrast called `id` of two runs.
pub(super) fn compare(
    id: &str,
    first: &RunDirectory,
    second: &RunDirectory,
) -> Result<ContrastChange, WorkflowError> {
    let (first, second) = (first.contrast(id), second.contrast(id));
    let rows = [test_table::read(&first.test())?.rows, test_table::read(&second.test())?.rows];
    let genes = [Direction::Up, Direction::Down].map(|direction| genes(&rows, direction));
    let mut sets = vec![list("gsea", &ranked(&first)?, &ranked(&second)?)];
    for query in &Query::OF_TABLE {
        let name = match query {
            Query::All => "ora".to_owned(),
            query => format!("ora_{query}"),
        };
        sets.push(list(&name, &represented(&first, query)?, &represented(&second, query)?));
    }
    Ok(ContrastChange { contrast: id.to_owned(), genes: genes.into(), sets })
}

/// The genes that entered and left those called `direction`, in the order of the tables.
fn genes([old, new]: &[Vec<TestRow>; 2], direction: Direction) -> List<GeneChange> {
    let by_gene = |rows: &'_ [TestRow]| -> HashMap<String, usize> {
        rows.iter().enumerate().map(|(place, row)| (row.gene.to_string(), place)).collect()
    };
    let (before, after) = (by_gene(old), by_gene(new));
    let change = |row: &TestRow| {
        let gene = row.gene.to_string();
        let sides = [before.get(&gene).map(|&place| &old[place]), after.get(&gene).map(|&place| &new[place])];
        // A gene that was not tested stands in the table with NaN, where it stands there.
        let number =
            |of: fn(&TestRow) -> f64| sides.map(|row| row.map(of).filter(|number| number.is_finite()));
        GeneChange {
            name: row.name.as_deref().map(str::to_owned),
            log2_fold_change: number(|row| row.log2_fold_change),
            fdr: number(|row| row.fdr),
            gene,
        }
    };
    let called = |rows: &'_ [TestRow]| rows.iter().filter(|row| row.direction == direction).count();
    let is_called = |side: &HashMap<String, usize>, rows: &[TestRow], row: &TestRow| {
        side.get(row.gene.as_str()).is_some_and(|&place| rows[place].direction == direction)
    };
    let of = |rows: &[TestRow], others: &HashMap<String, usize>, other: &[TestRow]| {
        let only = rows.iter().filter(|row| row.direction == direction && !is_called(others, other, row));
        only.map(change).collect()
    };
    List {
        list: if direction == Direction::Up { "up" } else { "down" }.to_owned(),
        before: called(old),
        after: called(new),
        entered: of(new, &before, old),
        left: of(old, &after, new),
    }
}

/// A gene set of a table.
struct Set {
    /// `BP`, or the name of the collection, and the identifier.
    key: (String, String),
    description: String,
    p_adjusted: f64,
    is_significant: bool,
}

fn ranked(place: &ContrastDirectory) -> Result<Vec<Set>, WorkflowError> {
    if !place.gsea().is_file() {
        return Ok(Vec::new());
    }
    let rows = gsea::read(&place.gsea())?.0.rows.into_iter();
    Ok(rows.map(|row| set(row.ontology, row.id, row.description, row.p_adjusted)).collect())
}

fn represented(place: &ContrastDirectory, query: &Query) -> Result<Vec<Set>, WorkflowError> {
    let path = place.ora(query);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let rows = ora::read(&path)?.rows.into_iter();
    Ok(rows.map(|row| set(row.ontology, row.id, row.description, row.p_adjusted)).collect())
}

fn set(ontology: String, id: String, description: String, p_adjusted: f64) -> Set {
    Set { key: (ontology, id), description, p_adjusted, is_significant: p_adjusted < SIGNIFICANT_SET }
}

/// The sets that entered and left those that are significant.
fn list(name: &str, old: &[Set], new: &[Set]) -> List<SetChange> {
    let by_key = |sets: &'_ [Set]| -> HashMap<(String, String), (f64, bool)> {
        sets.iter().map(|set| (set.key.clone(), (set.p_adjusted, set.is_significant))).collect()
    };
    let (before, after) = (by_key(old), by_key(new));
    let of = |sets: &[Set], others: &HashMap<(String, String), (f64, bool)>| {
        let is_new = |set: &&Set| set.is_significant && !others.get(&set.key).is_some_and(|(_, is)| *is);
        let change = |set: &Set| SetChange {
            id: set.key.1.clone(),
            description: set.description.clone(),
            p_adjusted: [&before, &after].map(|side| side.get(&set.key).map(|(p, _)| *p)),
        };
        sets.iter().filter(is_new).map(change).collect()
    };
    let significant = |sets: &[Set]| sets.iter().filter(|set| set.is_significant).count();
    List {
        list: name.to_owned(),
        before: significant(old),
        after: significant(new),
        entered: of(new, &before),
        left: of(old, &after),
    }
}
