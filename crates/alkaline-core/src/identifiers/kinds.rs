//! What kind of gene identifier a text is, and of which species, by its spelling alone.

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
