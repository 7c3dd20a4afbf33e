//! The classic path on real data, number by number against edgeR 3.40.2.
#![cfg(test)]

mod against_edger;

use std::collections::HashMap;
use std::path::Path;

use against_edger::{Difference, Table, difference};
use alkaline_core::results::TestTable;
use alkaline_core::{ContrastSpec, CountMatrix, Groups, LibrarySizes};
use alkaline_dge::{DispersionOptions, ExactTestOptions, estimate_dispersion, exact_test};
use alkaline_norm::{FilterOptions, NormOptions, filter_by_expression, library_sizes};

struct Analysis {
    sizes: LibrarySizes,
    tagwise: HashMap<String, f64>,
    table: TestTable,
}

fn analyse(all: &CountMatrix, groups: &Groups, reference: &str, target: &str) -> Analysis {
    let kept = filter_by_expression(all, groups, &FilterOptions::default()).unwrap().matrix;
    let sizes = library_sizes(&kept, &NormOptions::default()).unwrap();
    let dispersion = estimate_dispersion(&kept, &sizes, groups, &DispersionOptions::default()).unwrap();
    let contrast = contrast(reference, target);
    let table =
        exact_test(&kept, &sizes, groups, &dispersion, &contrast, &ExactTestOptions::default()).unwrap();
    let tagwise = dispersion.tagwise.as_ref().unwrap();
    let tagwise = tagwise.iter().map(|(gene, phi)| (gene.to_string(), *phi)).collect();
    Analysis { sizes, tagwise, table }
}

fn contrast(reference: &str, target: &str) -> ContrastSpec {
    ContrastSpec::between("c", "group", reference, target)
}

fn compare(name: &str, golden: &Table, table: &TestTable) -> [Difference; 4] {
    let mut expected = Vec::new();
    let mut actual = Vec::new();
    assert_eq!(golden.rows.len(), table.rows.len(), "{name}: number of kept genes");
    let columns = ["logFC", "logCPM", "PValue", "FDR"];
    let lookup: Vec<HashMap<String, f64>> = columns.iter().map(|column| golden.by_row(column)).collect();
    for row in &table.rows {
        let gene = row.gene.as_str();
        expected.push(lookup.iter().map(|column| column[gene]).collect::<Vec<f64>>());
        actual.push(vec![row.log2_fold_change, row.log2_cpm, row.p_value, row.fdr]);
    }
    std::array::from_fn(|j| {
        let column = |rows: &[Vec<f64>]| rows.iter().map(|row| row[j]).collect::<Vec<f64>>();
        difference(&column(&expected), &column(&actual))
    })
}

fn check(name: &str, counts: &Path, golden: &Path, reference: &str, target: &str) {
    let samples = Table::read(&golden.join(format!("{name}.samples.csv")));
    let expected = Table::read(&golden.join(format!("{name}.exact.csv.gz")));
    let matrix = Table::read(counts).counts(&samples.names());
    let groups = against_edger::groups(&matrix, &samples.text("group"));
    let analysis = analyse(&matrix, &groups, reference, target);
    let factors = difference(&samples.numbers("norm.factors"), analysis.sizes.factors.values());
    assert_eq!(samples.numbers("lib.size"), analysis.sizes.raw.values(), "{name}: library sizes");
    let golden_tagwise = expected.by_row("tagwise");
    let (mut e, mut a) = (Vec::new(), Vec::new());
    for (gene, phi) in &analysis.tagwise {
        e.push(golden_tagwise[gene]);
        a.push(*phi);
    }
    let tagwise = difference(&e, &a);
    let [log_fc, log_cpm, p, fdr] = compare(name, &expected, &analysis.table);
    eprintln!(
        "{name}: {} genes; factors {:.1e}, tagwise {:.1e}, logFC {:.1e}, logCPM {:.1e}, P {:.1e}, FDR {:.1e}",
        p.compared,
        factors.relative,
        tagwise.relative,
        log_fc.absolute,
        log_cpm.absolute,
        p.relative,
        fdr.relative
    );
    assert!(p.compared > 1000);
    assert!(factors.relative < 1e-12, "{name}: factors {factors:?}");
    assert!(tagwise.relative < 1e-7, "{name}: tagwise {tagwise:?}");
    assert!(log_fc.absolute < 1e-9, "{name}: logFC {log_fc:?}");
    assert!(log_cpm.absolute < 1e-9, "{name}: logCPM {log_cpm:?}");
    assert!(p.relative < 1e-6, "{name}: P {p:?}");
    assert!(fdr.relative < 1e-6, "{name}: FDR {fdr:?}");
}

#[test]
fn classic_path_equals_edger_needs_data() {
    let Some(data) = alkaline_testkit::external_data("classic path on real data") else { return };
    let golden = data.join("golden/edger_3.40.2");
    let counts = |path: &str| data.join("counts").join(path);
    for (name, file, reference, target) in [
        ("drug_resistant_A", "drug_resistant/counts.csv", "parent", "resistant"),
        ("drug_resistant_B", "drug_resistant/counts.csv", "parent", "resistant"),
        ("GSE60450_basal_preg_lact", "GSE60450/countdata.tsv", "basalpregnant", "basallactate"),
        ("pasilla", "pasilla/pasilla_gene_counts.tsv", "untreated", "treated"),
        ("pickrell1_sex", "pickrell/counts.csv.gz", "male", "female"),
        ("schurch48", "schurch_yeast48/counts_96.tsv.gz", "WT", "Snf2"),
    ] {
        check(name, &counts(file), &golden, reference, target);
    }
}

/// Three groups in one estimation, two contrasts of it, against edgeR run on the spot.
#[test]
fn two_contrasts_of_one_estimation_equal_edger_needs_r() {
    let Some(data) = alkaline_testkit::external_data("two contrasts of one experiment") else { return };
    let library = ["-e", "suppressMessages(library(edgeR))"];
    if !alkaline_testkit::external_program("r", "Rscript", &library, "two contrasts by edgeR") {
        return;
    }
    let directory = data.join("counts/drug_resistant");
    let out = std::env::temp_dir().join(format!("two_contrasts_{}", std::process::id()));
    std::fs::create_dir_all(&out).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/against_edger/two_contrasts.R");
    let arguments = [script, directory.join("counts.csv"), directory.join("samples.csv"), out.clone()];
    let run = std::process::Command::new("Rscript").args(&arguments).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let samples = Table::read(&directory.join("samples.csv"));
    let matrix = Table::read(&directory.join("counts.csv")).counts(&samples.names());
    let groups = against_edger::groups(&matrix, &samples.text("condition"));
    for target in ["resistant_A", "resistant_B"] {
        let golden = Table::read(&out.join(format!("{target}.csv")));
        let analysis = analyse(&matrix, &groups, "parental", target);
        let [log_fc, log_cpm, p, fdr] = compare(target, &golden, &analysis.table);
        eprintln!(
            "{target}: {} genes; logFC {:.1e}, logCPM {:.1e}, P {:.1e}, FDR {:.1e}",
            p.compared, log_fc.absolute, log_cpm.absolute, p.relative, fdr.relative
        );
        assert!(p.compared > 10_000 && log_fc.absolute < 1e-9 && log_cpm.absolute < 1e-9);
        assert!(p.relative < 1e-6 && fdr.relative < 1e-6, "{p:?} {fdr:?}");
    }
    std::fs::remove_dir_all(&out).unwrap();
}
