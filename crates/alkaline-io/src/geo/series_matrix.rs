//! A series matrix: what is told of the series, what is told of the samples (a column each), and the values.

use std::path::Path;

use alkaline_core::words::{count, listed};

use super::cells::{Row, Rows};
use super::record::{GeoSample, GeoSeries};
use super::web_page::refuse_web_page;
use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};
use crate::values::{ValueTable, field_value};

/// Problems collected before reading stops.
const MAX_PROBLEMS: usize = 200;

/// Reads the series matrix at `path` (gunzipped by content).
///
/// # Errors
/// [`ReadError`] for a file that cannot be read, is cut off, or is no series matrix.
pub fn read_series_matrix(path: &Path) -> Result<GeoSeries, ReadError> {
    Ok(parse_series_matrix(&read_text(path)?, path)?)
}

/// As [`read_series_matrix`], from text at hand; `path` names it in messages.
///
/// # Errors
/// [`FileProblems`]: everything that is wrong with it.
pub fn parse_series_matrix(text: &str, path: &Path) -> Result<GeoSeries, FileProblems> {
    refuse_web_page(text).map_err(|problem| FileProblems::one(path, problem))?;
    let mut reading = Reading::default();
    for row in Rows::of(text.trim_start_matches('\u{feff}')) {
        reading.take(&row);
        if reading.problems.len() >= MAX_PROBLEMS {
            break;
        }
    }
    reading.finish(path)
}

/// Where in the file we are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Before,
    Header,
    Values,
    After,
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    series: GeoSeries,
    part: Part,
    columns: usize,
    problems: Vec<Problem>,
}

impl Reading {
    fn take(&mut self, row: &Row<'_>) {
        let first = row.cells[0].as_ref();
        match self.part {
            _ if first == "!series_matrix_table_begin" => self.part = Part::Header,
            Part::Header | Part::Values if first == "!series_matrix_table_end" => self.part = Part::After,
            Part::Header => self.header(row),
            Part::Values => self.values(row),
            Part::Before | Part::After => self.facts(row, first),
        }
    }

    /// A line that begins with `!Series_` or `!Sample_`; others say nothing.
    fn facts(&mut self, row: &Row<'_>, first: &str) {
        if let Some(key) = first.strip_prefix("!Series_") {
            let cells = row.cells.iter().skip(1).map(ToString::to_string);
            self.series.facts.extend(cells.map(|value| (key.to_owned(), value)));
        } else if let Some(key) = first.strip_prefix("!Sample_") {
            self.sample_facts(row, key);
        }
    }

    fn sample_facts(&mut self, row: &Row<'_>, key: &str) {
        let number = row.cells.len() - 1;
        let samples = &mut self.series.samples;
        if samples.is_empty() {
            samples.resize(number, GeoSample::default());
        } else if number > samples.len() {
            let message =
                format!("`!Sample_{key}` has {number} cells for {}", count(samples.len(), "sample"));
            self.problems.push(Problem::at_line(row.line, message));
            return;
        }
        for (sample, cell) in samples.iter_mut().zip(&row.cells[1..]) {
            if key == "geo_accession" {
                sample.accession = cell.to_string();
            }
            if !cell.is_empty() {
                sample.facts.push((key.to_owned(), cell.to_string()));
            }
        }
    }

    /// The names of the columns.
    fn header(&mut self, row: &Row<'_>) {
        if row.cells.iter().all(|cell| cell.is_empty()) {
            return;
        }
        let mut names: Vec<String> = row.cells.iter().skip(1).map(ToString::to_string).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        self.columns = names.len();
        self.series.values = ValueTable { samples: names, ..ValueTable::default() };
        self.part = Part::Values;
    }

    /// A row of values.
    fn values(&mut self, row: &Row<'_>) {
        let given = row.cells.len() - 1;
        if given == 0 && row.cells[0].is_empty() {
            return;
        }
        if given < self.columns || row.cells[self.columns + 1..].iter().any(|cell| !cell.is_empty()) {
            let message = format!("{} for {}", count(given, "value"), count(self.columns, "sample"));
            self.problems
                .push(Problem::at_line(row.line, message).hint("the file is damaged: download it again"));
            return;
        }
        let table = &mut self.series.values;
        for (place, cell) in row.cells[1..=self.columns].iter().enumerate() {
            table.values.push(field_value(cell).unwrap_or_else(|| {
                let message = format!("`{cell}` is not a number");
                self.problems
                    .push(Problem::at_line(row.line, message).in_column(table.samples[place].as_str()));
                f64::NAN
            }));
        }
        table.rows.push(row.cells[0].to_string());
    }

    fn finish(mut self, path: &Path) -> Result<GeoSeries, FileProblems> {
        self.check_parts();
        FileProblems::check(path, self.problems)?;
        let series = &mut self.series;
        let accession = series.facts_of("geo_accession").next().unwrap_or_default().to_owned();
        series.accession = accession;
        if series.samples.is_empty() {
            series.samples = series.values.samples.iter().map(|name| nameless(name)).collect();
        }
        for (place, sample) in series.samples.iter_mut().enumerate() {
            if sample.accession.is_empty() {
                let column = series.values.samples.get(place);
                sample.accession = column.cloned().unwrap_or_else(|| format!("sample_{}", place + 1));
            }
        }
        Ok(self.series)
    }

    /// What is missing or contradicts.
    fn check_parts(&mut self) {
        let series = &self.series;
        if series.facts.is_empty() && series.samples.is_empty() && self.part == Part::Before {
            let hint = "a series matrix begins with lines such as !Series_title; its name is GSE..._series_matrix.txt.gz";
            self.problems.push(Problem::of_file("this is no series matrix").hint(hint));
            return;
        }
        if matches!(self.part, Part::Header | Part::Values) {
            let message = "the table of values has no end (`!series_matrix_table_end`): the file is cut off";
            self.problems.push(Problem::of_file(message).hint("download it again"));
        }
        let described: Vec<&String> = series.samples.iter().map(|sample| &sample.accession).collect();
        let unknown: Vec<&String> =
            series.values.samples.iter().filter(|name| !described.contains(name)).collect();
        if !described.is_empty() && !unknown.is_empty() && described.iter().any(|name| !name.is_empty()) {
            let message = format!("columns of values that no sample is called by: {}", listed(unknown));
            self.problems.push(Problem::of_file(message));
        }
        if self.part == Part::Before {
            self.series
                .notices
                .push("the file has no table of values, only the description of the samples".to_owned());
        }
    }
}

/// A sample of which nothing is told but the name of its column.
fn nameless(name: &str) -> GeoSample {
    GeoSample { accession: name.to_owned(), facts: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<GeoSeries, FileProblems> {
        parse_series_matrix(text, Path::new("GSE1_series_matrix.txt"))
    }

    const HEAD: &str = "!Series_title\t\"T\"\n!Series_geo_accession\t\"GSE1\"\n!Series_sample_id\t\"GSM1 GSM2 \"\n\n\
        !Sample_title\t\"a\"\t\"b\nc\"\n!Sample_geo_accession\t\"GSM1\"\t\"GSM2\"\n\
        !Sample_characteristics_ch1\t\"stage: 4\"\t\"stage: 3\"\n\
        !Sample_characteristics_ch1\t\"age: 60\"\t\"substage: c\"\n\
        !Sample_characteristics_ch1\t\"\"\t\"age: 51\"\n\
        !Sample_relation\t\"x\"\t\"y\"\n!Sample_relation\t\"x2\"\t\"y2\"\n";

    #[test]
    fn a_key_that_one_sample_lacks_shifts_nothing() {
        let series = read(HEAD).unwrap();
        let of = |sample: usize| -> Vec<(String, String)> {
            series.samples[sample].characteristics().into_iter().map(|c| (c.key, c.value)).collect()
        };
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(of(0), [pair("stage", "4"), pair("age", "60")]);
        assert_eq!(of(1), [pair("stage", "3"), pair("substage", "c"), pair("age", "51")]);
        assert_eq!(series.samples[1].title(), "b c");
        assert!(series.notices[0].contains("no table of values"));
    }

    #[test]
    fn values_are_read_with_bare_identifiers_and_missing_cells() {
        let table = "!series_matrix_table_begin\n\"ID_REF\"\t\"GSM1\"\t\"GSM2\"\n7892501\t1.5\t\n\"A\"\tnull\t-2\n\
                     !series_matrix_table_end\n";
        let series = read(&format!("{HEAD}{table}")).unwrap();
        assert_eq!(series.values.rows, ["7892501", "A"]);
        assert_eq!((series.values.row(0)[0], series.values.row(1)[1]), (1.5, -2.0));
        assert!(series.values.row(0)[1].is_nan() && series.values.row(1)[0].is_nan());
    }

    #[test]
    fn a_table_of_an_rna_seq_series_is_empty() {
        let table = "!series_matrix_table_begin\n\"ID_REF\"\t\"GSM1\"\t\"GSM2\"\n!series_matrix_table_end\n";
        let series = read(&format!("{HEAD}{table}")).unwrap();
        assert_eq!((series.values.rows.len(), series.values.samples.len()), (0, 2));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let cut =
            format!("{HEAD}!series_matrix_table_begin\n\"ID_REF\"\t\"GSM1\"\t\"GSM2\"\nA\t1\t2\nB\t1\n");
        let message = read(&cut).unwrap_err().to_string();
        assert!(
            message.contains("line 16: 1 value for 2 samples") && message.contains("cut off"),
            "{message}"
        );
        let word = format!(
            "{HEAD}!series_matrix_table_begin\nID_REF\tGSM1\tGSM2\nA\tabsent\t2\n!series_matrix_table_end"
        );
        assert!(read(&word).unwrap_err().to_string().contains("column `GSM1`: `absent` is not a number"));
        let foreign =
            format!("{HEAD}!series_matrix_table_begin\nID_REF\tGSM1\tGSM9\n!series_matrix_table_end");
        assert!(read(&foreign).unwrap_err().to_string().contains("GSM9"));
    }

    #[test]
    fn pages_of_the_web_and_other_text_are_no_series_matrix() {
        let page = "<!DOCTYPE html>\n<html><head><title>GEO Accession viewer</title></head></html>";
        let message = read(page).unwrap_err().to_string();
        assert!(message.contains("a page of the web (`GEO Accession viewer`)"), "{message}");
        for text in ["", "\n\n", "gene\ta\nx\t1\n"] {
            assert!(read(text).unwrap_err().to_string().contains("no series matrix"), "{text:?}");
        }
    }
}
