//! Over-representation against clusterProfiler's own tables (classic rules, org.Hs.eg.db 3.16, Gene Ontology 2022-07-01).

#![cfg(test)]

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::gene_sets::{GeneSet, GeneSetCollection};
use alkaline_core::ontology::Aspect;
use alkaline_core::results::{GeneSelection, OraRow, OraTable};
use alkaline_core::{GeneId, Ontology};
use alkaline_enrich::ora::{Cutoffs, GeneLabels, OraCompat, OraStatistic, Universe, collapse, p_value};
use alkaline_enrich::similarity::RelationWeights;
use alkaline_enrich::simplify::{SimplifyOptions, simplify_ora};
use alkaline_enrich::{OraOptions, over_representation};
use alkaline_io::delimited::{Delimited, read_text};
use alkaline_testkit::{Largest, external_cases};

/// Largest relative difference allowed in p, adjusted p and q; measured: 4e-14.
const TOLERANCE: f64 = 1e-10;

fn genes(path: &Path) -> Vec<GeneId> {
    read_text(path).unwrap().lines().map(GeneId::from).collect()
}

fn lines(path: &Path) -> Vec<String> {
    read_text(path).unwrap().lines().map(str::to_owned).collect()
}

/// One golden table as rows of text by column name.
fn golden(path: &Path) -> Vec<HashMap<String, String>> {
    let table = Delimited::open(path).unwrap();
    let header = table.header.clone();
    table
        .rows()
        .unwrap()
        .into_iter()
        .map(|(_, row)| header.iter().cloned().zip(row.iter().map(str::to_owned)).collect())
        .collect()
}

fn assert_equal_tables(actual: &[OraRow], expected: &[HashMap<String, String>], name: &str) {
    assert!(expected.len() > 50, "{name}: only {} rows", expected.len());
    assert_eq!(actual.len(), expected.len(), "{name}: rows");
    let mut largest = Largest::default();
    for (row, expected) in actual.iter().zip(expected) {
        let text = |column: &str| expected[column].clone();
        assert_eq!(row.id, text("ID"), "{name}: order");
        assert_eq!(row.description, text("Description"), "{name} {}", row.id);
        assert_eq!(format!("{}/{}", row.hits, row.query_size), text("GeneRatio"), "{name} {}", row.id);
        assert_eq!(format!("{}/{}", row.set_size, row.universe_size), text("BgRatio"), "{name} {}", row.id);
        assert_eq!(row.genes.join("/"), text("geneID"), "{name} {}", row.id);
        for (value, column) in
            [(row.p_value, "pvalue"), (row.p_adjusted, "p.adjust"), (row.q_value, "qvalue")]
        {
            let expected: f64 = text(column).parse().unwrap();
            largest.add((value - expected) / expected);
        }
    }
    println!("{name}: {} rows, largest relative difference {:.1e}", actual.len(), largest.value());
    largest.assert_below(TOLERANCE, name);
}

fn run(collection: &GeneSetCollection, cases: &Path, with_universe: bool) -> OraTable {
    let selection = GeneSelection {
        hits: genes(&cases.join("inputs/h3122sim.de663.txt")),
        universe: genes(&cases.join("inputs/h3122sim.universe.txt")),
    };
    let universe = if with_universe { Universe::Tested } else { Universe::Annotated };
    let options = OraOptions { universe, labels: GeneLabels::AsGiven, ..OraOptions::default() };
    let identifiers = alkaline_reference::identifiers::human_identifiers(Some("2022-07")).unwrap();
    over_representation("all", &selection, std::slice::from_ref(collection), Some(&identifiers), &options)
        .unwrap()
        .table
}

fn significant(table: &OraTable) -> Vec<(&str, f64)> {
    Cutoffs::default()
        .significant(&table.rows)
        .into_iter()
        .map(|row| (row.id.as_str(), row.p_adjusted))
        .collect()
}

/// The built-in ontology (genes found by symbol) and the sets as clusterProfiler saw them both give its tables.
#[test]
fn needs_data_tables_equal_clusterprofiler() {
    let Some(cases) = external_cases("clusterProfiler's tables") else { return };
    let cases = cases.join("enrichment");
    let go = alkaline_reference::ontology::gene_ontology(Some("2022-07")).unwrap();
    for aspect in Aspect::ALL {
        let code = aspect.code();
        let (from_file, _) =
            alkaline_io::gmt::read(&cases.join(format!("sets/GO_{code}.SYMBOL.gmt.gz"))).unwrap();
        for (collection, kind) in [(go.collection(aspect), "built in"), (from_file, "GMT")] {
            for (with_universe, suffix) in [(true, "uni"), (false, "dflt")] {
                let name = format!("h3122sim.{code}.{suffix}");
                let table = run(&collection, &cases, with_universe);
                let expected = golden(&cases.join(format!("ora/{name}.tsv.gz")));
                assert_equal_tables(&table.rows, &expected, &format!("{name} ({kind})"));
                let ids: Vec<&str> = significant(&table).iter().map(|row| row.0).collect();
                assert_eq!(ids, lines(&cases.join(format!("ora/{name}.significant.txt"))), "{name}");
            }
        }
    }
}

/// With the relations that GOSemSim climbs and its weights, the lists are clusterProfiler's own, term by term.
#[test]
fn needs_data_simplified_lists_equal_clusterprofiler() {
    let Some(cases) = external_cases("clusterProfiler's simplified tables") else { return };
    let cases = cases.join("enrichment");
    let go = alkaline_reference::ontology::gene_ontology(Some("2022-07")).unwrap();
    let relations = alkaline_reference::ontology::gosemsim_relations().unwrap();
    for aspect in Aspect::ALL {
        for (with_universe, suffix) in [(true, "uni"), (false, "dflt")] {
            let table = run(&go.collection(aspect), &cases, with_universe);
            let name = format!("h3122sim.{}.{suffix}", aspect.code());
            let expected = lines(&cases.join(format!("ora/{name}.simplify.txt")));
            let options = SimplifyOptions { weights: RelationWeights::Flat07, ..SimplifyOptions::default() };
            assert_eq!(kept(&table, &relations, &options), expected, "{name}");
            // The release's own relations (the default) differ in a few terms: measured, not equal (E-03).
            let own = kept(&table, &go.ontology, &options);
            let shared = own.iter().filter(|id| expected.contains(id)).count();
            let union = own.len() + expected.len() - shared;
            println!(
                "{name}: {} kept; by the release's relations {}, shared {shared}",
                expected.len(),
                own.len()
            );
            assert!(shared as f64 >= 0.85 * union as f64, "{name}: {shared} of {union}");
        }
    }
}

fn kept(table: &OraTable, ontology: &Ontology, options: &SimplifyOptions) -> Vec<String> {
    let simplified = simplify_ora(table, Cutoffs::default(), ontology, options).unwrap();
    simplified.rows.into_iter().map(|row| row.id).collect()
}

/// A universe of genes, chosen ones outside it, and the two newer rules: their counts, by hand from the classic table.
#[test]
fn needs_data_the_rules_of_4_20_add_untouched_sets_and_nothing_else() {
    let Some(cases) = external_cases("clusterProfiler's tables") else { return };
    let cases = cases.join("enrichment");
    let go = alkaline_reference::ontology::gene_ontology(Some("2022-07")).unwrap();
    let collection = go.collection(Aspect::BiologicalProcess);
    let with = |compat| {
        let selection = GeneSelection {
            hits: genes(&cases.join("inputs/h3122sim.de663.txt")),
            universe: genes(&cases.join("inputs/h3122sim.universe.txt")),
        };
        let options = OraOptions { compat, ..OraOptions::default() };
        let identifiers = alkaline_reference::identifiers::human_identifiers(Some("2022-07")).unwrap();
        let sets = std::slice::from_ref(&collection);
        over_representation("all", &selection, sets, Some(&identifiers), &options).unwrap().table.rows
    };
    let (classic, newest) = (with(OraCompat::ClusterProfiler418), with(OraCompat::ClusterProfiler420));
    // enrichit 0.1.5 on the same lists: 5,749 sets tested, 1,092 of them without a chosen gene; 339 significant.
    assert_eq!((classic.len(), newest.len()), (4657, 5749));
    assert_eq!(newest.iter().filter(|row| row.hits == 0 && row.p_value == 1.0).count(), 1092);
    assert_eq!(newest.iter().filter(|row| row.p_adjusted <= 0.05).count(), 339);
    assert_eq!(Cutoffs::default().significant(&classic).len(), 366);
    for (old, new) in classic.iter().zip(&newest).take(100) {
        assert_eq!((&old.id, old.p_value), (&new.id, new.p_value));
    }
    // R's qvalue 2.30.0 on these 5,749 p-values: pi0 = 1, so that q is the adjusted p.
    assert!(newest.iter().all(|row| (row.q_value / row.p_adjusted - 1.0).abs() < 1e-12));
}

/// fgsea's own example: the 200 genes at the top of its list. There every gene of the list counts for N, annotated or
/// not: a set of all genes, too large to be tested, makes that so here.
#[test]
fn needs_data_fora_and_its_collapsed_sets_equal_fgsea() {
    let Some(cases) = external_cases("fgsea's over-representation") else { return };
    let cases = cases.join("enrichment");
    let ranks = golden(&cases.join("inputs/fgsea_example.rnk.tsv"));
    let universe: Vec<GeneId> = ranks.iter().map(|row| GeneId::from(row["gene"].as_str())).collect();
    let (mut collection, _) = alkaline_io::gmt::read(&cases.join("sets/fgsea_example.gmt.gz")).unwrap();
    let known = collection.genes.clone();
    let mut position: HashMap<&GeneId, u32> = known.iter().zip(0..).collect();
    for gene in &universe {
        position.entry(gene).or_insert_with(|| {
            collection.genes.push(gene.clone());
            collection.genes.len() as u32 - 1
        });
    }
    let members = universe.iter().map(|gene| position[gene]).collect();
    collection.sets.push(GeneSet { id: "ALL".into(), description: String::new(), members });
    let selection = GeneSelection { hits: universe[..200].to_vec(), universe };
    let options = OraOptions { min_size: 15, compat: OraCompat::ClusterProfiler420, ..OraOptions::default() };
    let sets = std::slice::from_ref(&collection);
    let table = over_representation("all", &selection, sets, None, &options).unwrap().table;
    let expected = golden(&cases.join("gsea/fgsea_example.fora_top200.tsv"));
    assert_eq!((table.rows.len(), expected.len()), (586, 586));
    let by_id: HashMap<&str, &OraRow> = table.rows.iter().map(|row| (row.id.as_str(), row)).collect();
    let mut largest = Largest::default();
    for expected in &expected {
        let row = by_id[expected["pathway"].as_str()];
        assert_eq!(
            format!("{} {}", row.hits, row.set_size),
            format!("{} {}", expected["overlap"], expected["size"])
        );
        for (value, column) in
            [(row.p_value, "pval"), (row.p_adjusted, "padj"), (row.fold_enrichment, "foldEnrichment")]
        {
            let expected: f64 = expected[column].parse().unwrap();
            largest.add((value - expected) / expected.max(f64::MIN_POSITIVE));
        }
    }
    println!("fora: {} rows, largest relative difference {:.1e}", expected.len(), largest.value());
    largest.assert_below(TOLERANCE, "fora");
    // collapsePathwaysORA was given the sets with padj < 0.01.
    let collapsed = collapse(&selection, sets, None, &options, &table, 0.01).unwrap();
    let main: Vec<String> =
        collapsed.iter().filter(|set| set.represented_by.is_none()).map(|set| set.id.clone()).collect();
    assert_eq!((collapsed.len(), main), (15, lines(&cases.join("gsea/fgsea_example.collapseORA_main.txt"))));
}

/// Counts from here on DAVID scores by numerics of its own, which no variant of the formula repeats.
const DAVID_LARGE_COUNT: usize = 41;

/// DAVID's own numbers: all of two charts up to the count above; in the two others a few rows differ unexplained.
#[test]
fn needs_data_ease_equals_david() {
    let Some(cases) = external_cases("DAVID's charts") else { return };
    for (chart, measured) in [
        ("6p7_Consistent_Decrease", 659.0 / 675.0),
        ("6p8_Consistent_Decrease", 1250.0 / 1337.0),
        ("6p7_Late_Increase", 1.0),
        ("6p8_Late_Increase", 1.0),
    ] {
        let (mut rows, mut close) = (0, 0);
        for row in golden(&cases.join(format!("enrichment/david/david_chart{chart}.txt"))) {
            let number = |column: &str| row[column].trim().parse::<f64>().unwrap();
            let [k, n, m, total] =
                ["Count", "List Total", "Pop Hits", "Pop Total"].map(|c| number(c) as usize);
            if k < DAVID_LARGE_COUNT {
                let ours = p_value(k, n, m, total, OraStatistic::Ease);
                rows += 1;
                close += usize::from((ours / number("PValue") - 1.0).abs() < 1e-6);
            }
        }
        println!("{chart}: {close} of {rows} EASE scores within 1e-6");
        assert!(rows > 500, "{chart}: {rows} rows");
        assert!(close as f64 >= measured * rows as f64, "{chart}: {close} of {rows}");
    }
}
