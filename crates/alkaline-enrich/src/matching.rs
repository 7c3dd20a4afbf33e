//! Whose gene is whose: identifiers of a gene list against identifiers of gene sets.
//!
//! Where both sides spell alike (symbols and symbols) they are compared as text, without Ensembl versions; a symbol that
//! no set holds is tried under the official symbol of the gene that it is an alias of. Where one of the collections is
//! spelled otherwise, the list and every collection are brought to the NCBI gene through an identifier map, each
//! collection from its own kind of identifier. What could not be matched is reported.

use std::collections::{HashMap, HashSet};

use alkaline_core::GeneId;
use alkaline_core::gene_sets::GeneSetCollection;
use alkaline_core::identifiers::{
    GeneNames, IdEntry, IdKind, IdMapping, IdOutcome, IdentifierMap, Resolution, foreign_species,
    part_of_kind, parts,
};

use crate::EnrichError;

/// Identifiers shown in the message when nothing matches.
const EXAMPLES: usize = 5;

/// A gene list brought into the same space as gene sets.
#[derive(Clone, Debug)]
pub struct GeneMatch<'a> {
    space: Space<'a>,
    units: Vec<Option<u32>>,
    labels: Vec<String>,
    mapping: IdMapping,
}

/// The gene that an identifier stands for, and how it was found.
#[derive(Clone, Copy, Debug)]
struct Found {
    unit: Option<u32>,
    how: How,
}

/// How an identifier was found.
#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    Directly,
    ThroughAlias,
    AmongSeveral,
    NotUnambiguously,
    NotAtAll,
}

impl From<Resolution> for Found {
    fn from(resolution: Resolution) -> Self {
        let how = match resolution {
            Resolution::Gene(_) => How::Directly,
            Resolution::Alias(_) => How::ThroughAlias,
            Resolution::Chosen(_) => How::AmongSeveral,
            Resolution::Ambiguous => How::NotUnambiguously,
            Resolution::Unknown => How::NotAtAll,
        };
        Self { unit: resolution.gene(), how }
    }
}

/// How identifiers become comparable numbers.
#[derive(Clone, Debug)]
enum Space<'a> {
    /// By spelling; the numbers are those of the gene list.
    Spelling(HashMap<String, u32>),
    /// By NCBI gene; the numbers are positions in the map.
    Genes { map: &'a IdentifierMap },
}

impl<'a> GeneMatch<'a> {
    /// Matches `ids` with the genes of `collections`.
    ///
    /// `scores`, where given, decides which of several identifiers of one gene stays: the one with the largest absolute
    /// score, else the first. `identifiers` is needed only where the two sides hold different kinds of identifier;
    /// when it is given, labels are official symbols.
    ///
    /// # Errors
    /// [`EnrichError::Empty`], [`EnrichError::NoSets`], and [`EnrichError::NothingMapped`] when no identifier matches.
    pub fn new(
        ids: &[GeneId],
        scores: Option<&[f64]>,
        collections: &[GeneSetCollection],
        identifiers: Option<&'a IdentifierMap>,
    ) -> Result<Self, EnrichError> {
        let kind = IdKind::of_column(ids.iter().map(GeneId::as_str));
        let kind = kind.ok_or(EnrichError::Empty { what: "genes" })?;
        let set_genes = collections.iter().flat_map(|collection| collection.genes.iter().map(GeneId::as_str));
        let sets_kind = IdKind::of_column(set_genes).ok_or(EnrichError::NoSets)?;
        let mut mapping = IdMapping { kind: Some(kind), sets_kind: Some(sets_kind), ..IdMapping::default() };
        let (space, found) = match identifiers {
            Some(map)
                if collections.iter().filter_map(kind_of).any(|of_sets| of_sets != kind)
                    && ids.iter().any(|id| map.resolve(kind, id.as_str()).gene().is_some()) =>
            {
                mapping.release = Some(map.release().to_owned());
                let found = ids.iter().map(|id| map.resolve(kind, id.as_str()).into()).collect();
                (Space::Genes { map }, found)
            }
            _ => by_spelling(ids, kind, collections, identifiers, &mut mapping),
        };
        mapping.combined = ids.iter().filter(|id| parts(id.as_str()).is_some()).count();
        let labels = ids.iter().map(|id| label(id, kind, identifiers)).collect();
        let units = merge_duplicates(ids, scores, &found, &mut mapping);
        report(ids, &found, &space, &mut mapping);
        if mapping.mapped == 0 {
            return Err(nothing_mapped(ids, &mapping));
        }
        Ok(Self { space, units, labels, mapping })
    }

    /// What became of the identifiers.
    pub fn mapping(&self) -> &IdMapping {
        &self.mapping
    }

    /// How each identifier is shown to people: its official symbol where known.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether the identifier at this position stands for a gene of its own: `false` for those that were lost in
    /// translation between kinds of identifier or merged into another one.
    ///
    /// By spelling nothing is lost: a gene that is in no set is still a gene.
    pub fn is_gene(&self, position: usize) -> bool {
        self.units[position].is_some()
    }

    /// For every identifier its position among the genes of `collection`, where it is there.
    pub fn positions_in(&self, collection: &GeneSetCollection) -> Vec<Option<u32>> {
        let kind = kind_of(collection).unwrap_or(IdKind::Symbol);
        let mut of_unit: HashMap<u32, u32> = HashMap::with_capacity(collection.genes.len());
        for (position, gene) in collection.genes.iter().enumerate() {
            if let Some(unit) = self.space.unit_of(gene, kind) {
                of_unit.entry(unit).or_insert(position as u32);
            }
        }
        self.units.iter().map(|unit| unit.and_then(|unit| of_unit.get(&unit).copied())).collect()
    }
}

impl Space<'_> {
    /// What every unit is called in tables (NCBI number or spelling), and its official symbol where known.
    fn names(&self) -> Vec<(String, Option<String>)> {
        match self {
            Self::Spelling(units) => {
                let mut names = vec![(String::new(), None); units.len()];
                for (spelling, &unit) in units {
                    names[unit as usize].0.clone_from(spelling);
                }
                names
            }
            Self::Genes { map } => {
                map.genes().iter().map(|gene| (number_or_symbol(gene), Some(gene.symbol.clone()))).collect()
            }
        }
    }

    fn unit_of(&self, set_gene: &GeneId, kind: IdKind) -> Option<u32> {
        match self {
            Self::Spelling(units) => units.get(set_gene.unversioned()).copied(),
            Self::Genes { map } => map.resolve(kind, set_gene.as_str()).gene(),
        }
    }
}

/// What kind of identifier a collection holds.
pub(crate) fn kind_of(collection: &GeneSetCollection) -> Option<IdKind> {
    IdKind::of_column(collection.genes.iter().map(GeneId::as_str))
}

/// What a gene is called in tables: its NCBI number, or its symbol where it has none.
fn number_or_symbol(gene: &GeneNames) -> String {
    gene.entrez.map_or_else(|| gene.symbol.clone(), |number| number.to_string())
}

/// Every distinct spelling is a gene, whether or not a set holds it; an alias (told by `names`) of a gene that a set
/// holds under its official symbol is that gene.
fn by_spelling<'a>(
    ids: &[GeneId],
    kind: IdKind,
    collections: &[GeneSetCollection],
    names: Option<&IdentifierMap>,
    mapping: &mut IdMapping,
) -> (Space<'a>, Vec<Found>) {
    let in_sets: HashSet<&str> =
        collections.iter().flat_map(|collection| collection.genes.iter().map(GeneId::unversioned)).collect();
    let mut units: HashMap<String, u32> = HashMap::with_capacity(ids.len());
    let mut found_in_sets = HashSet::new();
    let mut known_elsewhere = HashSet::new();
    let found = ids
        .iter()
        .map(|id| {
            let spelling = Spelling::of(id, kind, &in_sets, names);
            if spelling.how != How::NotAtAll {
                found_in_sets.insert(spelling.text.to_owned());
            } else if spelling.is_known {
                known_elsewhere.insert(id.as_str());
            }
            let next = units.len() as u32;
            Found { unit: Some(*units.entry(spelling.text.to_owned()).or_insert(next)), how: spelling.how }
        })
        .collect();
    mapping.known_elsewhere = known_elsewhere.len();
    (mapping.sets_genes, mapping.sets_genes_found) = (in_sets.len(), found_in_sets.len());
    (Space::Spelling(units), found)
}

/// What an identifier is compared as.
struct Spelling<'a> {
    text: &'a str,
    how: How,
    /// Whether it is known as a gene, in the sets or not.
    is_known: bool,
}

impl<'a> Spelling<'a> {
    /// The identifier itself, or a part of it, where a set holds it; else the symbol, or another lasting name, of its gene.
    fn of(id: &'a GeneId, kind: IdKind, in_sets: &HashSet<&str>, names: Option<&'a IdentifierMap>) -> Self {
        let whole = id.unversioned();
        let in_one = parts(id.as_str()).unwrap_or_default();
        let candidates = [whole]
            .into_iter()
            .chain(in_one.iter().copied())
            .chain(in_one.iter().map(|part| unversioned(part)));
        if let Some(text) = candidates.into_iter().find(|text| in_sets.contains(text)) {
            return Self { text, how: How::Directly, is_known: true };
        }
        let resolution = names.map_or(Resolution::Unknown, |map| map.resolve(kind, id.as_str()));
        let is_known = resolution.gene().is_some();
        let other = names.zip(resolution.gene()).and_then(|(map, gene)| {
            let gene = &map.genes()[gene as usize];
            // Ensembl ids and numbers are compared as they are: several stand for one gene.
            let is_name = matches!(kind, IdKind::Symbol | IdKind::Systematic);
            let names = [&gene.symbol].into_iter().chain(&gene.stable_ids).map(String::as_str);
            names.filter(|_| is_name).find(|name| in_sets.contains(name))
        });
        match other {
            Some(text) => Self { text, how: How::ThroughAlias, is_known },
            None => Self { text: whole, how: How::NotAtAll, is_known },
        }
    }
}

/// An Ensembl id without its version.
fn unversioned(part: &str) -> &str {
    if IdKind::of(part) == IdKind::Ensembl { part.split('.').next().unwrap_or(part) } else { part }
}

/// The official symbol of an identifier, where known; the symbol that an identifier of two parts holds.
fn label(id: &GeneId, kind: IdKind, identifiers: Option<&IdentifierMap>) -> String {
    let symbol = identifiers.filter(|_| kind != IdKind::Symbol).and_then(|map| {
        let gene = map.resolve(kind, id.as_str()).gene()?;
        Some(map.genes()[gene as usize].symbol.clone())
    });
    symbol.unwrap_or_else(|| part_of_kind(id.as_str(), IdKind::Symbol).to_owned())
}

/// One identifier per gene: the one with the largest absolute score, else the first.
fn merge_duplicates(
    ids: &[GeneId],
    scores: Option<&[f64]>,
    found: &[Found],
    mapping: &mut IdMapping,
) -> Vec<Option<u32>> {
    let mut keeper: HashMap<u32, usize> = HashMap::with_capacity(ids.len());
    for (position, unit) in found.iter().enumerate().filter_map(|(i, found)| Some((i, found.unit?))) {
        let kept = keeper.entry(unit).or_insert(position);
        if scores.is_some_and(|scores| scores[position].abs() > scores[*kept].abs()) {
            *kept = position;
        }
    }
    let mut units = vec![None; ids.len()];
    for (position, unit) in found.iter().enumerate().filter_map(|(i, found)| Some((i, found.unit?))) {
        let kept = keeper[&unit];
        if kept == position {
            units[position] = Some(unit);
        } else {
            mapping.merged.push((ids[position].to_string(), ids[kept].to_string()));
        }
    }
    units
}

/// Counts what was matched, how, and what was not.
fn report(ids: &[GeneId], found: &[Found], space: &Space<'_>, mapping: &mut IdMapping) {
    let names = space.names();
    // An identifier that is listed twice is not another one.
    let others = mapping.merged.iter().filter(|(merged, kept)| merged != kept);
    let kept: HashMap<String, String> = others.cloned().collect();
    let mut seen = HashSet::with_capacity(ids.len());
    for (id, found) in ids.iter().zip(found).filter(|(id, _)| seen.insert(id.as_str())) {
        let of_gene = found.unit.filter(|_| found.how != How::NotAtAll).map(|unit| &names[unit as usize]);
        let gene = of_gene.map(|names| names.0.clone());
        mapping.given += 1;
        let outcome = match found.how {
            How::NotAtAll => IdOutcome::Lost,
            How::NotUnambiguously => IdOutcome::Ambiguous,
            How::Directly => IdOutcome::Mapped,
            How::ThroughAlias => IdOutcome::Alias,
            How::AmongSeveral => IdOutcome::Chosen,
        };
        match outcome {
            IdOutcome::Lost => mapping.lost.push(id.to_string()),
            IdOutcome::Ambiguous => mapping.ambiguous.push((id.to_string(), None)),
            IdOutcome::Chosen => mapping.ambiguous.push((id.to_string(), gene.clone())),
            _ => {}
        }
        mapping.mapped += usize::from(!matches!(outcome, IdOutcome::Lost | IdOutcome::Ambiguous));
        mapping.through_alias += usize::from(outcome == IdOutcome::Alias);
        let kept = kept.get(id.as_str()).cloned();
        mapping.entries.push(IdEntry {
            id: id.to_string(),
            outcome: if kept.is_some() { IdOutcome::Merged } else { outcome },
            gene,
            symbol: of_gene.and_then(|names| names.1.clone()),
            kept,
        });
    }
}

fn nothing_mapped(ids: &[GeneId], mapping: &IdMapping) -> EnrichError {
    let examples: Vec<&str> = ids.iter().take(EXAMPLES).map(GeneId::as_str).collect();
    let name = |kind: Option<IdKind>| match kind {
        Some(IdKind::Entrez) => "Entrez ids",
        Some(IdKind::Ensembl) => "Ensembl ids",
        Some(IdKind::Systematic) => "systematic names",
        Some(IdKind::Symbol) | None => "symbols",
    };
    EnrichError::NothingMapped {
        given: mapping.given,
        examples: examples.join(", "),
        kind: name(mapping.kind),
        species: foreign_species(ids.iter().map(GeneId::as_str)),
        sets_kind: name(mapping.sets_kind),
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::gene_sets::{GeneSetInterner, GeneSetSource};
    use alkaline_core::identifiers::{GeneNames, GeneType};

    use super::*;

    fn sets(genes: &[&'static str]) -> Vec<GeneSetCollection> {
        let mut collection = GeneSetCollection::new("test", GeneSetSource::default());
        collection.push(&mut GeneSetInterner::default(), "S", "", genes.iter().copied());
        vec![collection]
    }

    fn ids(text: &[&str]) -> Vec<GeneId> {
        text.iter().map(GeneId::from).collect()
    }

    fn map() -> IdentifierMap {
        let gene = |entrez, symbol: &str, ensembl: &[&str]| GeneNames {
            entrez: Some(entrez),
            symbol: symbol.into(),
            gene_type: GeneType::ProteinCoding,
            stable_ids: ensembl.iter().map(|&id| id.into()).collect(),
            aliases: vec![format!("{symbol}-ALIAS")],
        };
        let genes = vec![
            gene(10, "AAA", &["ENSG00000000010", "ENSG00000000011"]),
            gene(20, "BBB", &["ENSG00000000020"]),
        ];
        IdentifierMap::new("Homo sapiens", "test", genes)
    }

    #[test]
    fn alike_spellings_need_no_map_and_unknown_genes_stay_genes() {
        let found = GeneMatch::new(&ids(&["B", "A", "A", "X"]), None, &sets(&["A", "B"]), None).unwrap();
        assert_eq!(found.positions_in(&sets(&["A", "B"])[0]), [Some(1), Some(0), None, None]);
        assert!(found.is_gene(3) && !found.is_gene(2));
        assert_eq!((found.mapping().given, found.mapping().mapped), (3, 2));
        assert_eq!(found.mapping().lost, ["X"]);
        assert_eq!(found.mapping().merged, [("A".to_owned(), "A".to_owned())]);
    }

    #[test]
    fn of_two_names_of_one_gene_the_larger_score_stays() {
        let map = map();
        let genes = ids(&["ENSG00000000010.3", "ENSG00000000020.1", "ENSG00000000011.7", "ENSG00000000099"]);
        let scores = [1.0, 0.5, -2.0, 0.1];
        let found = GeneMatch::new(&genes, Some(&scores), &sets(&["10", "20"]), Some(&map)).unwrap();
        assert_eq!(found.positions_in(&sets(&["10", "20"])[0]), [None, Some(1), Some(0), None]);
        assert_eq!(found.labels()[2], "AAA");
        assert_eq!(found.mapping().lost, ["ENSG00000000099"]);
        assert!(!found.is_gene(3), "an identifier lost in translation is no gene");
        let merged = ("ENSG00000000010.3".to_owned(), "ENSG00000000011.7".to_owned());
        assert_eq!(found.mapping().merged, [merged]);
    }

    #[test]
    fn collections_of_different_identifiers_are_each_matched() {
        let map = map();
        let both = [sets(&["10", "20"]), sets(&["BBB", "AAA-ALIAS"])].concat();
        for list in [["AAA", "BBB"], ["10", "20"], ["ENSG00000000010", "ENSG00000000020"]] {
            let found = GeneMatch::new(&ids(&list), None, &both, Some(&map)).unwrap();
            assert_eq!(found.positions_in(&both[0]), [Some(0), Some(1)], "{list:?}");
            assert_eq!(found.positions_in(&both[1]), [Some(1), Some(0)], "{list:?}");
        }
    }

    #[test]
    fn aliases_are_followed_and_counted() {
        let map = map();
        let found =
            GeneMatch::new(&ids(&["AAA-ALIAS", "BBB"]), None, &sets(&["10", "20"]), Some(&map)).unwrap();
        assert_eq!((found.mapping().mapped, found.mapping().through_alias), (2, 1));
    }

    #[test]
    fn aliases_of_genes_that_the_sets_spell_officially_are_those_genes() {
        let map = map();
        let listed = ids(&["AAA-ALIAS", "BBB", "BBB", "NEW"]);
        let sets = sets(&["AAA", "BBB"]);
        let found = GeneMatch::new(&listed, None, &sets, Some(&map)).unwrap();
        assert_eq!(found.positions_in(&sets[0]), [Some(0), Some(1), None, None]);
        let outcomes: Vec<&str> = found.mapping().entries.iter().map(|entry| entry.outcome.name()).collect();
        assert_eq!(outcomes, ["alias", "mapped", "lost"]);
        let genes: Vec<Option<&str>> =
            found.mapping().entries.iter().map(|entry| entry.gene.as_deref()).collect();
        assert_eq!(genes, [Some("AAA"), Some("BBB"), None]);
        assert!(found.is_gene(3), "a gene that is in no set is still a gene");
        let without = GeneMatch::new(&listed, None, &sets, None).unwrap();
        assert_eq!(without.mapping().lost, ["AAA-ALIAS", "NEW"]);
    }

    #[test]
    fn identifiers_that_are_two_in_one_are_found_by_either_part() {
        let map = map();
        let joined = ids(&["ENSG00000000010.2|AAA", "ENSG00000000020|BBB", "ENSG00000000099|X"]);
        for of in [&["10", "20"], &["AAA", "BBB"], &["ENSG00000000010", "ENSG00000000020"]] {
            let sets = sets(of);
            let found = GeneMatch::new(&joined, None, &sets, Some(&map)).unwrap();
            assert_eq!(found.positions_in(&sets[0]), [Some(0), Some(1), None], "{of:?}");
            assert_eq!(found.labels()[..2], ["AAA", "BBB"]);
            assert_eq!((found.mapping().combined, found.mapping().mapped), (3, 2));
        }
        let by_text = GeneMatch::new(&joined, None, &sets(&["AAA", "BBB"]), None).unwrap();
        assert_eq!(by_text.mapping().mapped, 2, "without any map");
    }

    #[test]
    fn systematic_names_are_found_in_sets_of_symbols() {
        let yeast = GeneNames {
            entrez: None,
            symbol: "IRC2".into(),
            gene_type: GeneType::Other,
            stable_ids: vec!["YDR112W".into()],
            aliases: Vec::new(),
        };
        let map = IdentifierMap::new("yeast", "test", vec![yeast]);
        for of in [["IRC2", "PHO3"], ["IRC2", "YDR199W"], ["YDR112W", "PHO3"]] {
            let sets = sets(&of);
            let found = GeneMatch::new(&ids(&["YDR112W"]), None, &sets, Some(&map)).unwrap();
            assert_eq!(found.positions_in(&sets[0]), [Some(0)], "{of:?}");
        }
    }

    #[test]
    fn every_identifier_says_what_became_of_it() {
        let map = map();
        let genes = ids(&["ENSG00000000010.3", "ENSG00000000011.7", "ENSG00000000099"]);
        let found = GeneMatch::new(&genes, None, &sets(&["10", "20"]), Some(&map)).unwrap();
        let entries = &found.mapping().entries;
        assert_eq!(
            (entries[0].outcome, entries[0].gene.as_deref(), entries[0].symbol.as_deref()),
            (IdOutcome::Mapped, Some("10"), Some("AAA"))
        );
        assert_eq!(entries[1].outcome, IdOutcome::Merged);
        assert_eq!(entries[1].kept.as_deref(), Some("ENSG00000000010.3"));
        assert_eq!((entries[2].outcome, &entries[2].gene), (IdOutcome::Lost, &None));
    }

    #[test]
    fn a_foreign_list_is_refused_with_examples() {
        let map = map();
        let error = GeneMatch::new(&ids(&["Ccl2", "Cxcl1"]), None, &sets(&["10"]), Some(&map)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "none of the 2 genes is in the gene sets: Ccl2, Cxcl1 look like symbols of mouse or rat, the sets hold Entrez ids"
        );
    }
}
