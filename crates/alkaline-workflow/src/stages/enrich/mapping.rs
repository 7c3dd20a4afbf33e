//! What became of the identifiers: said in words, and written beside the table.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use alkaline_core::GeneId;
use alkaline_core::identifiers::{IdMapping, foreign_species};
use alkaline_core::results::RankedGenes;
use alkaline_core::words::listed;
use alkaline_io::results::id_mapping;

use crate::error::WorkflowError;

/// How many identifiers were matched, in words: `Ok` when enough, `Err` when the user should be warned.
///
/// # Errors
/// The warning, with some of the identifiers that match nothing.
pub fn describe_mapping(mapping: &IdMapping) -> Result<String, String> {
    let share = 100.0 * mapping.mapped_fraction();
    let kind = mapping.kind.map_or("", |kind| kind.name());
    let mut text = format!(
        "{} of {} {kind} identifiers ({share:.1} %) {}",
        mapping.mapped,
        mapping.given,
        matched_in_words(mapping)
    );
    let rest = [
        (mapping.through_alias, "through an alias"),
        (mapping.combined, "two in one (such as ENSG…|SYMBOL)"),
        (mapping.ambiguous.len(), "ambiguous"),
        (mapping.merged.len(), "merged into another name of the same gene"),
        (mapping.lost.len() - mapping.known_elsewhere, "lost"),
        (mapping.known_elsewhere, "known, but in none of the sets"),
    ];
    for (number, what) in rest.into_iter().filter(|(number, _)| *number > 0) {
        text.push_str(&format!(", {number} {what}"));
    }
    if mapping.looks_wrong() {
        let species = foreign_species(mapping.lost.iter().map(String::as_str)).map_or_else(String::new, |of| {
            format!(
                " (they look like genes of {of}; the built-in sets are human: see `alkaline reference build go` and --go-file)"
            )
        });
        Err(format!("only {text}; among the lost: {}{species}", listed(mapping.lost.iter().take(5))))
    } else {
        Ok(text)
    }
}

/// What it means that an identifier was matched: translated ones stand for a gene, whether or not a set holds it; those
/// that are compared as they are spelled stand in a set.
pub fn matched_in_words(mapping: &IdMapping) -> &'static str {
    match mapping.release {
        Some(_) => "stand for a known gene",
        None => "stand in the gene sets",
    }
}

/// Writes what became of every identifier, and a list of those that match nothing, beside the table at `path`:
/// `ora.ids.tsv` and `ora.lost.txt` beside `ora.tsv`; nothing beside standard output.
///
/// # Errors
/// [`WorkflowError`] when they cannot be written.
pub fn write_mapping(path: &Path, mapping: &IdMapping) -> Result<(), WorkflowError> {
    if path.as_os_str() == "-" || path.exists() && !path.is_file() {
        return Ok(());
    }
    id_mapping::write(&beside(path, "ids.tsv"), mapping)?;
    let lost = beside(path, "lost.txt");
    if mapping.lost.is_empty() {
        // A list left by an earlier command would be taken for this one's.
        let _ = std::fs::remove_file(lost);
        return Ok(());
    }
    Ok(id_mapping::write_lost(&lost, mapping)?)
}

/// The part of a ranked list that was tested, `tested` genes long: without identifiers that stand for the gene of another
/// one and, where the list had to be translated, without those that were lost. The whole list where that is not its length.
pub fn tested_part<'a>(
    ranks: RankedGenes,
    outcomes: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    tested: usize,
) -> RankedGenes {
    for set_aside in [&["merged"][..], &["merged", "lost", "ambiguous"]] {
        let gone: HashSet<&str> =
            outcomes.clone().filter(|(_, outcome)| set_aside.contains(outcome)).map(|(id, _)| id).collect();
        let stays = |gene: &GeneId| !gone.contains(gene.as_str());
        if ranks.genes.iter().filter(|gene| stays(gene)).count() == tested {
            let pairs = ranks.genes.into_iter().zip(ranks.scores).filter(|(gene, _)| stays(gene));
            let (genes, scores) = pairs.unzip();
            return RankedGenes { genes, scores };
        }
    }
    ranks
}

/// `DIR/ora.ids.tsv` for `DIR/ora.tsv` or `DIR/ora.tsv.gz`.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let stem = [".tsv", ".csv", ".xlsx"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    path.with_file_name(format!("{stem}.{ending}"))
}

#[cfg(test)]
mod tests {
    use alkaline_core::identifiers::IdKind;

    use super::*;

    fn mapping(mapped: usize) -> IdMapping {
        let lost = (mapped..10).map(|i| format!("x{i}")).collect();
        IdMapping { kind: Some(IdKind::Symbol), given: 10, mapped, lost, ..IdMapping::default() }
    }

    #[test]
    fn below_half_the_words_are_a_warning_that_names_five() {
        let text = describe_mapping(&mapping(6)).unwrap();
        assert_eq!(text, "6 of 10 symbol identifiers (60.0 %) stand in the gene sets, 4 lost");
        let translated = IdMapping { release: Some("2026".into()), ..mapping(6) };
        assert!(describe_mapping(&translated).unwrap().contains("(60.0 %) stand for a known gene, 4 lost"));
        let warning = describe_mapping(&mapping(4)).unwrap_err();
        assert!(warning.starts_with("only 4 of 10") && warning.ends_with("x4, x5, x6, x7, x8"), "{warning}");
        let lost = ["Ccl20", "Il6", "Cxcl1"].map(str::to_owned).into();
        let mouse = IdMapping { lost, ..mapping(1) };
        assert!(describe_mapping(&mouse).unwrap_err().contains("genes of mouse or rat"));
    }

    #[test]
    fn the_tested_part_of_a_list_lacks_what_was_set_aside() {
        let ranks =
            RankedGenes { genes: ["A", "B", "C"].map(GeneId::from).into(), scores: vec![3.0, 2.0, 1.0] };
        let outcomes = [("A", "mapped"), ("B", "merged"), ("C", "lost")];
        let part = |tested| tested_part(ranks.clone(), outcomes.into_iter(), tested).scores;
        assert_eq!(part(2), [3.0, 1.0]);
        assert_eq!(part(1), [3.0]);
        assert_eq!(part(3), [3.0, 2.0, 1.0]);
    }

    #[test]
    fn files_lie_beside_the_table_and_an_old_list_of_the_lost_goes() {
        let directory = tempfile::tempdir().unwrap();
        let table = directory.path().join("ora.tsv.gz");
        write_mapping(&table, &mapping(4)).unwrap();
        let lost = directory.path().join("ora.lost.txt");
        assert_eq!(std::fs::read_to_string(&lost).unwrap().lines().count(), 6);
        assert!(directory.path().join("ora.ids.tsv").exists());
        write_mapping(&table, &mapping(10)).unwrap();
        assert!(!lost.exists());
    }
}
