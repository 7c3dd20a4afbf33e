//! Panels and expression.

use super::*;

fn read(text: &str, ids: &[&str], options: &MarkerOptions) -> Result<MarkerFile, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("markers.csv");
    std::fs::write(&path, text).unwrap();
    read_markers(&path, &ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>(), options)
}

const PANEL: &str =
    "Sample,Plate,CCL20 ,IL-6,Group\np1,1,10,<2,A\np2,1,OOR <,4,B\np3,2,30,OOR >,A\np4,2,NA,6,B\n";

#[test]
fn a_panel_has_markers_and_columns_that_are_none() {
    let file = read(PANEL, &["p1", "p2", "p3", "p4"], &MarkerOptions::default()).unwrap();
    assert!(!file.is_expression);
    let names: Vec<&str> = file.table.markers.iter().map(|marker| marker.name.as_str()).collect();
    assert_eq!(names, ["CCL20", "IL-6"]);
    let [ccl20, il6] = &file.table.markers[..] else { panic!("{names:?}") };
    assert_eq!((ccl20.values[1], ccl20.below_detection), (5.0, 1));
    assert!(ccl20.values[3].is_nan());
    assert_eq!((il6.values[0], il6.values[2], il6.above_range), (1.0, 6.0, 1));
    let beside: Vec<&str> = file.table.beside.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(beside, ["Sample", "Plate", "Group"]);
}

#[test]
fn columns_that_are_patients_make_it_expression() {
    let text = "Hugo_Symbol,Entrez_Gene_Id,TCGA-1-01,TCGA-2-01,TCGA-3-01\nCCL20,6364,1,2,3\nIL6,3569,4,NA,6\nCCL20,6364,7,8,9\n";
    let file = read(text, &["TCGA-1", "TCGA-2", "TCGA-3"], &MarkerOptions::default()).unwrap();
    assert!(file.is_expression);
    assert_eq!(file.table.samples, ["TCGA-1-01", "TCGA-2-01", "TCGA-3-01"]);
    let names: Vec<&str> = file.table.markers.iter().map(|marker| marker.name.as_str()).collect();
    assert_eq!(names, ["CCL20", "IL6", "CCL20.2"]);
    assert!(file.table.markers[1].values[1].is_nan());
}

#[test]
fn a_marker_that_is_not_there_is_told() {
    let options = MarkerOptions { only: vec!["CCL21".to_owned()], ..MarkerOptions::default() };
    let error = read(PANEL, &["p1"], &options).unwrap_err().to_string();
    assert!(error.contains("CCL21"), "{error}");
    assert!(read("id,name\n1,a\n2,b\n", &["1", "2"], &MarkerOptions::default()).is_err());
}
