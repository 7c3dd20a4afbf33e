//! Which column of a test table holds what: by alkaline's names, by those of edgeR, limma, DESeq2 and others, or, for the
//! genes, by being the first. What was not plain is said.

use alkaline_core::words::listed;

use super::super::table::Rows;
use super::COLUMNS;
use crate::error::Problem;
use crate::row_numbers::are_row_numbers;

/// Names of genes, the most telling first; without case, blanks and punctuation, as all names here.
const GENES: [&str; 29] = [
    "geneid",
    "ensemblgeneid",
    "ensembl",
    "ensemblid",
    "ensembleid",
    "ensemblgene",
    "entrezid",
    "entrez",
    "entrezgeneid",
    "entrezgene",
    "ncbigeneid",
    "gene",
    "genes",
    "geneids",
    "id",
    "ids",
    "locustag",
    "orf",
    "feature",
    "featureid",
    "target",
    "targetid",
    "symbol",
    "genesymbol",
    "hgncsymbol",
    "genename",
    "genenames",
    "externalgenename",
    "names",
];

/// Log2 fold changes: edgeR and limma, DESeq2, Seurat, cuffdiff, scanpy.
const LOG_FOLD_CHANGES: [&str; 9] = [
    "logfc",
    "log2foldchange",
    "log2fc",
    "log2fold",
    "lfc",
    "avglog2fc",
    "log2foldchanges",
    "logfoldchanges",
    "logfoldchange",
];

/// P values: edgeR, limma, DESeq2, Seurat, cuffdiff, scanpy.
const P_VALUES: [&str; 7] = ["pvalue", "pval", "pvalues", "pvals", "rawpvalue", "rawp", "p"];

/// Adjusted P values: edgeR, limma, DESeq2, Seurat, cuffdiff, scanpy, and edgeR's under Holm's correction.
const ADJUSTED: [&str; 15] = [
    "fdr",
    "adjpval",
    "padj",
    "adjpvalue",
    "pvaladj",
    "pvalsadj",
    "pvalueadj",
    "padjusted",
    "adjustedpvalue",
    "adjustedp",
    "padjust",
    "qvalue",
    "qval",
    "fdrpvalue",
    "fwer",
];

/// What R and pandas call a column that nobody named.
const NAMELESS: [&str; 8] = ["", "x", "1", "unnamed0", "index", "rownames", "rowname", "row"];

/// Where everything stands, by the names of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) gene: String,
    pub(super) log_fold_change: String,
    pub(super) p_value: String,
    pub(super) fdr: Option<String>,
}

impl Columns {
    /// Finds the columns.
    ///
    /// # Errors
    /// A problem that names what is missing and what there is.
    pub(super) fn find(rows: &Rows) -> Result<Self, Problem> {
        let header = rows.header();
        let log_fold_change = named(header, &LOG_FOLD_CHANGES);
        let p_value = named(header, &P_VALUES);
        let (Some(log_fold_change), Some(p_value)) = (log_fold_change, p_value) else {
            return Err(missing(header, log_fold_change.is_none(), p_value.is_none()));
        };
        let fdr = named(header, &ADJUSTED).map(str::to_owned);
        let gene = gene_column(rows)?.to_owned();
        Ok(Self { gene, log_fold_change: log_fold_change.to_owned(), p_value: p_value.to_owned(), fdr })
    }

    /// What was read as what, where a name is not alkaline's own.
    pub(super) fn in_words(&self) -> Option<String> {
        let [own_gene, _, own_change, _, own_p, own_fdr, _] = COLUMNS;
        let fdr_is_own = self.fdr.as_deref().is_none_or(|name| name == own_fdr);
        if self.gene == own_gene && self.log_fold_change == own_change && self.p_value == own_p && fdr_is_own
        {
            return None;
        }
        let name = |column: &str| match column {
            "" => "the first column".to_owned(),
            named => format!("`{named}`"),
        };
        let adjusted =
            self.fdr.as_ref().map_or_else(String::new, |fdr| format!(", adjusted P from {}", name(fdr)));
        Some(format!(
            "genes were read from {}, log2 fold changes from {}, P from {}{adjusted}",
            name(&self.gene),
            name(&self.log_fold_change),
            name(&self.p_value)
        ))
    }
}

/// A name without case, blanks and punctuation.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The column that goes by the first of `names` that there is.
fn named<'a>(header: &'a [String], names: &[&str]) -> Option<&'a str> {
    let find = |name: &&str| header.iter().find(|column| plain(column) == **name);
    names.iter().find_map(find).map(String::as_str)
}

fn missing(header: &[String], no_fold_change: bool, no_p: bool) -> Problem {
    let wanted = [
        (no_fold_change, "log2 fold changes (`logFC`, `log2FoldChange`)"),
        (no_p, "P values (`PValue`, `P.Value`, `pvalue`)"),
    ];
    let wanted: Vec<&str> = wanted.iter().filter(|(missing, _)| *missing).map(|(_, what)| *what).collect();
    Problem::of_file(format!("no column of {}; the columns are: {}", wanted.join(", nor of "), listed(header))).hint(
        "a test table has a row a gene, with its log2 fold change and its P; give the columns the names gene_id, logFC, PValue, FDR, \
         or a ranked list as --ranks, or chosen genes as --genes",
    )
}

/// The column of the genes: `gene_id`; else a first column without a name, unless it numbers the rows; else one with a usual
/// name; else the first, unless it holds numbers.
fn gene_column(rows: &Rows) -> Result<&str, Problem> {
    let header = rows.header();
    if let Some(own) = header.iter().find(|name| *name == COLUMNS[0]) {
        return checked(rows, own);
    }
    let first = header.first().map_or("", String::as_str);
    let usual = named(&header[1..], &GENES);
    if NAMELESS.contains(&plain(first).as_str()) {
        let holds_numbers = rows.values(first).all(|value| value.trim().parse::<f64>().is_ok());
        return match usual {
            Some(usual) if holds_numbers => checked(rows, usual),
            _ => checked(rows, first),
        };
    }
    if let Some(usual) = named(header, &GENES) {
        return checked(rows, usual);
    }
    let holds_numbers = rows.values(first).all(|value| value.trim().parse::<f64>().is_ok());
    if holds_numbers {
        let message = format!("no column of genes (`gene_id`); the columns are: {}", listed(header));
        return Err(Problem::of_file(message).hint("call the column of the genes gene_id"));
    }
    Ok(first)
}

/// The column `name`, unless it numbers the rows.
fn checked<'a>(rows: &Rows, name: &'a str) -> Result<&'a str, Problem> {
    let numbers: Option<Vec<usize>> = rows.values(name).map(|value| value.trim().parse().ok()).collect();
    if numbers.is_some_and(are_row_numbers) {
        let column = if name.is_empty() { "the first column".to_owned() } else { format!("column `{name}`") };
        return Err(Problem::of_file(format!("{column} numbers the rows; it holds no genes")).hint(
            "write the table with its gene names (in R: row.names = TRUE), or call their column gene_id",
        ));
    }
    Ok(name)
}
