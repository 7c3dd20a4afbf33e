//! Every embedded file in one list.

use crate::bundle::Bundle;

/// Every embedded file.
pub fn bundles() -> Vec<Bundle> {
    let mut all = crate::annotation::BUNDLES.to_vec();
    all.extend(ontology());
    all.extend(identifiers());
    all.extend(crate::panels::BUNDLES);
    all.extend(crate::demo::BUNDLES);
    all
}

fn ontology() -> [Bundle; 5] {
    let [new, old] = crate::ontology::BUNDLES;
    let relations = crate::ontology::GOSEMSIM;
    let file = |name, description, file, version, bytes| Bundle {
        name,
        description,
        file,
        version,
        source: "Gene Ontology Consortium and NCBI gene2go, from Debian r-bioc-go.db and r-bioc-org.hs.eg.db",
        licence: "CC-BY-4.0",
        bytes,
    };
    let (terms, human) = ("Gene Ontology: terms and relations", "Gene Ontology: annotations of human genes");
    [
        file("go-2026-01", terms, "ontology/go-2026-01-23.terms.tsv.zst", new.release, new.terms),
        file("go-2026-01-human", human, "ontology/go-2026-01-23.human.tsv.zst", new.release, new.human),
        file("go-2022-07", terms, "ontology/go-2022-07-01.terms.tsv.zst", old.release, old.terms),
        file("go-2022-07-human", human, "ontology/go-2022-07-01.human.tsv.zst", old.release, old.human),
        Bundle {
            name: "go-gosemsim",
            description: "Gene Ontology: relations that GOSemSim's similarity climbs",
            file: "ontology/gosemsim.relations.tsv.zst",
            version: relations.release,
            source: "Gene Ontology Consortium, from the copy in Debian r-bioc-gosemsim",
            licence: "CC-BY-4.0",
            bytes: relations.terms,
        },
    ]
}

fn identifiers() -> [Bundle; 2] {
    let [new, old] = crate::identifiers::BUNDLES;
    let file = |name, file, version, bytes| Bundle {
        name,
        description: "human gene identifiers: NCBI Gene, symbol, Ensembl, aliases",
        file,
        version,
        source: "NCBI Gene and Ensembl, from Debian r-bioc-org.hs.eg.db",
        licence: "public domain (NCBI); no restrictions (Ensembl)",
        bytes,
    };
    [
        file("human-2026-01", "identifiers/human-2026-01-23.tsv.zst", new.release, new.human),
        file("human-2022-07", "identifiers/human-2022-07-01.tsv.zst", old.release, old.human),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_states_the_checksum_and_size_of_every_bundle() {
        let readme = include_str!("../data/README.md");
        let bundles = bundles();
        assert!(bundles.len() >= 14);
        for bundle in bundles {
            let row = readme
                .lines()
                .find(|line| line.contains(&format!("`{}`", bundle.file)))
                .unwrap_or_else(|| panic!("reference/README.md does not mention {}", bundle.file));
            assert!(row.contains(&bundle.sha256()), "{} is now {}", bundle.file, bundle.sha256());
            assert!(
                row.contains(&bundle.size().to_string()),
                "{} is now {} bytes",
                bundle.file,
                bundle.size()
            );
        }
    }

    #[test]
    fn every_bundle_is_a_table() {
        for bundle in bundles() {
            assert!(bundle.text().lines().filter(|line| line.contains('\t')).count() > 10, "{}", bundle.name);
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = bundles().iter().map(|bundle| bundle.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
