//! Finds the contig of the annotation that a contig of the alignments is: names differ more often than genomes do.

use std::collections::HashMap;

use alkaline_core::Annotation;
use alkaline_core::genome::Contig;

use crate::build::{Build, recognise_build};

/// Longest name that featureCounts tries with `chr` in front.
const COMPAT_PREFIXED_LENGTH: usize = 2;

/// Names of the mitochondrial sequence.
const MITOCHONDRIAL: [&str; 4] = ["MT", "M", "chrM", "chrMT"];

/// Looks contigs of alignments up in an annotation.
pub(crate) struct ContigMatcher<'a> {
    places: HashMap<&'a str, u32>,
    /// Name in the alignments -> name in the annotation.
    aliases: HashMap<&'a str, &'a str>,
    compat: bool,
}

impl<'a> ContigMatcher<'a> {
    pub fn new(annotation: &'a Annotation, aliases: &'a [(String, String)], compat: bool) -> Self {
        let places = annotation.contigs.iter().enumerate().map(|(place, name)| (name.as_str(), place as u32));
        let aliases =
            aliases.iter().map(|(annotation, alignments)| (alignments.as_str(), annotation.as_str()));
        Self { places: places.collect(), aliases: aliases.collect(), compat }
    }

    /// For each contig its place in the annotation, where it has one.
    pub fn match_all(&self, contigs: &[Contig]) -> Vec<Option<u32>> {
        let build = if self.compat { None } else { recognise_build(contigs) };
        contigs.iter().map(|contig| self.find(contig, build)).collect()
    }

    /// The place of one contig.
    pub fn find(&self, contig: &Contig, build: Option<Build>) -> Option<u32> {
        let name = contig.name.as_str();
        let known = |name: &str| self.places.get(name).copied();
        let alias = || self.aliases.get(name).and_then(|alias| known(alias));
        let stripped = || name.strip_prefix("chr").and_then(known);
        let prefixed = || {
            let may = !name.starts_with("chr") && (!self.compat || name.len() <= COMPAT_PREFIXED_LENGTH);
            may.then(|| known(&format!("chr{name}"))).flatten()
        };
        let found = known(name).or_else(alias).or_else(stripped).or_else(prefixed);
        if self.compat {
            return found;
        }
        let mitochondrial =
            || MITOCHONDRIAL.contains(&name).then(|| MITOCHONDRIAL.into_iter().find_map(known)).flatten();
        // The length says which chromosome of the build it is, whatever the name (RefSeq and GenBank accessions).
        let by_length = || {
            let chromosome = build?.chromosome_of_length(contig.length)?;
            known(&chromosome).or_else(|| known(&format!("chr{chromosome}")))
        };
        found.or_else(mitochondrial).or_else(by_length)
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::annotation::AnnotationSource;

    use super::*;

    fn annotation(names: &[&str]) -> Annotation {
        Annotation {
            source: AnnotationSource::default(),
            contigs: names.iter().map(|name| (*name).into()).collect(),
            genes: Vec::new(),
            exons: Vec::new(),
        }
    }

    fn places(names: &[&str], contigs: &[(&str, u32)], compat: bool) -> Vec<Option<u32>> {
        let contigs: Vec<Contig> =
            contigs.iter().map(|&(name, length)| Contig { name: name.into(), length }).collect();
        ContigMatcher::new(&annotation(names), &[], compat).match_all(&contigs)
    }

    #[test]
    fn prefixes_are_stripped_and_added() {
        let contigs = [("chr1", 9), ("X", 9), ("GL1", 9)];
        assert_eq!(places(&["1", "chrX", "chrGL1"], &contigs, false), [Some(0), Some(1), Some(2)]);
        assert_eq!(places(&["1", "chrX", "chrGL1"], &contigs, true), [Some(0), Some(1), None]);
    }

    #[test]
    fn the_mitochondrion_has_many_names_outside_featurecounts() {
        assert_eq!(places(&["MT"], &[("chrM", 16569)], false), [Some(0)]);
        assert_eq!(places(&["chrM"], &[("MT", 16569)], false), [Some(0)]);
        assert_eq!(places(&["chrM"], &[("MT", 16569)], true), [None]);
    }

    #[test]
    fn accessions_are_known_by_their_length() {
        let contigs = [("NC_000019.10", 58_617_616)];
        assert_eq!(places(&["chr1", "chr19"], &contigs, false), [Some(1)]);
    }
}
