//! What lies in a folder that can be analysed: alignments, else reads, else a count table; samples are named by their files.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use alkaline_core::samples::{Lane, Reads};
use alkaline_core::words::{count, listed};
use alkaline_io::ReadError;
use alkaline_io::values::Scale;

use super::fastq_names::{self, Named, as_single, is_fastq, is_index};
use super::tables;
use crate::error::WorkflowError;
use crate::spec::experiment::sample_names;

/// Endings of alignments.
const ALIGNMENTS: [&str; 3] = [".bam", ".cram", ".sam"];

/// Alignments to transcripts, which nobody counts on genes.
const TRANSCRIPTOME: [&str; 2] = ["totranscriptome.out.bam", ".transcriptome.bam"];

/// Endings of tables.
const TABLES: [&str; 9] =
    [".tsv", ".csv", ".txt", ".tsv.gz", ".csv.gz", ".txt.gz", ".xlsx", ".tab", ".counts"];

/// Endings of annotations.
const ANNOTATIONS: [&str; 8] = [".gtf", ".gtf.gz", ".gff3", ".gff3.gz", ".gff", ".gff.gz", ".saf", ".saf.gz"];

/// Where a sample's counts come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Library {
    pub file: Option<PathBuf>,
    pub reads: Option<Reads>,
}

/// What was found. Paths are relative to the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inputs {
    /// Names of the samples.
    pub names: Vec<String>,
    pub libraries: Vec<Library>,
    pub counts: Option<PathBuf>,
    /// A table of expression values, where there are no counts.
    pub expression: Option<PathBuf>,
    /// What the values of the table are.
    pub scale: Option<Scale>,
    pub annotation: Option<PathBuf>,
    pub said: Vec<String>,
}

/// Looks into the folder `place`, or at the count table `place`, for a workflow file in `folder`.
///
/// # Errors
/// [`WorkflowError`] when there is nothing to analyse, or several tables of which one must be chosen.
pub(super) fn find(place: &Path, folder: &Path) -> Result<Inputs, WorkflowError> {
    if !place.is_dir() {
        return table(place, folder);
    }
    let files = files(place)?;
    let annotations: Vec<&PathBuf> =
        files.iter().filter(|file| file.parent() == Some(place) && ends_with(file, &ANNOTATIONS)).collect();
    let annotation = match annotations.as_slice() {
        [only] => Some(relative(only, folder)),
        _ => None,
    };
    let is_alignment = |file: &&PathBuf| ends_with(file, &ALIGNMENTS) && !ends_with(file, &TRANSCRIPTOME);
    let alignments: Vec<PathBuf> =
        files.iter().filter(is_alignment).map(|file| relative(file, folder)).collect();
    let reads: Vec<PathBuf> =
        files.iter().filter(|file| is_fastq(&name_of(file)) && !is_index(file)).cloned().collect();
    let mut inputs = match () {
        () if !alignments.is_empty() => of_alignments(alignments, reads.len()),
        () if !reads.is_empty() => of_reads(&reads, folder)?,
        () => the_table(place, &files, folder)?,
    };
    if let Some(annotation) = &annotation {
        inputs.said.push(format!("{} is taken as the annotation", annotation.display()));
    }
    Ok(Inputs { annotation, ..inputs })
}

/// The files of a folder and of the folders in it, in the order of their names; runs of alkaline and hidden files are passed over.
fn files(place: &Path) -> Result<Vec<PathBuf>, WorkflowError> {
    let entries = |folder: &Path| -> Result<Vec<PathBuf>, WorkflowError> {
        let in_context = |source| WorkflowError::Read(ReadError::from_io(folder, source));
        let entries = std::fs::read_dir(folder).map_err(in_context)?;
        let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
        let mut paths = paths.map_err(in_context)?;
        paths.retain(|path| !name_of(path).starts_with('.'));
        paths.sort();
        Ok(paths)
    };
    let is_run = |folder: &Path| folder.join("run.json").exists() || folder.join(".alkaline").exists();
    let mut files = Vec::new();
    for path in entries(place)? {
        if !path.is_dir() {
            files.push(path);
        } else if !is_run(&path) {
            // a folder that may not be looked into holds nothing for us
            files.extend(entries(&path).unwrap_or_default().into_iter().filter(|path| !path.is_dir()));
        }
    }
    Ok(files)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn ends_with(path: &Path, endings: &[&str]) -> bool {
    let name = name_of(path).to_lowercase();
    endings.iter().any(|ending| name.ends_with(ending))
}

fn relative(path: &Path, folder: &Path) -> PathBuf {
    path.strip_prefix(folder).unwrap_or(path).to_owned()
}

/// A sample for each alignment.
fn of_alignments(files: Vec<PathBuf>, reads: usize) -> Inputs {
    let names = sample_names(&files).iter().map(ToString::to_string).collect();
    let mut said = vec![format!("{}, each a sample", count(files.len(), "alignment"))];
    if reads > 0 {
        said.push(format!("{} beside them left out, since there are alignments", count(reads, "FASTQ file")));
    }
    let libraries = files.into_iter().map(|file| Library { file: Some(file), reads: None }).collect();
    Inputs { names, libraries, said, ..Inputs::default() }
}

/// The two files of each lane of a sample, by folder and name of the lane.
type Lanes = BTreeMap<(PathBuf, String), [Option<PathBuf>; 2]>;

/// Samples of reads, merged over their lanes.
fn of_reads(files: &[PathBuf], folder: &Path) -> Result<Inputs, WorkflowError> {
    let named: Vec<Named> = files.iter().map(|file| fastq_names::read(file)).collect();
    let named = without_doubt(named);
    let mut samples: BTreeMap<String, Lanes> = BTreeMap::new();
    for file in named {
        let place = file.path.parent().map(Path::to_owned).unwrap_or_default();
        let lane = samples.entry(file.sample).or_default().entry((place, file.lane)).or_default();
        lane[usize::from(file.mate == 2)] = Some(relative(&file.path, folder));
    }
    let mut inputs = Inputs::default();
    let mut alone = Vec::new();
    for (name, lanes) in samples {
        let mut reads = Reads::default();
        for [first, second] in lanes.into_values() {
            match first {
                Some(first) => reads.lanes.push(Lane { first, second }),
                None => alone.extend(second.map(|second| second.display().to_string())),
            }
        }
        if !reads.lanes.is_empty() {
            inputs.names.push(name);
            inputs.libraries.push(Library { file: None, reads: Some(reads) });
        }
    }
    if inputs.names.is_empty() {
        return Err(WorkflowError::design(format!(
            "there are files of read 2 without read 1 only: {}",
            listed(&alone)
        )));
    }
    let of = |library: &Library| library.reads.clone().unwrap_or_default();
    let lanes: usize = inputs.libraries.iter().map(|library| of(library).lanes.len()).sum();
    let paired = inputs.libraries.iter().filter(|library| of(library).is_paired()).count();
    inputs.said.push(format!(
        "{} of {} ({lanes} lanes in all; {paired} with paired reads)",
        count(files.len(), "FASTQ file"),
        count(inputs.names.len(), "sample")
    ));
    if !alone.is_empty() {
        inputs.said.push(format!("left out, for there is no read 1 beside them: {}", listed(&alone)));
    }
    Ok(inputs)
}

/// Decides whether `_1` and `_2` at the end of names are mates or replicates: there is a `_3`, or one of them stands alone, or the
/// first reads have other names.
fn without_doubt(named: Vec<Named>) -> Vec<Named> {
    let others: Vec<String> =
        named.iter().filter(|file| file.mate == 0).map(|file| file.sample.clone()).collect();
    let has_third = |sample: &str| {
        others.iter().filter_map(|other| other.strip_prefix(sample)).any(|rest| {
            let number = rest.strip_prefix(['_', '.', '-']).unwrap_or_default();
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let mate_of = |file: &Named| {
        named.iter().find(|other| {
            other.is_doubtful
                && other.sample == file.sample
                && other.lane == file.lane
                && other.path.parent() == file.path.parent()
                && other.mate != file.mate
        })
    };
    let is_pair = |file: &Named| {
        mate_of(file).is_some_and(|mate| !has_third(&file.sample) && are_mates(&file.path, &mate.path))
    };
    named
        .iter()
        .map(|file| if file.is_doubtful && !is_pair(file) { as_single(file) } else { file.clone() })
        .collect()
}

/// Whether the first reads of two files have one name; files that cannot be read are believed to.
fn are_mates(one: &Path, other: &Path) -> bool {
    match (first_read(one), first_read(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// The name of the first read of a file, without its number in the pair.
fn first_read(path: &Path) -> Option<String> {
    let mut line = String::new();
    alkaline_io::file::open(path).ok()?.read_line(&mut line).ok()?;
    let name = line.strip_prefix('@')?.split_whitespace().next()?;
    let name = name.strip_suffix("/1").or_else(|| name.strip_suffix("/2")).unwrap_or(name);
    Some(name.to_owned())
}

/// The only table of a folder that holds counts.
fn the_table(place: &Path, files: &[PathBuf], folder: &Path) -> Result<Inputs, WorkflowError> {
    let in_place = files.iter().filter(|file| file.parent() == Some(place));
    let candidates: Vec<&PathBuf> = in_place.filter(|file| ends_with(file, &TABLES)).collect();
    let readable: Vec<Inputs> = candidates.iter().filter_map(|file| table(file, folder).ok()).collect();
    let hint = "say which file it is: alkaline init FILE";
    match readable.len() {
        1 => Ok(readable.into_iter().next().unwrap_or_default()),
        0 => Err(WorkflowError::design_with_hint(
            format!(
                "{}: no BAM, CRAM, SAM or FASTQ file, and no table of counts or expression values",
                place.display()
            ),
            "go to the folder of the files, or name it: alkaline init DIR",
        )),
        _ => {
            let names: Vec<String> = readable
                .iter()
                .filter_map(|table| table.counts.as_ref().or(table.expression.as_ref()))
                .map(|path| path.display().to_string())
                .collect();
            Err(WorkflowError::design_with_hint(
                format!("several tables may hold counts or expression values: {}", listed(&names)),
                hint,
            ))
        }
    }
}

/// The samples of a table, which holds counts or expression values.
fn table(path: &Path, folder: &Path) -> Result<Inputs, WorkflowError> {
    let tables::Found { samples, rows, is_counts, scale, mut said } = tables::look(path)?;
    let own = relative(path, folder);
    said.insert(0, format!("{}: {rows} genes in {}", path.display(), count(samples.len(), "sample")));
    let (counts, expression) = if is_counts { (Some(own), None) } else { (None, Some(own)) };
    let libraries = vec![Library::default(); samples.len()];
    Ok(Inputs { names: samples, libraries, counts, expression, scale, annotation: None, said })
}
