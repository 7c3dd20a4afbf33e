//! `reference index`: the index of a genome for HISAT2, made once, with the introns of an annotation.
//!
//! It is made in a folder beside its place, which a lock keeps for one maker at a time, and moved there when all of it is
//! written. A finished index of the same genome and annotation is used again; anything else is left alone.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use alkaline_core::unfinished::{self, Kind};
use alkaline_core::words::{count, listed};
use alkaline_io::annotation::{Transcripts, read_transcripts};
use alkaline_io::hisat2::{exons, splice_sites, write_exons, write_splice_sites};
use alkaline_io::{ReadError, WriteError, fasta};

use super::hisat2_index::{EXONS, IndexRecord, IntronUse, RECORD, SCHEMA, SPLICE_SITES, STEM};
use super::hisat2_programs::builder;
use crate::error::WorkflowError;
use crate::programs::{SearchPath, Started, Trouble};
use crate::store::receipt::FileRecord;

/// Bytes of sequence beyond which HISAT2 needs a large index (as `hisat2-build` decides it).
const LARGEST_SMALL: u64 = 4 * 1024 * 1024 * 1024 - 200;

/// Bases of a line of the genome that HISAT2 reads.
const LINE: usize = 80;

/// Bytes of memory that building takes for a base, when transcripts are part of the index (measured by others on the human
/// genome: about 200 GB).
const BYTES_PER_BASE_WITH_TRANSCRIPTS: u64 = 65;

/// What to index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexRequest {
    /// The genome, FASTA.
    pub genome: PathBuf,
    /// The annotation whose introns shall be known, GTF or GFF3.
    pub annotation: Option<PathBuf>,
    /// Where introns are used.
    pub introns: IntronUse,
    /// Memory of the machine in bytes, where it is known.
    pub memory: Option<u64>,
}

/// An index that is there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltIndex {
    /// What it was made of.
    pub record: IndexRecord,
    /// Whether it was there before.
    pub reused: bool,
    /// What was noticed.
    pub notices: Vec<String>,
}

/// Makes the index of `request` in the directory `out`, or finds it there.
///
/// # Errors
/// [`WorkflowError::Read`] for genome and annotation, [`WorkflowError::Design`] when these do not fit each other, or something
/// else lies at `out`, [`WorkflowError::Program`] and [`WorkflowError::Write`].
pub fn build(
    request: &IndexRequest,
    out: &Path,
    search: &SearchPath,
    threads: usize,
) -> Result<BuiltIndex, WorkflowError> {
    let genome = FileRecord::of("genome", &request.genome)?.without_stamp();
    let annotation =
        request.annotation.as_deref().map(|path| FileRecord::of("annotation", path)).transpose()?;
    let annotation = annotation.map(FileRecord::without_stamp);
    if let Some(found) = already_there(request, &genome, annotation.as_ref(), out)? {
        return Ok(found);
    }
    let place = Building::beside(out)?;
    let contigs = write_genome(&request.genome, &place.file("genome.fa"))?;
    let bases: u64 = contigs.values().sum();
    refuse_without_memory(request, bases)?;
    let mut notices = Vec::new();
    let introns = match &request.annotation {
        Some(path) => write_introns(path, &request.genome, &contigs, &place, &mut notices)?,
        None => Introns::default(),
    };
    // Its log goes with the folder; the last lines of it are in the message.
    let hisat2 =
        run(request, &place, bases, introns, search, threads).map_err(|error| error.with_log_moved(None))?;
    fs::remove_file(place.file("genome.fa")).map_err(|source| place.failed(source))?;
    let record = IndexRecord {
        schema: SCHEMA,
        alkaline: env!("CARGO_PKG_VERSION").to_owned(),
        hisat2,
        genome,
        annotation,
        introns: request.introns,
        contigs: contigs.len(),
        bases,
        splice_sites: introns.sites,
        exons: introns.exons,
        files: place.records()?,
    };
    place.finish(&record, out)?;
    Ok(BuiltIndex { record, reused: false, notices })
}

/// The finished index at `out`, if it is the one that is wanted; refuses everything else that lies there.
fn already_there(
    request: &IndexRequest,
    genome: &FileRecord,
    annotation: Option<&FileRecord>,
    out: &Path,
) -> Result<Option<BuiltIndex>, WorkflowError> {
    if out.symlink_metadata().is_err() {
        return Ok(None);
    }
    let refuse = |what: String| {
        let hint = "choose another directory with -o, or move this one away";
        Err(WorkflowError::design_with_hint(format!("{} {what}, and is not replaced", out.display()), hint))
    };
    if !out.is_dir() {
        return refuse("is not a directory".to_owned());
    }
    let Some(record) = IndexRecord::read(out) else {
        let is_empty = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_none());
        return if is_empty { Ok(None) } else { refuse("holds something else".to_owned()) };
    };
    let damaged = record.damaged(out);
    if !damaged.is_empty() {
        return refuse(format!(
            "holds an index that is damaged ({} are not as they were made)",
            listed(&damaged)
        ));
    }
    if !same(&record.genome, genome) {
        return refuse(format!("holds the index of another genome ({})", record.genome.path.display()));
    }
    let is_same_annotation = match (&record.annotation, annotation) {
        (Some(theirs), Some(ours)) => same(theirs, ours),
        (None, None) => true,
        _ => false,
    };
    if !is_same_annotation || (record.introns != request.introns && annotation.is_some()) {
        return refuse("holds the index of this genome with other introns".to_owned());
    }
    Ok(Some(BuiltIndex { record, reused: true, notices: Vec::new() }))
}

/// Whether two files have the same content, wherever they lie.
fn same(one: &FileRecord, other: &FileRecord) -> bool {
    (one.bytes, &one.blake3) == (other.bytes, &other.blake3)
}

fn refuse_without_memory(request: &IndexRequest, bases: u64) -> Result<(), WorkflowError> {
    let needed = bases * BYTES_PER_BASE_WITH_TRANSCRIPTS;
    match request.memory {
        Some(memory)
            if request.introns == IntronUse::Index && request.annotation.is_some() && memory < needed =>
        {
            Err(WorkflowError::design_with_hint(
                format!(
                    "an index that holds the transcripts of {} takes about {} GB of memory to build, and there are {}",
                    request.genome.display(),
                    needed.div_ceil(1_000_000_000),
                    memory / 1_000_000_000
                ),
                "leave `--introns index` out: introns are then handed to the aligner, which finds the same reads",
            ))
        }
        _ => Ok(()),
    }
}

/// Writes the genome plainly, and gives the length of every contig: HISAT2 reads no compressed file, and takes a comma in a
/// name for two files.
fn write_genome(genome: &Path, place: &Path) -> Result<HashMap<String, u64>, WorkflowError> {
    let in_place = |source: io::Error| WriteError { path: place.to_owned(), source };
    let mut out = BufWriter::new(File::create(place).map_err(in_place)?);
    let mut contigs = HashMap::new();
    let mut failed = None;
    fasta::visit(genome, |name, letters| {
        if failed.is_none() {
            let mut lines = || -> io::Result<()> {
                writeln!(out, ">{name}")?;
                letters.chunks(LINE).try_for_each(|line| {
                    out.write_all(line)?;
                    out.write_all(b"\n")
                })
            };
            failed = lines().err();
        }
        contigs.insert(name.to_owned(), letters.len() as u64);
    })?;
    match failed {
        Some(error) => Err(in_place(error).into()),
        None => Ok(out.flush().map(|()| contigs).map_err(in_place)?),
    }
}

/// How many introns and exons are known.
#[derive(Clone, Copy, Debug, Default)]
struct Introns {
    sites: usize,
    exons: usize,
}

fn write_introns(
    annotation: &Path,
    genome: &Path,
    contigs: &HashMap<String, u64>,
    place: &Building,
    notices: &mut Vec<String>,
) -> Result<Introns, WorkflowError> {
    let transcripts = read_transcripts(annotation)?;
    notices.extend(transcripts.notices.iter().map(|notice| format!("{}: {notice}", annotation.display())));
    let transcripts = of_this_genome(transcripts, annotation, genome, contigs, notices)?;
    let (sites, exons) = (splice_sites(&transcripts), exons(&transcripts));
    let write = |name: &str, fill: &dyn Fn(&mut dyn Write) -> io::Result<()>| {
        let mut out = BufWriter::new(File::create(place.file(name))?);
        fill(&mut out)?;
        out.flush()
    };
    write(SPLICE_SITES, &|out| write_splice_sites(&sites, &transcripts.contigs, out))
        .and_then(|()| write(EXONS, &|out| write_exons(&exons, &transcripts.contigs, out)))
        .map_err(|source| place.failed(source))?;
    Ok(Introns { sites: sites.len(), exons: exons.len() })
}

/// The transcripts on contigs of the genome; refuses an annotation of another genome.
fn of_this_genome(
    mut transcripts: Transcripts,
    annotation: &Path,
    genome: &Path,
    contigs: &HashMap<String, u64>,
    notices: &mut Vec<String>,
) -> Result<Transcripts, WorkflowError> {
    let names = &transcripts.contigs;
    let missing: Vec<&String> = names.iter().filter(|name| !contigs.contains_key(*name)).collect();
    if missing.len() == names.len() {
        let mut theirs: Vec<&String> = contigs.keys().collect();
        theirs.sort();
        return Err(WorkflowError::design_with_hint(
            format!(
                "no contig of {} is in {}: the annotation has {}; the genome has {}",
                annotation.display(),
                genome.display(),
                listed(names),
                listed(theirs)
            ),
            "use the annotation that belongs to this genome (both from Ensembl, or both from UCSC)",
        ));
    }
    if !missing.is_empty() {
        notices.push(format!(
            "{}: {} not in the genome, left out: {}",
            annotation.display(),
            count(missing.len(), "contig"),
            listed(&missing)
        ));
    }
    let length = |contig: usize| contigs.get(&names[contig]).copied();
    for transcript in &transcripts.transcripts {
        let end = transcript.exons.last().map_or(0, |exon| u64::from(exon.end()));
        if let Some(length) = length(transcript.contig).filter(|&length| end > length) {
            return Err(WorkflowError::design_with_hint(
                format!(
                    "{} and {} are of different builds: an exon on `{}` ends at {end}, the contig at {length}",
                    annotation.display(),
                    genome.display(),
                    names[transcript.contig]
                ),
                "use the annotation that belongs to this genome",
            ));
        }
    }
    let is_here: Vec<bool> = (0..names.len()).map(|contig| length(contig).is_some()).collect();
    transcripts.transcripts.retain(|transcript| is_here[transcript.contig]);
    Ok(transcripts)
}

/// Runs HISAT2's builder, and gives its version.
fn run(
    request: &IndexRequest,
    place: &Building,
    bases: u64,
    introns: Introns,
    search: &SearchPath,
    threads: usize,
) -> Result<String, WorkflowError> {
    let is_large = bases > LARGEST_SMALL;
    let program = builder(search, is_large)?;
    let mut arguments: Vec<OsString> = ["--wrapper", "basic-0", "-p"].map(OsString::from).to_vec();
    arguments.push(threads.max(1).to_string().into());
    if request.introns == IntronUse::Index && introns.sites > 0 {
        arguments.extend(["--ss", SPLICE_SITES, "--exon", EXONS].map(OsString::from));
    }
    arguments.extend(["genome.fa", STEM].map(OsString::from));
    let mut running = Started {
        name: "hisat2-build",
        program: &program,
        about: request.genome.display().to_string(),
        log: &place.file("build.log"),
        folder: &place.folder,
        arguments,
        fed: false,
        read: false,
    }
    .start()?;
    running.wait()?;
    let found = super::hisat2_index::Hisat2Index::find(&place.file(STEM));
    found.map_err(|error| {
        running.failure(Trouble::Wrong(format!("left no whole index: {}", error.message())))
    })?;
    Ok(program.version)
}

/// The folder in which an index is made.
struct Building {
    folder: PathBuf,
    /// Held while it is made.
    _lock: File,
    _entry: unfinished::Unfinished,
    is_finished: std::cell::Cell<bool>,
}

impl Building {
    /// A folder beside `out`; what an earlier maker, who was killed, left there goes.
    fn beside(out: &Path) -> Result<Self, WorkflowError> {
        let in_context = |source: io::Error| WriteError { path: out.to_owned(), source };
        let out = std::path::absolute(out).map_err(in_context)?;
        let name = out.file_name().ok_or_else(|| in_context(io::ErrorKind::InvalidInput.into()))?;
        let parent = out.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(in_context)?;
        let folder = parent.join(format!(".{}.part", name.to_string_lossy()));
        let make = || fs::create_dir_all(&folder).map(|()| folder.clone());
        // The folder becomes ours with the lock, and only then is it ours to remove.
        make().map_err(in_context)?;
        let lock = File::create(folder.join("lock")).map_err(in_context)?;
        if lock.try_lock().is_err() {
            return Err(WorkflowError::design_with_hint(
                format!("another process makes the index {} at this moment", out.display()),
                "wait until it is done, and give the same command again: a finished index is used as it is",
            ));
        }
        let (folder, entry) = unfinished::begin(Kind::Tree, make, PathBuf::as_path).map_err(in_context)?;
        let place = Self { folder, _lock: lock, _entry: entry, is_finished: false.into() };
        place.empty().map_err(in_context)?;
        Ok(place)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn failed(&self, source: io::Error) -> WriteError {
        WriteError { path: self.folder.clone(), source }
    }

    /// Removes everything but the lock.
    fn empty(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.ends_with("lock") {
                continue;
            }
            if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
        }
        Ok(())
    }

    /// The files that were made, by their names.
    fn records(&self) -> Result<Vec<FileRecord>, WorkflowError> {
        let mut names: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(|source| ReadError::from_io(&self.folder, source))? {
            let entry = entry.map_err(|source| ReadError::from_io(&self.folder, source))?;
            names.push(entry.file_name().into());
        }
        names.retain(|name| !["lock", "build.log"].iter().any(|other| name == Path::new(other)));
        names.sort();
        let record = |name: PathBuf| {
            Ok(FileRecord {
                path: name.clone(),
                ..FileRecord::of("index", &self.folder.join(name))?.without_stamp()
            })
        };
        names.into_iter().map(record).collect()
    }

    /// Writes the record, and moves the folder to its place.
    fn finish(&self, record: &IndexRecord, out: &Path) -> Result<(), WorkflowError> {
        let mut text = serde_json::to_vec_pretty(record).unwrap_or_default();
        text.push(b'\n');
        fs::write(self.file(RECORD), text).map_err(|source| self.failed(source))?;
        let moved = unfinished::undisturbed(|| {
            fs::remove_file(self.file("lock"))?;
            // An empty directory may lie there.
            fs::rename(&self.folder, out)
        });
        moved.map_err(|source| WriteError { path: out.to_owned(), source })?;
        self.is_finished.set(true);
        Ok(())
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        if !self.is_finished.get() {
            // Nobody is left to be told of a failure.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
