//! Which of the tables of a series is imported: counts before expression values, NCBI's before the submitters'; or the one asked for.

use alkaline_core::words::{listed, quoted};
use alkaline_io::values::Scale;

use super::gather::{Gathered, Maker, Source};
use crate::error::WorkflowError;

/// The place among the sources of the one that is imported.
///
/// # Errors
/// [`WorkflowError::Design`] where there is none with values, or none called `wanted`.
pub(super) fn choose(gathered: &Gathered, wanted: Option<&str>) -> Result<usize, WorkflowError> {
    let sources = &gathered.sources;
    let with_values: Vec<usize> =
        (0..sources.len()).filter(|&place| sources[place].verdict.is_some()).collect();
    if let Some(wanted) = wanted {
        return named(sources, wanted);
    }
    with_values
        .into_iter()
        .max_by_key(|&place| (rank(&sources[place]), std::cmp::Reverse(place)))
        .ok_or_else(|| nothing(gathered))
}

/// How much is to be said for a table.
fn rank(source: &Source) -> (u8, u8) {
    let scale = source.verdict.as_ref().map(|verdict| verdict.scale);
    let of_scale = match scale {
        Some(Scale::Counts) => 5,
        Some(Scale::ExpectedCounts) => 4,
        Some(Scale::Logarithms) => 3,
        Some(Scale::Intensities | Scale::Abundances) => 2,
        Some(Scale::Tpm | Scale::LogRatios) => 1,
        _ => 0,
    };
    let of_maker = match source.maker {
        Maker::Ncbi => 3,
        Maker::Submitter => 2,
        Maker::Archive => 1,
        Maker::Series => 0,
    };
    (of_scale, of_maker)
}

fn named(sources: &[Source], wanted: &str) -> Result<usize, WorkflowError> {
    let exact = sources.iter().position(|source| source.name == wanted);
    let part: Vec<usize> = (0..sources.len()).filter(|&place| sources[place].name.contains(wanted)).collect();
    match (exact, part.as_slice()) {
        (Some(place), _) | (None, &[place]) => Ok(place),
        (None, []) => Err(WorkflowError::design_with_hint(
            format!("no table is called `{wanted}`"),
            format!("the tables are {}", quoted(sources.iter().map(|source| &source.name))),
        )),
        (None, _) => Err(WorkflowError::design(format!(
            "several tables are called by `{wanted}`: {}",
            quoted(part.iter().map(|&place| &sources[place].name))
        ))),
    }
}

/// Why there is nothing to import, and what would help.
fn nothing(gathered: &Gathered) -> WorkflowError {
    let series = &gathered.series;
    let files: Vec<&str> =
        series.supplementary().into_iter().map(|url| url.rsplit('/').next().unwrap_or(url)).collect();
    let sequenced = series.samples.iter().any(alkaline_io::geo::GeoSample::is_sequenced);
    let message = match gathered.left_out.first() {
        Some((name, why)) => format!("none of the files holds values of samples; {name}: {why}"),
        None => "none of the files holds values of samples".to_owned(),
    };
    let ncbi =
        if sequenced { "NCBI's counts (GSE..._raw_counts_...tsv.gz)" } else { "the full series matrix" };
    let hint = if files.is_empty() {
        format!("give {ncbi}, or the supplementary files of the series, too")
    } else {
        format!("give {ncbi}, or supplementary files of the series, too: {}", listed(files))
    };
    WorkflowError::design_with_hint(message, hint)
}
