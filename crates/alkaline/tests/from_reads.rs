//! From the sequencer's files to counts, with the real programs: index, clean, align, count.

#![cfg(unix)]
#![cfg(test)]

mod command_line;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use alkaline_testkit::{FakePrograms, external_data, external_program};
use command_line::{alkaline, stderr, succeed};

/// Contigs of the genome, with their lengths.
const CONTIGS: [(&str, u64); 2] = [("chr1", 240_000), ("chr2", 120_000)];

/// A letter of a sequence without a pattern, the same on every machine.
fn letter(place: u64) -> u8 {
    let mixed = place.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    b"ACGT"[(mixed >> 62) as usize]
}

/// Writes genome.fa, and genes.gtf: genes of one to four exons on both strands, every third with a second transcript that
/// skips an exon.
fn genome(place: &Path) {
    let mut fasta = String::new();
    let mut genes = String::new();
    let (mut offset, mut number) = (0, 0);
    for (contig, length) in CONTIGS {
        let letters: Vec<u8> = (offset..offset + length).map(letter).collect();
        offset += length;
        fasta += &format!(">{contig} made up\n");
        letters.chunks(70).for_each(|line| fasta += &format!("{}\n", String::from_utf8_lossy(line)));
        let mut start = 1000;
        while start + 6000 < length {
            start = gene(&mut genes, contig, start, number);
            number += 1;
        }
    }
    fs::write(place.join("genome.fa"), fasta).unwrap();
    fs::write(place.join("genes.gtf"), genes).unwrap();
}

/// Adds a gene that begins at `start`; gives where the next may begin.
fn gene(genes: &mut String, contig: &str, start: u64, number: u64) -> u64 {
    let strand = if number.is_multiple_of(2) { '+' } else { '-' };
    let exons = 1 + number % 4;
    let mut place = start;
    for exon in 0..exons {
        let end = place + 250 + (number * 37 + exon * 91) % 300;
        let transcripts = if number.is_multiple_of(3) && exon != 1 { 2 } else { 1 };
        for transcript in 1..=transcripts {
            *genes += &format!(
                "{contig}\tt\texon\t{place}\t{end}\t.\t{strand}\t.\tgene_id \"g{number}\"; transcript_id \"g{number}.{transcript}\";\n"
            );
        }
        place = end + 120 + (number * 53 + exon * 211) % 900;
    }
    place + 600
}

/// Whether all programs of the way from reads to counts are there.
fn has_programs() -> bool {
    let reason = "the way from reads to counts";
    external_program("fastp", "fastp", &["--version"], reason)
        && external_program("hisat2", "hisat2-align-s", &["--version"], reason)
        && external_program("samtools", "samtools", &["--version"], reason)
}

/// Splits words at blanks and runs alkaline.
#[track_caller]
fn run(place: &Path, words: &str) -> String {
    stderr(&succeed(place, &words.split_whitespace().collect::<Vec<_>>()))
}

/// A simulated experiment with reads, and the index of its genome.
fn experiment(layout: &str) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    genome(place.path());
    run(
        place.path(),
        &format!(
            "simulate --annotation genes.gtf --genome genome.fa --fastq --library-size 20000 --expressed-genes 90 \
             --replicates 1 --fraction-changed 0.2 --layout {layout} --strandedness reverse -o sim"
        ),
    );
    let said = run(place.path(), "reference index genome.fa --annotation genes.gtf -o index -j 2");
    assert!(said.contains("index is ready: 2 contigs, 360000 bases"), "{said}");
    place
}

/// What each fragment was assigned to, by its name (`-R CORE`).
fn assignments(place: &Path, bam: &str, out: &str, paired: bool) -> HashMap<String, String> {
    fs::create_dir_all(place.join(out)).unwrap();
    let pairs = if paired { "-p --countReadPairs" } else { "" };
    run(place, &format!("count -a genes.gtf -s 2 {pairs} -R CORE -o {out}/counts.tsv {bam}"));
    let entries = fs::read_dir(place.join(out)).unwrap().map(|entry| entry.unwrap().path());
    let core: Vec<PathBuf> =
        entries.filter(|path| path.to_string_lossy().ends_with(".featureCounts")).collect();
    let text = fs::read_to_string(&core[0]).unwrap();
    let mut assigned: HashMap<String, String> = HashMap::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        // Of a read with several places one may be assigned; none is, because they are not counted.
        let gene = if fields[1] == "Assigned" { fields[3] } else { fields[1] };
        assigned.insert(fields[0].to_owned(), gene.to_owned());
    }
    assigned
}

/// Compares what fragments were assigned to: of those that the truth assigns and that are in `ours`, how many have the same
/// gene, another, or none (and why).
fn compare(
    truth: &HashMap<String, String>,
    ours: &HashMap<String, String>,
) -> (u32, u32, BTreeMap<String, u32>) {
    let (mut same, mut other, mut lost) = (0, 0, BTreeMap::new());
    for (name, gene) in truth.iter().filter(|(_, gene)| gene.starts_with('g')) {
        match ours.get(name) {
            Some(found) if found == gene => same += 1,
            Some(found) if found.starts_with('g') => other += 1,
            Some(found) => *lost.entry(found.clone()).or_default() += 1,
            None => {}
        }
    }
    (same, other, lost)
}

/// The whole way for one sample; gives what cleaning and alignment said.
fn whole_way(place: &Path, paired: bool) -> (String, String) {
    let (first, second) = if paired {
        ("parental_1_R1.fastq.gz", " -2 sim/parental_1_R2.fastq.gz")
    } else {
        ("parental_1_R1.fastq.gz", "")
    };
    let cleaned = run(place, &format!("clean --sample P1 -1 sim/{first}{second} -o out"));
    let reads = if paired {
        "-1 out/reads/P1_R1.fastq.gz -2 out/reads/P1_R2.fastq.gz"
    } else {
        "-1 out/reads/P1.fastq.gz"
    };
    let aligned =
        run(place, &format!("align --sample P1 {reads} -x index --strandedness reverse -o out -j 2"));
    (cleaned, aligned)
}

#[test]
fn needs_fastp_needs_hisat2_fragments_find_the_genes_that_they_were_made_from() {
    if !has_programs() {
        return;
    }
    for paired in [true, false] {
        let place = experiment(if paired { "paired-end" } else { "single-end" });
        let (cleaned, aligned) = whole_way(place.path(), paired);
        let truth = assignments(place.path(), "sim/parental_1.bam", "truth", paired);
        let ours = assignments(place.path(), "out/alignments/P1.bam", "ours", paired);
        let (same, other, lost) = compare(&truth, &ours);
        let told = format!("{cleaned}{aligned}same {same}, other {other}, lost {lost:?}");
        assert!(same > 10_000, "nothing was compared: {told}");
        assert_eq!(other, 0, "{told}");
        // Measured on ten times as many: 0.013 % of the pairs and 0.024 % of the single reads that fastp keeps.
        let lost: u32 = lost.values().sum();
        assert!(f64::from(lost) < 0.002 * f64::from(same), "{told}");
    }
}

/// A count table below its two lines of header, whatever the columns are called.
fn table(path: &Path) -> String {
    fs::read_to_string(path).unwrap().lines().skip(2).map(|line| format!("{line}\n")).collect()
}

#[test]
fn needs_fastp_needs_hisat2_needs_featurecounts_counts_from_reads_equal_featurecounts_on_the_same_bam() {
    if !has_programs() || !external_program("featurecounts", "featureCounts", &["-v"], "counts from reads") {
        return;
    }
    let place = experiment("paired-end");
    whole_way(place.path(), true);
    run(place.path(), "count -a genes.gtf -s 2 -p --countReadPairs -o ours.tsv out/alignments/P1.bam");
    let theirs = Command::new("featureCounts")
        .current_dir(place.path())
        .args("-p --countReadPairs -s 2 -a genes.gtf -o theirs.tsv out/alignments/P1.bam".split(' '))
        .output()
        .unwrap();
    assert!(theirs.status.success(), "{}", stderr(&theirs));
    let ours = table(&place.path().join("ours.tsv"));
    assert!(ours.lines().count() > 90, "nothing to compare");
    assert_eq!(ours, table(&place.path().join("theirs.tsv")));
    // As the reads came, mates together, gives the same counts.
    run(
        place.path(),
        "align --sample P1 -1 out/reads/P1_R1.fastq.gz -2 out/reads/P1_R2.fastq.gz -x index --strandedness reverse --order name -o by_name",
    );
    assert!(!place.path().join("by_name/alignments/P1.bam.bai").exists());
    run(place.path(), "count -a genes.gtf -s 2 -p --countReadPairs -o by_name.tsv by_name/alignments/P1.bam");
    assert_eq!(table(&place.path().join("by_name.tsv")), ours);
}

/// A run from the reads of both samples to the report.
const RUN: &str = "run --samples reads.csv --hisat2-index index --annotation genes.gtf --bcv 0.2 --go none -j 2 --out whole";

#[test]
fn needs_fastp_needs_hisat2_a_run_begins_with_reads_and_is_resumed_where_one_sample_was_damaged() {
    if !has_programs() {
        return;
    }
    let place = experiment("paired-end");
    let at = |name: &str| place.path().join(name);
    let row = |sample: &str, stem: &str, group: &str| {
        format!("{sample},sim/{stem}_R1.fastq.gz,sim/{stem}_R2.fastq.gz,auto,{group}\n")
    };
    let rows = row("P1", "parental_1", "parental") + &row("R1", "resistant_1", "resistant");
    fs::write(at("reads.csv"), format!("sample,fastq_1,fastq_2,strandedness,condition\n{rows}")).unwrap();
    let check = RUN.replace("run ", "check ").replace(" -j 2", "");
    let said = run(place.path(), &check);
    assert!(said.contains("cleaned and aligned by fastp ") && said.contains("hisat2 "), "{said}");
    // Cut off: this sample fails, the other one is finished.
    let whole = fs::read(at("sim/resistant_1_R2.fastq.gz")).unwrap();
    fs::write(at("sim/resistant_1_R2.fastq.gz"), &whole[..whole.len() / 2]).unwrap();
    let words: Vec<&str> = RUN.split(' ').collect();
    let output = alkaline(place.path(), &words);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("stage `clean:R1`") && said.contains("resistant_1_R2.fastq.gz"), "{said}");
    fs::write(at("sim/resistant_1_R2.fastq.gz"), &whole).unwrap();
    let said = run(place.path(), RUN);
    let begins = |stage: &str| said.lines().any(|line| line.starts_with(stage));
    assert!(begins("align:R1") && begins("report") && !begins("align:P1") && !begins("count:P1"), "{said}");
    for file in ["multiqc/P1.fastp.json", "multiqc/P1.hisat2.txt", "alignments/P1.bam", "report.html"] {
        assert!(at("whole").join(file).exists(), "{file}");
    }
    run(
        place.path(),
        "count -a genes.gtf -s 2 -p --countReadPairs --names auto -o alone.tsv whole/alignments/P1.bam whole/alignments/R1.bam",
    );
    assert_eq!(table(&at("whole/counts/counts.tsv")), table(&at("alone.tsv")));
    let record = fs::read_to_string(at("whole/run.json")).unwrap();
    assert!(record.contains("\"fastp\"") && record.contains("\"hisat2\""), "programs are recorded");
    let methods = fs::read_to_string(at("whole/methods.md")).unwrap();
    assert!(
        methods.contains("Reads were cleaned with fastp ") && methods.contains("aligned with HISAT2 "),
        "{methods}"
    );
    assert!(run(place.path(), RUN).contains("everything was done already"));
    let said = run(place.path(), &format!("{RUN} --no-clean"));
    assert!(said.lines().any(|line| line.starts_with("align:P1")) && !said.contains("clean:P1 "), "{said}");
    assert!(!at("whole/reads/P1_R1.fastq.gz").exists(), "what no stage leaves any more is gone");
}

#[test]
fn needs_data_needs_fastp_needs_hisat2_real_reads_are_kept_and_placed_as_by_the_programs_alone() {
    let Some(data) = external_data("reads of chicken and Arabidopsis") else { return };
    if !has_programs() {
        return;
    }
    let data = data.join("more/7_fastq_small");
    let place = tempfile::tempdir().unwrap();
    let at = |file: &str| data.join(file).display().to_string();
    // A GTF under the name of a GFF, with blanks before its attributes.
    let (genome, genes) = (at("ggal/genome.fa.gz"), at("ggal/ggal_1_48850000_49020000.bed.gff"));
    let said = run(place.path(), &format!("reference index {genome} --annotation {genes} -o chicken"));
    assert!(said.contains("1 contigs, 171001 bases, 47 introns"), "{said}");
    let (first, second) = (at("ggal/ggal_gut_1.fq.gz"), at("ggal/ggal_gut_2.fq.gz"));
    let said = run(place.path(), &format!("clean --sample gut -1 {first} -2 {second} -o out"));
    assert!(said.contains("5778 of 5874 reads kept"), "{said}");
    let words =
        "align --sample gut -1 out/reads/gut_R1.fastq.gz -2 out/reads/gut_R2.fastq.gz -x chicken -o out";
    let said = run(place.path(), words);
    assert!(said.contains("2889 fragments, 97.61 %"), "{said}");
    // GFF3, whose exons name their transcript as parent.
    let (genome, genes) = (at("arabidopsis/tair10.fasta.gz"), at("arabidopsis/tair10.gff.gz"));
    let said = run(place.path(), &format!("reference index {genome} --annotation {genes} -o cress"));
    assert!(said.contains("7 contigs, 700000 bases, 325 introns"), "{said}");
    for (sample, rate) in [("M12A_SRR446039", "89.65 %"), ("V12A_SRR446043", "92.84 %")] {
        let [first, second] =
            [1, 2].map(|read| at(&format!("arabidopsis/{sample}_{read}.first7000.fastq.gz")));
        let said =
            run(place.path(), &format!("align --sample {sample} -1 {first} -2 {second} -x cress -o out"));
        assert!(said.contains(&format!("7000 fragments, {rate}")), "{said}");
    }
}

#[test]
fn needs_multiqc_the_reports_of_fastp_and_hisat2_are_found_under_the_name_of_the_sample() {
    if !has_programs()
        || !external_program("multiqc", "multiqc", &["--version"], "reports that MultiQC finds")
    {
        return;
    }
    let place = experiment("paired-end");
    whole_way(place.path(), true);
    let output = Command::new("multiqc")
        .current_dir(place.path().join("out"))
        .args(["-q", "-o", "mq", "."])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let table =
        fs::read_to_string(place.path().join("out/mq/multiqc_data/multiqc_general_stats.txt")).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].contains("fastp") && lines[0].contains("hisat2"), "{table}");
    assert!(lines.len() == 2 && lines[1].starts_with("P1\t"), "{table}");
}

#[test]
fn a_path_that_is_no_index_and_programs_that_are_missing_are_told() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("a.fq"), "@r\nACGT\n+\nFFFF\n").unwrap();
    let words = |text: &'static str| text.split(' ').collect::<Vec<_>>();
    let output = alkaline(place.path(), &words("align --sample S -1 a.fq -x nowhere -o out"));
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("there is no index of HISAT2 at nowhere"), "{}", stderr(&output));
    let bare = FakePrograms::new();
    let output = Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .current_dir(place.path())
        .env("PATH", bare.folder())
        .args(words("clean --sample S -1 a.fq -o out"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).contains("hint: install it: `apt install fastp`"), "{}", stderr(&output));
    let output = alkaline(place.path(), &words("clean --sample S -1 a.fq -2 b.fq c.fq -o out"));
    assert_eq!(output.status.code(), Some(3));
    assert!(!place.path().join("out").exists());
}

#[test]
fn reads_and_alignments_that_are_there_are_not_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    fs::create_dir_all(at("out/reads")).unwrap();
    fs::create_dir_all(at("out/alignments")).unwrap();
    fs::write(at("out/reads/S.fastq.gz"), "precious").unwrap();
    fs::write(at("out/alignments/S.bam"), "precious").unwrap();
    (1..=8).for_each(|part| fs::write(at(&format!("g.{part}.ht2")), "x").unwrap());
    for words in ["clean --sample S -1 out/reads/S.fastq.gz -o out", "align --sample S -1 a.fq -x g -o out"] {
        let output = alkaline(place.path(), &words.split(' ').collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("is there already, and is not overwritten"), "{}", stderr(&output));
    }
    for file in ["out/reads/S.fastq.gz", "out/alignments/S.bam"] {
        assert_eq!(fs::read_to_string(at(file)).unwrap(), "precious");
    }
}

fn is_alive(id: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    status.rsplit(") ").next().and_then(|rest| rest.chars().next()).is_some_and(|state| state != 'Z')
}

/// Waits for `what`, which must come.
#[track_caller]
fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_there() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what} never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Files and folders below `folder`.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| [vec![path.clone()], if path.is_dir() { below(&path) } else { Vec::new() }].concat())
        .collect()
}

/// Starts alkaline with a fastp that would work for ten minutes, sends `signal`, and looks at what is left.
fn interrupted(signal: &str) -> (Option<i32>, Vec<PathBuf>) {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("a.fq"), "@r\nACGT\n+\nFFFF\n").unwrap();
    let number = place.path().join("number");
    let script = format!("echo $$ > {0}.new; mv {0}.new {0}; exec sleep 600", number.display());
    let programs = FakePrograms::new().with("fastp", "fastp 0.99.0", &script);
    let mut child = Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .current_dir(place.path())
        .env("PATH", programs.search_path())
        .args("clean --sample S -1 a.fq -o out".split(' '))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("fastp", || number.exists());
    let fastp = fs::read_to_string(&number).unwrap().trim().to_owned();
    assert!(is_alive(&fastp));
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    let status = child.wait().unwrap();
    wait_for("the end of fastp", || !is_alive(&fastp));
    (status.code(), below(&place.path().join("out")))
}

#[test]
fn an_interrupt_ends_the_other_program_and_leaves_nothing() {
    for signal in ["-INT", "-TERM"] {
        assert_eq!(interrupted(signal), (Some(130), Vec::new()), "{signal}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_program_does_not_outlive_an_alkaline_that_is_killed() {
    let (code, _) = interrupted("-KILL");
    assert_eq!(code, None);
}
