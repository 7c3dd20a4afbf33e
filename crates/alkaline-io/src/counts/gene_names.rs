//! What the names of rows betray: rows that are no genes, two names in one, names that a spreadsheet made dates of.

use std::collections::HashMap;
use std::sync::Arc;

use alkaline_core::identifiers::IdKind;
use alkaline_core::{CountMatrix, GeneId, GeneIndex};

/// Rows in which programs count the reads that belong to no gene, in lower case.
///
/// HTSeq (before 0.6 without underscores), DEXSeq, STAR, `samtools idxstats`, featureCounts' summary.
const NO_GENES: [&str; 19] = [
    "no_feature",
    "ambiguous",
    "too_low_aqual",
    "not_aligned",
    "alignment_not_unique",
    "_ambiguous",
    "_ambiguous_readpair_position",
    "_empty",
    "_lowaqual",
    "_notaligned",
    "_no_feature",
    "n_unmapped",
    "n_multimapping",
    "n_nofeature",
    "n_ambiguous",
    "*",
    "unmapped",
    "unassigned",
    "assigned",
];

/// Names of a row that sums up the others, in lower case.
const TOTALS: [&str; 10] = [
    "total",
    "totals",
    "sum",
    "sums",
    "all",
    "total counts",
    "total_counts",
    "total reads",
    "library size",
    "lib.size",
];

/// Whether a row is one of those in which programs count reads that belong to no gene.
pub(crate) fn is_no_gene(id: &str) -> bool {
    id.starts_with("__") || id.starts_with("Unassigned_") || {
        let first = id.as_bytes().first();
        let may_be =
            matches!(first, Some(b'_' | b'*' | b'n' | b'N' | b'a' | b'A' | b't' | b'T' | b'u' | b'U'));
        may_be && NO_GENES.iter().any(|name| id.eq_ignore_ascii_case(name))
    }
}

/// The row that is the sum of all others, where one is called so and is.
pub(super) fn total_row(matrix: &CountMatrix) -> Option<usize> {
    let ids = matrix.genes().ids();
    let is_total = |id: &GeneId| {
        let may_be = matches!(
            id.as_str().as_bytes().first(),
            Some(b't' | b'T' | b's' | b'S' | b'a' | b'A' | b'l' | b'L')
        );
        may_be && TOTALS.iter().any(|total| total.eq_ignore_ascii_case(id.as_str()))
    };
    let row = ids.iter().position(is_total).filter(|_| ids.len() > 2)?;
    let sums = matrix.column_sums();
    let is_sum = |(total, sum): (&f64, &f64)| *total > 0.0 && (sum - 2.0 * total).abs() <= 1e-6 * sum;
    matrix.row(row).iter().zip(&sums).all(is_sum).then_some(row)
}

/// Identifiers that hold two names, taken apart.
pub(super) struct Split {
    pub genes: Arc<GeneIndex>,
    /// The symbol of each gene, where there is one.
    pub symbols: Vec<Option<Arc<str>>>,
    pub notice: String,
}

/// Takes identifiers apart when at least half of them hold two names: `ENSG…|SYMBOL`, `ENSG…_SYMBOL`, `SYMBOL|ENTREZ`,
/// `SYMBOL|ENSG…`, `SYMBOL (ENTREZ)`.
///
/// Nothing is lost: an identifier that would stand twice stays whole.
pub(super) fn split(ids: &[GeneId]) -> Option<Split> {
    let may_be = |id: &&GeneId| id.as_str().bytes().any(|byte| matches!(byte, b'|' | b'_' | b')'));
    if 2 * ids.iter().filter(may_be).count() < ids.len() {
        return None;
    }
    let parts: Vec<Option<(&str, &str)>> = ids.iter().map(|id| in_two(id.as_str())).collect();
    let found = parts.iter().flatten().count();
    if found == 0 || 2 * found < ids.len() {
        return None;
    }
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for (id, parts) in ids.iter().zip(&parts) {
        *uses.entry(parts.map_or(id.as_str(), |(id, _)| id)).or_default() += 1;
    }
    let apart = |id: &GeneId, parts: &Option<(&str, &str)>| match parts {
        Some((short, _)) if uses[short] == 1 => GeneId::from(short),
        _ => id.clone(),
    };
    let new: Vec<GeneId> = ids.iter().zip(&parts).map(|(id, parts)| apart(id, parts)).collect();
    let example = parts.iter().zip(ids).find_map(|(parts, id)| parts.map(|parts| (id, parts)));
    let (whole, (id, symbol)) = example?;
    let notice = format!(
        "identifiers hold two names: of `{whole}`, `{id}` was taken as the identifier and `{symbol}` as the symbol \
         ({found} of {} rows)",
        ids.len()
    );
    let symbols =
        parts.iter().map(|parts| parts.map(|(_, symbol)| symbol).filter(is_symbol).map(Arc::from)).collect();
    Some(Split { genes: GeneIndex::new(new).ok()?, symbols, notice })
}

/// Whether the second name is one: TCGA writes `?` for genes without a symbol.
fn is_symbol(name: &&str) -> bool {
    !matches!(*name, "" | "?" | "NA" | "-" | ".")
}

/// Identifier and symbol of a combined name.
fn in_two(name: &str) -> Option<(&str, &str)> {
    if let Some((first, second)) = name.split_once('|') {
        let alone = !first.is_empty() && !second.is_empty() && !second.contains('|');
        return alone.then(|| by_kind(first, second));
    }
    if let Some((symbol, id)) = name.strip_suffix(')').and_then(|name| name.split_once(" (")) {
        return (IdKind::of(id) != IdKind::Symbol && !symbol.is_empty()).then_some((id, symbol));
    }
    // Symbols hold underscores, too: only Ensembl's identifiers show where they end. `_PAR_Y` is part of them.
    let (first, second) = name.split_once('_')?;
    if IdKind::of(first) == IdKind::Ensembl && !second.is_empty() && second != "PAR_Y" {
        return Some((first, second));
    }
    let (first, second) = name.rsplit_once('_')?;
    (IdKind::of(second) == IdKind::Ensembl && !first.is_empty()).then_some((second, first))
}

/// Which of two names is the identifier: Ensembl's or NCBI's; else the first.
fn by_kind<'a>(first: &'a str, second: &'a str) -> (&'a str, &'a str) {
    let is_id = |name: &str| IdKind::of(name) != IdKind::Symbol;
    if is_id(second) && !is_id(first) { (second, first) } else { (first, second) }
}

/// Months as spreadsheets abbreviate them in English, German and French.
const MONTHS: [&str; 24] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mrz", "mai", "okt",
    "dez", "mär", "sept", "févr", "mars", "avr", "juin", "juil", "déc",
];

/// Tells whether a name is of a kind.
type Rule = fn(&str) -> bool;

/// A warning about names that a spreadsheet changed, where there are any.
pub(super) fn mangled(ids: &[GeneId]) -> Option<String> {
    // few names have what all such names have
    let may_be = |id: &&str| {
        let mut bytes = id.bytes();
        let first = bytes.next().unwrap_or_default();
        first == b'#' || first.is_ascii_digit() || bytes.any(separates_pieces)
    };
    let suspects: Vec<&str> = ids.iter().map(GeneId::as_str).filter(may_be).collect();
    let found = |is: Rule| suspects.iter().copied().filter(move |id| is(id));
    let listed = |is: Rule| found(is).take(3).collect::<Vec<_>>().join(", ");
    let number = |is: Rule| found(is).count();
    let mut parts = Vec::new();
    let kinds: [(Rule, &str); 3] = [
        (is_date, "look like dates that a spreadsheet made of symbols such as MARCHF1, SEPTIN2, DELEC1"),
        (is_power_of_ten, "look like numbers that a spreadsheet made of identifiers such as 2310009E13"),
        (is_error, "are errors of a spreadsheet"),
    ];
    for (is, what) in kinds {
        match number(is) {
            0 => {}
            1 => parts.push(format!("1 name ({}) {what}", listed(is))),
            several => parts.push(format!("{several} names ({}, ...) {what}", listed(is))),
        }
    }
    let hint = "take the table from before the spreadsheet: these genes are lost to gene sets and panels";
    (!parts.is_empty()).then(|| format!("{}; {hint}", parts.join("; ")))
}

/// What to do about a repeated name that a spreadsheet made.
pub(super) fn mangled_hint(id: &str) -> Option<&'static str> {
    (is_date(id) || is_error(id)).then_some(
        "a spreadsheet made dates of symbols (MARCH1 and MARC1 both become 1-Mar): take the table from before it, or write \
         the names of HGNC (MARCHF1, MTARC1, SEPTIN1) in their place",
    )
}

/// Whether a byte stands between the pieces of a date.
const fn separates_pieces(byte: u8) -> bool {
    matches!(byte, b'-' | b'/' | b'.' | b' ')
}

/// `1-Mar`, `Mar-01`, `2. Sep`, `2006-03-01`, `3/1/2006`.
fn is_date(name: &str) -> bool {
    // most names have no second piece: they cost no memory
    if !name.bytes().any(separates_pieces) {
        return false;
    }
    let pieces: Vec<&str> = name.split(['-', '/', '.', ' ']).filter(|piece| !piece.is_empty()).collect();
    let is_month = |piece: &str| MONTHS.contains(&piece.to_lowercase().as_str());
    let is_number = |piece: &str, length: std::ops::RangeInclusive<usize>| {
        length.contains(&piece.len()) && piece.bytes().all(|byte| byte.is_ascii_digit())
    };
    match pieces.as_slice() {
        [a, b] => (is_month(a) && is_number(b, 1..=4)) || (is_month(b) && is_number(a, 1..=2)),
        [a, b, c] if is_month(b) => is_number(a, 1..=2) && is_number(c, 2..=4),
        [a, b, c] => {
            let of_numbers = is_number(b, 1..=2);
            of_numbers
                && ((is_number(a, 4..=4) && is_number(c, 1..=2))
                    || (is_number(a, 1..=2) && is_number(c, 4..=4)))
        }
        _ => false,
    }
}

/// `2.31E+13`.
fn is_power_of_ten(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
        && name.split_once(['E', 'e']).is_some_and(|(_, power)| power.starts_with(['+', '-']))
        && name.parse::<f64>().is_ok()
}

/// `#N/A`, `#REF!`.
fn is_error(name: &str) -> bool {
    matches!(name, "#N/A" | "#NAME?" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NUM!" | "#NULL!")
}

#[cfg(test)]
mod tests {
    use alkaline_core::SampleIndex;

    use super::*;

    fn ids(names: &[&str]) -> Vec<GeneId> {
        names.iter().map(GeneId::from).collect()
    }

    #[test]
    fn rows_of_reads_without_a_gene_are_known() {
        for name in
            ["__no_feature", "__alignment_not_unique", "too_low_aQual", "N_noFeature", "*", "_lowaqual"]
        {
            assert!(is_no_gene(name), "{name}");
        }
        for name in ["NOTCH1", "ambra1", "AMBP", "N4BP1", "_x"] {
            assert!(!is_no_gene(name), "{name}");
        }
    }

    #[test]
    fn combined_names_are_identifier_and_symbol() {
        let of = |names: &[&str]| {
            let split = split(&ids(names)).unwrap();
            let symbols = split.symbols.iter().map(|symbol| symbol.as_deref().unwrap_or("none"));
            split
                .genes
                .ids()
                .iter()
                .zip(symbols)
                .map(|(id, symbol)| format!("{id} {symbol}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            of(&["ENSG00000116774|OLFML3", "ENSG00000213279|Z97192.2", "MSTRG.7"]),
            ["ENSG00000116774 OLFML3", "ENSG00000213279 Z97192.2", "MSTRG.7 none"]
        );
        assert_eq!(of(&["A1BG|1", "?|100130426", "A2M|2"]), ["1 A1BG", "100130426 none", "2 A2M"]);
        assert_eq!(of(&["A1BG|ENSG00000121410.5"]), ["ENSG00000121410.5 A1BG"]);
        assert_eq!(
            of(&["ENSG00000121410.5_A1BG", "ENSG00000182378.14_PAR_Y", "ENSMUSG00000000001_Gnai3"]),
            ["ENSG00000121410.5 A1BG", "ENSG00000182378.14_PAR_Y none", "ENSMUSG00000000001 Gnai3"]
        );
        assert_eq!(of(&["TSPAN6 (7105)", "TNMD (64102)"]), ["7105 TSPAN6", "64102 TNMD"]);
    }

    #[test]
    fn a_combined_name_that_would_stand_twice_stays_whole() {
        let split = split(&ids(&["MSTRG.1|A", "MSTRG.1|B", "MSTRG.2|C"])).unwrap();
        assert_eq!(split.genes.ids(), ids(&["MSTRG.1|A", "MSTRG.1|B", "MSTRG.2"]));
        assert_eq!(split.symbols[1].as_deref(), Some("B"));
    }

    #[test]
    fn ordinary_names_stay_whole() {
        for names in [&["HLA-DRB1_2", "x_y"][..], &["TP53", "MYC", "A|B"], &["ENSG00000182378.14_PAR_Y"]] {
            assert!(split(&ids(names)).is_none(), "{names:?}");
        }
    }

    #[test]
    fn names_that_spreadsheets_made_are_recognised() {
        for name in ["1-Mar", "2-Sep", "Mar-01", "Sep-2002", "1. Mrz", "2006-03-01", "3/1/2006", "01-Dec-06"]
        {
            assert!(is_date(name), "{name}");
        }
        for name in ["MARCHF1", "SEPT2", "HLA-A", "RP11-34P13.7", "1-2", "AC004.5", "7SK", "DEC1", "Mar"] {
            assert!(!is_date(name), "{name}");
        }
        let notice = mangled(&ids(&["1-Mar", "2-Sep", "2.31E+13", "TP53", "#N/A", "2310009E13"])).unwrap();
        for part in
            ["2 names (1-Mar, 2-Sep, ...) look like dates", "1 name (2.31E+13)", "1 name (#N/A) are errors"]
        {
            assert!(notice.contains(part), "{part} not in {notice}");
        }
    }

    #[test]
    fn a_row_of_sums_is_told_from_a_gene_of_that_name() {
        let matrix = |total: f64| {
            let genes = GeneIndex::new(ids(&["a", "b", "Total"])).unwrap();
            let samples = SampleIndex::new(vec!["x".into(), "y".into()]).unwrap();
            CountMatrix::new(genes, samples, vec![1.0, 2.0, 3.0, 4.0, 4.0, total]).unwrap()
        };
        assert_eq!((total_row(&matrix(6.0)), total_row(&matrix(7.0))), (Some(2), None));
    }
}
