//! `import salmon` and its like: counts of genes equal to tximport's; `import htseq`, `star`, `featurecounts`, `matrix`.

#![cfg(test)]

mod command_line;

use std::fs;
use std::path::{Path, PathBuf};

use alkaline_testkit::golden_limit;
use command_line::{alkaline, stderr, succeed};

/// The golden case.
fn case() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/tximport/transcripts")
}

/// Gene and values of every row, from column `first` on.
fn rows(path: &Path, first: usize) -> Vec<(String, Vec<f64>)> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    let row = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        (fields[0].to_owned(), fields[first..].iter().map(|field| field.parse().unwrap()).collect())
    };
    lines.map(row).collect()
}

fn assert_equal(found: &Path, first: usize, expected: &Path) {
    let (found, expected) = (rows(found, first), rows(expected, 1));
    assert!(expected.len() >= 10 && found.len() == expected.len(), "{} rows", found.len());
    let limit = golden_limit(&case(), "relative");
    for ((gene, values), (wanted, numbers)) in found.iter().zip(&expected) {
        assert_eq!((gene, values.len()), (wanted, numbers.len()));
        for (value, number) in values.iter().zip(numbers) {
            assert!((value - number).abs() <= limit * number.abs().max(1e-9), "{gene}: {value} for {number}");
        }
    }
}

#[test]
fn counts_and_lengths_of_four_quantifiers_are_those_of_tximport() {
    let place = tempfile::tempdir().unwrap();
    for (tool, ending) in [
        ("salmon", "_quant.sf"),
        ("kallisto", ".abundance.tsv"),
        ("rsem", ".isoforms.results"),
        ("stringtie", ".t_data.ctab"),
    ] {
        for rule in ["no", "scaledTPM", "lengthScaledTPM"] {
            let input = |name: &str| case().join("input").join(name).display().to_string();
            let files = ["a", "b", "c"].map(|sample| input(&format!("{sample}{ending}")));
            let (genes, out) = (input("tx2gene.tsv"), format!("{tool}_{rule}"));
            let mut typed = vec![
                "import",
                tool,
                "--tx2gene",
                &genes,
                "--counts",
                rule,
                "--out",
                &out,
                "--read-length",
                "90",
            ];
            typed.extend(files.iter().map(String::as_str));
            succeed(place.path(), &typed);
            let made = place.path().join(&out);
            assert_equal(
                &made.join("counts.tsv"),
                6,
                &case().join(format!("expected/{tool}.{rule}.counts.tsv")),
            );
            assert_equal(
                &made.join("lengths.tsv"),
                2,
                &case().join(format!("expected/{tool}.no.length.tsv")),
            );
        }
    }
}

#[test]
fn what_is_lost_is_told_and_what_does_not_fit_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(place.path().join(name), text).unwrap();
    let header = "Name\tLength\tEffectiveLength\tTPM\tNumReads\n";
    write("a.quant.sf", &format!("{header}T1.2\t900\t800\t5e5\t30\nT2.1\t900\t800\t5e5\t10\n"));
    write("b.quant.sf", &format!("{header}T2.1\t900\t800\t5e5\t20\nT1.2\t900\t800\t5e5\t50\n"));
    write("c.quant.sf", &format!("{header}T1.2\t900\t800\t1e6\t30\n"));
    write("t2g.tsv", "T1\tG1\n");
    write("other.tsv", "X1\tG1\n");
    let typed = |extra: &[&str]| alkaline(place.path(), &[&["import", "salmon"], extra].concat());
    let done = typed(&["a.quant.sf", "b.quant.sf", "--annotation", "t2g.tsv", "--out", "one"]);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    for words in
        ["without their versions", "1 of 2 have no gene (T2.1)", "27.27 % of the reads", "another order"]
    {
        assert!(stderr(&done).contains(words), "`{words}` not in {}", stderr(&done));
    }
    assert_eq!(rows(&place.path().join("one/counts.tsv"), 6), [("G1".to_owned(), vec![30.0, 50.0])]);
    for (extra, words) in [
        (&["a.quant.sf", "c.quant.sf", "--annotation", "t2g.tsv", "--out", "x"][..], "missing here: T2.1"),
        (&["a.quant.sf", "--annotation", "other.tsv", "--out", "x"], "none of the transcripts has a gene"),
        (&["a.quant.sf", "--out", "x"], "nothing says of which genes"),
        (&["t2g.tsv", "--out", "x"], "columns of no quantifier"),
    ] {
        let refused = typed(extra);
        assert_eq!(refused.status.code(), Some(3), "{extra:?}: {}", stderr(&refused));
        assert!(stderr(&refused).contains(words), "{}", stderr(&refused));
        assert!(!place.path().join("x").exists(), "{extra:?} left something");
    }
}

#[test]
fn genes_that_the_files_name_need_no_annotation() {
    let place = tempfile::tempdir().unwrap();
    let table = "t_id\tt_name\tlength\tgene_id\tcov\tFPKM\n1\tT1\t750\tG1\t10\t5\n2\tT2\t750\tG1\t1\t1\n3\tT3\t75\t.\t9\t9\n";
    fs::write(place.path().join("s.t_data.ctab"), table).unwrap();
    succeed(place.path(), &["import", "stringtie", "s.t_data.ctab", "--counts", "no", "--out", "in"]);
    assert_eq!(rows(&place.path().join("in/counts.tsv"), 6), [("G1".to_owned(), vec![110.0])]);
}

#[test]
fn files_of_counters_are_put_side_by_side() {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(place.path().join(name), text).unwrap();
    for (sample, count) in [("wt_1", 50), ("wt_2", 60), ("ko_1", 70), ("ko_2", 80)] {
        write(&format!("{sample}.htseq-count.txt"), &format!("G1\t{count}\nG2\t0\n__no_feature\t5\n"));
        let star = format!(
            "N_unmapped\t1\t1\t1\nN_multimapping\t1\t1\t1\nN_noFeature\t1\t1\t1\nN_ambiguous\t1\t1\t1\nG1\t{count}\t1\t{count}\nG2\t9\t0\t9\n"
        );
        write(&format!("{sample}_ReadsPerGene.out.tab"), &star);
    }
    let samples = ["wt_1", "wt_2", "ko_1", "ko_2"];
    for (tool, ending) in [("htseq", ".htseq-count.txt"), ("star", "_ReadsPerGene.out.tab")] {
        let files = samples.map(|sample| format!("{sample}{ending}"));
        let typed: Vec<&str> =
            ["import", tool, "--out", tool].into_iter().chain(files.iter().map(String::as_str)).collect();
        succeed(place.path(), &typed);
        let counts = rows(&place.path().join(tool).join("counts.tsv"), 6);
        assert_eq!(counts[0], ("G1".to_owned(), vec![50.0, 60.0, 70.0, 80.0]), "{tool}");
        assert_eq!(counts.len(), 2);
    }
    let sheet = fs::read_to_string(place.path().join("star/samples.csv")).unwrap();
    assert_eq!(sheet, "sample,condition\nwt_1,wt\nwt_2,wt\nko_1,ko\nko_2,ko\n");
    let table = "# Program:featureCounts v2.0.3\nGeneid\tChr\tStart\tEnd\tStrand\tLength\t/d//x1.bam\t/d/x2.sorted.bam\nG1\t1\t1\t9\t+\t9\t40\t50\n";
    write("fc.txt", table);
    succeed(place.path(), &["import", "featurecounts", "fc.txt", "--out", "fc"]);
    let text = fs::read_to_string(place.path().join("fc/counts.tsv")).unwrap();
    assert!(text.contains("Length\tx1\tx2\n"), "{text}");
    assert!(text.contains("\t9\t40\t50\n"), "{text}");
}
