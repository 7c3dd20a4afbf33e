//! Cleaning: what fastp does for us, and how its silence and its failures are told.

#![cfg(unix)]
#![cfg(test)]

mod small_reads;

use std::fs;

use alkaline_core::samples::Reads;
use alkaline_testkit::{FakePrograms, external_program};
use alkaline_workflow::stages::clean::{CleanFiles, CleanOptions, Cleaned, clean};
use alkaline_workflow::stages::reads::of_files;
use alkaline_workflow::{ErrorKind, WorkflowError};
use small_reads::{Place, assert_holds, gunzip, gzip, mates, reads, sample, search, system};

/// A report of fastp's on `before` reads of which `after` were kept.
fn report(before: u64, after: u64) -> String {
    format!(
        r#"{{"summary": {{"before_filtering": {{"total_reads": {before}}}, "after_filtering": {{"total_reads": {after}}}}}, "filtering_result": {{"too_short_reads": {}}}}}"#,
        before - after
    )
}

/// A program that does `script`, then leaves a report of `before` and `after` reads and copies its input.
fn fastp(script: &str, before: u64, after: u64) -> FakePrograms {
    let text = report(before, after);
    let leave =
        format!("echo '{text}' > S.fastp.json; echo '<html>' > S.fastp.html; cp S.fastq* cleaned/S.fastq.gz");
    FakePrograms::new().with("fastp", "fastp 0.99.0", &format!("{script}\n{leave}"))
}

/// Cleans ten reads with `programs`.
fn ten(programs: &FakePrograms, place: &Place) -> Result<Cleaned, WorkflowError> {
    let file = place.write("a.fq.gz", gzip(&reads(0, 10, "")));
    clean("S", &sample(&[&file], &[]), &CleanOptions::default(), &search(programs), &place.out())
}

/// Whose fault it is and the message, when it fails; nothing but the log may be left.
#[track_caller]
fn failure(programs: &FakePrograms) -> (ErrorKind, String) {
    let place = Place::new();
    let error = ten(programs, &place).unwrap_err();
    assert!(place.left().iter().all(|file| file == ".alkaline/logs/clean-S.log"), "{:?}", place.left());
    (error.kind(), error.to_string())
}

#[test]
fn a_fastp_that_works_leaves_reads_and_reports() {
    let place = Place::new();
    let cleaned = ten(&fastp("", 10, 10), &place).unwrap();
    let expected =
        [".alkaline/logs/clean-S.log", "multiqc/S.fastp.json", "reads/S.fastp.html", "reads/S.fastq.gz"];
    assert_eq!(place.left(), expected);
    assert_eq!((cleaned.reads_before, cleaned.reads_after), (10, 10));
    assert_eq!(cleaned.program.unwrap().version, "0.99.0");
    assert_eq!(cleaned.reads, CleanFiles::of("S", false).reads);
    assert_eq!(cleaned.files.len(), 3);
    let log = fs::read_to_string(place.out().join(".alkaline/logs/clean-S.log")).unwrap();
    assert!(
        log.starts_with("[alkaline] fastp 0.99.0\n[alkaline] $ ") && log.contains("--in1 S.fastq.gz"),
        "{log}"
    );
}

#[test]
fn a_missing_fastp_says_how_to_install_it() {
    let (kind, message) = failure(&FakePrograms::new());
    assert_eq!(kind, ErrorKind::Machine);
    assert_holds(
        &message,
        &["fastp is not installed", "apt install fastp", "conda install -c bioconda fastp"],
    );
}

#[test]
fn an_exit_code_is_told_with_the_last_words_and_the_log() {
    let (kind, message) = failure(&fastp("echo 'ERROR: I do not like this' >&2; exit 255", 10, 10));
    assert_eq!(kind, ErrorKind::Input);
    assert_holds(&message, &["sample S: fastp failed (exit code 255)", "| ERROR: I do not like this"]);
    assert_holds(&message, &["hint: everything that it said is in ", "out/.alkaline/logs/clean-S.log"]);
}

#[test]
fn a_signal_is_told_and_one_that_kills_speaks_of_memory() {
    let (kind, message) = failure(&fastp("kill -9 $$", 10, 10));
    assert_eq!(kind, ErrorKind::Machine);
    assert_holds(&message, &["signal 9, killed", "lack of memory", "hint: give the job more memory"]);
    let (kind, message) = failure(&fastp("kill -11 $$", 10, 10));
    assert_eq!(kind, ErrorKind::Machine);
    assert_holds(&message, &["signal 11, segmentation fault"]);
}

#[test]
fn a_full_disk_is_the_machines_fault() {
    let (kind, message) = failure(&fastp("echo 'write: No space left on device' >&2; exit 1", 10, 10));
    assert_eq!(kind, ErrorKind::Machine);
    assert_holds(&message, &["because the disk is full", "make room"]);
}

#[test]
fn a_success_that_is_none_is_noticed() {
    // No report; garbage; fewer reads than there are; output that is cut off, or shorter than the report says.
    let (kind, message) = failure(&FakePrograms::new().with("fastp", "fastp 0.99.0", "exit 0"));
    assert_eq!(kind, ErrorKind::Input);
    assert_holds(&message, &["fastp left no report", "S.fastp.json"]);
    let garbage =
        FakePrograms::new().with("fastp", "fastp 0.99.0", "head -c 3000 /dev/urandom > S.fastp.json");
    assert_holds(&failure(&garbage).1, &["fastp left no report"]);
    assert_holds(&failure(&fastp("", 8, 8)).1, &["fastp read 8 of 10 reads and said nothing"]);
    let cut = format!("echo '{}' > S.fastp.json; head -c 90 S.fastq.gz > cleaned/S.fastq.gz", report(10, 10));
    let cut = FakePrograms::new().with("fastp", "fastp 0.99.0", &cut);
    assert_holds(&failure(&cut).1, &["fastp left a damaged file", "damaged or cut off"]);
    assert_holds(&failure(&fastp("", 10, 9)).1, &["fastp left 10 reads, and says 9"]);
}

/// The message about reads that are wrong; a fastp that would work for ten minutes is ended at once.
#[track_caller]
fn refusal(place: &Place, reads: &Reads) -> String {
    let programs = fastp("exec sleep 600", 10, 10);
    let error = clean("S", reads, &CleanOptions::default(), &search(&programs), &place.out()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input, "{error}");
    assert!(place.left().iter().all(|file| file == ".alkaline/logs/clean-S.log"), "{:?}", place.left());
    error.to_string()
}

#[test]
fn damaged_reads_are_told_with_file_and_line_and_fastp_is_ended() {
    let place = Place::new();
    let whole = gzip(&reads(0, 2000, ""));
    let cut = place.write("cut.fq.gz", &whole[..whole.len() / 2]);
    assert_holds(
        &refusal(&place, &sample(&[&cut], &[])),
        &["cut.fq.gz", "damaged or cut off", "after line", "hint: "],
    );
    let text = reads(0, 10, "");
    let cut = place.write("cut.fq", &text[..text.len() - 70]);
    assert_holds(
        &refusal(&place, &sample(&[&cut], &[])),
        &["cut.fq, line ", "the file ends inside a read (`r9`)"],
    );
    let fasta = place.write("genome.fa", ">chr1\nACGT\n");
    assert_holds(&refusal(&place, &sample(&[&fasta], &[])), &["FASTA"]);
    let missing = place.0.path().join("nowhere.fq");
    assert_holds(&refusal(&place, &sample(&[&missing], &[])), &["nowhere.fq: no such file"]);
}

#[test]
fn mates_that_do_not_fit_are_told() {
    let place = Place::new();
    let first = place.write("a_1.fq", reads(0, 10, "/1"));
    let fewer = place.write("a_2.fq", mates(0, 7, "/2"));
    assert_holds(
        &refusal(&place, &sample(&[&first], &[&fewer])),
        &["a_2.fq", "ends after 7 reads", "a_1.fq"],
    );
    let other = place.write("b_2.fq", mates(3, 10, "/2"));
    assert_holds(
        &refusal(&place, &sample(&[&first], &[&other])),
        &["`r0/1`", "`r3/2`", "not of one fragment"],
    );
}

#[test]
fn a_sample_without_reads_is_refused_in_words() {
    let place = Place::new();
    let programs = fastp("", 0, 0);
    for (name, content) in [("empty.fq", Vec::new()), ("empty.fq.gz", gzip(""))] {
        let file = place.write(name, content);
        let sample = sample(&[&file], &[]);
        let error =
            clean("S", &sample, &CleanOptions::default(), &search(&programs), &place.out()).unwrap_err();
        assert_holds(&error.to_string(), &["sample S has no reads", name, "leave the sample out"]);
        assert_eq!(error.kind(), ErrorKind::Input);
    }
    // All reads are too short.
    let (_, message) = failure(&fastp("", 10, 0));
    assert_holds(
        &message,
        &["none of its 10 reads is left after cleaning (10 too short)", "loosen the thresholds"],
    );
}

#[test]
fn few_reads_left_are_worth_a_warning() {
    let place = Place::new();
    let script = format!(
        "echo '{}' > S.fastp.json; echo > S.fastp.html; zcat S.fastq.gz | head -n 16 | gzip > cleaned/S.fastq.gz",
        report(10, 4)
    );
    let cleaned = ten(&FakePrograms::new().with("fastp", "fastp 0.99.0", &script), &place).unwrap();
    assert_eq!(cleaned.warnings.len(), 1);
    assert_holds(&cleaned.warnings[0], &["sample S: only 4 of 10 reads", "6 too short"]);
}

#[test]
fn what_is_not_to_be_cleaned_goes_on_as_it_is() {
    let place = Place::new();
    let file = place.write("a.fq", reads(0, 3, ""));
    let sample = sample(&[&file], &[]);
    let options = CleanOptions { enabled: false, ..CleanOptions::default() };
    let cleaned = clean("S", &sample, &options, &search(&FakePrograms::new()), &place.out()).unwrap();
    assert_eq!(cleaned.reads, sample);
    assert!(place.left().is_empty());
}

fn has_fastp() -> bool {
    external_program("fastp", "fastp", &["--version"], "cleaning with the real fastp")
}

/// The names of the reads of a FASTQ text.
fn names(text: &str) -> Vec<&str> {
    text.lines().step_by(4).map(|line| line.split([' ', '/']).next().unwrap_or_default()).collect()
}

#[test]
fn needs_fastp_lanes_of_any_kind_are_one_sample() {
    if !has_fastp() {
        return;
    }
    let place = Place::new();
    // Compressed under a plain name, plain without a last line end, compressed.
    let first = [
        place.write("l 1_R1.fastq", gzip(&reads(0, 40, "/1"))),
        place.write("l2_R1.fq", reads(40, 30, "/1").trim_end()),
        place.write("l3_R1.fq.gz", gzip(&reads(70, 20, "/1"))),
    ];
    let second = [
        place.write("l1_R2.fq.gz", gzip(&mates(0, 40, "/2"))),
        place.write("l2_R2.fq.gz", gzip(&mates(40, 30, "/2"))),
        place.write("l3_R2.fq.gz", gzip(&mates(70, 20, "/2"))),
    ];
    let reads = of_files(&first, &second).unwrap();
    let cleaned = clean("a b", &reads, &CleanOptions::default(), &system(), &place.out()).unwrap();
    assert_eq!((cleaned.reads_before, cleaned.reads_after), (180, 180));
    let [first, second] =
        ["reads/a b_R1.fastq.gz", "reads/a b_R2.fastq.gz"].map(|file| gunzip(&place.out().join(file)));
    assert_eq!(names(&first), names(&second));
    assert_eq!(names(&first).len(), 90);
    let report = fs::read_to_string(place.out().join("multiqc/a b.fastp.json")).unwrap();
    // MultiQC calls the sample by the name of its input; no path and no time is in the reports.
    assert!(report.contains("--in1 a b_R1.fastq") && !report.contains(&place.0.path().display().to_string()));
    let page = fs::read_to_string(place.out().join("reads/a b.fastp.html")).unwrap();
    assert!(page.contains("fastp report") && !page.contains(" at 20"), "a time is in the page");
}

#[test]
fn needs_fastp_the_same_reads_give_the_same_files() {
    if !has_fastp() {
        return;
    }
    let place = Place::new();
    let file = place.write("a.fq.gz", gzip(&reads(0, 3000, "")));
    let run = |out: &str| {
        let out = place.0.path().join(out);
        let cleaned = clean("S", &sample(&[&file], &[]), &CleanOptions::default(), &system(), &out).unwrap();
        cleaned.files.iter().map(|name| fs::read(out.join(name)).unwrap()).collect::<Vec<_>>()
    };
    assert!(run("one") == run("two"), "two runs differ");
}

#[test]
fn needs_fastp_adapters_go_and_old_qualities_are_converted() {
    if !has_fastp() {
        return;
    }
    let place = Place::new();
    let adapter = "AGATCGGAAGAGCACACGTCTGAACTCCAGTCA";
    // Phred+64, and an adapter behind 40 bases.
    let read = |place: u64| {
        format!(
            "@r{place}\n{}{}\n+\n{}\n",
            small_reads::bases(place * 50, 40),
            &adapter[..20],
            "h".repeat(59) + "B"
        )
    };
    let file = place.write("old.fq", (0..50).map(read).collect::<String>());
    let options = CleanOptions { adapter: Some(adapter.to_owned()), ..CleanOptions::default() };
    let cleaned = clean("S", &sample(&[&file], &[]), &options, &system(), &place.out()).unwrap();
    assert_eq!(cleaned.adapter_trimmed, 50);
    assert_holds(&cleaned.notices.join("\n"), &["Phred+64", "converted"]);
    let text = gunzip(&place.out().join("reads/S.fastq.gz"));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines[1].len(), lines[3]), (40, "I".repeat(40).as_str()));
}

#[test]
fn needs_fastp_all_reads_too_short_is_told_with_the_reason() {
    if !has_fastp() {
        return;
    }
    let place = Place::new();
    let file = place.write("a.fq", reads(0, 20, ""));
    let options = CleanOptions { min_length: 100, ..CleanOptions::default() };
    let error = clean("S", &sample(&[&file], &[]), &options, &system(), &place.out()).unwrap_err();
    assert_holds(&error.to_string(), &["none of its 20 reads is left", "20 too short"]);
}
