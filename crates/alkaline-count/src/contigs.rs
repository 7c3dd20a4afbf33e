//! Finds the contig of the annotation that a contig of the alignments is: names differ more often than genomes do.

use std::collections::{HashMap, HashSet};

use alkaline_core::Annotation;
use alkaline_core::contig_names::{Sequence, bare_chromosome, common_form, is_mitochondrial};
use alkaline_core::genome::Contig;
use alkaline_core::genome_builds::GenomeBuild;
use alkaline_core::genome_recognition::recognise_build;

/// Longest name that featureCounts tries with `chr` in front.
const COMPAT_PREFIXED_LENGTH: usize = 2;

/// Looks contigs of alignments up in an annotation.
pub(crate) struct ContigMatcher<'a> {
    annotation: &'a Annotation,
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
        Self { annotation, places: places.collect(), aliases: aliases.collect(), compat }
    }

    /// For each contig its place in the annotation, where it has one.
    ///
    /// What names alone tell goes first; a contig of the annotation that is found so is nobody else's.
    pub fn match_all(&self, contigs: &[Contig]) -> Vec<Option<u32>> {
        let mut found: Vec<Option<u32>> =
            contigs.iter().map(|contig| self.find(contig.name.as_str())).collect();
        if self.compat || found.iter().all(Option::is_some) {
            return found;
        }
        let mut taken: HashSet<u32> = found.iter().flatten().copied().collect();
        let other_names = OtherNames::new(self.annotation);
        let build = recognise_build(contigs);
        for (contig, place) in contigs.iter().zip(&mut found) {
            if place.is_none() {
                *place = other_names.find(contig, build).filter(|place| taken.insert(*place));
            }
        }
        found
    }

    /// The place of a contig of this name, its alias, or its name with or without `chr`.
    fn find(&self, name: &str) -> Option<u32> {
        let known = |name: &str| self.places.get(name).copied();
        let alias = || self.aliases.get(name).and_then(|alias| known(alias));
        let stripped = || name.strip_prefix("chr").and_then(known);
        let prefixed = || {
            let may = !name.starts_with("chr") && (!self.compat || name.len() <= COMPAT_PREFIXED_LENGTH);
            may.then(|| known(&format!("chr{name}"))).flatten()
        };
        known(name).or_else(alias).or_else(stripped).or_else(prefixed)
    }
}

/// What else the contigs of an annotation may be called.
struct OtherNames {
    mitochondrion: Option<u32>,
    /// Chromosomes by their plain name.
    chromosomes: HashMap<String, u32>,
    /// Chromosomes by their accession.
    sequences: HashMap<Sequence, u32>,
    common: HashMap<String, u32>,
    /// The build of a built-in annotation.
    build: Option<GenomeBuild>,
}

impl OtherNames {
    fn new(annotation: &Annotation) -> Self {
        let names = || (0..).zip(annotation.contigs.iter().map(|name| name.as_str()));
        let reversed = || names().collect::<Vec<(u32, &str)>>().into_iter().rev();
        // Of several contigs that share a name the first keeps it.
        Self {
            mitochondrion: names().find(|(_, name)| is_mitochondrial(name)).map(|(place, _)| place),
            chromosomes: reversed()
                .filter_map(|(place, name)| Some((bare_chromosome(name)?, place)))
                .collect(),
            sequences: reversed()
                .filter_map(|(place, name)| Some((Sequence::of_accession(name)?, place)))
                .collect(),
            common: reversed().map(|(place, name)| (common_form(name), place)).collect(),
            build: annotation.source.version.as_ref().and(annotation.source.name.parse().ok()),
        }
    }

    /// The place of `contig` of alignments that are of `build`.
    fn find(&self, contig: &Contig, build: Option<GenomeBuild>) -> Option<u32> {
        let name = contig.name.as_str();
        if is_mitochondrial(name) {
            return self.mitochondrion;
        }
        // The length says which chromosome of the build it is, whatever the name.
        let by_length = || {
            let build = build?;
            let chromosome = build.chromosome_of_length(contig.length)?;
            Some(Sequence { build, chromosome })
        };
        let sequence = Sequence::of_accession(name).or_else(by_length);
        let known = sequence.and_then(|sequence| {
            let of_this_build = self.build.is_none_or(|build| build == sequence.build);
            let plain = || self.chromosomes.get(&sequence.chromosome).filter(|_| of_this_build);
            self.sequences.get(&sequence).or_else(plain).copied()
        });
        known.or_else(|| self.common.get(&common_form(name)).copied())
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
        let names = ["MT", "chrM", "NC_012920.1", "mitochondrion_genome", "MtDNA", "Mito"];
        for one in names {
            for other in names {
                assert_eq!(places(&[one], &[(other, 16569)], false), [Some(0)], "{one} {other}");
            }
        }
        assert_eq!(places(&["chrM"], &[("MT", 16569)], true), [None]);
    }

    #[test]
    fn of_two_mitochondria_the_one_of_the_annotation_s_name_is_meant() {
        // UCSC's hg19 has an old one beside the one of GRCh37.
        assert_eq!(places(&["chrM"], &[("MT", 16569), ("chrM", 16571)], false), [None, Some(0)]);
    }

    #[test]
    fn accessions_are_known_by_their_length() {
        let contigs = [("NC_000019.10", 58_617_616)];
        assert_eq!(places(&["chr1", "chr19"], &contigs, false), [Some(1)]);
        assert_eq!(places(&["1", "19"], &contigs, false), [Some(1)]);
        assert_eq!(places(&["chr1", "chr19"], &contigs, true), [None]);
    }

    #[test]
    fn accessions_are_known_by_themselves_on_either_side() {
        assert_eq!(places(&["chr1", "chr19"], &[("NC_000019.10", 5)], false), [Some(1)]);
        let refseq = ["NC_000001.11", "NC_000019.10", "NC_012920.1"];
        let ucsc = [("chr19", 58_617_616), ("chrM", 16_569), ("chr1", 248_956_422)];
        assert_eq!(places(&refseq, &ucsc, false), [Some(1), Some(2), Some(0)]);
        assert_eq!(places(&refseq, &[("CM000663.2", 5)], false), [Some(0)]);
        // Alignments to hg19 are not counted on RefSeq's GRCh38.
        assert_eq!(places(&refseq, &[("chr19", 59_128_983)], false), [None]);
    }

    #[test]
    fn unplaced_contigs_of_ucsc_are_the_accessions_in_their_names() {
        let contigs = [("chr1_KI270706v1_random", 9), ("Chr2", 9)];
        assert_eq!(places(&["KI270706.1", "2"], &contigs, false), [Some(0), Some(1)]);
    }

    #[test]
    fn a_built_in_annotation_of_another_build_has_no_chromosome_in_common() {
        let mut hg38 = annotation(&["chr19"]);
        hg38.source = AnnotationSource { name: "hg38".into(), version: Some("1".into()) };
        let find = |name: &str| {
            ContigMatcher::new(&hg38, &[], false).match_all(&[Contig { name: name.into(), length: 5 }])
        };
        assert_eq!((find("NC_000019.10"), find("NC_000019.9")), (vec![Some(0)], vec![None]));
    }
}
