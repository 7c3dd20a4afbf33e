//! Where the files of a request lie, wherever the program that reads it was started.
//!
//! A request is kept with its run, read by other commands and on other machines of a cluster: a path that holds only for
//! the directory where somebody typed it would then name another file, or none. Symbolic links stay as they are.

use std::path::{Path, PathBuf};

use alkaline_core::samples::{Library, Reads};

use super::experiment::{CountSource, Experiment};
use super::request::{RunRequest, Settings};

/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

impl RunRequest {
    /// The same request, its relative paths taken from `base`, which is absolute.
    #[must_use]
    pub fn at(mut self, base: &Path) -> Self {
        // What a run reads: a field that holds a path must be named here.
        let Self { experiment, samples_file, annotation, hisat2_index, offsets, settings, .. } = &mut self;
        let Experiment { sheet, source, contrasts: _, notices: _ } = experiment;
        let Settings { clean: _, align: _, count, normalize: _, values: _, test, enrich } = settings;
        let mut paths: Vec<&mut PathBuf> = Vec::new();
        for sample in &mut sheet.samples {
            paths.extend(&mut sample.file);
            paths.extend(sample.reads.iter_mut().flat_map(Reads::files_mut));
        }
        match source {
            CountSource::Alignments(files) => paths.extend(files),
            CountSource::Reads(libraries) => paths.extend(libraries.iter_mut().flat_map(Library::files_mut)),
            CountSource::Table(table) | CountSource::Expression(table) => paths.push(table),
        }
        paths.extend(samples_file);
        paths.extend(hisat2_index);
        paths.extend(offsets);
        paths.extend(&mut count.reference);
        paths.extend(count.details.as_mut().map(|details| &mut details.directory));
        paths.extend(&mut test.bcv_from);
        paths.extend(&mut enrich.go_file);
        paths.extend(&mut enrich.gene_sets);
        for path in paths {
            *path = absolute(base, path);
        }
        if let Some(name) = annotation {
            *name = annotation_at(base, name);
        }
        self
    }
}

/// `path` from `base`; standard input stays what it is.
fn absolute(base: &Path, path: &Path) -> PathBuf {
    if path.as_os_str() == STANDARD_INPUT {
        return path.to_owned();
    }
    let whole = base.join(path);
    // of an absolute path this only takes `.` and doubled separators out
    std::path::absolute(&whole).unwrap_or(whole)
}

/// An annotation: the file of that name, else the name, which is then that of a built-in one, or of nothing.
fn annotation_at(base: &Path, name: &str) -> String {
    let path = absolute(base, Path::new(name));
    if path.exists() { path.to_string_lossy().into_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use alkaline_core::ContrastSpec;
    use alkaline_core::results::RankBy;
    use alkaline_core::samples::{Lane, ModelFormula, SampleRecord, SampleSheet};

    use super::*;
    use crate::stages::enrich::SimplifySettings;
    use crate::stages::panels::PanelSpec;
    use crate::stages::test::TestMethod;

    /// A request with something in every field that can hold nothing.
    fn request() -> RunRequest {
        let sample = |id: &str, condition: &str| SampleRecord {
            id: id.into(),
            file: Some(format!("bams/{id}.bam").into()),
            reads: None,
            values: vec![condition.to_owned()],
        };
        let mut settings = Settings::default();
        settings.count.reference = Some("genome.fa".into());
        settings.count.contig_aliases = vec![("chr1".into(), "1".into())];
        settings.test.bcv_from = Some("other/dispersions.tsv".into());
        settings.test.method = Some(TestMethod::Ql);
        settings.test.design = Some(ModelFormula("~ batch + condition".into()));
        settings.test.estimate.prior_df = Some(10.0 / 3.0);
        settings.enrich.gene_sets = vec!["a.gmt".into(), "/sets/b.gmt".into()];
        settings.enrich.go_file = Some("./go.bundle".into());
        settings.enrich.rank_by = RankBy::SignedLogP;
        settings.enrich.simplify = Some(SimplifySettings::default());
        RunRequest {
            title: "a title".into(),
            experiment: Experiment {
                sheet: SampleSheet {
                    variables: vec!["condition".into()],
                    samples: vec![sample("s1", "parental"), sample("s2", "resistant")],
                },
                contrasts: vec![
                    ContrastSpec::between("r", "condition", "parental", "resistant"),
                    ContrastSpec::of_expression("e", "resistant - parental"),
                ],
                source: CountSource::Alignments(vec!["bams/s1.bam".into(), "../s2.bam".into()]),
                notices: vec!["look twice".into()],
            },
            samples_file: Some("samples.csv".into()),
            annotation: Some("hg38".into()),
            hisat2_index: Some("index".into()),
            offsets: Some("lengths.tsv".into()),
            allow_fractional: true,
            transpose: false,
            keep_filtered: true,
            settings,
            panels: vec![PanelSpec {
                name: "p".into(),
                description: "d".into(),
                symbols: vec!["ALK".into()],
            }],
            command: vec!["alkaline".into(), "run".into()],
            version: "0.1.0".into(),
            simulated: false,
        }
    }

    #[test]
    fn a_request_reads_back_from_json_as_it_was_written() {
        let written = request();
        let json = serde_json::to_string_pretty(&written).unwrap();
        assert_eq!(serde_json::from_str::<RunRequest>(&json).unwrap(), written);
        let mut table = written.clone();
        table.experiment.source = CountSource::Table("counts.tsv".into());
        table.experiment.sheet.samples[0].file = None;
        assert_ne!(table, written);
        let json = serde_json::to_string(&table).unwrap();
        assert_eq!(serde_json::from_str::<RunRequest>(&json).unwrap(), table);
        let mut reads = written;
        let lanes = vec![
            Lane { first: "l1_1.fq.gz".into(), second: Some("l1_2.fq.gz".into()) },
            Lane { first: "/r/l2_1.fq.gz".into(), second: Some("l2_2.fq.gz".into()) },
        ];
        let library = Reads { lanes };
        reads.experiment.sheet.samples[1].reads = Some(library.clone());
        reads.experiment.source =
            CountSource::Reads(vec![Library::Alignments("s1.bam".into()), Library::Reads(library)]);
        let there = reads.at(Path::new("/lab"));
        let json = serde_json::to_string(&there).unwrap();
        assert_eq!(serde_json::from_str::<RunRequest>(&json).unwrap(), there);
        assert_eq!(json.matches("\"/lab/l1_1.fq.gz\"").count(), 2, "{json}");
        assert_eq!(json.matches("\"/lab/l2_2.fq.gz\"").count(), 2, "{json}");
        assert_eq!(json.matches("\"/r/l2_1.fq.gz\"").count(), 2, "{json}");
    }

    #[test]
    fn every_relative_path_of_a_request_is_taken_from_the_base() {
        let there = request().at(Path::new("/lab/h3122"));
        let json = serde_json::to_string(&there).unwrap();
        for path in [
            "/lab/h3122/bams/s1.bam",
            "/lab/h3122/../s2.bam",
            "/lab/h3122/samples.csv",
            "/lab/h3122/lengths.tsv",
            "/lab/h3122/genome.fa",
            "/lab/h3122/other/dispersions.tsv",
            "/lab/h3122/a.gmt",
            "/sets/b.gmt",
            "/lab/h3122/go.bundle",
        ] {
            assert!(json.contains(&format!("\"{path}\"")), "{path} is not in {json}");
        }
        assert_eq!(there.annotation.as_deref(), Some("hg38"));
        assert_eq!(there.clone().at(Path::new("/elsewhere")), there);
    }

    #[test]
    fn a_built_in_annotation_stays_a_name_unless_a_file_is_called_so() {
        let here = tempfile::tempdir().unwrap();
        assert_eq!(annotation_at(here.path(), "hg19"), "hg19");
        std::fs::write(here.path().join("hg19"), "").unwrap();
        assert_eq!(annotation_at(here.path(), "hg19"), here.path().join("hg19").to_string_lossy());
    }

    #[test]
    fn standard_input_is_no_path() {
        assert_eq!(absolute(Path::new("/lab"), Path::new("-")), Path::new("-"));
    }
}
