//! What the tests of the ready analyses share: copies of `workflows/`, stand-ins for data that are not ours, and tables to look into.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::command_line::{stderr, succeed};

/// A file or folder of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Copies the ready analysis `name`, as it stands in the repository, to `workflows/NAME` below `place`.
pub fn ready_analysis(place: &Path, name: &str) -> PathBuf {
    let (from, to) = (repository("workflows").join(name), place.join("workflows").join(name));
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
    to
}

/// Runs alkaline with words separated by blanks, and gives what it said.
#[track_caller]
pub fn run(place: &Path, words: &str) -> String {
    stderr(&succeed(place, &words.split_whitespace().collect::<Vec<_>>()))
}

/// A table by its columns' names.
pub struct Table {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let split = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
        let names = split(lines.next().expect("a header"));
        Self { names, rows: lines.map(split).collect() }
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    #[track_caller]
    pub fn column(&self, name: &str) -> Vec<&str> {
        let place = self.names.iter().position(|known| known == name);
        let place = place.unwrap_or_else(|| panic!("no column {name} among {:?}", self.names));
        self.rows.iter().map(|row| row[place].as_str()).collect()
    }

    pub fn numbers(&self, name: &str) -> Vec<f64> {
        self.column(name).iter().map(|cell| cell.parse().unwrap_or(f64::NAN)).collect()
    }

    /// Values of `name` by those of `key`.
    pub fn by<'a>(&'a self, key: &str, name: &str) -> HashMap<&'a str, &'a str> {
        self.column(key).into_iter().zip(self.column(name)).collect()
    }
}

/// Expects genes to be called exactly where `p` is below `alpha` and the fold change reaches `lfc`; gives how many go up and down.
#[track_caller]
pub fn called_by(table: &Table, p: &str, alpha: f64, lfc: f64) -> (usize, usize) {
    let (mut up, mut down) = (0, 0);
    for ((change, p), direction) in
        table.numbers("logFC").into_iter().zip(table.numbers(p)).zip(table.column("direction"))
    {
        let expected = match (p < alpha && change.abs() >= lfc, change > 0.0) {
            (false, _) => "ns",
            (true, true) => "up",
            (true, false) => "down",
        };
        assert_eq!(direction, expected, "logFC {change}, P {p}");
        up += usize::from(direction == "up");
        down += usize::from(direction == "down");
    }
    (up, down)
}

/// Expects the forty chemokines of the paper's panel, and most of those that were planted to go up.
#[track_caller]
pub fn chemokines_go_up(contrast: &Path) {
    let panel = Table::read(&contrast.join("panels/chemokines.tsv"));
    assert_eq!(panel.rows(), 40);
    let directions = panel.by("gene_name", "direction");
    let planted = planted("chemokines");
    let of_panel: Vec<&String> =
        planted.iter().filter(|gene| directions.contains_key(gene.as_str())).collect();
    let up = of_panel.iter().filter(|gene| directions[gene.as_str()] == "up").count();
    assert!(of_panel.len() >= 20 && up * 10 >= of_panel.len() * 7, "{up} of {}", of_panel.len());
    assert!(!directions.values().any(|direction| *direction == "down"), "{directions:?}");
}

/// The symbols of a programme of the demonstration.
pub fn planted(programme: &str) -> Vec<String> {
    let text = fs::read_to_string(repository("reference/demo/programmes.tsv")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix(programme)?.strip_prefix('\t'));
    rows.map(|row| row.split('\t').nth(1).unwrap().to_owned()).collect()
}
