//! Genome builds that alkaline knows: their names and the lengths of their chromosomes.
//!
//! Lengths: Genome Reference Consortium assemblies GRCh38, GRCh37 and GRCm38 (public facts; the mitochondrial sequence
//! is left out because hg19 exists with two of them).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A genome build whose gene models are built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GenomeBuild {
    /// Human, GRCh38.
    Hg38,
    /// Human, GRCh37.
    Hg19,
    /// Mouse, GRCm38.
    Mm10,
}

/// A name that is no built-in annotation.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{0}` is no built-in annotation; there are hg38, hg19 and mm10")]
pub struct UnknownBuild(pub String);

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

impl GenomeBuild {
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

    /// The names of all builds, for messages.
    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    const fn lengths(self) -> &'static [u32] {
        match self {
            Self::Hg38 => &HG38,
            Self::Hg19 => &HG19,
            Self::Mm10 => &MM10,
        }
    }

    /// The chromosomes with their lengths: `1`, ..., `X`, `Y`.
    pub fn chromosomes(self) -> impl Iterator<Item = (String, u32)> {
        let number = self.lengths().len();
        self.lengths()
            .iter()
            .enumerate()
            .map(move |(place, &length)| (chromosome_name(place, number), length))
    }

    /// The chromosome of this build that is `length` bases long: `1`, ..., `X`, `Y`.
    pub fn chromosome_of_length(self, length: u32) -> Option<String> {
        self.chromosomes().find(|(_, known)| *known == length).map(|(name, _)| name)
    }

    /// The length of a chromosome of this build, called as in [`GenomeBuild::chromosomes`].
    pub fn length_of(self, chromosome: &str) -> Option<u32> {
        self.chromosomes().find(|(name, _)| name == chromosome).map(|(_, length)| length)
    }
}

/// The name of the chromosome at `place` of `number`.
fn chromosome_name(place: usize, number: usize) -> String {
    match number - place {
        1 => "Y".to_owned(),
        2 => "X".to_owned(),
        _ => (place + 1).to_string(),
    }
}

impl fmt::Display for GenomeBuild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for GenomeBuild {
    type Err = UnknownBuild;

    /// The UCSC name of a build, or the name that NCBI and Ensembl use, with or without its patch; upper and lower case
    /// alike.
    fn from_str(name: &str) -> Result<Self, UnknownBuild> {
        let lower = name.to_ascii_lowercase();
        let without_patch = match lower.split_once(".p") {
            Some((build, patch)) if patch.bytes().all(|byte| byte.is_ascii_digit()) => build,
            _ => &lower,
        };
        match without_patch {
            "hg38" | "grch38" => Ok(Self::Hg38),
            "hg19" | "grch37" => Ok(Self::Hg19),
            "mm10" | "grcm38" => Ok(Self::Mm10),
            _ => Err(UnknownBuild(name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_builds_share_a_length() {
        for build in GenomeBuild::ALL {
            for other in GenomeBuild::ALL {
                let shared = build.lengths().iter().any(|length| other.lengths().contains(length));
                assert_eq!(shared, build == other);
            }
        }
    }

    #[test]
    fn sex_chromosomes_stand_last() {
        assert_eq!(GenomeBuild::Mm10.chromosome_of_length(171_031_299).as_deref(), Some("X"));
        assert_eq!(GenomeBuild::Hg38.chromosome_of_length(57_227_415).as_deref(), Some("Y"));
        assert_eq!(GenomeBuild::Hg38.chromosome_of_length(50_818_468).as_deref(), Some("22"));
        assert_eq!(GenomeBuild::Hg19.length_of("X"), Some(155_270_560));
    }

    #[test]
    fn names_are_read_in_both_vocabularies() {
        assert_eq!("GRCh38".parse(), Ok(GenomeBuild::Hg38));
        assert_eq!("GRCh38.p14".parse(), Ok(GenomeBuild::Hg38));
        let error = "hg18".parse::<GenomeBuild>().unwrap_err();
        assert_eq!(error.to_string(), "`hg18` is no built-in annotation; there are hg38, hg19 and mm10");
        for build in GenomeBuild::ALL {
            assert_eq!(build.name().parse(), Ok(build));
        }
    }
}
