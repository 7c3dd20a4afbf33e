//! The import of quantifications and counts.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use alkaline_core::samples::{SampleRecord, SampleSheet};
use alkaline_core::words::listed;
use alkaline_io::quantifiers::sample_name;
use alkaline_io::results::expression::RowsToWrite;
use alkaline_io::values::{self, Scale, ScaleHints, ValueTable, recognise};
use alkaline_io::{FileProblems, Problem, ReadError};
use alkaline_norm::transcripts::{CountsFromAbundance, Estimates, counts_from_abundance};
use ndarray::Array2;
use serde_json::json;

use super::joined::join;
use super::star::{self, StarStrand};
use super::transcripts::to_genes;
use crate::error::WorkflowError;
use crate::spec::init;
use crate::spec::sheet::CONDITION;
use crate::stages::import::outputs::{Imported, LENGTHS, Outputs};
use crate::stages::import::provenance::input;

/// How the files are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Abundances, estimated counts and lengths, a file a sample (salmon, kallisto, RSEM, StringTie).
    Quantifier,
    /// Counts, a file a sample (HTSeq).
    OneSample,
    /// STAR's ReadsPerGene: three columns of counts a sample.
    Star,
    /// Tables of several samples (featureCounts, any matrix).
    Matrix,
}

/// How they are imported.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantOptions {
    /// The gene of each transcript: a GTF, GFF3 or a table of two columns.
    pub annotation: Option<PathBuf>,
    /// How counts are made of abundances.
    pub counts: CountsFromAbundance,
    /// Length of reads, with which StringTie computes coverage.
    pub read_length: f64,
    /// The column of STAR.
    pub strand: StarStrand,
    /// Names of the samples, in the order of the files.
    pub names: Vec<String>,
    /// The first line of the count table, which says who made it.
    pub comment: String,
}

/// What is known of the genes of all samples.
struct Genes {
    values: ValueTable,
    lengths: Option<Array2<f64>>,
    /// Average lengths must be offsets of a test.
    need_offsets: bool,
    fractional: bool,
    /// What the values are.
    scale: Scale,
    said: Vec<String>,
}

/// Imports `files` into `folder`.
///
/// # Errors
/// [`WorkflowError`] for files that cannot be read, or do not belong together.
pub fn import(
    files: &[PathBuf],
    layout: Layout,
    options: &QuantOptions,
    folder: &Path,
) -> Result<Imported, WorkflowError> {
    let names = sample_names(files, layout, options)?;
    let mut genes = match layout {
        Layout::Quantifier => quantified(files, &names, options)?,
        Layout::OneSample | Layout::Star | Layout::Matrix => counted(files, layout, &names, options)?,
    };
    let (groups, contrasts, guessed) = init::guessed_groups(&genes.values.samples);
    genes.said.extend(guessed);
    let samples = genes.values.samples.iter().zip(groups);
    let sheet = SampleSheet {
        variables: vec![CONDITION.to_owned()],
        samples: samples
            .map(|(name, group)| SampleRecord {
                id: name.as_str().into(),
                file: None,
                reads: None,
                values: vec![group],
            })
            .collect(),
    };
    let inputs: Result<Vec<_>, WorkflowError> =
        files.iter().chain(&options.annotation).map(|path| input(path)).collect();
    let outputs = Outputs {
        values: &genes.values,
        biotypes: &[],
        are_counts: genes.scale.are_counts(),
        scale: genes.scale,
        decided: None,
        need_offsets: genes.need_offsets,
        fractional: genes.fractional,
        sheet: &sheet,
        contrasts: &contrasts,
        title: None,
        comment: &options.comment,
        provenance: json!({
            "inputs": inputs?,
            "counts_from_abundance": (layout == Layout::Quantifier).then(|| options.counts.word()),
            "need_offsets": genes.need_offsets,
            "samples": genes.values.samples,
            "said": genes.said,
        }),
    };
    let mut imported = outputs.write(folder)?;
    if let Some(lengths) = &genes.lengths {
        let path = folder.join(LENGTHS);
        write_lengths(&path, &genes.values, lengths)?;
        imported.files.push(path);
    }
    genes.said.append(&mut imported.said);
    Ok(Imported { said: genes.said, ..imported })
}

/// The names of the samples: as given, else as their files are called.
fn sample_names(
    files: &[PathBuf],
    layout: Layout,
    options: &QuantOptions,
) -> Result<Vec<String>, WorkflowError> {
    if layout == Layout::Matrix {
        return Ok(Vec::new());
    }
    if !options.names.is_empty() && options.names.len() != files.len() {
        return Err(WorkflowError::design(format!(
            "--names has {} names for {} files",
            options.names.len(),
            files.len()
        )));
    }
    let names = if options.names.is_empty() {
        files.iter().map(|path| sample_name(path)).collect()
    } else {
        options.names.clone()
    };
    let repeated: Vec<&String> = names
        .iter()
        .enumerate()
        .filter(|(place, name)| names[..*place].contains(name))
        .map(|(_, name)| name)
        .collect();
    if repeated.is_empty() {
        return Ok(names);
    }
    Err(WorkflowError::design_with_hint(
        format!("several files are of samples that are called alike: {}", listed(repeated)),
        "--names names them, in the order of the files, separated by commas",
    ))
}

/// Genes of quantifiers, as tximport makes them.
fn quantified(files: &[PathBuf], names: &[String], options: &QuantOptions) -> Result<Genes, WorkflowError> {
    let joined = join(files, options.read_length)?;
    let mut said = joined.said.clone();
    let (genes, symbols, rule) = if joined.tool.has_genes() {
        if options.counts != CountsFromAbundance::No {
            said.push(
                "the rows are genes already: their counts are taken as they are, as tximport does".to_owned(),
            );
        }
        (joined.estimates, Vec::new(), CountsFromAbundance::No)
    } else {
        let (summary, known) = to_genes(&joined, options.annotation.as_deref(), &mut said)?;
        let symbols: Vec<Option<String>> =
            summary.genes.features.iter().map(|gene| known.symbol(gene).map(str::to_owned)).collect();
        (
            summary.genes,
            Some(symbols).filter(|all| all.iter().any(Option::is_some)).unwrap_or_default(),
            options.counts,
        )
    };
    let need_offsets = rule == CountsFromAbundance::No;
    if need_offsets {
        said.push(
            "these are estimated counts: average lengths that differ between samples are in lengths.tsv, and `alkaline run` makes offsets of \
             them (`offsets` in workflow.toml); `test` takes them by --offsets. Counts by --counts lengthScaledTPM need none"
                .to_owned(),
        );
    }
    let counts = counts_from_abundance(&genes, rule);
    Ok(Genes {
        values: table(&genes, &counts, names, symbols),
        lengths: Some(genes.lengths),
        need_offsets,
        fractional: true,
        scale: Scale::ExpectedCounts,
        said,
    })
}

/// Counts of genes with their average length.
fn table(
    genes: &Estimates,
    counts: &Array2<f64>,
    names: &[String],
    symbols: Vec<Option<String>>,
) -> ValueTable {
    let lengths =
        genes.lengths.rows().into_iter().map(|row| row.mean().unwrap_or(0.0).round().max(0.0) as u64);
    ValueTable {
        rows: genes.features.clone(),
        samples: names.to_vec(),
        values: counts.iter().copied().collect(),
        lengths: lengths.collect(),
        symbols,
    }
}

/// Genes that were counted.
fn counted(
    files: &[PathBuf],
    layout: Layout,
    names: &[String],
    options: &QuantOptions,
) -> Result<Genes, WorkflowError> {
    let mut said = Vec::new();
    let mut tables: Vec<(String, ValueTable)> = Vec::new();
    let mut told = HashSet::new();
    for (place, path) in files.iter().enumerate() {
        let file = values::read(path)?;
        tell_once(path, &file.notices, &mut told, &mut said);
        let wanted = match layout {
            Layout::OneSample => Some(1),
            Layout::Star => Some(3),
            _ => None,
        };
        if let Some(wanted) = wanted.filter(|wanted| *wanted != file.table.samples.len()) {
            let message = format!(
                "{} columns of counts, not {wanted}: {}",
                file.table.samples.len(),
                file.table.samples.join(", ")
            );
            let hint = "a table of several samples: alkaline import matrix";
            return Err(ReadError::from(FileProblems::one(path, Problem::of_file(message).hint(hint))).into());
        }
        tables.push((names.get(place).cloned().unwrap_or_default(), file.table));
    }
    if layout == Layout::Star {
        let (taken, words) = star::columns(tables, options.strand).map_err(WorkflowError::design)?;
        tables = taken;
        said.push(words);
    }
    let mut joined = side_by_side(files, tables, layout)?;
    if layout == Layout::Matrix {
        joined.samples = joined.samples.iter().map(|name| of_path(name)).collect();
    }
    let hints = ScaleHints { names: joined.samples.clone(), ..ScaleHints::default() };
    let Some(verdict) = recognise(&joined, &hints) else {
        return Err(WorkflowError::design("there is not a single value in the tables"));
    };
    said.push(format!("these are {} ({})", verdict.scale.words(), verdict.evidence));
    said.extend(verdict.doubts.iter().cloned());
    let are_counts = verdict.scale.are_counts() || verdict.facts.whole == verdict.facts.present;
    if layout != Layout::Matrix && !are_counts {
        return Err(WorkflowError::design_with_hint(
            format!("these are no counts but {}: {}", verdict.scale.words(), verdict.evidence),
            "alkaline import matrix takes expression values",
        ));
    }
    let fractional = verdict.facts.whole < verdict.facts.present;
    let scale = if are_counts && !verdict.scale.are_counts() { Scale::Counts } else { verdict.scale };
    Ok(Genes { values: joined, lengths: None, need_offsets: false, fractional, scale, said })
}

/// Tells what was noticed of a file, unless the same was told of another.
fn tell_once(path: &Path, notices: &[String], told: &mut HashSet<String>, said: &mut Vec<String>) {
    for notice in notices {
        if told.insert(notice.clone()) {
            said.push(format!("{}: {notice}", path.display()));
        }
    }
}

/// The tables side by side; their rows must be the same.
fn side_by_side(
    files: &[PathBuf],
    tables: Vec<(String, ValueTable)>,
    layout: Layout,
) -> Result<ValueTable, WorkflowError> {
    let mut all: Option<ValueTable> = None;
    for (path, (name, mut table)) in files.iter().zip(tables) {
        if layout != Layout::Matrix {
            table.samples = vec![name];
        }
        let Some(joined) = &mut all else {
            all = Some(table);
            continue;
        };
        if joined.rows != table.rows {
            let place = joined.rows.iter().zip(&table.rows).position(|(one, other)| one != other);
            let row = place.unwrap_or(joined.rows.len().min(table.rows.len())) + 1;
            let message = format!(
                "its genes are not those of the first file, from row {row} on ({} there, {} here)",
                joined.rows.len(),
                table.rows.len()
            );
            let hint = "count all samples with one annotation";
            return Err(ReadError::from(FileProblems::one(path, Problem::of_file(message).hint(hint))).into());
        }
        let rows = joined.values.chunks(joined.samples.len()).zip(table.values.chunks(table.samples.len()));
        joined.values = rows.flat_map(|(one, other)| one.iter().chain(other).copied()).collect();
        joined.samples.extend(table.samples);
    }
    all.ok_or_else(|| WorkflowError::design("no file was given"))
}

/// A column that is called by the path of its alignments, as featureCounts calls it, by the name of the file alone.
fn of_path(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let endings = [
        "Aligned.sortedByCoord.out.bam",
        "Aligned.out.bam",
        ".sorted.bam",
        "_sorted.bam",
        ".bam",
        ".sam",
        ".cram",
    ];
    let stem = endings.iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file);
    let stem = stem.trim_end_matches(['.', '_']);
    if stem.is_empty() { name.to_owned() } else { stem.to_owned() }
}

/// Average lengths of genes in samples.
fn write_lengths(path: &Path, values: &ValueTable, lengths: &Array2<f64>) -> Result<(), WorkflowError> {
    let genes: Vec<alkaline_core::GeneId> = values.rows.iter().map(alkaline_core::GeneId::from).collect();
    let samples: Vec<alkaline_core::SampleId> =
        values.samples.iter().map(alkaline_core::SampleId::from).collect();
    let rows = RowsToWrite { genes: &genes, samples: &samples, labels: None };
    rows.write(path, |gene, room| room.iter_mut().zip(lengths.row(gene)).for_each(|(to, from)| *to = *from))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_called_by_paths_are_called_by_their_files() {
        assert_eq!(of_path("/x//SRR21013136.bam"), "SRR21013136");
        assert_eq!(of_path("a/b_Aligned.sortedByCoord.out.bam"), "b");
        assert_eq!(of_path("plain.1"), "plain.1");
    }
}
