//! Gene-set text, read and then used as enrichment uses it.

use std::collections::BTreeSet;
use std::path::Path;

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::ontology::{Aspect, Ontology, OntologyAnnotations};
use alkaline_core::{GeneId, GeneSetCollection};
use alkaline_io::{gaf, gmt, go_bundle, obo};

/// Three terms of two ontologies, one of them under two names.
const TERMS: &str = "data-version: releases/2026-01-23\n\
[Term]\nid: GO:1\nname: a\nnamespace: biological_process\nalt_id: GO:4\n\
[Term]\nid: GO:2\nname: b\nnamespace: biological_process\nrelationship: part_of GO:1\n\
[Term]\nid: GO:3\nname: c\nnamespace: molecular_function\n";

/// Every member of every set is a gene, once.
fn check(collection: &GeneSetCollection) {
    for set in &collection.sets {
        let mut members = set.members.clone();
        members.sort_unstable();
        members.dedup();
        assert_eq!(members.len(), set.members.len(), "a gene stands twice in `{}`", set.id);
        assert!(members.iter().all(|&gene| (gene as usize) < collection.genes.len()));
        assert!(!set.id.is_empty());
    }
}

/// Reads GMT.
pub fn read_gene_sets(text: &str) {
    let path = Path::new("fuzzed.gmt");
    let Ok((collection, _)) = gmt::parse(text, path) else { return };
    assert!(!collection.sets.is_empty(), "a collection without sets was read");
    check(&collection);
}

/// Reads OBO and propagates one annotation per term.
pub fn read_ontology(text: &str) {
    let Ok((ontology, _)) = obo::parse(text, Path::new("fuzzed.obo")) else { return };
    let terms = ontology.terms().len();
    let genes: Vec<GeneId> = (0..terms).map(|gene| GeneId::from(gene.to_string())).collect();
    let pairs = (0..terms as u32).map(|term| (term, term)).collect();
    let annotations = OntologyAnnotations::new(GeneSetSource::default(), genes, pairs);
    let mut sets = 0;
    for aspect in Aspect::ALL {
        let collection = ontology.propagate(&annotations, aspect);
        check(&collection);
        sets += collection.sets.len();
    }
    assert_eq!(sets, terms, "every term has at least its own gene");
    for term in 0..terms as u32 {
        assert!(!ontology.ancestors(term).contains(&term), "a term above itself");
    }
}

/// Reads GAF for a small ontology and propagates it.
pub fn read_annotations(text: &str) {
    let (ontology, _) = small();
    let Ok(gaf) = gaf::parse(text, Path::new("fuzzed.gaf"), &ontology, gaf::GafNames::Symbol) else { return };
    let annotations = gaf.annotations;
    assert!(!annotations.is_empty(), "annotations without any were read");
    assert_eq!(annotations.by_gene().count(), gaf.names.len(), "every gene has its names");
    for aspect in Aspect::ALL {
        check(&ontology.propagate(&annotations, aspect));
    }
}

/// Reads a GO bundle; what was read is written, and reads the same again (but line ends within names become blanks).
pub fn read_bundle(text: &str) {
    let path = Path::new("fuzzed.go");
    let Ok(bundle) = go_bundle::parse(text, path) else { return };
    for aspect in Aspect::ALL {
        check(&bundle.collection(aspect));
    }
    if text.contains('\r') {
        return;
    }
    let mut written = Vec::new();
    go_bundle::write_to(&mut written, &bundle).expect("memory takes everything");
    let written = String::from_utf8(written).expect("text stays text");
    let again = go_bundle::parse(&written, path).expect("what was written can be read");
    for aspect in Aspect::ALL {
        assert_eq!(named(&again.collection(aspect)), named(&bundle.collection(aspect)));
    }
}

/// Sets with the names of their genes, in no order: writing may number the genes anew.
fn named(collection: &GeneSetCollection) -> Vec<(&str, BTreeSet<&str>)> {
    let genes = |set| collection.genes_of(set).map(GeneId::as_str).collect();
    collection.sets.iter().map(|set| (set.id.as_str(), genes(set))).collect()
}

fn small() -> (Ontology, obo::OboNotes) {
    obo::parse(TERMS, Path::new("small.obo")).expect("the small ontology is well-formed")
}
