//! The sample of a file: its own name, or that of its folder where all samples' files are called alike.

use std::path::Path;

/// Endings of the files of quantifiers and counters, longest first.
const ENDINGS: [&str; 21] = [
    ".readspergene.out.tab",
    "_readspergene.out.tab",
    "readspergene.out.tab",
    ".htseq-count.txt",
    ".isoforms.results",
    ".genes.results",
    ".featurecounts.txt",
    ".abundance.tsv",
    "_abundance.tsv",
    ".t_data.ctab",
    ".htseq.counts",
    ".htseq.txt",
    "_quant.sf",
    ".quant.sf",
    ".counts.txt",
    ".counts.tsv",
    ".counts",
    ".txt",
    ".tsv",
    ".csv",
    ".tab",
];

/// Names that say nothing of the sample.
const NAMELESS: [&str; 7] = [
    "quant.sf",
    "abundance.tsv",
    "abundance.h5",
    "t_data.ctab",
    "counts.txt",
    "readspergene.out.tab",
    "quant.genes.sf",
];

/// The name of the sample that the file at `path` is of.
pub fn sample_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let lower = name.to_lowercase();
    let folder = path.parent().and_then(Path::file_name).map(|folder| folder.to_string_lossy().into_owned());
    if NAMELESS.contains(&lower.as_str()) {
        return folder.unwrap_or_else(|| name.to_owned());
    }
    let ending = ENDINGS.iter().find(|ending| lower.ends_with(**ending) && lower.len() > ending.len());
    name[..name.len() - ending.map_or(0, |ending| ending.len())].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_called_by_its_file_or_by_its_folder() {
        for (path, name) in [
            ("out/H3122/quant.sf.gz", "H3122"),
            ("a/b/abundance.tsv", "b"),
            ("x/S1.genes.results", "S1"),
            ("SRR13639990_ReadsPerGene.out.tab.gz", "SRR13639990"),
            ("V600E_rep_1.htseq-count.txt.gz", "V600E_rep_1"),
            ("run/t_data.ctab", "run"),
            ("quant.sf", "quant.sf"),
        ] {
            assert_eq!(sample_name(Path::new(path)), name, "{path}");
        }
    }
}
