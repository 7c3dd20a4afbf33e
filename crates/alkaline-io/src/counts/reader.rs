//! Reads a count table, whoever wrote it: featureCounts, alkaline, R, a spreadsheet, HTSeq, STAR, NCBI, the Broad Institute.

use std::path::Path;
use std::sync::Arc;

use alkaline_core::annotation::{GeneLabel, GeneLocus};
use alkaline_core::results::{CountTable, GeneFacts};
use alkaline_core::words::count;
use alkaline_core::{CountMatrix, GeneId, GeneIndexBuilder, PerGene, SampleIndex};

use super::gene_names::{self, is_no_gene, mangled_hint};
use super::layout::{CERTAIN_ROW_NUMBERS, Layout, looks_like_number};
use super::options::{CountFile, CountTableOptions};
use super::transposed;
use super::value::{CountFormat, MAX_PROBLEMS, count_at, parse_length};
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError};

/// How the line above a table of alkaline's begins.
const OUR_COMMENT: &str = "# Program:alkaline ";

/// Rows of labels that may stand between the header and the counts.
const MAX_LABEL_ROWS: usize = 5;

/// Reads the count table at `path`.
///
/// # Errors
/// [`ReadError`], listing every value that is not a count, every repeated gene and every missing sample at once.
pub fn read(path: &Path, options: &CountTableOptions) -> Result<CountFile, ReadError> {
    let mut table = Delimited::open(path)?;
    if options.transpose {
        return transposed::read(table, options);
    }
    let layout = Layout::of(&mut table, options)?;
    let mut columns = Columns::new(options.format(&table), is_ours(&table));
    let mut problems = Vec::new();
    let mut row = Record::default();
    while let Some(line) = table.next_row(&mut row)? {
        if row.len() == table.header.len() || (layout.least..table.header.len()).contains(&row.len()) {
            columns.take(&row, line, &layout, &mut problems);
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
    problems.extend(columns.row_numbers());
    FileProblems::check(path, problems)?;
    columns.into_file(table, layout)
}

/// The names of the columns of the table at `path`.
///
/// # Errors
/// [`ReadError`] when it cannot be opened.
pub fn column_names(path: &Path) -> Result<Vec<String>, ReadError> {
    Ok(Delimited::open(path)?.header)
}

/// Whether alkaline counted: every row of such a table is a gene, and is called as the annotation calls it.
fn is_ours(table: &Delimited) -> bool {
    table.comments.first().is_some_and(|comment| comment.starts_with(OUR_COMMENT))
}

/// What has been read so far.
struct Columns {
    format: CountFormat,
    /// Whether names are taken as they stand, without asking what they betray.
    as_written: bool,
    genes: GeneIndexBuilder,
    /// The line of each gene.
    lines: Vec<u64>,
    counts: Vec<f64>,
    loci: Vec<GeneLocus>,
    labels: Vec<GeneLabel>,
    /// Names of the rows that are no genes, and the counts in them.
    no_genes: Vec<String>,
    /// Names of the rows of labels.
    label_rows: Vec<String>,
    /// Whether every identifier so far is the number before it and one.
    numbered: Option<u64>,
    unknown_lengths: usize,
}

impl Columns {
    fn new(format: CountFormat, as_written: bool) -> Self {
        Self {
            format,
            as_written,
            genes: GeneIndexBuilder::default(),
            lines: Vec::new(),
            counts: Vec::new(),
            loci: Vec::new(),
            labels: Vec::new(),
            no_genes: Vec::new(),
            label_rows: Vec::new(),
            numbered: None,
            unknown_lengths: 0,
        }
    }

    /// Takes one row, or says what is wrong with it.
    fn take(&mut self, row: &Record, line: u64, layout: &Layout, problems: &mut Vec<Problem>) {
        let id = row[layout.id].trim();
        if !self.as_written && is_no_gene(id) {
            self.no_genes.push(id.to_owned());
            return;
        }
        if self.genes.is_empty() && self.label_rows.len() < MAX_LABEL_ROWS && holds_labels(row, layout) {
            self.label_rows.push(id.to_owned());
            return;
        }
        if id.is_empty() {
            problems.push(Problem::at_line(line, "the gene identifier is empty"));
            return;
        }
        if let Err(first) = self.genes.push(GeneId::from(id)) {
            let message = format!("gene `{id}` stands in line {} already", self.lines[first]);
            problems.push(Problem::at_line(line, message).hint(mangled_hint(id).unwrap_or(
                "identifiers must be unique: use Ensembl or Entrez ids as the first column, symbols as `gene_name`",
            )));
            return;
        }
        self.number(id);
        self.lines.push(line);
        for (sample, column) in &layout.samples {
            match count_at(row, *column, self.format) {
                Ok(count) => self.counts.push(count),
                Err(problem) => problems.push(Problem {
                    line: Some(line),
                    column: Some(sample.to_string()),
                    message: format!("gene `{id}`: {}", problem.message),
                    ..problem
                }),
            }
        }
        self.take_facts(row, line, layout, problems);
    }

    /// Follows identifiers that are counted up from 0 or 1.
    fn number(&mut self, id: &str) {
        let number = if self.lines.is_empty() || self.numbered.is_some() { id.parse().ok() } else { None };
        let follows = |number: &u64| match self.numbered {
            Some(last) => *number == last + 1,
            None => *number <= 1,
        };
        self.numbered = number.filter(follows);
    }

    /// The problem of a table whose identifiers are row numbers.
    fn row_numbers(&self) -> Option<Problem> {
        self.numbered.filter(|_| !self.as_written && self.lines.len() >= CERTAIN_ROW_NUMBERS)?;
        let message = "the identifiers are row numbers (0, 1, 2, ...), and no other column holds identifiers";
        let hint =
            "R and pandas write row numbers into the first column: put the column of gene identifiers first";
        Some(Problem::of_file(message).hint(hint))
    }

    /// Takes place, length and labels of a row, where the table has them.
    fn take_facts(&mut self, row: &Record, line: u64, layout: &Layout, problems: &mut Vec<Problem>) {
        let text = |column: usize| row.get(column).unwrap_or_default();
        let length = layout.length.map_or(0, |column| match parse_length(text(column)) {
            Ok(Some(length)) => length,
            Ok(None) => {
                self.unknown_lengths += 1;
                0
            }
            Err(problem) => {
                problems.push(Problem { line: Some(line), ..problem }.in_column("Length"));
                0
            }
        });
        if let Some([chr, start, end, strand]) =
            layout.loci.map(|loci| loci.map(|column| text(column).to_owned()))
        {
            self.loci.push(GeneLocus { chr, start, end, strand, length });
        } else if layout.length.is_some() {
            self.loci.push(GeneLocus { length, ..GeneLocus::default() });
        }
        let label = |column: Option<usize>| {
            column.map(text).map(str::trim).filter(|label| !matches!(*label, "" | "NA" | "-"))
        };
        if layout.name.is_some() || layout.biotype.is_some() {
            self.labels.push(GeneLabel {
                name: label(layout.name).map(Arc::from),
                biotype: label(layout.biotype).map(str::to_owned),
            });
        }
    }

    /// Ties everything together.
    fn into_file(mut self, table: Delimited, layout: Layout) -> Result<CountFile, ReadError> {
        let internal = |error: alkaline_core::IndexError| {
            ReadError::from(FileProblems::one(&table.path, Problem::of_file(error.to_string())))
        };
        let mut notices = table.notices;
        notices.extend(layout.notices);
        notices.extend(self.notices());
        let samples = layout.samples.iter().map(|(sample, _)| sample.clone()).collect();
        let samples = SampleIndex::new(samples).map_err(internal)?;
        let mut genes = self.genes.build();
        notices.extend(gene_names::mangled(genes.ids()));
        let as_written = self.as_written;
        if let Some(split) = gene_names::split(genes.ids()).filter(|_| !as_written) {
            notices.push(split.notice);
            genes = split.genes;
            if layout.name.is_none() {
                self.labels.resize(genes.len(), GeneLabel::default());
                self.labels.iter_mut().zip(split.symbols).for_each(|(label, symbol)| label.name = symbol);
            }
        }
        let facts = GeneFacts {
            loci: PerGene::new(genes.clone(), self.loci).ok(),
            labels: PerGene::new(genes.clone(), self.labels).ok(),
        };
        let mut matrix = CountMatrix::new(genes, samples, self.counts).map_err(internal)?;
        let mut facts = facts;
        if let Some(total) = gene_names::total_row(&matrix).filter(|_| !as_written) {
            notices.push(format!(
                "the row `{}` is the sum of the others and was left out",
                matrix.genes().ids()[total]
            ));
            let kept: Vec<usize> = (0..matrix.genes().len()).filter(|gene| *gene != total).collect();
            matrix = matrix.select_genes(&kept);
            facts = GeneFacts {
                loci: facts.loci.map(|loci| loci.select(&kept)),
                labels: facts.labels.map(|labels| labels.select(&kept)),
            };
        }
        notices.extend(shape_notice(&matrix));
        let path = table.path.display();
        let notices = notices.into_iter().map(|notice| format!("{path}: {notice}")).collect();
        Ok(CountFile { table: CountTable { matrix, facts }, left_out: layout.left_out, notices })
    }

    /// What was passed over.
    fn notices(&self) -> Vec<String> {
        let mut notices = Vec::new();
        if !self.no_genes.is_empty() {
            let were = if self.no_genes.len() == 1 {
                "a row that is no gene was"
            } else {
                "rows that are no genes were"
            };
            notices.push(format!("{were} left out: {}", self.no_genes.join(", ")));
        }
        if !self.label_rows.is_empty() {
            let names: Vec<String> = self.label_rows.iter().map(|name| format!("`{name}`")).collect();
            notices.push(format!(
                "below the header, {} holds labels, not counts, and was left out",
                names.join(" and ")
            ));
        }
        if self.unknown_lengths > 0 && self.unknown_lengths < self.lines.len() {
            notices.push(format!("the length of {} is not known", count(self.unknown_lengths, "gene")));
        }
        notices
    }
}

/// Whether a row has words where counts are wanted: classes or groups, as MetaboAnalyst's tables have them.
fn holds_labels(row: &Record, layout: &Layout) -> bool {
    let mut fields = layout.samples.iter().map(|(_, column)| row[*column].trim());
    fields.all(|field| !field.is_empty() && !looks_like_number(field))
}

/// Says when a table looks as if it lay on its side.
fn shape_notice(matrix: &CountMatrix) -> Option<String> {
    /// Samples from which on a table with fewer genes than samples is suspicious.
    const MANY: usize = 500;
    let (genes, samples) = matrix.shape();
    (samples >= MANY && samples > 10 * genes).then(|| {
        format!("it has {genes} rows and {samples} columns of counts: if samples stand in rows, --transpose reads it")
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read_text(text: &str, options: &CountTableOptions) -> Result<CountTable, ReadError> {
        let mut file = tempfile::Builder::new().suffix(".tsv").tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read(file.path(), options).map(|file| file.table)
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
    fn names_of_a_table_that_alkaline_counted_are_taken_as_they_stand() {
        let rows = "Geneid\ta\nMSTRG.1|TP53\t1\n__x\t2\ntotal\t3\n";
        let ids = |text: &str| {
            let table = read_text(text, &CountTableOptions::default()).unwrap();
            table.matrix.genes().ids().iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            ids(&format!("# Program:alkaline v1; Command:count\n{rows}")),
            ["MSTRG.1|TP53", "__x", "total"]
        );
        assert_eq!(ids(&format!("# Program:featureCounts v2\n{rows}")), ["MSTRG.1", "total"]);
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
            ..CountTableOptions::default()
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
