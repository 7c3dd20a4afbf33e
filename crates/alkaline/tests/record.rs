//! What a run says of itself: how far it is, how it can be repeated, how it differs from another.
#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use alkaline_testkit::external_program;
use command_line::{alkaline, contents, small_bam, small_experiment, small_run, stderr, succeed};

/// Inputs of a small run with a gene list, gene sets and an annotation.
fn experiment(place: &Path) {
    small_experiment(place);
    let genes = |range: std::ops::Range<u32>| range.map(|gene| format!("\tGENE{gene}")).collect::<String>();
    let sets = format!("FIRST\tx{}\nMIDDLE\tx{}\nREST\tx{}\n", genes(0..12), genes(20..40), genes(30..60));
    fs::write(place.join("sets.gmt"), sets).unwrap();
    fs::write(place.join("mine.txt"), "GENE1\nGENE2\nGENE40\n").unwrap();
}

/// A run of [`experiment`] into `out`.
fn run<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    small_run(out, &[&["--gene-sets", "sets.gmt", "--panels", "mine.txt"], more].concat())
}

/// Spoils a file in its middle: nothing is amiss before it is read.
fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].fill(0xff);
    fs::write(path, bytes).unwrap();
}

fn stdout(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_status_of_a_moved_run_needs_none_of_its_inputs() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    succeed(place.path(), &run("out", &[]));
    for name in ["p1.bam", "p2.bam", "r1.bam", "r2.bam", "genes.gtf", "sets.gmt", "mine.txt"] {
        fs::remove_file(place.path().join(name)).unwrap();
    }
    fs::rename(place.path().join("out"), place.path().join("elsewhere")).unwrap();
    let text = stdout(&succeed(place.path(), &["status", "elsewhere", "--all"]));
    assert!(text.contains("count:p1") && text.contains("complete: elsewhere/report.html"), "{text}");
    assert!(!text.contains("waiting"), "{text}");
}

#[test]
fn the_status_says_what_failed_why_where_that_is_written_and_how_to_go_on() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    let whole = fs::read(place.path().join("r2.bam")).unwrap();
    damage(&place.path().join("r2.bam"));
    let failed = alkaline(place.path(), &run("out", &[]));
    assert_eq!(failed.status.code(), Some(3), "{}", stderr(&failed));
    let text = stdout(&succeed(place.path(), &["status", "out"]));
    let line = text.lines().find(|line| line.starts_with("failed")).unwrap_or_default();
    assert!(line.contains("count:r2") && line.contains("r2.bam"), "{text}");
    assert!(text.contains("written in out/.alkaline/failed/count_r2-"), "{text}");
    let command = text.lines().last().unwrap_or_default().trim();
    assert!(
        command.starts_with("alkaline run --parental p1.bam") && command.ends_with("--out out"),
        "{text}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&succeed(place.path(), &["status", "out", "--log", "json"]))).unwrap();
    let nodes = json["nodes"].as_array().unwrap();
    let node = nodes.iter().find(|node| node["task"] == "count:r2").unwrap();
    let log = node["log"].as_str().unwrap_or_default();
    assert!(node["state"] == "failed" && place.path().join("out").join(log).is_file(), "{node}");
    // What it says helps: with the file as it was, the command goes on.
    fs::write(place.path().join("r2.bam"), whole).unwrap();
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    succeed(place.path(), &words);
    assert!(!place.path().join("out").join(log).exists());
}

#[test]
fn a_recorded_run_is_repeated_byte_by_byte_from_its_record_alone() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    let sheet = "sample,bam,condition,batch\np1,p1.bam,parental,a\np2,p2.bam,parental,b\nr1,r1.bam,resistant,a\nr2,r2.bam,resistant,b\n";
    fs::write(place.path().join("samples.csv"), sheet).unwrap();
    fs::write(
        place.path().join("contrasts.csv"),
        "id,variable,reference,target\nrp,condition,parental,resistant\n",
    )
    .unwrap();
    fs::write(
        place.path().join("w.toml"),
        "title = \"Of two\"\nsamples = \"samples.csv\"\ncontrasts = \"contrasts.csv\"\nannotation = \"genes.gtf\"\n\
         panels = [\"mine.txt\"]\nkeep_filtered = true\n[enrich]\ngo = []\ngene_sets = [\"sets.gmt\"]\n[test]\ndesign = \"~ batch + condition\"\n",
    )
    .unwrap();
    let runs: [&[&str]; 2] = [
        &run("first", &["--fdr", "0.1", "--seed", "7"]),
        &["run", "w.toml", "--out", "second", "--lfc", "0.5"],
    ];
    for (arguments, out) in runs.into_iter().zip(["first", "second"]) {
        let output = Command::new(env!("CARGO_BIN_EXE_alkaline"))
            .current_dir(place.path())
            .env("SOURCE_DATE_EPOCH", "1000000000")
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let whole = contents(&place.path().join(out));
        assert!(whole.keys().any(|path| path.ends_with("run.json")) && whole.len() > 20);
        // The record alone, somewhere else: neither sheet nor list nor workflow file is needed.
        let record = place.path().join("record.json");
        fs::copy(place.path().join(out).join("run.json"), &record).unwrap();
        for name in ["samples.csv", "contrasts.csv", "w.toml", "mine.txt"] {
            fs::rename(place.path().join(name), place.path().join(format!("{name}.away"))).unwrap();
        }
        let elsewhere = tempfile::tempdir().unwrap();
        let record = record.display().to_string();
        let again = alkaline(elsewhere.path(), &["rerun", &record, "--out", "again"]);
        assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
        assert!(stderr(&again).contains("each the same as recorded, byte by byte"), "{}", stderr(&again));
        assert!(contents(&elsewhere.path().join("again")) == whole, "{out} was repeated with other bytes");
        for name in ["samples.csv", "contrasts.csv", "w.toml", "mine.txt"] {
            fs::rename(place.path().join(format!("{name}.away")), place.path().join(name)).unwrap();
        }
    }
}

#[test]
fn inputs_that_are_not_what_they_were_are_named_before_a_run_is_repeated() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    succeed(place.path(), &run("out", &[]));
    small_bam(&place.path().join("p2.bam"), |gene| 25 + gene);
    fs::remove_file(place.path().join("sets.gmt")).unwrap();
    let refused = alkaline(place.path(), &["rerun", "out", "--out", "again"]);
    let message = stderr(&refused);
    assert_eq!(refused.status.code(), Some(3), "{message}");
    assert!(
        message.contains("p2.bam: not the file that was read") && message.contains("sets.gmt"),
        "{message}"
    );
    assert!(!message.contains("p1.bam") && message.contains("--anyway"), "{message}");
    assert!(!place.path().join("again").exists());
    let sets = (0..12).map(|gene| format!("\tGENE{gene}")).collect::<String>();
    fs::write(place.path().join("sets.gmt"), format!("FIRST\tother{sets}\n")).unwrap();
    let done = succeed(place.path(), &["rerun", "out/run.json", "--out", "again", "--anyway"]);
    let said = stderr(&done);
    assert!(
        said.contains("p2.bam: not the file that was read") && said.contains("not as recorded"),
        "{said}"
    );
    // The record of another version is told.
    let text = fs::read_to_string(place.path().join("out/run.json")).unwrap();
    let mut record: serde_json::Value = serde_json::from_str(&text).unwrap();
    record["request"]["version"] = "0.0.1".into();
    fs::write(place.path().join("old.json"), record.to_string()).unwrap();
    let said = stderr(&succeed(place.path(), &["rerun", "old.json", "--out", "older", "--anyway"]));
    assert!(said.contains("the run was made by alkaline 0.0.1"), "{said}");
    record.as_object_mut().unwrap().remove("request");
    fs::write(place.path().join("old.json"), record.to_string()).unwrap();
    let refused = alkaline(place.path(), &["rerun", "old.json", "--out", "none"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(stderr(&refused).contains("does not say what the run was asked for"), "{}", stderr(&refused));
}

#[test]
fn two_runs_are_compared_by_what_was_asked_and_by_what_came_of_it() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    let say = |more: &[&str]| stdout(&succeed(place.path(), &[&["diff"], more].concat()));
    succeed(place.path(), &run("one", &[]));
    // Names of files are no difference, contents are.
    fs::copy(place.path().join("sets.gmt"), place.path().join("same.gmt")).unwrap();
    let mut renamed = run("same", &["-j", "1"]);
    let at = renamed.iter().position(|word| *word == "sets.gmt").unwrap();
    renamed[at] = "same.gmt";
    succeed(place.path(), &renamed);
    let text = say(&["one", "same"]);
    assert!(text.contains("both runs were asked the same"), "{text}");
    assert!(!text.contains("entered") && !text.contains("->"), "{text}");
    let text = say(&["one", "one/run.json"]);
    assert!(text.contains("the results are the same, byte by byte"), "{text}");

    succeed(place.path(), &run("strict", &["--lfc", "2.5", "--seed", "3"]));
    let text = say(&["one", "strict", "-o", "moved.tsv"]);
    assert!(
        text.contains("`[test] thresholds.lfc`: 1 -> 2.5") && text.contains("`[enrich] gsea.seed`: 1 -> 3"),
        "{text}"
    );
    let table = fs::read_to_string(place.path().join("moved.tsv")).unwrap();
    let up = |out: &str| {
        let path = place.path().join(out).join("contrasts/resistant_vs_parental/test.tsv");
        let text = fs::read_to_string(path).unwrap();
        let called = text.lines().filter(|line| line.split('\t').any(|cell| cell == "up"));
        called.filter_map(|line| line.split('\t').next().map(str::to_owned)).collect::<Vec<String>>()
    };
    let (before, after) = (up("one"), up("strict"));
    let left: Vec<&String> = before.iter().filter(|gene| !after.contains(gene)).collect();
    assert!(!left.is_empty(), "the stricter threshold calls fewer genes");
    assert!(text.contains(&format!("genes up: {} -> {}", before.len(), after.len())), "{text}");
    assert!(text.contains(&format!("  {} left: ", left.len())), "{text}");
    for gene in &left {
        let row = format!("resistant_vs_parental\tgene\tup\tleft\t{gene}\t");
        assert_eq!(table.lines().filter(|line| line.starts_with(&row)).count(), 1, "{table}");
    }
    let json: serde_json::Value = serde_json::from_str(&say(&["one", "strict", "--log", "json"])).unwrap();
    assert_eq!(json["results"][0]["genes"][0]["left"].as_array().unwrap().len(), left.len());

    small_bam(&place.path().join("p1.bam"), |gene| 30 + gene);
    succeed(place.path(), &run("other", &[]));
    let text = say(&["one", "other"]);
    assert!(text.contains("input alignments: ") && text.contains("p1.bam has another content"), "{text}");
    let refused = alkaline(place.path(), &["diff", "one", "nowhere"]);
    assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));
}

#[test]
fn machines_are_told_of_every_stage_as_it_begins_and_ends() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    let events = |arguments: &[&str]| -> Vec<serde_json::Value> {
        let output = alkaline(place.path(), arguments);
        stderr(&output).lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    };
    let of = |events: &[serde_json::Value], kind: &str| -> Vec<String> {
        let wanted = events.iter().filter(|event| event["event"] == kind);
        wanted.map(|event| event["stage"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let told = events(&run("out", &["--log", "json"]));
    let (mut started, mut finished) = (of(&told, "started"), of(&told, "finished"));
    started.sort();
    finished.sort();
    assert!(started.len() > 10 && started == finished, "{started:?} {finished:?}");
    let last = told.iter().rfind(|event| event["event"] == "run").unwrap();
    assert_eq!((&last["done"], &last["total"]), (&started.len().into(), &started.len().into()));
    assert!(
        told.iter().filter(|event| event["event"] == "finished").all(|event| event["seconds"].is_number())
    );
    damage(&place.path().join("r2.bam"));
    let told = events(&run("out", &["--log", "json"]));
    assert_eq!(of(&told, "failed"), ["count:r2"], "{told:#?}");
    assert!(told.iter().any(|event| event["event"] == "failed" && event["message"].is_string()), "{told:#?}");
}

#[test]
fn a_run_that_was_killed_and_resumed_tells_the_same_of_itself() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    succeed(place.path(), &run("whole", &[]));
    let mut child = Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .current_dir(place.path())
        .args(run("killed", &["-j", "1"]))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let receipts = place.path().join("killed/.alkaline/receipts");
    let start = Instant::now();
    while fs::read_dir(&receipts).map_or(0, Iterator::count) < 3 && start.elapsed() < Duration::from_secs(60)
    {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!place.path().join("killed/run.json").exists(), "it was killed on the way");
    succeed(place.path(), &run("killed", &[]));
    for name in
        ["methods.md", "CITATIONS.md", "reproduce.R", "ro-crate-metadata.json", "samples.csv", "run.json"]
    {
        let read = |out: &str| fs::read_to_string(place.path().join(out).join(name)).unwrap();
        assert_eq!(read("killed"), read("whole"), "{name}");
    }
}

#[test]
fn a_run_is_a_crate_that_runcrate_reads_needs_runcrate() {
    if !external_program("runcrate", "runcrate", &["--help"], "the RO-Crate of a run") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    fs::rename(place.path().join("p1.bam"), place.path().join("p #1.bam")).unwrap();
    let mut arguments = run("out", &[]);
    arguments[2] = "p #1.bam";
    succeed(place.path(), &arguments);
    // Also somewhere else, where the inputs are not.
    let elsewhere = tempfile::tempdir().unwrap();
    fs::rename(place.path().join("out"), elsewhere.path().join("moved")).unwrap();
    drop(place);
    let output = Command::new("runcrate").arg("report").arg(elsewhere.path().join("moved")).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    for part in [
        "action: #run",
        "action: #count:r2",
        "action: #test:resistant_vs_parental",
        "instrument: #alkaline (SoftwareApplication)",
        "/p%20%231.bam",
        "counts/counts.tsv",
        "reproduce.R",
        "run.json",
    ] {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
fn the_crate_names_every_file_of_the_run_with_its_checksum() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    succeed(place.path(), &run("out", &[]));
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(place.path().join("out").join(name)).unwrap()).unwrap()
    };
    let (record, metadata) = (read("run.json"), read("ro-crate-metadata.json"));
    let graph = metadata["@graph"].as_array().unwrap();
    let entity =
        |id: &str| graph.iter().find(|entity| entity["@id"] == id).unwrap_or_else(|| panic!("no {id}"));
    let ids: std::collections::HashSet<&str> =
        graph.iter().filter_map(|entity| entity["@id"].as_str()).collect();
    assert_eq!(ids.len(), graph.len(), "each is told once");
    let outputs = record["outputs"].as_array().unwrap();
    assert!(outputs.len() > 20);
    for output in outputs {
        assert_eq!(entity(output["path"].as_str().unwrap())["blake3"], output["blake3"]);
    }
    for input in record["inputs"].as_array().unwrap() {
        assert_eq!(entity(&format!("file://{}", input["path"].as_str().unwrap()))["blake3"], input["blake3"]);
    }
    let root = entity("./");
    assert_eq!(root["datePublished"], record["date"]);
    assert_eq!(root["conformsTo"]["@id"], "https://w3id.org/ro/wfrun/process/0.1");
    assert_eq!(entity("#alkaline")["softwareVersion"], record["version"]);
    // Whatever an entity points to is there.
    let mut pointed = Vec::new();
    graph.iter().filter_map(|entity| entity.as_object()).for_each(|entity| {
        let values = entity.values().flat_map(|value| match value {
            serde_json::Value::Array(values) => values.clone(),
            value => vec![value.clone()],
        });
        pointed.extend(
            values.filter_map(|value| value.get("@id").and_then(|id| id.as_str().map(str::to_owned))),
        );
    });
    let missing: Vec<&String> = pointed
        .iter()
        .filter(|id| !ids.contains(id.as_str()) && !id.starts_with("https://w3id.org/ro/crate/"))
        .collect();
    assert!(pointed.len() > 60 && missing.is_empty(), "{missing:?}");
}
