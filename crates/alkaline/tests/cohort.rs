//! `alkaline cohort`: what is read, what is left, and what is refused in words.

#![cfg(test)]

mod command_line;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use command_line::{alkaline, refuse, stderr, succeed};

/// Sixteen patients with ties and censorings, the marker that goes with an early death, and one that says nothing.
fn write_cohort(folder: &Path) {
    let times = [1, 2, 2, 3, 4, 4, 4, 5, 6, 6, 7, 8, 8, 9, 10, 12];
    let events = [1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0];
    let marker = [5.1, 3.0, 4.4, 2.2, 4.4, 1.9, 2.7, 3.6, 3.0, 5.8, 2.5, 1.2, 3.9, 0.8, 2.2, 1.5];
    let mut clinical = String::from("Patient;OS_MONTHS;OS_STATUS;Sex\n");
    let mut panel = String::from("Patient,Plate,CCL20,Flat,IL6\n");
    for row in 0..16 {
        let status = if events[row] == 1 { "1:DECEASED" } else { "0:LIVING" };
        clinical.push_str(&format!(
            "P-{row};{};{status};{}\n",
            times[row],
            if row % 2 == 0 { "f" } else { "m" }
        ));
        let il6 = if row == 3 { "<LLOQ".to_owned() } else { (row * 7 % 16 + 1).to_string() };
        panel.push_str(&format!("p.{row},1,{},2,{il6}\n", marker[row]));
    }
    clinical.push_str("P-99;;0:LIVING;f\n");
    panel.push_str("x1,1,3,2,4\n");
    fs::write(folder.join("clinical.csv"), clinical).unwrap();
    fs::write(folder.join("panel.csv"), panel).unwrap();
}

/// The rows of a table, by column name.
fn rows(path: &Path) -> Vec<HashMap<String, String>> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let header: Vec<String> = lines.next().unwrap().split('\t').map(str::to_owned).collect();
    lines.map(|line| header.iter().cloned().zip(line.split('\t').map(str::to_owned)).collect()).collect()
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn number(row: &HashMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or(f64::NAN)
}

/// The words that name the files of [`write_cohort`].
const FILES: [&str; 7] = ["cohort", "--clinical", "clinical.csv", "--markers", "panel.csv", "--out", "out"];

#[test]
fn a_cohort_leaves_tables_figures_and_what_it_cannot_tell() {
    let folder = tempfile::tempdir().unwrap();
    write_cohort(folder.path());
    let more =
        "--cut continuous --multivariate CCL20,IL6 --roc-at 4,6.5 --responders 6 --correlate CCL20,IL6";
    succeed(folder.path(), &FILES.into_iter().chain(more.split(' ')).collect::<Vec<_>>());
    let out = folder.path().join("out");
    let single = rows(&out.join("univariate.tsv"));
    let ccl20 = single.iter().find(|row| row["marker"] == "CCL20").unwrap();
    // as R's coxph(Surv(t, d) ~ m)
    assert!((number(ccl20, "concordance") - 0.767_441_860_465).abs() < 1e-10);
    assert!(number(ccl20, "HR") > 1.0 && number(ccl20, "PValue") < 0.1);
    assert_eq!(ccl20["patients"], "16");
    let flat = single.iter().find(|row| row["marker"] == "Flat").unwrap();
    assert!(flat["PValue"] == "NA" && flat["note"].contains("the same in all samples"), "{flat:?}");
    assert_eq!(rows(&out.join("multivariate.tsv")).len(), 2);
    let roc = rows(&out.join("roc.tsv"));
    let area = |time: &str, estimator: &str| {
        let is_meant = |row: &&HashMap<String, String>| {
            row["marker"] == "CCL20" && row["time"] == time && row["estimator"].contains(estimator)
        };
        number(roc.iter().find(is_meant).unwrap(), "AUC")
    };
    assert!((area("6.5", "timeROC") - 0.853_504_482_478).abs() < 1e-10);
    assert!((area("6.5", "Kaplan-Meier") - 0.759_875_834_958).abs() < 1e-10);
    assert!((area("4", "nearest") - 0.689_202_405_739).abs() < 1e-10);
    assert!(text(&out.join("losses.tsv")).contains("x1\tsample of no patient"));
    assert!(text(&out.join("limits.md")).contains("10 events"));
    assert!(text(&out.join("methods.md")).contains("Cox's model"));
    let files = "table2.md table2.tsv table2.xlsx comparisons.tsv correlations.tsv figures/curve_OS_CCL20.svg figures/forest_OS.svg";
    files.split(' ').for_each(|name| assert!(out.join(name).is_file(), "{name}"));
}

#[test]
fn a_cut_chosen_by_the_outcome_has_the_p_of_the_choice_alone() {
    let folder = tempfile::tempdir().unwrap();
    write_cohort(folder.path());
    succeed(folder.path(), &[&FILES[..], &["--cut", "optimal", "--marker", "CCL20"]].concat());
    let row = rows(&folder.path().join("out/univariate.tsv")).remove(0);
    assert_eq!(row["cut"], "1.5");
    assert!((number(&row, "PValue") - 0.008).abs() < 0.004, "{}", row["PValue"]);
    assert_eq!(row["Cox.PValue"], "NA");
}

#[test]
fn two_samples_of_a_patient_are_a_pair_or_ask_which_counts() {
    let folder = tempfile::tempdir().unwrap();
    write_cohort(folder.path());
    let mut panel = String::from("Patient,Moment,CCL20\n");
    for row in 0..6 {
        panel.push_str(&format!("P-{row},first,{}\nP-{row},second,{}\n", row + 1, row * 2 + 3));
    }
    fs::write(folder.path().join("panel.csv"), panel).unwrap();
    let output = alkaline(folder.path(), &FILES);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("--visit COLUMN=VALUE"), "{}", stderr(&output));
    succeed(folder.path(), &[&FILES[..], &["--pairs", "Moment,first,second"]].concat());
    let row = rows(&folder.path().join("out/comparisons.tsv")).remove(0);
    assert_eq!((row["n.first"].as_str(), row["difference"].as_str()), ("6", "4.5"));
    assert_eq!(row["Wilcoxon.PValue"], "0.03125");
}

#[test]
fn markers_stand_beside_the_genes_of_a_run() {
    let folder = tempfile::tempdir().unwrap();
    write_cohort(folder.path());
    let contrast = folder.path().join("run/contrasts/resistant_vs_parental");
    fs::create_dir_all(&contrast).unwrap();
    let table = "gene_id\tgene_name\tlogFC\tlogCPM\tPValue\tFDR\tdirection\nENSG1\tCCL20\t3.5\t5\t1e-8\t1e-6\tup\n\
                 ENSG2\tACTB\t0.1\t9\t0.5\t0.6\tns\n";
    fs::write(contrast.join("test.tsv"), table).unwrap();
    succeed(folder.path(), &[&FILES[..], &["--with", "run"]].concat());
    let cells = rows(&folder.path().join("out/cells.tsv"));
    assert_eq!(cells.len(), 1);
    let told = ["gene", "logFC", "direction"].map(|column| cells[0][column].as_str());
    assert_eq!(told, ["CCL20", "3.5", "up"]);
}

#[test]
fn what_cannot_be_analysed_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |clinical: &str, markers: &str, more: &[&str], expected: &str| {
        fs::write(folder.path().join("clinical.csv"), clinical).unwrap();
        fs::write(folder.path().join("panel.csv"), markers).unwrap();
        refuse(folder.path(), &[&FILES[..], more].concat(), "out", &[expected]);
    };
    let markers = "id,A\na,1\nb,2\nc,3\n";
    let columns = ["--time", "os_time", "--event", "os_event"];
    refused("id,os_time,os_event\na,1,1\nb,-2,0\nc,3,1\n", markers, &[], "-2");
    refused("id,os_time,os_event\na,1,0\nb,2,0\nc,3,0\n", markers, &[], "none of 3 patients had the event");
    refused("id,os_time,os_event\na,1,0\nb,2,1\nc,3,2\n", markers, &columns, "tells neither");
    refused("id,os_time,os_event\nx,1,0\ny,2,1\nz,3,1\n", markers, &[], "none of the 3 samples");
    let clinical = "id,os_time,os_event\na,1,0\nb,2,1\nc,3,1\n";
    refused(clinical, "id,A\na,5\nb,5\nc,5\n", &[], "the same in all samples");
    refused(clinical, "id,A\na,<LLOQ\nb,<LLOQ\nc,<LLOQ\n", &[], "below detection");
    refused("id,age\na,61\nb,62\nc,70\n", markers, &[], "--time COLUMN --event COLUMN");
    refused(clinical, markers, &["--endpoint", "PFS"], "no endpoint `PFS`");
}

#[test]
fn a_simulated_cohort_is_read_and_its_truth_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let size = ["--expressed-genes", "200", "--library-size", "5000"];
    succeed(
        folder.path(),
        &[&["simulate", "--demo", "--counts-only", "--cohort", "--out", "made"], &size[..]].concat(),
    );
    let made = [
        "cohort",
        "--clinical",
        "made/cohort/patients.csv",
        "--markers",
        "made/cohort/plasma.csv",
        "--out",
        "out",
    ];
    let more = [
        "--cut",
        "continuous",
        "--log2",
        "--pairs",
        "visit,baseline,progression",
        "--multivariate",
        "CCL20,IL6",
    ];
    succeed(folder.path(), &[&made[..], &more].concat());
    let out = folder.path().join("out");
    let single = rows(&out.join("univariate.tsv"));
    assert_eq!(single.len(), 80, "40 markers, two endpoints");
    let first: Vec<&str> = single
        .iter()
        .filter(|row| row["endpoint"] == "PFS")
        .take(5)
        .map(|row| row["marker"].as_str())
        .collect();
    assert!(first.contains(&"CCL20"), "{first:?}");
    assert_eq!(rows(&out.join("comparisons.tsv")).len(), 40);
    assert!(text(&folder.path().join("made/cohort/truth.tsv")).contains("CCL20\t0.6"));
}
