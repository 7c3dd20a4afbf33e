//! Joins junction tables of single samples.
//!
//! Which genes a junction belongs to depends on the reads of all samples, so it is told anew: the places of the genes
//! are in the count table, and which contig of the alignments is which of the annotation follows from the genes that the
//! parts name (a part names at least one gene of every junction that lies in any).

use std::collections::{BTreeSet, HashMap};

use alkaline_core::results::{FeatureTable, JunctionRow, JunctionTable, SiteStrand};
use alkaline_core::{GeneId, SampleId};

use super::genes::{GeneExtent, GeneSpans};
use super::table::{Crossings, GeneFinder, rows};

/// The genes of a count table with the stretches of contigs that they lie on.
struct Genes<'a> {
    ids: Vec<&'a GeneId>,
    numbers: HashMap<&'a GeneId, u32>,
    contigs: Vec<&'a str>,
    extents: Vec<GeneExtent>,
    /// For each gene its extents, by place.
    of_gene: Vec<Vec<usize>>,
}

impl<'a> Genes<'a> {
    fn of_table(table: &'a FeatureTable) -> Self {
        let mut genes = Self {
            ids: Vec::new(),
            numbers: HashMap::new(),
            contigs: Vec::new(),
            extents: Vec::new(),
            of_gene: Vec::new(),
        };
        let mut contig_numbers: HashMap<&str, u32> = HashMap::new();
        for row in &table.rows {
            let gene = *genes.numbers.entry(&row.id).or_insert_with(|| {
                genes.ids.push(&row.id);
                genes.of_gene.push(Vec::new());
                genes.ids.len() as u32 - 1
            });
            let locus = &row.locus;
            let places = locus.chr.split(';').zip(locus.start.split(';')).zip(locus.end.split(';'));
            for ((contig, start), end) in places {
                let contig = *contig_numbers.entry(contig).or_insert_with(|| {
                    genes.contigs.push(contig);
                    genes.contigs.len() as u32 - 1
                });
                if let (Ok(start), Ok(end)) = (start.parse(), end.parse()) {
                    genes.extend(gene, contig, start, end);
                }
            }
        }
        genes
    }

    /// Adds an exon to the extent of its gene.
    fn extend(&mut self, gene: u32, contig: u32, start: u32, end: u32) {
        let known = &mut self.of_gene[gene as usize];
        match known.iter().find(|&&place| self.extents[place].contig == contig) {
            Some(&place) => {
                let extent = &mut self.extents[place];
                (extent.start, extent.end) = (extent.start.min(start), extent.end.max(end));
            }
            None => {
                known.push(self.extents.len());
                self.extents.push(GeneExtent { gene, contig, start, end });
            }
        }
    }

    /// The contigs on which a gene that `row` names holds one of its sites.
    fn contigs_of(&self, row: &JunctionRow) -> BTreeSet<u32> {
        let named = row.primary_gene.iter().chain(&row.secondary_genes);
        let extents = named
            .filter_map(|gene| self.numbers.get(gene))
            .flat_map(|&gene| self.of_gene[gene as usize].iter().map(|&place| &self.extents[place]));
        let holds = |extent: &&GeneExtent| {
            [row.left, row.right].iter().any(|site| (extent.start..=extent.end).contains(site))
        };
        extents.filter(holds).map(|extent| extent.contig).collect()
    }

    /// For each contig of the alignments the contig of the annotation that it is.
    fn targets<'t>(&self, tables: &[&'t JunctionTable]) -> HashMap<&'t str, Option<u32>> {
        let mut fitting: HashMap<&str, BTreeSet<u32>> = HashMap::new();
        for row in tables.iter().flat_map(|table| &table.rows) {
            let contigs = self.contigs_of(row);
            if contigs.is_empty() {
                continue;
            }
            fitting
                .entry(row.contig.as_str())
                .and_modify(|known| known.retain(|contig| contigs.contains(contig)))
                .or_insert(contigs);
        }
        let choose = |(name, contigs): (&'t str, BTreeSet<u32>)| {
            let of_this_name = contigs.iter().find(|&&contig| self.contigs[contig as usize] == name);
            (name, of_this_name.or(contigs.first()).copied())
        };
        fitting.into_iter().map(choose).collect()
    }
}

/// Joins `tables`, which were counted on the genes of `counts`.
///
/// # Errors
/// The number of the table, and what about it does not fit the first.
pub(crate) fn merge_tables(
    tables: &[&JunctionTable],
    counts: &FeatureTable,
) -> Result<JunctionTable, (usize, String)> {
    let genes = Genes::of_table(counts);
    let samples: Vec<SampleId> = tables.iter().flat_map(|table| &table.samples).cloned().collect();
    let mut crossings = Crossings::new();
    let mut strands: HashMap<(&str, u32, u32), SiteStrand> = HashMap::new();
    let mut first_sample = 0;
    for (number, table) in tables.iter().enumerate() {
        for row in &table.rows {
            let key = (row.contig.as_str(), row.left, row.right);
            if *strands.entry(key).or_insert(row.strand) != row.strand {
                return Err((number, "it tells another strand of a splice junction (-G)".to_owned()));
            }
            let all = crossings.entry(key).or_insert_with(|| vec![0; samples.len()]);
            all[first_sample..first_sample + table.samples.len()].copy_from_slice(&row.counts);
        }
        first_sample += table.samples.len();
    }
    let targets = genes.targets(tables);
    let finder = GeneFinder {
        spans: GeneSpans::new(genes.contigs.len(), genes.extents.iter().copied()),
        targets: &targets,
        name: |gene: u32| genes.ids[gene as usize].clone(),
    };
    let strand = |contig: &str, left, right| strands[&(contig, left, right)];
    Ok(JunctionTable { samples, rows: rows(crossings, &finder, strand), sites: None })
}
