//! What is written here, opened by those it is for: h5py and anndata, pandas and pyarrow, openpyxl.

#![cfg(test)]

use std::fs::File;
use std::path::Path;
use std::process::Command;

use alkaline_export::anndata::{self, AnnData, Fact, Matrix, by_sample};
use alkaline_export::hdf5::{self, Array, Attribute, Elements, Group, Node};
use alkaline_export::workbook::{self, Sheet};
use alkaline_export::{Column, Table, Values, parquet};
use alkaline_testkit::external_program;

/// Runs a script in Python, with what it needs at hand, and expects its assertions to hold; gives what it printed.
#[track_caller]
fn python(place: &Path, script: &str) -> Option<String> {
    let packages = "import anndata, h5py, openpyxl, pandas, pyarrow";
    if !external_program("python-friends", "python-friends", &["-c", packages], "files for Python") {
        return None;
    }
    let output = Command::new("python-friends").current_dir(place).args(["-c", script]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn create(place: &Path, name: &str) -> File {
    File::create(place.join(name)).unwrap()
}

fn text(values: &[&str]) -> Values {
    Values::Text(values.iter().map(|text| Some((*text).to_owned()).filter(|text| text != "NA")).collect())
}

fn attribute(name: &str, value: Attribute) -> (String, Attribute) {
    (name.to_owned(), value)
}

#[test]
fn h5py_reads_every_kind_of_value_text_and_attribute() {
    let place = tempfile::tempdir().unwrap();
    // More texts than a heap holds, empty ones and long ones among them.
    let texts: Vec<String> = (0..10_000).map(|number| "é€x".repeat(number % 7)).collect();
    let array = |shape: &[u64], elements| {
        Node::Array(Array { attributes: Vec::new(), shape: shape.to_vec(), elements })
    };
    let deep = Group {
        attributes: vec![
            attribute("one", Attribute::Text("größe".into())),
            attribute("several", Attribute::Texts(vec!["a".into(), String::new(), "c".into()])),
            attribute("none", Attribute::Texts(Vec::new())),
            attribute("yes", Attribute::Flag(true)),
            attribute("no", Attribute::Flag(false)),
        ],
        children: (0..300)
            .map(|number| (format!("n{number}"), array(&[], Elements::LongWholes(vec![number]))))
            .collect(),
    };
    let root = Group {
        attributes: vec![attribute("kind", Attribute::Text("test".into()))],
        children: vec![
            ("texts".into(), array(&[10_000], Elements::Texts(texts))),
            (
                "reals".into(),
                array(&[2, 3], Elements::Reals(vec![0.1, -2.5, f64::NAN, f64::INFINITY, 1e-300, 3.0])),
            ),
            ("odd".into(), array(&[3], Elements::Wholes(vec![1, -2, 3]))),
            (
                "streamed".into(),
                array(
                    &[3],
                    Elements::StreamedWholes(Box::new(|out| {
                        out.write_all(&[1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0])
                    })),
                ),
            ),
            ("nothing".into(), array(&[0], Elements::Reals(Vec::new()))),
            ("deep".into(), Node::Group(deep)),
        ],
    };
    hdf5::write(&mut create(place.path(), "t.h5"), &root).unwrap();
    python(
        place.path(),
        r#"
import h5py, math, os
f = h5py.File("t.h5")
assert f.attrs["kind"] == "test"
assert f["texts"].asstr()[()].tolist() == ["é€x" * (n % 7) for n in range(10000)]
reals = f["reals"][()].tolist()
assert reals[0][:2] == [0.1, -2.5] and math.isnan(reals[0][2]) and reals[1] == [math.inf, 1e-300, 3.0]
assert f["odd"][()].tolist() == [1, -2, 3] and f["odd"].dtype == "<i4"
assert f["streamed"][()].tolist() == [1, 2, 3]
assert f["nothing"].shape == (0,)
deep = f["deep"]
assert deep.attrs["one"] == "größe" and list(deep.attrs["several"]) == ["a", "", "c"]
assert len(deep.attrs["none"]) == 0 and bool(deep.attrs["yes"]) is True and bool(deep.attrs["no"]) is False
assert deep.attrs["yes"].dtype == bool
assert {int(deep[f"n{n}"][()]) for n in range(300)} == set(range(300)) and len(deep) == 300
assert f.id.get_filesize() == os.path.getsize("t.h5")
"#,
    );
}

#[test]
fn streams_and_names_that_do_not_fit_are_refused() {
    let stream = |shape: u64| Group {
        attributes: Vec::new(),
        children: vec![(
            "x".into(),
            Node::Array(Array {
                attributes: Vec::new(),
                shape: vec![shape],
                elements: Elements::StreamedReals(Box::new(|out| out.write_all(&[0; 16]))),
            }),
        )],
    };
    assert!(hdf5::write(&mut Vec::new(), &stream(2)).is_ok());
    let error = hdf5::write(&mut Vec::new(), &stream(3)).unwrap_err();
    assert!(error.to_string().contains("16 bytes of values, but their shape takes 24"), "{error}");
    let path =
        Group { attributes: Vec::new(), children: vec![("a/b".into(), Node::Group(Group::default()))] };
    assert!(hdf5::write(&mut Vec::new(), &path).is_err());
}

#[test]
fn anndata_reads_an_experiment_with_missing_words_and_numbers() {
    let place = tempfile::tempdir().unwrap();
    let counts = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let cpm = [0.5, 1.5, 2.5, 3.5, 4.5, 5.5];
    let experiment = AnnData {
        samples: vec!["s1".into(), "s2".into()],
        genes: vec!["10".into(), "1E6".into(), "g/3".into()],
        x: Matrix::Wholes(Box::new(|out| by_sample(&counts, 2, true, out))),
        layers: vec![("cpm".into(), Matrix::Reals(Box::new(|out| by_sample(&cpm, 2, false, out))))],
        obs: Table::new(vec![
            Column::new("condition", text(&["parental", "NA"])),
            Column::new("dose/day", Values::Real(vec![1.5, f64::NAN])),
        ]),
        var: Table::new(vec![
            Column::new("gene_name", text(&["MARCHF1", "SEPT2", "=1+1"])),
            Column::new("length", Values::Whole(vec![1000, 2000, 3000])),
        ]),
        varm: vec![(
            "r_vs_p".into(),
            Table::new(vec![
                Column::new("logFC", Values::Real(vec![2.5, -1.0, f64::NAN])),
                Column::new("direction", text(&["up", "ns", "NA"])),
            ]),
        )],
        uns: vec![
            ("title".into(), Fact::Text("a title".into())),
            ("components".into(), Fact::Facts(vec![("GO".into(), Fact::Text("2026".into()))])),
            (
                "contrasts".into(),
                Fact::Table(vec!["r_vs_p".into()], Table::new(vec![Column::new("target", text(&["r"]))])),
            ),
        ],
    };
    anndata::write(&mut create(place.path(), "t.h5ad"), experiment).unwrap();
    python(
        place.path(),
        r#"
import anndata, math, warnings
warnings.simplefilter("error")
a = anndata.read_h5ad("t.h5ad")
assert a.shape == (2, 3) and a.X.tolist() == [[1, 3, 5], [2, 4, 6]] and a.X.dtype == "int32"
assert a.layers["cpm"].tolist() == [[0.5, 2.5, 4.5], [1.5, 3.5, 5.5]]
assert a.obs_names.tolist() == ["s1", "s2"] and a.var_names.tolist() == ["10", "1E6", "g/3"]
assert a.obs["condition"].tolist()[0] == "parental" and a.obs["condition"].isna().tolist() == [False, True]
assert a.obs["dose_day"].tolist()[0] == 1.5
assert a.var["gene_name"].tolist() == ["MARCHF1", "SEPT2", "=1+1"] and a.var["length"].tolist() == [1000, 2000, 3000]
r = a.varm["r_vs_p"]
assert r["logFC"].tolist()[:2] == [2.5, -1.0] and math.isnan(r["logFC"].iloc[2]) and r["direction"].isna().tolist()[2]
assert a.uns["title"] == "a title" and a.uns["components"]["GO"] == "2026" and a.uns["contrasts"].loc["r_vs_p", "target"] == "r"
b = anndata.read_h5ad("t.h5ad", backed="r")
assert b.X[1].tolist() == [2, 4, 6]
a.write_h5ad("again.h5ad", compression="gzip")
assert anndata.read_h5ad("again.h5ad").X.tolist() == a.X.tolist()
"#,
    );
}

#[test]
fn pandas_and_pyarrow_read_parquet_of_several_groups_of_rows() {
    let place = tempfile::tempdir().unwrap();
    let rows = 100_000;
    let table = Table::new(vec![
        Column::new("gene_id", Values::Text((0..rows).map(|row| Some(format!("0{row}"))).collect())),
        Column::new(
            "direction",
            Values::Text((0..rows).map(|row| (row % 3 == 0).then(|| "up".into())).collect()),
        ),
        Column::new(
            "PValue",
            Values::Real(
                (0..rows).map(|row| if row % 2 == 0 { f64::NAN } else { 1.0 / row as f64 }).collect(),
            ),
        ),
        Column::new("Count", Values::Whole((0..rows).collect())),
    ]);
    let facts = [("alkaline".to_owned(), "0.1.0".to_owned())];
    parquet::write(&mut create(place.path(), "t.parquet"), &table, &facts).unwrap();
    let nothing = Table::new(vec![Column::new("gene_id", Values::Text(Vec::new()))]);
    parquet::write(&mut create(place.path(), "empty.parquet"), &nothing, &[]).unwrap();
    python(
        place.path(),
        r#"
import pandas, pyarrow.parquet as pq
t = pandas.read_parquet("t.parquet")
assert len(t) == 100000 and t["gene_id"].iloc[7] == "07" and t["Count"].sum() == sum(range(100000))
assert t["PValue"].isna().sum() == 50000 and t["PValue"].iloc[3] == 1 / 3 and t["PValue"].dtype == "float64"
assert t["direction"].isna().sum() == 66666 and t["direction"].iloc[0] == "up"
f = pq.ParquetFile("t.parquet")
assert f.num_row_groups == 2 and f.metadata.metadata[b"alkaline"] == b"0.1.0"
assert f.schema_arrow.field("gene_id").type == "string"
assert len(pandas.read_parquet("empty.parquet")) == 0
"#,
    );
}

#[test]
fn openpyxl_reads_names_as_text_and_no_formula() {
    let place = tempfile::tempdir().unwrap();
    let table = Table::new(vec![
        Column::new(
            "gene",
            text(&["MARCH1", "=HYPERLINK(\"http://x\")", "1E6", "NA", "+1", "@SUM(A1)", "-2"]),
        ),
        Column::new("P", Values::Real(vec![0.5, f64::NAN, f64::INFINITY, 1e-300, 0.0, 1.0, 2.0])),
    ]);
    let sheets = [
        Sheet { name: "r/p test".into(), table: table.clone() },
        Sheet { name: "R:P TEST".into(), table },
        Sheet { name: "empty".into(), table: Table::default() },
    ];
    workbook::write(&mut create(place.path(), "t.xlsx"), &sheets).unwrap();
    python(
        place.path(),
        r#"
import openpyxl
w = openpyxl.load_workbook("t.xlsx")
assert w.sheetnames == ["r_p test", "R_P TEST (2)", "empty"], w.sheetnames
s = w.worksheets[0]
cells = [s.cell(row, 1) for row in range(2, 9)]
assert [c.value for c in cells] == ["MARCH1", '=HYPERLINK("http://x")', "1E6", None, "+1", "@SUM(A1)", "-2"]
assert all(c.data_type == "s" and c.number_format == "@" for c in cells if c.value is not None), [c.data_type for c in cells]
assert [bool(c.quotePrefix) for c in cells] == [False, True, False, False, True, True, True]
assert [s.cell(row, 2).value for row in range(2, 9)] == [0.5, None, "Inf", 1e-300, 0, 1, 2]
assert s.freeze_panes == "A2" and s.auto_filter.ref == "A1:B8"
"#,
    );
}
