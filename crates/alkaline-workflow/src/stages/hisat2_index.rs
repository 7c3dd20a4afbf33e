//! An index of HISAT2: where it is, whether all of it is there, and what alkaline knows about it if it made it.

use std::fs;
use std::path::{Path, PathBuf};

use alkaline_core::words::listed;
use alkaline_io::ReadError;
use serde::{Deserialize, Serialize};

use crate::error::WorkflowError;
use crate::store::receipt::FileRecord;

/// The record beside an index that alkaline made.
pub const RECORD: &str = "index.json";

/// What the files of such an index are called.
pub const STEM: &str = "genome";

/// The introns beside such an index.
pub const SPLICE_SITES: &str = "splice_sites.txt";

/// The exons beside such an index.
pub const EXONS: &str = "exons.txt";

/// Files of an index, numbered from one.
const PARTS: usize = 8;

/// The version of the record.
pub(super) const SCHEMA: u32 = 1;

/// An index that is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hisat2Index {
    /// What `hisat2 -x` takes.
    pub prefix: PathBuf,
    /// Whether it is one of a genome beyond four billion bases (`.ht2l`).
    pub is_large: bool,
    /// Introns that are handed to the aligner.
    pub splice_sites: Option<PathBuf>,
}

/// Where HISAT2 is told of introns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum IntronUse {
    /// When reads are aligned: needs no more memory than the genome alone.
    #[default]
    Alignment,
    /// In the index itself (HISAT2's `--ss`, `--exon`), which takes about 65 bytes of memory a base to build: 200 GB for the
    /// human genome.
    Index,
}

/// What an index was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexRecord {
    /// The version of this record.
    pub schema: u32,
    /// Version of alkaline.
    pub alkaline: String,
    /// Version of HISAT2.
    pub hisat2: String,
    /// The genome.
    pub genome: FileRecord,
    /// The annotation whose introns are known.
    pub annotation: Option<FileRecord>,
    /// Where introns are used.
    pub introns: IntronUse,
    /// Contigs of the genome.
    pub contigs: usize,
    /// Bases of the genome.
    pub bases: u64,
    /// Introns that are known.
    pub splice_sites: usize,
    /// Exons that are known.
    pub exons: usize,
    /// The files, by their names.
    pub files: Vec<FileRecord>,
}

impl IndexRecord {
    /// The record in `directory`; `None` where there is none that can be understood.
    pub fn read(directory: &Path) -> Option<Self> {
        let record: Self = serde_json::from_slice(&fs::read(directory.join(RECORD)).ok()?).ok()?;
        (record.schema == SCHEMA).then_some(record)
    }

    /// Files of the record that are missing, or of another size than they were.
    pub fn damaged(&self, directory: &Path) -> Vec<String> {
        let is_whole = |file: &&FileRecord| {
            fs::metadata(directory.join(&file.path)).is_ok_and(|found| found.len() == file.bytes)
        };
        self.files.iter().filter(|file| !is_whole(file)).map(|file| file.path.display().to_string()).collect()
    }
}

impl Hisat2Index {
    /// Its files.
    pub fn files(&self) -> Vec<PathBuf> {
        parts(&self.prefix, self.is_large).files.into_iter().chain(self.splice_sites.clone()).collect()
    }

    /// The index at `path`: a directory that holds one, its prefix as `hisat2 -x` takes it, or one of its files.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] with the files that are missing, damaged or of another kind.
    pub fn find(path: &Path) -> Result<Self, WorkflowError> {
        let prefix = prefix_of(path)?;
        let (whole, missing) = [false, true].map(|is_large| parts(&prefix, is_large)).into_iter().fold(
            (None, Vec::new()),
            |(whole, mut missing), part| {
                let gone = part.missing();
                if gone.is_empty() {
                    return (whole.or(Some(part.is_large)), missing);
                }
                if gone.len() < PARTS {
                    missing.extend(gone);
                }
                (whole, missing)
            },
        );
        let Some(is_large) = whole else { return Err(incomplete(path, &prefix, &missing)) };
        let splice_sites = of_alkaline(path, &prefix)?;
        Ok(Self { prefix, is_large, splice_sites })
    }
}

/// The introns beside an index of alkaline's, where they are used at alignment; refuses one that changed since.
fn of_alkaline(path: &Path, prefix: &Path) -> Result<Option<PathBuf>, WorkflowError> {
    let Some(directory) = prefix.parent() else { return Ok(None) };
    let Some(record) = IndexRecord::read(directory) else { return Ok(None) };
    if !prefix.ends_with(STEM) {
        return Ok(None);
    }
    let damaged = record.damaged(directory);
    if !damaged.is_empty() {
        return Err(WorkflowError::design_with_hint(
            format!(
                "the index at {} is damaged: {} are not as they were made",
                path.display(),
                listed(&damaged)
            ),
            "remove it, and make it again with `alkaline reference index`",
        ));
    }
    let has_introns = record.introns == IntronUse::Alignment && record.splice_sites > 0;
    Ok(has_introns.then(|| directory.join(SPLICE_SITES)))
}

/// The files of an index of one kind.
struct Parts {
    is_large: bool,
    files: Vec<PathBuf>,
}

impl Parts {
    fn missing(&self) -> Vec<String> {
        let is_there =
            |file: &&PathBuf| fs::metadata(file).is_ok_and(|found| found.is_file() && found.len() > 0);
        self.files.iter().filter(|file| !is_there(file)).map(|file| file.display().to_string()).collect()
    }
}

fn parts(prefix: &Path, is_large: bool) -> Parts {
    Parts { is_large, files: (1..=PARTS).map(|part| part_of(prefix, part, is_large)).collect() }
}

/// The name of one file of an index.
pub(super) fn part_of(prefix: &Path, part: usize, is_large: bool) -> PathBuf {
    let mut name = prefix.as_os_str().to_owned();
    name.push(format!(".{part}.ht2{}", if is_large { "l" } else { "" }));
    name.into()
}

fn prefix_of(path: &Path) -> Result<PathBuf, WorkflowError> {
    if path.is_dir() {
        return only_index_in(path);
    }
    let absolute = std::path::absolute(path).map_err(|source| ReadError::from_io(path, source))?;
    Ok(stem_of_part(&absolute).unwrap_or(absolute))
}

/// `a/b` of `a/b.3.ht2`.
fn stem_of_part(file: &Path) -> Option<PathBuf> {
    let name = file.file_name()?.to_str()?;
    let name = name.strip_suffix(".ht2").or_else(|| name.strip_suffix(".ht2l"))?;
    let (stem, part) = name.rsplit_once('.')?;
    let is_part = part.parse::<usize>().is_ok_and(|part| (1..=PARTS).contains(&part));
    (is_part && !stem.is_empty()).then(|| file.with_file_name(stem))
}

fn only_index_in(directory: &Path) -> Result<PathBuf, WorkflowError> {
    let absolute = std::path::absolute(directory).map_err(|source| ReadError::from_io(directory, source))?;
    let entries = fs::read_dir(&absolute).map_err(|source| ReadError::from_io(directory, source))?;
    let files = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut stems: Vec<PathBuf> = files.filter_map(|file| stem_of_part(&file)).collect();
    stems.sort();
    stems.dedup();
    match stems.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(WorkflowError::design_with_hint(
            format!("{} holds no index of HISAT2 (files NAME.1.ht2 to NAME.8.ht2)", directory.display()),
            "make one with `alkaline reference index GENOME.fa --annotation GENES.gtf -o DIR`",
        )),
        several => Err(WorkflowError::design_with_hint(
            format!(
                "{} holds several indexes: {}",
                directory.display(),
                listed(several.iter().filter_map(|stem| stem.file_name()).map(|name| name.to_string_lossy()))
            ),
            "name one: DIR/NAME",
        )),
    }
}

fn incomplete(path: &Path, prefix: &Path, missing: &[String]) -> WorkflowError {
    if !missing.is_empty() {
        return WorkflowError::design_with_hint(
            format!("the index at {} is not complete: {} missing or empty", path.display(), are(missing)),
            "copy it again, or make it with `alkaline reference index`",
        );
    }
    let hint = if is_of_another_aligner(prefix) {
        "these are files of another aligner (bowtie2, STAR or HISAT1): HISAT2 needs an index of its own, \
         which `alkaline reference index` makes"
    } else if alkaline_io::fasta::visit(path, |_, _| {}).is_ok() {
        "this is the genome itself: make the index with `alkaline reference index GENOME.fa -o DIR`, and name DIR"
    } else {
        "name the directory that `alkaline reference index` made, or what `hisat2 -x` takes (files PREFIX.1.ht2 to PREFIX.8.ht2)"
    };
    WorkflowError::design_with_hint(format!("there is no index of HISAT2 at {}", path.display()), hint)
}

fn are(missing: &[String]) -> String {
    format!("{} {}", listed(missing), if missing.len() == 1 { "is" } else { "are" })
}

fn is_of_another_aligner(prefix: &Path) -> bool {
    let beside = |ending: &str| {
        let mut name = prefix.as_os_str().to_owned();
        name.push(ending);
        Path::new(&name).exists()
    };
    [".1.bt2", ".1.bt2l", ".1.ebwt", ".bwt"].iter().any(|ending| beside(ending))
        || prefix.join("SAindex").exists()
        || prefix.with_file_name("SAindex").exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(place: &Path, stem: &str, ending: &str) {
        (1..=PARTS).for_each(|part| fs::write(place.join(format!("{stem}.{part}.{ending}")), "x").unwrap());
    }

    #[test]
    fn an_index_is_found_by_its_directory_its_prefix_or_one_of_its_files() {
        let place = tempfile::tempdir().unwrap();
        index(place.path(), "hg38.p14", "ht2");
        let prefix = place.path().join("hg38.p14");
        for path in [place.path().to_owned(), prefix.clone(), place.path().join("hg38.p14.3.ht2")] {
            let found = Hisat2Index::find(&path).unwrap();
            assert_eq!(found, Hisat2Index { prefix: prefix.clone(), is_large: false, splice_sites: None });
        }
        let large = tempfile::tempdir().unwrap();
        index(large.path(), "wheat", "ht2l");
        assert!(Hisat2Index::find(large.path()).unwrap().is_large);
        index(place.path(), "mm10", "ht2");
        let message = Hisat2Index::find(place.path()).unwrap_err().to_string();
        assert!(message.contains("several indexes: hg38.p14, mm10"), "{message}");
    }

    #[test]
    fn what_is_missing_or_of_another_kind_is_told() {
        let place = tempfile::tempdir().unwrap();
        let message = |path: &Path| Hisat2Index::find(path).unwrap_err().to_string();
        assert!(message(place.path()).contains("holds no index"));
        index(place.path(), "g", "ht2");
        fs::remove_file(place.path().join("g.5.ht2")).unwrap();
        fs::write(place.path().join("g.7.ht2"), "").unwrap();
        let told = message(&place.path().join("g"));
        assert!(told.contains("g.5.ht2") && told.contains("g.7.ht2") && !told.contains("g.6.ht2"), "{told}");
        fs::write(place.path().join("b.1.bt2"), "x").unwrap();
        assert!(message(&place.path().join("b")).contains("another aligner"));
        fs::write(place.path().join("genome.fa"), ">a\nACGT\n").unwrap();
        assert!(message(&place.path().join("genome.fa")).contains("the genome itself"));
        assert!(message(&place.path().join("nothing")).contains("there is no index"));
    }
}
