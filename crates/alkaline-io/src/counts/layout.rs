//! Which column of a count table holds what: told by names, by the sample sheet, and by what the first rows hold.

use std::collections::HashSet;

use alkaline_core::SampleId;

use super::options::CountTableOptions;
use super::sample_columns::{Matched, column_of};
use crate::column_names::{
    describes_genes, is_biotype, is_entrez, is_identifier, is_row_number, is_symbol, length_column, plain,
};
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError, nearest};

/// Rows that must be numbered without a gap before the numbers are taken for row numbers whatever the column is called.
pub(super) const CERTAIN_ROW_NUMBERS: usize = 10;

/// Genes whose NCBI numbers are low, to tell a sorted column of them from row numbers.
const LOW_ENTREZ: [(u64, &str); 14] = [
    (2, "A2M"),
    (9, "NAT1"),
    (10, "NAT2"),
    (12, "SERPINA3"),
    (13, "AADAC"),
    (14, "AAMP"),
    (15, "AANAT"),
    (16, "AARS1"),
    (18, "ABAT"),
    (19, "ABCA1"),
    (20, "ABCA2"),
    (22, "ABCB7"),
    (23, "ABCF1"),
    (25, "ABL1"),
];

/// Which column holds what.
pub(super) struct Layout {
    /// The identifiers.
    pub id: usize,
    /// Sample name and column of every count column wanted.
    pub samples: Vec<(SampleId, usize)>,
    /// Chromosome, start, end and strand, where all of them are told.
    pub loci: Option<[usize; 4]>,
    /// Symbols.
    pub name: Option<usize>,
    /// Biotypes.
    pub biotype: Option<usize>,
    /// Exonic lengths.
    pub length: Option<usize>,
    /// Columns of counts that are no samples of the sheet.
    pub left_out: Vec<String>,
    /// What was decided.
    pub notices: Vec<String>,
    /// Fields that a row must have; those behind them describe genes and may be missing.
    pub least: usize,
}

impl Layout {
    pub fn of(table: &mut Delimited, options: &CountTableOptions) -> Result<Self, ReadError> {
        refuse_geo_files(table)?;
        let mut notices = Vec::new();
        let has_header = !name_columns_without_header(table, options, &mut notices);
        let wanted = options.samples.as_deref();
        let (id, row_numbers) = identifier_column(table, wanted, &mut notices);
        let is_wanted = |name: &str| wanted.is_some_and(|wanted| wanted.iter().any(|id| id.as_str() == name));
        let find = |is: &dyn Fn(&str) -> bool| {
            let mut columns = table.header.iter().enumerate();
            let found = columns.find(|(column, name)| *column != id && is(name) && !is_wanted(name));
            found.map(|(column, _)| column)
        };
        let named = |wanted: &str| find(&|name| plain(name) == wanted);
        let loci = [named("chr"), named("start"), named("end"), named("strand")];
        let loci = if let [Some(chr), Some(start), Some(end), Some(strand)] = loci {
            Some([chr, start, end, strand])
        } else {
            None
        };
        let metadata = 1..=table.row_metadata;
        let description = (table.row_metadata == 1 && holds_symbols(table, 1)).then_some(1);
        let mut layout = Self {
            id,
            samples: Vec::new(),
            loci,
            name: find(&is_symbol).or(description),
            biotype: find(&is_biotype),
            length: length_column(&table.header)
                .filter(|&column| column != id && !is_wanted(&table.header[column])),
            left_out: Vec::new(),
            notices,
            least: table.header.len(),
        };
        let text: Vec<bool> = (0..table.header.len()).map(|column| holds_text(table, column)).collect();
        let is_annotation = |column: usize| {
            let name = &table.header[column];
            !is_wanted(name)
                && (Some(column) == row_numbers
                    || metadata.contains(&column)
                    || describes_genes(name)
                    || text[column]
                    || name.is_empty())
        };
        let (annotation, available): (Vec<usize>, Vec<usize>) =
            (0..table.header.len()).filter(|&column| column != id).partition(|&column| is_annotation(column));
        if let Some(wanted) = wanted.filter(|_| !has_header) {
            refuse_without_names(table, wanted, &available)?;
        }
        layout.choose_samples(table, &available, &text, options)?;
        layout.tell_annotation(table, &annotation, options);
        // An empty name or description at the end of a row is often left out with its separator.
        while layout.least > 1 && annotation.contains(&(layout.least - 1)) && text[layout.least - 1] {
            layout.least -= 1;
        }
        Ok(layout)
    }

    /// The wanted samples' columns, or all count columns.
    fn choose_samples(
        &mut self,
        table: &Delimited,
        available: &[usize],
        text: &[bool],
        options: &CountTableOptions,
    ) -> Result<(), ReadError> {
        let names: Vec<&str> = available.iter().map(|&column| table.header[column].as_str()).collect();
        let mut problems = Vec::new();
        let is_used = |name: &str| options.samples.as_ref().is_none_or(|wanted| !is_free(name, wanted));
        let mut seen = HashSet::new();
        for name in &names {
            if !seen.insert(*name) && is_used(name) {
                let message = format!("two columns are called `{name}`");
                problems.push(
                    Problem::at_line(table.header_line, message).hint("give every sample a name of its own"),
                );
            }
        }
        match &options.samples {
            None => {
                self.samples =
                    available.iter().map(|&column| (SampleId::from(&table.header[column]), column)).collect();
            }
            Some(wanted) => problems.extend(self.find_samples(table, available, &names, wanted)),
        }
        if problems.is_empty() && available.is_empty() {
            problems.push(no_count_columns(table, text));
        }
        FileProblems::check(&table.path, problems)?;
        Ok(())
    }

    /// Finds the column of every wanted sample; gives a problem for each that has none.
    fn find_samples(
        &mut self,
        table: &Delimited,
        available: &[usize],
        names: &[&str],
        wanted: &[SampleId],
    ) -> Vec<Problem> {
        let mut missing = Vec::new();
        let mut renamed = Vec::new();
        for sample in wanted {
            match column_of(sample.as_str(), names, wanted) {
                Some((place, matched)) => {
                    self.samples.push((sample.clone(), available[place]));
                    if matched != Matched::Exactly {
                        renamed.push(format!("`{sample}` is `{}`", names[place]));
                    }
                }
                None => missing.push(sample),
            }
        }
        if !renamed.is_empty() {
            let more =
                if renamed.len() > 3 { format!(", and {} more", renamed.len() - 3) } else { String::new() };
            let named = renamed[..renamed.len().min(3)].join(", ");
            self.notices.push(format!("samples of the sheet were found under other names: {named}{more}"));
        }
        let used: Vec<usize> = self.samples.iter().map(|(_, column)| *column).collect();
        let free = available.iter().filter(|column| !used.contains(column));
        self.left_out = free.map(|&column| table.header[column].clone()).collect();
        if missing.len() == wanted.len() && samples_are_rows(table, wanted) {
            return vec![samples_in_rows(table)];
        }
        let free: Vec<&str> = self.left_out.iter().map(String::as_str).collect();
        missing.into_iter().map(|sample| missing_sample(table, sample, &free, names)).collect()
    }

    /// Says which columns were taken for descriptions of genes, where no sheet says which are samples.
    fn tell_annotation(&mut self, table: &Delimited, annotation: &[usize], options: &CountTableOptions) {
        if options.samples.is_some() {
            return;
        }
        let used = [self.name, self.biotype, self.length];
        let is_used = |column: &&usize| {
            used.contains(&Some(**column)) || self.loci.is_some_and(|loci| loci.contains(column))
        };
        let others: Vec<String> = annotation
            .iter()
            .filter(|column| !is_used(column) && !table.header[**column].is_empty())
            .map(|&column| format!("`{}`", table.header[column]))
            .collect();
        if !others.is_empty() {
            self.notices.push(format!(
                "{} not taken for a sample; --samples names the samples",
                match others.as_slice() {
                    [one] => format!("the column {one} was"),
                    several => format!("the columns {} were", several.join(", ")),
                }
            ));
        }
        if let Some(length) = self.length.filter(|_| self.loci.is_none())
            && plain(&table.header[length]) != "length"
        {
            self.notices.push(format!("the column `{}` was read as lengths", table.header[length]));
        }
    }
}

/// Whether a column is that of no sample that is wanted.
fn is_free(name: &str, wanted: &[SampleId]) -> bool {
    wanted.iter().all(|sample| sample.as_str() != name)
}

/// The fields of the first rows in one column.
fn values(table: &Delimited, column: usize) -> impl Iterator<Item = &str> {
    table.first_rows().iter().filter_map(move |row| row.get(column)).map(str::trim)
}

/// Whether most of what a column holds is no number; or it holds nothing at all.
fn holds_text(table: &Delimited, column: usize) -> bool {
    let (mut filled, mut text) = (0_usize, 0_usize);
    for value in values(table, column).filter(|value| !value.is_empty()) {
        filled += 1;
        // `NA` is what a missing count looks like, which shall be told of
        text += usize::from(!looks_like_number(value));
    }
    (filled == 0 && !table.first_rows().is_empty()) || 2 * text > filled
}

/// Whether a value is a number, or means to be one.
pub(super) fn looks_like_number(value: &str) -> bool {
    let digits = value.replace([',', '\u{a0}', ' '], "");
    matches!(value, "NA" | "NaN" | "nan" | "null" | "Inf" | "-Inf" | "-") || digits.parse::<f64>().is_ok()
}

/// Whether a column of descriptions holds symbols: one word each, which not all share.
fn holds_symbols(table: &Delimited, column: usize) -> bool {
    let found: Vec<&str> = values(table, column).collect();
    found.iter().all(|value| !value.is_empty() && !value.contains(' ') && !value.eq_ignore_ascii_case("na"))
        && found.iter().any(|value| *value != found[0])
}

/// Gives the columns names where the first line is a row of counts, as HTSeq and STAR write them.
fn name_columns_without_header(
    table: &mut Delimited,
    options: &CountTableOptions,
    notices: &mut Vec<String>,
) -> bool {
    let names = &table.header;
    let has_wanted =
        options.samples.as_ref().is_some_and(|wanted| names.iter().any(|name| !is_free(name, wanted)));
    let numbers = names.len() > 1 && names[1..].iter().all(|name| name.parse::<f64>().is_ok());
    if has_wanted || !numbers || is_row_number(&names[0]) || is_identifier(&names[0]) {
        return false;
    }
    let is_star = names.len() == 4 && names[0] == "N_unmapped";
    let new: Vec<String> = if is_star {
        ["gene", "unstranded", "forward", "reverse"].map(str::to_owned).to_vec()
    } else {
        std::iter::once("gene".to_owned())
            .chain((2..=names.len()).map(|number| format!("V{number}")))
            .collect()
    };
    let what = if is_star {
        "this is STAR's table of one sample, a column for each strandedness"
    } else {
        "it has no header line"
    };
    notices.push(format!("{what}: its columns are called {}", new[1..].join(", ")));
    table.header_is_a_row(new);
    true
}

/// Refuses the files of the Gene Expression Omnibus that describe a series: for RNA-seq they hold no counts.
fn refuse_geo_files(table: &Delimited) -> Result<(), ReadError> {
    let first = table.header[0].as_str();
    let what = if first.starts_with("!Series_") || first.starts_with("!Sample_") {
        "a series matrix"
    } else if ["^DATABASE", "^SERIES", "^SAMPLE", "^PLATFORM", "^Annotation"]
        .iter()
        .any(|start| first.starts_with(start))
    {
        "a SOFT file"
    } else {
        return Ok(());
    };
    let message = format!("this is {what} of the Gene Expression Omnibus, not a table of counts");
    let hint = "take the supplementary file of the series that holds counts, or NCBI's raw counts (..._raw_counts_...tsv.gz)";
    Err(FileProblems::one(&table.path, Problem::of_file(message).hint(hint)).into())
}

/// Refuses a table without a header when samples are asked for by names that it cannot have.
fn refuse_without_names(
    table: &Delimited,
    wanted: &[SampleId],
    available: &[usize],
) -> Result<(), ReadError> {
    if wanted.iter().all(|sample| available.iter().any(|&column| table.header[column] == sample.as_str())) {
        return Ok(());
    }
    let first: Vec<&str> = table.first_rows().first().into_iter().flat_map(Record::iter).take(4).collect();
    let message = format!("the table has no header: its first line is a gene (`{} ...`)", first.join(" "));
    let names: Vec<&str> = wanted.iter().take(3).map(SampleId::as_str).collect();
    let hint = format!(
        "write a first line with the names of the columns: gene, {}, ...; or call the samples of the sheet V2 to V{}, as the \
         columns stand",
        names.join(", "),
        table.header.len()
    );
    Err(FileProblems::one(&table.path, Problem::at_line(table.header_line, message).hint(hint)).into())
}

/// The column of identifiers: the first, unless it is a sample, or holds row numbers or places beside real identifiers; and the
/// column of row numbers, where there is one.
fn identifier_column(
    table: &Delimited,
    wanted: Option<&[SampleId]>,
    notices: &mut Vec<String>,
) -> (usize, Option<usize>) {
    let first = table.header[0].as_str();
    let is_sample = |name: &str| wanted.is_some_and(|wanted| !is_free(name, wanted));
    let numbers: Option<Vec<u64>> = values(table, 0).map(|value| value.parse().ok()).collect();
    let numbers = numbers.unwrap_or_default();
    let why = if is_sample(first) {
        format!("the first column is the sample `{first}`")
    } else if are_row_numbers(first, &numbers) {
        "the first column holds row numbers".to_owned()
    } else if !numbers.is_empty() && !names_genes(first) && !is_row_number(first) {
        format!("the first column, `{first}`, holds numbers")
    } else if describes_genes(first) && !is_identifier(first) && !is_symbol(first) && !is_entrez(first) {
        format!("the first column, `{first}`, holds no identifiers")
    } else {
        return (0, None);
    };
    match other_identifiers(table, wanted) {
        Some(column) if !is_sorted_entrez(table, column, &numbers) => {
            notices.push(format!(
                "{why}; the identifiers were taken from the column `{}`",
                table.header[column]
            ));
            (column, are_row_numbers(first, &numbers).then_some(0))
        }
        _ => (0, None),
    }
}

/// Whether a name has to do with genes: a column of numbers that is called so holds NCBI's.
fn names_genes(name: &str) -> bool {
    let plain = plain(name);
    is_identifier(name) || ["gene", "entrez", "ncbi", "id"].iter().any(|word| plain.contains(word))
}

/// Whether numbers that rise are row numbers: by the name of their column, or because none is missing.
fn are_row_numbers(name: &str, numbers: &[u64]) -> bool {
    let rising = numbers.len() > 1 && numbers.windows(2).all(|pair| pair[0] < pair[1]);
    let gapless =
        numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]) && numbers.first().is_some_and(|n| *n <= 1);
    rising && ((is_row_number(name) && !is_entrez(name)) || (gapless && numbers.len() >= CERTAIN_ROW_NUMBERS))
}

/// Another column that can hold identifiers: one that is called so, else one of distinct words.
fn other_identifiers(table: &Delimited, wanted: Option<&[SampleId]>) -> Option<usize> {
    let free = |column: &usize| wanted.is_none_or(|wanted| is_free(&table.header[*column], wanted));
    let distinct_words = |column: &usize| {
        let mut found: Vec<&str> = values(table, *column).collect();
        let words =
            found.iter().all(|value| !value.is_empty() && !value.contains(' ') && !looks_like_number(value));
        let total = found.len();
        found.sort_unstable();
        found.dedup();
        words && total > 0 && found.len() == total
    };
    let columns = || (1..table.header.len()).filter(free);
    let called_so = columns().filter(|column| is_identifier(&table.header[*column]));
    called_so.filter(distinct_words).chain(columns().filter(distinct_words)).next()
}

/// Whether rising numbers are NCBI's after all: the symbols beside some of them are those of the genes with these numbers.
fn is_sorted_entrez(table: &Delimited, symbols: usize, numbers: &[u64]) -> bool {
    let pairs = numbers.iter().zip(values(table, symbols));
    pairs.filter(|(number, symbol)| LOW_ENTREZ.contains(&(**number, symbol))).count() > 1
}

/// Whether the samples of the sheet are the names of rows.
fn samples_are_rows(table: &Delimited, wanted: &[SampleId]) -> bool {
    /// Columns among which the names of rows are looked for.
    const NAMING_COLUMNS: usize = 8;
    let is_sample =
        |row: &&Record| row.iter().take(NAMING_COLUMNS).any(|field| !is_free(field.trim(), wanted));
    let found = table.first_rows().iter().filter(is_sample).count();
    found > 1 && 2 * found >= table.first_rows().len().min(wanted.len())
}

/// The problem of a table on its side.
fn samples_in_rows(table: &Delimited) -> Problem {
    let message = "the samples stand in rows, not in columns";
    Problem::at_line(table.header_line, message).hint("--transpose reads such a table")
}

/// The problem of a table without counts.
fn no_count_columns(table: &Delimited, text: &[bool]) -> Problem {
    let problem = |message: String| Problem::at_line(table.header_line, message);
    if table.header.len() == 1 {
        let hint = "separate the columns by tabs or commas, the same number in every line";
        return problem("the header is one field: no tab, comma or semicolon separates columns".to_owned())
            .hint(hint);
    }
    let columns = table.header.join(", ");
    let without = match text.iter().all(|text| *text) {
        true => "none of the columns holds numbers",
        false => "no count columns beside the gene identifiers",
    };
    problem(format!("{without}; the columns are: {columns}"))
}

/// The message for a sample of the sheet that has no column, with the nearest of the columns that no other sample has.
fn missing_sample(table: &Delimited, sample: &SampleId, free: &[&str], names: &[&str]) -> Problem {
    /// Columns that are listed.
    const LISTED: usize = 20;
    let hint = match nearest(sample.as_str(), free.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if names.len() > LISTED => {
            format!("the table's columns are: {}, ... ({} in all)", names[..LISTED].join(", "), names.len())
        }
        None => format!("the table's columns are: {}", names.join(", ")),
    };
    Problem::at_line(table.header_line, format!("no column for sample `{sample}` of the sample sheet"))
        .hint(hint)
}
