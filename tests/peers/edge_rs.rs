//! The classic path of edge-rs 0.3.2, file to file, for comparison of times: `edge_rs.sh` builds and runs it.
//! Written from the crate's documentation.
//!
//! usage: driver COUNTS.tsv OUT.tsv LABELS [BCV] [--unfiltered]
use edge_rs::core::dgelist::DgeList;
use edge_rs::core::expression::ave_log_cpm;
use edge_rs::core::filtering::filter_by_expr;
use edge_rs::core::normalisation::{NormMethod, calc_norm_factors};
use edge_rs::dispersion::estimate::estimate_disp;
use edge_rs::exact::exact_test;
use edge_rs::prelude::*;
use std::fmt::Write;

fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let text = std::fs::read_to_string(&a[0]).unwrap();
    let mut lines = text.lines();
    lines.next();
    let (mut ids, mut counts) = (Vec::new(), Vec::new());
    for line in lines {
        let mut cells = line.split('\t');
        ids.push(cells.next().unwrap());
        counts.extend(cells.map(|c| c.parse::<f64>().unwrap()));
    }
    let labels: Vec<&str> = a[2].split(',').collect();
    let group: Vec<usize> = labels.iter().map(|l| usize::from(*l != labels[0])).collect();
    let n = labels.len();
    let dge = DgeList::new(counts, ids.len(), n, Some(group.clone())).unwrap();
    let unfiltered = a.iter().any(|x| x == "--unfiltered");
    let (mut dge, ids) = if unfiltered {
        (dge, ids)
    } else {
        let keep = filter_by_expr(&dge.counts, dge.n_genes, dge.n_samples, None, dge.group.as_deref(), None, None).unwrap();
        let kept: Vec<&str> = ids.iter().zip(keep.iter()).filter(|(_, k)| **k).map(|(i, _)| *i).collect();
        (dge.subset_genes(&keep).unwrap(), kept)
    };
    dge.norm_factors = calc_norm_factors(&dge.counts, dge.n_genes, dge.n_samples, None, NormMethod::Tmm, None, None).unwrap();
    let offset = dge.offset().unwrap();
    let bcv: Option<f64> = a.get(3).and_then(|x| x.parse().ok());
    let dispersion = match bcv {
        Some(b) => Recycled::by_gene(vec![b * b; ids.len()]),
        None => {
            let abundance = ave_log_cpm(&dge.counts, dge.n_genes, dge.n_samples, None, Some(&offset), 2.0, None).unwrap();
            let mut design = Vec::new();
            for &g in &group { design.push(1.0); design.push(g as f64); }
            let disp = estimate_disp(&dge.counts, dge.n_genes, dge.n_samples, &design, 2, &offset, None, Some(&abundance), None).unwrap();
            Recycled::by_gene(disp.tagwise.unwrap())
        }
    };
    let test = exact_test(&dge, (0, 1), Some(&dispersion), None).unwrap();
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by(|&i, &j| test.p_value[i].total_cmp(&test.p_value[j]));
    let m = order.len() as f64;
    let mut fdr = vec![1.0f64; order.len()];
    let mut least = 1.0f64;
    for (rank, &i) in order.iter().enumerate().rev() { least = least.min(test.p_value[i] * m / (rank as f64 + 1.0)); fdr[i] = least; }
    let mut out = String::from("gene_id\tlogFC\tlogCPM\tPValue\tFDR\n");
    for &i in &order { writeln!(out, "{}\t{}\t{}\t{:e}\t{:e}", ids[i], test.log_fc[i], test.log_cpm[i], test.p_value[i], fdr[i]).unwrap(); }
    std::fs::write(&a[1], out).unwrap();
}
