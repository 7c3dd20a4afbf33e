//! Reading NCBI's gene_info.

use std::path::Path;

use alkaline_core::identifiers::{GeneNames, GeneType, IdentifierMap};

use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};

/// Columns that are used, by the name in the header (whose first has a `#` before it).
const COLUMNS: [&str; 6] = ["tax_id", "GeneID", "Symbol", "Synonyms", "dbXrefs", "type_of_gene"];

/// What stands for an empty field.
const EMPTY: &str = "-";

/// The type of loci that are no genes (enhancers and such); they are left out.
const REGION: &str = "biological-region";

/// Reads the genes of one species (gzip by content).
///
/// # Errors
/// Unreadable files, missing columns, gene numbers that are no numbers, genes of several species, no gene at all.
pub fn read(path: &Path) -> Result<IdentifierMap, ReadError> {
    Ok(parse(&read_text(path)?, path)?)
}

/// As [`read`], from text at hand; `path` names it in messages.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str, path: &Path) -> Result<IdentifierMap, FileProblems> {
    let mut lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
    let header = lines.next().map_or("", |(_, header)| header);
    let columns = columns(header).map_err(|problem| FileProblems::one(path, problem))?;
    let mut genes = Vec::new();
    let mut problems = Vec::new();
    let mut species = None;
    for (line, text) in lines.filter(|(_, text)| !text.trim().is_empty()) {
        let fields: Vec<&str> = text.split('\t').map(str::trim).collect();
        let field = |column: usize| fields.get(columns[column]).copied().unwrap_or_default();
        if *species.get_or_insert(field(0)) != field(0) {
            problems.push(
                Problem::at_line(line, "a gene of another species")
                    .in_column(COLUMNS[0])
                    .hint("take the rows of one species, or NCBI's file for that species"),
            );
            break;
        }
        match field(1).parse() {
            Ok(_) if field(5) == REGION => {}
            Ok(entrez) => genes.push(gene(entrez, field(2), field(3), field(4), field(5))),
            Err(_) => {
                let message = format!("`{}` is no gene number", field(1));
                problems.push(Problem::at_line(line, message).in_column(COLUMNS[1]));
            }
        }
    }
    if problems.is_empty() && genes.is_empty() {
        problems.push(Problem::of_file("the file lists no genes"));
    }
    FileProblems::check(path, problems)?;
    let species = format!("taxon:{}", species.unwrap_or_default());
    Ok(IdentifierMap::new(species, format!("NCBI gene_info {}", path.display()), genes))
}

/// Where the columns stand.
fn columns(header: &str) -> Result<[usize; COLUMNS.len()], Problem> {
    let names: Vec<&str> = header.trim_start_matches('#').split('\t').map(str::trim).collect();
    let mut places = [0; COLUMNS.len()];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        *place = names.iter().position(|name| *name == column).ok_or_else(|| {
            Problem::at_line(1, format!("no column `{column}`"))
                .hint("give NCBI's gene_info of the species, with its header line")
        })?;
    }
    Ok(places)
}

fn gene(entrez: u32, symbol: &str, synonyms: &str, references: &str, gene_type: &str) -> GeneNames {
    let listed = |text: &str| -> Vec<String> {
        text.split('|').filter(|item| !item.is_empty() && *item != EMPTY).map(str::to_owned).collect()
    };
    let ensembl = listed(references);
    let ensembl = ensembl.iter().filter_map(|reference| reference.strip_prefix("Ensembl:"));
    GeneNames {
        entrez,
        symbol: symbol.to_owned(),
        gene_type: match gene_type {
            "protein-coding" => GeneType::ProteinCoding,
            "ncRNA" | "rRNA" | "scRNA" | "snRNA" | "snoRNA" | "tRNA" => GeneType::Rna,
            "pseudo" => GeneType::Pseudogene,
            _ => GeneType::Other,
        },
        ensembl: ensembl.map(str::to_owned).collect(),
        aliases: listed(synonyms).into_iter().filter(|alias| alias != symbol).collect(),
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::identifiers::{IdKind, Resolution};

    use super::*;

    const HEADER: &str = "#tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdbXrefs\tchromosome\tmap_location\tdescription\ttype_of_gene\n";

    #[test]
    fn mouse_genes_are_found_under_every_name() {
        let text = format!(
            "{HEADER}10090\t16193\tIl6\t-\tIl-6|Bsf2\tMGI:MGI:96559|Ensembl:ENSMUSG00000025746\t5\t-\t\tprotein-coding\n\
             10090\t115485889\tGm1\t-\t-\t-\t5\t-\t\tbiological-region\n"
        );
        let map = parse(&text, Path::new("mouse.gene_info")).unwrap();
        assert_eq!(map.genes().len(), 1);
        assert_eq!(map.species(), "taxon:10090");
        assert_eq!(map.resolve(IdKind::Ensembl, "ENSMUSG00000025746.7"), Resolution::Gene(0));
        assert_eq!(map.resolve(IdKind::Symbol, "Bsf2"), Resolution::Alias(0));
        assert_eq!(map.resolve(IdKind::Entrez, "16193"), Resolution::Gene(0));
    }

    #[test]
    fn what_is_no_gene_info_is_refused() {
        let error = |text: &str| parse(text, Path::new("x")).unwrap_err().to_string();
        assert!(error("gene\tsymbol\n").starts_with("x, line 1: no column `tax_id`"));
        assert!(error(HEADER).contains("lists no genes"));
        let two = format!("{HEADER}9606\t1\tA1BG\t-\t-\t-\t19\t-\t\tprotein-coding\n10090\tx\tIl6\n");
        assert!(
            error(&two).contains("line 3, column `tax_id`: a gene of another species"),
            "{}",
            error(&two)
        );
        let bad = format!("{HEADER}9606\tx\tA1BG\t-\t-\t-\t19\t-\t\tprotein-coding\n");
        assert!(error(&bad).contains("`x` is no gene number"));
    }
}
