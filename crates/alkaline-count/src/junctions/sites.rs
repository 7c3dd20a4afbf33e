//! What the annotation says of junctions, for the junction table of featureCounts 2.1.

use std::collections::HashMap;

use alkaline_core::genome::{Contig, Strand};
use alkaline_core::results::{ExonBoundary, JunctionRow, JunctionSites, JunctionTable, SiteStrand};
use alkaline_core::{Annotation, GeneId};

use super::genes::GeneSpans;
use crate::contigs::ContigMatcher;
use crate::options::CountOptions;

/// What `annotation` says of each junction of `table`.
///
/// `transcripts` holds the transcripts of each row of the annotation; where it is empty no junction is known. Where the
/// strand of a junction is told, rows of other strands are left aside.
pub fn junction_sites(
    table: &JunctionTable,
    annotation: &Annotation,
    transcripts: &[Vec<String>],
    options: &CountOptions,
) -> Vec<JunctionSites> {
    let mut contigs: Vec<Contig> = Vec::new();
    for row in &table.rows {
        if contigs.last().is_none_or(|last| last.name.as_str() != row.contig) {
            contigs.push(Contig { name: row.contig.as_str().into(), length: 0 });
        }
    }
    let matcher = ContigMatcher::new(annotation, &options.contig_aliases, options.is_compat());
    let found = matcher.match_all(&contigs);
    let targets: HashMap<&str, Option<u32>> =
        contigs.iter().map(|contig| contig.name.as_str()).zip(found).collect();
    let models = [SiteStrand::Forward, SiteStrand::Reverse, SiteStrand::Unknown]
        .map(|strand| Models::new(annotation, transcripts, strand));
    let sites = |row: &JunctionRow| {
        let models = &models[row.strand as usize];
        targets[row.contig.as_str()].map_or_else(JunctionSites::default, |contig| models.sites(contig, row))
    };
    table.rows.iter().map(sites).collect()
}

/// A place: contig of the annotation and position.
type Place = (u32, u32);

/// The gene models that a junction of one strand may belong to.
struct Models<'a> {
    annotation: &'a Annotation,
    spans: GeneSpans,
    /// For each contig first and last bases of exons with their genes, in order.
    boundaries: Vec<Vec<(u32, u32)>>,
    /// Gene and name of each transcript, in order of first appearance.
    transcripts: Vec<(u32, &'a str)>,
    /// Transcripts by the last bases of their exons, and by the first.
    ends: HashMap<Place, Vec<usize>>,
    starts: HashMap<Place, Vec<usize>>,
}

impl<'a> Models<'a> {
    fn new(annotation: &'a Annotation, transcripts: &'a [Vec<String>], strand: SiteStrand) -> Self {
        let fits = |of_row: Strand| match strand {
            SiteStrand::Forward => of_row == Strand::Forward,
            SiteStrand::Reverse => of_row == Strand::Reverse,
            SiteStrand::Unknown => true,
        };
        let mut models = Self {
            annotation,
            spans: GeneSpans::of_exons(annotation, |exon| fits(exon.strand)),
            boundaries: vec![Vec::new(); annotation.contigs.len()],
            transcripts: Vec::new(),
            ends: HashMap::new(),
            starts: HashMap::new(),
        };
        let mut numbers: HashMap<(u32, &str), usize> = HashMap::new();
        for (row, exon) in annotation.exons.iter().enumerate().filter(|(_, exon)| fits(exon.strand)) {
            let (start, end) = (exon.span.start(), exon.span.end());
            models.boundaries[exon.contig as usize].extend([(start, exon.gene), (end, exon.gene)]);
            for name in transcripts.get(row).into_iter().flatten() {
                let number = *numbers.entry((exon.gene, name)).or_insert_with(|| {
                    models.transcripts.push((exon.gene, name));
                    models.transcripts.len() - 1
                });
                models.ends.entry((exon.contig, end)).or_default().push(number);
                models.starts.entry((exon.contig, start)).or_default().push(number);
            }
        }
        for boundaries in &mut models.boundaries {
            boundaries.sort_unstable();
            boundaries.dedup();
        }
        models
    }

    fn sites(&self, contig: u32, row: &JunctionRow) -> JunctionSites {
        let sites = [row.left, row.right];
        let known = self.transcripts_of(contig, sites);
        let genes = if known.is_empty() {
            sites.map(|site| self.names(self.spans.holders(contig, site).into_iter().map(|holder| holder.1)))
        } else {
            let genes = self.names(known.iter().map(|&number| self.transcripts[number].0));
            [genes.clone(), genes]
        };
        let transcripts = known.iter().map(|&number| self.transcripts[number].1.to_owned()).collect();
        JunctionSites { genes, transcripts, nearest: sites.map(|site| self.nearest(contig, site)) }
    }

    /// Transcripts with an exon that ends at the left site and one that begins at the right.
    fn transcripts_of(&self, contig: u32, [left, right]: [u32; 2]) -> Vec<usize> {
        let (Some(ends), Some(starts)) = (self.ends.get(&(contig, left)), self.starts.get(&(contig, right)))
        else {
            return Vec::new();
        };
        let mut both: Vec<usize> = ends.iter().copied().filter(|number| starts.contains(number)).collect();
        both.sort_unstable();
        both.dedup();
        both
    }

    /// The names of genes, each once.
    fn names(&self, genes: impl Iterator<Item = u32>) -> Vec<GeneId> {
        let mut names: Vec<GeneId> = Vec::new();
        for gene in genes {
            let name = &self.annotation.genes[gene as usize].id;
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// The boundaries nearest to a position: those of the smallest distance, left ones first.
    fn nearest(&self, contig: u32, position: u32) -> Vec<ExonBoundary> {
        let all = &self.boundaries[contig as usize];
        let place = all.partition_point(|&(boundary, _)| boundary < position);
        let beside = [place.checked_sub(1).map(|left| all[left].0), all.get(place).map(|right| right.0)];
        let distance = beside.iter().flatten().map(|boundary| boundary.abs_diff(position)).min();
        let Some(distance) = distance else { return Vec::new() };
        let first = all.partition_point(|&(boundary, _)| boundary < position.saturating_sub(distance));
        let within =
            all[first..].iter().take_while(|(boundary, _)| *boundary <= position.saturating_add(distance));
        within
            .filter(|(boundary, _)| boundary.abs_diff(position) == distance)
            .map(|&(position, gene)| ExonBoundary {
                position,
                gene: self.annotation.genes[gene as usize].id.clone(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::annotation::AnnotationSource;
    use alkaline_core::genome::Span;
    use alkaline_core::{Exon, Gene};

    use super::*;
    use crate::options::Compat;

    /// Gene F forward with transcripts F.1 (three exons) and F.2 (first and last), R reverse within its second intron.
    fn models() -> (Annotation, Vec<Vec<String>>) {
        let rows = [
            (0, 101, 200, Strand::Forward, vec!["F.1", "F.2"]),
            (0, 301, 400, Strand::Forward, vec!["F.1"]),
            (1, 451, 480, Strand::Reverse, vec!["R.1"]),
            (1, 521, 561, Strand::Reverse, vec!["R.1"]),
            (0, 601, 700, Strand::Forward, vec!["F.1", "F.2"]),
        ];
        let exon = |&(gene, start, end, strand, _): &(u32, u32, u32, Strand, Vec<&str>)| Exon {
            contig: 0,
            span: Span::new(start, end).unwrap(),
            strand,
            gene,
        };
        let gene = |id: &str| Gene { id: id.into(), name: None, biotype: None };
        let annotation = Annotation {
            source: AnnotationSource::default(),
            contigs: vec!["chr1".into()],
            genes: vec![gene("F"), gene("R")],
            exons: rows.iter().map(exon).collect(),
        };
        let transcripts = rows.iter().map(|row| row.4.iter().map(|name| (*name).to_owned()).collect());
        (annotation, transcripts.collect())
    }

    fn sites_of(contig: &str, left: u32, right: u32, strand: SiteStrand) -> JunctionSites {
        let row = JunctionRow {
            primary_gene: None,
            secondary_genes: Vec::new(),
            contig: contig.to_owned(),
            left,
            right,
            strand,
            counts: vec![1],
        };
        let (annotation, transcripts) = models();
        let table = JunctionTable { samples: vec!["s".into()], rows: vec![row], sites: None };
        let options = CountOptions { compat: Compat::FeatureCounts21, ..CountOptions::default() };
        junction_sites(&table, &annotation, &transcripts, &options).remove(0)
    }

    fn nearest(sites: &JunctionSites, site: usize) -> Vec<(u32, &str)> {
        sites.nearest[site].iter().map(|boundary| (boundary.position, boundary.gene.as_str())).collect()
    }

    #[test]
    fn a_junction_is_known_where_one_transcript_has_both_sites() {
        let sites = sites_of("chr1", 200, 601, SiteStrand::Unknown);
        assert_eq!(sites.transcripts, ["F.1", "F.2"]);
        assert_eq!(sites.genes, [["F".into()], ["F".into()]]);
        assert_eq!((nearest(&sites, 0), nearest(&sites, 1)), (vec![(200, "F")], vec![(601, "F")]));
        assert_eq!(sites_of("chr1", 200, 301, SiteStrand::Forward).transcripts, ["F.1"]);
        // Both sites are boundaries, of different genes; and an exon's first base is nobody's last.
        assert!(!sites_of("chr1", 400, 521, SiteStrand::Unknown).is_known());
        assert!(!sites_of("chr1", 101, 601, SiteStrand::Unknown).is_known());
    }

    #[test]
    fn a_strand_that_is_told_leaves_genes_of_the_other_aside() {
        let either = sites_of("chr1", 490, 510, SiteStrand::Unknown);
        assert_eq!(either.genes[0], ["F".into(), "R".into()]);
        assert_eq!(nearest(&either, 0), [(480, "R")]);
        let forward = sites_of("chr1", 490, 510, SiteStrand::Forward);
        assert_eq!(forward.genes[0], ["F".into()]);
        assert_eq!((nearest(&forward, 0), nearest(&forward, 1)), (vec![(400, "F")], vec![(601, "F")]));
        let reverse = sites_of("chr1", 480, 521, SiteStrand::Reverse);
        assert_eq!(
            (reverse.transcripts.as_slice(), &reverse.genes[1]),
            (["R.1".to_owned()].as_slice(), &vec!["R".into()])
        );
        assert!(!sites_of("chr1", 480, 521, SiteStrand::Forward).is_known());
    }

    #[test]
    fn boundaries_equally_near_are_all_told_and_a_contig_without_genes_has_none() {
        let sites = sites_of("chr1", 500, 900, SiteStrand::Reverse);
        assert_eq!(nearest(&sites, 0), [(480, "R")]);
        let sites = sites_of("chr1", 250, 500, SiteStrand::Forward);
        assert_eq!(nearest(&sites, 0), [(200, "F")]);
        assert_eq!(nearest(&sites, 1), [(400, "F")]);
        let sites = sites_of("1", 541, 1_000, SiteStrand::Reverse);
        assert_eq!(nearest(&sites, 0), [(521, "R"), (561, "R")]);
        assert_eq!(sites_of("chr9", 250, 500, SiteStrand::Unknown), JunctionSites::default());
    }
}
