//! What the values of a table are: counts, FPKM or TPM, logarithms, ratios, intensities. The values decide; what the submitter wrote
//! about them decides only where they leave it open, for it is often wrong.

use alkaline_core::words::{count, listed};
use alkaline_math::log_scale::needs_logs;

use super::facts::ValueFacts;
use super::table::ValueTable;

/// What values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Whole numbers of reads.
    Counts,
    /// Fractional numbers of reads, as RSEM, salmon and kallisto estimate them.
    ExpectedCounts,
    /// Transcripts per million: every sample sums to one million.
    Tpm,
    /// Abundances that are no logarithms and no TPM: FPKM, RPKM, CPM, normalised counts.
    Abundances,
    /// Logarithms of expression.
    Logarithms,
    /// Logarithms of ratios, or values centred on zero.
    LogRatios,
    /// Standardised by row: mean 0 and standard deviation 1.
    ZScores,
    /// Intensities of an array, no logarithms.
    Intensities,
    /// Between 0 and 1.
    Fractions,
    /// Between 0 and 100.
    Percentages,
}

impl Scale {
    /// What they are called in a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::ExpectedCounts => "expected (fractional) counts",
            Self::Tpm => "TPM",
            Self::Abundances => "abundances (FPKM, RPKM, CPM or normalised counts), not logarithms",
            Self::Logarithms => "logarithms",
            Self::LogRatios => "log ratios, or values centred on zero",
            Self::ZScores => "z scores (rows standardised)",
            Self::Intensities => "intensities, not logarithms",
            Self::Fractions => "fractions between 0 and 1",
            Self::Percentages => "percentages",
        }
    }

    /// One word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::ExpectedCounts => "expected-counts",
            Self::Tpm => "tpm",
            Self::Abundances => "abundances",
            Self::Logarithms => "logarithms",
            Self::LogRatios => "log-ratios",
            Self::ZScores => "z-scores",
            Self::Intensities => "intensities",
            Self::Fractions => "fractions",
            Self::Percentages => "percentages",
        }
    }

    /// Whether tests of counts may be made on them.
    pub const fn are_counts(self) -> bool {
        matches!(self, Self::Counts | Self::ExpectedCounts)
    }

    /// Whether a logarithm must be taken before they are compared as expression values.
    pub const fn want_logarithms(self) -> bool {
        matches!(self, Self::Tpm | Self::Abundances | Self::Intensities)
    }
}

/// What is known beside the values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScaleHints {
    /// Whether they were measured with an array.
    pub from_array: bool,
    /// Whether two channels were measured, so that a value is a ratio.
    pub two_channels: bool,
    /// What the file, its columns or the submitter call them.
    pub names: Vec<String>,
}

/// What values are, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What they are.
    pub scale: Scale,
    /// Why, in words.
    pub evidence: String,
    /// What does not fit, in words.
    pub doubts: Vec<String>,
    /// Whether some samples are on one scale and some on another: they cannot be compared.
    pub is_mixed: bool,
    /// The numbers behind it.
    pub facts: ValueFacts,
}

/// Largest value up to which values are taken for logarithms: 2^30 is more than any intensity or count of a gene.
const LARGEST_LOGARITHM: f64 = 30.0;

/// How far the sum of a sample may be from a million for TPM, relatively: tables are rounded, and genes are left out.
const TPM_TOLERANCE: f64 = 0.02;

/// Says what the values of `table` are; `None` when there is not a single value.
pub fn recognise(table: &ValueTable, hints: &ScaleHints) -> Option<Verdict> {
    let facts = ValueFacts::of(table);
    if facts.present == 0 {
        return None;
    }
    let (scale, why) = decide(&facts, hints);
    let mut doubts = Vec::new();
    let mixed = mixed_columns(table, &facts);
    if let Some((small, large)) = &mixed {
        doubts.push(format!(
            "the samples are on different scales: {} have values up to {LARGEST_LOGARITHM} at most, as logarithms have; {} have \
             values above 1000",
            listed(small.iter().map(|&column| &table.samples[column])),
            listed(large.iter().map(|&column| &table.samples[column]))
        ));
    }
    if scale.are_counts() && facts.negative > 0 {
        doubts.push(format!("{} below zero among counts", are(facts.negative)));
    }
    if scale.want_logarithms() && facts.negative > 0 {
        let below = are(facts.negative);
        doubts.push(format!(
            "{below} below zero, of which no logarithm can be taken: background was subtracted"
        ));
    }
    if let Some(called) = contradiction(scale, hints) {
        doubts.push(called);
    }
    let [smallest, _, median, _, _, largest] = facts.quantiles;
    let span =
        format!("{why}; from {} over {} (median) to {}", short(smallest), short(median), short(largest));
    Some(Verdict { scale, evidence: span, doubts, is_mixed: mixed.is_some(), facts })
}

/// The decision, and what it rests on.
fn decide(facts: &ValueFacts, hints: &ScaleHints) -> (Scale, String) {
    let share = |number| facts.share(number);
    let (smallest, largest) = (facts.smallest(), facts.largest());
    let because = |why: &str| why.to_owned();
    // A negative value or two among whole numbers is a doubt, not another scale.
    let hardly_negative = share(facts.negative) < 0.001;
    if hardly_negative && facts.whole == facts.present && largest > LARGEST_LOGARITHM && !hints.from_array {
        return (Scale::Counts, because("whole numbers"));
    }
    if facts.negative == 0 && sums_to_a_million(facts) {
        return (Scale::Tpm, because("every sample sums to a million"));
    }
    let whole = share(facts.whole);
    let says_expected = says(hints, &["expectedcount", "numreads", "estcounts"]);
    if facts.negative == 0 && !hints.from_array && largest > 1000.0 && (says_expected || whole > 0.6) {
        let zero = share(facts.zero);
        if says_expected || whole - zero > 0.5 * (1.0 - zero) {
            return (
                Scale::ExpectedCounts,
                format!("{:.0} % whole numbers, the others fractional", 100.0 * whole),
            );
        }
    }
    if let Some((mean, deviation)) = facts.row_mean_and_deviation
        && facts.negative > 0
        && mean < 0.05
        && (deviation - 1.0).abs() < 0.1
    {
        return (Scale::ZScores, because("rows have mean 0 and standard deviation 1"));
    }
    if share(facts.negative) > 0.15 {
        return (Scale::LogRatios, format!("{:.0} % below zero", 100.0 * share(facts.negative)));
    }
    if smallest >= 0.0 && largest <= 1.0 {
        return (Scale::Fractions, because("nothing below 0 or above 1"));
    }
    if smallest >= 0.0 && (90.0..=100.0).contains(&largest) && facts.median() > LARGEST_LOGARITHM {
        return (Scale::Percentages, because("nothing below 0 or above 100, most of it above 30"));
    }
    if largest <= LARGEST_LOGARITHM && hints.two_channels && facts.negative > 0 {
        return (Scale::LogRatios, because("two channels, some values below zero"));
    }
    if largest <= LARGEST_LOGARITHM {
        return (Scale::Logarithms, because("nothing above 30"));
    }
    if hints.from_array {
        return (Scale::Intensities, because("too large for logarithms, and measured with an array"));
    }
    let zeros = share(facts.zero);
    if zeros > 0.02 || says(hints, &["fpkm", "rpkm", "tpm", "cpm", "normalized", "normalised"]) {
        return (
            Scale::Abundances,
            format!("fractional, too large for logarithms, {:.0} % zero", 100.0 * zeros),
        );
    }
    let whole = if facts.whole == facts.present { "whole numbers" } else { "fractional" };
    (Scale::Intensities, format!("{whole}, too large for logarithms, hardly a zero"))
}

/// Whether every sample sums to about a million.
fn sums_to_a_million(facts: &ValueFacts) -> bool {
    facts.sums.iter().all(|sum| (sum / 1e6 - 1.0).abs() < TPM_TOLERANCE)
        && facts.largest() > LARGEST_LOGARITHM
}

/// Columns that look like logarithms, and columns that cannot be any, where there are both.
fn mixed_columns(table: &ValueTable, facts: &ValueFacts) -> Option<(Vec<usize>, Vec<usize>)> {
    let with = |is: &dyn Fn(f64) -> bool| -> Vec<usize> {
        (0..table.samples.len()).filter(|&column| is(facts.largest[column])).collect()
    };
    let small = with(&|largest| largest.is_finite() && largest <= LARGEST_LOGARITHM);
    let large = with(&|largest| largest > 1000.0);
    (!small.is_empty() && !large.is_empty()).then_some((small, large))
}

/// Whether one of the names holds one of the words.
fn says(hints: &ScaleHints, words: &[&str]) -> bool {
    let plain: Vec<String> = hints.names.iter().map(|name| crate::column_names::plain(name)).collect();
    plain.iter().any(|name| words.iter().any(|word| name.contains(word)))
}

/// A name that says otherwise than the values.
fn contradiction(scale: Scale, hints: &ScaleHints) -> Option<String> {
    let says = |words: &[&str]| says(hints, words);
    let called = match scale {
        Scale::Counts | Scale::ExpectedCounts if says(&["fpkm", "rpkm", "tpm"]) => "FPKM or TPM",
        Scale::Tpm | Scale::Abundances if says(&["rawcount", "readcount"]) => "raw counts",
        Scale::Logarithms | Scale::LogRatios if says(&["rawcount", "readcount", "signalintensity"]) => {
            "counts or intensities"
        }
        _ => return None,
    };
    Some(format!("they are called {called}, but the values say {}", scale.words()))
}

/// Whether GEO2R would take logarithms of these values, by [its rule](needs_logs).
pub fn geo2r_takes_logarithms(facts: &ValueFacts) -> bool {
    needs_logs(facts.quantiles)
}

/// "3 values are".
fn are(number: usize) -> String {
    format!("{} {}", count(number, "value"), if number == 1 { "is" } else { "are" })
}

/// A number with as many digits as one reads.
fn short(value: f64) -> String {
    if value.abs() >= 100.0 || value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: usize, value: impl Fn(usize, usize) -> f64) -> ValueTable {
        let rows = 200;
        ValueTable {
            rows: (0..rows).map(|row| format!("g{row}")).collect(),
            samples: (0..columns).map(|column| format!("s{column}")).collect(),
            values: (0..rows)
                .flat_map(|row| (0..columns).map(move |column| (row, column)))
                .map(|(r, c)| value(r, c))
                .collect(),
            ..ValueTable::default()
        }
    }

    /// A number between 0 and 1 that looks random.
    fn noise(row: usize, column: usize) -> f64 {
        ((row * 7919 + column * 104_729 + 17) as f64 * 0.618_033_988_75).fract()
    }

    fn scale(table: &ValueTable) -> Scale {
        recognise(table, &ScaleHints::default()).unwrap().scale
    }

    #[test]
    fn values_say_what_they_are() {
        assert_eq!(scale(&table(4, |r, c| (noise(r, c) * 900.0).floor())), Scale::Counts);
        assert_eq!(scale(&table(4, |r, c| 4.0 + 10.0 * noise(r, c))), Scale::Logarithms);
        assert_eq!(scale(&table(4, |r, c| noise(r, c) - 0.5)), Scale::LogRatios);
        assert_eq!(scale(&table(1, |r, c| 20.0 + 30_000.0 * noise(r, c).powi(3))), Scale::Intensities);
        assert_eq!(scale(&table(2, noise)), Scale::Fractions);
        assert_eq!(scale(&table(2, |r, c| 100.0 * noise(r, c).sqrt())), Scale::Percentages);
        let sparse =
            |r: usize, c: usize| if r.is_multiple_of(4) { 0.0 } else { 3000.0 * noise(r, c).powi(4) };
        assert_eq!(scale(&table(3, sparse)), Scale::Abundances);
        let some_fractional =
            |r: usize, c: usize| if r.is_multiple_of(5) { 10.37 } else { (4000.0 * noise(r, c)).floor() };
        assert_eq!(scale(&table(3, some_fractional)), Scale::ExpectedCounts);
    }

    #[test]
    fn tpm_sum_to_a_million_and_z_scores_have_rows_of_mean_zero() {
        let raw = table(3, |r, c| noise(r, c).powi(3));
        let sums: Vec<f64> = (0..3).map(|column| raw.column(column).sum()).collect();
        let tpm = ValueTable {
            values: raw.values.iter().enumerate().map(|(i, value)| value / sums[i % 3] * 1e6).collect(),
            ..raw
        };
        assert_eq!(scale(&tpm), Scale::Tpm);
        let z = table(3, |row, column| [[-1.0, 0.0, 1.0], [1.0, -1.0, 0.0]][row % 2][column]);
        assert_eq!(scale(&z), Scale::ZScores);
    }

    #[test]
    fn whole_numbers_of_an_array_are_intensities() {
        let whole = table(2, |r, c| (noise(r, c) * 9000.0).ceil());
        let hints = ScaleHints { from_array: true, ..ScaleHints::default() };
        assert_eq!(recognise(&whole, &hints).unwrap().scale, Scale::Intensities);
    }

    #[test]
    fn samples_on_two_scales_and_negative_counts_are_told() {
        let mixed =
            table(3, |r, c| if c == 1 { 3.0 + 9.0 * noise(r, c) } else { 9.0 + 40_000.0 * noise(r, c) });
        let verdict = recognise(&mixed, &ScaleHints::default()).unwrap();
        assert!(verdict.is_mixed && verdict.doubts[0].contains("s1 have values up to 30"), "{verdict:?}");
        let negative = table(10, |r, c| if r + c == 0 { -3.0 } else { (noise(r, c) * 900.0).floor() });
        let verdict = recognise(&negative, &ScaleHints::default()).unwrap();
        assert_eq!((verdict.scale, verdict.is_mixed), (Scale::Counts, false));
        assert_eq!(verdict.doubts, ["1 value is below zero among counts"]);
    }

    #[test]
    fn a_name_that_contradicts_the_values_is_told() {
        let fpkm = table(3, |r, c| if r.is_multiple_of(4) { 0.0 } else { 3000.0 * noise(r, c).powi(4) });
        let hints = ScaleHints { names: vec!["GSE1_raw_counts.txt".into()], ..ScaleHints::default() };
        let verdict = recognise(&fpkm, &hints).unwrap();
        assert_eq!(verdict.scale, Scale::Abundances);
        assert!(verdict.doubts[0].contains("called raw counts"), "{verdict:?}");
    }

    #[test]
    fn the_rule_of_geo2r_is_the_quantile_rule() {
        let takes = |table: &ValueTable| geo2r_takes_logarithms(&ValueFacts::of(table));
        assert!(takes(&table(2, |r, c| 9000.0 * noise(r, c))));
        assert!(!takes(&table(2, |r, c| 14.0 * noise(r, c))));
        // percentages, wrongly
        assert!(takes(&table(2, |r, c| 1.0 + 99.0 * noise(r, c))));
    }

    #[test]
    fn a_table_without_a_value_is_nothing() {
        assert!(recognise(&table(2, |_, _| f64::NAN), &ScaleHints::default()).is_none());
    }
}
