//! Gene identifiers of one species: NCBI Gene (Entrez), official symbols, Ensembl, aliases.
//!
//! Everything is keyed to the NCBI gene. Several rules are needed where the map is not one to one, and they are
//! stated here: an identifier that several genes carry goes to the protein-coding one first, then to RNA genes, then
//! to the lowest NCBI number; an *alias* of several genes is not resolved at all.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// What kind of gene identifier a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum IdKind {
    /// NCBI Gene (Entrez) numbers.
    Entrez,
    /// Ensembl gene ids, with or without version.
    Ensembl,
    /// Official symbols, and aliases where they point to one gene.
    Symbol,
}

impl IdKind {
    /// The word for messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entrez => "Entrez",
            Self::Ensembl => "Ensembl",
            Self::Symbol => "symbol",
        }
    }

    /// The kind that one identifier looks like, by its spelling alone.
    pub fn of(id: &str) -> Self {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if is_number(id) {
            return Self::Entrez;
        }
        if !id.starts_with("ENS") {
            return Self::Symbol;
        }
        let stem = id.split('.').next().unwrap_or(id);
        let tail = stem.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let prefix = &stem[..stem.len() - tail.len()];
        if prefix.ends_with('G') && tail.len() >= 6 && is_number(tail) { Self::Ensembl } else { Self::Symbol }
    }

    /// The kind that most of these identifiers look like; `None` without any.
    pub fn of_column<'a>(ids: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut votes = [(Self::Entrez, 0_usize), (Self::Ensembl, 0), (Self::Symbol, 0)];
        for id in ids {
            votes[Self::of(id) as usize].1 += 1;
        }
        votes.into_iter().filter(|vote| vote.1 > 0).max_by_key(|vote| vote.1).map(|vote| vote.0)
    }
}

/// Beginnings of the Ensembl ids of species that are not human.
const ENSEMBL_SPECIES: [(&str, &str); 8] = [
    ("ENSMUSG", "mouse"),
    ("ENSRNOG", "rat"),
    ("ENSDARG", "zebrafish"),
    ("ENSGALG", "chicken"),
    ("ENSSSCG", "pig"),
    ("ENSBTAG", "cow"),
    ("ENSCAFG", "dog"),
    ("ENSMMUG", "macaque"),
];

/// The species, other than human, that most of these identifiers betray by their spelling: Ensembl's beginnings, or
/// symbols written as those of the mouse and the rat are (`Ccl20`).
pub fn foreign_species<'a>(ids: impl IntoIterator<Item = &'a str>) -> Option<&'static str> {
    let is_rodent = |id: &str| {
        let mut letters = id.chars().filter(char::is_ascii_alphabetic);
        letters.next().is_some_and(|first| first.is_ascii_uppercase())
            && letters.clone().next().is_some()
            && letters.all(|letter| letter.is_ascii_lowercase())
    };
    let mut total = 0_usize;
    let mut votes: Vec<(&'static str, usize)> = Vec::new();
    for id in ids {
        total += 1;
        let by_ensembl = ENSEMBL_SPECIES.iter().find(|(beginning, _)| id.starts_with(beginning));
        let species = by_ensembl.map(|known| known.1).or_else(|| is_rodent(id).then_some("mouse or rat"));
        let Some(species) = species else { continue };
        match votes.iter_mut().find(|vote| vote.0 == species) {
            Some(vote) => vote.1 += 1,
            None => votes.push((species, 1)),
        }
    }
    votes.into_iter().find(|vote| 2 * vote.1 > total).map(|vote| vote.0)
}

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
    /// NCBI Gene number.
    pub entrez: u32,
    /// Official symbol.
    pub symbol: String,
    /// Coarse type.
    pub gene_type: GeneType,
    /// Ensembl gene ids.
    pub ensembl: Vec<String>,
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
    by_ensembl: OnceLock<FxHashMap<String, Carrier>>,
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
            by_ensembl: OnceLock::new(),
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

    /// The gene that `id`, read as an identifier of this kind, stands for. Ensembl versions are ignored.
    pub fn resolve(&self, kind: IdKind, id: &str) -> Resolution {
        let found = match kind {
            IdKind::Entrez => {
                let index = self.by_entrez.get_or_init(|| {
                    self.genes.iter().enumerate().map(|(i, gene)| (gene.entrez, i as u32)).collect()
                });
                let gene = id.parse().ok().and_then(|number: u32| index.get(&number));
                return gene.map_or(Resolution::Unknown, |&gene| Resolution::Gene(gene));
            }
            IdKind::Ensembl => {
                self.index(&self.by_ensembl, |gene| &gene.ensembl).get(id.split('.').next().unwrap_or(id))
            }
            IdKind::Symbol => self.index(&self.by_symbol, |gene| std::slice::from_ref(&gene.symbol)).get(id),
        };
        match found {
            Some(carrier) if carrier.shared => Resolution::Chosen(carrier.gene),
            Some(carrier) => Resolution::Gene(carrier.gene),
            None if kind == IdKind::Symbol => self.resolve_alias(id),
            None => Resolution::Unknown,
        }
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
            let rank = |gene: u32| (genes[gene as usize].gene_type, genes[gene as usize].entrez);
            carrier.shared = true;
            if rank(gene) < rank(carrier.gene) {
                carrier.gene = gene;
            }
        }
    }
}

/// What became of the identifiers of a list when they were matched with gene sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdMapping {
    /// What the list holds.
    pub kind: Option<IdKind>,
    /// What the gene sets hold.
    pub sets_kind: Option<IdKind>,
    /// Release of the identifier map; `None` where both sides spell alike and none was needed.
    pub release: Option<String>,
    /// Distinct identifiers in the list.
    pub given: usize,
    /// Of these, matched with a gene.
    pub mapped: usize,
    /// Of the matched, through an alias.
    pub through_alias: usize,
    /// Identifiers that several genes carry: the gene chosen, or `None` where none was.
    pub ambiguous: Vec<(String, Option<String>)>,
    /// Identifiers that match nothing.
    pub lost: Vec<String>,
    /// Identifiers set aside because another one of the list is the same gene: (set aside, kept).
    pub merged: Vec<(String, String)>,
    /// Every distinct identifier, in the order of the list.
    pub entries: Vec<IdEntry>,
}

/// What became of one identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdEntry {
    /// The identifier as given.
    pub id: String,
    /// What became of it.
    pub outcome: IdOutcome,
    /// The gene it stands for: its NCBI number, or its spelling in the gene sets.
    pub gene: Option<String>,
    /// Official symbol of the gene, where known.
    pub symbol: Option<String>,
    /// The identifier of the same gene that was kept in its place.
    pub kept: Option<String>,
}

/// What became of an identifier when it was matched with gene sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdOutcome {
    /// One gene.
    Mapped,
    /// One gene, through an alias.
    Alias,
    /// Several genes; one was chosen.
    Chosen,
    /// Several genes; none was chosen.
    Ambiguous,
    /// A gene that another identifier of the list stands for already.
    Merged,
    /// No gene.
    Lost,
}

impl IdOutcome {
    /// The word in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::Alias => "alias",
            Self::Chosen => "chosen",
            Self::Ambiguous => "ambiguous",
            Self::Merged => "merged",
            Self::Lost => "lost",
        }
    }
}

impl IdMapping {
    /// Share of the identifiers that were matched, between 0 and 1; 1 for an empty list.
    pub fn mapped_fraction(&self) -> f64 {
        if self.given == 0 { 1.0 } else { self.mapped as f64 / self.given as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gene(entrez: u32, symbol: &str, gene_type: GeneType, ensembl: &str, aliases: &[&str]) -> GeneNames {
        GeneNames {
            entrez,
            symbol: symbol.into(),
            gene_type,
            ensembl: vec![ensembl.into()],
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
    fn kinds_are_told_by_spelling() {
        assert_eq!(IdKind::of("3576"), IdKind::Entrez);
        assert_eq!(IdKind::of("ENSG00000169429.11"), IdKind::Ensembl);
        assert_eq!(IdKind::of("ENSMUSG00000000001"), IdKind::Ensembl);
        assert_eq!(IdKind::of("ENSA"), IdKind::Symbol);
        assert_eq!(IdKind::of("CXCL8"), IdKind::Symbol);
        assert_eq!(IdKind::of_column(["1", "2", "TP53"]), Some(IdKind::Entrez));
        assert_eq!(IdKind::of_column([]), None);
    }

    #[test]
    fn other_species_are_told_by_their_spelling() {
        assert_eq!(foreign_species(["ENSMUSG00000025746.9", "ENSMUSG00000000001"]), Some("mouse"));
        assert_eq!(foreign_species(["Ccl20", "Il6", "Trp53", "H19"]), Some("mouse or rat"));
        assert_eq!(foreign_species(["CCL20", "IL6", "C9orf72", "ENSG00000115009"]), None);
        assert_eq!(foreign_species(["6364", "3569"]), None);
        assert_eq!(foreign_species([]), None);
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
    fn shared_symbols_go_to_the_protein_coding_gene_and_shared_aliases_to_none() {
        let map = map();
        assert_eq!(map.resolve(IdKind::Symbol, "MEMO1"), Resolution::Chosen(2));
        assert_eq!(map.resolve(IdKind::Symbol, "NAF"), Resolution::Ambiguous);
        assert_eq!(map.resolve(IdKind::Symbol, "nothing"), Resolution::Unknown);
    }
}
