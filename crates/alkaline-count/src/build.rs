//! Which genome build reads were aligned to, told by the lengths of the contigs.
//!
//! Lengths: Genome Reference Consortium assemblies GRCh38, GRCh37 and GRCm38 (public facts; the mitochondrial sequence
//! is left out because hg19 exists with two of them).

use alkaline_core::genome::Contig;
use serde::{Deserialize, Serialize};

/// A genome build that alkaline has a built-in annotation for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Build {
    /// Human, GRCh38.
    Hg38,
    /// Human, GRCh37.
    Hg19,
    /// Mouse, GRCm38.
    Mm10,
}

/// Chromosome lengths in bases, in the order 1, 2, ..., X, Y.
const HG38: [u32; 24] = [
    248_956_422,
    242_193_529,
    198_295_559,
    190_214_555,
    181_538_259,
    170_805_979,
    159_345_973,
    145_138_636,
    138_394_717,
    133_797_422,
    135_086_622,
    133_275_309,
    114_364_328,
    107_043_718,
    101_991_189,
    90_338_345,
    83_257_441,
    80_373_285,
    58_617_616,
    64_444_167,
    46_709_983,
    50_818_468,
    156_040_895,
    57_227_415,
];
const HG19: [u32; 24] = [
    249_250_621,
    243_199_373,
    198_022_430,
    191_154_276,
    180_915_260,
    171_115_067,
    159_138_663,
    146_364_022,
    141_213_431,
    135_534_747,
    135_006_516,
    133_851_895,
    115_169_878,
    107_349_540,
    102_531_392,
    90_354_753,
    81_195_210,
    78_077_248,
    59_128_983,
    63_025_520,
    48_129_895,
    51_304_566,
    155_270_560,
    59_373_566,
];
const MM10: [u32; 21] = [
    195_471_971,
    182_113_224,
    160_039_680,
    156_508_116,
    151_834_684,
    149_736_546,
    145_441_459,
    129_401_213,
    124_595_110,
    130_694_993,
    122_082_543,
    120_129_022,
    120_421_639,
    124_902_244,
    104_043_685,
    98_207_768,
    94_987_271,
    90_702_639,
    61_431_566,
    171_031_299,
    91_744_698,
];

impl Build {
    /// All builds.
    pub const ALL: [Self; 3] = [Self::Hg38, Self::Hg19, Self::Mm10];

    /// The name of the built-in annotation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hg38 => "hg38",
            Self::Hg19 => "hg19",
            Self::Mm10 => "mm10",
        }
    }

    /// The build in words.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Hg38 => "human GRCh38 (hg38)",
            Self::Hg19 => "human GRCh37 (hg19)",
            Self::Mm10 => "mouse GRCm38 (mm10)",
        }
    }

    const fn lengths(self) -> &'static [u32] {
        match self {
            Self::Hg38 => &HG38,
            Self::Hg19 => &HG19,
            Self::Mm10 => &MM10,
        }
    }

    /// The chromosome of this build that is `length` bases long: `1`, ..., `X`, `Y`.
    pub fn chromosome_of_length(self, length: u32) -> Option<String> {
        let lengths = self.lengths();
        let place = lengths.iter().position(|known| *known == length)?;
        Some(match lengths.len() - place {
            1 => "Y".to_owned(),
            2 => "X".to_owned(),
            _ => (place + 1).to_string(),
        })
    }

    /// The name and the length that fit: `chr7`, `7` or a RefSeq accession with that chromosome's length.
    fn owns(self, contig: &Contig) -> bool {
        self.chromosome_of_length(contig.length).is_some_and(|chromosome| {
            let name = contig.name.as_str();
            let bare = name.strip_prefix("chr").unwrap_or(name);
            bare == chromosome || name.starts_with("NC_") || name.starts_with("CM")
        })
    }
}

/// The build whose chromosomes are among `contigs`, told by name and length; `None` when no or several builds fit.
///
/// One chromosome is enough: no two builds share the length of one.
pub fn recognise_build(contigs: &[Contig]) -> Option<Build> {
    let mut fitting = Build::ALL.into_iter().filter(|build| contigs.iter().any(|contig| build.owns(contig)));
    match (fitting.next(), fitting.next()) {
        (Some(build), None) => Some(build),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contig(name: &str, length: u32) -> Contig {
        Contig { name: name.into(), length }
    }

    #[test]
    fn one_chromosome_tells_the_build_whatever_its_prefix() {
        assert_eq!(recognise_build(&[contig("19", 59_128_983)]), Some(Build::Hg19));
        assert_eq!(recognise_build(&[contig("chr19", 58_617_616)]), Some(Build::Hg38));
        assert_eq!(recognise_build(&[contig("chrX", 171_031_299)]), Some(Build::Mm10));
        assert_eq!(recognise_build(&[contig("chr18", 58_617_616)]), None);
    }

    #[test]
    fn no_two_builds_share_a_length() {
        for build in Build::ALL {
            for other in Build::ALL {
                let shared = build.lengths().iter().any(|length| other.lengths().contains(length));
                assert_eq!(shared, build == other);
            }
        }
    }

    #[test]
    fn sex_chromosomes_stand_last() {
        assert_eq!(Build::Mm10.chromosome_of_length(171_031_299).as_deref(), Some("X"));
        assert_eq!(Build::Hg38.chromosome_of_length(57_227_415).as_deref(), Some("Y"));
        assert_eq!(Build::Hg38.chromosome_of_length(50_818_468).as_deref(), Some("22"));
    }
}
