//! Tables of this program against those of others.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// The columns of a table by gene.
fn columns(path: &Path, names: &[&str]) -> HashMap<String, Vec<f64>> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let places: Vec<usize> = names
        .iter()
        .map(|name| {
            header.iter().position(|own| own == name).unwrap_or_else(|| panic!("{name} in {header:?}"))
        })
        .collect();
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let value = |place: &usize| fields[*place].trim().parse().unwrap_or(f64::NAN);
            (fields[0].to_owned(), places.iter().map(value).collect())
        })
        .collect()
}

/// Holds the columns `ours` of a table against `theirs` of another, gene by gene; P relatively, the others relatively where they are not tiny.
#[track_caller]
pub fn agree(own: &Path, ours: &[&str], golden: &Path, theirs: &[&str], limit: f64) {
    let (own, golden) = (columns(own, ours), columns(golden, theirs));
    assert_eq!(own.len(), golden.len());
    for (gene, wanted) in &golden {
        for ((found, wanted), name) in own[gene].iter().zip(wanted).zip(ours) {
            assert_eq!(found.is_nan(), wanted.is_nan(), "{gene} {name}: {found} {wanted}");
            if !wanted.is_nan() {
                let difference = (found - wanted).abs() / wanted.abs().max(1e-3);
                let difference = if *name == "PValue" { (found / wanted - 1.0).abs() } else { difference };
                assert!(difference < limit, "{gene} {name}: {found} {wanted} ({difference:e})");
            }
        }
    }
}
