//! What became of a gene under each contrast: its place in the test table, or the rule that kept it out.

use alkaline_core::results::{CallBy, Direction, TestRow, TestTable};
use alkaline_io::results::{filter, test_table};
use alkaline_io::{ReadError, contrasts};

use super::genes::Genes;
use crate::store::RunDirectory;

/// The contrasts of the run, and a sentence on the gene for each.
pub(super) fn under_each_contrast(
    run: &RunDirectory,
    gene: usize,
    genes: &Genes,
) -> Result<Vec<(String, String)>, ReadError> {
    let contrasts = contrasts::read(&run.contrasts_file())?;
    contrasts
        .into_iter()
        .map(|contrast| Ok((contrast.id.clone(), under(run, &contrast.id, gene, genes)?)))
        .collect()
}

fn under(run: &RunDirectory, contrast: &str, gene: usize, genes: &Genes) -> Result<String, ReadError> {
    let place = run.contrast(contrast);
    let id = genes.id(gene);
    if !place.test().exists() {
        return Ok("not tested yet".to_owned());
    }
    let table = test_table::read(&place.test())?;
    let place_of = |row: &&TestRow| row.gene == *id && row.p_value.is_finite();
    if let Some(row) = table.rows.iter().find(place_of) {
        return Ok(tested(row, &table));
    }
    let (own, shared) = (place.prepared().filter(), run.filter());
    let path = if own.exists() { &own } else { &shared };
    // expression values are not filtered
    let removed = if path.exists() { filter::read(path)? } else { Vec::new() };
    Ok(match removed.into_iter().find(|row| row.gene == *id) {
        Some(row) => format!("not tested, filtered: {} (total count {})", row.reason, row.total_count),
        None => "not tested: its P value is missing".to_owned(),
    })
}

/// A gene that was tested.
fn tested(row: &TestRow, table: &TestTable) -> String {
    let smaller = table.rows.iter().filter(|other| other.p_value < row.p_value).count();
    let tested = table.rows.iter().filter(|other| other.p_value.is_finite()).count();
    let direction = match row.direction {
        Direction::Up => "up",
        Direction::Down => "down",
        Direction::NotSignificant => "not called",
    };
    let thresholds = table.facts.thresholds;
    let (what, limit) = thresholds.level();
    let by = if thresholds.call_by == CallBy::P { row.p_value } else { row.fdr };
    let why_not = match row.direction {
        Direction::NotSignificant if by >= limit => format!(": {what} is not below {limit}"),
        Direction::NotSignificant => format!(": |logFC| is below {}", thresholds.lfc),
        _ => String::new(),
    };
    format!(
        "tested, {direction}{why_not}; logFC {:.2}, P {}, FDR {}; {} of {tested} by P",
        row.log2_fold_change,
        short(row.p_value),
        short(row.fdr),
        smaller + 1
    )
}

/// A probability with three digits.
fn short(value: f64) -> String {
    if value == 0.0 || (1e-3..=1.0).contains(&value) { format!("{value:.3}") } else { format!("{value:.2e}") }
}
