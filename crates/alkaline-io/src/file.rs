//! Opening and closing files: gzip by content, standard streams by `-`, and writing that is never seen half-done.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use crate::error::{ReadError, WriteError};
use crate::output::Temporary;
use crate::parallel_gzip::ParallelGzip;

/// The name that stands for standard input or output.
const STANDARD_STREAM: &str = "-";

/// First two bytes of a gzip file (RFC 1952).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Buffer for sequential reading and writing, in bytes.
const BUFFER_SIZE: usize = 1 << 17;

/// Opens `path` for reading text: gunzips by content, reads standard input for `-`.
///
/// # Errors
/// [`ReadError::Missing`], [`ReadError::Io`], and [`ReadError::Format`] for a directory.
pub fn open(path: &Path) -> Result<Box<dyn BufRead + Send>, ReadError> {
    let file: Box<dyn Read + Send> = if path.as_os_str() == STANDARD_STREAM {
        Box::new(io::stdin())
    } else {
        let file = File::open(path).map_err(|source| ReadError::from_io(path, source))?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Err(ReadError::from_io(path, io::ErrorKind::IsADirectory.into()));
        }
        Box::new(file)
    };
    let mut buffered = BufReader::with_capacity(BUFFER_SIZE, file);
    let start = buffered.fill_buf().map_err(|source| ReadError::from_io(path, source))?;
    if start.starts_with(&GZIP_MAGIC) {
        Ok(Box::new(BufReader::with_capacity(BUFFER_SIZE, MultiGzDecoder::new(buffered))))
    } else {
        Ok(Box::new(buffered))
    }
}

/// Writes `path` through `write`: beside it first, then renamed, so that nobody sees half a file. Files that belong
/// together are written inside [`together`](crate::output::together).
///
/// A name ending in `.gz` is compressed; `-` is standard output; missing directories are made. A symbolic link is
/// followed, and stays. What is no regular file (`/dev/null`, a named pipe, `/dev/stdout`) cannot be replaced: it is
/// written into as it stands.
///
/// # Errors
/// [`WriteError`] with the path and the operating system's refusal; the old file, if any, is then untouched.
pub fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), WriteError> {
    let in_context = |source| WriteError { path: path.to_owned(), source };
    if path.as_os_str() == STANDARD_STREAM {
        let mut out = BufWriter::new(io::stdout().lock());
        return write(&mut out).and_then(|()| out.flush()).map_err(in_context);
    }
    let written = match Destination::of(path) {
        Ok(Destination::Regular(file)) => write_beside_and_rename(&file, write),
        Ok(Destination::Stream) => write_into(path, write),
        Err(source) => Err(source),
    };
    written.map_err(in_context)
}

/// What lies, or will lie, under the name of an output.
enum Destination {
    /// A file with this name, which may be replaced.
    Regular(PathBuf),
    /// A device or a pipe.
    Stream,
}

impl Destination {
    fn of(path: &Path) -> io::Result<Self> {
        if path.file_name().is_none() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is not a file name"));
        }
        match path.metadata() {
            Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if found.is_file() => Ok(Self::Regular(path.canonicalize()?)),
            Ok(_) => Ok(Self::Stream),
            Err(_) => Ok(Self::Regular(path.to_owned())),
        }
    }
}

/// Writes into a device or a pipe.
fn write_into(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    fill(path, std::fs::OpenOptions::new().write(true).open(path)?, write)
}

/// The atomic part of [`write_atomically`].
fn write_beside_and_rename(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let temporary = Temporary::beside(path)?;
    fill(path, temporary.as_file(), write)?;
    temporary.finish()
}

/// Lets `write` fill an open file, compressed if its name `path` says so.
fn fill(
    path: &Path,
    file: impl Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffered = BufWriter::with_capacity(BUFFER_SIZE, file);
    if path.extension().is_some_and(|extension| extension == "gz") {
        let mut encoder = ParallelGzip::new(&mut buffered);
        write(&mut encoder)?;
        encoder.finish()?;
    } else {
        write(&mut buffered)?;
    }
    buffered.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("table.tsv");
        write_atomically(&path, |out| out.write_all(b"old")).unwrap();
        let failed = write_atomically(&path, |out| {
            out.write_all(b"new, but")?;
            Err(io::Error::other("disk full"))
        });
        assert!(failed.unwrap_err().to_string().contains("disk full"));
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn damaged_files_and_directories_are_the_input_s_fault() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("table.tsv.gz");
        write_atomically(&path, |out| (0..1000).try_for_each(|i| writeln!(out, "{i}\t{}", i * i))).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 0xff;
        for damaged in [&whole[..whole.len() / 2], &flipped] {
            std::fs::write(&path, damaged).unwrap();
            let read = open(&path).unwrap().read_to_string(&mut String::new());
            let error = ReadError::from_io(&path, read.unwrap_err());
            assert!(error.is_bad_input() && error.to_string().contains("hint: "), "{error}");
        }
        let error = open(directory.path()).err().unwrap();
        assert!(error.is_bad_input() && error.to_string().contains("it is a directory"), "{error}");
    }

    #[test]
    fn gzip_goes_by_name_when_writing_and_by_content_when_reading() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("table.tsv.gz");
        write_atomically(&path, |out| out.write_all(b"a\tb\n")).unwrap();
        assert!(std::fs::read(&path).unwrap().starts_with(&GZIP_MAGIC));
        let mut text = String::new();
        open(&path).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "a\tb\n");
    }

    #[test]
    #[cfg(unix)]
    fn a_symbolic_link_is_followed_and_stays() {
        let directory = tempfile::tempdir().unwrap();
        let (target, link) = (directory.path().join("target.tsv"), directory.path().join("link.tsv"));
        std::fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write_atomically(&link, |out| out.write_all(b"new")).unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"new");
        assert!(link.symlink_metadata().unwrap().is_symlink());
    }

    #[test]
    #[cfg(unix)]
    fn a_named_pipe_is_written_into_and_stays() {
        use std::os::unix::fs::FileTypeExt;
        let directory = tempfile::tempdir().unwrap();
        let pipe = directory.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).unwrap()
        });
        write_atomically(&pipe, |out| out.write_all(b"through")).unwrap();
        assert_eq!(reader.join().unwrap(), b"through");
        assert!(pipe.metadata().unwrap().file_type().is_fifo());
    }

    #[test]
    fn a_missing_file_is_bad_input() {
        let Err(error) = open(Path::new("/nowhere/at/all.tsv")) else { panic!("opened a missing file") };
        assert!(error.is_bad_input());
        assert_eq!(error.to_string(), "/nowhere/at/all.tsv: no such file");
    }
}
