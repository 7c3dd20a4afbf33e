//! Reading GO annotation files.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::GeneId;
use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::identifiers::{GeneNames, GeneType, IdKind};
use alkaline_core::ontology::{Ontology, OntologyAnnotations};
use alkaline_core::words::count;

use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};

/// Columns that a GAF line must have (2.0 has 17, of which the last two may be missing).
const FEWEST_COLUMNS: usize = 15;

/// 0-based columns of a GAF line.
const ACCESSION: usize = 1;
const SYMBOL: usize = 2;
const QUALIFIER: usize = 3;
const TERM: usize = 4;
const SYNONYMS: usize = 10;
const TAXON: usize = 12;

/// What the genes of a GAF are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GafNames {
    /// Symbols (column 3).
    #[default]
    Symbol,
    /// Accessions of the database that made the file (column 2): `MGI:88467`, `FBgn0000008`, `P04637`.
    Accession,
}

impl GafNames {
    const fn column(self) -> usize {
        match self {
            Self::Symbol => SYMBOL,
            Self::Accession => ACCESSION,
        }
    }
}

/// What was read, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GafNotes {
    /// Lines that were used.
    pub annotations: usize,
    /// Genes that they annotate.
    pub genes: usize,
    /// Species that they are of (`taxon:9606`), in order of appearance.
    pub taxa: Vec<String>,
    /// Lines that say a gene is *not* described by a term.
    pub negated: usize,
    /// Lines with terms that the ontology does not define (obsolete ones among them).
    pub unknown_terms: usize,
    /// Lines without the name that genes are to be called by.
    pub nameless: usize,
    /// Lines with too few columns.
    pub malformed: usize,
    /// The first line of either kind.
    pub first_left_out: Option<u64>,
}

/// What a GAF holds.
#[derive(Clone, Debug)]
pub struct Gaf {
    /// Direct annotations of genes with terms.
    pub annotations: OntologyAnnotations,
    /// The names of the annotated genes: symbol, accession, synonyms.
    pub names: Vec<GeneNames>,
    /// What was read, and what was left out.
    pub notes: GafNotes,
}

/// Reads annotations (gzip by content) for the terms of an ontology.
///
/// Lines with the qualifier `NOT` are left out, whatever the evidence of the others; so are lines without a gene's name or
/// with too few columns. All are counted: one odd line of a large file is no reason to read none of it.
///
/// # Errors
/// Unreadable files, a file without usable annotations.
pub fn read(path: &Path, ontology: &Ontology, names: GafNames) -> Result<Gaf, ReadError> {
    Ok(parse(&read_text(path)?, path, ontology, names)?)
}

/// As [`read`], from text at hand; `path` names it in messages.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str, path: &Path, ontology: &Ontology, names: GafNames) -> Result<Gaf, FileProblems> {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let (mut genes, mut pairs) = (Vec::new(), Vec::new());
    let mut all_names = Vec::new();
    let mut notes = GafNotes::default();
    let mut date = None;
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if let Some(comment) = text.strip_prefix('!') {
            let generated = comment.trim().strip_prefix("date-generated:");
            date = date.or(generated.map(|date| date.trim().to_owned()));
            continue;
        }
        if text.trim().is_empty() {
            continue;
        }
        let fields: Vec<&str> = text.split('\t').map(str::trim).collect();
        if fields.len() < FEWEST_COLUMNS {
            notes.malformed += 1;
            notes.first_left_out.get_or_insert(line);
        } else if fields[names.column()].is_empty() {
            notes.nameless += 1;
            notes.first_left_out.get_or_insert(line);
        } else if fields[QUALIFIER].split('|').any(|qualifier| qualifier == "NOT") {
            notes.negated += 1;
        } else if let Some(term) = ontology.position(fields[TERM]) {
            let name = fields[names.column()];
            let gene = *numbers.entry(name).or_insert_with(|| {
                genes.push(GeneId::from(name));
                all_names.push(nameless_gene(&fields));
                genes.len() as u32 - 1
            });
            add_names(&mut all_names[gene as usize], &fields);
            pairs.push((gene, term));
            // `taxon:9606|taxon:1280` is an interaction; the first is the gene's own.
            let taxon = fields[TAXON].split('|').next().unwrap_or_default();
            if !notes.taxa.iter().any(|known| known == taxon) {
                notes.taxa.push(taxon.to_owned());
            }
        } else {
            notes.unknown_terms += 1;
        }
    }
    if pairs.is_empty() {
        return Err(FileProblems::one(path, nothing_usable(&notes, names, ontology)));
    }
    (notes.annotations, notes.genes) = (pairs.len(), genes.len());
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let source = GeneSetSource {
        name: format!("Gene Ontology {}, annotations {file}", ontology.release()),
        version: Some(date.unwrap_or_else(|| ontology.release().to_owned())),
        licence: Some("Gene Ontology Consortium, CC BY 4.0, https://geneontology.org".to_owned()),
        ..GeneSetSource::default()
    };
    Ok(Gaf { annotations: OntologyAnnotations::new(source, genes, pairs), names: all_names, notes })
}

/// A gene that has its symbol (or, without one, its accession) and no other name yet.
fn nameless_gene(fields: &[&str]) -> GeneNames {
    let symbol = if fields[SYMBOL].is_empty() { fields[ACCESSION] } else { fields[SYMBOL] };
    GeneNames {
        entrez: None,
        symbol: symbol.to_owned(),
        gene_type: GeneType::Other,
        stable_ids: Vec::new(),
        aliases: Vec::new(),
    }
}

/// Adds the accession and the synonyms of a line (column 11: `IRC2_YEAST|IRC2|YDR112W`), once an accession.
fn add_names(gene: &mut GeneNames, fields: &[&str]) {
    let accession = fields[ACCESSION];
    if accession.is_empty() || gene.stable_ids.iter().any(|id| id == accession) {
        return;
    }
    gene.stable_ids.push(accession.to_owned());
    let synonyms =
        fields[SYNONYMS].split('|').map(str::trim).filter(|name| !name.is_empty() && *name != gene.symbol);
    let synonyms: Vec<String> = synonyms.map(str::to_owned).collect();
    for name in synonyms {
        let list = if IdKind::of(&name) == IdKind::Symbol { &mut gene.aliases } else { &mut gene.stable_ids };
        if !list.contains(&name) {
            list.push(name);
        }
    }
}

/// Why no line could be used.
fn nothing_usable(notes: &GafNotes, names: GafNames, ontology: &Ontology) -> Problem {
    let first = notes.first_left_out.unwrap_or(1);
    if notes.malformed > notes.nameless + notes.unknown_terms {
        let message = format!("none of its {} is one of a GAF", count(notes.malformed, "line"));
        return Problem { line: Some(first), ..Problem::of_file(message) }
            .hint("a GAF line has 17 columns, separated by tabs");
    }
    if notes.nameless > notes.unknown_terms {
        let (what, column, hint) = match names {
            GafNames::Symbol => ("symbol", "3", "call genes by their accessions instead: --accessions"),
            GafNames::Accession => {
                ("accession", "2", "leave --accessions out to call genes by their symbols")
            }
        };
        return Problem::at_line(first, format!("no gene has {}", article(what)))
            .in_column(column)
            .hint(hint);
    }
    Problem::of_file(format!("no annotation fits the ontology of release {}", ontology.release()))
        .hint("the GAF and the OBO should be of the same release")
}

/// `a symbol`, `an accession`.
fn article(noun: &str) -> String {
    if noun.starts_with('a') { format!("an {noun}") } else { format!("a {noun}") }
}

#[cfg(test)]
mod tests {
    use alkaline_core::ontology::{Aspect, Term};

    use super::*;

    fn ontology() -> Ontology {
        let term = |id: &str| Term { id: id.into(), name: id.into(), aspect: Aspect::BiologicalProcess };
        Ontology::new("test", vec![term("GO:1"), term("GO:2")], &[]).unwrap()
    }

    fn line(symbol: &str, qualifier: &str, term: &str) -> String {
        format!(
            "UniProtKB\tP1\t{symbol}\t{qualifier}\t{term}\tPMID:1\tIDA\t\tP\t\t\tprotein\ttaxon:9606\t20260101\tX\t\t\n"
        )
    }

    #[test]
    fn negated_annotations_and_unknown_terms_are_left_out_and_counted() {
        let text = [
            "!gaf-version: 2.2\n!date-generated: 2026-01-23T10:00\n".to_owned(),
            line("CCL20", "involved_in", "GO:1"),
            line("CCL20", "acts_upstream_of", "GO:1"),
            line("IL6", "NOT|involved_in", "GO:1"),
            line("IL6", "", "GO:2"),
            line("IL6", "", "GO:9"),
        ]
        .concat()
        .replace('\n', "\r\n");
        let gaf = parse(&text, Path::new("h.gaf"), &ontology(), GafNames::Symbol).unwrap();
        assert_eq!(gaf.annotations.len(), 2);
        let taxa = vec!["taxon:9606".to_owned()];
        let expected =
            GafNotes { annotations: 3, genes: 2, taxa, negated: 1, unknown_terms: 1, ..GafNotes::default() };
        assert_eq!(gaf.notes, expected);
        assert_eq!(gaf.annotations.source().version.as_deref(), Some("2026-01-23T10:00"));
    }

    #[test]
    fn genes_are_called_by_symbol_or_accession_and_terms_by_any_of_their_identifiers() {
        let ontology = ontology().with_alternatives([("GO:7", "GO:2")]);
        let text = line("CCL20", "", "GO:7");
        for (names, expected) in [(GafNames::Symbol, "CCL20"), (GafNames::Accession, "P1")] {
            let gaf = parse(&text, Path::new("h.gaf"), &ontology, names).unwrap();
            let (gene, terms) = gaf.annotations.by_gene().next().unwrap();
            assert_eq!((gene.as_str(), terms), (expected, &[1_u32][..]));
        }
    }

    #[test]
    fn lines_without_a_symbol_and_torn_ones_are_left_out_and_counted() {
        let text = [
            line("IL6", "", "GO:1"),
            line("", "", "GO:2"),
            "UniProtKB\tP1\tIL8\n".to_owned(),
            line("CCL20", "", "GO:2"),
        ]
        .concat();
        let gaf = parse(&text, Path::new("h.gaf"), &ontology(), GafNames::Symbol).unwrap();
        let GafNotes { annotations, genes, nameless, malformed, first_left_out, .. } = gaf.notes;
        assert_eq!((annotations, genes, nameless, malformed, first_left_out), (2, 2, 1, 1, Some(2)));
    }

    #[test]
    fn genes_have_their_synonyms() {
        let line = |accession: &str, synonyms: &str| {
            format!(
                "SGD\t{accession}\tIRC2\t\tGO:1\tPMID:1\tIDA\t\tP\t\t{synonyms}\tgene\ttaxon:559292\t20260101\tSGD\n"
            )
        };
        let text =
            [line("S1", "IRC2_YEAST|IRC2|YDR112W"), line("S1", "YDR112W"), line("S2", "YDR112W|other")]
                .concat();
        let gaf = parse(&text, Path::new("y.gaf"), &ontology(), GafNames::Symbol).unwrap();
        let expected = GeneNames {
            entrez: None,
            symbol: "IRC2".into(),
            gene_type: GeneType::Other,
            stable_ids: ["S1", "YDR112W", "S2"].map(str::to_owned).to_vec(),
            aliases: ["IRC2_YEAST", "other"].map(str::to_owned).to_vec(),
        };
        assert_eq!(gaf.names, [expected]);
    }

    #[test]
    fn a_file_without_any_usable_line_is_refused_with_what_to_do() {
        let error = |text: &str| {
            parse(text, Path::new("h.gaf"), &ontology(), GafNames::Symbol).unwrap_err().to_string()
        };
        let torn = error("!\na\tb\n");
        assert!(
            torn.starts_with("h.gaf, line 2: none of its 1 line is") && torn.contains("17 columns"),
            "{torn}"
        );
        let nameless = error(&line("", "", "GO:1"));
        assert!(nameless.starts_with("h.gaf, line 1, column `3`: no gene has a symbol"), "{nameless}");
        assert!(nameless.contains("--accessions"), "{nameless}");
        assert!(error("!gaf-version: 2.2\n").contains("no annotation fits"));
    }
}
