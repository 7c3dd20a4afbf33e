//! Counts of real files against tables that featureCounts 2.0.3 made of them.
#![cfg(test)]

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use alkaline_count::{BamInput, CountOptions, StrandRule, count_reads};
use alkaline_io::annotation;

/// The counts of a featureCounts table by gene.
fn golden(path: &Path) -> HashMap<String, Vec<f64>> {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("Geneid"))
        .map(|line| {
            let mut columns = line.split('\t');
            let gene = columns.next().unwrap().to_owned();
            (gene, columns.skip(5).map(|value| value.parse().unwrap()).collect())
        })
        .collect()
}

/// Counts `bams` under every strand rule and compares with the tables called `name`.
fn compare(name: &str, gtf: &str, bams: &[&str], data: &Path) {
    let annotation = annotation::read(&data.join(gtf), &Default::default()).unwrap().annotation;
    let inputs: Vec<BamInput> = bams.iter().map(|bam| BamInput::new(*bam, data.join(bam))).collect();
    let rules = [StrandRule::Unstranded, StrandRule::Forward, StrandRule::Reverse];
    for (code, rule) in rules.into_iter().enumerate() {
        for threads in [1, 3] {
            let options = CountOptions { strandedness: rule, threads, ..CountOptions::default() };
            let counted = count_reads(&inputs, &annotation, &options).unwrap();
            let path: PathBuf = data.join(format!("golden/featurecounts_2.0.3/{name}.s{code}.txt.gz"));
            let expected = golden(&path);
            let matrix = &counted.table.matrix;
            assert_eq!(matrix.genes().len(), expected.len());
            let mut total = 0.0;
            for (gene, id) in matrix.genes().ids().iter().enumerate() {
                assert_eq!(matrix.row(gene), expected[id.as_str()], "{name} -s {code} {id}");
                total += matrix.row(gene).iter().sum::<f64>();
            }
            assert!(total > 0.0);
        }
    }
}

#[test]
fn airway_counts_equal_featurecounts_needs_data() {
    let Some(data) = alkaline_testkit::external_data("real paired-end BAMs") else { return };
    let names: Vec<String> = ["08", "09", "12", "13", "16", "17", "20", "21"]
        .iter()
        .map(|number| format!("bam/airway/SRR10395{number}_subset.bam"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    compare("airway", "bam/airway/Homo_sapiens.GRCh37.75_subset.gtf", &names, &data);
}

const GENCODE: &str = "bam/encode_chr19/gencodeV24pri-tRNAs-ERCC-phiX_onlychr19_and_spikeins.gtf.gz";

#[test]
fn stranded_pairs_equal_featurecounts_needs_data() {
    let Some(data) = alkaline_testkit::external_data("real stranded BAMs") else { return };
    let bams =
        ["bam/encode_chr19/ENCSR653DFZ_rep1.sorted.bam", "bam/encode_chr19/ENCSR653DFZ_rep2.sorted.bam"];
    compare("encPEstr", GENCODE, &bams, &data);
}

#[test]
fn single_end_reads_equal_featurecounts_needs_data() {
    let Some(data) = alkaline_testkit::external_data("real single-end BAMs") else { return };
    let bams =
        ["bam/encode_chr19/ENCSR510QZW_rep1.sorted.bam", "bam/encode_chr19/ENCSR510QZW_rep2.sorted.bam"];
    compare("encSE", GENCODE, &bams, &data);
}
