//! Genes, their test table and a panel of them.

use alkaline_core::ContrastSpec;
use alkaline_core::results::{
    Direction, DispersionSource, PanelRow, PanelStatus, PanelTable, TestFacts, TestRow, TestTable, Thresholds,
};

use super::samples::SAMPLES;

/// Symbols that the first genes bear; the rest are numbered.
const SYMBOLS: [&str; 16] = [
    "CCL20",
    "CXCL8",
    "CXCL1",
    "CXCL2",
    "VEGFA",
    "ANGPT2",
    "FN1",
    "COL1A1",
    "STAT1",
    "JAK2",
    "EGFR",
    "AXL",
    "CDH1",
    "ALK",
    "<b>odd</b>",
    "HLA-\"A\"",
];

/// A pseudo-random number in [0, 1) that depends on `seed` alone (splitmix64).
pub fn noise(seed: u64) -> f64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// Roughly normal noise from `seed`: the sum of twelve uniform numbers.
pub fn bell(seed: u64) -> f64 {
    (0..12).map(|i| noise(seed * 12 + i)).sum::<f64>() - 6.0
}

pub fn symbol(gene: usize) -> String {
    SYMBOLS.get(gene).map_or_else(|| format!("GENE{gene}"), ToString::to_string)
}

pub fn gene_id(gene: usize) -> String {
    format!("ENSG{:011}.{}", 100_000 + gene, gene % 9 + 1)
}

/// The contrast resistant against parental of `genes` genes, an eighth of them truly different.
pub fn test_table(genes: usize) -> TestTable {
    let mut rows: Vec<TestRow> = (0..genes).map(test_row).collect();
    rows.sort_by(|a, b| {
        a.log10_p.total_cmp(&b.log10_p).then(b.log2_fold_change.abs().total_cmp(&a.log2_fold_change.abs()))
    });
    let thresholds = Thresholds::default();
    let mut smallest = 1.0f64;
    for rank in (0..rows.len()).rev() {
        smallest = smallest.min(rows[rank].p_value * genes as f64 / (rank + 1) as f64);
        rows[rank].fdr = smallest;
        rows[rank].direction = thresholds.call(rows[rank].log2_fold_change, rows[rank].p_value, smallest);
    }
    TestTable {
        contrast: ContrastSpec::between("resistant_vs_parental", "condition", "parental", "resistant"),
        facts: TestFacts {
            interval: None,
            method: "exactTest".into(),
            statistic: None,
            compat: "edgeR-3".into(),
            adjustment: "BH".into(),
            dispersion: DispersionSource::Estimated,
            common_dispersion: Some(0.0231),
            prior_df: Some(4.2),
            thresholds,
            groups: vec!["parental".into(), "resistant".into()],
            group_sizes: vec![3, 3],
            columns: Vec::new(),
            block_correlation: None,
            moderation: Vec::new(),
            genes_total: genes * 2,
            genes_tested: genes,
        },
        rows,
    }
}

pub fn test_row(gene: usize) -> TestRow {
    let seed = gene as u64;
    let log2_cpm = 4.0 + 2.6 * bell(seed * 3 + 1);
    let truly = gene < 14 || gene.is_multiple_of(8);
    let up = gene < 12 || noise(seed * 3 + 7) > 0.45;
    let noise_width = 0.18 + 1.1 * (-(log2_cpm + 2.0) / 3.0).exp();
    let effect = if truly { (0.8 + 2.4 * noise(seed * 5 + 2)) * if up { 1.0 } else { -1.0 } } else { 0.0 };
    let log2_fold_change = effect + noise_width.min(2.0) * bell(seed * 7 + 3);
    let z = log2_fold_change / noise_width.min(2.0);
    // The normal tail, well enough for a picture.
    let log10_p = -(z * z / 2.0 + (1.0 + z.abs()).ln()) / std::f64::consts::LN_10;
    let mean = log2_cpm.exp2();
    TestRow {
        standard_error: None,
        interval: None,
        gene: gene_id(gene).into(),
        name: Some(symbol(gene).into()),
        log2_fold_change,
        log2_cpm,
        statistic: None,
        p_value: 10f64.powf(log10_p),
        log10_p,
        fdr: 1.0,
        direction: Direction::NotSignificant,
        group_cpm: vec![mean * (-log2_fold_change / 2.0).exp2(), mean * (log2_fold_change / 2.0).exp2()],
        of_method: alkaline_core::results::MethodColumns::default(),
    }
}

/// Some chemokines: tested, filtered and absent.
pub fn panel() -> PanelTable {
    let symbols = ["CCL20", "CXCL8", "CXCL1", "CXCL2", "CXCL12", "CCL2", "IL6", "TNF", "CCL21", "CCL27"];
    let rows = symbols.iter().enumerate().map(|(i, symbol)| {
        let tested = i < 7;
        let present = i < 9;
        let fold_change = 3.4 - 0.8 * i as f64;
        let expression = |sample: usize| {
            let up = if sample >= 3 { fold_change / 2.0 } else { -fold_change / 2.0 };
            (4.0 - 0.5 * i as f64 + if tested { up } else { 0.0 } + 0.2 * noise((i * 6 + sample) as u64))
                .exp2()
        };
        let direction = if fold_change >= 1.0 {
            Direction::Up
        } else if fold_change <= -1.0 {
            Direction::Down
        } else {
            Direction::NotSignificant
        };
        PanelRow {
            symbol: (*symbol).into(),
            gene: present.then(|| gene_id(i).into()),
            status: if tested {
                PanelStatus::Tested
            } else if present {
                PanelStatus::Filtered
            } else {
                PanelStatus::Absent
            },
            log2_fold_change: tested.then_some(fold_change),
            p_value: tested.then_some(1e-6),
            fdr: tested.then_some(1e-4),
            direction: tested.then_some(direction),
            expression: if present { (0..6).map(expression).collect() } else { Vec::new() },
        }
    });
    PanelTable {
        name: "chemokines".into(),
        description: "Chemokines and cytokines that may draw neutrophils.".into(),
        unit: "FPKM".into(),
        samples: SAMPLES.iter().map(|name| (*name).into()).collect(),
        rows: rows.collect(),
    }
}
