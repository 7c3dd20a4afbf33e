//! What fastp is asked to do. Every default is fastp's own.

use serde::{Deserialize, Serialize};

/// Options of cleaning.
///
/// | option | default | fastp |
/// |---|---|---|
/// | `enabled` | true | (none: reads go to the aligner as they are) |
/// | `trim_adapters` | true | `-A` turns it off |
/// | `adapter`, `adapter_of_second` | found by fastp | `-a`, `--adapter_sequence_r2` |
/// | `detect_adapter_of_pairs` | false | `--detect_adapter_for_pe` |
/// | `poly_g` | for NextSeq and NovaSeq | `-g`, `-G` |
/// | `poly_x` | false | `-x` |
/// | `trim_front`, `trim_tail` | 0 | `-f`, `-t` |
/// | `cut_front`, `cut_tail`, `cut_right` | false | `-5`, `-3`, `-r` |
/// | `cut_window`, `cut_quality` | 4, 20 | `-W`, `-M` |
/// | `qualified_quality` | 15 | `-q` |
/// | `unqualified_percent` | 40 | `-u` |
/// | `max_n` | 5 | `-n` |
/// | `min_average_quality` | 0 | `-e` |
/// | `min_length` | 15 | `-l` |
/// | `correct_overlaps` | false | `-c` |
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CleanOptions {
    /// Whether reads are cleaned at all.
    pub enabled: bool,
    /// Whether adapters are cut off.
    pub trim_adapters: bool,
    /// Adapter of the first read; found by fastp when not given.
    pub adapter: Option<String>,
    /// Adapter of the second read.
    pub adapter_of_second: Option<String>,
    /// Whether the adapters of pairs are looked for, beside telling them by the overlap of the two reads.
    pub detect_adapter_of_pairs: bool,
    /// Whether a tail of G is cut off.
    pub poly_g: PolyG,
    /// Whether tails of any one base are cut off.
    pub poly_x: bool,
    /// Bases to cut off at the front of every read.
    pub trim_front: u32,
    /// Bases to cut off at the tail of every read.
    pub trim_tail: u32,
    /// Whether poor windows are cut off from the front.
    pub cut_front: bool,
    /// Whether poor windows are cut off from the tail.
    pub cut_tail: bool,
    /// Whether everything from the first poor window on is cut off.
    pub cut_right: bool,
    /// Bases of such a window.
    pub cut_window: u32,
    /// Mean quality below which a window is poor.
    pub cut_quality: u32,
    /// Quality that a base needs to count as good.
    pub qualified_quality: u32,
    /// Largest share of other bases, in percent, of a read that is kept.
    pub unqualified_percent: u32,
    /// Largest number of N of a read that is kept.
    pub max_n: u32,
    /// Smallest mean quality of a read that is kept.
    pub min_average_quality: u32,
    /// Smallest length of a read that is kept.
    pub min_length: u32,
    /// Whether bases are corrected where the two reads of a pair overlap.
    pub correct_overlaps: bool,
}

/// Whether a tail of G, which two-colour machines write where a fragment has ended, is cut off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum PolyG {
    /// Where the names of the reads are those of a NextSeq or NovaSeq.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Default for CleanOptions {
    fn default() -> Self {
        Self {
            enabled: true,
            trim_adapters: true,
            adapter: None,
            adapter_of_second: None,
            detect_adapter_of_pairs: false,
            poly_g: PolyG::default(),
            poly_x: false,
            trim_front: 0,
            trim_tail: 0,
            cut_front: false,
            cut_tail: false,
            cut_right: false,
            cut_window: 4,
            cut_quality: 20,
            qualified_quality: 15,
            unqualified_percent: 40,
            max_n: 5,
            min_average_quality: 0,
            min_length: 15,
            correct_overlaps: false,
        }
    }
}

impl CleanOptions {
    /// fastp's arguments; what is as fastp does by itself is said too, so that another version does the same.
    pub(super) fn arguments(&self, is_paired: bool) -> Vec<String> {
        // Destructured in full: an option that is forgotten here does not compile.
        let Self {
            enabled: _,
            trim_adapters,
            adapter,
            adapter_of_second,
            detect_adapter_of_pairs,
            poly_g,
            poly_x,
            trim_front,
            trim_tail,
            cut_front,
            cut_tail,
            cut_right,
            cut_window,
            cut_quality,
            qualified_quality,
            unqualified_percent,
            max_n,
            min_average_quality,
            min_length,
            correct_overlaps,
        } = self;
        let mut words = Vec::new();
        let mut flag = |wanted: bool, word: &str| words.extend(wanted.then(|| word.to_owned()));
        flag(!trim_adapters, "--disable_adapter_trimming");
        flag(*detect_adapter_of_pairs && is_paired, "--detect_adapter_for_pe");
        flag(*poly_g == PolyG::Always, "--trim_poly_g");
        flag(*poly_g == PolyG::Never, "--disable_trim_poly_g");
        flag(*poly_x, "--trim_poly_x");
        flag(*cut_front, "--cut_front");
        flag(*cut_tail, "--cut_tail");
        flag(*cut_right, "--cut_right");
        flag(*correct_overlaps && is_paired, "--correction");
        let mut value = |word: &str, value: String| words.extend([word.to_owned(), value]);
        if let Some(adapter) = adapter {
            value("--adapter_sequence", adapter.clone());
        }
        if let Some(adapter) = adapter_of_second.as_ref().filter(|_| is_paired) {
            value("--adapter_sequence_r2", adapter.clone());
        }
        value("--trim_front1", trim_front.to_string());
        value("--trim_tail1", trim_tail.to_string());
        if *cut_front || *cut_tail || *cut_right {
            value("--cut_window_size", cut_window.to_string());
            value("--cut_mean_quality", cut_quality.to_string());
        }
        value("--qualified_quality_phred", qualified_quality.to_string());
        value("--unqualified_percent_limit", unqualified_percent.to_string());
        value("--n_base_limit", max_n.to_string());
        value("--average_qual", min_average_quality.to_string());
        value("--length_required", min_length.to_string());
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_become_arguments_and_those_of_pairs_are_for_pairs() {
        let options = CleanOptions {
            adapter: Some("ACGT".into()),
            adapter_of_second: Some("TTTT".into()),
            poly_g: PolyG::Never,
            cut_tail: true,
            min_length: 36,
            correct_overlaps: true,
            ..CleanOptions::default()
        };
        let text = options.arguments(true).join(" ");
        for part in [
            "--disable_trim_poly_g",
            "--cut_tail",
            "--correction",
            "--adapter_sequence ACGT",
            "_r2 TTTT",
            "--length_required 36",
            "--cut_window_size 4",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let text = options.arguments(false).join(" ");
        assert!(!text.contains("_r2") && !text.contains("--correction"), "{text}");
    }

    #[test]
    fn an_unknown_option_is_refused_and_a_section_may_be_short() {
        let options: CleanOptions = toml::from_str("min_length = 30\npoly_g = 'always'\n").unwrap();
        assert_eq!(
            options,
            CleanOptions { min_length: 30, poly_g: PolyG::Always, ..CleanOptions::default() }
        );
        assert!(toml::from_str::<CleanOptions>("min_len = 3").is_err());
    }
}
