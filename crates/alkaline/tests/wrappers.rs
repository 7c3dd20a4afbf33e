//! The wrappers of `wrappers/`: their scripts are run with this program, and the linters of their ecosystems where these are installed.

#![cfg(unix)]
#![cfg(test)]

mod command_line;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use alkaline_testkit::{FakePrograms, external_program};
use command_line::{small_bam, small_gtf, stderr, succeed};

fn wrappers(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wrappers").join(path)
}

/// A search path with this program in front.
fn search_path() -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_alkaline")).parent().unwrap();
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap())
}

/// Runs a program that finds alkaline, and expects success; gives all that it said.
#[track_caller]
fn run(command: &mut Command) -> String {
    let output: Output = command.env("PATH", search_path()).output().expect("it starts");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), stderr(&output));
    assert!(output.status.success(), "{command:?}\n{said}");
    said
}

/// Two samples and their gene models: `S_1.bam`, `S_2.bam`, `genes.gtf`.
fn experiment(place: &Path) {
    small_gtf(&place.join("genes.gtf"));
    small_bam(&place.join("S_1.bam"), |gene| 5 + gene % 7);
    small_bam(&place.join("S_2.bam"), |gene| 4 + gene % 5);
}

/// A table without the line that says who made it, and by which command.
fn rows(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let rows: Vec<String> = text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    assert!(!rows.is_empty(), "{} is empty", path.display());
    rows
}

// nf-core

const MODULE: &str = "nf-core/modules/nf-core/alkaline/count/main.nf";

/// The block called `name` of the module, as Nextflow would hand it to bash.
fn block(module: &str, name: &str, values: &[(&str, &str)]) -> String {
    let text = module.split(&format!("\n    {name}:")).nth(1).unwrap().split("\"\"\"").nth(1).unwrap();
    let mut text = text.replace("\\\\\n", "\\\n");
    for (key, value) in values {
        text = text.replace(&format!("${{{key}}}"), value);
    }
    assert!(!text.contains("${"), "something is left to fill in:\n{text}");
    format!("set -euo pipefail\n{text}")
}

#[test]
fn the_script_of_the_nf_core_module_counts_and_leaves_what_it_declares() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    let module = fs::read_to_string(wrappers(MODULE)).unwrap();
    let values = [
        ("args", "--names auto"),
        ("strandedness", "auto"),
        ("task.cpus", "2"),
        ("annotation", "genes.gtf"),
        ("prefix", "S"),
        ("bams", "S_1.bam S_2.bam"),
    ];
    run(Command::new("bash").current_dir(place).args(["-c", &block(&module, "script", &values)]));
    succeed(place, &["count", "--names", "auto", "-a", "genes.gtf", "-o", "own.tsv", "S_1.bam", "S_2.bam"]);
    assert_eq!(rows(&place.join("S.counts.tsv")), rows(&place.join("own.tsv")));
    let declared =
        [".counts.tsv", ".counts.tsv.summary", ".counts.tsv.genes", ".qc/qc.json", ".qc/reads.tsv"];
    for ending in declared {
        assert!(place.join(format!("S{ending}")).is_file(), "S{ending}");
    }
    let stub = tempfile::tempdir().unwrap();
    run(Command::new("bash").current_dir(stub.path()).args(["-c", &block(&module, "stub", &values)]));
    for ending in &declared[..4] {
        assert!(stub.path().join(format!("S{ending}")).is_file(), "S{ending} of the stub");
    }
    let version = module.split("eval(\"").nth(1).unwrap().split("\")").next().unwrap();
    let said = run(Command::new("bash").args(["-c", version]));
    assert_eq!(said.trim(), env!("CARGO_PKG_VERSION"));
}

/// What nf-core's linter cannot find where there is no Nextflow, no nf-test and no published container.
const NOT_HERE: [&str; 3] = ["docker_tag:", "singularity_tag:", "test_snapshot_exists:"];

#[test]
fn nf_core_finds_nothing_wrong_with_the_module_but_what_needs_nextflow_and_a_release() {
    if !external_program("nf-core", "nf-core", &["--version"], "the linter of nf-core modules") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let (repository, home) = (place.path().join("modules"), place.path().join("home"));
    let from = wrappers("nf-core");
    assert!(Command::new("cp").arg("-r").args([&from, &repository]).status().unwrap().success());
    fs::create_dir(&home).unwrap();
    // Those of nf-core's own repository are out of reach here: schemas that allow everything stand in.
    for schema in ["environment-schema.json", "meta-schema.json"] {
        fs::write(repository.join("modules").join(schema), "{}").unwrap();
    }
    let git = |words: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@t"];
        run(Command::new("git").current_dir(&repository).args(identity).args(words))
    };
    git(&["init", "-q", "-b", "master"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "modules"]);
    git(&["clone", "-q", "--bare", ".", "../remote.git"]);
    // It asks Nextflow for a configuration that is empty here.
    let nextflow = FakePrograms::new().with(
        "nextflow",
        "",
        "case \"$1\" in -v) echo 'nextflow version 20.01.0.0';; config) echo '{}';; *) exit 1;; esac",
    );
    let path = format!("{}:{}", nextflow.folder().display(), std::env::var("PATH").unwrap());
    let output = Command::new("nf-core")
        .args(["modules", "--git-remote", "../remote.git", "--branch", "master"])
        .args(["lint", "alkaline/count", "--dir", "."])
        .current_dir(&repository)
        .env("PATH", path)
        .env("HOME", &home)
        .env("COLUMNS", "300")
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), stderr(&output));
    let failed = said.split("Tests Failed").nth(1).unwrap_or_default().split('╰').next().unwrap_or_default();
    let failures: Vec<&str> = failed.lines().filter(|line| line.contains("alkaline/count")).collect();
    assert!(!failures.is_empty() && said.contains("Tests Passed"), "{said}");
    let is_expected = |line: &&str| NOT_HERE.iter().any(|name| line.contains(name));
    let others: Vec<&&str> = failures.iter().filter(|line| !is_expected(line)).collect();
    assert!(others.is_empty(), "{others:?}\n{said}");
}

// Snakemake

const WRAPPER: &str = "snakemake/bio/alkaline/count";

#[test]
fn snakemake_counts_by_the_wrapper_and_its_linters_find_nothing() {
    if !external_program("snakemake", "snakemake", &["--version"], "the wrapper of Snakemake") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    // As in the repository of wrappers, whose tests call them `master/bio/...`.
    let master = place.join("wrappers/master/bio/alkaline");
    fs::create_dir_all(&master).unwrap();
    assert!(Command::new("cp").arg("-r").arg(wrappers(WRAPPER)).arg(&master).status().unwrap().success());
    fs::copy(wrappers(WRAPPER).join("test/Snakefile"), place.join("Snakefile")).unwrap();
    let prefix = format!("file://{}/wrappers/", place.display());
    let words = ["--cores", "2", "--wrapper-prefix", &prefix];
    let wanted = ["results/S.counts.tsv", "results/S.counts.tsv.summary", "results/S.qc"];
    run(Command::new("snakemake").current_dir(place).args(words).args(wanted));
    succeed(place, &["count", "--names", "auto", "-a", "genes.gtf", "-o", "own.tsv", "S_1.bam", "S_2.bam"]);
    assert_eq!(rows(&place.join("results/S.counts.tsv")), rows(&place.join("own.tsv")));
    assert!(place.join("results/S.qc/reads.tsv").is_file());
    let log = fs::read_to_string(place.join("logs/S.log")).unwrap();
    assert!(log.contains("assigned"), "{log}");
    let said = run(Command::new("snakemake").current_dir(place).arg("--lint"));
    assert!(said.contains("in a good condition"), "{said}");
    if external_program("snakefmt", "snakefmt", &["--version"], "the formatter of Snakefiles") {
        run(Command::new("snakefmt").current_dir(place).args(["--check", "Snakefile"]));
    }
}

#[test]
fn a_name_that_the_wrapper_cannot_write_is_refused_by_it() {
    if !external_program("snakemake", "snakemake", &["--version"], "the wrapper of Snakemake") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    let rule = format!(
        "rule count:\n    input:\n        samples=\"S_1.bam\",\n        annotation=\"genes.gtf\",\n    output:\n        \
         counts=\"c.tsv\",\n        summary=\"other.summary\",\n    wrapper:\n        \"file://{}\"\n",
        wrappers(WRAPPER).display()
    );
    fs::write(place.join("Snakefile"), rule).unwrap();
    let output = Command::new("snakemake")
        .current_dir(place)
        .args(["--cores", "1"])
        .env("PATH", search_path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), stderr(&output));
    assert!(said.contains("the summary lies beside the counts, as c.tsv.summary"), "{said}");
}

// Galaxy

/// Fills the command in as Galaxy does: values by name, lists of data sets with their names.
const FILL_IN: &str = r#"
import sys, xml.etree.ElementTree as tree
from Cheetah.Template import Template

class Value(str):
    def __new__(cls, text, **more):
        value = str.__new__(cls, text)
        value.__dict__.update(more)
        return value

tool, alignment, annotation, strandedness, qc = sys.argv[1:]
text = tree.parse(tool).find("command").text
values = dict(
    alignments=[Value(alignment, element_identifier="small, one.sam"), Value(alignment, element_identifier="small, one.sam")],
    gene_models=Value("", source="history", annotation=Value(annotation, ext="gtf")),
    strandedness=strandedness,
    feature=Value("", type="exon", attribute="gene_id"),
    filter=Value("", min_quality=0, multi_mapping="", ignore_duplicates=""),
    qc=qc == "true",
)
print(" ".join(str(Template(text, searchList=[values])).split()))
"#;

/// The Python that planemo runs in, which has Galaxy's template engine.
fn python_of_planemo() -> PathBuf {
    let found = Command::new("sh").args(["-c", "command -v planemo"]).output().unwrap();
    let program = PathBuf::from(String::from_utf8(found.stdout).unwrap().trim());
    fs::canonicalize(program).unwrap().with_file_name("python3")
}

/// What the test number `number` of the Galaxy tool expects of the counts: gene and count.
fn expected(tool: &str, number: usize) -> Vec<(String, String)> {
    let test = tool.split("<test ").nth(number).unwrap();
    let lines = test.split("has_line line=\"g").skip(1).map(|rest| rest.split('"').next().unwrap());
    let fields = lines.map(|line| line.split("&#9;").map(str::to_owned).collect::<Vec<_>>());
    fields.map(|fields| (format!("g{}", fields[0]), fields.last().unwrap().clone())).collect()
}

#[test]
fn planemo_finds_nothing_wrong_with_the_galaxy_tool_whose_command_counts_as_its_tests_say() {
    if !external_program("planemo", "planemo", &["--version"], "the Galaxy tool") {
        return;
    }
    let folder = wrappers("galaxy/alkaline_count");
    let home = tempfile::tempdir().unwrap();
    let said = run(Command::new("planemo").arg("lint").arg(&folder).env("HOME", home.path()));
    assert!(!said.contains("WARNING") && !said.contains("ERROR"), "{said}");
    let tool = folder.join("alkaline_count.xml");
    let text = fs::read_to_string(&tool).unwrap();
    for (number, strandedness, qc) in [(1, "unstranded", "true"), (2, "forward", "false")] {
        let place = tempfile::tempdir().unwrap();
        let data = |name: &str| folder.join("test-data").join(name);
        let command = run(Command::new(python_of_planemo())
            .args(["-c", FILL_IN])
            .args([&tool, &data("small.sam"), &data("small.gtf")])
            .args([strandedness, qc]));
        run(Command::new("bash").current_dir(place.path()).args(["-euc", &command]));
        let table = rows(&place.path().join("counts.tsv"));
        assert!(table[0].ends_with("Length\tsmall__one.sam\tsmall__one.sam_"), "{}", table[0]);
        let expected = expected(&text, number);
        assert_eq!(expected.len(), 2);
        for (row, (gene, count)) in table[1..].iter().zip(&expected) {
            assert!(
                row.starts_with(&format!("{gene}\t")) && row.ends_with(&format!("\t{count}\t{count}")),
                "{row}"
            );
        }
        assert!(place.path().join("counts.tsv.summary").is_file());
        assert_eq!(place.path().join("qc/reads.tsv").is_file(), qc == "true");
    }
}
