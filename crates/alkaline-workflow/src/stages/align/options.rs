//! What HISAT2 is asked to do.

use alkaline_core::genome::Strandedness;
use serde::{Deserialize, Serialize};

/// Options of alignment.
///
/// | option | default | HISAT2 |
/// |---|---|---|
/// | `strandedness` | not told | `--rna-strandness` |
/// | `order` | `coordinate` | (samtools sort) |
/// | `for_assembly` | false | `--dta` |
/// | `min_intron`, `max_intron` | 20, 500000 | `--min-intronlen`, `--max-intronlen` |
/// | `max_places` | HISAT2's own: 5, of an index with transcripts 10 | `-k` |
/// | `learn_introns` | **false** | `--no-temp-splicesite` turns it off |
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AlignOptions {
    /// How reads relate to the strand of the RNA, where it is known: it decides the strand of introns (tag XS) and no count.
    pub strandedness: Option<Strandedness>,
    /// The order of the alignments.
    pub order: BamOrder,
    /// Whether a transcript assembler shall read the alignments, which wants longer anchors beside introns.
    pub for_assembly: bool,
    /// Shortest intron that is looked for.
    pub min_intron: u32,
    /// Longest intron that is looked for.
    pub max_intron: u32,
    /// Most places of a read that are reported.
    pub max_places: Option<u32>,
    /// Whether introns that earlier reads showed help later reads. The outcome then depends on the number of threads.
    pub learn_introns: bool,
}

/// The order of the alignments in a BAM file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum BamOrder {
    /// By place on the genome, with an index beside: what genome browsers read.
    #[default]
    Coordinate,
    /// As the reads came, mates together: faster to make, and to count.
    Name,
}

impl Default for AlignOptions {
    fn default() -> Self {
        Self {
            strandedness: None,
            order: BamOrder::default(),
            for_assembly: false,
            min_intron: 20,
            max_intron: 500_000,
            max_places: None,
            learn_introns: false,
        }
    }
}

impl AlignOptions {
    /// HISAT2's arguments.
    pub(super) fn arguments(&self, is_paired: bool) -> Vec<String> {
        // Destructured in full: an option that is forgotten here does not compile.
        let Self { strandedness, order: _, for_assembly, min_intron, max_intron, max_places, learn_introns } =
            self;
        let mut words: Vec<String> = Vec::new();
        words.extend(["--min-intronlen".to_owned(), min_intron.to_string()]);
        words.extend(["--max-intronlen".to_owned(), max_intron.to_string()]);
        let strand = match (strandedness, is_paired) {
            (Some(Strandedness::Forward), true) => Some("FR"),
            (Some(Strandedness::Forward), false) => Some("F"),
            (Some(Strandedness::Reverse), true) => Some("RF"),
            (Some(Strandedness::Reverse), false) => Some("R"),
            (Some(Strandedness::Unstranded) | None, _) => None,
        };
        words
            .extend(strand.into_iter().flat_map(|strand| ["--rna-strandness".to_owned(), strand.to_owned()]));
        words.extend(for_assembly.then(|| "--dta".to_owned()));
        words.extend(max_places.iter().flat_map(|places| ["-k".to_owned(), places.to_string()]));
        words.extend((!learn_introns).then(|| "--no-temp-splicesite".to_owned()));
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strand_is_written_as_hisat2_calls_it() {
        let of = |strandedness, is_paired| {
            let text =
                AlignOptions { strandedness, ..AlignOptions::default() }.arguments(is_paired).join(" ");
            text.split("--rna-strandness ")
                .nth(1)
                .map(|rest| rest.split(' ').next().unwrap_or_default().to_owned())
        };
        assert_eq!(of(Some(Strandedness::Reverse), true).as_deref(), Some("RF"));
        assert_eq!(of(Some(Strandedness::Reverse), false).as_deref(), Some("R"));
        assert_eq!(of(Some(Strandedness::Forward), true).as_deref(), Some("FR"));
        assert_eq!(of(Some(Strandedness::Unstranded), true), None);
        assert_eq!(of(None, false), None);
    }

    #[test]
    fn what_earlier_reads_showed_is_not_used_unless_asked_for() {
        let text = AlignOptions::default().arguments(true).join(" ");
        assert!(
            text.contains("--no-temp-splicesite") && !text.contains("--dta") && !text.contains("-k"),
            "{text}"
        );
        let options: AlignOptions =
            toml::from_str("learn_introns = true\nfor_assembly = true\nmax_places = 9").unwrap();
        let text = options.arguments(true).join(" ");
        assert!(!text.contains("--no-temp-splicesite") && text.contains("--dta -k 9"), "{text}");
    }
}
