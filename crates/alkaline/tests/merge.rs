//! `alkaline merge`: parts of every kind give the bytes of one call.

#![cfg(test)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use alkaline_testkit::{SamBuilder, SamRecord};

const GENES: &str = concat!(
    "chr1\tt\texon\t1000\t1100\t.\t+\t.\tgene_id \"A\"; gene_name \"Alpha\"; gene_biotype \"rRNA\"; tag \"x\";\n",
    "chr1\tt\texon\t1200\t1300\t.\t+\t.\tgene_id \"A\"; gene_name \"Alpha\"; gene_biotype \"rRNA\"; tag \"y\";\n",
    "chr1\tt\texon\t1250\t1350\t.\t-\t.\tgene_id \"B\"; gene_biotype \"lncRNA\"; tag \"x\";\n",
);

fn alkaline(directory: &Path, words: &[&str]) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_alkaline")).args(words).current_dir(directory).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// All files below `directory` by name, without the line that names the command.
fn files(directory: &Path, prefix: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            found.extend(files(&path, &format!("{name}/")));
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            let kept = text.lines().filter(|line| !line.starts_with("# Program"));
            found.insert(name, kept.collect::<Vec<_>>().join("\n"));
        }
    }
    found
}

#[test]
fn merged_parts_are_the_files_of_one_call() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    std::fs::write(at.join("genes.gtf"), GENES).unwrap();
    let contigs = [("chr1", 10_000), ("chr2", 10_000)];
    for (name, shift) in [("a", 0), ("b", 40), ("c", 5_000)] {
        let mut builder =
            SamBuilder::new(&contigs).header_line("@RG\tID:lane1").header_line("@RG\tID:lane 2");
        for read in 0..200 {
            let position = 1_000 + shift + read % 60;
            builder =
                builder.pair(&format!("r{read}"), "chr1", (position, "20M130N20M"), (position + 200, "30M"));
        }
        for read in 0..90 {
            let mut record = SamRecord::new(&format!("s{read}"), "chr1", 1_000 + shift + read, "30M");
            // Every third read is of no group.
            let group = ["lane1", "lane 2"].get(read as usize % 3);
            record.tags.extend(group.map(|group| format!("RG:Z:{group}")));
            builder = builder.record(record);
        }
        builder.write_bam(&at.join(format!("{name}.bam"))).unwrap();
    }
    let kinds: [&[&str]; 7] = [
        &[],
        &["-f", "-O", "-J"],
        &["-J", "--extraAttributes", "tag,missing", "-M", "--fraction", "-O"],
        &["--compat", "featureCounts", "-p", "--countReadPairs", "-J"],
        &["--byReadGroup", "-J"],
        &["--compat", "featureCounts", "-p", "--countReadPairs", "--byReadGroup", "-Q", "10"],
        &["--nonSplitOnly", "--no-qc", "--names", "auto"],
    ];
    for (number, kind) in kinds.into_iter().enumerate() {
        let count = |output: &str, bams: &[&str]| {
            let words = [&["count", "-q", "-a", "genes.gtf", "-o", output], kind, bams].concat();
            alkaline(at, &words);
        };
        let [whole, parts, merged] = ["whole", "parts", "merged"].map(|name| format!("{name}{number}"));
        count(&format!("{whole}/c.tsv"), &["a.bam", "b.bam", "c.bam"]);
        let names: Vec<String> = ["a", "b", "c"].iter().map(|name| format!("{parts}/{name}.tsv")).collect();
        names.iter().zip(["a.bam", "b.bam", "c.bam"]).for_each(|(part, bam)| count(part, &[bam]));
        let output = format!("{merged}/c.tsv");
        let mut words = vec!["merge", "-q", "-o", &output];
        words.extend(names.iter().map(String::as_str));
        alkaline(at, &words);
        let expected = files(&at.join(&whole), "");
        assert!(expected.len() >= 2, "{kind:?}");
        assert_eq!(files(&at.join(&merged), ""), expected, "{kind:?}");
    }
}

#[test]
fn parts_that_were_counted_differently_are_told_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let contigs = [("chr1", 10_000), ("chr2", 10_000)];
    for name in ["a", "b", "c"] {
        let reads = SamBuilder::new(&contigs).record(SamRecord::new("r", "chr1", 1_010, "30M"));
        reads.write_sam(&at.join(format!("{name}.sam"))).unwrap();
    }
    std::fs::write(at.join("v24.gtf"), GENES).unwrap();
    std::fs::write(at.join("v25.gtf"), GENES).unwrap();
    let count = |sample: &str, options: &[&str]| {
        let (output, reads) = (format!("{sample}.tsv"), format!("{sample}.sam"));
        alkaline(at, &[&["count", "--no-qc", "-o", &output], options, &[&reads]].concat());
    };
    let merge = || {
        let merged = Command::new(env!("CARGO_BIN_EXE_alkaline"))
            .args(["merge", "-o", "all.tsv", "a.tsv", "b.tsv", "c.tsv"])
            .current_dir(at)
            .output()
            .unwrap();
        assert!(merged.status.success());
        String::from_utf8(merged.stderr).unwrap()
    };
    count("a", &["-s", "0", "-a", "v24.gtf", "-T", "1"]);
    count("b", &["-s", "1", "-a", "v24.gtf", "-M", "-T", "2"]);
    count("c", &["-s", "0", "-a", "v25.gtf", "-T", "1"]);
    let told = merge();
    for expected in [
        "-s 0 (a.tsv, c.tsv), -s 1 (b.tsv)",
        "-a v24.gtf (a.tsv, b.tsv), -a v25.gtf (c.tsv)",
        "-M (b.tsv), no -M (a.tsv, c.tsv)",
    ] {
        assert!(told.contains(expected), "{expected}\n{told}");
    }
    assert_eq!(told.matches("counted differently").count(), 3, "{told}");
    for sample in ["a", "b", "c"] {
        count(sample, &["-s", "0", "-a", "v24.gtf"]);
    }
    assert!(!merge().contains("counted differently"));
}
