//! From identifiers of any kind to genes.
//!
//! Everything is keyed to the NCBI gene. Several rules are needed where the map is not one to one, and they are
//! stated here: an identifier that several genes carry goes to the protein-coding one first, then to RNA genes, then
//! to the lowest NCBI number; an *alias* of several genes is not resolved at all.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::kinds::{IdKind, part_of_kind};

/// Coarse gene type; earlier ones win where several genes carry one identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum GeneType {
    /// Codes for a protein.
    ProteinCoding,
    /// Any RNA gene.
    Rna,
    /// A pseudogene.
    Pseudogene,
    /// Anything else, loci known by phenotype alone among them.
    Other,
}

/// One gene with all its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneNames {
    /// NCBI Gene number, where the source tells it.
    pub entrez: Option<u32>,
    /// Official symbol.
    pub symbol: String,
    /// Coarse type.
    pub gene_type: GeneType,
    /// Identifiers that stay whatever the gene is called: Ensembl ids, systematic names, accessions of data bases.
    pub stable_ids: Vec<String>,
    /// Other symbols.
    pub aliases: Vec<String>,
}

/// What an identifier stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// One gene: its position in [`IdentifierMap::genes`].
    Gene(u32),
    /// One gene, found through an alias.
    Alias(u32),
    /// Several genes; this one was chosen by the rule of the module.
    Chosen(u32),
    /// An alias of several genes: left unresolved.
    Ambiguous,
    /// Not known.
    Unknown,
}

impl Resolution {
    /// The gene, where there is one.
    pub const fn gene(self) -> Option<u32> {
        match self {
            Self::Gene(gene) | Self::Alias(gene) | Self::Chosen(gene) => Some(gene),
            Self::Ambiguous | Self::Unknown => None,
        }
    }
}

/// A gene found under a name, and whether others carry the same name.
#[derive(Clone, Copy, Debug)]
struct Carrier {
    gene: u32,
    shared: bool,
}

/// All identifiers of one species at one release.
#[derive(Clone, Debug)]
pub struct IdentifierMap {
    species: String,
    release: String,
    genes: Vec<GeneNames>,
    // Each index is made when first asked for: a table has identifiers of one kind, and there are half a million names.
    by_entrez: OnceLock<FxHashMap<u32, u32>>,
    by_stable_id: OnceLock<FxHashMap<String, Carrier>>,
    by_symbol: OnceLock<FxHashMap<String, Carrier>>,
    by_alias: OnceLock<FxHashMap<String, Carrier>>,
}

impl IdentifierMap {
    /// The genes of a species.
    pub fn new(species: impl Into<String>, release: impl Into<String>, genes: Vec<GeneNames>) -> Self {
        Self {
            species: species.into(),
            release: release.into(),
            genes,
            by_entrez: OnceLock::new(),
            by_stable_id: OnceLock::new(),
            by_symbol: OnceLock::new(),
            by_alias: OnceLock::new(),
        }
    }

    /// The genes by one kind of their names.
    fn index<'a>(
        &'a self,
        index: &'a OnceLock<FxHashMap<String, Carrier>>,
        names: impl Fn(&GeneNames) -> &[String],
    ) -> &'a FxHashMap<String, Carrier> {
        index.get_or_init(|| {
            let mut index = FxHashMap::with_capacity_and_hasher(self.genes.len(), Default::default());
            for (i, gene) in self.genes.iter().enumerate() {
                names(gene).iter().for_each(|name| register(&mut index, name, i as u32, &self.genes));
            }
            index
        })
    }

    /// Species (`Homo sapiens`).
    pub fn species(&self) -> &str {
        &self.species
    }

    /// Release.
    pub fn release(&self) -> &str {
        &self.release
    }

    /// The genes.
    pub fn genes(&self) -> &[GeneNames] {
        &self.genes
    }

    /// The gene that `id`, read as an identifier of this kind, stands for. Ensembl versions are ignored; of identifiers that are
    /// [two in one](super::parts) the part of this kind counts.
    pub fn resolve(&self, kind: IdKind, id: &str) -> Resolution {
        let id = part_of_kind(id, kind);
        let found = match kind {
            IdKind::Entrez => {
                let index = self.by_entrez.get_or_init(|| {
                    let genes = self.genes.iter().enumerate();
                    genes.filter_map(|(i, gene)| Some((gene.entrez?, i as u32))).collect()
                });
                let gene = id.parse().ok().and_then(|number: u32| index.get(&number));
                return gene.map_or(Resolution::Unknown, |&gene| Resolution::Gene(gene));
            }
            IdKind::Ensembl => self.stable_id(id.split('.').next().unwrap_or(id)),
            // transcripts of AT1G01010 are AT1G01010.1 and so on; some write At1g01010
            IdKind::Systematic => self
                .stable_id(id)
                .or_else(|| self.stable_id(&id.to_ascii_uppercase()))
                .or_else(|| self.stable_id(id.split('.').next().unwrap_or(id)))
                .or_else(|| self.symbol(id)),
            IdKind::Symbol => self.symbol(id).or_else(|| self.stable_id(id)),
        };
        match found {
            Some(carrier) if carrier.shared => Resolution::Chosen(carrier.gene),
            Some(carrier) => Resolution::Gene(carrier.gene),
            None if kind != IdKind::Ensembl => self.resolve_alias(id),
            None => Resolution::Unknown,
        }
    }

    fn stable_id(&self, id: &str) -> Option<&Carrier> {
        self.index(&self.by_stable_id, |gene| &gene.stable_ids).get(id)
    }

    fn symbol(&self, id: &str) -> Option<&Carrier> {
        self.index(&self.by_symbol, |gene| std::slice::from_ref(&gene.symbol)).get(id)
    }

    /// The same genes with more of their names: those of `others`, which are found here by symbol or stable identifier, or
    /// become genes of their own. A name that stands for a gene already stays that gene's.
    #[must_use]
    pub fn with_names(self, others: Vec<GeneNames>) -> Self {
        let mut genes = self.genes.clone();
        let find = |name: &String| self.resolve(IdKind::Symbol, name).gene();
        for other in others {
            let known = find(&other.symbol).or_else(|| other.stable_ids.iter().find_map(find));
            let Some(known) = known else {
                genes.push(other);
                continue;
            };
            let is_new = |name: &String| self.resolve(IdKind::Symbol, name) == Resolution::Unknown;
            let gene = &mut genes[known as usize];
            gene.stable_ids.extend(other.stable_ids.into_iter().filter(is_new));
            gene.aliases.extend([other.symbol].into_iter().chain(other.aliases).filter(is_new));
        }
        Self::new(self.species, self.release, genes)
    }

    fn resolve_alias(&self, id: &str) -> Resolution {
        match self.index(&self.by_alias, |gene| &gene.aliases).get(id) {
            Some(carrier) if carrier.shared => Resolution::Ambiguous,
            Some(carrier) => Resolution::Alias(carrier.gene),
            None => Resolution::Unknown,
        }
    }

    /// Official symbol of an identifier whose kind is told from its spelling; for labelling tables.
    pub fn symbol_of(&self, id: &str) -> Option<&str> {
        let gene = self.resolve(IdKind::of(id), id).gene()?;
        Some(&self.genes[gene as usize].symbol)
    }
}

/// Enters `name` for `gene`; where another gene already carries it the better of the two stays.
fn register(index: &mut FxHashMap<String, Carrier>, name: &str, gene: u32, genes: &[GeneNames]) {
    match index.get_mut(name) {
        None => {
            index.insert(name.to_owned(), Carrier { gene, shared: false });
        }
        Some(carrier) if carrier.gene == gene => {}
        Some(carrier) => {
            let number = |gene: &GeneNames| gene.entrez.unwrap_or(u32::MAX);
            let rank = |gene: u32| (genes[gene as usize].gene_type, number(&genes[gene as usize]));
            carrier.shared = true;
            if rank(gene) < rank(carrier.gene) {
                carrier.gene = gene;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kinds::parts;
    use super::*;

    fn gene(entrez: u32, symbol: &str, gene_type: GeneType, ensembl: &str, aliases: &[&str]) -> GeneNames {
        GeneNames {
            entrez: Some(entrez),
            symbol: symbol.into(),
            gene_type,
            stable_ids: vec![ensembl.into()],
            aliases: aliases.iter().map(|&a| a.into()).collect(),
        }
    }

    fn map() -> IdentifierMap {
        IdentifierMap::new(
            "Homo sapiens",
            "test",
            vec![
                gene(3576, "CXCL8", GeneType::ProteinCoding, "ENSG00000169429", &["IL8", "NAF"]),
                gene(7795, "MEMO1", GeneType::Other, "ENSG1", &["NAF"]),
                gene(51072, "MEMO1", GeneType::ProteinCoding, "ENSG00000162959", &[]),
            ],
        )
    }

    #[test]
    fn every_kind_of_identifier_finds_its_gene() {
        let map = map();
        assert_eq!(map.resolve(IdKind::Entrez, "3576"), Resolution::Gene(0));
        assert_eq!(map.resolve(IdKind::Ensembl, "ENSG00000169429.11"), Resolution::Gene(0));
        assert_eq!(map.resolve(IdKind::Symbol, "CXCL8"), Resolution::Gene(0));
        assert_eq!(map.resolve(IdKind::Symbol, "IL8"), Resolution::Alias(0));
        assert_eq!(map.symbol_of("ENSG00000169429.2"), Some("CXCL8"));
    }

    #[test]
    fn systematic_names_find_their_gene_in_any_spelling() {
        let gene = GeneNames {
            aliases: vec!["NTL10".into()],
            ..gene(839580, "NAC001", GeneType::ProteinCoding, "AT1G01010", &[])
        };
        let map = IdentifierMap::new("Arabidopsis", "test", vec![gene]);
        for id in ["AT1G01010", "At1g01010", "AT1G01010.1"] {
            assert_eq!(map.resolve(IdKind::of(id), id), Resolution::Gene(0), "{id}");
        }
        assert_eq!(map.resolve(IdKind::Symbol, "AT1G01010"), Resolution::Gene(0));
        assert_eq!(map.symbol_of("At1g01010"), Some("NAC001"));
    }

    #[test]
    fn identifiers_that_are_two_in_one_are_known_by_either() {
        let map = map();
        for id in [
            "ENSG00000169429|CXCL8",
            "ENSG00000169429.11|CXCL8",
            "ENSG00000169429_CXCL8",
            "ENSG00000169429.11_CXCL8",
            "CXCL8_ENSG00000169429.11",
            "CXCL8|3576",
            "CXCL8|ENSG00000169429",
            "?|3576",
            "ENSG00000169429|no such name",
            "no such name|3576",
        ] {
            assert_eq!(map.resolve(IdKind::of(id), id), Resolution::Gene(0), "{id}");
            assert_eq!(map.symbol_of(id), Some("CXCL8"));
        }
        assert_eq!(map.resolve(IdKind::Symbol, "ENSG00000000009|CXCL8"), Resolution::Gene(0));
        assert_eq!(IdKind::of("ENSG00000169429|CXCL8"), IdKind::Ensembl);
        assert_eq!(IdKind::of("CXCL8|3576"), IdKind::Entrez);
        for single in ["HLA-DRB1", "RP11-34P13.7", "MT_CO1", "CENSUS_1", "ENSA", "a_b"] {
            assert_eq!(parts(single), None, "{single}");
        }
        assert_eq!(part_of_kind("ENSG00000169429_MT_CO1", IdKind::Symbol), "MT_CO1");
    }

    #[test]
    fn names_from_elsewhere_join_their_gene_or_make_a_new_one() {
        let other = |symbol: &str, stable: &str, aliases: &[&str]| GeneNames {
            entrez: None,
            ..gene(0, symbol, GeneType::Other, stable, aliases)
        };
        let map = map().with_names(vec![
            other("CXCL8", "P10145", &["IL-8", "MEMO1"]),
            other("C2orf4", "ENSG00000162959", &[]),
            other("NEWGENE", "Q99999", &["NG1"]),
        ]);
        assert_eq!(map.genes().len(), 4);
        assert_eq!(map.resolve(IdKind::Symbol, "P10145"), Resolution::Gene(0));
        assert_eq!(map.resolve(IdKind::Symbol, "IL-8"), Resolution::Alias(0));
        assert_eq!(
            map.resolve(IdKind::Symbol, "MEMO1"),
            Resolution::Chosen(2),
            "a known name stays where it is"
        );
        assert_eq!(map.resolve(IdKind::Symbol, "C2orf4"), Resolution::Alias(2));
        assert_eq!(map.resolve(IdKind::Symbol, "NG1"), Resolution::Alias(3));
    }

    #[test]
    fn shared_symbols_go_to_the_protein_coding_gene_and_shared_aliases_to_none() {
        let map = map();
        assert_eq!(map.resolve(IdKind::Symbol, "MEMO1"), Resolution::Chosen(2));
        assert_eq!(map.resolve(IdKind::Symbol, "NAF"), Resolution::Ambiguous);
        assert_eq!(map.resolve(IdKind::Symbol, "nothing"), Resolution::Unknown);
    }
}
