//! GO bundle: an ontology, its annotations and the names of the genes in one file, as `alkaline reference build go` makes it.
//!
//! Tab-separated lines; the first field says what a line is. `#alkaline-go 1`, then in this order: `release` (of the
//! ontology), `source` (name, version, licence of the annotations), `identifiers` (species, release), then `term` (id,
//! ontology, name, parents as `relation:id`, comma-separated), `annotation` (term, genes, separated by `|`) and `gene`
//! (NCBI number or nothing, symbol, type, stable identifiers, aliases; both separated by `|`).

mod reader;
mod writer;

use alkaline_core::GeneSetCollection;
use alkaline_core::IdentifierMap;
use alkaline_core::ontology::{Aspect, Ontology, OntologyAnnotations};

pub use reader::{parse, read};
pub use writer::{write, write_to};

/// First line of a bundle: what it is, and the version of its layout.
const SIGNATURE: &str = "#alkaline-go\t1";

/// The Gene Ontology of a species, made from its authors' files.
#[derive(Clone, Debug)]
pub struct GoBundle {
    /// Terms and relations.
    pub ontology: Ontology,
    /// Direct annotations.
    pub annotations: OntologyAnnotations,
    /// Names of the genes; empty where no gene_info was given.
    pub identifiers: IdentifierMap,
}

impl GoBundle {
    /// The gene sets of one ontology, propagated to broader terms.
    pub fn collection(&self, aspect: Aspect) -> GeneSetCollection {
        self.ontology.propagate(&self.annotations, aspect)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const BUNDLE: &str = "#alkaline-go\t1\nrelease\t2026-01-23\nsource\tGAF\t2026-01-20\tCC BY 4.0\n\
        identifiers\ttaxon:10090\tgene_info\nterm\tGO:1\tBP\troot\t\nterm\tGO:2\tBP\tpart\tis_a:GO:1,part_of:GO:1\n\
        annotation\tGO:1\tIl6\nannotation\tGO:2\tIl6|Ccl20\n\
        gene\t16193\tIl6\tp\tENSMUSG00000025746\tIl-6|Bsf2\n\
        gene\t\tGm1\to\tMGI:1\t\n";

    #[test]
    fn reading_then_writing_is_identity() {
        let bundle = parse(BUNDLE, Path::new("m.go")).unwrap();
        assert_eq!(bundle.collection(Aspect::BiologicalProcess).sets[0].members.len(), 2);
        let mut out = Vec::new();
        write_to(&mut out, &bundle).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), BUNDLE);
    }

    #[test]
    fn other_files_and_damaged_ones_are_refused() {
        let error = |text: &str| parse(text, Path::new("m.go")).unwrap_err().to_string();
        assert!(error("A\t\tx\n").contains("no GO bundle"));
        assert!(error(&BUNDLE.replace("part_of:GO:1", "part_of:GO:9")).contains("GO:9"));
        assert!(error(&BUNDLE.replace("annotation\tGO:2", "annotation\tGO:3")).contains("line 8"));
        assert!(error(&BUNDLE.replace("16193", "x")).contains("line 9"));
        assert!(error(&BUNDLE.replace("annotation", "other")).contains("`other`"));
    }
}
