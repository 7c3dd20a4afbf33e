//! Over-representation against tables in the repository: clusterProfiler's rules with R's own functions, and goseq.

#![cfg(test)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use alkaline_core::GeneId;
use alkaline_core::results::{GeneSelection, OraRow};
use alkaline_enrich::ora::{GeneLabels, OraCompat, OraStatistic, over_representation_by_length};
use alkaline_enrich::{OraOptions, over_representation};
use alkaline_io::delimited::{Delimited, read_text};
use alkaline_testkit::{Largest, golden_limit};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name)
}

fn genes(path: &Path) -> Vec<GeneId> {
    read_text(path).unwrap().lines().map(GeneId::from).collect()
}

fn rows(path: &Path) -> Vec<HashMap<String, String>> {
    let table = Delimited::open(path).unwrap();
    let header = table.header.clone();
    let rows = table.rows().unwrap().into_iter();
    rows.map(|(_, row)| header.iter().cloned().zip(row.iter().map(str::to_owned)).collect()).collect()
}

fn assert_equal(case: &Path, actual: &[OraRow], expected: &[HashMap<String, String>], name: &str) {
    assert!(expected.len() > 40, "{name}: {} rows", expected.len());
    assert_eq!(actual.len(), expected.len(), "{name}");
    let mut largest = [Largest::default(); 3];
    for (row, expected) in actual.iter().zip(expected) {
        assert_eq!(row.id, expected["ID"], "{name}: order");
        assert_eq!(format!("{}/{}", row.hits, row.query_size), expected["GeneRatio"], "{name} {}", row.id);
        assert_eq!(
            format!("{}/{}", row.set_size, row.universe_size),
            expected["BgRatio"],
            "{name} {}",
            row.id
        );
        assert_eq!(row.genes.join("/"), expected["geneID"], "{name} {}", row.id);
        let values = [(row.p_value, "pvalue"), (row.p_adjusted, "p.adjust"), (row.q_value, "qvalue")];
        for ((value, column), largest) in values.into_iter().zip(&mut largest) {
            match expected[column].parse::<f64>() {
                Ok(expected) => largest.add(value / expected - 1.0),
                Err(_) => assert!(value.is_nan() && expected[column].trim() == "NA", "{name} {column}"),
            }
        }
    }
    for (largest, quantity) in largest.into_iter().zip(["p", "adjusted", "q"]) {
        println!("{name}: {} rows, largest difference of {quantity} {:.1e}", actual.len(), largest.value());
        largest.assert_below(golden_limit(case, quantity), name);
    }
}

#[test]
fn tables_by_the_rules_of_clusterprofiler_equal_those_of_r() {
    let case = case("clusterprofiler/listed_universe");
    let (sets, _) = alkaline_io::gmt::read(&case.join("input/sets.gmt")).unwrap();
    let selection = GeneSelection {
        hits: genes(&case.join("input/query.txt")),
        universe: genes(&case.join("input/universe.txt")),
    };
    for (file, compat, statistic) in [
        ("rules_4.18", OraCompat::ClusterProfiler418, OraStatistic::Hypergeometric),
        ("rules_4.20", OraCompat::ClusterProfiler420, OraStatistic::Hypergeometric),
        ("ease_4.18", OraCompat::ClusterProfiler418, OraStatistic::Ease),
    ] {
        let options = OraOptions { compat, statistic, labels: GeneLabels::AsGiven, ..OraOptions::default() };
        let sets = std::slice::from_ref(&sets);
        let table = over_representation("all", &selection, sets, None, &options).unwrap().table;
        assert_equal(&case, &table.rows, &rows(&case.join(format!("expected/{file}.tsv"))), file);
    }
}

#[test]
fn p_that_allows_for_gene_length_is_near_goseq_s() {
    let case = case("goseq/length_bias");
    let table = rows(&case.join("input/genes.tsv"));
    let universe: Vec<GeneId> = table.iter().map(|row| GeneId::from(row["gene_id"].as_str())).collect();
    let lengths: Vec<f64> = table.iter().map(|row| row["Length"].parse().unwrap()).collect();
    let called = table.iter().filter(|row| row["called"] == "1");
    let hits = called.map(|row| GeneId::from(row["gene_id"].as_str())).collect();
    let (sets, _) = alkaline_io::gmt::read(&case.join("input/sets.gmt")).unwrap();
    let options = OraOptions { min_size: 1, max_size: usize::MAX, ..OraOptions::default() };
    let selection = GeneSelection { hits, universe };
    let sets = std::slice::from_ref(&sets);
    let (result, bias) =
        over_representation_by_length("all", &selection, &lengths, sets, None, &options).unwrap();
    assert!(bias.rises && bias.without_length == 0);
    let ours: HashMap<&str, f64> =
        result.table.rows.iter().map(|row| (row.id.as_str(), row.p_value)).collect();
    let plain = over_representation("all", &selection, sets, None, &options).unwrap().table;
    let plain: HashMap<&str, f64> = plain.rows.iter().map(|row| (row.id.as_str(), row.p_value)).collect();
    let expected = rows(&case.join("expected/goseq.tsv"));
    let (mut fair, mut unfair) = (Vec::new(), Vec::new());
    // Sets without a called gene are not tested here; goseq gives them P = 1.
    for row in expected.iter().filter(|row| ours.contains_key(row["ID"].as_str())) {
        let goseq: f64 = row["pvalue"].parse().unwrap();
        fair.push((ours[row["ID"].as_str()] / goseq).log2().abs());
        unfair.push((plain[row["ID"].as_str()] / goseq).log2().abs());
    }
    fair.sort_by(f64::total_cmp);
    unfair.sort_by(f64::total_cmp);
    let (median, largest) = (fair[fair.len() / 2], fair[fair.len() - 1]);
    println!("{} sets: log2 P differs from goseq's by {median:.4} (median), {largest:.3} (most)", fair.len());
    assert!(fair.len() > 50, "{} sets", fair.len());
    assert!(largest < golden_limit(&case, "log2_p"), "{largest}");
    assert!(median < golden_limit(&case, "median_log2_p"), "{median}");
    assert!(unfair[unfair.len() / 2] > 10.0 * median, "the correction is larger than the difference");
}
