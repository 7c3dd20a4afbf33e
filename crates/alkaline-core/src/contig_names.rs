//! What contigs are called: prefixes, the mitochondrion's many names, accessions of RefSeq and GenBank.
//!
//! Accessions: the assembly reports of GRCh37, GRCh38 and GRCm38, and RefSeq's mitochondrial genomes (public facts).

use crate::genome_builds::GenomeBuild;

/// Names of the mitochondrial sequence, without prefix, in lower case: UCSC, Ensembl, FlyBase, WormBase, SGD, TAIR, PomBase.
const MITOCHONDRIAL: [&str; 11] = [
    "m",
    "mt",
    "mito",
    "mtdna",
    "mt_dna",
    "mtgenome",
    "mitochondria",
    "mitochondrial",
    "mitochondrion",
    "mitochondrion_genome",
    "dmel_mitochondrion_genome",
];

/// Accessions of mitochondrial genomes, without their version.
const MITOCHONDRIAL_ACCESSIONS: [&str; 24] = [
    "NC_012920", // human
    "J01415",
    "NC_001807", // human, the one of UCSC's hg19
    "NC_005089", // mouse
    "AY172335",
    "NC_001665", // rat
    "AY172581",
    "NC_002333", // zebrafish
    "NC_024511", // fruit fly
    "NC_001709",
    "KJ947872",
    "NC_001328", // C. elegans
    "X54252",
    "NC_001224", // yeast
    "KP263414",
    "NC_001326", // S. pombe
    "NC_037304", // Arabidopsis
    "NC_001284",
    "NC_040902", // chicken
    "NC_053523",
    "NC_006853", // cow
    "NC_000845", // pig
    "NC_002008", // dog
    "NC_005943", // rhesus macaque
];

/// Whether a contig of this name is a mitochondrial genome.
pub fn is_mitochondrial(name: &str) -> bool {
    let name = accession_within(name);
    if MITOCHONDRIAL_ACCESSIONS.contains(&unversioned(name)) {
        return true;
    }
    let lower = name.to_ascii_lowercase();
    MITOCHONDRIAL.contains(&without_prefix(&lower))
}

/// A chromosome of a known build.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sequence {
    /// The build.
    pub build: GenomeBuild,
    /// The chromosome: `1`, ..., `X`, `Y`.
    pub chromosome: String,
}

/// Versions of the RefSeq accessions of human chromosomes in GRCh37; those of GRCh38 are one higher.
const HG19_VERSIONS: [u32; 24] =
    [10, 11, 11, 11, 9, 11, 13, 10, 11, 10, 9, 11, 10, 8, 9, 9, 10, 9, 9, 10, 8, 10, 10, 9];

impl Sequence {
    /// The chromosome that an accession of RefSeq (`NC_000001.11`) or GenBank (`CM000663.2`) names.
    pub fn of_accession(name: &str) -> Option<Self> {
        let (accession, version) = accession_within(name).split_once('.')?;
        let version: u32 = version.parse().ok()?;
        let number = |prefix: &str| accession.strip_prefix(prefix)?.parse::<u32>().ok();
        let of = |build: GenomeBuild, place: u32| {
            let (chromosome, _) = build.chromosomes().nth(place as usize)?;
            Some(Self { build, chromosome })
        };
        match (number("NC_"), number("CM")) {
            (Some(human @ 1..=24), _) => {
                let place = human - 1;
                match version.checked_sub(HG19_VERSIONS[place as usize])? {
                    0 => of(GenomeBuild::Hg19, place),
                    1 => of(GenomeBuild::Hg38, place),
                    _ => None,
                }
            }
            // Chromosomes 1 to 19, then the sex chromosomes, whose versions are one higher.
            (Some(mouse @ 67..=87), _) if version == if mouse > 85 { 7 } else { 6 } => {
                of(GenomeBuild::Mm10, mouse - 67)
            }
            (_, Some(human @ 663..=686)) if version == 1 => of(GenomeBuild::Hg19, human - 663),
            (_, Some(human @ 663..=686)) if version == 2 => of(GenomeBuild::Hg38, human - 663),
            (_, Some(mouse @ 994..=1014)) if version == 2 => of(GenomeBuild::Mm10, mouse - 994),
            _ => None,
        }
    }
}

/// The chromosome that a plain name says: `chr7`, `7`, `Chr07` and `chromosome_7` are `7`; `None` for other names.
pub fn bare_chromosome(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let bare = without_prefix(&lower);
    let is_number = !bare.is_empty() && bare.len() <= 2 && bare.bytes().all(|byte| byte.is_ascii_digit());
    match bare {
        "x" | "y" => Some(bare.to_ascii_uppercase()),
        _ if is_number => Some(bare.trim_start_matches('0').to_owned()).filter(|bare| !bare.is_empty()),
        _ => None,
    }
}

/// A form that different spellings of one contig share: lower case, without prefix, UCSC's names of unplaced contigs as
/// the accessions in them (`chr1_KI270706v1_random` is `ki270706.1`).
pub fn common_form(name: &str) -> String {
    let lower = accession_within(name).to_ascii_lowercase();
    let bare = without_prefix(&lower);
    let of_ucsc = bare.split('_').find_map(|part| {
        let (accession, version) = part.rsplit_once('v')?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let digits = accession.trim_start_matches(|letter: char| letter.is_ascii_lowercase());
        let is_accession = digits.len() >= 5 && digits.len() < accession.len() && is_number(digits);
        (is_accession && is_number(version)).then(|| format!("{accession}.{version}"))
    });
    of_ucsc.filter(|_| lower.starts_with("chr")).unwrap_or_else(|| bare.to_owned())
}

/// The accession in a name of NCBI's old kind, `gi|568815597|ref|NC_000001.11|`; other names as they are.
fn accession_within(name: &str) -> &str {
    if !name.contains('|') {
        return name;
    }
    name.split('|').rfind(|part| part.len() > 3).unwrap_or(name)
}

fn unversioned(accession: &str) -> &str {
    accession.split_once('.').map_or(accession, |(accession, _)| accession)
}

/// A lower-case name without `chr` or `chromosome`.
fn without_prefix(lower: &str) -> &str {
    let bare = lower.strip_prefix("chromosome").or_else(|| lower.strip_prefix("chr")).unwrap_or(lower);
    let bare = bare.trim_start_matches(['_', '-', ' ', '.']);
    if bare.is_empty() { lower } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_name_of_a_mitochondrion_is_known() {
        for name in [
            "chrM",
            "MT",
            "M",
            "chrMT",
            "Mt",
            "Mito",
            "MtDNA",
            "mitochondrion_genome",
            "NC_012920.1",
            "chrMito",
            "ChrM",
            "mitochondrion",
            "NC_001224.1",
            "gi|251831106|ref|NC_012920.1|",
            "NC_005089",
            "chrmt",
        ] {
            assert!(is_mitochondrial(name), "{name}");
        }
        for name in ["chr1", "1", "Pt", "MU069434.1", "chrUn_M1", "NC_000012.12", "chr", "X"] {
            assert!(!is_mitochondrial(name), "{name}");
        }
    }

    #[test]
    fn accessions_name_chromosomes_of_builds() {
        for (name, build, chromosome) in [
            ("NC_000001.11", GenomeBuild::Hg38, "1"),
            ("NC_000001.10", GenomeBuild::Hg19, "1"),
            ("NC_000023.11", GenomeBuild::Hg38, "X"),
            ("NC_000007.13", GenomeBuild::Hg19, "7"),
            ("gi|568815597|ref|NC_000007.14|", GenomeBuild::Hg38, "7"),
            ("NC_000067.6", GenomeBuild::Mm10, "1"),
            ("NC_000086.7", GenomeBuild::Mm10, "X"),
            ("CM000663.2", GenomeBuild::Hg38, "1"),
            ("CM000686.1", GenomeBuild::Hg19, "Y"),
            ("CM000994.2", GenomeBuild::Mm10, "1"),
        ] {
            let chromosome = chromosome.to_owned();
            assert_eq!(Sequence::of_accession(name), Some(Sequence { build, chromosome }), "{name}");
        }
        for name in
            ["NC_000001.9", "NC_000067.7", "NC_012920.1", "NC_000001", "chr1", "CM000663.9", "NC_000000.1"]
        {
            assert_eq!(Sequence::of_accession(name), None, "{name}");
        }
    }

    #[test]
    fn spellings_of_one_contig_have_one_form() {
        for (one, other) in [
            ("chr1_KI270706v1_random", "KI270706.1"),
            ("Chr1", "1"),
            ("chrUn_GL000220v1", "GL000220.1"),
            ("CHRX", "X"),
        ] {
            assert_eq!(common_form(one), common_form(other));
        }
        assert_ne!(common_form("chr1"), common_form("chr1_KI270706v1_random"));
        assert_eq!(bare_chromosome("Chr07").as_deref(), Some("7"));
        assert_eq!(bare_chromosome("chr1_KI270706v1_random"), None);
    }
}
