//! Count tables that lie on their side: a row for each sample, a column for each gene.

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{CountTable, GeneFacts};
use alkaline_core::words::listed;
use alkaline_core::{CountMatrix, GeneId, GeneIndex, PerGene, SampleId, SampleIndex};

use super::gene_names::{self, is_no_gene};
use super::layout::looks_like_number;
use super::options::{CountFile, CountTableOptions};
use super::value::{MAX_PROBLEMS, count_at};
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError, nearest};

/// Reads a table whose rows are samples.
pub(super) fn read(mut table: Delimited, options: &CountTableOptions) -> Result<CountFile, ReadError> {
    let names = sample_column(&table, options);
    let (genes, words): (Vec<usize>, Vec<usize>) = (0..table.header.len())
        .filter(|column| *column != names)
        .partition(|&column| is_gene(&table, column));
    let mut notices = table.notices.clone();
    let left_out: Vec<&str> =
        words.iter().map(|&column| table.header[column].as_str()).filter(|name| !name.is_empty()).collect();
    if !left_out.is_empty() {
        notices.push(format!("columns that hold no counts of a gene were left out: {}", listed(&left_out)));
    }
    let rows = read_rows(&mut table, names, &genes, options)?;
    let rows = choose(rows, &table, options)?;
    let ids = genes.iter().map(|&column| GeneId::from(&table.header[column])).collect();
    let internal = |error: alkaline_core::IndexError| {
        let hint = "every gene needs a name of its own in the header";
        FileProblems::one(&table.path, Problem::at_line(table.header_line, error.to_string()).hint(hint))
    };
    let mut index = GeneIndex::new(ids).map_err(internal)?;
    let samples =
        SampleIndex::new(rows.chosen.iter().map(|(id, _)| id.clone()).collect()).map_err(internal)?;
    notices.extend(gene_names::mangled(index.ids()));
    let mut labels = None;
    if let Some(split) = gene_names::split(index.ids()) {
        notices.push(split.notice);
        index = split.genes;
        let named = split.symbols.into_iter().map(|name| GeneLabel { name, biotype: None }).collect();
        labels = PerGene::new(index.clone(), named).ok();
    }
    let mut counts = Vec::with_capacity(index.len() * samples.len());
    for gene in 0..index.len() {
        counts.extend(rows.chosen.iter().map(|(_, counts)| counts[gene]));
    }
    let matrix = CountMatrix::new(index, samples, counts).map_err(internal)?;
    let path = table.path.display();
    let notices = notices.into_iter().map(|notice| format!("{path}: {notice}")).collect();
    let facts = GeneFacts { loci: None, labels };
    Ok(CountFile { table: CountTable { matrix, facts }, left_out: rows.others, notices })
}

/// The column of the samples' names: the one that holds those of the sheet, else the first.
fn sample_column(table: &Delimited, options: &CountTableOptions) -> usize {
    let Some(wanted) = &options.samples else { return 0 };
    let holds_samples = |column: &usize| {
        let mut values = table.first_rows().iter().filter_map(|row| row.get(*column));
        values.any(|value| wanted.iter().any(|sample| sample.as_str() == value.trim()))
    };
    (0..table.header.len()).find(holds_samples).unwrap_or(0)
}

/// Whether a column holds the counts of a gene.
fn is_gene(table: &Delimited, column: usize) -> bool {
    let name = &table.header[column];
    let mut values = table.first_rows().iter().filter_map(|row| row.get(column));
    !name.is_empty()
        && !is_no_gene(name)
        && values.all(|value| value.trim().is_empty() || looks_like_number(value.trim()))
}

/// A sample and its counts.
type Row = (SampleId, Vec<f64>);

/// Reads the rows, of the wanted samples alone where these are named.
fn read_rows(
    table: &mut Delimited,
    names: usize,
    genes: &[usize],
    options: &CountTableOptions,
) -> Result<Vec<Row>, ReadError> {
    let format = options.format(table);
    let mut rows: Vec<Row> = Vec::new();
    let mut problems = Vec::new();
    let mut row = Record::default();
    while let Some(line) = table.next_row(&mut row)? {
        if row.len() != table.header.len() {
            let message = format!("{} fields, but the header has {}", row.len(), table.header.len());
            problems.push(Problem::at_line(line, message));
            continue;
        }
        let sample = SampleId::from(row[names].trim());
        if rows.iter().any(|(other, _)| *other == sample) {
            problems.push(Problem::at_line(line, format!("sample `{sample}` stands in two rows")));
            continue;
        }
        let is_wanted = options.samples.as_ref().is_none_or(|wanted| wanted.contains(&sample));
        let mut counts = Vec::with_capacity(if is_wanted { genes.len() } else { 0 });
        for &gene in genes.iter().filter(|_| is_wanted) {
            match count_at(&row, gene, format) {
                Ok(count) => counts.push(count),
                Err(problem) if problems.len() < MAX_PROBLEMS => {
                    let message = format!("sample `{sample}`: {}", problem.message);
                    let column = Some(table.header[gene].clone());
                    problems.push(Problem { line: Some(line), column, message, ..problem });
                }
                Err(_) => {}
            }
        }
        rows.push((sample, counts));
    }
    FileProblems::check(&table.path, problems)?;
    Ok(rows)
}

/// The rows that were asked for, in order, and the names of the others.
struct Chosen {
    chosen: Vec<Row>,
    others: Vec<String>,
}

fn choose(rows: Vec<Row>, table: &Delimited, options: &CountTableOptions) -> Result<Chosen, ReadError> {
    if rows.is_empty() || table.header.len() < 2 {
        return Err(
            FileProblems::one(&table.path, Problem::of_file("the table has no rows of samples")).into()
        );
    }
    let Some(wanted) = &options.samples else { return Ok(Chosen { chosen: rows, others: Vec::new() }) };
    let names: Vec<String> = rows.iter().map(|(id, _)| id.to_string()).collect();
    let others: Vec<String> =
        names.iter().filter(|name| wanted.iter().all(|id| id.as_str() != name.as_str())).cloned().collect();
    let missing = wanted.iter().filter(|sample| names.iter().all(|name| name != sample.as_str()));
    let problems: Vec<Problem> = missing
        .map(|sample| {
            let problem = Problem::of_file(format!("no row for sample `{sample}` of the sample sheet"));
            match nearest(sample.as_str(), others.iter().map(String::as_str)) {
                Some(name) => problem.hint(format!("did you mean `{name}`?")),
                None => problem,
            }
        })
        .collect();
    FileProblems::check(&table.path, problems)?;
    let mut rows: Vec<Option<Row>> = rows.into_iter().map(Some).collect();
    let place = |sample: &SampleId| names.iter().position(|name| name == sample.as_str());
    let chosen = wanted.iter().filter_map(|sample| rows[place(sample)?].take()).collect();
    Ok(Chosen { chosen, others })
}
