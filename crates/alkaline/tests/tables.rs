//! Count tables and sample sheets as people really have them: the same counts give the same results however the table is laid out, and
//! what cannot be read, or should not be, is named.

#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{alkaline, refuse, stderr, succeed};

const SAMPLES: [&str; 4] = ["a1", "a2", "b1", "b2"];

/// Names and counts of a small table in which some genes change.
fn rows() -> Vec<Vec<String>> {
    (0..60_u32)
        .map(|gene| {
            let counts = (0..4_u32).map(|sample| {
                let changed = if sample >= 2 && gene < 8 { 5 } else { 1 };
                ((150 + 13 * gene) * changed + (gene * 7 + sample * 11) % 17).to_string()
            });
            std::iter::once(format!("GENE{gene}")).chain(counts).collect()
        })
        .collect()
}

fn header() -> Vec<String> {
    std::iter::once("gene").chain(SAMPLES).map(str::to_owned).collect()
}

/// Lines of fields.
fn text(separator: &str, lines: &[Vec<String>]) -> String {
    lines.iter().map(|line| line.join(separator) + "\n").collect()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Header and rows, each changed.
fn table(
    separator: &str,
    header_of: impl Fn(Vec<String>) -> Vec<String>,
    row_of: impl Fn(usize, Vec<String>) -> Vec<String>,
) -> String {
    let rows = rows().into_iter().enumerate().map(|(place, row)| row_of(place, row));
    text(separator, &std::iter::once(header_of(header())).chain(rows).collect::<Vec<_>>())
}

fn same(line: Vec<String>) -> Vec<String> {
    line
}

fn same_row(_: usize, row: Vec<String>) -> Vec<String> {
    row
}

fn before(field: &str, line: Vec<String>) -> Vec<String> {
    std::iter::once(field.to_owned()).chain(line).collect()
}

fn behind(line: Vec<String>, fields: &[&str]) -> Vec<String> {
    line.into_iter().chain(words(fields)).collect()
}

/// Tests A against B of the table; gives the result table and what was said.
#[track_caller]
fn tested(directory: &Path, name: &str, counts: &[u8], more: &[&str]) -> (String, String) {
    fs::write(directory.join(name), counts).unwrap();
    fs::write(directory.join("s.csv"), "sample,condition\na1,A\na2,A\nb1,B\nb2,B\n").unwrap();
    let arguments =
        ["test", "--counts", name, "--samples", "s.csv", "--contrast", "condition,A,B", "-o", "o.tsv"];
    let output = succeed(directory, &[&arguments[..], more].concat());
    let table = fs::read_to_string(directory.join("o.tsv")).unwrap();
    (table, stderr(&output))
}

/// The message when the table is refused.
#[track_caller]
fn refused(name: &str, counts: &[u8], says: &[&str]) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join(name), counts).unwrap();
    fs::write(directory.path().join("s.csv"), "sample,condition\na1,A\na2,A\nb1,B\nb2,B\n").unwrap();
    let arguments =
        ["test", "--counts", name, "--samples", "s.csv", "--contrast", "condition,A,B", "-o", "o.tsv"];
    refuse(directory.path(), &arguments, "o.tsv", says);
}

/// Whether each table gives the results of the plain one, and says what is expected.
#[track_caller]
fn same_results(tables: &[(&str, Vec<u8>, &str)]) {
    let directory = tempfile::tempdir().unwrap();
    let (expected, _) = tested(directory.path(), "base.tsv", table("\t", same, same_row).as_bytes(), &[]);
    assert!(expected.lines().filter(|line| line.contains("\tup\t")).count() == 8, "{expected}");
    for (name, counts, says) in tables {
        let (found, said) = tested(directory.path(), name, counts, &[]);
        assert!(found == expected, "{name} gives another result\n{said}\n{}", &found[..found.len().min(500)]);
        assert!(said.contains(says), "{name}: `{says}` is not in:\n{said}");
    }
}

#[test]
fn a_trailing_delimiter_shifts_no_sample() {
    let with_other = |place: usize| [place.to_string()];
    same_results(&[
        ("rows.tsv", table("\t", same, |_, row| behind(row, &[""])).into(), ""),
        ("head.tsv", table("\t", |line| behind(line, &[""]), same_row).into(), ""),
        ("both.tsv", table("\t", |line| behind(line, &["", ""]), |_, row| behind(row, &["", ""])).into(), ""),
        (
            "beside_another.tsv",
            table(
                "\t",
                |line| behind(line, &["x9"]),
                |place, row| {
                    let [count] = with_other(place);
                    behind(row, &[count.as_str(), ""])
                },
            )
            .into(),
            "1 column of beside_another.tsv not in the sample sheet, left out: x9",
        ),
    ]);
}

#[test]
fn row_numbers_are_no_identifiers_where_others_stand_beside_them() {
    let numbered = |start: usize, step: usize| {
        move |place: usize, row: Vec<String>| before(&(start + step * place).to_string(), row)
    };
    let says = "holds row numbers; the identifiers were taken from the column `gene`";
    let feature = |line: Vec<String>| {
        [words(&["", "Geneid", "Chr", "Start", "End", "Strand", "Length"]), line[1..].to_vec()].concat()
    };
    let located = |place: usize, row: Vec<String>| {
        let first = [(place + 1).to_string(), row[0].clone()];
        [first.to_vec(), words(&["chr1", "1", "900", "+", "900"]), row[1..].to_vec()].concat()
    };
    same_results(&[
        ("r.csv", table(",", |line| before("", line), numbered(1, 1)).into(), says),
        ("pandas.csv", table(",", |line| before("Unnamed: 0", line), numbered(0, 1)).into(), says),
        ("gaps.csv", table(",", |line| before("", line), numbered(1, 3)).into(), says),
        ("short_header.tsv", table("\t", same, numbered(1, 1)).into(), says),
        ("featurecounts.csv", table(",", feature, located).into(), "taken from the column `Geneid`"),
        (
            "last.csv",
            table(
                ",",
                |line| behind(line[1..].to_vec(), &["gene"]),
                |_, row| behind(row[1..].to_vec(), &[row[0].as_str()]),
            )
            .into(),
            "the first column is the sample `a1`; the identifiers were taken from the column `gene`",
        ),
    ]);
}

#[test]
fn a_table_of_row_numbers_alone_is_refused() {
    let alone = |step: usize| {
        move |place: usize, row: Vec<String>| before(&(step * place).to_string(), row[1..].to_vec())
    };
    refused(
        "n.csv",
        table(",", |line| before("", line[1..].to_vec()), alone(1)).as_bytes(),
        &["the identifiers are row numbers", "put the column of gene identifiers first"],
    );
    refused(
        "g.csv",
        table(",", |line| before("", line[1..].to_vec()), alone(3)).as_bytes(),
        &["the identifiers look like row numbers (0, 3, 6 ... 177)"],
    );
}

#[test]
fn a_table_without_a_header_is_refused_when_samples_are_asked_for_by_name() {
    let headless = text("\t", &rows());
    refused(
        "n.tsv",
        headless.as_bytes(),
        &["the table has no header: its first line is a gene (`GENE0 ", "write a first line"],
    );
}

#[test]
fn row_numbers_are_no_sample() {
    let directory = tempfile::tempdir().unwrap();
    let counts = table(",", |line| before("Unnamed: 0", line), |place, row| before(&place.to_string(), row));
    fs::write(directory.path().join("c.csv"), counts).unwrap();
    succeed(directory.path(), &["normalize", "--counts", "c.csv", "--unit", "cpm", "-o", "n.tsv"]);
    let table = fs::read_to_string(directory.path().join("n.tsv")).unwrap();
    assert!(table.starts_with("gene_id\tgene_name\ta1\ta2\tb1\tb2\nGENE0\t"), "{}", &table[..200]);
}

#[test]
fn rows_that_count_reads_without_a_gene_are_left_out() {
    let with = |names: &[&str]| {
        let more: Vec<Vec<String>> =
            names.iter().map(|name| words(&[name, "90000", "80000", "70000", "60000"])).collect();
        table("\t", same, same_row) + &text("\t", &more)
    };
    let sums: Vec<String> = (1..5)
        .map(|column| rows().iter().map(|row| row[column].parse::<u32>().unwrap()).sum::<u32>().to_string())
        .collect();
    let total = table("\t", same, same_row) + &format!("Total\t{}\n", sums.join("\t"));
    same_results(&[
        (
            "htseq.tsv",
            with(&[
                "__no_feature",
                "__ambiguous",
                "__too_low_aQual",
                "__not_aligned",
                "__alignment_not_unique",
            ])
            .into(),
            "rows that are no genes were left out: __no_feature, __ambiguous",
        ),
        (
            "old.tsv",
            with(&["no_feature", "ambiguous", "not_aligned"]).into(),
            "left out: no_feature, ambiguous",
        ),
        (
            "star.tsv",
            with(&["N_unmapped", "N_multimapping", "N_noFeature", "N_ambiguous"]).into(),
            "N_unmapped",
        ),
        ("total.tsv", total.into(), "the row `Total` is the sum of the others and was left out"),
    ]);
}

#[test]
fn unusual_layouts_are_read_and_named() {
    let base = table("\t", same, same_row);
    let comma = table(",", same, same_row);
    let gct = table(
        "\t",
        |line| [words(&["Name", "Description"]), line[1..].to_vec()].concat(),
        |_, row| [vec![row[0].clone(), "na".to_owned()], row[1..].to_vec()].concat(),
    );
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let quoted: String =
        rows().iter().map(|row| format!("\"{}\" {}\n", row[0], row[1..].join(" "))).collect();
    let classes = text("\t", &[header(), words(&["class", "A", "A", "B", "B"])]) + &text("\t", &rows());
    let newline: String = "\"gene\nname\",a1,a2,b1,b2,\"a\nnote\"\n".to_owned()
        + &rows().iter().map(|row| row.join(",") + ",\"two\nlines\"\n").collect::<String>();
    let european = table(";", same, |_, row| {
        std::iter::once(row[0].clone()).chain(row[1..].iter().map(|count| format!("{count},0"))).collect()
    });
    same_results(&[
        ("space.txt", format!("\"a1\" \"a2\" \"b1\" \"b2\"\n{quoted}").into(), "separated by blanks"),
        ("hash.tsv", format!("# by hand\n#{base}").into(), "the header begins with `#`"),
        (
            "name.tsv",
            format!("#NAME\t{}", classes.replacen("gene\t", "", 1).replace("class\t", "#CLASS\t")).into(),
            "the header begins",
        ),
        ("utf16.txt", [vec![0xff, 0xfe], utf16(&base)].concat(), "UTF-16"),
        ("mac.csv", comma.replace('\n', "\r").into(), "carriage returns"),
        ("title.csv", format!("Table S1. Raw counts,,,,\n{comma}").into(), "a title stands above the header"),
        ("title2.csv", format!("Table S1: raw, of all\n\n{comma}").into(), "a title stands above the header"),
        ("class.tsv", classes.into(), "`class` holds labels"),
        ("counts.gct", format!("#1.2\n60\t4\n{gct}").into(), "it was read as GCT 1.2"),
        ("blank_rows.csv", format!("{comma},,,,\n,,,,\n\n").into(), ""),
        (
            "empty_columns.csv",
            table(",", |l| behind(l, &["", "", ""]), |_, r| behind(r, &["", "", ""])).into(),
            "",
        ),
        ("quoted_newlines.csv", newline.into(), ""),
        ("decimal_commas.csv", european.into(), ""),
        ("excel.csv", format!("\u{feff}sep=;\n{}", table(";", same, same_row)).into(), ""),
        (
            "lengths.tsv",
            table(
                "\t",
                |l| with_length(l, "Length"),
                |place, row| with_length(row, ["NA", "1200.00", "1e+05"][place % 3]),
            )
            .into(),
            "the length of 20 genes is not known",
        ),
        (
            "paths.tsv",
            base.replace("\ta1\ta2\tb1\tb2", "\t/data/a1.bam\t/data/a2.sorted.bam\tb1.bam\tb2.bam").into(),
            "`a1` is `/data/a1.bam`",
        ),
    ]);
}

/// A line with a field behind the first.
fn with_length(line: Vec<String>, field: &str) -> Vec<String> {
    [vec![line[0].clone(), field.to_owned()], line[1..].to_vec()].concat()
}

#[test]
fn layouts_that_cannot_be_read_are_named() {
    let of = |count: fn(&String) -> String| {
        table("\t", same, move |_, row| {
            std::iter::once(row[0].clone()).chain(row[1..].iter().map(count)).collect()
        })
    };
    refused("tab.tsv", of(|count| format!("{count},5")).as_bytes(), &["decimal comma", "decimal points"]);
    refused("thousands.tsv", of(|count| format!("1,{count}")).as_bytes(), &["marks of thousands"]);
    let halves = of(|count| format!("{count},5")).replace('\t', ";");
    refused("semicolons.csv", halves.as_bytes(), &["fractional", "with a decimal comma"]);
    refused("page.xls", b"<html><body><table><tr><td>1</td></tr></table></body></html>", &["a web page"]);
    refused(
        "m.txt",
        b"!Series_title\t\"x\"\n!Series_geo_accession\t\"GSE1\"\n",
        &["a series matrix", "raw_counts"],
    );
    refused("f.soft", b"^DATABASE = GeoMiame\n!Database_name = GEO\n", &["a SOFT file"]);
    refused("data.rds", b"RDX3\nX\n", &["an R data file", "write.csv"]);
    let lines: Vec<String> = SAMPLES
        .iter()
        .enumerate()
        .map(|(place, sample)| {
            let counts: Vec<String> = rows().iter().map(|row| row[place + 1].clone()).collect();
            format!("{sample},{}\n", counts.join(","))
        })
        .collect();
    let names: Vec<String> = rows().iter().map(|row| row[0].clone()).collect();
    let on_its_side = format!("sample,{}\n{}", names.join(","), lines.concat());
    refused("side.csv", on_its_side.as_bytes(), &["the samples stand in rows", "--transpose"]);
    let directory = tempfile::tempdir().unwrap();
    let (expected, _) = tested(directory.path(), "base.tsv", table("\t", same, same_row).as_bytes(), &[]);
    let (found, _) = tested(directory.path(), "side.csv", on_its_side.as_bytes(), &["--transpose"]);
    assert_eq!(found, expected);
}

#[test]
fn columns_of_numbers_are_read_by_a_rule_and_it_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let counts: Vec<Vec<String>> = (0..80_u32)
        .map(|gene| {
            let noise = |sample: u32| (gene * 31 + sample * 17 + gene * sample * 7) % 23;
            let count = |sample: u32| {
                let patient = 100 + 60 * ((sample / 2 * 5 + gene) % 7);
                (patient + if sample % 2 == 1 && gene < 10 { patient } else { 0 } + noise(sample)).to_string()
            };
            std::iter::once(format!("g{gene}")).chain((0..11).map(count)).collect()
        })
        .collect();
    let names: Vec<String> =
        std::iter::once("gene".to_owned()).chain((0..11).map(|sample| format!("s{sample}"))).collect();
    fs::write(here.join("c.tsv"), text("\t", &[vec![names], counts].concat())).unwrap();
    let sheet = |code: fn(usize) -> String| -> String {
        let row = |sample: usize| format!("s{sample},{},{}\n", ["N", "T"][sample % 2], code(sample / 2));
        "sample,condition,patient\n".to_owned() + &(0..11).map(row).collect::<String>()
    };
    let run = |sheet: &str, design: &str, out: &str| {
        fs::write(here.join("s.csv"), sheet).unwrap();
        let design = ["--design", design, "-o", out];
        let arguments = ["test", "--counts", "c.tsv", "--samples", "s.csv", "--contrast", "condition,N,T"];
        let said = stderr(&succeed(here, &[&arguments[..], &design].concat()));
        (fs::read_to_string(here.join(out)).unwrap(), said)
    };
    let (named, _) = run(&sheet(|patient| format!("P{patient}")), "~ patient + condition", "named.tsv");
    let (coded, said) =
        run(&sheet(|patient| (patient + 1).to_string()), "~ patient + condition", "coded.tsv");
    assert!(coded == named, "one sample of a pair is lost, and the pairing with it");
    assert!(said.contains("`patient` was read as 6 levels") && said.contains("numeric(patient)"), "{said}");
    assert!(said.contains("samples: 6 N, 5 T"), "{said}");
    let facts = fs::read_to_string(here.join("coded.tsv.json")).unwrap();
    assert!(facts.contains("`patient` was read as 6 levels"), "{facts}");
    let ages =
        sheet(|patient| ["34", "51", "47", "62", "29", "55"][patient].to_owned()).replace("patient", "age");
    let (_, said) = run(&ages, "~ age + condition", "age.tsv");
    assert!(said.contains("`age` was read as a number") && said.contains("factor(age)"), "{said}");
    fs::write(here.join("s.csv"), ages.replace("s3,T,51", "s3,T,NA")).unwrap();
    let arguments = [
        "test",
        "--counts",
        "c.tsv",
        "--samples",
        "s.csv",
        "--contrast",
        "condition,N,T",
        "--design",
        "~ age + condition",
        "-o",
        "na.tsv",
    ];
    refuse(here, &arguments, "na.tsv", &["`age` of s3 is missing (NA)"]);
}

#[test]
fn a_sample_without_a_group_is_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("base.tsv"), table("\t", same, same_row)).unwrap();
    for missing in ["NA", ""] {
        let sheet = format!("sample,condition\na1,A\na2,A\nb1,B\nb2,{missing}\n");
        fs::write(directory.path().join("s.csv"), sheet).unwrap();
        let arguments = [
            "test",
            "--counts",
            "base.tsv",
            "--samples",
            "s.csv",
            "--contrast",
            "condition,A,B",
            "-o",
            "o.tsv",
        ];
        refuse(directory.path(), &arguments, "o.tsv", &["sample `b2` has no condition"]);
    }
}

#[test]
fn normalize_takes_no_annotation_for_samples() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let header_of = |counts: &str, more: &[&str]| {
        fs::write(here.join("c.tsv"), counts).unwrap();
        let arguments = ["normalize", "--counts", "c.tsv", "--unit", "cpm", "--norm", "none", "-o", "n.tsv"];
        let said = stderr(&succeed(here, &[&arguments[..], more].concat()));
        let table = fs::read_to_string(here.join("n.tsv")).unwrap();
        (table.lines().next().unwrap().to_owned(), said)
    };
    let geo = "EntrezID\tGeneLength\tCount\n497097\t3634\t1\n100503874\t3259\t5\n27395\t4203\t9\n";
    let (header, said) = header_of(geo, &[]);
    assert_eq!(header, "gene_id\tgene_name\tCount");
    assert!(said.contains("the column `GeneLength` was read as lengths"), "{said}");
    let other = "gene\tNCBI gene ID\tStart\tnote\ta1\ta2\nA1BG\t1\t77\tx\t76\t121\nA2M\t2\t99\ty\t10\t12\n";
    let (header, said) = header_of(other, &[]);
    assert_eq!(header, "gene_id\tgene_name\ta1\ta2");
    assert!(said.contains("`NCBI gene ID`, `Start`, `note` were not taken for a sample"), "{said}");
    let rsem = "gene_id\ttranscript_id(s)\tlength\teffective_length\texpected_count\tTPM\tFPKM\n\
                A1BG\tx,y\t1766.00\t1590.3\t76.5\t3.1\t2.2\nA2M\tz\t4000.00\t3800.1\t12.0\t0.2\t0.1\n";
    assert_eq!(header_of(rsem, &["--allow-fractional"]).0, "gene_id\tgene_name\texpected_count");
    assert_eq!(header_of(other, &["--samples", "a2,a1"]).0, "gene_id\tgene_name\ta2\ta1");
    let (header, said) = header_of("A1BG\t76\t121\nA2M\t10\t12\nNAT1\t1\t2\n__no_feature\t900\t800\n", &[]);
    assert_eq!(header, "gene_id\tgene_name\tV2\tV3");
    assert!(said.contains("it has no header line") && said.contains("__no_feature"), "{said}");
}

#[test]
fn combined_identifiers_are_taken_apart_and_dates_are_told() {
    let directory = tempfile::tempdir().unwrap();
    let combined = table("\t", same, |place, row| {
        [vec![format!("ENSG{:011}|{}", place + 1, row[0])], row[1..].to_vec()].concat()
    });
    let (found, said) = tested(directory.path(), "c.tsv", combined.as_bytes(), &[]);
    let first = found.lines().nth(1).unwrap();
    assert!(first.starts_with("ENSG0000000000") && first.contains("\tGENE"), "{first}");
    assert!(said.contains("identifiers hold two names"), "{said}");
    let dates = table("\t", same, same_row).replace("GENE7\t", "1-Mar\t").replace("GENE8\t", "2-Sep\t");
    let (_, said) = tested(directory.path(), "d.tsv", dates.as_bytes(), &[]);
    assert!(said.contains("2 names (1-Mar, 2-Sep, ...) look like dates"), "{said}");
    let twice = table("\t", same, same_row).replace("GENE7\t", "1-Mar\t").replace("GENE8\t", "1-Mar\t");
    refused(
        "t.tsv",
        twice.as_bytes(),
        &["gene `1-Mar` stands in line", "a spreadsheet made dates of symbols"],
    );
}

#[test]
fn sample_sheets_as_r_and_archives_write_them_are_read() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let (expected, _) = tested(here, "base.tsv", table("\t", same, same_row).as_bytes(), &[]);
    for sheet in [
        "\"\",\"condition\"\n\"a1\",\"A\"\n\"a2\",\"A\"\n\"b1\",\"B\"\n\"b2\",\"B\"\n",
        "\"condition\"\n\"a1\" \"A\"\n\"a2\" \"A\"\n\"b1\" \"B\"\n\"b2\" \"B\"\n",
        "SampleID;condition\na1;A\na2;A\nb1;B\nb2;B\n",
        "Sample Name,condition,Run,dam\nG1,A,a1,12\nG2,A,a2,12\nG3,B,b1,13\nG4,B,b2,13\n",
        "sample,condition,,\na1,A,,\na2,A,,\nb1,B,,\nb2,B,,\n,,,\n",
    ] {
        fs::write(here.join("sheet.csv"), sheet).unwrap();
        let arguments = [
            "test",
            "--counts",
            "base.tsv",
            "--samples",
            "sheet.csv",
            "--contrast",
            "condition,A,B",
            "-o",
            "o.tsv",
        ];
        let output = alkaline(here, &arguments);
        assert_eq!(output.status.code(), Some(0), "{sheet}\n{}", stderr(&output));
        assert!(fs::read_to_string(here.join("o.tsv")).unwrap() == expected, "{sheet}");
    }
}
