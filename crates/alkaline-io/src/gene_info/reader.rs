//! Reading NCBI's gene_info.

use std::path::Path;

use alkaline_core::identifiers::{GeneNames, GeneType, IdentifierMap};

use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};

/// Columns that are used, by the name in the header (whose first has a `#` before it).
const COLUMNS: [&str; 7] = ["tax_id", "GeneID", "Symbol", "Synonyms", "dbXrefs", "type_of_gene", LOCUS_TAG];

/// The column of systematic names.
const LOCUS_TAG: &str = "LocusTag";

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
            Ok(entrez) => {
                genes.push(gene(entrez, field(2), field(3), &stable_ids(field(4), field(6)), field(5)))
            }
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
        let found = names.iter().position(|name| *name == column);
        // Excerpts may lack the locus tags, which few species have.
        let found = found.or((column == LOCUS_TAG).then_some(usize::MAX));
        *place = found.ok_or_else(|| {
            Problem::at_line(1, format!("no column `{column}`"))
                .hint("give NCBI's gene_info of the species, with its header line")
        })?;
    }
    Ok(places)
}

/// Data bases whose numbers are no names of genes.
const NOT_NAMES: [&str; 3] = ["MIM", "AllianceGenome", "IMGT/GENE-DB"];

/// Beginnings of locus tags that others leave out (CELE_2L52.1, Dmel_CG3038).
const TAG_BEGINNINGS: [&str; 2] = ["CELE_", "Dmel_"];

/// The identifiers of data bases (`Ensembl:YDR112W`, `FLYBASE:FBgn0000008`, `MGI:MGI:96559`) and the locus tag.
fn stable_ids(references: &str, locus_tag: &str) -> Vec<String> {
    let references = references.split('|').filter_map(|reference| {
        let (base, id) = reference.split_once(':')?;
        let is_name = !NOT_NAMES.contains(&base) && !id.bytes().all(|b| b.is_ascii_digit());
        is_name.then(|| id.to_owned())
    });
    let mut ids: Vec<String> = references.collect();
    let tags = [locus_tag].into_iter().filter(|tag| !matches!(*tag, "" | EMPTY));
    for tag in tags {
        let bare = TAG_BEGINNINGS.iter().find_map(|beginning| tag.strip_prefix(beginning));
        ids.extend([Some(tag), bare].into_iter().flatten().map(str::to_owned));
    }
    ids.sort();
    ids.dedup();
    ids
}

fn gene(entrez: u32, symbol: &str, synonyms: &str, stable_ids: &[String], gene_type: &str) -> GeneNames {
    let listed = |text: &str| -> Vec<String> {
        text.split('|').filter(|item| !item.is_empty() && *item != EMPTY).map(str::to_owned).collect()
    };
    GeneNames {
        entrez: Some(entrez),
        symbol: symbol.to_owned(),
        gene_type: match gene_type {
            "protein-coding" => GeneType::ProteinCoding,
            "ncRNA" | "rRNA" | "scRNA" | "snRNA" | "snoRNA" | "tRNA" => GeneType::Rna,
            "pseudo" => GeneType::Pseudogene,
            _ => GeneType::Other,
        },
        stable_ids: stable_ids.iter().filter(|id| *id != symbol).cloned().collect(),
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
    fn systematic_names_stand_for_their_gene() {
        let text = format!(
            "{HEADER}559292\t851692\tIRC2\tYDR112W\t-\tSGD:S000002519|AllianceGenome:SGD:S000002519|Ensembl:YDR112W\tIV\t-\t\tprotein-coding\n\
             559292\t2\twhite\tDmel_CG2759\t-\tFLYBASE:FBgn0003996|MIM:1\tX\t-\t\tprotein-coding\n\
             559292\t839580\tNAC001\tAT1G01010\tANAC001\tAraport:AT1G01010|TAIR:AT1G01010\t1\t-\t\tprotein-coding\n\
             559292\t4\tYDR199W\tYDR199W\t-\tEnsembl:YDR199W\t1\t-\t\tprotein-coding\n"
        );
        let map = parse(&text, Path::new("y")).unwrap();
        for (id, gene) in [
            ("YDR112W", 0),
            ("FBgn0003996", 1),
            ("CG2759", 1),
            ("AT1G01010", 2),
            ("At1g01010", 2),
            ("YDR199W", 3),
        ] {
            assert_eq!(map.resolve(IdKind::of(id), id), Resolution::Gene(gene), "{id}");
        }
        assert_eq!(map.resolve(IdKind::Symbol, "S000002519"), Resolution::Gene(0));
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
