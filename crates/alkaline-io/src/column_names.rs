//! What columns of tables about genes are called, whoever wrote them. Case, blanks, `_`, `.` and `-` do not matter.

/// Columns of identifiers.
const IDENTIFIERS: [&str; 33] = [
    "gene",
    "genes",
    "geneid",
    "geneids",
    "id",
    "ids",
    "ensembl",
    "ensemblid",
    "ensemblgeneid",
    "ensemblgene",
    "ensg",
    "entrez",
    "entrezid",
    "entrezgene",
    "entrezgeneid",
    "ncbigeneid",
    "ncbigene",
    "locustag",
    "symbol",
    "symbols",
    "genesymbol",
    "genesymbols",
    "hgncsymbol",
    "genename",
    "genenames",
    "name",
    "feature",
    "featureid",
    "target",
    "targetid",
    "transcript",
    "transcriptid",
    "probeid",
];

/// Columns of NCBI's numbers, which are identifiers although they are numbers.
const ENTREZ: [&str; 7] =
    ["entrez", "entrezid", "entrezgene", "entrezgeneid", "ncbigeneid", "ncbigene", "ncbiid"];

/// Columns of symbols.
const SYMBOLS: [&str; 13] = [
    "genename",
    "genenames",
    "symbol",
    "symbols",
    "genesymbol",
    "genesymbols",
    "hgncsymbol",
    "mgisymbol",
    "externalgenename",
    "associatedgenename",
    "geneshortname",
    "genesymbolid",
    "hgnc",
];

/// Columns of biotypes.
const BIOTYPES: [&str; 5] = ["genebiotype", "genetype", "biotype", "genebiotypes", "transcriptbiotype"];

/// Columns of exonic lengths, in the order in which they are preferred.
const LENGTHS: [&str; 11] = [
    "length",
    "genelength",
    "exoniclength",
    "exonlength",
    "totalexonlength",
    "effectivelength",
    "efflength",
    "efflen",
    "featurelength",
    "transcriptlength",
    "len",
];

/// Other columns that describe a gene rather than count it, though they hold numbers. A column of words is no sample whatever it is
/// called: names that a sample may have (`target`, `source`, `class`) do not stand here.
const ANNOTATION: [&str; 34] = [
    "chr",
    "chrom",
    "chromosome",
    "chromosomename",
    "seqname",
    "seqnames",
    "seqid",
    "contig",
    "start",
    "end",
    "stop",
    "startposition",
    "endposition",
    "genestart",
    "geneend",
    "txstart",
    "txend",
    "strand",
    "width",
    "description",
    "genedescription",
    "exoncount",
    "exonnumber",
    "exons",
    "nexons",
    "numberofexons",
    "gc",
    "gccontent",
    "percentagegccontent",
    "tssid",
    "geneid",
    "geneids",
    "ensemblgeneid",
    "locustag",
];

/// Columns of values that programs write beside the counts of one sample (RSEM, salmon, kallisto, StringTie): they are no counts.
const NO_COUNTS: [&str; 12] = [
    "tpm",
    "fpkm",
    "rpkm",
    "cpm",
    "isopct",
    "coverage",
    "cov",
    "posteriormeancount",
    "pmetpm",
    "pmefpkm",
    "basemean",
    "aveexpr",
];

/// Names that row numbers go by: R and pandas write them without being asked.
const ROW_NUMBERS: [&str; 12] =
    ["", "x", "unnamed0", "index", "row", "rows", "rownames", "rowname", "1", "no", "nr", "v1"];

/// A name without what people vary.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !"_.-:'\"()[]/".contains(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.contains(&plain(name).as_str())
}

/// Whether a column of this name holds identifiers.
pub(crate) fn is_identifier(name: &str) -> bool {
    is_one_of(name, &IDENTIFIERS)
}

/// Whether a column of this name holds NCBI's numbers.
pub(crate) fn is_entrez(name: &str) -> bool {
    is_one_of(name, &ENTREZ)
}

/// Whether a column of this name holds symbols.
pub(crate) fn is_symbol(name: &str) -> bool {
    is_one_of(name, &SYMBOLS)
}

/// Whether a column of this name holds biotypes.
pub(crate) fn is_biotype(name: &str) -> bool {
    is_one_of(name, &BIOTYPES)
}

/// Whether a column of this name is likely to hold row numbers.
pub(crate) fn is_row_number(name: &str) -> bool {
    is_one_of(name, &ROW_NUMBERS)
}

/// Whether a column of this name holds lengths.
pub(crate) fn is_length(name: &str) -> bool {
    is_one_of(name, &LENGTHS)
}

/// The place of the column of lengths that is preferred.
pub(crate) fn length_column(header: &[String]) -> Option<usize> {
    LENGTHS.iter().find_map(|length| header.iter().position(|name| plain(name) == *length))
}

/// Whether a column of this name describes a gene, and is no sample unless somebody says so.
pub(crate) fn describes_genes(name: &str) -> bool {
    is_one_of(name, &ANNOTATION)
        || is_one_of(name, &NO_COUNTS)
        || is_entrez(name)
        || is_symbol(name)
        || is_biotype(name)
        || is_length(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        assert!(is_entrez("NCBI gene ID") && is_identifier("Ensembl_Gene_ID") && is_symbol("Gene.Symbol"));
        assert!(is_row_number("Unnamed: 0") && is_row_number("") && !is_row_number("gene"));
        assert!(describes_genes("Start") && describes_genes("exon_count"));
        assert!(!describes_genes("a1") && !describes_genes("target") && !describes_genes("source"));
        assert!(describes_genes("TPM") && describes_genes("eff_length") && !describes_genes("NumReads"));
        let header = ["gene", "effective_length", "length"].map(str::to_owned);
        assert_eq!(length_column(&header), Some(2));
    }
}
