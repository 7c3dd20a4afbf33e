//! Which column of a table is which sample's, and why samples have none.

use alkaline_io::geo::{GeoSample, NCBI_LEAVES_OUT};

use super::gather::{Gathered, Maker, Source};

/// Letters that a name must share with a title to be taken for it.
const SHORTEST: usize = 3;

/// Columns and samples that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Matched {
    /// The sample of each column; `None` where it is no sample's.
    pub samples: Vec<Option<usize>>,
    /// Samples without a column, and why.
    pub omitted: Vec<(String, String)>,
    /// Columns that were matched otherwise than by accession, and how.
    pub said: Vec<String>,
}

/// Finds the sample of every column of `source`, of the samples of its platform.
pub(super) fn match_columns(gathered: &Gathered, source: &Source) -> Matched {
    let samples = &gathered.series.samples;
    let mut found: Vec<Option<usize>> =
        source.table.samples.iter().map(|column| by_accession(column, samples)).collect();
    let mut said = Vec::new();
    if found.iter().all(Option::is_none) {
        for (how, is) in RULES {
            found = source
                .table
                .samples
                .iter()
                .map(|column| only(samples, |sample| is(column, sample)))
                .collect();
            let mut places: Vec<usize> = found.iter().flatten().copied().collect();
            let number = places.len();
            places.sort_unstable();
            places.dedup();
            if number > 0 && places.len() == number && 2 * number > found.len() {
                said.push(format!("{}: its columns were matched with the samples by {how}", source.name));
                break;
            }
            found.iter_mut().for_each(|sample| *sample = None);
        }
    }
    let omitted = (0..samples.len())
        .filter(|place| !found.contains(&Some(*place)))
        .map(|place| (samples[place].accession.clone(), why(gathered, source, &samples[place])))
        .collect();
    Matched { samples: found, omitted, said }
}

/// A way to match a column with a sample.
type Rule = fn(&str, &GeoSample) -> bool;

/// How columns are matched, surest first.
const RULES: [(&str, Rule); 4] = [
    ("title", |column, sample| plain(column) == plain(sample.title())),
    ("description", |column, sample| {
        sample.facts.iter().any(|(key, value)| key == "description" && plain(value) == plain(column))
    }),
    ("the end or beginning of the title", |column, sample| {
        let (column, title) = (plain(column), plain(sample.title()));
        column.len() >= SHORTEST && (title.ends_with(&column) || title.starts_with(&column))
    }),
    ("the title in the column's name", |column, sample| {
        let (column, title) = (plain(column), plain(sample.title()));
        title.len() >= SHORTEST && column.contains(&title)
    }),
];

/// The one sample that fits.
fn only(samples: &[GeoSample], is: impl Fn(&GeoSample) -> bool) -> Option<usize> {
    let mut fitting = (0..samples.len()).filter(|&place| is(&samples[place]));
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// The sample whose accession stands in the name of a column.
fn by_accession(column: &str, samples: &[GeoSample]) -> Option<usize> {
    let mut words = column.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .find_map(|word| samples.iter().position(|sample| sample.accession == word))
        .or_else(|| samples.iter().position(|sample| sample.accession == column))
}

/// Why a sample has no column, as far as its description tells.
fn why(gathered: &Gathered, source: &Source, sample: &GeoSample) -> String {
    if sample.is_genomic() {
        return "it is genomic DNA, not RNA".to_owned();
    }
    if let (Some(platform), Some(own)) = (source.platform.as_deref(), sample.platform())
        && platform != own
    {
        return format!("it was measured on {own}, these values on {platform}");
    }
    if source.maker == Maker::Ncbi {
        return ncbi_reason(sample);
    }
    if gathered.without_values.contains(&sample.accession) {
        return "the file has no values of it".to_owned();
    }
    "no column is called by its accession or title".to_owned()
}

/// Why NCBI counted nothing for a sample.
fn ncbi_reason(sample: &GeoSample) -> String {
    let strategy =
        sample.fact("library_strategy").filter(|strategy| !strategy.eq_ignore_ascii_case("RNA-Seq"));
    let species =
        sample.fact("organism_ch1").filter(|species| !matches!(*species, "Homo sapiens" | "Mus musculus"));
    match (strategy, species) {
        (Some(strategy), _) => format!("its library is {strategy}, and NCBI counts RNA-seq alone"),
        (None, Some(species)) => format!("it is of {species}, and NCBI counts human and mouse alone"),
        (None, None) => NCBI_LEAVES_OUT.to_owned(),
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use alkaline_io::values::ValueTable;

    use super::*;

    fn gathered(samples: &[(&str, &[(&str, &str)])]) -> Gathered {
        let mut gathered = Gathered::default();
        gathered.series.samples = samples
            .iter()
            .map(|(accession, facts)| GeoSample {
                accession: (*accession).to_owned(),
                facts: facts.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            })
            .collect();
        gathered
    }

    fn source(maker: Maker, columns: &[&str]) -> Source {
        let samples = columns.iter().map(|column| (*column).to_owned()).collect();
        let table = ValueTable { samples, ..ValueTable::default() };
        Source { name: "t.tsv".into(), maker, platform: None, table, verdict: None }
    }

    #[test]
    fn samples_that_ncbi_left_out_are_listed_with_the_reason() {
        let gathered = gathered(&[
            ("GSM1", &[("library_strategy", "RNA-Seq")]),
            ("GSM2", &[("library_strategy", "ChIP-Seq")]),
            ("GSM3", &[("library_strategy", "RNA-Seq"), ("organism_ch1", "Danio rerio")]),
            ("GSM4", &[]),
        ]);
        let matched = match_columns(&gathered, &source(Maker::Ncbi, &["GSM4"]));
        assert_eq!(matched.samples, [Some(3)]);
        let why: Vec<&str> = matched.omitted.iter().map(|(_, why)| why.as_str()).collect();
        assert!(why[0].contains("less than half align"));
        assert!(why[1].contains("its library is ChIP-Seq") && why[2].contains("of Danio rerio"), "{why:?}");
    }

    #[test]
    fn columns_are_matched_by_accession_then_by_title() {
        let gathered =
            gathered(&[("GSM10", &[("title", "Cells, rep 1")]), ("GSM1", &[("title", "Cells, rep 2")])]);
        let matched = |columns: &[&str]| match_columns(&gathered, &source(Maker::Submitter, columns)).samples;
        assert_eq!(matched(&["GSM1_x.txt", "GSM10"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["cells_rep_2", "cells_rep_1"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["rep1", "rep2", "other"]), [Some(0), Some(1), None]);
        assert_eq!(matched(&["Cells", "x"]), [None, None]);
    }

    #[test]
    fn genomic_dna_and_other_platforms_are_told() {
        let gathered = gathered(&[
            ("GSM1", &[("molecule_ch1", "genomic DNA")]),
            ("GSM2", &[("platform_id", "GPL97")]),
            ("GSM3", &[("platform_id", "GPL96")]),
        ]);
        let source = Source { platform: Some("GPL96".into()), ..source(Maker::Series, &["GSM3"]) };
        let omitted = match_columns(&gathered, &source).omitted;
        assert_eq!(omitted[0].1, "it is genomic DNA, not RNA");
        assert_eq!(omitted[1].1, "it was measured on GPL97, these values on GPL96");
    }
}
