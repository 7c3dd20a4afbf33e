//! Tables as portals and repositories write them.

use super::*;

/// Writes `text` and reads it as a table about patients.
pub fn read(text: &str) -> Result<ClinicalFile, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clinical.txt");
    std::fs::write(&path, text).unwrap();
    read_table(&path)
}

const PORTAL: &str = "#Patient Identifier\tOverall Survival Status\tOverall Survival (Months)\n#Patient identifier\tstatus\tmonths\n\
    #STRING\tSTRING\tNUMBER\n#1\t1\t1\nPATIENT_ID\tOS_STATUS\tOS_MONTHS\nP-1\t1:DECEASED\t12.5\nP-2\t0:LIVING\t[Not Available]\n\
    P-3\t0:LIVING\t3\nP-4\t\t\n";

#[test]
fn the_header_of_a_portal_stands_below_its_descriptions() {
    let file = read(PORTAL).unwrap();
    let names: Vec<&str> = file.table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["PATIENT_ID", "OS_STATUS", "OS_MONTHS"]);
    assert_eq!(file.table.ids, ["P-1", "P-2", "P-3", "P-4"]);
    assert_eq!(file.table.columns[2].cells, ["12.5", "", "3", ""]);
}

#[test]
fn keys_in_cells_name_the_column() {
    let file =
        read("geo_accession\tcharacteristics_ch1.1\nGSM1\tdfs evt: 1\nGSM2\tdfs evt: 0\nGSM3\t\n").unwrap();
    assert_eq!(file.table.columns[1].name, "dfs evt");
    assert_eq!(file.table.columns[1].cells, ["1", "0", ""]);
    assert!(file.notices.iter().any(|notice| notice.contains("dfs evt")));
}

#[test]
fn semicolons_and_quotes_are_read_and_patients_stand_once() {
    let file = read("\"Patient\";\"Age\"\n\"a\";\"61\"\n\"b\";\"58\"\n").unwrap();
    assert_eq!(file.table.ids, ["a", "b"]);
    let error = read("patient,os\na,1\nb,2\na,3\n").unwrap_err().to_string();
    assert!(error.contains("`a`") && error.contains("line 2"), "{error}");
}
