//! Alignment: what HISAT2 and samtools do for us, and how the failure of either is seen.

#![cfg(unix)]
#![cfg(test)]

mod small_reads;

use std::fs;
use std::path::Path;
use std::process::Command;

use alkaline_core::samples::Reads;
use alkaline_testkit::{FakePrograms, external_program};
use alkaline_workflow::stages::align::{AlignOptions, Aligned, BamOrder, align};
use alkaline_workflow::stages::hisat2_index::{Hisat2Index, IntronUse};
use alkaline_workflow::stages::reference_index::{IndexRequest, build};
use alkaline_workflow::{ErrorKind, WorkflowError};
use small_reads::{Place, assert_holds, bases, gzip, mates, reads, sample, search, system};

/// A HISAT2 that gives a header, then does `script`.
fn programs(script: &str) -> FakePrograms {
    let header = r"printf '@HD\tVN:1.0\n@SQ\tSN:c\tLN:9000\n@PG\tID:hisat2\tCL:\042x -p 3\042\n'";
    FakePrograms::new()
        .with("hisat2", "unused", "exit 9")
        .with("hisat2-align-s", "hisat2-align-s version 2.9.9", &format!("{header}\n{script}"))
        .with("samtools", "samtools 1.99", SORT)
}

/// A samtools that keeps what it is given.
const SORT: &str = r#"out=; while [ $# -gt 0 ]; do [ "$1" = -o ] && out=${2%%##*}; shift; done; cat > "$out"; : > "$out.bai""#;

/// A HISAT2 that places every read that it is given.
const PLACES_ALL: &str = r#"n=0; while IFS= read -r line; do n=$((n+1)); printf 'r\t0\tc\t1\t60\t4M\t*\t0\t0\tACGT\tFFFF\n'; done
printf 'HISAT2 summary stats:\n\tTotal reads: %s\n\t\tAligned 1 time: %s (100.00%%)\n\tOverall alignment rate: 100.00%%\n' $n $n > summary.txt"#;

fn index() -> Hisat2Index {
    Hisat2Index { prefix: "/nowhere/genome".into(), is_large: false, splice_sites: None }
}

/// Aligns ten reads with `programs`.
fn ten(programs: &FakePrograms, place: &Place) -> Result<Aligned, WorkflowError> {
    let file = place.write("a.fq", reads(0, 10, ""));
    run(programs, place, &sample(&[&file], &[]))
}

fn run(programs: &FakePrograms, place: &Place, reads: &Reads) -> Result<Aligned, WorkflowError> {
    let path = alkaline_workflow::programs::SearchPath::of(&programs.search_path());
    align("S", reads, &index(), &AlignOptions::default(), &path, &place.out(), 3)
}

/// Whose fault it is and the message, when it fails; nothing but the log may be left.
#[track_caller]
fn failure(programs: &FakePrograms) -> (ErrorKind, String) {
    let place = Place::new();
    let error = ten(programs, &place).unwrap_err();
    assert!(place.left().iter().all(|file| file == ".alkaline/logs/align-S.log"), "{:?}", place.left());
    (error.kind(), error.to_string())
}

#[test]
fn programs_that_work_leave_a_bam_its_index_and_a_summary() {
    let place = Place::new();
    let aligned = ten(&programs(PLACES_ALL), &place).unwrap();
    let expected =
        [".alkaline/logs/align-S.log", "alignments/S.bam", "alignments/S.bam.bai", "multiqc/S.hisat2.txt"];
    assert_eq!(place.left(), expected);
    assert_eq!((aligned.fragments, aligned.once), (10, 10));
    assert_eq!(aligned.programs[0].version, "2.9.9");
    let text = fs::read_to_string(place.out().join("alignments/S.bam")).unwrap();
    // The number of threads is not in the header.
    assert!(text.starts_with("@HD") && text.contains("CL:\"x\"") && text.lines().count() == 13, "{text}");
}

#[test]
fn missing_programs_say_how_to_install_them() {
    let place = Place::new();
    let file = place.write("a.fq", reads(0, 10, ""));
    let reads = sample(&[&file], &[]);
    let message = |programs: &FakePrograms| {
        let error =
            align("S", &reads, &index(), &AlignOptions::default(), &search(programs), &place.out(), 1);
        let error = error.unwrap_err();
        assert_eq!(place.left(), Vec::<String>::new());
        (error.kind(), error.to_string())
    };
    let (kind, text) = message(&FakePrograms::new());
    assert_eq!(kind, ErrorKind::Machine);
    assert_holds(&text, &["hisat2 is not installed", "apt install hisat2"]);
    let wrapper = FakePrograms::new().with("hisat2", "", "");
    assert_holds(&message(&wrapper).1, &["not whole", "`hisat2-align-s` is not beside it"]);
    let alone = wrapper.with("hisat2-align-s", "version 2.9.9", "");
    assert_holds(&message(&alone).1, &["samtools is not installed", "apt install samtools"]);
}

#[test]
fn an_aligner_that_fails_leaves_no_bam() {
    let (kind, message) = failure(&programs("cat > /dev/null; echo 'Error: this index is odd' >&2; exit 1"));
    assert_eq!(kind, ErrorKind::Input);
    assert_holds(
        &message,
        &["sample S: hisat2 failed (exit code 1)", "| Error: this index is odd", "align-S.log"],
    );
    // In the middle of its work, before it read anything, before its header.
    assert_holds(
        &failure(&programs("head -n 3 > /dev/null; kill -9 $$")).1,
        &["hisat2 was ended by signal 9", "memory"],
    );
    assert_holds(&failure(&programs("exit 3")).1, &["hisat2 failed (exit code 3)"]);
    let early =
        programs("").with("hisat2-align-s", "version 2.9.9", "echo 'std::bad_alloc' >&2; kill -ABRT $$");
    let (kind, message) = failure(&early);
    assert_eq!(kind, ErrorKind::Machine);
    assert_holds(&message, &["signal 6, aborted, for lack of memory", "8 GB"]);
    let silent = programs("").with("hisat2-align-s", "version 2.9.9", "exit 0");
    assert_holds(&failure(&silent).1, &["hisat2 gave no alignments"]);
}

#[test]
fn an_aligner_that_loses_reads_and_says_nothing_leaves_no_bam() {
    assert_holds(
        &failure(&programs(&format!("{PLACES_ALL}\n").replace("n=0; ", "read -r line; n=0; "))).1,
        &["gave back 9 of 10 reads"],
    );
    assert_holds(
        &failure(&programs("cat > /dev/null; printf 'r\\t0\\tc\\t1'; exit 0")).1,
        &["stopped in the middle of an alignment"],
    );
    // Secondary alignments are no reads.
    assert_holds(
        &failure(&programs(&PLACES_ALL.replace("r\\t0\\t", "r\\t256\\t"))).1,
        &["gave back 0 of 10 reads"],
    );
    assert_holds(
        &failure(&programs("while IFS= read -r l; do printf 'r\\t0\\tc\\t1\\n'; done")).1,
        &["left no summary"],
    );
}

#[test]
fn a_sorter_that_fails_is_the_one_that_is_told() {
    for script in [
        "exit 1",
        "head -c 20 > /dev/null; echo 'samtools sort: failed' >&2; exit 1",
        "cat > /dev/null; exit 1",
    ] {
        // More than fits into the pipes between.
        let flood = format!("{}\n", PLACES_ALL.replace("do n=", "do i=0; while [ $i -lt 300 ]; do i=$((i+1)); printf 'r\\t256\\tc\\t1\\t60\\t4M\\t*\\t0\\t0\\tACGT\\tFFFF\\n'; done; n="));
        let (_, message) = failure(&programs(&flood).with("samtools", "samtools 1.99", script));
        assert_holds(&message, &["sample S: samtools failed (exit code 1)"]);
    }
    let full = programs(PLACES_ALL).with(
        "samtools",
        "samtools 1.99",
        "cat > /dev/null; echo '[E::bgzf_flush] No space left on device' >&2; exit 1",
    );
    let (kind, message) = failure(&full);
    assert_eq!(kind, ErrorKind::Machine);
    assert_holds(&message, &["because the disk is full"]);
}

#[test]
fn reads_that_are_wrong_are_told_and_nothing_is_left() {
    let place = Place::new();
    let whole = gzip(&reads(0, 2000, ""));
    let cut = place.write("cut.fq.gz", &whole[..whole.len() / 2]);
    let empty = place.write("empty.fq.gz", gzip(""));
    let first = place.write("a_1.fq", reads(0, 10, "/1"));
    let fewer = place.write("a_2.fq", mates(0, 7, "/2"));
    for (reads, says) in [
        (sample(&[&cut], &[]), ["cut.fq.gz", "damaged or cut off"]),
        (sample(&[&empty], &[]), ["sample S has no reads", "empty.fq.gz"]),
        (sample(&[&first], &[&fewer]), ["a_2.fq", "ends after 7 reads"]),
    ] {
        let error = run(&programs(PLACES_ALL), &place, &reads).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        assert_holds(&error.to_string(), &says);
        assert!(place.left().iter().all(|file| file == ".alkaline/logs/align-S.log"), "{:?}", place.left());
    }
}

#[test]
fn few_reads_with_a_place_are_worth_a_warning() {
    let place = Place::new();
    let few = PLACES_ALL.replace("rate: 100.00", "rate: 12.34");
    let aligned = ten(&programs(&few), &place).unwrap();
    assert_holds(&aligned.warnings.join("\n"), &["sample S: only 12.3 % of its reads", "right genome"]);
}

fn has_hisat2() -> bool {
    external_program("hisat2", "hisat2-align-s", &["--version"], "alignment by the real HISAT2")
        && external_program("samtools", "samtools", &["--version"], "alignment by the real HISAT2")
}

/// A genome of 20,000 bases without a pattern, and its index.
fn small_index(place: &Place) -> Hisat2Index {
    let genome = place.write(
        "small genome/g,1.fa",
        format!(">chr1 made up\n{}\n>chr2\n{}\n", bases(0, 20_000), bases(1_000_000, 5_000)),
    );
    let request = IndexRequest { genome, annotation: None, introns: IntronUse::Alignment, memory: None };
    let out = place.0.path().join("an index");
    build(&request, &out, &system(), 2).unwrap();
    Hisat2Index::find(&out).unwrap()
}

#[test]
fn needs_hisat2_mates_have_one_name_whatever_stands_behind_it() {
    if !has_hisat2() {
        return;
    }
    let place = Place::new();
    let index = small_index(&place);
    // HISAT2 itself calls these r0/1 and r0/2 in the BAM, and nothing finds the pair any more.
    for (one, two) in [("/1 x", "/2 y"), (" 1:N:0:A", " 2:N:0:A")] {
        let first = place.write("a_1.fq", reads(0, 20, one));
        let second = place.write("a_2.fq", mates(0, 20, two));
        let reads = sample(&[&first], &[&second]);
        let options = AlignOptions { order: BamOrder::Name, ..AlignOptions::default() };
        let aligned = align("S", &reads, &index, &options, &system(), &place.out(), 1).unwrap();
        let records = records(&place.out().join(&aligned.bam));
        let names: Vec<&str> = records.iter().filter_map(|line| line.split('\t').next()).collect();
        assert_eq!(names[..4], ["r0", "r0", "r1", "r1"]);
    }
}

/// The records of a BAM, as SAM.
fn records(bam: &Path) -> Vec<String> {
    let output = Command::new("samtools").arg("view").arg(bam).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn needs_hisat2_alignments_are_those_of_hisat2_on_the_command_line() {
    if !has_hisat2() {
        return;
    }
    let place = Place::new();
    let index = small_index(&place);
    let first = place.write("a_1.fq", reads(0, 300, "/1"));
    let second = place.write("a_2.fq", mates(0, 300, "/2"));
    for paired in [true, false] {
        let reads = if paired { sample(&[&first], &[&second]) } else { sample(&[&first], &[]) };
        let options = AlignOptions { order: BamOrder::Name, ..AlignOptions::default() };
        let aligned = align("S", &reads, &index, &options, &system(), &place.out(), 2).unwrap();
        assert_eq!((aligned.fragments, aligned.once), (300, 300));
        let sam = place.0.path().join("theirs.sam");
        let mut command = Command::new("hisat2-align-s");
        command
            .args(["--wrapper", "basic-0", "--no-temp-splicesite", "--rg-id", "S", "-x"])
            .arg(&index.prefix);
        if paired {
            command.arg("-1").arg(&first).arg("-2").arg(&second);
        } else {
            command.arg("-U").arg(&first);
        }
        assert!(command.arg("-S").arg(&sam).output().unwrap().status.success());
        let ours = records(&place.out().join(&aligned.bam));
        assert_eq!(ours.len(), if paired { 600 } else { 300 });
        assert_eq!(ours, records(&sam));
        assert!(ours[0].contains("RG:Z:S"), "{}", ours[0]);
    }
}

#[test]
fn needs_hisat2_the_same_reads_give_the_same_bam_at_any_number_of_threads() {
    if !has_hisat2() {
        return;
    }
    let place = Place::new();
    let index = small_index(&place);
    let first = place.write("a 1.fq.gz", gzip(&reads(0, 390, "/1").repeat(8)));
    let second = place.write("a 2.fq.gz", gzip(&mates(0, 390, "/2").repeat(8)));
    let reads = sample(&[&first], &[&second]);
    let made = [1, 2, 5, 8].map(|threads| {
        let out = place.0.path().join("out");
        let aligned =
            align("a b", &reads, &index, &AlignOptions::default(), &system(), &out, threads).unwrap();
        assert_eq!(aligned.files.len(), 3, "{:?}", aligned.files);
        aligned.files.iter().map(|file| fs::read(out.join(file)).unwrap()).collect::<Vec<_>>()
    });
    assert!(made.iter().all(|other| *other == made[0]), "the files differ");
    let header = Command::new("samtools")
        .args(["view", "-H"])
        .arg(place.out().join("alignments/a b.bam"))
        .output()
        .unwrap();
    let header = String::from_utf8(header.stdout).unwrap();
    assert_holds(&header, &["SO:coordinate", "SM:a b", "ID:hisat2"]);
    assert!(
        place.left().iter().all(|file| !file.contains(".part") && !file.contains("sort.")),
        "{:?}",
        place.left()
    );
}

#[test]
fn needs_hisat2_reads_without_bases_and_old_qualities_are_no_trouble() {
    if !has_hisat2() {
        return;
    }
    let place = Place::new();
    let index = small_index(&place);
    let old = format!("{}@none\n\n+\n\n@short\nA\n+\nh\n", reads(0, 5, "").replace('F', "h"));
    let file = place.write("old.fq", old);
    let aligned =
        align("S", &sample(&[&file], &[]), &index, &AlignOptions::default(), &system(), &place.out(), 1)
            .unwrap();
    assert_eq!((aligned.fragments, aligned.once), (7, 5));
    assert_holds(&aligned.notices.join("\n"), &["Phred+64"]);
    let ours = records(&place.out().join(&aligned.bam));
    assert_eq!(ours.len(), 7);
    assert!(ours[0].contains(&"I".repeat(60)), "{}", ours[0]);
}
