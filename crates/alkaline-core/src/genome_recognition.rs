//! Which genome build contigs belong to.

use crate::contig_names::{Sequence, bare_chromosome};
use crate::genome::Contig;
use crate::genome_builds::GenomeBuild;

/// The builds whose chromosomes are among `contigs`, told by length, whatever their names.
///
/// One chromosome is enough: no two builds share the length of one. Usually it is one build; none for another organism;
/// several when genomes were indexed together (a xenograft).
pub fn recognise_builds(contigs: &[Contig]) -> Vec<GenomeBuild> {
    let has = |build: &GenomeBuild| contigs.iter().any(|contig| owns(*build, contig));
    GenomeBuild::ALL.into_iter().filter(has).collect()
}

/// The one build that `contigs` belong to; `None` when no or several builds fit.
pub fn recognise_build(contigs: &[Contig]) -> Option<GenomeBuild> {
    match recognise_builds(contigs)[..] {
        [build] => Some(build),
        _ => None,
    }
}

/// Whether `contig` has the length of a chromosome of `build`, and no name that says that it is another.
fn owns(build: GenomeBuild, contig: &Contig) -> bool {
    build.chromosome_of_length(contig.length).is_some_and(|chromosome| {
        let name = contig.name.as_str();
        let told =
            Sequence::of_accession(name).map(|known| known.chromosome).or_else(|| bare_chromosome(name));
        told.is_none_or(|told| told == chromosome)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contig(name: &str, length: u32) -> Contig {
        Contig { name: name.into(), length }
    }

    #[test]
    fn one_chromosome_tells_the_build_whatever_its_name() {
        assert_eq!(recognise_build(&[contig("19", 59_128_983)]), Some(GenomeBuild::Hg19));
        assert_eq!(recognise_build(&[contig("chr19", 58_617_616)]), Some(GenomeBuild::Hg38));
        assert_eq!(recognise_build(&[contig("NC_000019.10", 58_617_616)]), Some(GenomeBuild::Hg38));
        assert_eq!(recognise_build(&[contig("GRCh38_chr19", 58_617_616)]), Some(GenomeBuild::Hg38));
        assert_eq!(recognise_build(&[contig("chrX", 171_031_299)]), Some(GenomeBuild::Mm10));
        assert_eq!(recognise_build(&[contig("chr18", 58_617_616)]), None);
        assert_eq!(recognise_build(&[contig("MT", 16_569)]), None);
    }

    #[test]
    fn genomes_indexed_together_are_all_recognised() {
        let contigs = [contig("hg38_chr19", 58_617_616), contig("mm10_chr19", 61_431_566)];
        assert_eq!(recognise_builds(&contigs), [GenomeBuild::Hg38, GenomeBuild::Mm10]);
        assert_eq!(recognise_build(&contigs), None);
    }
}
