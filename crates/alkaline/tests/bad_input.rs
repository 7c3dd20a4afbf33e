//! Wrong input ends with exit code 3 and a message that helps, and leaves nothing behind.

#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{alkaline, refuse, small_bam, small_experiment, stderr};

const RUN: [&str; 9] =
    ["run", "--parental", "p1.bam", "p2.bam", "--resistant", "r1.bam", "r2.bam", "--out", "out"];

/// A fresh directory with the small experiment in it.
fn experiment() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    small_experiment(directory.path());
    directory
}

/// The arguments of a run on the small experiment with its annotation.
fn run_with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&RUN[..], more].concat()
}

#[test]
fn missing_bams_are_named_all_at_once() {
    let place = experiment();
    fs::remove_file(place.path().join("p2.bam")).unwrap();
    fs::remove_file(place.path().join("r1.bam")).unwrap();
    let arguments = run_with(&["--annotation", "genes.gtf"]);
    refuse(place.path(), &arguments, "out", &["p2.bam: no such file", "r1.bam: no such file"]);
}

#[test]
fn a_truncated_bam_is_recognised() {
    let place = experiment();
    let path = place.path().join("r2.bam");
    let bytes = fs::read(&path).unwrap();
    let arguments = run_with(&["--annotation", "genes.gtf"]);
    // Cut inside a block, and cut exactly before the end-of-file marker (28 bytes).
    for kept in [bytes.len() / 2, bytes.len() - 28] {
        fs::write(&path, &bytes[..kept]).unwrap();
        refuse(place.path(), &arguments, "out", &["r2.bam", "truncated", "hint:"]);
    }
}

#[test]
fn a_file_that_is_no_bam_is_recognised() {
    let place = experiment();
    fs::write(place.path().join("r2.bam"), "gene,count\n").unwrap();
    let output = alkaline(place.path(), &run_with(&["--annotation", "genes.gtf"]));
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{message}");
    for part in ["stage `count:r2`", "r2.bam", "where a SAM record has 11", "is kept in out"] {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
    // What was wrong with one sample costs the others nothing.
    small_bam(&place.path().join("r2.bam"), |gene| 30 + gene);
    let text = stderr(&command_line::succeed(place.path(), &run_with(&["--annotation", "genes.gtf"])));
    let counted: Vec<&str> = text.lines().filter(|line| line.starts_with("count:")).collect();
    assert!(counted.len() == 1 && counted[0].starts_with("count:r2"), "{text}");
}

#[test]
fn arguments_without_a_meaning_are_refused_under_every_rule() {
    let place = experiment();
    for rules in ["none", "featureCounts"] {
        for argument in [["-F", "BED"], ["--fracOverlap", "1.5"]] {
            let words =
                [&["count", "--compat", rules, "-a", "genes.gtf", "-o", "o.tsv"], &argument[..], &["p1.bam"]];
            let output = alkaline(place.path(), &words.concat());
            assert_eq!(output.status.code(), Some(2), "{argument:?}: {}", stderr(&output));
            assert!(stderr(&output).contains(argument[0]), "{}", stderr(&output));
            assert!(!place.path().join("o.tsv").exists());
        }
    }
}

#[test]
fn cram_from_a_pipe_is_refused_with_a_way_out() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let place = experiment();
    let mut counting = Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .args(["count", "-a", "genes.gtf", "-o", "out.tsv", "-"])
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    counting.stdin.take().unwrap().write_all(b"CRAM\x03\x00the name of the file").unwrap();
    let output = counting.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(
        message.contains("CRAM is read from files only") && message.contains("samtools view -u"),
        "{message}"
    );
    assert!(!place.path().join("out.tsv").exists());
}

#[test]
fn an_annotation_with_other_contigs_is_refused_with_both_name_sets() {
    let place = experiment();
    let gtf = "scaffold9\tx\texon\t1\t100\t.\t+\t.\tgene_id \"g\";\n";
    fs::write(place.path().join("other.gtf"), gtf).unwrap();
    refuse(place.path(), &run_with(&["--annotation", "other.gtf"]), "out", &["chrT", "scaffold9"]);
}

#[test]
fn a_bam_of_another_build_is_refused() {
    let place = experiment();
    // chr1 as long as in GRCh37.
    for name in ["p1.bam", "p2.bam", "r1.bam", "r2.bam"] {
        let builder = alkaline_testkit::SamBuilder::new(&[("chr1", 249_250_621)]);
        builder.read("r", "chr1", 1000, "50M").write_bam(&place.path().join(name)).unwrap();
    }
    let arguments = run_with(&["--annotation", "hg38"]);
    refuse(place.path(), &arguments, "out", &["different genome builds", "made on hg19"]);
}

#[test]
fn a_genome_that_is_not_known_asks_for_its_annotation() {
    let place = experiment();
    refuse(place.path(), &run_with(&[]), "out", &["not recognised", "chrT of 200000 bases", "--annotation"]);
}

#[test]
fn an_annotation_without_anything_to_count_is_refused() {
    let place = experiment();
    // Whole genes would count introns: that must be asked for, not chosen.
    let gene = "chrT\tx\tgene\t1\t100\t.\t+\t.\tgene_id \"g\";\n";
    for (text, says) in [("", "genes2.gtf"), ("# only a comment\n", "empty"), (gene, "no row of type `exon`")]
    {
        fs::write(place.path().join("genes2.gtf"), text).unwrap();
        refuse(place.path(), &run_with(&["--annotation", "genes2.gtf"]), "out", &["genes2.gtf", says]);
    }
}

#[test]
fn an_annotation_without_gene_ids_is_refused() {
    let place = experiment();
    let text = "chrT\tx\texon\t1\t100\t.\t+\t.\tnote \"nothing\";\n";
    fs::write(place.path().join("genes2.gtf"), text).unwrap();
    refuse(place.path(), &run_with(&["--annotation", "genes2.gtf"]), "out", &["genes2.gtf", "gene_id"]);
}

#[test]
fn one_sample_a_side_needs_a_bcv_and_is_told_which() {
    let place = experiment();
    let arguments =
        ["run", "--parental", "p1.bam", "--resistant", "r1.bam", "--annotation", "genes.gtf", "--out", "out"];
    refuse(place.path(), &arguments, "out", &["--bcv", "0.4", "0.1"]);
}

#[test]
fn a_copy_posing_as_a_replicate_is_refused() {
    let place = experiment();
    fs::copy(place.path().join("p1.bam"), place.path().join("p2.bam")).unwrap();
    let arguments = run_with(&["--annotation", "genes.gtf"]);
    let output = alkaline(place.path(), &arguments);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{message}");
    for part in ["p1", "p2", "exactly the same counts", "is kept in out"] {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
    // The counts, which took their time, are kept; it is no complete run.
    assert!(
        place.path().join("out/counts/counts.tsv").exists() && !place.path().join("out/run.json").exists()
    );
    fs::remove_dir_all(place.path().join("out")).unwrap();
    let twice = [
        "run",
        "--parental",
        "p1.bam",
        "p1.bam",
        "--resistant",
        "r1.bam",
        "r2.bam",
        "--out",
        "out",
        "--annotation",
        "genes.gtf",
    ];
    refuse(place.path(), &twice, "out", &["p1.bam is given twice"]);
}

/// Runs on a sample sheet with this text.
fn refuse_sheet(sheet: &str, contrasts: &str, says: &[&str]) {
    let place = experiment();
    fs::write(place.path().join("samples.csv"), sheet).unwrap();
    fs::write(place.path().join("contrasts.csv"), contrasts).unwrap();
    let arguments = [
        "run",
        "--samples",
        "samples.csv",
        "--contrasts",
        "contrasts.csv",
        "--annotation",
        "genes.gtf",
        "--out",
        "out",
    ];
    refuse(place.path(), &arguments, "out", says);
}

const CONTRASTS: &str = "id,variable,reference,target\nc,condition,parental,resistant\n";

#[test]
fn a_sample_sheet_with_unknown_columns_is_refused() {
    refuse_sheet(
        "library,file,treatment\na,p1.bam,x\n",
        CONTRASTS,
        &["samples.csv, line 1", "library, file, treatment"],
    );
    refuse_sheet(
        "sample,bam,conditoin\na,p1.bam,x\n",
        CONTRASTS,
        &["no column `condition`", "did you mean `conditoin`?"],
    );
}

#[test]
fn repeated_sample_names_are_refused_with_their_lines() {
    let sheet = "sample,bam,condition\na,p1.bam,parental\na,p2.bam,parental\nb,r1.bam,resistant\n";
    refuse_sheet(sheet, CONTRASTS, &["line 3, column `sample`", "`a` stands in line 2 already"]);
}

#[test]
fn a_condition_that_no_sample_has_is_refused() {
    let sheet = "sample,bam,condition\na,p1.bam,parental\nb,p2.bam,parental\n";
    refuse_sheet(sheet, CONTRASTS, &["contrast `c`", "`resistant`", "it has parental"]);
}

#[test]
fn a_contrast_over_an_unknown_column_is_refused() {
    let sheet = "sample,bam,condition\na,p1.bam,parental\nb,r1.bam,resistant\n";
    let contrasts = "id,variable,reference,target\nc,treatment,parental,resistant\n";
    refuse_sheet(sheet, contrasts, &["no column `treatment`"]);
}

/// Tests a count table with this text; the second column is parental, the third resistant, two of each.
fn refuse_counts(table: &str, says: &[&str]) {
    let place = tempfile::tempdir().unwrap();
    write_sheet(place.path());
    fs::write(place.path().join("counts.csv"), table).unwrap();
    let arguments = ["run", "--counts", "counts.csv", "--samples", "samples.csv", "--out", "out"];
    refuse(place.path(), &arguments, "out", says);
}

fn write_sheet(place: &Path) {
    let sheet = "sample,condition\na,parental\nb,parental\nc,resistant\nd,resistant\n";
    fs::write(place.join("samples.csv"), sheet).unwrap();
}

#[test]
fn counts_that_are_none_are_refused_all_at_once() {
    refuse_counts(
        "gene,a,b,c,d\ng1,-1,2,3,4\ng2,1,2.5,3,4\ng3,1,2,NA,4\ng4,1,2,3,\ng5,1,2,3,many\n",
        &[
            "counts.csv, line 2, column `a`: gene `g1`: the count is negative (`-1`)",
            "line 3, column `b`: gene `g2`: the count is fractional (`2.5`)",
            "line 4, column `c`: gene `g3`: the count is missing (`NA`)",
            "line 5, column `d`: gene `g4`: the count is missing",
            "line 6, column `d`: gene `g5`: `many` is not a number",
        ],
    );
}

#[test]
fn a_table_without_one_of_the_samples_is_refused_with_the_nearest_name() {
    refuse_counts("gene,a,b,c,D\ng1,1,2,3,4\n", &["no column for sample `d`", "did you mean `D`?"]);
}

#[test]
fn repeated_genes_and_ragged_rows_are_refused() {
    refuse_counts("gene,a,b,c,d\ng1,1,2,3,4\ng1,1,2,3,4\n", &["line 3: gene `g1` stands in line 2 already"]);
    refuse_counts("gene,a,b,c,d\ng1,1,2,3\ng2,1,2,3,4\n", &["line 2: 4 fields, but the header has 5"]);
}

#[test]
fn a_sample_without_any_count_is_refused() {
    refuse_counts("gene,a,b,c,d\ng1,10,20,0,40\ng2,10,20,0,40\n", &["sample `c` has no counts"]);
}

#[test]
fn wrong_usage_has_a_code_of_its_own() {
    let place = tempfile::tempdir().unwrap();
    for arguments in [
        &["run"][..],
        &["run", "--parental", "a.bam"],
        &["frobnicate"],
        &["run", "--fdr", "2", "--samples", "x"],
    ] {
        let output = alkaline(place.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_directory_of_something_else_is_not_overwritten() {
    let place = experiment();
    fs::create_dir(place.path().join("thesis")).unwrap();
    fs::write(place.path().join("thesis/chapter1.tex"), "precious").unwrap();
    let arguments = [&RUN[..7], &["--out", "thesis", "--annotation", "genes.gtf"]].concat();
    let output = alkaline(place.path(), &arguments);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("holds no run of alkaline"));
    assert_eq!(fs::read_dir(place.path().join("thesis")).unwrap().count(), 1);
}

#[test]
fn what_a_failed_run_replaced_is_kept_until_another_is_complete() {
    let place = experiment();
    let arguments = run_with(&["--annotation", "genes.gtf"]);
    command_line::succeed(place.path(), &arguments);
    let before = fs::read(place.path().join("out/run.json")).unwrap();
    let counts = fs::read(place.path().join("out/counts/counts.tsv")).unwrap();
    small_bam(&place.path().join("r2.bam"), |_| 0);
    let output = alkaline(place.path(), &arguments);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    // It says no longer that it is complete, and what was replaced is there until another one is.
    assert!(!place.path().join("out/run.json").exists());
    let previous = place.path().join("out/.alkaline/previous");
    assert_eq!(fs::read(previous.join("run.json")).unwrap(), before);
    assert_eq!(fs::read(previous.join("counts/counts.tsv")).unwrap(), counts);
    small_bam(&place.path().join("r2.bam"), |gene| 30 + gene);
    command_line::succeed(place.path(), &arguments);
    assert!(place.path().join("out/run.json").exists() && !previous.exists());
}

#[test]
fn what_is_wrong_with_contrasts_is_told_all_at_once_with_line_and_column() {
    let sheet = "sample,bam,condition,batch\na,p1.bam,parental,x\nb,p2.bam,parental,y\nc,r1.bam,resistant,x\nd,r2.bam,resistant,y\n";
    let contrasts = "id,variable,reference,target,contrast,formula\n\
        level,condition,parental,resistent,,\n\
        name,,,,resistant - parentel,\n\
        formula,,,,resistant - parental,~ bach + condition\n\
        bracket,,,,(resistant - parental,\n";
    let says = [
        "contrasts.csv, line 2, column `target`: contrast `level`",
        "did you mean `resistant`?",
        "contrasts.csv, line 3, column `contrast`: contrast `name`: `resistant - parentel`: no sample has `parentel` (did you mean \
         `parental`?)",
        "contrasts.csv, line 4, column `formula`: contrast `formula`",
        "did you mean `batch`?",
        "contrasts.csv, line 5, column `contrast`: contrast `bracket`: `(resistant - parental`: a bracket is not closed",
    ];
    refuse_sheet(sheet, contrasts, &says);
}

#[test]
fn a_design_without_residual_degrees_of_freedom_is_refused_before_counting() {
    let sheet = "sample,bam,condition,batch\na,p1.bam,parental,x\nb,p2.bam,parental,y\nc,r1.bam,resistant,x\nd,r2.bam,resistant,y\n";
    let place = experiment();
    fs::write(place.path().join("samples.csv"), sheet).unwrap();
    // no such file: were it looked for, that would be the message
    let run = ["run", "--samples", "samples.csv", "--annotation", "absent.gtf", "--out", "out"];
    let saturated = ["--design", "~ batch * condition"];
    let says = ["as many coefficients as there are samples (4)", "leave a variable out", "--bcv"];
    refuse(place.path(), &[&run[..], &saturated].concat(), "out", &says);
    let quasi = ["--method", "ql", "--bcv", "0.2"];
    let says = ["no quasi-dispersion to estimate", "--method lrt"];
    refuse(place.path(), &[&run[..], &saturated, &quasi].concat(), "out", &says);
}

#[test]
fn copied_columns_of_a_count_table_are_no_replicates() {
    let rows: String =
        (0..50).map(|g| format!("g{g},{0},{0},{1},{2}\n", 30 + g, 40 + g, 35 + 2 * g)).collect();
    refuse_counts(&format!("gene,a,b,c,d\n{rows}"), &["`a` and `b`", "exactly the same counts"]);
}

#[test]
fn a_table_of_zeros_is_empty_and_no_copy() {
    refuse_counts("gene,a,b,c,d\ng1,0,0,0,0\ng2,0,0,0,0\n", &["sample `a` has no counts"]);
}

#[test]
fn columns_that_are_no_samples_are_named_and_left_out() {
    let place = tempfile::tempdir().unwrap();
    write_sheet(place.path());
    let rows: String = (0..50)
        .map(|g| format!("g{g},{},{},{},{},7,{}\n", 30 + g, 41 + g % 7, 35 + 2 * g, 20 + g * g % 31, g))
        .collect();
    fs::write(place.path().join("counts.csv"), format!("gene,a,b,c,d,mean,spare\n{rows}")).unwrap();
    let counts = ["--counts", "counts.csv", "--samples", "samples.csv"];
    let says = "2 columns of counts.csv not in the sample sheet, left out: mean, spare";
    let one = ["--contrast", "condition,parental,resistant", "-o", "t.tsv"];
    for words in
        [[&["test"], &counts[..], &one].concat(), [&["run"], &counts[..], &["--out", "out"]].concat()]
    {
        let output = command_line::succeed(place.path(), &words);
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
    }
}
