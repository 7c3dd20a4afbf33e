//! What one stage hands to the next has a file form that reads back to the same noun, whatever it holds.

#![cfg(test)]

use std::path::Path;
use std::sync::Arc;

use alkaline_core::annotation::{GeneLabel, GeneLocus};
use alkaline_core::results::{CountTable, DispersionEstimates, DispersionSource, GeneFacts, RankedGenes};
use alkaline_core::{CountMatrix, GeneId, GeneIndex, Groups, LibrarySizes, PerGene, PerSample, SampleIndex};
use alkaline_io::counts::{self, CountTableOptions};
use alkaline_io::results::{dispersions, library_sizes};
use alkaline_io::rnk;
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::string::string_regex;

/// Names as genes and samples have them, in no particular order.
fn names(prefix: &'static str, number: usize) -> impl Strategy<Value = Vec<String>> {
    let name = string_regex(&format!("{prefix}[A-Za-z0-9_.:|#\"' -]{{0,12}}[A-Za-z0-9]")).unwrap();
    btree_set(name, number).prop_map(|names| names.into_iter().collect::<Vec<_>>()).prop_shuffle()
}

fn genes(number: usize) -> impl Strategy<Value = Arc<GeneIndex>> {
    names("g", number).prop_map(|names| {
        GeneIndex::new(names.iter().map(|name| GeneId::from(name.as_str())).collect()).unwrap()
    })
}

fn samples(number: usize) -> impl Strategy<Value = Arc<SampleIndex>> {
    names("s", number)
        .prop_map(|names| SampleIndex::new(names.iter().map(|name| name.as_str().into()).collect()).unwrap())
}

/// Finite numbers of every size.
fn real() -> impl Strategy<Value = f64> {
    use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO
}

fn shape() -> impl Strategy<Value = (usize, usize)> {
    (1_usize..12, 1_usize..6)
}

/// Genes with one value of `strategy` each.
fn per_gene<T: std::fmt::Debug + Clone>(
    genes: Arc<GeneIndex>,
    strategy: impl Strategy<Value = T>,
) -> impl Strategy<Value = PerGene<T>> {
    let number = genes.len();
    vec(strategy, number).prop_map(move |values| PerGene::new(Arc::clone(&genes), values).unwrap())
}

fn locus() -> impl Strategy<Value = GeneLocus> {
    ("chr[0-9XYM]{1,2}", 1_u32..1_000_000, 1_u32..10_000, any::<bool>()).prop_map(
        |(chr, start, length, is_forward)| GeneLocus {
            chr,
            start: start.to_string(),
            end: (start + length - 1).to_string(),
            strand: if is_forward { "+" } else { "-" }.to_owned(),
            length: length.into(),
        },
    )
}

fn count_table() -> impl Strategy<Value = CountTable> {
    shape().prop_flat_map(|(rows, columns)| (genes(rows), samples(columns))).prop_flat_map(
        |(genes, samples)| {
            let counts = vec(0_u64..(1 << 53), genes.len() * samples.len());
            (counts, per_gene(Arc::clone(&genes), locus())).prop_map(move |(counts, loci)| {
                let counts = counts.into_iter().map(|count| count as f64).collect();
                let matrix = CountMatrix::new(Arc::clone(&genes), Arc::clone(&samples), counts).unwrap();
                CountTable { matrix, facts: GeneFacts { loci: Some(loci), ..GeneFacts::default() } }
            })
        },
    )
}

fn sizes() -> impl Strategy<Value = (LibrarySizes, Groups)> {
    (1_usize..9).prop_flat_map(samples).prop_flat_map(|samples| {
        let number = samples.len();
        let positive = || vec(proptest::num::f64::POSITIVE | proptest::num::f64::NORMAL, number);
        let groups = vec("[a-z][a-z ]{0,6}[a-z]", number);
        (positive(), positive(), groups).prop_map(move |(raw, factors, labels)| {
            let of = |values: &[f64]| PerSample::from_fn(Arc::clone(&samples), |sample| values[sample].abs());
            let sizes = LibrarySizes { raw: of(&raw), factors: of(&factors) };
            (sizes, Groups::new(Arc::clone(&samples), &labels))
        })
    })
}

fn source() -> impl Strategy<Value = DispersionSource> {
    prop_oneof![
        Just(DispersionSource::Estimated),
        (0.0..10.0).prop_map(|dispersion| DispersionSource::Assumed { dispersion }),
        "[a-z/. ]{1,20}".prop_map(|from| DispersionSource::Borrowed { from }),
    ]
}

fn estimates() -> impl Strategy<Value = DispersionEstimates> {
    (1_usize..12).prop_flat_map(genes).prop_flat_map(|genes| {
        let own = || per_gene(Arc::clone(&genes), 0.0..100.0_f64);
        let prior_df = vec(prop_oneof![0.0..1e6_f64, Just(f64::INFINITY)], 0..4);
        let abundance = per_gene(Arc::clone(&genes), -20.0..20.0_f64);
        (
            source(),
            0.0..10.0_f64,
            option::of(own()),
            option::of(own()),
            prior_df,
            abundance,
            option::of(0.0..1.0_f64),
        )
            .prop_map(|(source, common, trended, tagwise, prior_df, average_log_cpm, span)| {
                DispersionEstimates { source, common, trended, tagwise, prior_df, average_log_cpm, span }
            })
    })
}

fn ranking() -> impl Strategy<Value = RankedGenes> {
    (1_usize..20).prop_flat_map(|number| (names("g", number), vec(real(), number))).prop_map(
        |(names, mut scores)| {
            scores.sort_by(|a, b| b.total_cmp(a));
            RankedGenes { genes: names.iter().map(|name| name.as_str().into()).collect(), scores }
        },
    )
}

/// Writes into a new directory and reads from it.
fn through_a_file<T>(name: &str, write_and_read: impl FnOnce(&Path) -> T) -> T {
    let directory = tempfile::tempdir().unwrap();
    write_and_read(&directory.path().join(name))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_count_table_reads_back_as_it_was(table in count_table()) {
        let read = through_a_file("counts.tsv", |path| {
            counts::write(path, &table, Some("Program:alkaline v1; Command:\"count\"")).unwrap();
            counts::read(path, &CountTableOptions::default()).unwrap().table
        });
        prop_assert_eq!(read.matrix, table.matrix);
        prop_assert_eq!(read.facts.loci, table.facts.loci);
    }

    #[test]
    fn symbols_and_biotypes_read_back_as_they_were(
        labels in (1_usize..12).prop_flat_map(genes).prop_flat_map(|genes| {
            let label = (option::of("[A-Z][A-Za-z0-9-]{0,9}"), option::of("[a-z][a-z_]{0,14}"));
            per_gene(genes, label.prop_map(|(name, biotype)| GeneLabel { name: name.map(Arc::from), biotype }))
        })
    ) {
        prop_assume!(labels.values().iter().all(|label| label.name.as_deref() != Some("NA")));
        let read = through_a_file("counts.tsv.genes", |path| {
            counts::write_labels(path, &labels).unwrap();
            counts::read_labels(path, labels.index()).unwrap()
        });
        prop_assert_eq!(read, labels);
    }

    #[test]
    fn library_sizes_and_groups_read_back_as_they_were((sizes, groups) in sizes()) {
        let (read, their_groups) = through_a_file("library_sizes.tsv", |path| {
            library_sizes::write(path, &sizes, &groups).unwrap();
            library_sizes::read(path).unwrap()
        });
        prop_assert_eq!(read, sizes);
        prop_assert_eq!(their_groups, groups);
    }

    #[test]
    fn dispersions_read_back_with_their_prior_and_span(estimates in estimates()) {
        let genes = estimates.average_log_cpm.index();
        let labels = PerGene::from_fn(Arc::clone(genes), |_| GeneLabel::default());
        let read = through_a_file("dispersions.tsv", |path| {
            dispersions::write(path, &estimates, &labels).unwrap();
            dispersions::read_estimates(path, genes).unwrap()
        });
        prop_assert_eq!(read, estimates);
    }

    #[test]
    fn a_ranking_reads_back_as_it_was(ranking in ranking()) {
        let (read, _) = through_a_file("ranks.rnk", |path| {
            rnk::write(path, &ranking).unwrap();
            rnk::read(path).unwrap()
        });
        prop_assert_eq!(read, ranking);
    }
}
