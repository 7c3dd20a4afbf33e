//! What the methods paragraph of a run is written from.

use alkaline_core::ExpressionUnit;
use alkaline_core::results::{Query, SampleQc};
use alkaline_io::go_bundle;
use alkaline_io::results::test_table::TestHead;
use alkaline_reference::ontology::go_releases;
use alkaline_report::{
    AlignmentFacts, CountingFacts, EnrichmentFacts, LibraryFacts, MethodsFacts, Reference, TestingFacts,
    methods_paragraph,
};

use crate::spec::experiment::CountSource;
use crate::spec::request::RunRequest;
use crate::stages::enrich::{EnrichSettings, ranking_in_words};
use crate::store::RunDirectory;
use crate::tasks::context::CountFacts;

/// The facts of a run that got as far as its results.
pub fn facts(
    request: &RunRequest,
    counted: &CountFacts,
    libraries: &[SampleQc],
    tests: &[TestHead],
    components: &[(String, String)],
    directory: &RunDirectory,
) -> MethodsFacts {
    let settings = &request.settings;
    let counts_from = match &request.experiment.source {
        CountSource::Table(path) => Some(path.display().to_string()),
        CountSource::Alignments(_) | CountSource::Reads(_) | CountSource::Expression(_) => None,
    };
    let values_from = match &request.experiment.source {
        CountSource::Expression(path) => Some(path.display().to_string()),
        _ => None,
    };
    let of_counts = |word: String| if values_from.is_some() { String::new() } else { word };
    MethodsFacts {
        version: request.version.clone(),
        alignment: alignment(components),
        counting: counting(request, counted, libraries),
        counts_from,
        filter: of_counts(word(&settings.test.filter.method)),
        normalization: of_counts(word(&settings.normalize.factors.method)),
        decisions: counted.decisions.clone(),
        offsets: request.offsets.is_some(),
        values_from,
        units: units(directory),
        testing: testing(request, tests),
        over_representation: enrichment(tests, directory, &settings.enrich, false),
        ranked_enrichment: enrichment(tests, directory, &settings.enrich, true),
        sample_map: directory.sample_map().exists(),
        simulated: request.simulated,
    }
}

/// The text of `methods.md`.
pub fn markdown(facts: &MethodsFacts) -> String {
    format!("# Methods\n\n{}\n", methods_paragraph(facts))
}

/// The text of `CITATIONS.md`.
pub fn citations(works: &[Reference]) -> String {
    let mut text = String::from(
        "# Citations\n\nThis analysis repeats the methods of others. Please cite their authors, beside alkaline:\n\n",
    );
    for Reference { authors, year, title, journal, doi } in works {
        let doi = if doi.is_empty() { String::new() } else { format!(" https://doi.org/{doi}") };
        text += &format!("- {authors} ({year}). {title}. {journal}.{doi}\n");
    }
    text
}

/// How reads were aligned, where they were: by the programs among `components`.
fn alignment(components: &[(String, String)]) -> Option<AlignmentFacts> {
    let version = |program: &str| {
        let found = components.iter().find(|(name, _)| name == program);
        found.map(|(_, version)| version.clone())
    };
    let hisat2 = version("hisat2")?;
    Some(AlignmentFacts {
        fastp: version("fastp"),
        hisat2,
        samtools: version("samtools").unwrap_or_default(),
    })
}

/// How reads were counted, where they were.
fn counting(request: &RunRequest, counted: &CountFacts, qc: &[SampleQc]) -> Option<CountingFacts> {
    if let CountSource::Table(_) | CountSource::Expression(_) = &request.experiment.source {
        return None;
    }
    let first = qc.first()?;
    let options = &request.settings.count;
    let is_found =
        |told: Option<&bool>| options.strandedness.given().is_none() && !told.is_some_and(|told| *told);
    Some(CountingFacts {
        annotation: counted.annotation.clone().unwrap_or_default(),
        feature_type: counted.feature_type.clone(),
        paired: first.layout != alkaline_core::genome::Layout::SingleEnd,
        strandedness: first.strandedness.used,
        strandedness_detected: is_found(counted.told.first()),
        libraries: libraries(qc, counted, is_found),
        minimum_mapping_quality: options.filter.min_mapping_quality,
        multi_mapping_counted: options.filter.multi_mapping,
    })
}

/// The libraries one by one, where they were not all counted alike.
fn libraries(
    qc: &[SampleQc],
    counted: &CountFacts,
    is_found: impl Fn(Option<&bool>) -> bool,
) -> Vec<LibraryFacts> {
    let facts = qc.iter().enumerate().map(|(place, qc)| LibraryFacts {
        sample: qc.sample.clone(),
        layout: qc.layout,
        strandedness: qc.strandedness.used,
        detected: is_found(counted.told.get(place)),
    });
    let facts: Vec<LibraryFacts> = facts.collect();
    let kind = |library: &LibraryFacts| (library.layout, library.strandedness, library.detected);
    if facts.windows(2).all(|pair| kind(&pair[0]) == kind(&pair[1])) { Vec::new() } else { facts }
}

/// How contrasts were tested, those together that were tested alike.
fn testing(request: &RunRequest, tests: &[TestHead]) -> Vec<TestingFacts> {
    let mut groups: Vec<TestingFacts> = Vec::new();
    for test in tests {
        let formula = request.settings.test.formula_for(&test.contrast).ok().flatten();
        let formula = formula.map(|formula| formula.0);
        let alike = groups
            .iter_mut()
            .find(|known| known.formula == formula && known.facts.method == test.facts.method);
        match alike {
            Some(known) => known.contrasts.push(test.contrast.clone()),
            None => groups.push(TestingFacts {
                facts: test.facts.clone(),
                contrasts: vec![test.contrast.clone()],
                formula,
            }),
        }
    }
    groups
}

/// The expression tables that were written.
fn units(directory: &RunDirectory) -> Vec<String> {
    use ExpressionUnit::{Cpm, Fpkm, Log2, LogCpm, Tpm};
    let written =
        [Fpkm, Tpm, Cpm, LogCpm, Log2].into_iter().filter(|unit| directory.expression(*unit).exists());
    written.map(|unit| unit.label().to_owned()).collect()
}

/// How gene sets were tested, where they were: along the ranked list, or among the called genes.
fn enrichment(
    tests: &[TestHead],
    directory: &RunDirectory,
    settings: &EnrichSettings,
    ranked: bool,
) -> Option<EnrichmentFacts> {
    let place = directory.contrast(&tests.first()?.contrast.id);
    let file = if ranked { place.gsea() } else { place.ora(&Query::All) };
    if !file.exists() {
        return None;
    }
    let go = settings.go.iter().map(|aspect| word(aspect).to_uppercase());
    let files = settings.gene_sets.iter().map(|path| path.display().to_string());
    let sizes = match ranked {
        true => (settings.gsea.min_size, settings.gsea.max_size),
        false => (settings.ora.min_size, settings.ora.max_size),
    };
    Some(EnrichmentFacts {
        collections: go.chain(files).collect(),
        gene_ontology: !settings.go.is_empty(),
        ontology_release: release_of(settings),
        background: if ranked {
            format!("all tested genes, ranked by {}", ranking_in_words(settings.rank_by))
        } else {
            "the tested genes".to_owned()
        },
        sizes,
        seed: ranked.then_some(settings.gsea.seed),
        camera: ranked,
    })
}

/// Release date of the built-in Gene Ontology that `settings` name: the newest, or the one that begins as asked.
fn release_of(settings: &EnrichSettings) -> Option<String> {
    if let Some(path) = &settings.go_file {
        return go_bundle::read(path).ok().map(|bundle| bundle.ontology.release().to_owned());
    }
    let wanted = settings.go_release.as_deref().unwrap_or_default();
    go_releases().into_iter().find(|date| date.starts_with(wanted)).map(str::to_owned)
}

/// The word that an option is written as.
pub fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
