//! What enrichment leaves beside its table: figures, representatives, and a word where nothing was tested.

use std::path::Path;

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::words::count;
use alkaline_enrich::gsea::CollapsedSet;
use alkaline_io::file::write_atomically;
use alkaline_io::results::gsea_permutation;
use alkaline_report::Figure;
use alkaline_workflow::Observer;

use crate::console::Console;
use crate::failure::Failure;

/// Warns when `tested` is zero: a list too short for the sets is easily taken for one that means nothing.
pub fn warn_if_untested(tested: usize, smallest: usize, largest: usize, console: &Console) {
    if tested == 0 {
        console.warning(&format!(
            "no set has between {smallest} and {largest} genes in common with these genes, so none was tested; \
             --min-size and --max-size change that"
        ));
    }
}

/// Writes figures into `directory`, and says where they are.
pub fn write_figures(directory: &Path, figures: &[Figure], console: &Console) -> Result<(), Failure> {
    for figure in figures {
        let path = directory.join(figure.file_name());
        write_atomically(&path, |out| out.write_all(figure.content.as_bytes()))?;
    }
    console.result(&match figures.len() {
        0 => "no figures: no set has an adjusted P < 0.05".to_owned(),
        number => format!("{} in {}", count(number, "figure"), directory.display()),
    });
    Ok(())
}

/// Writes which significant set stands for which, and says how many stand for themselves.
pub fn write_representatives(
    path: &Path,
    collapsed: Vec<CollapsedSet>,
    sources: &[GeneSetSource],
    console: &Console,
) -> Result<(), Failure> {
    let independent = collapsed.iter().filter(|set| set.represented_by.is_none()).count();
    console.result(&format!(
        "{independent} of {} say something of their own",
        count(collapsed.len(), "significant set")
    ));
    let rows: Vec<gsea_permutation::Representative> = collapsed
        .into_iter()
        .map(|set| (set.ontology, set.id, set.description, set.represented_by))
        .collect();
    Ok(gsea_permutation::write_representatives(path, &rows, sources)?)
}
