//! Platforms: which probe is of which gene.
//!
//! NCBI joins several genes of a probe by `///`, submitters by ` /// `; `---` is none. Affymetrix' gene arrays have one column
//! `gene_assignment` of accession, symbol, name, place and number, joined by ` // `, several of them by ` /// `.

use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;

use alkaline_core::words::{count_of, listed};

use super::web_page::refuse_web_page;
use crate::column_names::plain;
use crate::error::{FileProblems, Problem, ReadError};
use crate::plain_text::plain_text;

/// Columns of symbols, as their names are spelt without case, blanks and signs; the first that is there is taken.
const SYMBOLS: [&str; 9] = [
    "genesymbol",
    "genesymbols",
    "symbol",
    "symbols",
    "hgncsymbol",
    "ilmngene",
    "genename",
    "geneassignment",
    "genesymbolid",
];

/// Columns of NCBI's numbers.
const NUMBERS: [&str; 7] =
    ["geneid", "entrezgeneid", "entrezgene", "entrezid", "entrez", "ncbigeneid", "gene"];

/// The column that holds everything in one.
const ASSIGNMENT: &str = "geneassignment";

/// A platform as a SOFT file describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Platform {
    /// Its accession: `GPL6244`.
    pub accession: String,
    /// Everything that is told of it, key (without `!Platform_`) and value.
    pub facts: Vec<(String, String)>,
    /// Its probes.
    pub probes: PlatformProbes,
}

/// The genes of probes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlatformProbes {
    genes: HashMap<String, Vec<String>>,
    /// Number of probes, those without a gene among them.
    pub probes: usize,
    /// Probes that are of no gene.
    pub without: usize,
    /// Probes of several genes.
    pub several: usize,
    /// The column that the genes were taken from.
    pub column: Option<String>,
    /// The other columns, where no column holds genes.
    pub columns: Vec<String>,
}

impl PlatformProbes {
    /// The genes of a probe; none where it has none, or is not known.
    pub fn genes(&self, probe: &str) -> &[String] {
        self.genes.get(probe).map_or(&[], Vec::as_slice)
    }

    /// Whether any probe has a gene.
    pub fn has_genes(&self) -> bool {
        !self.genes.is_empty()
    }

    /// What is known of the probes, in a sentence.
    pub fn in_words(&self) -> String {
        let probes = count_of(self.probes, "probe", "probes");
        match &self.column {
            Some(column) => format!(
                "{probes} with their genes in the column `{column}`: {} without a gene, {} of several genes",
                self.without, self.several
            ),
            None => format!("{probes}, but no column of genes; the columns are {}", listed(&self.columns)),
        }
    }
}

/// Reads the rows of a table of probes.
#[derive(Clone, Debug, Default)]
pub(super) struct ProbeReader {
    header: Option<Header>,
    read: PlatformProbes,
}

/// Which column holds what.
#[derive(Clone, Debug)]
struct Header {
    probe: usize,
    gene: Option<usize>,
    is_assignment: bool,
}

impl ProbeReader {
    /// Takes a row; the first is the header.
    pub fn take(&mut self, cells: &[&str]) {
        let Some(header) = &self.header else {
            self.begin(cells);
            return;
        };
        let cell =
            |place: usize| cells.get(place).map(|cell| cell.trim().trim_matches('"')).unwrap_or_default();
        let probe = cell(header.probe);
        if probe.is_empty() {
            return;
        }
        let genes = match header.gene {
            Some(place) if header.is_assignment => genes_of_assignment(cell(place)),
            Some(place) => genes_of(cell(place)),
            None => Vec::new(),
        };
        self.read.probes += 1;
        self.read.without += usize::from(genes.is_empty());
        self.read.several += usize::from(genes.len() > 1);
        if !genes.is_empty() {
            self.read.genes.insert(probe.to_owned(), genes);
        }
    }

    fn begin(&mut self, cells: &[&str]) {
        let names: Vec<&str> = cells.iter().map(|cell| cell.trim().trim_matches('"')).collect();
        let gene = gene_column(&names);
        let probe = names
            .iter()
            .position(|name| matches!(plain(name).as_str(), "id" | "probeid" | "idref"))
            .unwrap_or(0);
        let is_assignment = gene.is_some_and(|place| plain(names[place]) == ASSIGNMENT);
        self.read.column = gene.map(|place| names[place].to_owned());
        self.read.columns = names.iter().map(|name| (*name).to_owned()).collect();
        self.header = Some(Header { probe, gene, is_assignment });
    }

    pub fn finish(self) -> PlatformProbes {
        self.read
    }
}

/// The column of genes: of symbols, else of NCBI's numbers. Column names repeat; the first counts.
fn gene_column(names: &[&str]) -> Option<usize> {
    let plain: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let find =
        |wanted: &[&str]| wanted.iter().find_map(|wanted| plain.iter().position(|name| name == wanted));
    find(&SYMBOLS).or_else(|| find(&NUMBERS))
}

/// Whether a header is that of probes with their genes: `probe_id`, `symbol`.
pub(super) fn is_probe_header(names: &[&str]) -> bool {
    let first = names.first().map(|name| plain(name)).unwrap_or_default();
    matches!(first.as_str(), "probeid" | "probe" | "probesetid")
        && names.len() > 1
        && gene_column(&names[1..]).is_some()
}

/// The genes in a field, each once.
fn genes_of(field: &str) -> Vec<String> {
    let mut genes: Vec<String> = Vec::new();
    for gene in field.split("///").map(str::trim) {
        if !is_none(gene) && !genes.iter().any(|known| known == gene) {
            genes.push(gene.to_owned());
        }
    }
    genes
}

/// The symbols in a field of `gene_assignment`.
fn genes_of_assignment(field: &str) -> Vec<String> {
    let mut genes: Vec<String> = Vec::new();
    for assignment in field.split("///") {
        let symbol = assignment.split(" // ").nth(1).map(str::trim).unwrap_or_default();
        if !is_none(symbol) && !genes.iter().any(|known| known == symbol) {
            genes.push(symbol.to_owned());
        }
    }
    genes
}

/// What stands for no gene.
fn is_none(gene: &str) -> bool {
    matches!(gene, "" | "---" | "--" | "-" | "NA" | "n/a" | "null" | "NULL" | "N/A")
}

/// Reads the probes of a platform from the file at `path`: NCBI's annotation, SOFT, or a table of probes and symbols.
///
/// # Errors
/// [`ReadError`] for a file that cannot be read, or without a row of probes.
pub fn read_platform(path: &Path) -> Result<Platform, ReadError> {
    let in_context = |source| ReadError::from_io(path, source);
    let mut input = plain_text(crate::file::open(path)?).map_err(in_context)?.input;
    let mut platform = Platform { accession: accession_of_name(path), ..Platform::default() };
    let (mut reader, mut is_table, mut is_ended, mut is_plain) = (ProbeReader::default(), false, false, true);
    let mut bytes = Vec::new();
    while {
        bytes.clear();
        input.read_until(b'\n', &mut bytes).map_err(in_context)?
    } > 0
    {
        let text = String::from_utf8_lossy(&bytes);
        let line = text.trim_end_matches(['\n', '\r']);
        refuse_web_page(line).map_err(|problem| FileProblems::one(path, problem))?;
        match line.as_bytes().first() {
            Some(b'!') if line.trim_end().ends_with("_table_begin") => is_table = true,
            Some(b'!') if line.trim_end().ends_with("_table_end") => (is_table, is_ended) = (false, true),
            Some(b'^' | b'!' | b'#') if !is_table => {
                is_plain = false;
                take_accession(line, &mut platform);
            }
            _ if (is_table || is_plain) && !line.trim().is_empty() => {
                reader.take(&line.split(if line.contains('\t') { '\t' } else { ',' }).collect::<Vec<_>>());
            }
            _ => {}
        }
    }
    platform.probes = reader.finish();
    let problem = if is_table && !is_ended {
        Some(
            Problem::of_file("the table of probes has no end: the file is cut off").hint("download it again"),
        )
    } else if platform.probes.probes == 0 {
        let hint = "sequencing platforms have none; of arrays, take GPL....annot.gz or the full table of the platform";
        Some(Problem::of_file("there is no table of probes in it").hint(hint))
    } else {
        None
    };
    match problem {
        Some(problem) => Err(FileProblems::one(path, problem).into()),
        None => Ok(platform),
    }
}

/// Takes the accession from a line that tells it.
fn take_accession(line: &str, platform: &mut Platform) {
    let Some((key, value)) = line.split_once(" = ") else { return };
    if matches!(key, "!Annotation_platform" | "^PLATFORM" | "!Platform_geo_accession") {
        platform.accession = value.trim().to_owned();
    }
}

/// The accession that a file is called by, where it is.
fn accession_of_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let digits = name
        .strip_prefix("GPL")
        .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    digits.filter(|digits| !digits.is_empty()).map_or_else(String::new, |digits| format!("GPL{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, name: &str) -> Result<Platform, ReadError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        read_platform(&path)
    }

    #[test]
    fn several_genes_and_none_are_told_apart_in_every_spelling() {
        assert_eq!(genes_of("A///B /// A"), ["A", "B"]);
        assert!(genes_of("---").is_empty() && genes_of("").is_empty());
        let field = "NM_1 // OR4F5 // olfactory // 1q41.1 // 79501 /// NM_2 // OR4F5 // x // y // 1 /// AK // --- // z";
        assert_eq!(genes_of_assignment(field), ["OR4F5"]);
        assert!(genes_of_assignment("---").is_empty());
    }

    #[test]
    fn the_annotation_of_ncbi_is_read_though_its_columns_repeat() {
        let text = "^Annotation\n!Annotation_platform = GPL97\n#ID = ID\n!platform_table_begin\n\
                    ID\tGene title\tGene symbol\tGene ID\tGO:Function\tGO:Function\n\
                    p1\tt\tA///B\t1///2\tx\ty\np2\t\t\t\t--Control\t\np3\tt\tC\t3\t\t\n!platform_table_end\n";
        let platform = read(text, "x.annot").unwrap();
        assert_eq!(platform.accession, "GPL97");
        assert_eq!(platform.probes.genes("p1"), ["A", "B"]);
        assert_eq!((platform.probes.probes, platform.probes.without, platform.probes.several), (3, 1, 1));
    }

    #[test]
    fn a_table_of_probes_and_symbols_is_a_platform_named_by_its_file() {
        let platform = read("probe_id\tsymbol\n7896759\tLINC01128\n", "GPL6244.probe2symbol.tsv").unwrap();
        assert_eq!(
            (platform.accession.as_str(), platform.probes.genes("7896759")),
            ("GPL6244", &["LINC01128".to_owned()][..])
        );
    }

    #[test]
    fn a_platform_without_probes_is_refused_and_one_without_genes_says_its_columns() {
        let message = read("^PLATFORM = GPL11154\n!Platform_data_row_count = 0\n", "GPL11154.soft")
            .unwrap_err()
            .to_string();
        assert!(message.contains("no table of probes"), "{message}");
        let platform =
            read("!platform_table_begin\nID\tSEQUENCE\np\tACGT\n!platform_table_end\n", "GPL2.soft").unwrap();
        assert!(!platform.probes.has_genes());
        assert!(platform.probes.in_words().contains("the columns are ID, SEQUENCE"));
    }
}
