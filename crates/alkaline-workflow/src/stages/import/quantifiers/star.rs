//! Which column of STAR's ReadsPerGene holds the counts.

use alkaline_io::values::ValueTable;

/// How reads relate to the strand of the RNA.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum StarStrand {
    /// Told by the reads on either strand.
    #[default]
    Auto,
    /// Column 2.
    Unstranded,
    /// Column 3: reads have the strand of the RNA (htseq `yes`).
    Forward,
    /// Column 4: reads have the other strand (htseq `reverse`).
    Reverse,
}

/// Share of the reads on one strand from which on a library is stranded.
const STRANDED: f64 = 0.8;

impl StarStrand {
    /// The place of the column among the three.
    const fn place(self) -> usize {
        match self {
            Self::Auto | Self::Unstranded => 0,
            Self::Forward => 1,
            Self::Reverse => 2,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Unstranded => "unstranded",
            Self::Forward => "forward",
            Self::Reverse => "reverse",
        }
    }

    /// What the reads of a sample say, with the share of them on the forward strand.
    fn of(table: &ValueTable) -> (Self, f64) {
        let sum = |column: usize| table.column(column).filter(|value| value.is_finite()).sum::<f64>();
        let share = sum(1) / (sum(1) + sum(2)).max(1.0);
        let strand = match share {
            share if share > STRANDED => Self::Forward,
            share if share < 1.0 - STRANDED => Self::Reverse,
            _ => Self::Unstranded,
        };
        (strand, share)
    }
}

/// The column of each sample, one rule for all of them, and what it rests on.
///
/// # Errors
/// In words, where samples differ and nobody says which rule holds.
pub(super) fn columns(
    tables: Vec<(String, ValueTable)>,
    asked: StarStrand,
) -> Result<(Vec<(String, ValueTable)>, String), String> {
    let told: Vec<(StarStrand, f64)> = tables.iter().map(|(_, table)| StarStrand::of(table)).collect();
    let strand = if asked == StarStrand::Auto {
        told.first().map_or(StarStrand::Unstranded, |first| first.0)
    } else {
        asked
    };
    let other = told.iter().zip(&tables).find(|((own, _), _)| *own != strand);
    if let Some(((own, share), (name, _))) = other.filter(|_| asked == StarStrand::Auto) {
        return Err(format!(
            "{} is {}, but {name} is {} ({:.0} % of its reads on the forward strand): --strand says which column is taken of all",
            tables[0].0,
            strand.word(),
            own.word(),
            100.0 * share
        ));
    }
    let words = format!(
        "STAR's column `{}` was taken: {:.0} % of the reads of {} are on the forward strand",
        strand.word(),
        100.0 * told.first().map_or(0.0, |first| first.1),
        tables.first().map_or("no sample", |first| first.0.as_str())
    );
    let taken = tables.into_iter().map(|(name, table)| (name, table.select_columns(&[strand.place()])));
    Ok((taken.collect(), words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(values: &[f64]) -> ValueTable {
        ValueTable {
            rows: vec!["g".into()],
            samples: ["unstranded", "forward", "reverse"].map(str::to_owned).to_vec(),
            values: values.to_vec(),
            ..ValueTable::default()
        }
    }

    #[test]
    fn all_samples_are_taken_from_one_column_and_doubt_is_told() {
        let both = |second: &[f64], asked| {
            columns(vec![("a".into(), table(&[100.0, 2.0, 98.0])), ("b".into(), table(second))], asked)
        };
        let (taken, words) = both(&[50.0, 1.0, 49.0], StarStrand::Auto).unwrap();
        assert_eq!((taken[0].1.values[0], taken[1].1.values[0]), (98.0, 49.0));
        assert!(words.contains("`reverse`") && words.contains("2 %"), "{words}");
        assert!(both(&[50.0, 25.0, 25.0], StarStrand::Auto).unwrap_err().contains("b is unstranded"));
        assert_eq!(both(&[50.0, 25.0, 25.0], StarStrand::Unstranded).unwrap().0[1].1.values, [50.0]);
    }
}
