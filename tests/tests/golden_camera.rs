//! The P value that allows for correlation between genes, beside every GSEA P value, against limma's cameraPR.

#![cfg(test)]

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::results::GseaRow;
use alkaline_enrich::ora::GeneLabels;
use alkaline_enrich::{GseaOptions, gsea};
use alkaline_io::delimited::Delimited;
use alkaline_testkit::{Largest, golden_limit};

#[test]
fn camera_p_equals_limmas() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/limma/camera_pr");
    let (ranked, _) = alkaline_io::rnk::read(&case.join("input/ranks.rnk")).unwrap();
    let (sets, _) = alkaline_io::gmt::read(&case.join("input/sets.gmt")).unwrap();
    let expected: HashMap<String, f64> = Delimited::open(&case.join("expected/camera.tsv"))
        .unwrap()
        .rows()
        .unwrap()
        .iter()
        .map(|(_, row)| (row[0].to_owned(), row[1].parse().unwrap()))
        .collect();
    let options = GseaOptions { min_size: 2, labels: GeneLabels::AsGiven, ..GseaOptions::default() };
    let rows = gsea(&ranked, "score", &[sets], None, &options).unwrap().table.rows;
    assert_eq!(rows.len(), expected.len());
    let difference = |row: &GseaRow| (row.camera_p / expected[&row.id] - 1.0).abs();
    let largest: Largest = rows.iter().map(difference).collect();
    println!("largest relative difference {:.1e}", largest.value());
    largest.assert_below(golden_limit(&case, "p"), "P of camera");
}
