//! Which kinds of genes the reads belong to.

use std::collections::BTreeMap;

use alkaline_core::results::SampleQc;

use crate::figures::parts::stacked_bars::StackedBars;

/// Biotypes named; the rest is summed up.
const NAMED: usize = 6;

/// What the figure shows.
pub const CAPTION: &str = "Assigned fragments by the biotype of their gene. Much ribosomal or mitochondrial RNA means a depletion that failed.";

/// The bars by the most frequent biotypes; `None` when the annotation has no biotypes.
pub fn points(qc: &[SampleQc]) -> Option<StackedBars> {
    let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
    for (biotype, fragments) in qc.iter().flat_map(|sample| &sample.biotypes) {
        *totals.entry(biotype).or_default() += fragments;
    }
    let mut order: Vec<(&str, u64)> = totals.into_iter().filter(|(_, fragments)| *fragments > 0).collect();
    if order.is_empty() {
        return None;
    }
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let rest = order.len() > NAMED;
    order.truncate(NAMED);
    let mut categories: Vec<String> = order.iter().map(|(name, _)| name.replace('_', " ")).collect();
    if rest {
        categories.push("all others".to_owned());
    }
    let numbers = |sample: &SampleQc| {
        let of = |name: &str| sample.biotypes.iter().filter(|b| b.0 == name).map(|b| b.1).sum::<u64>();
        let mut numbers: Vec<u64> = order.iter().map(|(name, _)| of(name)).collect();
        if rest {
            let all: u64 = sample.biotypes.iter().map(|biotype| biotype.1).sum();
            numbers.push(all - numbers.iter().sum::<u64>());
        }
        numbers
    };
    Some(StackedBars {
        title: "Biotypes".to_owned(),
        subtitle: "share of assigned fragments, per sample".to_owned(),
        caption: CAPTION.to_owned(),
        x_title: "share of assigned fragments (%)".to_owned(),
        categories,
        samples: qc.iter().map(|sample| (sample.sample.clone(), numbers(sample))).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn rare_biotypes_are_summed_up() {
        let mut qc = fixture::report(10).qc;
        qc.truncate(1);
        qc[0].biotypes = (0..9).map(|i| (format!("kind_{i}"), 100 - i)).collect();
        let bars = points(&qc).unwrap();
        assert_eq!((bars.categories.len(), bars.categories[6].as_str()), (7, "all others"));
        assert_eq!(bars.samples[0].1.iter().sum::<u64>(), (0..9).map(|i| 100 - i).sum::<u64>());
    }
}
