//! Test tables as other programs leave them.

use std::path::{Path, PathBuf};

use alkaline_core::results::Direction;

use super::*;

/// A file of this text, in a folder that lives as long as the first value.
fn file(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn read_text(name: &str, text: &str) -> TestInput {
    let (_folder, path) = file(name, text);
    read_any(&path).unwrap()
}

fn error(text: &str) -> String {
    let (_folder, path) = file("t.csv", text);
    read_any(&path).unwrap_err().to_string()
}

fn numbers(input: &TestInput) -> Vec<(&str, f64, f64, f64)> {
    input.rows.iter().map(|row| (row.gene.as_str(), row.log2_fold_change, row.p_value, row.fdr)).collect()
}

#[test]
fn tables_of_edger_limma_and_deseq2_are_read_as_r_writes_them() {
    let top_tags = "\"\",\"logFC\",\"logCPM\",\"PValue\",\"FDR\"\n\"CCL20\",2.5,5.1,1e-04,0.01\n";
    let top_table = "\"logFC\"\t\"AveExpr\"\t\"t\"\t\"P.Value\"\t\"adj.P.Val\"\t\"B\"\n\"CCL20\"\t2.5\t5.1\t9\t1e-04\t0.01\t3\n";
    let deseq2 = "\"\",\"baseMean\",\"log2FoldChange\",\"lfcSE\",\"stat\",\"pvalue\",\"padj\"\n\"CCL20\",91,2.5,0.3,8,1e-04,0.01\n";
    let tidy = "\"\",\"gene\",\"log2FoldChange\",\"pvalue\",\"padj\"\n\"7\",\"CCL20\",2.5,1e-04,0.01\n";
    let seurat =
        "\"\",\"p_val\",\"avg_log2FC\",\"pct.1\",\"pct.2\",\"p_val_adj\"\n\"CCL20\",1e-04,2.5,0.5,0.1,0.01\n";
    for text in [top_tags, top_table, deseq2, tidy, seurat] {
        let input = read_text("t.csv", text);
        assert_eq!(numbers(&input), [("CCL20", 2.5, 1e-4, 0.01)], "{text}");
        assert!(input.has_fdr && !input.has_calls && input.thresholds.is_none());
        assert_eq!(input.notes.len(), 1, "{:?}", input.notes);
    }
    let deseq2 = read_text("t.csv", deseq2).notes;
    assert_eq!(
        deseq2,
        [
            "genes were read from the first column, log2 fold changes from `log2FoldChange`, P from `pvalue`, adjusted P from `padj`"
        ]
    );
}

#[test]
fn what_has_no_p_is_left_out_and_counted_and_what_has_no_adjusted_p_stays() {
    let input = read_text(
        "d.csv",
        "gene_id,logFC,PValue,FDR\nA,1,0.1,NA\nB,2,NA,NA\nC,NA,0.5,0.5\n,1,0.1,0.1\nNA,1,0.1,0.1\n",
    );
    assert_eq!(input.rows.len(), 1);
    assert!(input.rows[0].fdr.is_nan() && input.rows[0].direction == Direction::NotSignificant);
    assert_eq!(
        input.notes,
        ["4 rows of 5 left out: 1 without P, 1 without a log fold change, 2 without a gene"]
    );
}

#[test]
fn a_p_of_zero_is_the_smallest_double_unless_its_logarithm_is_told() {
    let input = read_text("t.tsv", "gene_id\tlogFC\tPValue\nA\t1\t0\nB\t-1\t1e-300\n");
    assert_eq!(input.zero_p, 1);
    assert!((input.rows[0].log10_p + 323.306).abs() < 1e-3, "{}", input.rows[0].log10_p);
    let told = read_text("t.tsv", "gene_id\tlogFC\tPValue\tlog10P\nA\t1\t0\t-400\n");
    assert_eq!((told.zero_p, told.rows[0].log10_p), (0, -400.0));
}

#[test]
fn what_is_no_p_value_is_refused_with_its_line() {
    let said = error("gene_id,logFC,PValue\nA,1,0.5\nB,2,1.7\nC,2,-0.1\n");
    assert!(
        said.contains("t.csv, line 3, column `PValue`: 1.7 is no P value") && said.contains("line 4"),
        "{said}"
    );
    assert!(said.contains("hint: is this another statistic"), "{said}");
}

#[test]
fn tables_without_the_columns_are_refused_with_what_they_have() {
    let said = error("gene_id,baseMean,pvalue\nA,1,0.5\n");
    assert!(said.contains("no column of log2 fold changes") && said.contains("baseMean"), "{said}");
    let wide = (0..500).map(|i| format!("sample{i}")).collect::<Vec<_>>().join(",");
    let said = error(&format!("gene_id,{wide}\n"));
    assert!(said.contains("and 493 more") && said.len() < 700, "{said}");
    let numbered = "\"\",\"logFC\",\"PValue\"\n\"1\",1,0.5\n\"3\",1,0.5\n\"2\",2,0.5\n\"4\",2,0.5\n";
    assert!(error(numbered).contains("the first column numbers the rows"), "{}", error(numbered));
    assert!(error("logFC,PValue\n1,0.5\n").contains("no column of genes"));
}

#[test]
fn genes_are_what_the_table_calls_so_else_its_first_column() {
    let gene = |text: &str| read_text("t.csv", text).rows[0].gene.to_string();
    assert_eq!(gene("x,symbol,logFC,PValue\nENSG00000000003,TSPAN6,1,0.5\n"), "ENSG00000000003");
    assert_eq!(gene("logFC,PValue,ENTREZID\n1,0.5,7105\n"), "7105");
    assert_eq!(gene("transcript cluster,logFC,PValue\n7892501_at,1,0.5\n"), "7892501_at");
    assert_eq!(gene("Symbol,gene_id,logFC,PValue\nTSPAN6,ENSG00000000003,1,0.5\n"), "ENSG00000000003");
}

#[test]
fn calls_are_read_in_any_case() {
    let calls = "gene_id,logFC,PValue,direction\nA,1,0.5,Up\nB,-1,0.5,DOWN\nC,0,0.5,NotSig\n";
    let directions: Vec<Direction> = read_text("t.csv", calls).rows.iter().map(|row| row.direction).collect();
    assert_eq!(directions, [Direction::Up, Direction::Down, Direction::NotSignificant]);
    assert!(
        error("gene_id,logFC,PValue,direction\nA,1,0.5,left\n").contains("`left` is none of up, down, ns")
    );
    assert!(read_any(Path::new("/nowhere.tsv")).is_err());
}
