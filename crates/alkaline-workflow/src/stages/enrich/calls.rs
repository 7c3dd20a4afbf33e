//! Which genes of a test table are called: those that the table calls, or those that pass thresholds. A threshold that is not
//! asked for stays the table's: its companion tells it, else the calls themselves do, else it is the default.

use alkaline_core::results::{CallBy, Direction, TestRow, Thresholds};
use alkaline_io::results::test_table::TestInput;
use alkaline_math::multiple_testing::benjamini_hochberg;

/// Thresholds that people take, for those that calls betray: of false discovery rates, and of log2 fold changes.
const USUAL_FDR: [f64; 7] = [0.05, 0.1, 0.01, 0.2, 0.25, 0.001, 0.15];
const USUAL_LFC: [f64; 6] = [1.0, 0.5, 0.58, 1.5, 2.0, 0.25];

/// The rows of a test table with their calls, and what was decided on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct CalledRows {
    /// The tested genes.
    pub rows: Vec<TestRow>,
    /// What was decided.
    pub notes: Vec<String>,
}

/// The genes of `input`, called at the thresholds asked for, or as the table calls them where none is.
pub fn called_rows(input: TestInput, fdr: Option<f64>, lfc: Option<f64>) -> CalledRows {
    let TestInput { mut rows, has_fdr, has_calls, thresholds, notes, .. } = input;
    let mut notes = notes;
    if has_calls && fdr.is_none() && lfc.is_none() {
        return CalledRows { rows, notes };
    }
    if !has_fdr {
        adjust(&mut rows);
        notes.push(format!(
            "there are no adjusted P values: they were computed (Benjamini-Hochberg) from the {} P values of the table, which is \
             right where it holds all tested genes",
            rows.len()
        ));
    }
    let (table, whose) = match (thresholds, has_calls) {
        (Some(recorded), _) => (recorded, "as the table has it"),
        (None, true) => match read_off(&rows) {
            Some(found) => (found, "read off the calls of the table"),
            None => (Thresholds::default(), "the default"),
        },
        (None, false) => (Thresholds::default(), "the default"),
    };
    // an FDR that is asked for decides, whatever the table went by
    let call_by = if fdr.is_some() { CallBy::Fdr } else { table.call_by };
    let wanted =
        Thresholds { fdr: fdr.unwrap_or(table.fdr), lfc: lfc.unwrap_or(table.lfc), call_by, ..table };
    for row in &mut rows {
        row.direction = wanted.call(row.log2_fold_change, row.p_value, row.fdr);
    }
    let called = rows.iter().filter(|row| row.direction != Direction::NotSignificant).count();
    let origin = |asked: Option<f64>| if asked.is_some() { "as asked for" } else { whose };
    let why = if has_calls { "" } else { "there is no column `direction`: " };
    notes.push(format!(
        "{why}{called} of {} genes are called at {} < {} ({}) and |logFC| >= {} ({})",
        rows.len(),
        wanted.level().0,
        wanted.level().1,
        origin(fdr),
        wanted.lfc,
        origin(lfc)
    ));
    CalledRows { rows, notes }
}

/// Fills in adjusted P values.
fn adjust(rows: &mut [TestRow]) {
    let p: Vec<f64> = rows.iter().map(|row| row.p_value).collect();
    for (row, adjusted) in rows.iter_mut().zip(benjamini_hochberg(&p)) {
        row.fdr = adjusted;
    }
}

/// Thresholds that the calls of a table agree with: usual ones where they do, else the tightest. `None` without any call.
fn read_off(rows: &[TestRow]) -> Option<Thresholds> {
    let (called, others): (Vec<&TestRow>, Vec<&TestRow>) =
        rows.iter().partition(|row| row.direction != Direction::NotSignificant);
    let change = |row: &&TestRow| row.log2_fold_change.abs();
    let largest_fdr = called.iter().map(|row| row.fdr).fold(f64::NAN, f64::max);
    let least_change = called.iter().map(change).fold(f64::NAN, f64::min);
    if largest_fdr.is_nan() || least_change.is_nan() {
        return None;
    }
    // Those that were not called although their FDR is as small must have failed by their fold change, and the reverse.
    let failed_by_change =
        others.iter().filter(|row| row.fdr <= largest_fdr).map(change).fold(-1.0, f64::max);
    let failed_by_fdr = others
        .iter()
        .filter(|row| change(row) >= least_change)
        .map(|row| row.fdr)
        .fold(f64::INFINITY, f64::min);
    let usual_lfc = USUAL_LFC.into_iter().find(|&lfc| failed_by_change < lfc && lfc <= least_change);
    let usual_fdr = USUAL_FDR.into_iter().find(|&fdr| largest_fdr < fdr && fdr <= failed_by_fdr);
    Some(Thresholds::by_fdr(
        usual_fdr.unwrap_or(largest_fdr.next_up()),
        if failed_by_change < 0.0 { 0.0 } else { usual_lfc.unwrap_or(least_change) },
    ))
}

#[cfg(test)]
mod tests {
    use alkaline_core::results::MethodColumns;

    use super::*;

    /// Genes with these log fold changes and false discovery rates, called at `thresholds`.
    fn rows(values: &[(f64, f64)], thresholds: Option<Thresholds>) -> Vec<TestRow> {
        let row = |(i, &(log2_fold_change, fdr)): (usize, &(f64, f64))| TestRow {
            gene: format!("g{i}").into(),
            name: None,
            log2_fold_change,
            standard_error: None,
            interval: None,
            log2_cpm: 5.0,
            statistic: None,
            p_value: fdr / 2.0,
            log10_p: (fdr / 2.0).log10(),
            fdr,
            direction: thresholds
                .map_or(Direction::NotSignificant, |t| t.call(log2_fold_change, fdr / 2.0, fdr)),
            group_cpm: Vec::new(),
            of_method: MethodColumns::default(),
        };
        values.iter().enumerate().map(row).collect()
    }

    const VALUES: [(f64, f64); 7] =
        [(2.0, 0.01), (0.4, 0.02), (-0.7, 0.03), (1.5, 0.07), (-0.1, 0.08), (3.0, 0.15), (0.2, 0.9)];

    fn input(recorded: Option<Thresholds>, called_at: Option<Thresholds>) -> TestInput {
        TestInput {
            rows: rows(&VALUES, called_at),
            has_fdr: true,
            has_calls: called_at.is_some(),
            thresholds: recorded,
            zero_p: 0,
            notes: Vec::new(),
        }
    }

    fn number(called: &CalledRows) -> usize {
        called.rows.iter().filter(|row| row.direction != Direction::NotSignificant).count()
    }

    #[test]
    fn the_threshold_that_is_not_given_stays_the_table_s() {
        let zero = Thresholds::by_fdr(0.05, 0.0);
        let wide = Thresholds::by_fdr(0.2, 0.0);
        // whether its companion tells, or only its calls
        for recorded in [true, false] {
            let of = |thresholds: Thresholds| input(recorded.then_some(thresholds), Some(thresholds));
            assert_eq!(number(&called_rows(of(zero), Some(0.1), None)), 5, "lfc stays 0");
            assert_eq!(number(&called_rows(of(wide), None, Some(1.0))), 3, "FDR stays 0.2");
            assert_eq!(number(&called_rows(of(zero), None, None)), 3);
        }
        let said = called_rows(input(Some(zero), Some(zero)), Some(0.1), None).notes;
        assert_eq!(
            said,
            ["5 of 7 genes are called at FDR < 0.1 (as asked for) and |logFC| >= 0 (as the table has it)"]
        );
    }

    #[test]
    fn calls_betray_their_thresholds() {
        for thresholds in
            [Thresholds::by_fdr(0.05, 0.5), Thresholds::by_fdr(0.1, 1.0), Thresholds::by_fdr(0.05, 0.0)]
        {
            let found = read_off(&rows(&VALUES, Some(thresholds))).unwrap();
            let calls = |t: Thresholds| VALUES.map(|(change, fdr)| t.call(change, fdr / 2.0, fdr));
            assert_eq!(calls(found), calls(thresholds), "{found:?}");
            assert_eq!(found, thresholds);
        }
        assert_eq!(read_off(&rows(&VALUES, None)), None);
    }

    #[test]
    fn a_table_without_calls_is_called_at_the_defaults_and_that_is_said() {
        let called = called_rows(input(None, None), None, None);
        assert_eq!(number(&called), 1);
        assert!(
            called.notes[0].starts_with("there is no column `direction`: 1 of 7 genes"),
            "{:?}",
            called.notes
        );
    }

    #[test]
    fn a_table_without_adjusted_p_is_adjusted_and_that_is_said() {
        let mut without = input(None, None);
        without.rows.iter_mut().for_each(|row| row.fdr = f64::NAN);
        without.has_fdr = false;
        let called = called_rows(without, Some(0.06), Some(0.0));
        // P of 0.005 to 0.04 times seven, over their ranks: 0.035, 0.035, 0.035, 0.056 (thrice below 0.06), 0.056
        assert_eq!(number(&called), 5);
        assert!(called.notes[0].contains("Benjamini-Hochberg"), "{:?}", called.notes);
    }
}
