//! Reads a count table, whoever wrote it: featureCounts, alkaline, R, a spreadsheet, NCBI.

use std::path::Path;
use std::sync::Arc;

use alkaline_core::annotation::{GeneLabel, GeneLocus};
use alkaline_core::results::{CountTable, GeneFacts};
use alkaline_core::{CountMatrix, GeneId, GeneIndexBuilder, PerGene, SampleId, SampleIndex};

use super::LOCUS_COLUMNS;
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError, nearest};

/// Column names that describe a gene rather than count it, in lower case.
const LABEL_COLUMNS: [&str; 9] = [
    "gene_name",
    "symbol",
    "gene_symbol",
    "genename",
    "gene_biotype",
    "gene_type",
    "biotype",
    "description",
    "length",
];

/// Problems collected before reading stops: more would be the same mistake again.
const MAX_PROBLEMS: usize = 200;

/// How a count table is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountTableOptions {
    /// The samples wanted, in this order; `None` takes every count column.
    pub samples: Option<Vec<SampleId>>,
    /// Whether fractional counts (RSEM, salmon, shared multi-mappers) are welcome.
    pub allow_fractional: bool,
}

/// Reads the count table at `path`.
///
/// # Errors
/// [`ReadError`], listing every value that is not a count, every repeated gene and every missing sample at once.
pub fn read(path: &Path, options: &CountTableOptions) -> Result<CountTable, ReadError> {
    let mut table = Delimited::open(path)?;
    let layout = Layout::of(&table, options)?;
    let mut columns = Columns::default();
    let mut problems = Vec::new();
    let mut row = Record::default();
    while let Some(line) = table.next_row(&mut row)? {
        if row.len() == 1 && row[0].trim().is_empty() {
            continue;
        }
        if row.len() == table.header.len() {
            columns.take(&row, line, &layout, options, &mut problems);
        } else {
            let message = format!("{} fields, but the header has {}", row.len(), table.header.len());
            problems.push(Problem::at_line(line, message));
        }
        if problems.len() >= MAX_PROBLEMS {
            break;
        }
    }
    if columns.genes.is_empty() && problems.is_empty() {
        problems.push(Problem::of_file("the table has a header but no genes"));
    }
    FileProblems::check(path, problems)?;
    columns.into_table(path, &layout)
}

/// Which column holds what.
struct Layout {
    /// Sample name and column of every count column wanted.
    samples: Vec<(SampleId, usize)>,
    /// Whether columns 1 to 5 are featureCounts' locus columns.
    has_loci: bool,
    name: Option<usize>,
    biotype: Option<usize>,
    length: Option<usize>,
}

impl Layout {
    fn of(table: &Delimited, options: &CountTableOptions) -> Result<Self, ReadError> {
        let has_loci = table.header.len() >= LOCUS_COLUMNS.len()
            && table.header.iter().zip(LOCUS_COLUMNS).skip(1).all(|(found, known)| found == known);
        let first_sample = if has_loci { LOCUS_COLUMNS.len() } else { 1 };
        let available: Vec<usize> = (first_sample..table.header.len())
            .filter(|&column| !LABEL_COLUMNS.contains(&table.header[column].to_lowercase().as_str()))
            .collect();
        let find = |names: &[&str]| {
            (first_sample..table.header.len())
                .find(|&column| names.contains(&table.header[column].to_lowercase().as_str()))
        };
        Ok(Self {
            samples: choose_samples(table, &available, options)?,
            has_loci,
            name: find(&["gene_name", "symbol", "gene_symbol", "genename"]),
            biotype: find(&["gene_biotype", "gene_type", "biotype"]),
            length: if has_loci { None } else { find(&["length"]) },
        })
    }
}

/// The wanted samples' columns, or all count columns.
fn choose_samples(
    table: &Delimited,
    available: &[usize],
    options: &CountTableOptions,
) -> Result<Vec<(SampleId, usize)>, ReadError> {
    let mut problems = Vec::new();
    let names: Vec<&str> = available.iter().map(|&column| table.header[column].as_str()).collect();
    let mut seen = std::collections::HashSet::new();
    for name in &names {
        if !seen.insert(*name) {
            let message = format!("two columns are called `{name}`");
            problems.push(
                Problem::at_line(table.header_line, message).hint("give every sample a name of its own"),
            );
        }
    }
    let chosen = match &options.samples {
        None => available.iter().map(|&column| (SampleId::from(&table.header[column]), column)).collect(),
        Some(wanted) => wanted
            .iter()
            .filter_map(|sample| match names.iter().position(|name| *name == sample.as_str()) {
                Some(place) => Some((sample.clone(), available[place])),
                None => {
                    let free: Vec<&str> =
                        names.iter().copied().filter(|name| is_free(name, wanted)).collect();
                    problems.push(missing_sample(table.header_line, sample, &free, &names));
                    None
                }
            })
            .collect(),
    };
    if problems.is_empty() && available.is_empty() {
        problems.push(Problem::at_line(table.header_line, "no count columns after the gene identifiers"));
    }
    FileProblems::check(&table.path, problems)?;
    Ok(chosen)
}

/// Whether a column is that of no sample that is wanted.
fn is_free(name: &str, wanted: &[SampleId]) -> bool {
    wanted.iter().all(|sample| sample.as_str() != name)
}

/// The count columns of the table at `path` that are none of the `wanted` samples.
///
/// # Errors
/// [`ReadError`] when the table cannot be opened.
pub fn other_columns(path: &Path, wanted: &[SampleId]) -> Result<Vec<String>, ReadError> {
    let table = Delimited::open(path)?;
    let layout = Layout::of(&table, &CountTableOptions::default())?;
    let names = layout.samples.into_iter().map(|(name, _)| name.to_string());
    Ok(names.filter(|name| is_free(name, wanted)).collect())
}

/// The message for a sample of the sheet that has no column, with the nearest of the columns that no other sample has.
fn missing_sample(line: u64, sample: &SampleId, free: &[&str], names: &[&str]) -> Problem {
    let hint = match nearest(sample.as_str(), free.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the table's columns are: {}", names.join(", ")),
    };
    Problem::at_line(line, format!("no column for sample `{sample}` of the sample sheet")).hint(hint)
}

/// What has been read so far.
#[derive(Default)]
struct Columns {
    genes: GeneIndexBuilder,
    /// The line of each gene.
    lines: Vec<u64>,
    counts: Vec<f64>,
    loci: Vec<GeneLocus>,
    labels: Vec<GeneLabel>,
}

impl Columns {
    /// Takes one row, or says what is wrong with it.
    fn take(
        &mut self,
        row: &Record,
        line: u64,
        layout: &Layout,
        options: &CountTableOptions,
        problems: &mut Vec<Problem>,
    ) {
        let gene = GeneId::from(row[0].trim());
        if gene.as_str().is_empty() {
            problems.push(Problem::at_line(line, "the gene identifier is empty"));
            return;
        }
        if let Err(first) = self.genes.push(gene.clone()) {
            let message = format!("gene `{gene}` stands in line {} already", self.lines[first]);
            problems.push(Problem::at_line(line, message).hint(
                "identifiers must be unique: use Ensembl or Entrez ids as the first column, symbols as `gene_name`",
            ));
            return;
        }
        self.lines.push(line);
        for (sample, column) in &layout.samples {
            match parse_count(&row[*column], options.allow_fractional) {
                Ok(count) => self.counts.push(count),
                Err(problem) => problems.push(Problem {
                    line: Some(line),
                    column: Some(sample.to_string()),
                    message: format!("gene `{gene}`: {}", problem.message),
                    hint: problem.hint,
                }),
            }
        }
        self.take_facts(row, line, layout, problems);
    }

    /// Takes place, length and labels of a row, where the table has them.
    fn take_facts(&mut self, row: &Record, line: u64, layout: &Layout, problems: &mut Vec<Problem>) {
        let text = |column: usize| row[column].to_owned();
        let mut length = |column: usize| {
            row[column].trim().parse().unwrap_or_else(|_| {
                let message = format!("`{}` is not a length in bases", &row[column]);
                problems.push(Problem::at_line(line, message).in_column("Length"));
                0
            })
        };
        if layout.has_loci {
            let length = length(5);
            self.loci.push(GeneLocus { chr: text(1), start: text(2), end: text(3), strand: text(4), length });
        } else if let Some(column) = layout.length {
            let length = length(column);
            self.loci.push(GeneLocus { length, ..GeneLocus::default() });
        }
        let label = |column: Option<usize>| {
            column.map(|column| &row[column]).filter(|label| !matches!(*label, "" | "NA" | "-"))
        };
        if layout.name.is_some() || layout.biotype.is_some() {
            self.labels.push(GeneLabel {
                name: label(layout.name).map(Arc::from),
                biotype: label(layout.biotype).map(str::to_owned),
            });
        }
    }

    /// Ties everything together.
    fn into_table(self, path: &Path, layout: &Layout) -> Result<CountTable, ReadError> {
        let internal = |error: alkaline_core::IndexError| {
            ReadError::from(FileProblems::one(path, Problem::of_file(error.to_string())))
        };
        let genes = self.genes.build();
        let samples = layout.samples.iter().map(|(sample, _)| sample.clone()).collect();
        let samples = SampleIndex::new(samples).map_err(internal)?;
        let facts = GeneFacts {
            loci: PerGene::new(genes.clone(), self.loci).ok(),
            labels: PerGene::new(genes.clone(), self.labels).ok(),
        };
        let matrix = CountMatrix::new(genes, samples, self.counts).map_err(internal)?;
        Ok(CountTable { matrix, facts })
    }
}

/// The count in a field.
fn parse_count(text: &str, allow_fractional: bool) -> Result<f64, Problem> {
    if let Some(count) = whole_count(text) {
        return Ok(count);
    }
    let text = text.trim();
    let refused = |message: String| Err(Problem::of_file(message));
    match text.parse::<f64>() {
        _ if matches!(text, "" | "NA" | "NaN" | "nan" | "null") => {
            refused(format!("the count is missing (`{text}`)")).map_err(|problem: Problem| {
                problem.hint("write 0 where no read was counted, or leave the gene out")
            })
        }
        Ok(count) if !count.is_finite() => refused(format!("`{text}` is not a finite count")),
        Ok(count) if count < 0.0 => refused(format!("the count is negative (`{text}`)")).map_err(|problem: Problem| {
            problem.hint("raw counts are wanted, not log ratios or batch-corrected values")
        }),
        Ok(count) if count.fract() != 0.0 && !allow_fractional => {
            refused(format!("the count is fractional (`{text}`)")).map_err(|problem: Problem| {
                problem.hint(
                    "raw counts are wanted, not FPKM, TPM or CPM; expected counts of RSEM or salmon: --allow-fractional",
                )
            })
        }
        Ok(count) => Ok(count),
        Err(_) => refused(format!("`{text}` is not a number")),
    }
}

/// The count in a field of digits only, as nearly all are.
#[inline]
fn whole_count(text: &str) -> Option<f64> {
    /// Numbers of so many digits are exact as `f64`.
    const EXACT_DIGITS: usize = 15;
    if !(1..=EXACT_DIGITS).contains(&text.len()) {
        return None;
    }
    let digit = |byte: u8| Some(u64::from(byte.wrapping_sub(b'0'))).filter(|digit| *digit < 10);
    text.bytes().try_fold(0, |number, byte| Some(number * 10 + digit(byte)?)).map(|number| number as f64)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read_text(text: &str, options: &CountTableOptions) -> Result<CountTable, ReadError> {
        let mut file = tempfile::Builder::new().suffix(".tsv").tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read(file.path(), options)
    }

    #[test]
    fn featurecounts_layout_gives_lengths_and_counts() {
        let text = "# Program:featureCounts v2.0.3\nGeneid\tChr\tStart\tEnd\tStrand\tLength\ta.bam\tb.bam\n\
                    g1\tchr1;chr1\t1;50\t10;60\t+;+\t21\t3\t4\n";
        let table = read_text(text, &CountTableOptions::default()).unwrap();
        assert_eq!(table.matrix.as_slice(), [3.0, 4.0]);
        assert_eq!(table.facts.lengths().unwrap().values(), [21]);
    }

    #[test]
    fn every_value_that_is_no_count_is_reported_at_once() {
        let text = "gene,a,b\ng1,1,-2\ng2,0.5,NA\ng3,x,7\n";
        let message = read_text(text, &CountTableOptions::default()).unwrap_err().to_string();
        for part in [
            "line 2, column `b`: gene `g1`: the count is negative (`-2`)",
            "line 3, column `a`: gene `g2`: the count is fractional (`0.5`)",
            "line 3, column `b`: gene `g2`: the count is missing (`NA`)",
            "line 4, column `a`: gene `g3`: `x` is not a number",
        ] {
            assert!(message.contains(part), "{part} not in {message}");
        }
    }

    #[test]
    fn fractional_counts_are_read_when_welcome() {
        let options = CountTableOptions { allow_fractional: true, ..CountTableOptions::default() };
        assert_eq!(read_text("gene,a\ng1,0.5\n", &options).unwrap().matrix.as_slice(), [0.5]);
    }

    #[test]
    fn samples_are_found_by_name_and_near_misses_are_suggested() {
        let wanted = |names: &[&str]| CountTableOptions {
            samples: Some(names.iter().map(|name| (*name).into()).collect()),
            allow_fractional: false,
        };
        let text = "gene\tgene_name\tH3122\tH3122CR\ng1\tCCL20\t1\t2\n";
        let table = read_text(text, &wanted(&["H3122CR", "H3122"])).unwrap();
        assert_eq!(table.matrix.as_slice(), [2.0, 1.0]);
        assert_eq!(table.facts.labels.unwrap()[0].name.as_deref(), Some("CCL20"));
        let message = read_text(text, &wanted(&["H3122RC"])).unwrap_err().to_string();
        assert!(message.contains("did you mean `H3122CR`?"), "{message}");
        // a column that is another sample's is not meant
        let message = read_text(text, &wanted(&["H3122CR", "H3122RC"])).unwrap_err().to_string();
        assert!(message.contains("the table's columns are: H3122, H3122CR"), "{message}");
    }

    #[test]
    fn repeated_genes_are_refused_with_both_lines() {
        let message =
            read_text("gene,a\ng1,1\ng1,2\n", &CountTableOptions::default()).unwrap_err().to_string();
        assert!(message.contains("line 3: gene `g1` stands in line 2 already"), "{message}");
    }
}
