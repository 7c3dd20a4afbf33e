//! Features of a GFF3 file: their type, their parents, and the attributes that matter.

use std::collections::HashMap;

use crate::annotation::attributes::{percent_decoded, visit_gff3};
use crate::annotation::gtf::{BIOTYPE_KEYS, SYMBOL_KEYS, is_gene};
use crate::annotation::options::AnnotationOptions;
use crate::annotation::row::Row;

/// A name, as the bytes of the file.
pub(super) type Name = Box<[u8]>;

/// The place of an attribute in [`Keys`].
pub(super) type Key = u8;

/// Attributes that group transcripts or exons into genes, best first.
const GROUPING: [&[u8]; 5] = [b"gene_id", b"geneID", b"gene", b"locus_tag", b"gene_name"];

/// The attributes that are kept.
pub(super) struct Keys {
    names: Vec<Vec<u8>>,
    pub id: Key,
    pub gene_id: Key,
    grouping: Vec<Key>,
    symbols: Vec<Key>,
    biotypes: Vec<Key>,
    /// The attribute that the user says names the gene.
    pub asked: Option<Key>,
    extra: Vec<Key>,
}

impl Keys {
    pub fn new(options: &AnnotationOptions) -> Self {
        let mut names: Vec<Vec<u8>> = Vec::new();
        let mut key = |name: &[u8]| {
            let place = names.iter().position(|known| known == name).unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            });
            // More extra attributes than a byte counts are never asked for; the last one then stands for the rest.
            Key::try_from(place).unwrap_or(Key::MAX)
        };
        let (id, gene_id) = (key(b"ID"), key(b"gene_id"));
        let grouping = GROUPING.map(&mut key).to_vec();
        let symbols = SYMBOL_KEYS.map(&mut key).to_vec();
        let biotypes = BIOTYPE_KEYS.map(&mut key).to_vec();
        let asked = options.id_attribute.as_ref().map(|name| key(name.as_bytes()));
        let extra = options.extra_attributes.iter().map(|name| key(name.as_bytes())).collect();
        Self { names, id, gene_id, grouping, symbols, biotypes, asked, extra }
    }

    fn of(&self, name: &[u8]) -> Option<Key> {
        self.names.iter().position(|known| known == name).and_then(|place| Key::try_from(place).ok())
    }

    /// The name of an attribute.
    pub fn name(&self, key: Key) -> String {
        String::from_utf8_lossy(&self.names[usize::from(key)]).into_owned()
    }

    pub fn grouping(&self) -> impl Iterator<Item = Key> {
        self.grouping.iter().copied()
    }

    pub fn symbols(&self) -> &[Key] {
        &self.symbols
    }

    pub fn biotypes(&self) -> &[Key] {
        &self.biotypes
    }

    pub fn extra(&self) -> impl Iterator<Item = Key> {
        self.extra.iter().copied()
    }
}

/// What a feature is, as far as finding genes goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A gene, whatever its sort.
    Gene,
    /// What holds genes and is none: a chromosome, an operon.
    Landmark,
    /// Everything between: transcripts mostly.
    Other,
    /// A parent that the file names and does not define.
    Undefined,
}

/// Types that hold genes.
const LANDMARKS: [&str; 14] = [
    "region",
    "chromosome",
    "contig",
    "scaffold",
    "supercontig",
    "plasmid",
    "sequence",
    "chromosome_arm",
    "golden_path",
    "biological_region",
    "databank_entry",
    "operon",
    "gene_group",
    "gene_cluster",
];

impl Kind {
    fn of(feature_type: &[u8]) -> Self {
        if is_gene(feature_type) {
            Self::Gene
        } else if LANDMARKS.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(feature_type)) {
            Self::Landmark
        } else {
            Self::Other
        }
    }
}

/// A row, or several of one `ID`.
#[derive(Clone, Debug)]
pub(super) struct Feature {
    pub kind: Kind,
    pub feature_type: Name,
    pub parents: Vec<Name>,
    values: Vec<(Key, Name)>,
}

impl Feature {
    pub fn parse(row: &Row<'_>, keys: &Keys) -> Self {
        let mut feature = Self {
            kind: Kind::of(row.feature_type),
            feature_type: row.feature_type.into(),
            parents: Vec::new(),
            values: Vec::new(),
        };
        let mut alone = None;
        visit_gff3(row.attributes, |name, value| {
            if name == b"Parent" {
                let parents = value.split(|&byte| byte == b',').filter(|id| !id.is_empty());
                feature
                    .parents
                    .extend(parents.map(|id| Name::from(percent_decoded(id.trim_ascii()).as_ref())));
            }
            if name.is_empty() {
                alone = alone.or(Some(value));
            }
            if let Some(key) = keys.of(name).filter(|_| !value.is_empty()) {
                feature.values.push((key, Name::from(percent_decoded(value).as_ref())));
            }
        });
        // A name without `ID=` is AUGUSTUS' way to say who a gene is.
        if let Some(name) = alone.filter(|name| row.attributes.trim_ascii().starts_with(name))
            && feature.value(keys.id).is_none()
        {
            feature.values.push((keys.id, Name::from(name)));
        }
        feature
    }

    fn undefined(id: &[u8], keys: &Keys) -> Self {
        Self {
            kind: Kind::Undefined,
            feature_type: Name::default(),
            parents: Vec::new(),
            values: vec![(keys.id, Name::from(id))],
        }
    }

    pub fn value(&self, key: Key) -> Option<&[u8]> {
        self.values.iter().find(|(known, _)| *known == key).map(|(_, value)| &**value)
    }

    pub fn first_of(&self, keys: &[Key]) -> Option<&[u8]> {
        keys.iter().find_map(|&key| self.value(key))
    }
}

/// The features that others may name as their parent.
#[derive(Default)]
pub(super) struct Features {
    all: Vec<Feature>,
    /// Features without an `ID` are found by nobody and not kept.
    places: HashMap<Name, usize>,
}

impl Features {
    /// Adds a feature, unless it has no `ID`. Of several with one `ID` the one that is nobody's child stays.
    pub fn add(&mut self, mut feature: Feature) {
        let Some(id) = feature.values.iter().find(|(key, _)| *key == 0).map(|(_, id)| id.clone()) else {
            return;
        };
        feature.parents.retain(|parent| *parent != id);
        match self.places.get(&id) {
            None => {
                self.places.insert(id, self.all.len());
                self.all.push(feature);
            }
            Some(&place) => {
                let known = &mut self.all[place];
                let is_higher = (feature.parents.is_empty(), feature.kind == Kind::Gene)
                    > (known.parents.is_empty(), known.kind == Kind::Gene);
                if is_higher {
                    *known = feature;
                } else if !known.parents.is_empty() {
                    // Parts of one feature, each with parents of its own.
                    let new: Vec<Name> = feature
                        .parents
                        .into_iter()
                        .filter(|parent| !known.parents.contains(parent))
                        .collect();
                    known.parents.extend(new);
                }
            }
        }
    }

    /// The place of the feature called `id`; one that is not defined is made up.
    pub fn place_or_undefined(&mut self, id: &[u8], keys: &Keys) -> usize {
        if let Some(&place) = self.places.get(id) {
            return place;
        }
        self.places.insert(Name::from(id), self.all.len());
        self.all.push(Feature::undefined(id, keys));
        self.all.len() - 1
    }

    pub fn get(&self, place: usize) -> &Feature {
        &self.all[place]
    }

    pub fn place(&self, id: &[u8]) -> Option<usize> {
        self.places.get(id).copied()
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }
}
