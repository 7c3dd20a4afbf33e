//! The index of a genome: made once, found again, never instead of something else, and never half.

#![cfg(unix)]
#![cfg(test)]

mod small_reads;

use std::fs;
use std::path::Path;

use alkaline_testkit::{FakePrograms, external_program};
use alkaline_workflow::stages::hisat2_index::{Hisat2Index, IntronUse};
use alkaline_workflow::stages::reference_index::{BuiltIndex, IndexRequest, build};
use alkaline_workflow::{ErrorKind, WorkflowError};
use small_reads::{Place, bases, gzip, search, system};

/// A builder that writes all files of an index after `script`.
fn builder(script: &str) -> FakePrograms {
    let make = format!("{script}\nfor i in 1 2 3 4 5 6 7 8; do cat genome.fa > genome.$i.ht2; done");
    FakePrograms::new().with("hisat2-build", "unused", "exit 9").with(
        "hisat2-build-s",
        "version 2.9.9",
        &make,
    )
}

fn request(place: &Place, annotation: Option<&str>) -> IndexRequest {
    IndexRequest {
        genome: place.write("genome.fa", format!(">chr1 made up\n{}\n", bases(0, 5000))),
        annotation: annotation.map(|text| place.write("genes.gtf", text)),
        introns: IntronUse::Alignment,
        memory: Some(1 << 40),
    }
}

fn make(programs: &FakePrograms, request: &IndexRequest, place: &Place) -> Result<BuiltIndex, WorkflowError> {
    let path = alkaline_workflow::programs::SearchPath::of(&programs.search_path());
    build(request, &place.out(), &path, 2)
}

const GENES: &str = "chr1\tt\texon\t101\t200\t.\t+\t.\tgene_id \"g\"; transcript_id \"t\";\n\
                     chr1\tt\texon\t301\t400\t.\t+\t.\tgene_id \"g\"; transcript_id \"t\";\n";

/// Names in the folder of the place.
fn names(place: &Path) -> Vec<String> {
    let entries = fs::read_dir(place).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn an_index_is_made_once_and_found_again() {
    let place = Place::new();
    let wanted = request(&place, Some(GENES));
    let built = make(&builder(""), &wanted, &place).unwrap();
    assert!(!built.reused);
    assert_eq!(
        (built.record.contigs, built.record.bases, built.record.splice_sites, built.record.exons),
        (1, 5000, 1, 2)
    );
    assert_eq!(built.record.hisat2, "2.9.9");
    assert_eq!(names(&place.out()).len(), 12, "{:?}", names(&place.out()));
    assert_eq!(fs::read_to_string(place.out().join("splice_sites.txt")).unwrap(), "chr1\t199\t300\t+\n");
    // No program is asked for the second time; a copy of the genome elsewhere is the same genome.
    let copy = IndexRequest { genome: place.write("copy.fa", fs::read(&wanted.genome).unwrap()), ..wanted };
    assert!(make(&builder("exit 1"), &copy, &place).unwrap().reused);
    let index = Hisat2Index::find(&place.out()).unwrap();
    assert_eq!(index.splice_sites, Some(place.out().join("splice_sites.txt")));
}

#[test]
fn what_else_lies_there_is_not_replaced() {
    let place = Place::new();
    let wanted = request(&place, None);
    let refusal = |request: &IndexRequest| {
        let error = make(&builder(""), request, &place).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        error.to_string()
    };
    place.write("out/thesis.txt", "mine");
    let message = refusal(&wanted);
    assert!(
        message.contains("holds something else, and is not replaced") && message.contains("hint: "),
        "{message}"
    );
    assert_eq!(place.left(), ["thesis.txt"]);
    fs::remove_file(place.out().join("thesis.txt")).unwrap();
    // An empty directory is free.
    make(&builder(""), &wanted, &place).unwrap();
    let other = IndexRequest { genome: place.write("other.fa", ">chr1\nACGT\n"), ..wanted.clone() };
    assert!(refusal(&other).contains("the index of another genome"));
    let with_introns = IndexRequest { annotation: Some(place.write("genes.gtf", GENES)), ..wanted.clone() };
    assert!(refusal(&with_introns).contains("with other introns"));
    fs::write(place.out().join("genome.3.ht2"), "x").unwrap();
    assert!(refusal(&wanted).contains("damaged (genome.3.ht2"), "{}", refusal(&wanted));
    let message = Hisat2Index::find(&place.out()).unwrap_err().to_string();
    assert!(message.contains("is damaged: genome.3.ht2"), "{message}");
}

#[test]
fn a_builder_that_fails_leaves_nothing() {
    for (script, says) in [
        ("echo 'Error: could not do it' >&2; exit 1", "hisat2-build failed (exit code 1)"),
        ("kill -9 $$", "about 8 GB, one that holds its transcripts about 200 GB"),
        ("exit 0", "left no whole index"),
        ("echo terminate called after throwing std::bad_alloc >&2; exit 1", "for lack of memory"),
    ] {
        let place = Place::new();
        let wanted = request(&place, None);
        let before = names(place.0.path());
        let message = make(&builder(script), &wanted, &place).unwrap_err().to_string();
        assert!(message.contains(says), "{message}");
        assert_eq!(names(place.0.path()), before);
    }
    let place = Place::new();
    let missing = build(&request(&place, None), &place.out(), &search(&FakePrograms::new()), 1).unwrap_err();
    assert!(missing.to_string().contains("apt install hisat2"), "{missing}");
    assert!(!place.out().exists());
}

#[test]
fn what_a_killed_maker_left_is_made_anew_and_two_makers_do_not_meet() {
    let place = Place::new();
    let wanted = request(&place, None);
    let half = place.write(".out.part/genome.1.ht2", "half");
    let lock = fs::File::create(half.with_file_name("lock")).unwrap();
    lock.lock().unwrap();
    let message = make(&builder(""), &wanted, &place).unwrap_err().to_string();
    assert!(message.contains("another process makes the index"), "{message}");
    assert!(half.exists());
    drop(lock);
    make(&builder("[ ! -e genome.1.ht2 ] || exit 1"), &wanted, &place).unwrap();
    assert!(!half.exists() && place.out().join("index.json").exists());
}

#[test]
fn genome_and_annotation_must_fit() {
    let place = Place::new();
    let refusal =
        |genes: &str| make(&builder(""), &request(&place, Some(genes)), &place).unwrap_err().to_string();
    let message = refusal(&GENES.replace("chr1", "1"));
    for part in ["no contig of", "the annotation has 1", "the genome has chr1", "hint: "] {
        assert!(message.contains(part), "{message}");
    }
    let message = refusal(&GENES.replace("400", "9400"));
    assert!(
        message.contains("different builds") && message.contains("9400") && message.contains("5000"),
        "{message}"
    );
    let some = GENES.to_owned() + &GENES.replace("chr1", "chrUn");
    let built = make(&builder(""), &request(&place, Some(&some)), &place).unwrap();
    assert!(built.notices.join("\n").contains("chrUn"), "{:?}", built.notices);
    let none = IndexRequest { genome: place.write("no.fa", "no FASTA"), ..request(&place, None) };
    assert!(make(&builder(""), &none, &place).is_err());
    assert!(!names(place.0.path()).iter().any(|name| name.contains("part")));
}

#[test]
fn transcripts_in_the_index_need_memory_that_is_there() {
    let place = Place::new();
    let wanted =
        IndexRequest { introns: IntronUse::Index, memory: Some(1000), ..request(&place, Some(GENES)) };
    let message = make(&builder(""), &wanted, &place).unwrap_err().to_string();
    assert!(message.contains("GB of memory") && message.contains("--introns index"), "{message}");
    let wanted = IndexRequest { memory: None, ..wanted };
    let script = r#"case " $* " in *" --ss splice_sites.txt --exon exons.txt "*) ;; *) exit 1 ;; esac"#;
    make(&builder(script), &wanted, &place).unwrap();
    // The aligner need not be told again.
    assert_eq!(Hisat2Index::find(&place.out()).unwrap().splice_sites, None);
}

#[test]
fn needs_hisat2_a_compressed_genome_gives_the_same_index_at_any_number_of_threads() {
    if !external_program("hisat2", "hisat2-build-s", &["--version"], "an index by the real HISAT2") {
        return;
    }
    let place = Place::new();
    let plain = request(&place, Some(GENES));
    let text = fs::read_to_string(&plain.genome).unwrap();
    let packed = IndexRequest { genome: place.write("genome.fa.gz", gzip(&text)), ..plain.clone() };
    let in_index = IndexRequest { introns: IntronUse::Index, ..plain.clone() };
    let out = |name: &str| place.0.path().join(name);
    build(&plain, &out("one"), &system(), 1).unwrap();
    build(&packed, &out("two"), &system(), 3).unwrap();
    build(&in_index, &out("three"), &system(), 1).unwrap();
    for part in 1..=8 {
        let file = format!("genome.{part}.ht2");
        assert!(
            fs::read(out("one").join(&file)).unwrap() == fs::read(out("two").join(&file)).unwrap(),
            "{file}"
        );
    }
    assert!(
        fs::read(out("one").join("genome.1.ht2")).unwrap()
            != fs::read(out("three").join("genome.1.ht2")).unwrap()
    );
}
