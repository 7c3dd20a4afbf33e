//! One file from the network: asked for again where that may help, taken up where it broke off, checked when it is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use ureq::http::Response;
use ureq::{Agent, Body};

use super::client::Network;
use crate::error::WorkflowError;

/// What became of a file that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fetched {
    /// It is there; whether it had been there before.
    There { path: PathBuf, before: bool },
    /// The server has no such file.
    Absent { why: String },
}

/// Why one try failed.
enum Trouble {
    /// Trying again may help.
    Passing(String),
    /// It will not.
    Lasting(WorkflowError),
    /// There is no such file.
    Absent(String),
}

/// Fetches `url` into `folder` as `name`, unless it is there.
///
/// # Errors
/// [`WorkflowError`] when the server cannot be reached or keeps failing, and when the file cannot be written.
pub(super) fn fetch(
    agent: &Agent,
    network: &Network,
    url: &str,
    folder: &Path,
    name: &str,
) -> Result<Fetched, WorkflowError> {
    let path = folder.join(name);
    if path.is_file() {
        return Ok(Fetched::There { path, before: true });
    }
    let part = folder.join(format!("{name}.part"));
    match again_where_it_helps(network, url, || try_once(agent, url, &part, name)) {
        Ok(()) => {
            fs::rename(&part, &path)
                .map_err(|source| alkaline_io::WriteError { path: path.clone(), source })?;
            Ok(Fetched::There { path, before: false })
        }
        Err(Failed::Absent(why)) => Ok(Fetched::Absent { why }),
        Err(Failed::Lasting(error)) => Err(error),
    }
}

/// The text at `url`: the listing of a folder. `None` where there is none.
///
/// # Errors
/// As [`fetch`].
pub(super) fn text(agent: &Agent, network: &Network, url: &str) -> Result<Option<String>, WorkflowError> {
    let once = || {
        let mut response = agent.get(url).call().map_err(|error| Trouble::Passing(error.to_string()))?;
        if is_passing(&response) {
            return Err(Trouble::Passing(format!("the server answers {}", response.status())));
        }
        if !response.status().is_success() {
            return Err(Trouble::Absent(format!("the server answers {}", response.status())));
        }
        response.body_mut().read_to_string().map_err(|error| Trouble::Passing(error.to_string()))
    };
    match again_where_it_helps(network, url, once) {
        Ok(text) => Ok(Some(text)),
        Err(Failed::Absent(_)) => Ok(None),
        Err(Failed::Lasting(error)) => Err(error),
    }
}

/// Why it was given up.
enum Failed {
    /// There is no such file.
    Absent(String),
    /// The server keeps failing, or this machine refuses.
    Lasting(WorkflowError),
}

/// Tries `once` as often as `network` says, waiting longer each time, while its troubles may pass.
fn again_where_it_helps<T>(
    network: &Network,
    url: &str,
    mut once: impl FnMut() -> Result<T, Trouble>,
) -> Result<T, Failed> {
    let mut wait = network.first_wait;
    let mut last = String::new();
    for attempt in 0..network.tries.max(1) {
        if attempt > 0 {
            std::thread::sleep(wait);
            wait *= 2;
        }
        match once() {
            Ok(found) => return Ok(found),
            Err(Trouble::Passing(why)) => last = why,
            Err(Trouble::Lasting(error)) => return Err(Failed::Lasting(error)),
            Err(Trouble::Absent(why)) => return Err(Failed::Absent(why)),
        }
    }
    Err(Failed::Lasting(unreachable(url, network.tries, &last)))
}

/// Whether an answer may be another one soon.
fn is_passing(response: &Response<Body>) -> bool {
    let status = response.status();
    status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
}

/// One try: what is there is kept, and only the rest asked for.
fn try_once(agent: &Agent, url: &str, part: &Path, name: &str) -> Result<(), Trouble> {
    let have = part.metadata().map_or(0, |metadata| metadata.len());
    let request = agent.get(url);
    let request = if have > 0 { request.header("Range", format!("bytes={have}-")) } else { request };
    let mut response = request.call().map_err(|error| Trouble::Passing(error.to_string()))?;
    let status = response.status().as_u16();
    if status == 416 {
        // What is there is no beginning of the file.
        discard(part)?;
        return Err(Trouble::Passing("the server has fewer bytes than are here".to_owned()));
    }
    if is_passing(&response) {
        return Err(Trouble::Passing(format!("the server answers {}", response.status())));
    }
    if !response.status().is_success() {
        return Err(Trouble::Absent(format!("the server answers {}", response.status())));
    }
    let header =
        |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    if header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        return Err(Trouble::Absent("the server sends a page of the web in its place".to_owned()));
    }
    let length: Option<u64> = header("content-length").and_then(|length| length.parse().ok());
    let is_rest = status == 206;
    let written = write(part, is_rest, &mut response.body_mut().as_reader())?;
    if let Some(length) = length.filter(|length| written < *length) {
        return Err(Trouble::Passing(format!("the connection broke off after {written} of {length} bytes")));
    }
    check(part, name)
}

/// Writes what comes behind what is there, or in its place.
fn write(part: &Path, is_rest: bool, body: &mut impl Read) -> Result<u64, Trouble> {
    let lasting = |source: io::Error| {
        Trouble::Lasting(alkaline_io::WriteError { path: part.to_owned(), source }.into())
    };
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .append(is_rest)
        .truncate(!is_rest)
        .open(part)
        .map_err(lasting)?;
    let mut buffer = vec![0; 1 << 16];
    let mut written = 0;
    loop {
        match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(number) => {
                file.write_all(&buffer[..number]).map_err(lasting)?;
                written += number as u64;
            }
            // What has come is kept: the next try asks for the rest.
            Err(error) => return Err(Trouble::Passing(error.to_string())),
        }
    }
    file.sync_all().map_err(lasting)?;
    Ok(written)
}

/// Checks a whole file: what is compressed must unpack to its end, where its checksum stands.
fn check(part: &Path, name: &str) -> Result<(), Trouble> {
    if !name.ends_with(".gz") {
        return Ok(());
    }
    let unpacked = alkaline_io::file::open(part).map(|mut input| io::copy(&mut input, &mut io::sink()));
    let is_gzip = File::open(part).and_then(|mut file| {
        let mut magic = [0; 2];
        file.read_exact(&mut magic).map(|()| magic == [0x1f, 0x8b])
    });
    if matches!(unpacked, Ok(Ok(_))) && is_gzip.unwrap_or(false) {
        return Ok(());
    }
    discard(part)?;
    Err(Trouble::Passing("what came is damaged: its checksum is wrong".to_owned()))
}

fn discard(part: &Path) -> Result<(), Trouble> {
    match fs::remove_file(part) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(Trouble::Lasting(alkaline_io::WriteError { path: part.to_owned(), source }.into()))
        }
        _ => Ok(()),
    }
}

fn unreachable(url: &str, tries: u32, why: &str) -> WorkflowError {
    WorkflowError::Network { url: url.to_owned(), tries, why: why.to_owned() }
}
