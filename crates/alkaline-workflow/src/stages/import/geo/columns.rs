//! Which column of a sample's own table holds its values.

use alkaline_io::values::ValueTable;

/// What columns of counts are called, without case, blanks and signs; the first that is there is taken.
const COUNTS: [&str; 9] = [
    "count",
    "counts",
    "rawcount",
    "rawcounts",
    "readcount",
    "expectedcount",
    "numreads",
    "estcounts",
    "unstranded",
];

/// Columns of STAR: one for each strandedness.
const STAR: [&str; 3] = ["unstranded", "forward", "reverse"];

/// The column of values of a table of one sample, and what was decided where there are several.
///
/// # Errors
/// Why none can be chosen.
pub(super) fn one_column(table: &ValueTable) -> Result<(ValueTable, Option<String>), String> {
    let names: Vec<String> = table.samples.iter().map(|name| plain(name)).collect();
    let place = match names.as_slice() {
        [] => return Err("no column holds values".to_owned()),
        [_] => return Ok((table.clone(), None)),
        several if *several == STAR => strand_of(table),
        several => COUNTS.iter().find_map(|wanted| several.iter().position(|name| name == wanted)),
    };
    let Some(place) = place else {
        return Err(format!(
            "it is not clear which of its columns holds the values: {}",
            table.samples.join(", ")
        ));
    };
    let words = format!("the column `{}` was taken of {}", table.samples[place], table.samples.join(", "));
    Ok((table.select_columns(&[place]), Some(words)))
}

/// Which of STAR's columns holds the counts, told by how many reads the strands have.
fn strand_of(table: &ValueTable) -> Option<usize> {
    let sum = |column: usize| table.column(column).filter(|value| value.is_finite()).sum::<f64>();
    let (forward, reverse) = (sum(1), sum(2));
    let share = forward / (forward + reverse);
    Some(if share > 0.8 {
        1
    } else if share < 0.2 {
        2
    } else {
        0
    })
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&str], values: &[f64]) -> ValueTable {
        ValueTable {
            rows: (0..values.len() / names.len()).map(|row| format!("g{row}")).collect(),
            samples: names.iter().map(|name| (*name).to_owned()).collect(),
            values: values.to_vec(),
            ..ValueTable::default()
        }
    }

    #[test]
    fn counts_are_found_among_several_columns_and_the_choice_is_told() {
        let (column, words) = one_column(&table(&["RPKM", "Raw.Count"], &[0.5, 10.0])).unwrap();
        assert_eq!((column.values, words.unwrap().contains("`Raw.Count` was taken")), (vec![10.0], true));
        assert!(one_column(&table(&["a", "b"], &[0.5, 10.0])).unwrap_err().contains("not clear"));
        assert!(one_column(&table(&["Signal"], &[0.5])).unwrap().1.is_none());
    }

    #[test]
    fn the_strand_of_star_is_told_by_its_reads() {
        let column = |values: &[f64]| one_column(&table(&STAR, values)).unwrap().0.samples[0].clone();
        assert_eq!(column(&[100.0, 50.0, 51.0]), "unstranded");
        assert_eq!(column(&[100.0, 2.0, 98.0]), "reverse");
        assert_eq!(column(&[100.0, 98.0, 2.0]), "forward");
    }
}
