//! Whether annotation and alignments are of one genome: what contigs they have in common, and how long these are.

use std::path::Path;

use alkaline_core::genome::Contig;
use alkaline_core::genome_builds::GenomeBuild;
use alkaline_core::genome_recognition::recognise_build;
use alkaline_core::words::listed_up_to;
use alkaline_core::{Annotation, Exon, contig_names};

use crate::contigs::ContigMatcher;
use crate::error::{ContigMismatch, CountError};
use crate::options::CountOptions;

/// Share of the genes on contigs that the alignments lack from which on it is told, in per cent.
const ABSENT_GENES: usize = 10;

/// Share of the alignments on contigs that the annotation lacks from which on it is told, in per cent.
const READS_ELSEWHERE: u64 = 5;

/// How many names are shown.
const NAMES_SHOWN: usize = 3;

/// What the contigs of a file of alignments have to do with an annotation.
pub struct GenomeFit<'a> {
    annotation: &'a Annotation,
    contigs: &'a [Contig],
    /// For each contig of the alignments its place in the annotation.
    targets: Vec<Option<u32>>,
}

/// Alignments on each contig (in the order of the header) that the annotation lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Elsewhere(Vec<u64>);

impl Elsewhere {
    /// One more alignment on contig number `contig`.
    #[inline]
    pub fn add(&mut self, contig: i32) {
        let contig = contig as usize;
        if contig >= self.0.len() {
            self.0.resize(contig + 1, 0);
        }
        self.0[contig] += 1;
    }

    /// Adds those of another thread.
    pub fn merge(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own += other);
    }
}

/// Why an annotation seems to be of another build than the alignments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildDoubt {
    /// What was found.
    pub evidence: String,
    /// The build that the lengths of the alignments' contigs tell.
    pub build: Option<GenomeBuild>,
    /// Whether all of it may be genes across the origin of circular genomes.
    pub may_be_circular: bool,
}

impl BuildDoubt {
    /// The doubt as a warning.
    pub fn in_words(&self) -> String {
        if self.may_be_circular {
            return format!(
                "{}: if the genome is circular, what lies beyond its origin is not counted (GFF3 says `Is_circular=true`, \
                 and is counted on both sides); else the annotation is of another genome build",
                self.evidence
            );
        }
        let advice = match self.build {
            Some(build) => format!("give an annotation of {}", build.description()),
            None => "give the annotation that belongs to the genome of the alignments".to_owned(),
        };
        format!("{}: it is of another genome build; {advice}", self.evidence)
    }
}

impl<'a> GenomeFit<'a> {
    /// Compares `annotation` with the `contigs` of alignments, whose names are matched as `options` say.
    pub fn new(annotation: &'a Annotation, contigs: &'a [Contig], options: &CountOptions) -> Self {
        let matcher = ContigMatcher::new(annotation, &options.contig_aliases, options.is_compat());
        Self { annotation, contigs, targets: matcher.match_all(contigs) }
    }

    /// Checks that there is a contig in common.
    ///
    /// # Errors
    /// [`CountError::NoCommonContig`] otherwise; `path` are the alignments.
    pub fn check(&self, path: &Path) -> Result<(), CountError> {
        if self.contigs.is_empty() || self.targets.iter().any(Option::is_some) {
            return Ok(());
        }
        Err(CountError::NoCommonContig(Box::new(ContigMismatch {
            path: path.to_owned(),
            alignment_contigs: self.contigs.iter().map(|contig| contig.name.to_string()).collect(),
            build: recognise_build(self.contigs),
            annotation: self.annotation.source.name.clone(),
            annotation_contigs: self.annotation.contigs.iter().map(ToString::to_string).collect(),
        })))
    }

    /// A warning that a good part of the genes lies on contigs that the alignments lack.
    pub fn warning(&self) -> Option<String> {
        let absent = self.absent_genes();
        let mut strangers: Vec<&Contig> = self.strangers().map(|(_, contig)| contig).collect();
        strangers.sort_by_key(|contig| std::cmp::Reverse(contig.length));
        let names = listed_up_to(NAMES_SHOWN, strangers.iter().map(|contig| contig.name.to_string()));
        let others = (!strangers.is_empty())
            .then(|| format!("the alignments have contigs that the annotation lacks ({names})"));
        self.join(
            absent.filter(|absent| absent.is_much).map(|absent| absent.words),
            others.filter(|_| true),
            false,
        )
    }

    /// As [`GenomeFit::warning`], when it is known how many of `total` alignments lie on contigs that the annotation lacks.
    pub(crate) fn warning_with_reads(&self, elsewhere: &Elsewhere, total: u64) -> Option<String> {
        let mut strangers: Vec<(u64, &Contig)> = self
            .strangers()
            .filter_map(|(place, contig)| Some((*elsewhere.0.get(place)?, contig)))
            .filter(|(reads, _)| *reads > 0)
            .collect();
        strangers.sort_by_key(|(reads, _)| std::cmp::Reverse(*reads));
        let reads: u64 = strangers.iter().map(|(reads, _)| reads).sum();
        let names = listed_up_to(
            NAMES_SHOWN,
            strangers.iter().map(|(reads, contig)| format!("{}: {reads}", contig.name)),
        );
        let others = (reads > 0).then(|| {
            format!("{reads} of {total} alignments lie on contigs that the annotation lacks ({names})")
        });
        let many_reads = 100 * reads >= READS_ELSEWHERE * total.max(1);
        let absent = self.absent_genes();
        let much = many_reads || absent.as_ref().is_some_and(|absent| absent.is_much);
        self.join(absent.filter(|_| much).map(|absent| absent.words), others.filter(|_| much), many_reads)
    }

    /// The parts of a warning in one; the second alone only if it suffices.
    fn join(&self, absent: Option<String>, others: Option<String>, others_suffice: bool) -> Option<String> {
        if absent.is_none() && !others_suffice {
            return None;
        }
        let parts: Vec<String> = absent.into_iter().chain(others).collect();
        (!parts.is_empty()).then(|| {
            format!(
                "{}; see that annotation and alignments are of one genome, or give a table of contig names with -A",
                parts.join("; ")
            )
        })
    }

    /// Contigs of the alignments that the annotation lacks, with their places.
    fn strangers(&self) -> impl Iterator<Item = (usize, &'a Contig)> {
        let contigs = self.contigs.iter().enumerate();
        contigs.zip(&self.targets).filter(|(_, target)| target.is_none()).map(|(contig, _)| contig)
    }

    /// Genes none of whose rows lies on a contig of the alignments.
    fn absent_genes(&self) -> Option<AbsentGenes> {
        let annotation = self.annotation;
        if self.contigs.is_empty() {
            return None;
        }
        let mut present = vec![false; annotation.contigs.len()];
        self.targets.iter().flatten().for_each(|&target| present[target as usize] = true);
        // The contig of a gene's last row, unless one of its rows lies on a contig that is there.
        let mut absent_on: Vec<Option<u32>> = vec![None; annotation.genes.len()];
        let mut is_there = vec![false; annotation.genes.len()];
        for exon in &annotation.exons {
            is_there[exon.gene as usize] |= present[exon.contig as usize];
            absent_on[exon.gene as usize] = Some(exon.contig);
        }
        let mut of_contig = vec![0_usize; annotation.contigs.len()];
        let absent = absent_on.iter().zip(&is_there).filter(|(_, is_there)| !**is_there);
        absent.filter_map(|(contig, _)| *contig).for_each(|contig| of_contig[contig as usize] += 1);
        let number: usize = of_contig.iter().sum();
        let mut contigs: Vec<(usize, &str)> = of_contig
            .iter()
            .zip(&annotation.contigs)
            .map(|(number, name)| (*number, name.as_str()))
            .collect();
        contigs.retain(|(number, _)| *number > 0);
        contigs.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        let genes = annotation.genes.len();
        let names = listed_up_to(NAMES_SHOWN, contigs.iter().map(|(_, name)| (*name).to_owned()));
        (number > 0).then(|| AbsentGenes {
            is_much: 100 * number >= ABSENT_GENES * genes,
            words: format!("{number} of {genes} genes lie on contigs that the alignments lack ({names})"),
        })
    }

    /// The doubt that the annotation is of another build than the alignments: a built-in one whose chromosomes have other
    /// lengths, or rows beyond the end of contigs.
    pub fn build_doubt(&self) -> Option<BuildDoubt> {
        let build = recognise_build(self.contigs);
        if let Some(evidence) = self.other_lengths() {
            return Some(BuildDoubt { evidence, build, may_be_circular: false });
        }
        let annotation = self.annotation;
        let mut length_of = vec![0; annotation.contigs.len()];
        for (contig, target) in self.contigs.iter().zip(&self.targets) {
            if let Some(target) = target {
                length_of[*target as usize] = contig.length;
            }
        }
        let is_beyond = |exon: &&Exon| (1..exon.span.end()).contains(&length_of[exon.contig as usize]);
        let beyond: Vec<&Exon> = annotation.exons.iter().filter(is_beyond).collect();
        let first = beyond.first()?;
        let length = length_of[first.contig as usize];
        let name = &annotation.contigs[first.contig as usize];
        let evidence = format!(
            "{} rows of the annotation lie beyond the end of their contig, the first of them at {name}:{} where the \
             alignments' contig has {length} bases",
            beyond.len(),
            first.span.end(),
        );
        Some(BuildDoubt { evidence, build, may_be_circular: may_be_circular(&beyond, &length_of) })
    }

    /// A chromosome of a built-in annotation that has another length in the alignments.
    fn other_lengths(&self) -> Option<String> {
        let source = &self.annotation.source;
        source.version.as_ref()?;
        let build: GenomeBuild = source.name.parse().ok()?;
        self.contigs.iter().zip(&self.targets).find_map(|(contig, target)| {
            let name = &self.annotation.contigs[(*target)? as usize];
            let expected = build.length_of(&contig_names::bare_chromosome(name.as_str())?)?;
            (expected != contig.length).then(|| {
                format!(
                    "{name} of {} has {expected} bases, the alignments' {} has {}",
                    build.description(),
                    contig.name,
                    contig.length
                )
            })
        })
    }
}

/// Genes on contigs that the alignments lack.
struct AbsentGenes {
    is_much: bool,
    words: String,
}

/// Whether rows beyond the ends of contigs may be genes across origins: one gene a contig, and it begins before the end.
fn may_be_circular(beyond: &[&Exon], length_of: &[u32]) -> bool {
    beyond.iter().all(|row| {
        row.span.start() <= length_of[row.contig as usize]
            && beyond.iter().all(|other| other.contig != row.contig || other.gene == row.gene)
    })
}

#[cfg(test)]
mod tests {
    use alkaline_core::Gene;
    use alkaline_core::annotation::AnnotationSource;
    use alkaline_core::genome::{Span, Strand};

    use super::*;

    /// One gene of ten bases for each contig, which may repeat.
    fn annotation(contigs: &[&str]) -> Annotation {
        let mut names: Vec<&str> = contigs.to_vec();
        names.dedup();
        let exon = |(gene, name): (usize, &&str)| Exon {
            contig: names.iter().position(|known| known == name).unwrap() as u32,
            span: Span::new(100 * gene as u32 + 91, 100 * gene as u32 + 100).unwrap(),
            strand: Strand::Forward,
            gene: gene as u32,
        };
        let gene = |place: usize| Gene { id: format!("g{place}").as_str().into(), name: None, biotype: None };
        Annotation {
            source: AnnotationSource::default(),
            contigs: names.iter().map(|name| (*name).into()).collect(),
            genes: (0..contigs.len()).map(gene).collect(),
            exons: contigs.iter().enumerate().map(exon).collect(),
        }
    }

    fn contigs(names: &[(&str, u32)]) -> Vec<Contig> {
        names.iter().map(|&(name, length)| Contig { name: name.into(), length }).collect()
    }

    fn fit<'a>(annotation: &'a Annotation, contigs: &'a [Contig]) -> GenomeFit<'a> {
        GenomeFit::new(annotation, contigs, &CountOptions::default())
    }

    #[test]
    fn genes_on_contigs_that_the_alignments_lack_are_told() {
        let genes = annotation(&["chr1", "chr1", "chrZ", "chrZ"]);
        let found = contigs(&[("chr1", 1000), ("chrQ", 500), ("chrR", 700)]);
        let warning = fit(&genes, &found).warning().unwrap();
        assert!(warning.contains("2 of 4 genes lie on contigs that the alignments lack (chrZ)"), "{warning}");
        assert!(warning.contains("contigs that the annotation lacks (chrR, chrQ)"), "{warning}");
        assert_eq!(fit(&genes, &contigs(&[("chr1", 1000), ("chrZ", 1000), ("chrQ", 9)])).warning(), None);
    }

    #[test]
    fn alignments_on_contigs_that_the_annotation_lacks_are_told() {
        let genes = annotation(&["chr1", "chr1"]);
        let found = contigs(&[("chrQ", 500), ("chr1", 1000), ("chrR", 5)]);
        let mut elsewhere = Elsewhere::default();
        (0..20).for_each(|_| elsewhere.add(2));
        elsewhere.add(0);
        let warning = fit(&genes, &found).warning_with_reads(&elsewhere, 200).unwrap();
        assert!(warning.starts_with(
            "21 of 200 alignments lie on contigs that the annotation lacks (chrR: 20, chrQ: 1)"
        ));
        assert_eq!(fit(&genes, &found).warning_with_reads(&elsewhere, 2000), None);
    }

    #[test]
    fn a_few_genes_on_patches_are_no_matter() {
        let names: Vec<&str> = (0..19).map(|_| "chr1").chain(["KI1.1"]).collect();
        assert_eq!(fit(&annotation(&names), &contigs(&[("chr1", 9000)])).warning(), None);
    }

    #[test]
    fn rows_beyond_the_end_speak_of_another_build_unless_they_may_be_one_gene_across_an_origin() {
        let doubt = |names: &[&str], length| {
            let annotation = annotation(names);
            let contigs = contigs(&[("c", length)]);
            fit(&annotation, &contigs).build_doubt()
        };
        assert_eq!(doubt(&["c", "c"], 200), None);
        let origin = doubt(&["c", "c"], 195).unwrap();
        assert!(origin.may_be_circular && !origin.in_words().contains("it is of another genome build"));
        let other = doubt(&["c", "c", "c"], 195).unwrap();
        assert!(other.in_words().contains("it is of another genome build"), "{}", other.in_words());
    }

    #[test]
    fn a_built_in_annotation_knows_the_lengths_of_its_chromosomes() {
        let mut hg38 = annotation(&["chr1"]);
        hg38.source = AnnotationSource { name: "hg38".into(), version: Some("1".into()) };
        let contigs = contigs(&[("1", 248_387_328)]);
        let doubt = fit(&hg38, &contigs).build_doubt().unwrap();
        assert!(
            doubt.evidence.contains("chr1 of human GRCh38 (hg38) has 248956422 bases"),
            "{}",
            doubt.evidence
        );
    }
}
