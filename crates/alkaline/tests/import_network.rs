//! `import geo GSE...`: a series is fetched from a server laid out as NCBI's, which fails as servers do.

#![cfg(test)]

mod command_line;

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use command_line::{alkaline, stderr};

/// What the server does with the requests of one path, one after the other; the last is repeated.
#[derive(Clone)]
enum Answer {
    /// Sends the whole, or the rest that is asked for.
    Whole(Vec<u8>),
    /// Says how long it is, sends so many bytes, and hangs up.
    Breaks(Vec<u8>, usize),
    /// Fails.
    Status(u16),
    /// A page of the web.
    Page(String),
}

/// A server, and what was asked of it.
struct Server {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answers: Vec<(&str, Vec<Answer>)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let mut answers: HashMap<String, Vec<Answer>> =
            answers.into_iter().map(|(path, all)| (path.to_owned(), all)).collect();
        let heard = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (path, from) = request(&stream);
                heard.lock().unwrap().push(format!("{path} from {from}"));
                let answer = match answers.get_mut(&path) {
                    Some(all) if all.len() > 1 => all.remove(0),
                    Some(all) => all[0].clone(),
                    None => Answer::Status(404),
                };
                // A client that hangs up is none of the server's business.
                let _ = respond(stream, answer, from);
            }
        });
        Self { url, asked }
    }

    fn requests(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// The path, and the byte that the rest is asked for from.
fn request(stream: &TcpStream) -> (String, usize) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines.next().and_then(Result::ok).unwrap_or_default();
    let mut from = 0;
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some(range) = line.to_lowercase().strip_prefix("range: bytes=") {
            from = range.trim_end_matches('-').parse().unwrap();
        }
    }
    (first.split(' ').nth(1).unwrap_or_default().to_owned(), from)
}

fn respond(mut stream: TcpStream, answer: Answer, from: usize) -> std::io::Result<()> {
    let head = |status: &str, kind: &str, length: usize| {
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        )
    };
    match answer {
        Answer::Status(code) => stream.write_all(head(&format!("{code} No"), "text/plain", 0).as_bytes()),
        Answer::Page(text) => {
            stream.write_all(head("200 OK", "text/html", text.len()).as_bytes())?;
            stream.write_all(text.as_bytes())
        }
        Answer::Whole(bytes) | Answer::Breaks(bytes, _) if from > bytes.len() => {
            stream.write_all(head("416 No", "text/plain", 0).as_bytes())
        }
        Answer::Whole(bytes) => {
            let status = if from > 0 { "206 Partial Content" } else { "200 OK" };
            stream.write_all(head(status, "application/x-gzip", bytes.len() - from).as_bytes())?;
            stream.write_all(&bytes[from..])
        }
        Answer::Breaks(bytes, number) => {
            stream.write_all(head("200 OK", "application/x-gzip", bytes.len()).as_bytes())?;
            stream.write_all(&bytes[..number])
        }
    }
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A series of sequencing with four samples.
fn matrix() -> Vec<u8> {
    let cells = |of: &dyn Fn(usize) -> String| {
        (1..=4).map(|sample| format!("\t\"{}\"", of(sample))).collect::<String>()
    };
    let mut text = "!Series_title\t\"T\"\n!Series_geo_accession\t\"GSE12345\"\n".to_owned();
    text += &format!(
        "!Sample_title{}\n!Sample_geo_accession{}\n",
        cells(&|s| format!("t{s}")),
        cells(&|s| format!("GSM{s}"))
    );
    text += &format!(
        "!Sample_type{}\n!Sample_organism_ch1{}\n",
        cells(&|_| "SRA".into()),
        cells(&|_| "Homo sapiens".into())
    );
    text += &format!(
        "!Sample_characteristics_ch1{}\n",
        cells(&|s| format!("line: {}", if s < 3 { "parental" } else { "resistant" }))
    );
    text += &format!(
        "!series_matrix_table_begin\n\"ID_REF\"{}\n!series_matrix_table_end\n",
        cells(&|s| format!("GSM{s}"))
    );
    gzipped(&text)
}

fn counts() -> Vec<u8> {
    let rows: String = (1..400)
        .map(|gene| format!("{gene}\t{}\t{}\t{}\t{}\n", gene * 3, gene * 2, gene * 5 % 97, gene * 7 % 89))
        .collect();
    gzipped(&format!("GeneID\tGSM1\tGSM2\tGSM3\tGSM4\n{rows}"))
}

const MATRIX: &str = "/geo/series/GSE12nnn/GSE12345/matrix/GSE12345_series_matrix.txt.gz";
const LISTING: &str = "/geo/series/GSE12nnn/GSE12345/matrix/";
const COUNTS: &str = "/geo/download/?type=rnaseq_counts&acc=GSE12345&format=file&file=GSE12345_raw_counts_GRCh38.p13_NCBI.tsv.gz";

fn import(place: &std::path::Path, url: &str) -> std::process::Output {
    alkaline(
        place,
        &[
            "import",
            "geo",
            "GSE12345",
            "--base-url",
            url,
            "--tries",
            "4",
            "--first-wait",
            "0.01",
            "--out",
            "in",
        ],
    )
}

#[test]
fn a_file_that_breaks_off_is_taken_up_and_a_server_that_fails_is_asked_again() {
    let counts = counts();
    let half = counts.len() / 2;
    let listing = "<a href=\"GSE12345_series_matrix.txt.gz\">GSE12345_series_matrix.txt.gz</a>".to_owned();
    let server = Server::start(vec![
        (LISTING, vec![Answer::Status(503), Answer::Page(listing)]),
        (MATRIX, vec![Answer::Status(500), Answer::Whole(matrix())]),
        (COUNTS, vec![Answer::Breaks(counts.clone(), half), Answer::Whole(counts.clone())]),
    ]);
    let place = tempfile::tempdir().unwrap();
    let done = import(place.path(), &server.url);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(stderr(&done).contains("these are counts"), "{}", stderr(&done));
    assert!(stderr(&done).contains("Human.GRCh38.p13.annot.tsv.gz is not there"), "{}", stderr(&done));
    let kept = place.path().join("GSE12345/GSE12345_raw_counts_GRCh38.p13_NCBI.tsv.gz");
    assert_eq!(fs::read(&kept).unwrap(), counts);
    assert!(server.requests().contains(&format!("{COUNTS} from {half}")), "{:?}", server.requests());
    assert!(
        fs::read_to_string(place.path().join("in/samples.csv"))
            .unwrap()
            .contains("GSM3,resistant,t3,resistant")
    );
    // what is there is not fetched again
    let before = server.requests().len();
    fs::remove_dir_all(place.path().join("in")).unwrap();
    let again = import(place.path(), &server.url);
    assert!(stderr(&again).contains("GSE12345_series_matrix.txt.gz was there already"), "{}", stderr(&again));
    assert!(
        server.requests()[before..]
            .iter()
            .all(|asked| !asked.starts_with(MATRIX) && !asked.starts_with(COUNTS))
    );
}

#[test]
fn damage_is_found_by_the_checksum_and_fetched_anew() {
    let mut damaged = counts();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    let server = Server::start(vec![
        (MATRIX, vec![Answer::Whole(matrix())]),
        (COUNTS, vec![Answer::Whole(damaged), Answer::Whole(counts())]),
    ]);
    let place = tempfile::tempdir().unwrap();
    let done = import(place.path(), &server.url);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    let mut kept = Vec::new();
    let path = place.path().join("GSE12345/GSE12345_raw_counts_GRCh38.p13_NCBI.tsv.gz");
    fs::File::open(path).unwrap().read_to_end(&mut kept).unwrap();
    assert_eq!(kept, counts());
}

#[test]
fn a_page_in_place_of_counts_and_a_series_that_is_not_there_are_told() {
    let server = Server::start(vec![
        (MATRIX, vec![Answer::Whole(matrix())]),
        (COUNTS, vec![Answer::Page("<html>private</html>".to_owned())]),
    ]);
    let place = tempfile::tempdir().unwrap();
    let done = import(place.path(), &server.url);
    assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
    assert!(stderr(&done).contains("a page of the web in its place"), "{}", stderr(&done));
    assert!(stderr(&done).contains("none of the files holds values of samples"), "{}", stderr(&done));
    let nothing = Server::start(Vec::new());
    let done = import(tempfile::tempdir().unwrap().path(), &nothing.url);
    assert_eq!(done.status.code(), Some(3));
    assert!(stderr(&done).contains("there is no such series, or it is not public"), "{}", stderr(&done));
}

#[test]
fn a_server_that_keeps_failing_is_the_machine_s_fault_and_what_has_come_is_kept() {
    let bytes = counts();
    let server = Server::start(vec![
        (MATRIX, vec![Answer::Whole(matrix())]),
        (COUNTS, vec![Answer::Breaks(bytes.clone(), 100), Answer::Status(503)]),
    ]);
    let place = tempfile::tempdir().unwrap();
    let failed = import(place.path(), &server.url);
    assert_eq!(failed.status.code(), Some(4), "{}", stderr(&failed));
    assert!(
        stderr(&failed).contains("nothing came of it in 4 tries: the server answers 503"),
        "{}",
        stderr(&failed)
    );
    let part = place.path().join("GSE12345/GSE12345_raw_counts_GRCh38.p13_NCBI.tsv.gz.part");
    assert_eq!(fs::read(part).unwrap(), &bytes[..100]);
    assert!(!place.path().join("in").exists());
    let unreachable = import(place.path(), "http://127.0.0.1:9");
    assert_eq!(unreachable.status.code(), Some(4), "{}", stderr(&unreachable));
}

#[test]
fn a_proxy_is_honoured() {
    let server = Server::start(vec![(
        "http://geo.example/geo/series/GSE12nnn/GSE12345/matrix/",
        vec![Answer::Status(404)],
    )]);
    let place = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .args(["import", "geo", "GSE12345", "--base-url", "http://geo.example", "--tries", "1", "--list"])
        .current_dir(place.path())
        .env("HTTP_PROXY", &server.url)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .env_remove("HTTPS_PROXY")
        .env_remove("https_proxy")
        .env_remove("ALL_PROXY")
        .env_remove("all_proxy")
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(server.requests().iter().any(|asked| asked.contains("geo.example")), "{:?}", server.requests());
}
