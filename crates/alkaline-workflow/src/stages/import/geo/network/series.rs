//! The files of a series that are worth having: descriptions and values of its samples, NCBI's counts with the annotation of their genes,
//! the annotation of platforms; where nothing else holds values, the tables of the submitters.

use std::fs;
use std::path::{Path, PathBuf};

use alkaline_io::geo::{GeoSample, GeoSeries, read_series_matrix, read_soft};
use ureq::Agent;

use super::addresses::Addresses;
use super::client::Network;
use super::fetch::{Fetched, fetch, text};
use crate::error::WorkflowError;

/// Species that NCBI counts, with what it calls them and the genomes.
const COUNTED: [(&str, &str, &str); 2] =
    [("Homo sapiens", "Human", "GRCh38.p13"), ("Mus musculus", "Mouse", "GRCm39")];

/// Endings of supplementary files that are tables, or archives of tables.
const TABLES: [&str; 9] =
    [".txt.gz", ".tsv.gz", ".csv.gz", ".xlsx", ".xls", ".xlsx.gz", ".tab.gz", ".txt", "_RAW.tar"];

/// Whether `text` is the accession of a series.
pub fn is_accession(text: &str) -> bool {
    text.strip_prefix("GSE")
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Fetches the files of `series` into `folder`, where those that are there already are kept; gives them, and what was found.
///
/// # Errors
/// [`WorkflowError`] when the server cannot be reached, or knows no such series.
pub fn series_files(
    series: &str,
    network: &Network,
    folder: &Path,
) -> Result<(Vec<PathBuf>, Vec<String>), WorkflowError> {
    fs::create_dir_all(folder)
        .map_err(|source| alkaline_io::WriteError { path: folder.to_owned(), source })?;
    let agent = network.agent()?;
    let addresses = Addresses::below(network.base_url.as_deref());
    let mut wanted = Wanted { agent, network, folder, files: Vec::new(), said: Vec::new() };
    let described = wanted.described(series, &addresses)?;
    let has_counts = wanted.ncbi(series, &addresses, &described)?;
    wanted.platforms(&addresses, &described)?;
    if !has_counts && described.iter().all(|one| one.values.rows.is_empty()) {
        wanted.supplementary(series, &addresses, &described)?;
    }
    Ok((wanted.files, wanted.said))
}

/// What has been fetched.
struct Wanted<'a> {
    agent: Agent,
    network: &'a Network,
    folder: &'a Path,
    files: Vec<PathBuf>,
    said: Vec<String>,
}

impl Wanted<'_> {
    /// Fetches one file, and says what became of it.
    fn get(&mut self, url: &str, name: &str) -> Result<Option<PathBuf>, WorkflowError> {
        match fetch(&self.agent, self.network, url, self.folder, name)? {
            Fetched::There { path, before } => {
                self.said.push(if before {
                    format!("{name} was there already")
                } else {
                    format!("{name} was fetched from {url}")
                });
                self.files.push(path.clone());
                Ok(Some(path))
            }
            Fetched::Absent { why } => {
                self.said.push(format!("{name} is not there: {why}"));
                Ok(None)
            }
        }
    }

    /// The series as its matrices describe it, or, where there is none, its SOFT file.
    fn described(&mut self, series: &str, addresses: &Addresses) -> Result<Vec<GeoSeries>, WorkflowError> {
        let mut described = Vec::new();
        for path in self.matrices(series, addresses)? {
            described.push(read_series_matrix(&path)?);
        }
        if described.is_empty() {
            let url = addresses.family(series);
            if let Some(path) = self.get(&url, &format!("{series}_family.soft.gz"))? {
                described.push(read_soft(&path)?.series);
            }
        }
        if described.is_empty() {
            return Err(WorkflowError::design_with_hint(
                format!(
                    "{series}: there is no such series, or it is not public ({})",
                    addresses.matrices(series)
                ),
                "check the accession; files that you have are imported without the network",
            ));
        }
        Ok(described)
    }

    /// The series matrices, one a platform, as the listing of their folder names them.
    fn matrices(&mut self, series: &str, addresses: &Addresses) -> Result<Vec<PathBuf>, WorkflowError> {
        let folder = addresses.matrices(series);
        let listing = text(&self.agent, self.network, &folder)?;
        let mut names = listing.map(|listing| names_in(&listing, series)).unwrap_or_default();
        if names.is_empty() {
            names.push(format!("{series}_series_matrix.txt.gz"));
        }
        let mut paths = Vec::new();
        for name in names {
            paths.extend(self.get(&format!("{folder}{name}"), &name)?);
        }
        Ok(paths)
    }

    /// NCBI's counts of a series of sequencing, and their annotation; whether there are any.
    fn ncbi(
        &mut self,
        series: &str,
        addresses: &Addresses,
        described: &[GeoSeries],
    ) -> Result<bool, WorkflowError> {
        let samples = || described.iter().flat_map(|one| &one.samples);
        if !samples().any(GeoSample::is_sequenced) {
            return Ok(false);
        }
        for (organism, species, genome) in COUNTED {
            if !samples().any(|sample| sample.fact("organism_ch1") == Some(organism)) {
                continue;
            }
            let (url, name) = addresses.ncbi_counts(series, genome);
            if self.get(&url, &name)?.is_some() {
                let (url, name) = addresses.ncbi_annotation(species, genome);
                self.get(&url, &name)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The annotation of the platforms of arrays.
    fn platforms(&mut self, addresses: &Addresses, described: &[GeoSeries]) -> Result<(), WorkflowError> {
        for series in described.iter().filter(|one| !one.values.rows.is_empty()) {
            for platform in series.platform_ids() {
                self.get(&addresses.platform(platform), &format!("{platform}.annot.gz"))?;
            }
        }
        Ok(())
    }

    /// The tables of the submitters.
    fn supplementary(
        &mut self,
        series: &str,
        addresses: &Addresses,
        described: &[GeoSeries],
    ) -> Result<(), WorkflowError> {
        let mut names: Vec<String> = Vec::new();
        for url in described.iter().flat_map(GeoSeries::supplementary) {
            let name = url.rsplit('/').next().unwrap_or_default().to_owned();
            if TABLES.iter().any(|ending| name.ends_with(ending)) && !names.contains(&name) {
                names.push(name);
            }
        }
        for name in names {
            self.get(&addresses.supplementary(series, &name), &name)?;
        }
        Ok(())
    }
}

/// The series matrices that a listing names.
fn names_in(listing: &str, series: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in listing.split(['"', '\'', '>', '<', ' ', '\n']) {
        let name = part.rsplit('/').next().unwrap_or_default();
        let is_matrix = name.starts_with(series) && name.ends_with("_series_matrix.txt.gz");
        let rest = name.get(series.len()..).unwrap_or_default();
        if is_matrix && rest.starts_with(['_', '-']) && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_matrix_of_a_listing_is_named_once() {
        let listing = "<a href=\"GSE145-GPL570_series_matrix.txt.gz\">GSE145-GPL570_series_matrix.txt.gz</a>\n\
                       <a href=\"/geo/GSE145-GPL96_series_matrix.txt.gz\">x</a> <a href=\"GSE1450_series_matrix.txt.gz\">other</a>";
        assert_eq!(
            names_in(listing, "GSE145"),
            ["GSE145-GPL570_series_matrix.txt.gz", "GSE145-GPL96_series_matrix.txt.gz"]
        );
        assert!(
            is_accession("GSE42872")
                && !is_accession("GSE")
                && !is_accession("GSE1.txt")
                && !is_accession("GSM1")
        );
    }
}
