//! Other genes on the exons of a gene: reads there belong to both, and are counted for neither unless that was asked for.

use std::collections::HashMap;

use alkaline_core::annotation::GeneLocus;
use alkaline_count::{CountOptions, OverlapRule};

use super::genes::{Genes, Values};

/// How many other genes are named.
const NAMED: usize = 3;

/// Exons on one strand of a contig: first and last base.
type Exons = Vec<(u64, u64)>;

/// What a reader should know of the genes that share exonic bases with `gene`; empty where none does, or places are not known.
pub(super) fn in_words(gene: usize, genes: &Genes, options: &CountOptions) -> String {
    let Values::Counts(table) = &genes.values else { return String::new() };
    let Some(loci) = &table.facts.loci else { return String::new() };
    let own = exons(&loci[gene]);
    let bases: u64 = own.values().flatten().map(|(first, last)| last - first + 1).sum();
    if bases == 0 {
        return String::new();
    }
    let mut shared: Vec<(u64, bool, usize)> = Vec::new();
    for (other, locus) in loci.values().iter().enumerate().filter(|(other, _)| *other != gene) {
        if !may_share(&own, locus) {
            continue;
        }
        let theirs = exons(locus);
        for is_same in [true, false] {
            let common = common(&own, &theirs, is_same);
            shared.extend((common > 0).then_some((common, is_same, other)));
        }
    }
    if shared.is_empty() {
        return String::new();
    }
    shared.sort_by(|a, b| b.cmp(a));
    let parts = shared.iter().take(NAMED).map(|(common, is_same, other)| {
        let percent = 100.0 * *common as f64 / bases as f64;
        let strand = if *is_same { "the same strand" } else { "the other strand" };
        format!("{percent:.0} % with {} on {strand}", genes.named(*other))
    });
    let rule = match options.overlap {
        OverlapRule { allow_multiple: true, .. } => "reads there are counted for both",
        OverlapRule { largest: true, .. } => "reads there are counted for the one that they overlap more",
        _ => "reads there are ambiguous, and counted for neither; only stranded libraries tell strands apart",
    };
    format!("shares exonic bases: {}; {rule}", parts.collect::<Vec<_>>().join(", "))
}

/// Whether a gene may lie on one of the contigs of `own`; quick, since a table has tens of thousands.
fn may_share(own: &HashMap<(&str, &str), Exons>, locus: &GeneLocus) -> bool {
    own.keys().any(|(contig, _)| locus.chr.contains(contig))
}

/// The exons of a gene by contig and strand, in order and without overlaps.
fn exons(locus: &GeneLocus) -> HashMap<(&str, &str), Exons> {
    let mut exons: HashMap<(&str, &str), Exons> = HashMap::new();
    let places = locus
        .chr
        .split(';')
        .zip(locus.start.split(';'))
        .zip(locus.end.split(';').zip(locus.strand.split(';')));
    for ((contig, first), (last, strand)) in places {
        if let (Ok(first), Ok(last)) = (first.parse(), last.parse()) {
            exons.entry((contig, strand)).or_default().push((first, last));
        }
    }
    exons.values_mut().for_each(merge);
    exons
}

/// Joins intervals that overlap.
fn merge(exons: &mut Exons) {
    exons.sort_unstable();
    let mut joined: Exons = Vec::with_capacity(exons.len());
    for (first, last) in exons.drain(..) {
        match joined.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    *exons = joined;
}

/// How many bases of `own` are those of `theirs`, on the same strand or on the other.
fn common(own: &HashMap<(&str, &str), Exons>, theirs: &HashMap<(&str, &str), Exons>, is_same: bool) -> u64 {
    let pairs = own.iter().flat_map(|(place, exons)| theirs.iter().map(move |other| (place, exons, other)));
    let meant = pairs.filter(|((contig, strand), _, ((other, their_strand), _))| {
        contig == other && (strand == their_strand) == is_same
    });
    meant.map(|(_, exons, (_, others))| overlap(exons, others)).sum()
}

/// Bases that two lists of intervals have in common; both in order.
fn overlap(a: &Exons, b: &Exons) -> u64 {
    let (mut i, mut j, mut bases) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        bases += (x.1.min(y.1) + 1).saturating_sub(x.0.max(y.0));
        if x.1 < y.1 { i += 1 } else { j += 1 }
    }
    bases
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locus(chr: &str, start: &str, end: &str, strand: &str) -> GeneLocus {
        GeneLocus { chr: chr.into(), start: start.into(), end: end.into(), strand: strand.into(), length: 0 }
    }

    #[test]
    fn shared_bases_are_counted_once_and_by_strand() {
        let own = locus("chr1;chr1;chr1", "1;5;100", "10;20;109", "+;+;+");
        let other = locus("chr1;chr1;chr2", "15;105;1", "30;200;50", "+;-;+");
        let (own, other) = (exons(&own), exons(&other));
        assert_eq!(common(&own, &other, true), 6);
        assert_eq!(common(&own, &other, false), 5);
        assert_eq!(common(&own, &own, true), 30);
    }
}
