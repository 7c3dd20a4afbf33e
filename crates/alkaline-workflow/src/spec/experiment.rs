//! The experiment that a run is about: samples, contrasts, and where the counts come from.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use alkaline_core::samples::{Library, SampleRecord, SampleSheet, is_missing};
use alkaline_core::spelling::did_you_mean;
use alkaline_core::words::{count, listed};
use alkaline_core::{ContrastSpec, SampleId, SampleIndex};
use serde::{Deserialize, Serialize};

use crate::error::{Problems, WorkflowError};
use crate::spec::questions;
use crate::spec::sheet::{CONDITION, sample_index, strandedness_column};
use crate::stages::test::TestSettings;

/// Where counts come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountSource {
    /// Alignments, one file a sample, in the order of the sheet.
    Alignments(Vec<PathBuf>),
    /// Reads of at least one sample, and alignments of the others; in the order of the sheet.
    Reads(Vec<Library>),
    /// A finished count table.
    Table(PathBuf),
    /// No counts: a table of expression values (arrays, panels, logarithms of whatever origin).
    Expression(PathBuf),
}

/// Samples, contrasts and the source of the counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Experiment {
    /// The samples.
    pub sheet: SampleSheet,
    /// The questions.
    pub contrasts: Vec<ContrastSpec>,
    /// Where counts come from.
    pub source: CountSource,
    /// What in the sheet deserves a second look.
    pub notices: Vec<String>,
}

impl Experiment {
    /// Two groups of alignment files, named as the command line names them.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when a side is empty or one file stands twice.
    pub fn two_groups(parental: &[PathBuf], resistant: &[PathBuf]) -> Result<Self, WorkflowError> {
        let mut problems = Problems::default();
        for (side, files) in [("--parental", parental), ("--resistant", resistant)] {
            if files.is_empty() {
                problems.add(format!("{side} names no BAM: a comparison needs both sides"));
            }
        }
        let files: Vec<PathBuf> = parental.iter().chain(resistant).cloned().collect();
        let mut seen = HashSet::new();
        for file in &files {
            if !seen.insert(file) {
                problems.add(format!("{} is given twice: one library cannot be two samples", file.display()));
            }
        }
        problems.check()?;
        let conditions = std::iter::repeat_n("parental", parental.len())
            .chain(std::iter::repeat_n("resistant", resistant.len()));
        let samples = sample_names(&files)
            .into_iter()
            .zip(&files)
            .zip(conditions)
            .map(|((id, file), condition)| SampleRecord {
                id,
                file: Some(file.clone()),
                reads: None,
                values: vec![condition.to_owned()],
            })
            .collect();
        let contrast = ContrastSpec::between("resistant_vs_parental", CONDITION, "parental", "resistant");
        let sheet = SampleSheet { variables: vec![CONDITION.to_owned()], samples };
        Ok(Self {
            sheet,
            contrasts: vec![contrast],
            source: CountSource::Alignments(files),
            notices: Vec::new(),
        })
    }

    /// A sample sheet with contrasts; counts come from `table`, or from the files that the sheet names.
    ///
    /// Without contrasts, a sheet with exactly two conditions gives the one that it implies, the first condition being
    /// the reference.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] with everything that does not fit together.
    pub fn from_sheet(
        sheet: SampleSheet,
        contrasts: Option<Vec<ContrastSpec>>,
        table: Option<&Path>,
        settings: &TestSettings,
    ) -> Result<Self, WorkflowError> {
        let source = match table {
            Some(path) => CountSource::Table(path.to_owned()),
            None => source_of(&sheet)?,
        };
        let contrasts = match contrasts {
            Some(contrasts) => contrasts,
            None => vec![implied_contrast(&sheet)?],
        };
        let mut experiment = Self { sheet, contrasts, source, notices: Vec::new() };
        experiment.check_contrasts(settings)?;
        experiment.notices = experiment.second_looks();
        Ok(experiment)
    }

    /// A sample sheet with contrasts, and a table of expression values in place of counts.
    ///
    /// # Errors
    /// As [`from_sheet`](Self::from_sheet); [`WorkflowError::Design`] for a test that needs counts.
    pub fn from_values(
        sheet: SampleSheet,
        contrasts: Option<Vec<ContrastSpec>>,
        table: &Path,
        settings: &TestSettings,
    ) -> Result<Self, WorkflowError> {
        let own = settings.of_values()?;
        let experiment = Self::from_sheet(sheet, contrasts, Some(table), &own)?;
        Ok(Self { source: CountSource::Expression(table.to_owned()), ..experiment })
    }

    /// Whether expression values stand in place of counts.
    pub fn has_values(&self) -> bool {
        matches!(self.source, CountSource::Expression(_))
    }

    /// The samples as an index.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when two samples share a name.
    pub fn sample_index(&self) -> Result<std::sync::Arc<SampleIndex>, WorkflowError> {
        sample_index(&self.sheet)
    }

    /// The variable that groups the samples: that of the first contrast that has one.
    pub fn group_variable(&self) -> &str {
        let variables = self.contrasts.iter().map(|contrast| contrast.variable.as_str());
        variables.into_iter().find(|variable| !variable.is_empty()).unwrap_or(CONDITION)
    }

    /// Groups whose names differ only by case or blanks, and a column that is not used.
    fn second_looks(&self) -> Vec<String> {
        let mut columns: Vec<&String> = Vec::new();
        for contrast in &self.contrasts {
            columns.extend(std::iter::once(&contrast.variable).chain(&contrast.blocking));
        }
        columns.sort_unstable();
        columns.dedup();
        let alike = columns.into_iter().flat_map(|column| questions::levels_alike(column, &self.sheet));
        let unused = strandedness_column(&self.sheet)
            .filter(|_| matches!(self.source, CountSource::Table(_) | CountSource::Expression(_)))
            .map(|name| {
                format!("the column `{name}` of the sample sheet is not used: the counts are made already")
            });
        let idle =
            self.contrasts.iter().flat_map(|contrast| questions::idle_exclusions(contrast, &self.sheet));
        let aligned: Vec<&str> = match &self.source {
            CountSource::Table(_) | CountSource::Expression(_) => Vec::new(),
            _ => {
                let both = self
                    .sheet
                    .samples
                    .iter()
                    .filter(|sample| sample.file.is_some() && sample.reads.is_some());
                both.map(|sample| sample.id.as_str()).collect()
            }
        };
        let aligned = (!aligned.is_empty()).then(|| {
            format!("the alignments that the sheet names are counted, not its reads, of {}", listed(&aligned))
        });
        alike.chain(unused).chain(idle).chain(aligned).collect()
    }

    /// Refuses contrasts that do not fit the sheet or their design.
    fn check_contrasts(&mut self, settings: &TestSettings) -> Result<(), WorkflowError> {
        let mut problems = Problems::default();
        for contrast in &mut self.contrasts {
            for problem in questions::problems(contrast, &self.sheet, settings) {
                let message = questions::message(contrast, &problem);
                problems.add_with_hint(message, problem.hint);
            }
        }
        problems.check()
    }
}

/// The alignments or reads of every sample, all of which must be named; of a sample with both the alignments.
fn source_of(sheet: &SampleSheet) -> Result<CountSource, WorkflowError> {
    let has_reads = sheet.samples.iter().any(|sample| sample.reads.is_some());
    if !has_reads && sheet.samples.iter().all(|sample| sample.file.is_none()) {
        let message = "the sample sheet has no column `bam`, and no count table was given";
        return Err(WorkflowError::design_with_hint(message, "add the column, or pass --counts FILE"));
    }
    let mut problems = Problems::default();
    let mut libraries = Vec::with_capacity(sheet.samples.len());
    for sample in &sheet.samples {
        match (&sample.file, &sample.reads) {
            (Some(file), _) => libraries.push(Library::Alignments(file.clone())),
            (None, Some(reads)) => libraries.push(Library::Reads(reads.clone())),
            (None, None) if has_reads => {
                problems.add(format!("sample `{}` has no file in the columns `bam` and `fastq_1`", sample.id))
            }
            (None, None) => problems.add(format!("sample `{}` has no file in the column `bam`", sample.id)),
        }
    }
    problems.check()?;
    let files: Option<Vec<PathBuf>> = libraries.iter().map(Library::alignments).collect();
    Ok(files.map_or(CountSource::Reads(libraries), CountSource::Alignments))
}

/// What `sample` is counted from; `None` for one that the experiment has not, or whose counts are made already.
pub fn library_of(experiment: &Experiment, sample: &str) -> Option<Library> {
    let place = experiment.sheet.samples.iter().position(|record| record.id.as_str() == sample)?;
    match &experiment.source {
        CountSource::Alignments(files) => files.get(place).cloned().map(Library::Alignments),
        CountSource::Reads(libraries) => libraries.get(place).cloned(),
        CountSource::Table(_) | CountSource::Expression(_) => None,
    }
}

/// Refuses samples whose reads nobody aligned.
pub(crate) fn unaligned(sheet: &SampleSheet, libraries: &[Library]) -> WorkflowError {
    let samples = sheet.samples.iter().zip(libraries);
    let names: Vec<String> = samples
        .filter(|(_, library)| matches!(library, Library::Reads(_)))
        .map(|(sample, _)| format!("`{}`", sample.id))
        .collect();
    let message =
        format!("the reads of {} are not aligned: {}", count(names.len(), "sample"), listed(&names));
    WorkflowError::design_with_hint(
        message,
        "give an index of the genome (--hisat2-index, made by `alkaline reference index`), or name BAMs in the column `bam`",
    )
}

/// What to do where the sheet does not tell what to compare.
const WANTS_CONTRASTS: &str = "pass --contrasts FILE (id,variable,reference,target)";

/// The contrast of a sheet with exactly two conditions.
fn implied_contrast(sheet: &SampleSheet) -> Result<ContrastSpec, WorkflowError> {
    let Some(values) = sheet.values(CONDITION) else {
        let meant = did_you_mean(CONDITION, sheet.variables.iter().map(String::as_str));
        let message = format!(
            "the sample sheet has no column `condition` (it has {}{meant}), and no contrasts were given",
            if sheet.variables.is_empty() { "none".to_owned() } else { listed(&sheet.variables) }
        );
        return Err(WorkflowError::design_with_hint(message, WANTS_CONTRASTS));
    };
    let mut levels: Vec<&str> = Vec::new();
    for value in values {
        if !is_missing(value) && !levels.contains(&value) {
            levels.push(value);
        }
    }
    let [reference, target] = levels.as_slice() else {
        let message =
            format!("{} conditions ({}), so the comparison is not clear", levels.len(), listed(&levels));
        return Err(WorkflowError::design_with_hint(message, WANTS_CONTRASTS));
    };
    Ok(ContrastSpec::between(
        &format!("{target}_vs_{reference}").replace(['/', '\\', ' '], "_"),
        CONDITION,
        reference,
        target,
    ))
}

/// Clean names for files: the stem, made unique by the folder's name or, failing that, a number.
pub fn sample_names(files: &[PathBuf]) -> Vec<SampleId> {
    let stems: Vec<String> = files.iter().map(|file| stem(file)).collect();
    let is_repeated = |stem: &String| stems.iter().filter(|other| *other == stem).count() > 1;
    let mut taken = HashSet::new();
    files
        .iter()
        .zip(&stems)
        .map(|(file, stem)| {
            let folder =
                file.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
            let base = match folder {
                Some(folder) if is_repeated(stem) => format!("{folder}_{stem}"),
                _ => stem.clone(),
            };
            let numbered = (2..).map(|number| format!("{base}_{number}"));
            let name = std::iter::once(base.clone()).chain(numbered).find(|name| !taken.contains(name));
            let name = name.unwrap_or(base);
            taken.insert(name.clone());
            SampleId::from(name)
        })
        .collect()
}

/// A file's name without directory and without the endings of alignments.
fn stem(file: &Path) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut stem = name.as_str();
    for ending in [".bam", ".cram", ".sam", ".BAM", ".sorted", ".Aligned.sortedByCoord.out"] {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    stem.to_owned()
}

#[cfg(test)]
mod tests {
    use alkaline_core::samples::{Lane, Reads};

    use super::*;

    fn sheet(conditions: &[&str]) -> SampleSheet {
        let samples = conditions.iter().enumerate().map(|(number, condition)| SampleRecord {
            id: format!("s{number}").into(),
            file: Some(format!("s{number}.bam").into()),
            reads: None,
            values: vec![(*condition).to_owned()],
        });
        SampleSheet { variables: vec!["condition".to_owned()], samples: samples.collect() }
    }

    #[test]
    fn two_conditions_imply_their_contrast_and_three_do_not() {
        let experiment =
            Experiment::from_sheet(sheet(&["p", "r", "p"]), None, None, &TestSettings::default()).unwrap();
        assert_eq!(
            (experiment.contrasts[0].reference.as_str(), experiment.contrasts[0].target.as_str()),
            ("p", "r")
        );
        let message = Experiment::from_sheet(sheet(&["p", "r", "q"]), None, None, &TestSettings::default())
            .unwrap_err()
            .to_string();
        assert!(message.contains("3 conditions (p, r, q)"), "{message}");
    }

    #[test]
    fn a_sample_is_counted_from_its_alignments_else_from_its_reads() {
        let reads = |name: &str| Some(Reads { lanes: vec![Lane { first: name.into(), second: None }] });
        let mut sheet = sheet(&["p", "r", "p", "r"]);
        let of =
            |sheet: &SampleSheet| Experiment::from_sheet(sheet.clone(), None, None, &TestSettings::default());
        let alignments = |name: &str| Library::Alignments(name.into());
        assert!(matches!(of(&sheet).unwrap().source, CountSource::Alignments(files) if files.len() == 4));
        sheet.samples[1].reads = reads("s1.fq");
        let experiment = of(&sheet).unwrap();
        assert!(matches!(experiment.source, CountSource::Alignments(_)));
        assert!(experiment.notices[0].contains("not its reads, of s1"), "{:?}", experiment.notices);
        sheet.samples[2].file = None;
        let message = of(&sheet).unwrap_err().to_string();
        assert!(message.contains("sample `s2` has no file in the columns `bam` and `fastq_1`"), "{message}");
        sheet.samples[2].reads = reads("s2.fq");
        let expected = vec![
            alignments("s0.bam"),
            alignments("s1.bam"),
            Library::Reads(reads("s2.fq").unwrap()),
            alignments("s3.bam"),
        ];
        assert_eq!(of(&sheet).unwrap().source, CountSource::Reads(expected));
    }

    #[test]
    fn a_sample_without_a_condition_is_named() {
        let contrast = || Some(vec![ContrastSpec::between("c", "condition", "A", "B")]);
        for missing in ["NA", "", "#N/A"] {
            let sheet = sheet(&["A", "A", "B", missing]);
            for contrasts in [contrast(), None] {
                let settings = TestSettings::default();
                let error = Experiment::from_sheet(sheet.clone(), contrasts, None, &settings).unwrap_err();
                let message = error.to_string();
                assert!(message.contains("sample `s3` has no condition"), "{message}");
                assert!(message.contains("hint: "), "{message}");
            }
        }
        let separate = TestSettings { separate: true, ..TestSettings::default() };
        assert!(Experiment::from_sheet(sheet(&["A", "B", "NA"]), contrast(), None, &separate).is_ok());
    }

    #[test]
    fn groups_that_differ_by_case_are_told_of() {
        let contrasts = Some(vec![ContrastSpec::between("c", "condition", "WT", "KO")]);
        let sheet = sheet(&["WT", "wt", "KO", "KO"]);
        let experiment = Experiment::from_sheet(sheet, contrasts, None, &TestSettings::default()).unwrap();
        let expected =
            "`condition` has groups that differ only by case or blanks: `WT` (1 sample) and `wt` (1 sample)";
        assert!(experiment.notices[0].starts_with(expected), "{:?}", experiment.notices);
    }

    #[test]
    fn a_column_that_is_nearly_condition_is_suggested() {
        let sheet = SampleSheet { variables: vec!["conditon".into()], ..sheet(&["a", "b"]) };
        let message =
            Experiment::from_sheet(sheet, None, None, &TestSettings::default()).unwrap_err().to_string();
        assert!(
            message.contains("no column `condition`") && message.contains("did you mean `conditon`?"),
            "{message}"
        );
    }

    #[test]
    fn a_level_that_the_sheet_lacks_is_named_with_the_nearest() {
        let contrast = ContrastSpec::between("c", "condition", "parental", "resistent");
        let sheet = sheet(&["parental", "resistant"]);
        let message = Experiment::from_sheet(sheet, Some(vec![contrast]), None, &TestSettings::default())
            .unwrap_err()
            .to_string();
        assert!(message.contains("did you mean `resistant`?"), "{message}");
    }

    #[test]
    fn sample_names_are_stems_made_unique() {
        let names =
            sample_names(&["a/x.bam".into(), "b/x.bam".into(), "y.sorted.bam".into(), "b/x.cram".into()]);
        let names: Vec<&str> = names.iter().map(SampleId::as_str).collect();
        assert_eq!(names, ["a_x", "b_x", "y", "b_x_2"]);
    }
}
