//! Simulated counts against the truth they were made from.

use alkaline_core::Gene;
use alkaline_simulate::{
    PilotGene, Programme, SimulateError, SimulateOptions, SimulatedCounts, simulate_counts, simulate_like,
};

fn genes(count: usize) -> Vec<Gene> {
    let gene = |i| Gene { id: format!("g{i}").into(), name: Some(format!("S{i}")), biotype: None };
    (0..count).map(gene).collect()
}

/// Mean count of each group and gene.
fn group_means(simulated: &SimulatedCounts) -> Vec<[f64; 2]> {
    let half = simulated.counts.samples().len() / 2;
    let mean = |counts: &[f64]| counts.iter().sum::<f64>() / counts.len() as f64;
    simulated.counts.rows().map(|row| [mean(&row[..half]), mean(&row[half..])]).collect()
}

#[test]
fn fold_changes_dispersions_and_means_are_recovered_from_the_counts() {
    let options = SimulateOptions {
        replicates: 200,
        library_size: 2e6,
        library_size_spread: 0.0,
        expressed_genes: 1_000,
        fraction_changed: 0.3,
        ..SimulateOptions::default()
    };
    let simulated = simulate_counts(&genes(1_500), &options).unwrap();
    let composition: f64 = simulated
        .truth
        .iter()
        .find(|gene| gene.log2_fold_change == 0.0 && gene.reference_mean > 0.0)
        .map(|gene| (gene.target_mean / gene.reference_mean).log2())
        .unwrap();
    let (mut abundant, mut ratios) = (0, Vec::new());
    for ((truth, means), row) in
        simulated.truth.iter().zip(group_means(&simulated)).zip(simulated.counts.rows())
    {
        if truth.reference_mean < 100.0 {
            continue;
        }
        abundant += 1;
        let found = (means[1] / means[0]).log2() - composition;
        assert!((found - truth.log2_fold_change).abs() < 0.2, "{found} for {truth:?}");
        assert!((means[0] / truth.reference_mean - 1.0).abs() < 0.1, "{means:?} for {truth:?}");
        let variance = row[..200].iter().map(|count| (count - means[0]).powi(2)).sum::<f64>() / 199.0;
        ratios.push(variance / (truth.reference_mean + truth.dispersion * truth.reference_mean.powi(2)));
    }
    assert!(abundant > 500);
    let mean_ratio = ratios.iter().sum::<f64>() / ratios.len() as f64;
    assert!((mean_ratio - 1.0).abs() < 0.02, "variances are {mean_ratio} of what the dispersions say");
}

#[test]
fn dispersion_falls_with_the_mean_towards_the_squared_bcv() {
    let options =
        SimulateOptions { bcv: 0.2, prior_df: 1e6, library_size: 1e8, ..SimulateOptions::default() };
    let simulated = simulate_counts(&genes(12_000), &options).unwrap();
    for truth in simulated.truth.iter().filter(|truth| truth.reference_mean > 0.0) {
        let mean = truth.reference_mean.max(truth.target_mean);
        let expected = 0.04 + 0.3 / mean.max(0.05);
        assert!((truth.dispersion / expected.min(10.0) - 1.0).abs() < 0.02, "{truth:?}");
    }
}

#[test]
fn genes_of_a_programme_change_together_and_in_its_direction() {
    let names = |range: std::ops::Range<usize>| range.map(|i| format!("S{i}")).collect::<Vec<_>>();
    let programmes =
        vec![Programme::new("up", 1.5, names(0..40)), Programme::new("down", -1.0, names(30..70))];
    let options = SimulateOptions { programmes, expressed_genes: 500, ..SimulateOptions::default() };
    let simulated = simulate_counts(&genes(1_000), &options).unwrap();
    let of = |name: &str| {
        simulated.truth.iter().filter(|gene| gene.programme.as_deref() == Some(name)).collect::<Vec<_>>()
    };
    assert_eq!((of("up").len(), of("down").len()), (40, 30));
    assert!(of("up").iter().all(|gene| gene.log2_fold_change > 0.4 && gene.reference_mean > 0.0));
    assert!(of("down").iter().all(|gene| gene.log2_fold_change < -0.29));
    let changed = simulated.truth.iter().filter(|gene| gene.log2_fold_change != 0.0).count();
    assert!((75..110).contains(&changed), "{changed} genes change");
}

#[test]
fn an_experiment_like_a_pilot_has_its_abundances_and_dispersions() {
    let pilot: Vec<PilotGene> = genes(200)
        .into_iter()
        .enumerate()
        .map(|(i, gene)| PilotGene { gene, abundance: (i + 1) as f64, dispersion: 0.01 * (i % 7) as f64 })
        .collect();
    let options = SimulateOptions {
        replicates: 100,
        library_size: 1e6,
        library_size_spread: 0.0,
        fraction_changed: 0.0,
        ..SimulateOptions::default()
    };
    let simulated = simulate_like(&pilot, &options).unwrap();
    let unit = 1e6 / (200.0 * 201.0 / 2.0);
    for ((pilot, truth), means) in pilot.iter().zip(&simulated.truth).zip(group_means(&simulated)) {
        assert_eq!((truth.dispersion, truth.log2_fold_change), (pilot.dispersion, 0.0));
        assert!((truth.reference_mean / (pilot.abundance * unit) - 1.0).abs() < 1e-12);
        assert!((means[0] / truth.reference_mean - 1.0).abs() < 0.2, "{means:?} for {truth:?}");
    }
    assert!(simulate_like(&[], &options).is_err());
}

#[test]
fn counts_are_the_same_for_any_number_of_threads() {
    let counts = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| simulate_counts(&genes(3_000), &SimulateOptions::default()).unwrap().counts)
    };
    assert_eq!(counts(1), counts(3));
}

#[test]
fn the_sample_sheet_names_condition_and_replicate() {
    let sheet = simulate_counts(&genes(10), &SimulateOptions::default()).unwrap().sample_sheet();
    assert_eq!(sheet.values("condition").unwrap()[2..4], ["parental", "resistant"]);
    assert_eq!(sheet.values("replicate").unwrap(), ["1", "2", "3", "1", "2", "3"]);
    assert_eq!(sheet.samples[5].id.as_str(), "resistant_3");
}

#[test]
fn options_without_meaning_are_refused_with_name_value_and_range() {
    let error = |options: SimulateOptions| simulate_counts(&genes(5), &options).unwrap_err().to_string();
    assert_eq!(
        error(SimulateOptions { bcv: -0.1, ..Default::default() }),
        "bcv is -0.1; it must lie between 0 and 5"
    );
    assert!(
        error(SimulateOptions { target: "parental".into(), ..Default::default() }).contains("`parental`")
    );
    assert!(
        error(SimulateOptions { library_size: f64::NAN, ..Default::default() })
            .contains("library_size is NaN")
    );
    let programmes = vec![Programme::new("story", 1.0, vec!["no such gene".into()])];
    assert!(matches!(
        simulate_counts(&genes(5), &SimulateOptions { programmes, ..Default::default() }),
        Err(SimulateError::EmptyProgramme { genes: 1, .. })
    ));
}

#[test]
fn options_are_read_from_toml_and_unknown_ones_refused() {
    let options: SimulateOptions =
        toml::from_str("replicates = 5\n[reads]\nlayout = 'single-end'\n").unwrap();
    assert_eq!((options.replicates, options.bcv), (5, SimulateOptions::default().bcv));
    assert!(
        toml::from_str::<SimulateOptions>("replicate = 5").unwrap_err().to_string().contains("replicate")
    );
}
