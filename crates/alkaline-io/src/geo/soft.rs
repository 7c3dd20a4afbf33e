//! SOFT: entities (`^SAMPLE = GSM1`), what is told of them (`!Sample_title = a`), columns (`#VALUE = log2 signal`) and tables.

use std::io::BufRead;
use std::path::Path;

use alkaline_core::words::{count, listed};

use super::platform::{Platform, ProbeReader};
use super::record::{GeoSample, GeoSeries};
use super::values::Columns;
use super::web_page::refuse_web_page;
use crate::error::{FileProblems, Problem, ReadError};
use crate::plain_text::plain_text;
use crate::values::{ValueTable, field_value};

/// Problems collected before reading stops.
const MAX_PROBLEMS: usize = 200;

/// The column of values.
const VALUE: &str = "VALUE";

/// Under which key of a sample the text about its column of values is kept.
const VALUE_TEXT: &str = "value_definition";

/// What a SOFT file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Soft {
    /// The series, its samples and platforms; its own values are empty.
    pub series: GeoSeries,
    /// The values of the samples of each platform, by the platform's accession.
    pub tables: Vec<(String, ValueTable)>,
    /// Samples that have no table, or none with a value.
    pub without_values: Vec<String>,
}

/// Reads the SOFT file at `path` (gunzipped by content), line by line.
///
/// # Errors
/// [`ReadError`] for a file that cannot be read, is cut off, or is no SOFT file.
pub fn read_soft(path: &Path) -> Result<Soft, ReadError> {
    let in_context = |source| ReadError::from_io(path, source);
    let mut input = plain_text(crate::file::open(path)?).map_err(in_context)?.input;
    let mut reading = Reading::default();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes).map_err(in_context)? == 0
            || reading.problems.len() >= MAX_PROBLEMS
        {
            return Ok(reading.finish(path)?);
        }
        reading.take(&String::from_utf8_lossy(&bytes));
    }
}

/// As [`read_soft`], from text at hand; `path` names it in messages.
///
/// # Errors
/// [`FileProblems`]: everything that is wrong with it.
pub fn parse_soft(text: &str, path: &Path) -> Result<Soft, FileProblems> {
    let mut reading = Reading::default();
    for line in text.trim_start_matches('\u{feff}').split('\n') {
        reading.take(line);
        if reading.problems.len() >= MAX_PROBLEMS {
            break;
        }
    }
    reading.finish(path)
}

/// The entity that lines belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Entity {
    #[default]
    None,
    Other,
    Series,
    Platform,
    Sample,
}

/// A table that is being read.
#[derive(Debug)]
enum Table {
    /// Of a platform.
    Probes(ProbeReader),
    /// Of a sample: the place of identifier and value once the header is known.
    Values { columns: Option<(usize, usize)>, values: Vec<(String, f64)> },
    /// Of something else.
    Ignored,
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    soft: Soft,
    columns: Vec<(String, Columns)>,
    entity: Entity,
    table: Option<Table>,
    line: u64,
    problems: Vec<Problem>,
    /// Whether the sample that is being read has values.
    has_values: bool,
    several_series: Vec<String>,
}

impl Reading {
    fn take(&mut self, line: &str) {
        self.line += 1;
        let text = line.trim_end_matches(['\n', '\r']);
        let trimmed = text.trim_start();
        if self.line == 1
            && let Err(problem) = refuse_web_page(trimmed)
        {
            self.problems.push(problem);
        }
        if self.table.is_some() {
            if trimmed.starts_with('!') && trimmed.trim_end().ends_with("_table_end") {
                self.end_table();
            } else if let Some(entity) = trimmed.strip_prefix('^').filter(|rest| rest.contains(" = ")) {
                let message = format!("the table before `^{entity}` has no end: the file is damaged");
                self.problems.push(Problem::at_line(self.line, message).hint("download it again"));
                self.end_table();
                self.begin(entity);
            } else {
                self.row(text);
            }
            return;
        }
        match trimmed.as_bytes().first() {
            Some(b'^') => self.begin(&trimmed[1..]),
            Some(b'!') => self.fact(&trimmed[1..]),
            Some(b'#') => self.column(&trimmed[1..]),
            _ => {}
        }
    }

    /// `^SAMPLE = GSM1`.
    fn begin(&mut self, line: &str) {
        self.end_entity();
        let (kind, id) = split(line);
        let accession = id.to_owned();
        self.entity = match kind.to_ascii_uppercase().as_str() {
            "SERIES" => {
                if self.soft.series.accession.is_empty() {
                    self.soft.series.accession = accession;
                    Entity::Series
                } else {
                    self.several_series.push(accession);
                    Entity::Other
                }
            }
            "PLATFORM" => {
                self.soft.series.platforms.push(Platform { accession, ..Platform::default() });
                Entity::Platform
            }
            "SAMPLE" => {
                self.soft.series.samples.push(GeoSample { accession, facts: Vec::new() });
                self.has_values = false;
                Entity::Sample
            }
            _ => Entity::Other,
        };
    }

    /// Remembers a sample that had no values.
    fn end_entity(&mut self) {
        if self.entity == Entity::Sample
            && !self.has_values
            && let Some(sample) = self.soft.series.samples.last()
        {
            self.soft.without_values.push(sample.accession.clone());
        }
        self.entity = Entity::None;
    }

    /// `!Sample_title = a`; what has no value says nothing.
    fn fact(&mut self, line: &str) {
        if line.trim_end().ends_with("_table_begin") {
            self.table = Some(match self.entity {
                Entity::Platform => Table::Probes(ProbeReader::default()),
                Entity::Sample => Table::Values { columns: None, values: Vec::new() },
                _ => Table::Ignored,
            });
            return;
        }
        let (key, value) = split(line);
        let Some((_, key)) = key.split_once('_').filter(|_| !value.is_empty()) else { return };
        let pair = (key.to_owned(), value.replace('\r', " "));
        match self.entity {
            Entity::Series => self.soft.series.facts.push(pair),
            Entity::Sample => {
                if let Some(sample) = self.soft.series.samples.last_mut() {
                    sample.facts.push(pair);
                }
            }
            Entity::Platform => {
                if let Some(platform) = self.soft.series.platforms.last_mut() {
                    platform.facts.push(pair);
                }
            }
            Entity::None | Entity::Other => {}
        }
    }

    /// `#VALUE = log2 signal`.
    fn column(&mut self, line: &str) {
        let (name, text) = split(line);
        if self.entity == Entity::Sample
            && name == VALUE
            && !text.is_empty()
            && let Some(sample) = self.soft.series.samples.last_mut()
        {
            sample.facts.push((VALUE_TEXT.to_owned(), text.to_owned()));
        }
    }

    /// A row of a table.
    fn row(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let cells: Vec<&str> = text.split('\t').collect();
        let problem = match self.table.as_mut() {
            Some(Table::Probes(probes)) => {
                probes.take(&cells);
                None
            }
            Some(Table::Values { columns: columns @ None, .. }) => {
                let place = |name: &str| cells.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
                *columns = place("ID_REF").or(Some(0)).zip(place(VALUE));
                columns.is_none().then(|| {
                    let found = listed(cells.iter().map(|cell| cell.trim()));
                    Problem::at_line(
                        self.line,
                        format!("the table of a sample has no column `{VALUE}`; it has {found}"),
                    )
                })
            }
            Some(Table::Values { columns: Some((id, value)), values }) => {
                let text = cells.get(*value).copied().unwrap_or_default();
                let read = field_value(text);
                values.push((
                    cells.get(*id).map(|id| id.trim().to_owned()).unwrap_or_default(),
                    read.unwrap_or(f64::NAN),
                ));
                read.is_none().then(|| {
                    Problem::at_line(self.line, format!("`{text}` is not a number")).in_column(VALUE)
                })
            }
            Some(Table::Ignored) | None => None,
        };
        if let Some(problem) = problem {
            let without_header = matches!(self.table, Some(Table::Values { columns: None, .. }));
            self.problems.push(problem);
            if without_header {
                self.table = Some(Table::Ignored);
            }
        }
    }

    fn end_table(&mut self) {
        match self.table.take() {
            Some(Table::Probes(probes)) => {
                if let Some(platform) = self.soft.series.platforms.last_mut() {
                    platform.probes = probes.finish();
                }
            }
            Some(Table::Values { values, .. }) => self.take_values(values),
            Some(Table::Ignored) | None => {}
        }
    }

    fn take_values(&mut self, values: Vec<(String, f64)>) {
        self.has_values = values.iter().any(|(_, value)| !value.is_nan());
        let Some(sample) = self.soft.series.samples.last().filter(|_| self.has_values) else { return };
        let platform = sample.platform().unwrap_or_default().to_owned();
        let place = self.columns.iter().position(|(name, _)| *name == platform).unwrap_or_else(|| {
            self.columns.push((platform.clone(), Columns::default()));
            self.columns.len() - 1
        });
        self.columns[place].1.add(&sample.accession, values);
    }

    fn finish(mut self, path: &Path) -> Result<Soft, FileProblems> {
        if self.table.is_some() {
            let message = "the last table has no end: the file is cut off";
            self.problems.push(Problem::of_file(message).hint("download it again"));
        }
        self.end_entity();
        let series = &mut self.soft.series;
        if series.accession.is_empty()
            && series.samples.is_empty()
            && series.platforms.is_empty()
            && self.problems.is_empty()
        {
            let hint = "a SOFT file has lines such as ^SERIES = GSE1 and ^SAMPLE = GSM1; its name is GSE..._family.soft.gz";
            self.problems.push(Problem::of_file("there is no series, sample or platform in it").hint(hint));
        }
        FileProblems::check(path, self.problems)?;
        if !self.several_series.is_empty() {
            let others = count(self.several_series.len(), "other series");
            series.notices.push(format!("{others} in the file: {}", listed(&self.several_series)));
        }
        self.soft.tables =
            self.columns.into_iter().map(|(name, columns)| (name, columns.into_table())).collect();
        Ok(self.soft)
    }
}

/// What stands before and after the first ` = `; a line without one has no value.
fn split(line: &str) -> (&str, &str) {
    let (key, value) = line.split_once('=').unwrap_or((line, ""));
    (key.trim(), value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Soft, FileProblems> {
        parse_soft(text, Path::new("GSE1_family.soft"))
    }

    const FAMILY: &str = "^DATABASE = GeoMiame\n^SERIES = GSE1\n!Series_title = T\n!Series_summary = \n!Series_odd\n\
        ^PLATFORM = GPL1\n!Platform_title = P\n#ID = \n#Gene Symbol = x\n!platform_table_begin\nID\tGene Symbol\np1\tA /// B\n\
        p2\t---\n!platform_table_end\n^SAMPLE = GSM1\n!Sample_title = a\n!Sample_platform_id = GPL1\n  !Sample_characteristics_ch1 = \
        dose: 1 = low\n#VALUE = log2\n!sample_table_begin\nID_REF\tABS_CALL\tVALUE\np1\tP\t1.5\np2\tA\t\n!sample_table_end\n\
        ^SAMPLE = GSM2\n!Sample_title = b\n!Sample_platform_id = GPL2\n!sample_table_begin\nID_REF\tVALUE\np1\t7\n!sample_table_end\n\
        ^SAMPLE = GSM3\n!Sample_title = c\n!Sample_data_row_count = 0\n";

    #[test]
    fn values_are_found_by_name_and_kept_apart_by_platform() {
        let soft = read(FAMILY).unwrap();
        assert_eq!(soft.series.accession, "GSE1");
        assert_eq!(soft.tables.len(), 2);
        assert_eq!((soft.tables[0].0.as_str(), soft.tables[0].1.rows.len()), ("GPL1", 2));
        assert!(soft.tables[0].1.values[0] == 1.5 && soft.tables[0].1.values[1].is_nan());
        assert_eq!(soft.tables[1].1.values, [7.0]);
        assert_eq!(soft.without_values, ["GSM3"]);
        let sample = &soft.series.samples[0];
        assert_eq!(sample.fact(VALUE_TEXT), Some("log2"));
        assert_eq!(sample.characteristics()[0].value, "1 = low");
        assert_eq!(soft.series.platforms[0].probes.genes("p1"), ["A", "B"]);
        assert!(soft.series.platforms[0].probes.genes("p2").is_empty());
    }

    #[test]
    fn a_platform_file_may_hold_samples_without_a_series() {
        let text = "^PLATFORM = GPL890\n!Platform_title = x\n^SAMPLE = GSM1\n!Sample_platform_id = GPL890\n";
        let soft = read(text).unwrap();
        assert_eq!((soft.series.accession.as_str(), soft.series.samples.len()), ("", 1));
    }

    #[test]
    fn files_that_are_empty_cut_off_or_have_no_values_are_told() {
        for text in ["", "\n\n", "gene\ta\n"] {
            assert!(
                read(text).unwrap_err().to_string().contains("no series, sample or platform"),
                "{text:?}"
            );
        }
        let cut = &FAMILY[..FAMILY.find("p2\tA").unwrap()];
        assert!(read(cut).unwrap_err().to_string().contains("cut off"));
        let other = FAMILY.replace("ABS_CALL\tVALUE", "ABS_CALL\tSIGNAL");
        let message = read(&other).unwrap_err().to_string();
        assert!(message.contains("no column `VALUE`; it has ID_REF, ABS_CALL, SIGNAL"), "{message}");
        let word = FAMILY.replace("p1\tP\t1.5", "p1\tP\thigh");
        assert!(read(&word).unwrap_err().to_string().contains("`high` is not a number"));
        assert!(read("<html><title>x</title>").unwrap_err().to_string().contains("page of the web"));
    }
}
