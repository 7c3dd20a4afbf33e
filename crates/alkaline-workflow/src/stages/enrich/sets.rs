//! The gene sets that are tested, and the names of their genes.

use std::path::Path;

use alkaline_core::GeneSetCollection;
use alkaline_core::identifiers::IdentifierMap;
use alkaline_core::words::listed;
use alkaline_io::ReadError;
use alkaline_io::gmt::{self, GmtNotes};
use alkaline_io::go_bundle;
use alkaline_reference::identifiers::human_identifiers;
use alkaline_reference::ontology::{gene_ontology, go_releases};

use super::EnrichSettings;
use crate::error::WorkflowError;
use crate::observer::Observer;

/// The gene sets that `settings` name, decoded and propagated.
///
/// # Errors
/// [`WorkflowError`] when a file cannot be read or a release is unknown.
pub fn collections(
    settings: &EnrichSettings,
    observer: &dyn Observer,
) -> Result<Vec<GeneSetCollection>, WorkflowError> {
    let mut collections = Vec::new();
    match &settings.go_file {
        _ if settings.go.is_empty() => {}
        Some(path) => {
            let go = go_bundle::read(path)?;
            collections.extend(settings.go.iter().map(|&aspect| go.collection(aspect.into())));
        }
        None => {
            let go = gene_ontology(settings.go_release.as_deref())?;
            collections.extend(settings.go.iter().map(|&aspect| go.collection(aspect.into())));
        }
    }
    for path in &settings.gene_sets {
        let (collection, notes) = gmt::read(path).map_err(|error| no_sets(path, error))?;
        if let Some(text) = in_words(path, notes) {
            observer.note(&text);
        }
        collections.push(distinct(collection, &collections));
    }
    Ok(collections)
}

/// Where a file of gene sets is missing, its name may be meant for a collection that is built in.
fn no_sets(path: &Path, error: ReadError) -> WorkflowError {
    match error {
        ReadError::Missing { .. } => WorkflowError::design_with_hint(
            format!("{}: no such file", path.display()),
            format!(
                "--gene-sets takes GMT files (of MSigDB or Enrichr, or your own); built in is the Gene Ontology of {}: \
                 --go bp,mf,cc, --go-release",
                listed(go_releases())
            ),
        ),
        other => other.into(),
    }
}

/// `collection` under a name that none of `others` has: files of one name may lie in several directories.
fn distinct(collection: GeneSetCollection, others: &[GeneSetCollection]) -> GeneSetCollection {
    let is_taken = |name: &str| others.iter().any(|other| other.ontology == name);
    if !is_taken(&collection.ontology) {
        return collection;
    }
    let numbered = |number: usize| format!("{} ({number})", collection.ontology);
    let mut number = 2;
    while is_taken(&numbered(number)) {
        number += 1;
    }
    let name = numbered(number);
    collection.renamed(name)
}

/// What a GMT reader put right; nothing where all was well.
fn in_words(path: &Path, notes: GmtNotes) -> Option<String> {
    let GmtNotes { repeated_genes, repeated_sets, empty_sets } = notes;
    (repeated_genes + repeated_sets + empty_sets > 0).then(|| {
        format!(
            "{}: {repeated_genes} genes listed twice in a set, {repeated_sets} sets given twice, {empty_sets} empty sets",
            path.display()
        )
    })
}

/// The names of genes that belong to the gene sets: those in the file of `go_file`, else the built-in human ones.
///
/// # Errors
/// [`WorkflowError`] when the file cannot be read or the release is unknown.
pub fn identifiers(settings: &EnrichSettings) -> Result<IdentifierMap, WorkflowError> {
    Ok(match &settings.go_file {
        Some(path) => go_bundle::read(path)?.identifiers,
        None => human_identifiers(settings.go_release.as_deref())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_name_are_collections_of_their_own() {
        let sets = |name: &str| GeneSetCollection::new(name, Default::default());
        let mut all = Vec::new();
        for name in ["BP", "mine", "mine", "mine"] {
            all.push(distinct(sets(name), &all));
        }
        let names: Vec<&str> = all.iter().map(|part| part.source.collection.as_str()).collect();
        assert_eq!(names, ["BP", "mine", "mine (2)", "mine (3)"]);
    }
}
