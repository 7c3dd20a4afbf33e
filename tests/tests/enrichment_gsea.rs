//! Ranked enrichment against fgsea 1.39.4 and clusterProfiler 4.11: scores, leading edges, p-values.

#![cfg(test)]

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::gene_sets::GeneSetCollection;
use alkaline_core::results::{GseaRow, RankedGenes};
use alkaline_enrich::gsea::GseaResult;
use alkaline_enrich::ora::GeneLabels;
use alkaline_enrich::{GseaOptions, gsea};
use alkaline_io::delimited::Delimited;
use alkaline_testkit::{Largest, external_cases};

fn table(path: &Path) -> Vec<HashMap<String, String>> {
    let table = Delimited::open(path).unwrap();
    let header = table.header.clone();
    let rows = table.rows().unwrap();
    rows.into_iter()
        .map(|(_, row)| header.iter().cloned().zip(row.iter().map(str::to_owned)).collect())
        .collect()
}

/// A column of a table of sets, by set.
fn column(path: &Path, key: &str, name: &str) -> HashMap<String, f64> {
    table(path).iter().map(|row| (row[key].clone(), row[name].parse().unwrap_or(f64::NAN))).collect()
}

fn ranks(cases: &Path, name: &str) -> RankedGenes {
    alkaline_io::rnk::read(&cases.join(format!("inputs/{name}.rnk.tsv"))).unwrap().0
}

fn sets(cases: &Path, file: &str) -> GeneSetCollection {
    alkaline_io::gmt::read(&cases.join("sets").join(file)).unwrap().0
}

fn options(min_size: usize, max_size: usize) -> GseaOptions {
    GseaOptions { min_size, max_size, labels: GeneLabels::AsGiven, ..GseaOptions::default() }
}

fn run(ranked: &RankedGenes, sets: &GeneSetCollection, options: &GseaOptions) -> GseaResult {
    gsea(ranked, "signed -log10 P", std::slice::from_ref(sets), None, options).unwrap()
}

fn by_id(result: &GseaResult) -> HashMap<&str, (&GseaRow, &[String])> {
    let rows = result.table.rows.iter().zip(&result.leading_edges);
    rows.map(|(row, edge)| (row.id.as_str(), (row, edge.as_slice()))).collect()
}

/// Name of the golden, ranked list, gene sets.
const CASES: [(&str, &str, &str); 3] = [
    ("h3122sim.hallmark", "h3122sim", "h.all.v7.0.symbols.gmt"),
    ("h3122sim.BP", "h3122sim", "GO_BP.SYMBOL.gmt.gz"),
    ("fgsea_example", "fgsea_example", "fgsea_example.gmt.gz"),
];

#[test]
fn needs_data_scores_and_leading_edges_equal_fgsea() {
    let Some(cases) = external_cases("fgsea's deterministic results") else { return };
    let cases = cases.join("enrichment");
    for (name, list, file) in CASES {
        let golden = table(&cases.join(format!("gsea/{name}.deterministic.tsv.gz")));
        let sizes = golden.iter().map(|row| row["size"].parse::<usize>().unwrap());
        let (smallest, largest) = (sizes.clone().min().unwrap(), sizes.max().unwrap());
        let result = run(&ranks(&cases, list), &sets(&cases, file), &options(smallest, largest));
        let ours = by_id(&result);
        let mut largest_difference = Largest::default();
        for row in &golden {
            let (our, edge) = ours[row["pathway"].as_str()];
            assert_eq!(our.set_size.to_string(), row["size"], "{name} {}", our.id);
            largest_difference.add(our.enrichment_score - row["ES"].parse::<f64>().unwrap());
            assert_eq!(edge.join("/"), row["leadingEdge"], "{name} {}", our.id);
        }
        println!(
            "{name}: {} sets, largest difference in ES {:.1e}",
            golden.len(),
            largest_difference.value()
        );
        assert!(golden.len() >= 50, "{name}: {} sets", golden.len());
        largest_difference.assert_below(1e-12, name);
    }
}

#[test]
fn needs_data_table_columns_equal_clusterprofiler() {
    let Some(cases) = external_cases("clusterProfiler's GSEA table") else { return };
    let cases = cases.join("enrichment");
    let golden = table(&cases.join("gsea/h3122sim.hallmark.clusterProfiler_GSEA.seed1.tsv"));
    let result = run(&ranks(&cases, "h3122sim"), &sets(&cases, "h.all.v7.0.symbols.gmt"), &options(10, 500));
    let ours = by_id(&result);
    for row in &golden {
        let (our, _) = ours[row["ID"].as_str()];
        assert_eq!(our.rank.to_string(), row["rank"], "{}", our.id);
        assert_eq!(our.leading_edge, row["leading_edge"], "{}", our.id);
        assert_eq!(our.core_enrichment.join("/"), row["core_enrichment"], "{}", our.id);
        let normalized: f64 = row["NES"].parse().unwrap();
        assert!(
            (our.normalized_score / normalized - 1.0).abs() < 0.03,
            "{} {}",
            our.id,
            our.normalized_score
        );
    }
    assert!(golden.len() >= 10, "{}", golden.len());
}

/// Every hallmark set within three standard errors of fgsea with sampleSize 2001, the mean difference under 0.05 bit.
#[test]
fn needs_data_p_values_equal_high_precision_fgsea() {
    let Some(cases) = external_cases("fgsea's high-precision p-values") else { return };
    let cases = cases.join("enrichment");
    let golden = table(&cases.join("gsea/h3122sim.hallmark.highprecision_sampleSize2001_vs_IS200k.tsv"));
    let many_draws = GseaOptions { draws: 100_000, ..options(10, 500) };
    let result = run(&ranks(&cases, "h3122sim"), &sets(&cases, "h.all.v7.0.symbols.gmt"), &many_draws);
    let ours = by_id(&result);
    let mut sum = 0.0;
    for row in &golden {
        let (our, _) = ours[row["pathway"].as_str()];
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        let difference = our.p_value.log2() - number("fgsea2001_log2");
        // Four seeds cannot tell their own spread: fgsea's formula for the error of four runs bounds it from below.
        let levels = (1.0 - our.p_value.log2()).floor();
        let formula = (levels * (1.0 / 1001.0 - 1.0 / 2002.0)).sqrt() / std::f64::consts::LN_2 / 2.0;
        let error = our.log2_error.hypot(number("se").max(formula));
        assert!(difference.abs() < 3.0 * error, "{}: {difference} with {error}", our.id);
        println!(
            "{:45} {:8.3} fgsea {:8.3} difference {difference:6.3} = {:.2} se; IS prototype {:8.3}",
            our.id,
            our.p_value.log2(),
            number("fgsea2001_log2"),
            difference / error,
            number("IS_log2")
        );
        sum += difference;
    }
    println!("mean difference {:.4} bit over {} sets", sum / golden.len() as f64, golden.len());
    assert!((sum / golden.len() as f64).abs() < 0.05);
}

/// Mean over seeds of fgsea's log2 p by range of p: no bias down to 2^-33.
#[test]
fn needs_data_p_values_are_calibrated_against_fgsea() {
    let Some(cases) = external_cases("fgsea's p-values of several seeds") else { return };
    let cases = cases.join("enrichment");
    let mut fgsea: HashMap<String, Vec<f64>> = HashMap::new();
    for seed in 1..=5 {
        let path = cases.join(format!("gsea/h3122sim.BP.multilevel.seed{seed}.tsv.gz"));
        for (id, p) in column(&path, "pathway", "pval") {
            fgsea.entry(id).or_default().push(p.log2());
        }
    }
    // The floor at 1e-10 leaves nothing to compare; without it there are two seeds.
    fgsea.retain(|_, p| p.iter().all(|p| *p > -33.0));
    for seed in 1..=2 {
        let path = cases.join(format!("gsea/h3122sim.BP.multilevel_eps0.seed{seed}.tsv.gz"));
        for (id, p) in column(&path, "pathway", "pval") {
            let known = fgsea.entry(id).or_default();
            if known.len() < 5 {
                known.push(p.log2());
            }
        }
    }
    let start = std::time::Instant::now();
    let result = run(&ranks(&cases, "h3122sim"), &sets(&cases, "GO_BP.SYMBOL.gmt.gz"), &options(10, 500));
    println!("{} sets in {:.1} s", result.table.rows.len(), start.elapsed().as_secs_f64());
    let mut errors: Vec<f64> = result.table.rows.iter().map(|row| row.log2_error).collect();
    errors.sort_by(f64::total_cmp);
    println!("median log2err {:.3} = {:.1} %", errors[errors.len() / 2], errors[errors.len() / 2] * 69.3);
    for (from, to) in
        [(0.0, 3.3), (3.3, 6.6), (6.6, 10.0), (10.0, 16.6), (16.6, 33.0), (33.0, 100.0), (100.0, 1000.0)]
    {
        let (mut n, mut sum, mut squares, mut own, mut z) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for row in &result.table.rows {
            let theirs = &fgsea[&row.id];
            let mean = theirs.iter().sum::<f64>() / theirs.len() as f64;
            if (from..to).contains(&-mean) {
                let difference = row.p_value.log2() - mean;
                n += 1.0;
                sum += difference;
                squares += difference * difference;
                own += row.log2_error;
                z += (difference / row.log2_error).powi(2);
            }
        }
        println!(
            "2^-{from}..2^-{to}: {n} sets, bias {:.3}, rms {:.3}, own error {:.3} z {:.2}",
            sum / n,
            (squares / n).sqrt(),
            own / n,
            (z / n).sqrt()
        );
        // fgsea's seeds err alike for all sets of a size, so their mean may be off by more than its spread tells.
        if to <= 33.0 {
            assert!((sum / n).abs() < 0.2, "{}", sum / n);
        }
    }
    compare_with_counting(&result, &cases);
}

/// Sums of p over many sets against 10,000 plain permutations, which are unbiased.
fn compare_with_counting(result: &GseaResult, cases: &Path) {
    let path = cases.join("gsea/h3122sim.BP.simple10k.seed1.tsv.gz");
    let more_extreme = column(&path, "pathway", "nMoreExtreme");
    // fgsea adds one to both counts; without it the share is unbiased.
    let counted: HashMap<String, f64> = column(&path, "pathway", "pval")
        .into_iter()
        .map(|(id, p)| {
            let more = more_extreme[&id];
            (id, more / ((1.0 + more) / p - 1.0))
        })
        .collect();
    for (from, to) in [(0.0, 3.3), (3.3, 6.6), (6.6, 10.0)] {
        let rows = result.table.rows.iter().filter(|row| (from..to).contains(&-row.p_value.log2()));
        let sums = rows.fold((0.0, 0.0), |sums, row| (sums.0 + row.p_value, sums.1 + counted[&row.id]));
        println!("2^-{from}..2^-{to}: mean p over that of 10,000 permutations {:.3}", sums.0 / sums.1);
        assert!((sums.0 / sums.1).log2().abs() < 0.1, "{sums:?}");
    }
}

/// Five seeds call nearly the same sets significant.
#[test]
fn needs_data_significant_sets_hardly_depend_on_the_seed() {
    let Some(cases) = external_cases("ranked list and GO sets") else { return };
    let cases = cases.join("enrichment");
    let sets = sets(&cases, "GO_BP.SYMBOL.gmt.gz");
    assert!(smallest_jaccard("h3122sim", &ranks(&cases, "h3122sim"), &sets) >= 0.95);
}

/// The same where a few genes outweigh all others and hardly any set is significant.
#[test]
fn needs_data_significant_sets_of_resistant_lines_hardly_depend_on_the_seed() {
    let Some(cases) = external_cases("GO sets") else { return };
    let Some(data) = alkaline_testkit::external_data("counts of two resistant lines") else { return };
    let sets = sets(&cases.join("enrichment"), "GO_BP.SYMBOL.gmt.gz");
    for target in ["resistant_A", "resistant_B"] {
        let ranked = ranked_by_exact_test(&data.join("counts/drug_resistant"), target);
        assert!(smallest_jaccard(target, &ranked, &sets) >= 0.95);
    }
}

/// Genes by signed -log10 P of the exact test against the parental line.
fn ranked_by_exact_test(directory: &Path, target: &str) -> RankedGenes {
    use alkaline_workflow::stages::test::{TestSettings, prepare, test};
    let sheet = alkaline_io::samples::read(&directory.join("samples.csv")).unwrap();
    let contrast = alkaline_core::samples::ContrastSpec::between(target, "condition", "parental", target);
    let counts = directory.join("counts.csv");
    let experiment = alkaline_workflow::Experiment::from_sheet(
        sheet,
        Some(vec![contrast.clone()]),
        Some(&counts),
        &Default::default(),
    )
    .unwrap();
    let options = alkaline_workflow::stages::count::TableOptions::default();
    let file =
        alkaline_workflow::stages::count::read_table(&counts, Some(&experiment.sheet), options).unwrap();
    let table = file.table;
    let settings = TestSettings::default();
    let prepared = prepare(&table, &experiment.sheet, &contrast, &settings, &Default::default()).unwrap();
    let identifiers = alkaline_reference::identifiers::human_identifiers(None).unwrap();
    let labels = alkaline_workflow::stages::naming::gene_labels(&table, &identifiers);
    let result = test(&prepared, &contrast, &labels, &settings).unwrap();
    alkaline_core::results::ranked_by(&result.rows, alkaline_core::results::RankBy::default())
}

fn smallest_jaccard(name: &str, ranked: &RankedGenes, sets: &GeneSetCollection) -> f64 {
    let significant: Vec<std::collections::HashSet<String>> = (1..=5)
        .map(|seed| {
            let result = run(ranked, sets, &GseaOptions { seed, ..options(10, 500) });
            result.table.rows.into_iter().filter(|row| row.p_adjusted < 0.05).map(|row| row.id).collect()
        })
        .collect();
    let mut smallest: f64 = 1.0;
    for a in &significant {
        for b in &significant {
            let either = a.union(b).count();
            if either > 0 {
                smallest = smallest.min(a.intersection(b).count() as f64 / either as f64);
            }
        }
    }
    let sizes: Vec<usize> = significant.iter().map(std::collections::HashSet::len).collect();
    println!("{name}: {sizes:?} significant, smallest Jaccard {smallest:.3}");
    smallest
}
