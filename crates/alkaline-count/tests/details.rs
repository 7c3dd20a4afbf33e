//! What became of each read (`-R`): the files and the tags.
#![cfg(test)]

use std::path::{Path, PathBuf};

use alkaline_count::{
    BamInput, Compat, CountOptions, CountUnit, DetailFormat, Details, StrandRule, count_units,
};
use alkaline_testkit::{SamBuilder, SamRecord};

const GENES: &str = "chr1\tt\texon\t1\t500\t.\t+\t.\tgene_id \"A\";\n";

/// Counts `inputs`; the files of `-R` go to `directory`.
fn count(directory: &Path, inputs: &[PathBuf], format: DetailFormat, compat: Compat) {
    let genes = alkaline_io::annotation::read_from(GENES.as_bytes(), Path::new("a.gtf"), &Default::default());
    let options = CountOptions {
        strandedness: StrandRule::Unstranded,
        details: Some(Details { format, directory: directory.to_owned() }),
        unit: if compat == Compat::None { CountUnit::Auto } else { CountUnit::SingleEnd },
        compat,
        ..CountOptions::default()
    };
    let inputs: Vec<BamInput> =
        inputs.iter().map(|path| BamInput::new(path.display().to_string(), path)).collect();
    count_units(&inputs, &genes.unwrap().annotation, None, &options).unwrap();
}

#[test]
fn files_of_one_name_leave_a_list_each() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let inputs: Vec<PathBuf> = ["one", "two"].map(|name| directory.path().join(name).join("x.bam")).into();
    for (number, path) in inputs.iter().enumerate() {
        std::fs::create_dir(path.parent().unwrap()).unwrap();
        let read = format!("read{number}");
        SamBuilder::new(&[("chr1", 5_000)]).read(&read, "chr1", 10, "30M").write_bam(path).unwrap();
    }
    count(&out, &inputs, DetailFormat::Core, Compat::None);
    for (number, name) in ["one", "two"].into_iter().enumerate() {
        let stem = directory.path().join(name).display().to_string().replace('/', ".");
        let list = out.join(format!("{}.x.bam.featureCounts", stem.trim_start_matches('.')));
        let text = std::fs::read_to_string(&list).unwrap();
        assert_eq!(text, format!("read{number}\tAssigned\t1\tA\n"));
    }
}

#[test]
fn tags_that_stand_in_a_record_already_are_replaced_but_kept_in_featurecounts() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.bam");
    let mut record = SamRecord::new("r", "chr1", 10, "30M");
    record.tags = ["XS:A:+", "NH:i:1", "XT:Z:OLD", "XN:i:7", "MD:Z:30"].map(str::to_owned).into();
    SamBuilder::new(&[("chr1", 5_000)]).record(record).write_bam(&path).unwrap();
    let tags = |compat| {
        count(directory.path(), std::slice::from_ref(&path), DetailFormat::Sam, compat);
        let text = std::fs::read_to_string(directory.path().join("a.bam.featureCounts.sam")).unwrap();
        let line = text.lines().find(|line| line.starts_with("r\t")).unwrap().to_owned();
        line.split('\t').skip(11).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(tags(Compat::None), ["NH:i:1", "MD:Z:30", "XS:Z:Assigned", "XN:i:1", "XT:Z:A"]);
    let kept = ["XS:A:+", "NH:i:1", "XT:Z:OLD", "XN:i:7", "MD:Z:30", "XS:Z:Assigned", "XN:i:1", "XT:Z:A"];
    assert_eq!(tags(Compat::FeatureCounts), kept);
}
