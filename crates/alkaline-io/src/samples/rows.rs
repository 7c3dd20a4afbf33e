//! The rows of a sample sheet as samples. Where the sheet names reads, several rows may be one sample: its lanes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use alkaline_core::samples::{Lane, Reads, SampleRecord, SampleSheet};
use alkaline_core::words::count;

use super::layout::{Layout, is_fastq};
use crate::column_names::plain;
use crate::delimited::Record;
use crate::error::{FileProblems, Problem, ReadError};

/// Columns that tell lanes from one another, and so may differ between rows of one sample.
const LANE_COLUMNS: [&str; 12] = [
    "lane",
    "lanes",
    "run",
    "runs",
    "unit",
    "unitname",
    "flowcell",
    "library",
    "libraryid",
    "seqplatform",
    "seqcenter",
    "readgroup",
];

/// The samples so far.
pub(super) struct Rows<'a> {
    layout: &'a Layout,
    header: &'a [String],
    path: &'a Path,
    samples: Vec<SampleRecord>,
    /// Of each sample its place and its first line.
    known: HashMap<String, (usize, u64)>,
    /// Of each file of reads the line that names it.
    files: HashMap<PathBuf, u64>,
    /// Variables that differ between the rows of one sample.
    of_lanes: Vec<usize>,
    problems: Vec<Problem>,
}

impl<'a> Rows<'a> {
    pub fn new(layout: &'a Layout, header: &'a [String], path: &'a Path) -> Self {
        Self {
            layout,
            header,
            path,
            samples: Vec::new(),
            known: HashMap::new(),
            files: HashMap::new(),
            of_lanes: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Takes one more row.
    pub fn add(&mut self, line: u64, row: &Record) {
        if row.len() != self.header.len() {
            let message = format!("{} fields, but the header has {}", row.len(), self.header.len());
            self.problems.push(Problem::at_line(line, message));
            return;
        }
        let record = self.record(line, row);
        let name = record.id.to_string();
        if name.is_empty() {
            let problem = Problem::at_line(line, "the sample has no name");
            self.problems.push(problem.in_column(&self.layout.sample_name));
            return;
        }
        match self.known.get(&name).copied() {
            Some((place, first)) => self.merge(line, record, place, first),
            None => {
                self.known.insert(name, (self.samples.len(), line));
                self.samples.push(record);
            }
        }
    }

    /// The sheet, and what was decided about lanes.
    ///
    /// # Errors
    /// [`ReadError`] with everything that is wrong with the rows.
    pub fn sheet(mut self) -> Result<(SampleSheet, Vec<String>), ReadError> {
        if self.samples.is_empty() && self.problems.is_empty() {
            self.problems.push(Problem::of_file("the sheet has a header but no samples"));
        }
        FileProblems::check(self.path, self.problems)?;
        let mut notices = Vec::new();
        let merged = self.samples.iter().filter(|sample| lanes(sample) > 1);
        let merged: Vec<String> =
            merged.map(|sample| format!("`{}` ({})", sample.id, count(lanes(sample), "lane"))).collect();
        if !merged.is_empty() {
            notices.push(format!("rows of one sample are its lanes: {}", merged.join(", ")));
        }
        let name = |&place: &usize| &self.header[self.layout.variables[place]];
        for place in &self.of_lanes {
            notices.push(format!(
                "the column `{}` tells of lanes, not of samples, and is not used",
                name(place)
            ));
        }
        let kept: Vec<usize> =
            (0..self.layout.variables.len()).filter(|place| !self.of_lanes.contains(place)).collect();
        let variables = kept.iter().map(|place| name(place).clone()).collect();
        for sample in &mut self.samples {
            sample.values = kept.iter().map(|&place| std::mem::take(&mut sample.values[place])).collect();
        }
        Ok((SampleSheet { variables, samples: self.samples }, notices))
    }

    /// One row as a sample.
    fn record(&mut self, line: u64, row: &Record) -> SampleRecord {
        let layout = self.layout;
        let file = layout.file.map(|column| field(row, column)).filter(|text| !text.is_empty());
        SampleRecord {
            id: field(row, layout.sample).into(),
            file: file.map(|text| resolve(text, self.path)),
            reads: self.lane(line, row).map(|lane| Reads { lanes: vec![lane] }),
            values: layout.variables.iter().map(|&column| field(row, column).to_owned()).collect(),
        }
    }

    /// The FASTQ files of a row.
    fn lane(&mut self, line: u64, row: &Record) -> Option<Lane> {
        let [first, second] = self.layout.mates.map(|column| {
            let column = column?;
            let text = field(row, column);
            (!text.is_empty()).then(|| self.reads(line, text, column))
        });
        match (first, second) {
            (Some(first), second) => Some(Lane { first, second }),
            (None, Some(_)) => {
                let column = self.layout.mates[1].map_or("fastq_2", |column| &self.header[column]);
                let problem = Problem::at_line(line, "there is a file of read 2, but none of read 1");
                self.problems
                    .push(problem.in_column(column).hint("single reads stand in the column `fastq_1`"));
                None
            }
            (None, None) => None,
        }
    }

    /// A file of reads, which no other row may name.
    fn reads(&mut self, line: u64, text: &str, column: usize) -> PathBuf {
        let mut problem = |message: String| {
            self.problems.push(Problem::at_line(line, message).in_column(&self.header[column]));
        };
        if !is_fastq(text) {
            problem(format!("{text} is no FASTQ file (.fastq, .fq, or one of these with .gz)"));
        }
        let path = resolve(text, self.path);
        match self.files.insert(path.clone(), line) {
            Some(first) if first == line => {
                problem(format!("{text} stands twice in the row: read 1 and read 2 are two files"))
            }
            Some(first) => {
                problem(format!("{text} stands in line {first} already: its reads would count twice"))
            }
            None => {}
        }
        path
    }

    /// Adds a row of a sample that is known to it: a lane, or a mistake.
    fn merge(&mut self, line: u64, record: SampleRecord, place: usize, first: u64) {
        let layout = self.layout;
        let known = &mut self.samples[place];
        let column = &layout.sample_name;
        let (Some(reads), Some(lane)) = (&mut known.reads, record.reads) else {
            let message = format!("sample `{}` stands in line {first} already", record.id);
            let hint = match layout.mates[0] {
                Some(_) => "rows of one sample are its lanes: each names its own reads",
                None => "every row is one library: give each its own name",
            };
            self.problems.push(Problem::at_line(line, message).in_column(column).hint(hint));
            return;
        };
        if reads.is_paired() != lane.is_paired() {
            let kind = |is_paired: bool| if is_paired { "paired" } else { "single" };
            let (before, now) = (kind(reads.is_paired()), kind(lane.is_paired()));
            let message =
                format!("the reads of sample `{}` are {now}, but {before} in line {first}", record.id);
            let hint = "lanes of one library are alike: give the other library its own name";
            self.problems.push(Problem::at_line(line, message).in_column(column).hint(hint));
        }
        reads.lanes.extend(lane.lanes);
        let rows = known.values.iter().zip(&record.values);
        let of_rows =
            rows.zip(&layout.variables).map(|((before, now), column)| (*column, before.clone(), now.clone()));
        let shown = |file: &PathBuf| file.display().to_string();
        let files = known.file.as_ref().zip(record.file.as_ref());
        let files = files.map(|(before, now)| (layout.file.unwrap_or_default(), shown(before), shown(now)));
        let differing: Vec<_> = of_rows.chain(files).filter(|(_, before, now)| before != now).collect();
        for (column, before, now) in differing {
            let message = format!("sample `{}` has `{now}` here, but `{before}` in line {first}", record.id);
            self.differs(line, column, message);
        }
    }

    /// A column that differs between rows of one sample: it tells of lanes, or there is a mistake, which `message` tells.
    fn differs(&mut self, line: u64, column: usize, message: String) {
        let name = &self.header[column];
        let variable = self.layout.variables.iter().position(|variable| *variable == column);
        match variable.filter(|_| LANE_COLUMNS.contains(&plain(name).as_str())) {
            Some(place) if self.of_lanes.contains(&place) => {}
            Some(place) => self.of_lanes.push(place),
            None => {
                let hint = "rows of one sample are its lanes, which are alike but for their reads";
                self.problems.push(Problem::at_line(line, message).in_column(name).hint(hint));
            }
        }
    }
}

/// Number of lanes of a sample.
fn lanes(sample: &SampleRecord) -> usize {
    sample.reads.as_ref().map_or(0, |reads| reads.lanes.len())
}

/// What stands in a column of a row, without blanks around it.
pub(super) fn field(row: &Record, column: usize) -> &str {
    row.get(column).unwrap_or_default().trim()
}

/// `text` relative to the sheet's directory if it is there, else as given.
pub(super) fn resolve(text: &str, sheet: &Path) -> PathBuf {
    let beside = sheet.parent().map(|directory| directory.join(text));
    beside.filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from(text))
}
