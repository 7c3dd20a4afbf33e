//! Who the gene of a row is, in five steps.
//!
//! 1. The topmost gene above the row, or the topmost feature where no gene stands above it. A feature that names itself as
//!    its parent, or a gene and a transcript of one `ID`, is a top. What holds genes (a chromosome, an operon) is none.
//! 2. A parent that the file does not define is itself the gene, unless an attribute of the rows shows that several such
//!    parents are transcripts of one gene.
//! 3. A top that is no gene is grouped with others by `gene_id`, `geneID`, `gene`, `locus_tag` or `gene_name`.
//! 4. A row without parent uses the same attributes; its own `ID` is the last resort.
//! 5. Where transcripts or single rows end up as genes, a notice says so.

use std::collections::{BTreeMap, HashMap, HashSet};

use alkaline_core::words::{count, count_of, quoted};

use super::features::{Feature, Features, Key, Keys, Kind, Name};

/// How many steps a chain of parents may have: deeper ones are circles.
const MAX_DEPTH: usize = 32;

/// Undefined parents are transcripts when grouping leaves at most 19 in 20 of them apart; a few genes of one name prove
/// nothing.
const APART: (usize, usize) = (19, 20);

/// A gene of a row, with the feature that it was told by.
pub(super) struct GeneOf<'a> {
    pub name: Name,
    pub top: Option<&'a Feature>,
    keys: &'a Keys,
}

impl GeneOf<'_> {
    /// The symbol, from the gene or from the row. What a transcript is called (`Name`) is no symbol.
    pub fn symbol<'s>(&'s self, row: &'s Feature) -> Option<&'s [u8]> {
        let keys = self.keys.symbols();
        let of_top = self.top.and_then(|top| match top.kind {
            Kind::Gene => top.first_of(keys),
            _ => top.first_of(&keys[..keys.len() - 1]),
        });
        of_top.or_else(|| row.first_of(&keys[..keys.len() - 1]))
    }

    /// The biotype, from the gene or from the row.
    pub fn biotype<'s>(&'s self, row: &'s Feature) -> Option<&'s [u8]> {
        let keys = self.keys.biotypes();
        self.top.and_then(|top| top.first_of(keys)).or_else(|| row.first_of(keys))
    }
}

/// Finds the genes of rows.
pub(super) struct GeneFinder<'a> {
    features: &'a Features,
    keys: &'a Keys,
    /// For each feature the topmost features above it, or itself.
    tops: Vec<Vec<usize>>,
    /// The attribute that shows undefined parents of rows to be transcripts.
    groups_undefined: Option<Key>,
    /// Genes by how they were told: parents that are not in the file, transcripts by their own name, by each attribute.
    undefined: HashSet<Name>,
    transcripts: HashSet<Name>,
    grouped: BTreeMap<Key, HashSet<Name>>,
    /// Types of the transcripts that became genes.
    transcript_types: BTreeMap<Name, usize>,
    /// Rows that became genes.
    lone_rows: usize,
}

impl<'a> GeneFinder<'a> {
    /// A finder for `rows`, whose parents are looked up among `features`.
    pub fn new<'r>(
        features: &'a mut Features,
        keys: &'a Keys,
        rows: impl Iterator<Item = &'r Feature> + Clone,
    ) -> Self {
        for row in rows.clone() {
            for id in &row.parents {
                features.place_or_undefined(id, keys);
            }
        }
        // Parents that are made up here have none themselves.
        for place in 0..features.len() {
            for id in features.get(place).parents.clone() {
                features.place_or_undefined(&id, keys);
            }
        }
        let features: &'a Features = features;
        let tops = all_tops(features);
        let groups_undefined = grouping_of_undefined(features, keys, rows);
        Self {
            features,
            keys,
            tops,
            groups_undefined,
            undefined: HashSet::new(),
            transcripts: HashSet::new(),
            grouped: BTreeMap::new(),
            transcript_types: BTreeMap::new(),
            lone_rows: 0,
        }
    }

    /// The genes that a row leads to; none when its parents are a circle, or when nothing names one.
    pub fn genes_of(&mut self, row: &Feature) -> Vec<GeneOf<'a>> {
        let tops = self.tops_of(row);
        let asked = self.keys.asked.or(Some(self.keys.gene_id)).and_then(|key| row.value(key));
        if let Some(name) = asked {
            let top = tops.first().map(|&top| self.features.get(top));
            return vec![self.gene(name, top)];
        }
        let mut genes: Vec<GeneOf<'a>> = Vec::new();
        let mut add = |gene: Option<GeneOf<'a>>| {
            if let Some(gene) = gene
                && !genes.iter().any(|known| known.name == gene.name)
            {
                genes.push(gene);
            }
        };
        if let Some(key) = self.keys.asked {
            for &top in &tops {
                let top = self.features.get(top);
                add(top.value(key).map(|name| self.gene(name, Some(top))));
            }
            if genes.is_empty() {
                return self.nearest_value(row, key).into_iter().collect();
            }
            return genes;
        }
        if tops.is_empty() {
            let is_lone = row.parents.is_empty() || self.is_below_landmarks(row);
            return if is_lone { self.lone(row).into_iter().collect() } else { Vec::new() };
        }
        for top in tops {
            add(self.named_by_top(self.features.get(top), row));
        }
        genes
    }

    /// As [`GeneFinder::genes_of`], for a row that stands in where a gene has no others.
    ///
    /// A row without parents would be a second name of a gene that is known, where the others have parents or where only
    /// its own name is left.
    pub fn genes_of_stand_in(&mut self, row: &Feature, exons_have_parents: bool) -> Vec<GeneOf<'a>> {
        let is_named = match exons_have_parents {
            true => row.value(self.keys.gene_id).is_some(),
            false => self.keys.grouping().any(|key| row.value(key).is_some()),
        };
        if row.parents.is_empty() && !is_named { Vec::new() } else { self.genes_of(row) }
    }

    fn gene(&self, name: &[u8], top: Option<&'a Feature>) -> GeneOf<'a> {
        GeneOf { name: Name::from(name), top, keys: self.keys }
    }

    /// The topmost features above a row, those left aside that hold genes and are none.
    fn tops_of(&self, row: &Feature) -> Vec<usize> {
        let mut tops: Vec<usize> = Vec::new();
        let places = row.parents.iter().filter_map(|id| self.features.place(id));
        for top in places.flat_map(|place| self.tops[place].iter().copied()) {
            if self.features.get(top).kind != Kind::Landmark && !tops.contains(&top) {
                tops.push(top);
            }
        }
        // A coding sequence has its protein as a parent, too, in files of TAIR: that is no second gene.
        if tops.iter().any(|&top| self.features.get(top).kind == Kind::Gene) {
            tops.retain(|&top| self.features.get(top).kind == Kind::Gene);
        }
        tops
    }

    fn is_below_landmarks(&self, row: &Feature) -> bool {
        let mut places = row.parents.iter().filter_map(|id| self.features.place(id));
        places.any(|place| !self.tops[place].is_empty())
    }

    /// The gene that a topmost feature tells.
    fn named_by_top(&mut self, top: &'a Feature, row: &Feature) -> Option<GeneOf<'a>> {
        let id = top.value(self.keys.id)?;
        match top.kind {
            Kind::Gene => Some(self.gene(top.value(self.keys.gene_id).unwrap_or(id), Some(top))),
            Kind::Undefined => {
                self.undefined.insert(Name::from(id));
                let grouped = self.groups_undefined.and_then(|key| row.value(key));
                Some(self.gene(grouped.unwrap_or(id), Some(top)))
            }
            Kind::Landmark | Kind::Other => {
                let grouping = || self.keys.grouping();
                let of = |feature: &Feature| {
                    grouping().find_map(|key| Some((key, Name::from(feature.value(key)?))))
                };
                let Some((key, name)) = of(top).or_else(|| of(row)) else {
                    if let Some(gene) = self.gene_by_name(id) {
                        return Some(gene);
                    }
                    if self.transcripts.insert(Name::from(id)) {
                        *self.transcript_types.entry(top.feature_type.clone()).or_default() += 1;
                    }
                    return Some(self.gene(id, Some(top)));
                };
                let gene = self.gene(&name, Some(top));
                self.grouped.entry(key).or_default().insert(name);
                Some(gene)
            }
        }
    }

    /// The gene of the file that a transcript is named after: `g2` of `g2.t1`, where the rows do not say so otherwise.
    fn gene_by_name(&self, transcript: &[u8]) -> Option<GeneOf<'a>> {
        let end = transcript.iter().rposition(|byte| matches!(byte, b'.' | b'-' | b'_' | b':'))?;
        let gene = self.features.get(self.features.place(&transcript[..end])?);
        let name = gene.first_of(&[self.keys.gene_id, self.keys.id]).filter(|_| gene.kind == Kind::Gene)?;
        Some(self.gene(name, Some(gene)))
    }

    /// The gene of a row without parents.
    fn lone(&mut self, row: &Feature) -> Option<GeneOf<'a>> {
        if row.kind == Kind::Gene {
            return row.first_of(&[self.keys.gene_id, self.keys.id]).map(|name| self.gene(name, None));
        }
        let found = self.keys.grouping().find_map(|key| Some((key, row.value(key)?)));
        if let Some((key, name)) = found {
            self.grouped.entry(key).or_default().insert(Name::from(name));
            return Some(self.gene(name, None));
        }
        let id = row.value(self.keys.id)?;
        self.lone_rows += 1;
        Some(self.gene(id, None))
    }

    /// The value of an attribute of the nearest feature above a row that has it.
    fn nearest_value(&self, row: &Feature, key: Key) -> Option<GeneOf<'a>> {
        let mut level: Vec<usize> = row.parents.iter().filter_map(|id| self.features.place(id)).collect();
        for _ in 0..MAX_DEPTH {
            let found = level.iter().find_map(|&place| {
                let feature = self.features.get(place);
                feature.value(key).map(|name| self.gene(name, Some(feature)))
            });
            if found.is_some() || level.is_empty() {
                return found;
            }
            let above = level.iter().flat_map(|&place| &self.features.get(place).parents);
            level = above.filter_map(|id| self.features.place(id)).collect();
            level.dedup();
            level.truncate(MAX_DEPTH);
        }
        None
    }

    /// What was not the plain case.
    pub fn notices(&self) -> Vec<String> {
        let grouped = self.grouped.iter().map(|(key, genes)| self.grouped_in_words(*key, genes.len()));
        grouped
            .chain(self.undefined_in_words())
            .chain(self.transcripts_in_words())
            .chain((self.lone_rows > 0).then(|| {
                format!(
                    "{} neither a Parent nor an attribute that names a gene: each is counted as a gene of its own, named by \
                     its `ID`",
                    count_of(self.lone_rows, "row has", "rows have")
                )
            }))
            .collect()
    }

    fn grouped_in_words(&self, key: Key, genes: usize) -> String {
        let genes = count_of(genes, "gene has no row of its own", "genes have no row of their own");
        format!("{genes}: `{}` tells which rows belong together", self.keys.name(key))
    }

    fn undefined_in_words(&self) -> Option<String> {
        if self.undefined.is_empty() {
            return None;
        }
        let (one, several) =
            ("parent that rows name is not in the file", "parents that rows name are not in the file");
        let parents = count_of(self.undefined.len(), one, several);
        Some(match self.groups_undefined {
            Some(key) => {
                format!(
                    "{parents}: `{}` shows that they are transcripts, and names their genes",
                    self.keys.name(key)
                )
            }
            None => format!(
                "{parents}: each is counted as a gene; if they are transcripts, reads that several share are ambiguous (-g \
                 names another attribute)"
            ),
        })
    }

    fn transcripts_in_words(&self) -> Option<String> {
        let types = self.transcript_types.keys().map(|name| String::from_utf8_lossy(name).into_owned());
        (!self.transcripts.is_empty()).then(|| {
            format!(
                "no gene stands above {} ({}): each is counted as a gene of its own, and reads that several share are \
                 ambiguous (-g names an attribute of their gene)",
                count(self.transcripts.len(), "feature"),
                quoted(types)
            )
        })
    }
}

/// For each feature the topmost features above it, or itself; nothing where its parents are a circle.
fn all_tops(features: &Features) -> Vec<Vec<usize>> {
    let parents: Vec<Vec<usize>> = (0..features.len())
        .map(|place| features.get(place).parents.iter().filter_map(|id| features.place(id)).collect())
        .collect();
    let mut tops = vec![None; features.len()];
    for place in 0..features.len() {
        find_tops(place, features, &parents, &mut tops, MAX_DEPTH);
    }
    tops.into_iter().map(Option::unwrap_or_default).collect()
}

/// Fills in `tops` for the feature at `place` and what stands above it.
fn find_tops(
    place: usize,
    features: &Features,
    parents: &[Vec<usize>],
    tops: &mut [Option<Vec<usize>>],
    depth: usize,
) {
    if tops[place].is_some() {
        return;
    }
    if parents[place].is_empty() {
        tops[place] = Some(vec![place]);
        return;
    }
    // Whoever comes back here meets a circle.
    tops[place] = Some(Vec::new());
    let own = features.get(place).kind;
    let mut found: Vec<usize> = Vec::new();
    for &parent in &parents[place] {
        if depth > 0 {
            find_tops(parent, features, parents, tops, depth - 1);
        }
        for &top in tops[parent].iter().flatten() {
            let top = match (features.get(top).kind, own) {
                (Kind::Gene, _) | (_, Kind::Landmark) => top,
                (_, Kind::Gene) | (Kind::Landmark, _) => place,
                _ => top,
            };
            if !found.contains(&top) {
                found.push(top);
            }
        }
    }
    tops[place] = Some(found);
}

/// The attribute by which undefined parents of rows are fewer genes than parents: then they are transcripts.
fn grouping_of_undefined<'r>(
    features: &Features,
    keys: &Keys,
    rows: impl Iterator<Item = &'r Feature> + Clone,
) -> Option<Key> {
    keys.grouping().find(|&key| {
        let mut value_of: HashMap<usize, &[u8]> = HashMap::new();
        for row in rows.clone() {
            let places = row.parents.iter().filter_map(|id| features.place(id));
            for place in places.filter(|&place| features.get(place).kind == Kind::Undefined) {
                let Some(value) = row.value(key) else { return false };
                if *value_of.entry(place).or_insert(value) != value {
                    return false;
                }
            }
        }
        let groups: HashSet<&[u8]> = value_of.values().copied().collect();
        groups.len() * APART.1 <= value_of.len() * APART.0 && !groups.is_empty()
    })
}
