//! Differential expression in a run: what contrasts of one design share is computed once, and written once.

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{CountTable, MapMethod, TestTable};
use alkaline_core::{ContrastSpec, PerGene};
use alkaline_io::results::{dispersions, library_sizes, sample_map, sensitivity, test_table};
use alkaline_io::rnk;

use super::Run;
use crate::error::WorkflowError;
use crate::layout::PreparedDirectory;
use crate::stages::test::{self, Prepared, TestSettings};
use crate::stages::untested;

/// Filter, library sizes and dispersions, with what decides which contrasts share them.
struct Shared {
    /// `None`: they are of one contrast's own samples.
    key: Option<String>,
    prepared: Prepared,
}

impl Run<'_> {
    /// Tests every contrast.
    pub(super) fn test(
        &mut self,
        table: &CountTable,
        labels: &PerGene<GeneLabel>,
    ) -> Result<Vec<TestTable>, WorkflowError> {
        self.stage("test", |run| {
            let contrasts = &run.request.experiment.contrasts;
            let mut shared: Vec<Shared> = Vec::new();
            let mut places = Vec::new();
            let mut tests = Vec::new();
            for contrast in contrasts {
                let place = run.prepare(table, contrast, &mut shared)?;
                places.push(place);
                tests.push(run.test_contrast(&shared[place].prepared, contrast, labels)?);
            }
            if let Some(first) = shared.first() {
                write_prepared(&run.directory.prepared(), &first.prepared, labels)?;
            }
            // Where contrasts do not share them, each has its own beside its table.
            if shared.len() > 1 {
                for (contrast, place) in contrasts.iter().zip(places) {
                    let own = run.directory.contrast(&contrast.id).prepared();
                    write_prepared(&own, &shared[place].prepared, labels)?;
                }
            }
            let words = count_words(&tests);
            Ok((tests, words))
        })
    }

    /// The place in `shared` of what the test of `contrast` needs; computed where no contrast before it did.
    fn prepare(
        &self,
        table: &CountTable,
        contrast: &ContrastSpec,
        shared: &mut Vec<Shared>,
    ) -> Result<usize, WorkflowError> {
        let request = self.request;
        let settings = &request.settings.test;
        let (sheet, norm) = (&request.experiment.sheet, &request.settings.normalize.factors);
        if settings.separate {
            let (table, sheet) = test::samples_of_contrast(table, sheet, contrast);
            let prepared = test::prepare(&table, &sheet, contrast, settings, norm)?;
            self.tell_samples(contrast, &prepared);
            shared.push(Shared { key: None, prepared });
            return Ok(shared.len() - 1);
        }
        let key = Some(shared_key(contrast, settings)?);
        if let Some(place) = shared.iter().position(|other| other.key == key) {
            return Ok(place);
        }
        let prepared = test::prepare(table, sheet, contrast, settings, norm)?;
        self.tell_samples(contrast, &prepared);
        shared.push(Shared { key, prepared });
        Ok(shared.len() - 1)
    }

    /// Says how many samples the groups have, and how columns of numbers were read.
    fn tell_samples(&self, contrast: &ContrastSpec, prepared: &Prepared) {
        for words in prepared.in_words() {
            self.observer.notice(&format!("{}: {words}", contrast.id));
        }
    }

    /// Tests one contrast and writes what came out.
    fn test_contrast(
        &mut self,
        prepared: &Prepared,
        contrast: &ContrastSpec,
        labels: &PerGene<GeneLabel>,
    ) -> Result<TestTable, WorkflowError> {
        let settings = &self.request.settings.test;
        let table = test::test(prepared, contrast, labels, settings)?;
        let place = self.directory.contrast(&contrast.id);
        let filtered = if self.request.keep_filtered { untested::rows(&table, labels) } else { Vec::new() };
        test_table::write(&place.test(), &table, &filtered)?;
        rnk::write(&place.ranks(), &table.ranked_by(self.request.settings.enrich.rank_by))?;
        if let Some(from) = &settings.bcv_from {
            self.warn(format!("{}: the dispersion was borrowed from {}", contrast.id, from.display()));
        }
        if let Some(assumed) = settings.assumed()? {
            let calls = test::sensitivity(prepared, contrast, settings, assumed)?;
            sensitivity::write(&place.sensitivity(), &calls.rows)?;
            sensitivity::write_by_gene(&place.sensitivity_by_gene(), &calls.largest_bcv, labels)?;
            self.warn(format!(
                "{}: the dispersion was assumed (BCV {}), not estimated: P values are as good as that guess",
                contrast.id,
                assumed.sqrt()
            ));
        }
        Ok(table)
    }
}

/// Writes library sizes, maps of the samples, dispersions and what the filter removed.
fn write_prepared(
    place: &PreparedDirectory,
    prepared: &Prepared,
    labels: &PerGene<GeneLabel>,
) -> Result<(), WorkflowError> {
    library_sizes::write(&place.library_sizes(), &prepared.sizes, &prepared.groups)?;
    untested::write(&place.filter(), prepared, labels)?;
    dispersions::write(&place.dispersions(), &prepared.dispersion, labels)?;
    let paths = [place.sample_map(), place.principal_components()];
    for (path, method) in paths.iter().zip([MapMethod::Mds, MapMethod::Pca]) {
        if let Some(map) = test::sample_map(prepared, method)? {
            sample_map::write(path, &map)?;
        }
    }
    Ok(())
}

/// What decides whether two contrasts share filter, library sizes and dispersion: grouping or design, and its baseline.
fn shared_key(contrast: &ContrastSpec, settings: &TestSettings) -> Result<String, WorkflowError> {
    Ok(match settings.formula_for(contrast)? {
        None => contrast.variable.clone(),
        Some(formula) => {
            let blocking = contrast.blocking.join(";");
            format!("{} | {} {} | {blocking}", formula.0, contrast.variable, contrast.reference)
        }
    })
}

/// "resistant_vs_parental: 403 up, 260 down".
fn count_words(tests: &[TestTable]) -> String {
    let words = tests.iter().map(|table| {
        let (up, down) = table.called();
        format!("{}: {up} up, {down} down of {} tested", table.contrast.id, table.rows.len())
    });
    words.collect::<Vec<_>>().join("; ")
}
