//! What the files of a series hold, taken together.

use std::path::{Path, PathBuf};

use alkaline_core::words::{count, quoted};
use alkaline_io::geo::{
    self, ArchiveEntry, FileKind, Geo2rScript, GeoSample, GeoSeries, NcbiGene, Platform, is_ncbi_name,
};
use alkaline_io::values::{self, ScaleHints, ValueFile, ValueTable, Verdict, recognise};

use super::columns::one_column;
use crate::error::WorkflowError;

/// Who made a table of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// NCBI, from the reads.
    Ncbi,
    /// The submitters, a table of their own.
    Submitter,
    /// The submitters, a file a sample.
    Archive,
    /// The submitters, as the values of the samples.
    Series,
}

/// A table of values.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The name of its file; with the platform behind it where a file holds several.
    pub name: String,
    pub maker: Maker,
    /// The platform, where it is known.
    pub platform: Option<String>,
    pub table: ValueTable,
    /// What the values are; `None` where there are none.
    pub verdict: Option<Verdict>,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub series: GeoSeries,
    pub sources: Vec<Source>,
    pub platforms: Vec<Platform>,
    pub ncbi_genes: Vec<NcbiGene>,
    pub script: Option<Geo2rScript>,
    /// Files that hold nothing of use, and why.
    pub left_out: Vec<(String, String)>,
    /// Samples without values in the file that describes them.
    pub without_values: Vec<String>,
    pub notices: Vec<String>,
}

/// Reads all files.
///
/// # Errors
/// [`WorkflowError`]: what is wrong with all of them at once.
pub(super) fn gather(files: &[PathBuf]) -> Result<Gathered, WorkflowError> {
    let mut gathered = Gathered::default();
    let mut errors = Vec::new();
    for path in files {
        if let Err(error) = gathered.take(path) {
            errors.push(error);
        }
    }
    if !errors.is_empty() {
        return Err(WorkflowError::several(errors));
    }
    gathered.judge();
    Ok(gathered)
}

impl Gathered {
    fn take(&mut self, path: &Path) -> Result<(), WorkflowError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match geo::kind_of(path)? {
            FileKind::SeriesMatrix => self.series_matrix(name, geo::read_series_matrix(path)?),
            FileKind::Soft => self.soft(&name, geo::read_soft(path)?),
            FileKind::Platform => self.platform(&name, geo::read_platform(path)?),
            FileKind::Archive => self.archive(&name, geo::read_archive(path)?),
            FileKind::NcbiAnnotation => {
                self.ncbi_genes = geo::read_ncbi_annotation(path)?;
                self.notices
                    .push(format!("{name}: NCBI's annotation of {}", count(self.ncbi_genes.len(), "gene")));
            }
            FileKind::Geo2rResult => {
                let words = geo::read_geo2r_result(path)?.in_words();
                self.left_out.push((name, words));
            }
            FileKind::Geo2rScript => self.script = Some(geo::read_geo2r_script(path)?),
            FileKind::Table => self.table(name, values::read(path)?),
        }
        Ok(())
    }

    fn series_matrix(&mut self, name: String, mut series: GeoSeries) {
        let table = std::mem::take(&mut series.values);
        let ids = series.platform_ids();
        let platform = ids.first().filter(|_| ids.len() == 1).map(|id| (*id).to_owned());
        if table.rows.is_empty() {
            self.notices.push(format!("{name}: it describes the samples and has no values of them"));
        } else {
            self.add(name, Maker::Series, platform, table);
        }
        self.series(series);
    }

    fn soft(&mut self, name: &str, soft: geo::Soft) {
        let several = soft.tables.len() > 1;
        for (platform, table) in soft.tables {
            let called = if several { format!("{name}:{platform}") } else { name.to_owned() };
            self.add(called, Maker::Series, Some(platform), table);
        }
        if soft.without_values.len() == soft.series.samples.len() && !soft.series.samples.is_empty() {
            self.notices.push(format!("{name}: it describes the samples and has no values of them"));
        } else {
            self.without_values.extend(soft.without_values);
        }
        let mut series = soft.series;
        for platform in std::mem::take(&mut series.platforms) {
            if platform.probes.probes > 0 {
                self.platform(name, platform);
            }
        }
        self.series(series);
    }

    /// Takes the description of a series; of samples that are described already nothing new.
    fn series(&mut self, series: GeoSeries) {
        if self.series.facts.is_empty() {
            self.series.facts = series.facts;
            self.series.accession = series.accession;
        }
        self.notices.extend(series.notices);
        for sample in series.samples {
            if !self.series.samples.iter().any(|known| known.accession == sample.accession) {
                self.series.samples.push(sample);
            }
        }
    }

    fn platform(&mut self, name: &str, platform: Platform) {
        let id = if platform.accession.is_empty() { "a platform" } else { &platform.accession };
        self.notices.push(format!("{name}: {id}: {}", platform.probes.in_words()));
        self.platforms.push(platform);
    }

    fn table(&mut self, name: String, file: ValueFile) {
        let maker = if is_ncbi_name(&name) { Maker::Ncbi } else { Maker::Submitter };
        let numbered = file.notices.iter().map(|notice| format!("{name}: {notice}"));
        self.notices.extend(numbered);
        self.add(name, maker, None, file.table);
    }

    /// A file a sample: put side by side where the rows are the same.
    fn archive(&mut self, name: &str, entries: Vec<ArchiveEntry>) {
        let mut joined: Option<ValueTable> = None;
        for entry in entries {
            let sample = entry.accession().map_or_else(|| entry.name.clone(), str::to_owned);
            let column = entry.table.and_then(|file| one_column(&file.table));
            match column.and_then(|(column, words)| {
                self.notices.extend(words.map(|words| format!("{}: {words}", entry.name)));
                join(&mut joined, &sample, column)
            }) {
                Ok(()) => {}
                Err(why) => self.left_out.push((format!("{name}:{}", entry.name), why)),
            }
        }
        if let Some(table) = joined {
            self.notices
                .push(format!("{name}: {} were put side by side", count(table.samples.len(), "file")));
            self.add(name.to_owned(), Maker::Archive, None, table);
        }
    }

    fn add(&mut self, name: String, maker: Maker, platform: Option<String>, table: ValueTable) {
        self.sources.push(Source { name, maker, platform, table, verdict: None });
    }

    /// Says what the values of every table are.
    fn judge(&mut self) {
        let samples = &self.series.samples;
        let is_array = samples.iter().any(|sample| !sample.is_sequenced());
        let two_channels = !samples.is_empty() && samples.iter().all(GeoSample::has_two_channels);
        for source in &mut self.sources {
            let mut names = vec![source.name.clone()];
            names.extend(source.table.samples.iter().cloned());
            let from_array = is_array && source.maker != Maker::Ncbi;
            source.verdict = recognise(&source.table, &ScaleHints { from_array, two_channels, names });
        }
    }
}

/// Puts the column of a sample beside the others; refuses it where its rows are other ones.
fn join(joined: &mut Option<ValueTable>, sample: &str, column: ValueTable) -> Result<(), String> {
    let Some(table) = joined else {
        *joined = Some(ValueTable { samples: vec![sample.to_owned()], ..column });
        return Ok(());
    };
    if table.samples.iter().any(|known| known == sample) {
        return Err(format!("{} has a file already", quoted([sample])));
    }
    if table.rows != column.rows {
        let place = table.rows.iter().zip(&column.rows).position(|(one, other)| one != other);
        let row = place.unwrap_or(table.rows.len().min(column.rows.len())) + 1;
        return Err(format!(
            "its rows are not those of the first file (from row {row} on; {} there, {} here)",
            table.rows.len(),
            column.rows.len()
        ));
    }
    let width = table.samples.len();
    let rows = table.values.chunks(width).zip(&column.values);
    table.values = rows.flat_map(|(row, value)| row.iter().copied().chain([*value])).collect();
    table.samples.push(sample.to_owned());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(rows: &[&str], values: &[f64]) -> ValueTable {
        ValueTable {
            rows: rows.iter().map(|row| (*row).to_owned()).collect(),
            samples: vec!["x".to_owned()],
            values: values.to_vec(),
            ..ValueTable::default()
        }
    }

    #[test]
    fn files_of_an_archive_are_joined_where_their_rows_agree() {
        let mut joined = None;
        join(&mut joined, "GSM1", column(&["a", "b"], &[1.0, 2.0])).unwrap();
        join(&mut joined, "GSM2", column(&["a", "b"], &[3.0, 4.0])).unwrap();
        let why = join(&mut joined, "GSM3", column(&["a", "c"], &[5.0, 6.0])).unwrap_err();
        assert!(why.contains("from row 2 on"), "{why}");
        assert!(join(&mut joined, "GSM1", column(&["a", "b"], &[5.0, 6.0])).unwrap_err().contains("already"));
        assert_eq!(joined.unwrap().values, [1.0, 3.0, 2.0, 4.0]);
    }
}
