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
    /// Names that a genome project gives once and for all: yeast's YDR112W, AT1G01010, FBgn0000008, WBGene00000001.
    Systematic,
    /// Official symbols, and aliases where they point to one gene.
    Symbol,
}

impl IdKind {
    /// The word for messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entrez => "Entrez",
            Self::Ensembl => "Ensembl",
            Self::Systematic => "systematic",
            Self::Symbol => "symbol",
        }
    }

    /// All of them, the most telling first: of an identifier that is two in one the part of the first kind is taken.
    const ALL: [Self; 4] = [Self::Ensembl, Self::Entrez, Self::Systematic, Self::Symbol];

    /// The kind that one identifier looks like, by its spelling alone; of [two in one](parts) the more telling.
    pub fn of(id: &str) -> Self {
        match parts(id) {
            Some(parts) => {
                let kinds: Vec<Self> = parts.into_iter().map(Self::of_one).collect();
                Self::ALL.into_iter().find(|kind| kinds.contains(kind)).unwrap_or(Self::Symbol)
            }
            None => Self::of_one(id),
        }
    }

    fn of_one(id: &str) -> Self {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if is_number(id) {
            return Self::Entrez;
        }
        if !id.starts_with("ENS") {
            return if species_by_locus(id).is_some() { Self::Systematic } else { Self::Symbol };
        }
        let stem = id.split('.').next().unwrap_or(id);
        let tail = stem.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let prefix = &stem[..stem.len() - tail.len()];
        if prefix.ends_with('G') && tail.len() >= 6 && is_number(tail) { Self::Ensembl } else { Self::Symbol }
    }

    /// The kind that most of these identifiers look like; `None` without any.
    pub fn of_column<'a>(ids: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut votes =
            [(Self::Entrez, 0_usize), (Self::Ensembl, 0), (Self::Systematic, 0), (Self::Symbol, 0)];
        for id in ids {
            votes[Self::of(id) as usize].1 += 1;
        }
        votes.into_iter().filter(|vote| vote.1 > 0).max_by_key(|vote| vote.1).map(|vote| vote.0)
    }
}

/// The parts of an identifier that is two (or more) in one, as StringTie, TCGA and people join them: `ENSG00000116774|OLFML3`,
/// `ENSG00000116774_OLFML3`, `OLFML3|56944`. `None` for one that is not.
///
/// A bar always joins; other marks, which symbols hold too, only join something to an Ensembl id. TCGA's `?` is no part.
pub fn parts(id: &str) -> Option<Vec<&str>> {
    // most names hold neither a bar nor Ensembl's letters
    if !id.bytes().any(|byte| matches!(byte, b'|' | b'E')) {
        return None;
    }
    if id.contains('|') {
        let parts: Vec<&str> =
            id.split('|').map(str::trim).filter(|part| !matches!(*part, "" | "?")).collect();
        return (!parts.is_empty()).then_some(parts);
    }
    if !id.contains("ENS") {
        return None;
    }
    ['_', ':', ';', '/'].into_iter().find_map(|mark| {
        let sides = [id.split_once(mark), id.rsplit_once(mark)];
        sides.into_iter().flatten().find_map(|(a, b)| {
            let joined = (IdKind::of_one(a) == IdKind::Ensembl && !b.is_empty())
                || (IdKind::of_one(b) == IdKind::Ensembl && !a.is_empty());
            joined.then(|| vec![a, b])
        })
    })
}

/// The part of `id` that is of this kind, else the most telling one; `id` itself where it is one.
pub fn part_of_kind(id: &str, kind: IdKind) -> &str {
    let Some(parts) = parts(id) else { return id };
    let of_kind = |kind: IdKind| parts.iter().copied().find(|part| IdKind::of_one(part) == kind);
    of_kind(kind).or_else(|| IdKind::ALL.into_iter().find_map(of_kind)).unwrap_or(id)
}

/// The species whose genome project gives names such as this one.
fn species_by_locus(id: &str) -> Option<&'static str> {
    let digits = |text: &str, number: usize| text.len() == number && text.bytes().all(|b| b.is_ascii_digit());
    let bytes = id.as_bytes();
    // all of them begin with one of few letters
    if !matches!(bytes.first()?, b'Y' | b'y' | b'Q' | b'A' | b'a' | b'F' | b'W' | b'S' | b'L' | b'O' | b'b') {
        return None;
    }
    let at = |place: usize| bytes.get(place).map_or(0, u8::to_ascii_uppercase);
    let of_yeast = at(0) == b'Y'
        && (b'A'..=b'P').contains(&at(1))
        && matches!(at(2), b'L' | b'R')
        && id.get(3..6).is_some_and(|number| digits(number, 3))
        && matches!(at(6), b'W' | b'C')
        && (bytes.len() == 7 || (bytes.len() == 9 && at(7) == b'-' && at(8).is_ascii_uppercase()));
    let of_cress = at(0) == b'A'
        && at(1) == b'T'
        && matches!(at(2), b'1'..=b'5' | b'C' | b'M')
        && at(3) == b'G'
        && id.get(4..9).is_some_and(|number| digits(number, 5))
        && (bytes.len() == 9 || at(9) == b'.');
    let numbered =
        |beginning: &str, number: usize| id.strip_prefix(beginning).is_some_and(|rest| digits(rest, number));
    let of_fission_yeast = ["SPAC", "SPBC", "SPCC"].iter().any(|arm| id.starts_with(arm))
        && at(4).is_ascii_digit()
        && id.contains('.');
    let known = [
        (of_yeast || numbered("Q", 4), "yeast"),
        (of_cress, "Arabidopsis"),
        (numbered("FBgn", 7), "the fruit fly"),
        (numbered("WBGene", 8), "C. elegans"),
        (of_fission_yeast, "fission yeast"),
        (id.starts_with("LOC_Os") || (id.starts_with("Os") && at(4) == b'G' && digits(&id[5..], 7)), "rice"),
        (numbered("b", 4), "E. coli"),
    ];
    known.into_iter().find_map(|(fits, species)| fits.then_some(species))
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

/// The species, other than human, that most of these identifiers betray by their spelling: Ensembl's beginnings, the
/// systematic names of genome projects, or symbols written as those of the mouse and the rat are (`Ccl20`).
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
        let id = part_of_kind(id, IdKind::Ensembl);
        let by_ensembl = ENSEMBL_SPECIES.iter().find(|(beginning, _)| id.starts_with(beginning));
        let by_locus = || species_by_locus(id);
        let species = by_ensembl
            .map(|known| known.1)
            .or_else(by_locus)
            .or_else(|| is_rodent(id).then_some("mouse or rat"));
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
    /// [two in one](parts) the part of this kind counts.
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
    /// Identifiers that are two in one, of which one part was matched.
    #[serde(default)]
    pub combined: usize,
    /// Of those that match nothing, known genes all the same: no set holds them.
    #[serde(default)]
    pub known_elsewhere: usize,
    /// Genes of the sets, where both sides were compared as they are spelled, and how many of them the list holds.
    #[serde(default)]
    pub sets_genes: usize,
    /// Of the genes of the sets, in the list.
    #[serde(default)]
    pub sets_genes_found: usize,
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

    /// Whether so few identifiers were matched that they are probably of the wrong kind or species: fewer than half, although the
    /// sets are not just small (their genes are in the list, or the list holds known genes that are in no set).
    pub fn looks_wrong(&self) -> bool {
        let genes_are_known = 2 * (self.mapped + self.known_elsewhere) >= self.given;
        let sets_are_covered = self.sets_genes > 0 && 2 * self.sets_genes_found >= self.sets_genes;
        self.mapped_fraction() < 0.5 && !genes_are_known && !sets_are_covered
    }
}

#[cfg(test)]
mod tests {
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
    fn systematic_names_are_recognised_with_their_species() {
        for (id, species) in [
            ("YDR112W", "yeast"),
            ("YAL069W-A", "yeast"),
            ("AT1G01010", "Arabidopsis"),
            ("At5g67640.2", "Arabidopsis"),
            ("FBgn0000008", "the fruit fly"),
            ("WBGene00000001", "C. elegans"),
        ] {
            assert_eq!(IdKind::of(id), IdKind::Systematic, "{id}");
            assert_eq!(foreign_species([id]), Some(species));
        }
        for symbol in ["YARS1", "YBX1", "ATG5", "ATM", "FBN1", "Q", "YWHAZ", "b", "OsX", "YDR112X"] {
            assert_eq!(IdKind::of(symbol), IdKind::Symbol, "{symbol}");
        }
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
    fn few_matches_look_wrong_only_where_the_genes_are_strange() {
        let mapping = |mapped, known_elsewhere, sets_genes_found| IdMapping {
            given: 1000,
            mapped,
            known_elsewhere,
            sets_genes: 300,
            sets_genes_found,
            ..IdMapping::default()
        };
        assert!(mapping(100, 0, 100).looks_wrong());
        assert!(!mapping(100, 500, 100).looks_wrong(), "known genes that are in no set");
        assert!(!mapping(240, 0, 240).looks_wrong(), "small sets, all of them in the list");
        assert!(!mapping(500, 0, 0).looks_wrong());
    }

    #[test]
    fn shared_symbols_go_to_the_protein_coding_gene_and_shared_aliases_to_none() {
        let map = map();
        assert_eq!(map.resolve(IdKind::Symbol, "MEMO1"), Resolution::Chosen(2));
        assert_eq!(map.resolve(IdKind::Symbol, "NAF"), Resolution::Ambiguous);
        assert_eq!(map.resolve(IdKind::Symbol, "nothing"), Resolution::Unknown);
    }
}
