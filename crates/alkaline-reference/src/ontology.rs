//! The built-in Gene Ontology with its human annotations, in two releases.
//!
//! Source, licence and checksums: `reference/ontology/README.md`. Attribution: Gene Ontology Consortium, CC BY 4.0.

use std::collections::HashMap;

use alkaline_core::GeneId;
use alkaline_core::gene_sets::{GeneSetCollection, GeneSetSource};
use alkaline_core::ontology::{
    Aspect, Ontology, OntologyAnnotations, OntologyEdge, OntologyError, Relation, Term,
};
use thiserror::Error;

/// How the Gene Ontology asks to be credited.
const ATTRIBUTION: &str = "Gene Ontology Consortium, CC BY 4.0, https://geneontology.org";

/// One embedded release.
pub(crate) struct Bundle {
    pub(crate) release: &'static str,
    pub(crate) terms: &'static [u8],
    pub(crate) human: &'static [u8],
}

/// The embedded releases, newest first.
pub(crate) const BUNDLES: [Bundle; 2] = [
    Bundle {
        release: "2026-01-23",
        terms: include_bytes!("../data/ontology/go-2026-01-23.terms.tsv.zst"),
        human: include_bytes!("../data/ontology/go-2026-01-23.human.tsv.zst"),
    },
    Bundle {
        release: "2022-07-01",
        terms: include_bytes!("../data/ontology/go-2022-07-01.terms.tsv.zst"),
        human: include_bytes!("../data/ontology/go-2022-07-01.human.tsv.zst"),
    },
];

/// The relations that GOSemSim climbs: those of a Gene Ontology release of early 2021, the same in its versions 2.24.0 to
/// 2.38.3. clusterProfiler's `simplify` uses them whatever release the gene sets are of.
pub(crate) const GOSEMSIM: Bundle = Bundle {
    release: "2021 (GOSemSim)",
    terms: include_bytes!("../data/ontology/gosemsim.relations.tsv.zst"),
    human: &[],
};

/// Why a built-in bundle could not be used.
#[derive(Debug, Error)]
pub enum BundleError {
    /// No such release is built in.
    #[error("there is no built-in release `{asked}`; built in are {known}")]
    UnknownRelease {
        /// The release asked for.
        asked: String,
        /// The releases there are.
        known: String,
    },
    /// The embedded bytes are damaged: a fault of the build.
    #[error("the built-in bundle {bundle} is damaged: {reason}")]
    Damaged {
        /// Which bundle.
        bundle: String,
        /// What was found.
        reason: String,
    },
}

impl BundleError {
    pub(crate) fn damaged(bundle: &str, reason: impl ToString) -> Self {
        Self::Damaged { bundle: bundle.to_owned(), reason: reason.to_string() }
    }
}

/// The Gene Ontology and what it says of human genes (NCBI Gene ids).
#[derive(Clone, Debug)]
pub struct GeneOntology {
    /// Terms and their relations.
    pub ontology: Ontology,
    /// Direct annotations.
    pub annotations: OntologyAnnotations,
}

impl GeneOntology {
    /// The gene sets of one ontology, propagated to broader terms.
    pub fn collection(&self, aspect: Aspect) -> GeneSetCollection {
        self.ontology.propagate(&self.annotations, aspect)
    }
}

/// Release dates of the built-in Gene Ontology, newest first.
pub fn go_releases() -> Vec<&'static str> {
    BUNDLES.iter().map(|bundle| bundle.release).collect()
}

/// Decodes the built-in Gene Ontology: the newest release, or the newest that starts with `release` (`2022-07`).
///
/// # Errors
/// [`BundleError::UnknownRelease`].
pub fn gene_ontology(release: Option<&str>) -> Result<GeneOntology, BundleError> {
    let bundle = choose(&BUNDLES, release, |bundle| bundle.release)?;
    let ontology = read_terms(bundle)?;
    let annotations = read_annotations(bundle, &ontology)?;
    Ok(GeneOntology { ontology, annotations })
}

/// Terms and relations alone, of the release that [`gene_ontology`] would choose: for the similarity of terms.
///
/// # Errors
/// [`BundleError::UnknownRelease`].
pub fn go_terms(release: Option<&str>) -> Result<Ontology, BundleError> {
    read_terms(choose(&BUNDLES, release, |bundle| bundle.release)?)
}

/// The relations that GOSemSim climbs, without names of terms: to repeat what clusterProfiler's `simplify` keeps.
///
/// # Errors
/// [`BundleError::Damaged`], a fault of the build.
pub fn gosemsim_relations() -> Result<Ontology, BundleError> {
    read_terms(&GOSEMSIM)
}

/// The first bundle whose release starts with what was asked for.
pub(crate) fn choose<'a, B>(
    bundles: &'a [B],
    asked: Option<&str>,
    release_of: impl Fn(&B) -> &'static str,
) -> Result<&'a B, BundleError> {
    let asked = asked.unwrap_or_default();
    bundles.iter().find(|bundle| release_of(bundle).starts_with(asked)).ok_or_else(|| {
        let known: Vec<&str> = bundles.iter().map(release_of).collect();
        BundleError::UnknownRelease { asked: asked.to_owned(), known: known.join(", ") }
    })
}

/// Text of a compressed bundle.
pub(crate) fn decode(name: &str, compressed: &[u8]) -> Result<String, BundleError> {
    let bytes = zstd::stream::decode_all(compressed).map_err(|error| BundleError::damaged(name, error))?;
    String::from_utf8(bytes).map_err(|error| BundleError::damaged(name, error))
}

/// Rows of a bundle's table: comment lines and the header are passed over.
pub(crate) fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1)
}

fn read_terms(bundle: &Bundle) -> Result<Ontology, BundleError> {
    let name = format!("go-{}.terms", bundle.release);
    let text = decode(&name, bundle.terms)?;
    let malformed = |line: &str| BundleError::damaged(&name, format!("unexpected line `{line}`"));
    let mut terms = Vec::new();
    let mut edges = Vec::new();
    for line in rows(&text) {
        let mut fields = line.split('\t');
        let (Some(id), Some(aspect), Some(label), Some(parents)) =
            (fields.next(), fields.next().and_then(Aspect::from_text), fields.next(), fields.next())
        else {
            return Err(malformed(line));
        };
        terms.push(Term { id: id.to_owned(), name: label.to_owned(), aspect });
        for edge in parents.split(',').filter(|edge| !edge.is_empty()) {
            let (relation, parent) = edge.split_once(':').ok_or_else(|| malformed(line))?;
            let relation = Relation::from_name(relation).ok_or_else(|| malformed(line))?;
            edges.push(OntologyEdge { child: id.to_owned(), relation, parent: parent.to_owned() });
        }
    }
    Ontology::new(bundle.release, terms, &edges)
        .map_err(|error: OntologyError| BundleError::damaged(&name, error))
}

fn read_annotations(bundle: &Bundle, ontology: &Ontology) -> Result<OntologyAnnotations, BundleError> {
    let name = format!("go-{}.human", bundle.release);
    let text = decode(&name, bundle.human)?;
    let malformed = |line: &str| BundleError::damaged(&name, format!("unexpected line `{line}`"));
    let mut numbers: HashMap<u32, u32> = HashMap::new();
    let mut entrez = Vec::new();
    let mut pairs = Vec::new();
    for line in rows(&text) {
        let (term, genes) = line.split_once('\t').ok_or_else(|| malformed(line))?;
        let term = ontology.position(term).ok_or_else(|| malformed(line))?;
        for gene in genes.split(',') {
            let gene: u32 = gene.parse().map_err(|_| malformed(line))?;
            let position = *numbers.entry(gene).or_insert_with(|| {
                entrez.push(gene);
                entrez.len() as u32 - 1
            });
            pairs.push((position, term));
        }
    }
    let source = GeneSetSource {
        name: "Gene Ontology".to_owned(),
        version: Some(bundle.release.to_owned()),
        licence: Some(ATTRIBUTION.to_owned()),
        ..GeneSetSource::default()
    };
    let genes = entrez.iter().map(|number| GeneId::from(number.to_string())).collect();
    Ok(OntologyAnnotations::new(source, genes, pairs))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets, genes and gene-term pairs of one ontology.
    type Counts = (usize, usize, usize);

    /// Counts of BP, MF and CC, as counted in Bioconductor's `go_*_all` tables.
    const EXPECTED: [(&str, [Counts; 3]); 2] = [
        ("2026-01-23", [(14_209, 18_842, 1_144_836), (5_133, 18_706, 271_232), (2_002, 19_979, 378_845)]),
        ("2022-07-01", [(15_975, 18_903, 1_461_602), (4_964, 18_432, 262_851), (2_024, 19_869, 389_928)]),
    ];

    #[test]
    fn propagation_gives_as_many_pairs_as_bioconductor() {
        for (release, expected) in EXPECTED {
            let go = gene_ontology(Some(release)).unwrap();
            for (aspect, (sets, genes, pairs)) in Aspect::ALL.into_iter().zip(expected) {
                let collection = go.collection(aspect);
                assert_eq!(collection.sets.len(), sets, "{release} {}", aspect.code());
                assert_eq!(collection.genes.len(), genes, "{release} {}", aspect.code());
                assert_eq!(collection.sets.iter().map(|set| set.members.len()).sum::<usize>(), pairs);
            }
        }
    }

    #[test]
    fn gosemsim_s_relations_are_of_between_the_releases() {
        let relations = gosemsim_relations().unwrap();
        // GO:0140582 is its newest term; GO:0140867 the newest of the release of July 2022.
        assert!(relations.position("GO:0008009").is_some() && relations.position("GO:0140867").is_none());
        let root = relations.position("GO:0008150").unwrap();
        assert!(relations.parents(root).is_empty());
        assert_eq!(relations.terms().len(), 23_735);
    }

    #[test]
    fn releases_are_found_by_their_beginning() {
        assert_eq!(gene_ontology(None).unwrap().ontology.release(), "2026-01-23");
        assert_eq!(gene_ontology(Some("2022-07")).unwrap().ontology.release(), "2022-07-01");
        let error = gene_ontology(Some("2019")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no built-in release `2019`; built in are 2026-01-23, 2022-07-01"
        );
    }
}
