//! The ready analyses of `workflows/`, as they stand there, on simulated stand-ins for the data that are not ours.

#![cfg(unix)]
#![cfg(test)]

mod command_line;
mod ready;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use alkaline_testkit::external_program;
use ready::{Table, called_by, chemokines_go_up, planted, ready_analysis, run};

/// What the analysis of H3122 leaves has the settings of the paper and what was planted.
#[track_caller]
fn has_the_papers_settings(out: &Path) {
    let contrast = out.join("contrasts/H3122CR_vs_H3122");
    let test = Table::read(&contrast.join("test.tsv"));
    let (up, down) = called_by(&test, "FDR", 0.05, 1.0);
    assert!(up > 20 && down > 5, "{up} up, {down} down");
    chemokines_go_up(&contrast);
    let fpkm = Table::read(&out.join("expression/fpkm.tsv"));
    assert_eq!(&fpkm.names()[2..], ["H3122", "H3122CR"]);
    for table in ["ora.tsv", "gsea.tsv"] {
        let table = Table::read(&contrast.join(table));
        assert!(table.column("ONTOLOGY").contains(&"BP"), "{:?}", table.names());
    }
    let methods = fs::read_to_string(out.join("methods.md")).unwrap();
    for part in [
        "edgeR's `exactTest`",
        "numbers of edgeR 3",
        "(TMM)",
        "was set to 0.1",
        "below 0.05 and an absolute log2 fold change of at least 1",
        "method of Benjamini and Hochberg",
        "FPKM",
    ] {
        assert!(methods.contains(part), "`{part}` is not in:\n{methods}");
    }
}

#[test]
fn h3122_from_alignments_has_the_papers_settings_and_finds_what_was_planted() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let workflow = ready_analysis(place, "h3122-vs-h3122cr");
    run(place, "simulate --demo --replicates 1 --out simulated");
    for (from, to) in [("parental_1", "H3122"), ("resistant_1", "H3122CR")] {
        let to = workflow.join(to).with_extension("bam");
        fs::rename(place.join("simulated").join(from).with_extension("bam"), to).unwrap();
    }
    let checked = run(place, "check workflows/h3122-vs-h3122cr/workflow.toml");
    assert!(checked.contains("dispersion assumed (BCV 0.1)"), "{checked}");
    run(place, "run workflows/h3122-vs-h3122cr/workflow.toml --out out");
    has_the_papers_settings(&place.join("out"));
    let go = Table::read(&place.join("out/contrasts/H3122CR_vs_H3122/ora_up.tsv"));
    let significant = go.by("Description", "p.adjust");
    let p: f64 = significant["chemokine activity"].parse().unwrap();
    assert!(p < 1e-6, "{p}");
}

#[test]
fn h3122_from_reads_has_the_papers_settings_and_finds_what_was_planted() {
    let reason = "the ready analysis from reads";
    let answers = |program: &str, starts: &str| external_program(program, starts, &["--version"], reason);
    if !answers("fastp", "fastp") || !answers("hisat2", "hisat2-align-s") || !answers("samtools", "samtools")
    {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let workflow = ready_analysis(place, "h3122-vs-h3122cr");
    small_human(&workflow);
    let genome = "workflows/h3122-vs-h3122cr/genome.fa";
    let genes = "workflows/h3122-vs-h3122cr/genes.gtf";
    run(
        place,
        &format!(
            "simulate --annotation {genes} --genome {genome} --fastq --options {}/planted.toml --out simulated",
            workflow.display()
        ),
    );
    for (from, to) in [("parental_1", "H3122"), ("resistant_1", "H3122CR")] {
        for end in ["R1", "R2"] {
            let name = |sample: &str| format!("{sample}_{end}.fastq.gz");
            fs::rename(place.join("simulated").join(name(from)), workflow.join(name(to))).unwrap();
        }
    }
    run(
        place,
        &format!("reference index {genome} --annotation {genes} -o workflows/h3122-vs-h3122cr/index -j 2"),
    );
    run(place, "check workflows/h3122-vs-h3122cr/reads.toml");
    run(place, "run workflows/h3122-vs-h3122cr/reads.toml --out out");
    has_the_papers_settings(&place.join("out"));
    assert!(place.join("out/alignments/H3122CR.bam").is_file());
}

/// A genome of 2 Mb with genes that are called as human ones, and the options to simulate its reads with.
fn small_human(folder: &Path) {
    let programmes =
        ["chemokines", "angiogenesis", "extracellular-matrix", "mitotic-cell-cycle", "ribosome-biogenesis"];
    let mut symbols: Vec<String> = programmes.iter().flat_map(|name| planted(name)).collect();
    symbols.sort();
    symbols.dedup();
    let (mut genes, length) = (String::new(), 8_000 * (symbols.len() + 1));
    for (number, symbol) in symbols.iter().enumerate() {
        for exon in 0..3 {
            let start = 8_000 * number + 1_001 + 1_500 * exon;
            let end = start + 499 + (number * 37 + exon * 91) % 300;
            let strand = if number % 2 == 0 { '+' } else { '-' };
            writeln!(
                genes,
                "chr1\tt\texon\t{start}\t{end}\t.\t{strand}\t.\tgene_id \"{symbol}\"; gene_name \"{symbol}\"; transcript_id \"{symbol}.1\";"
            )
            .unwrap();
        }
    }
    fs::write(folder.join("genes.gtf"), genes).unwrap();
    let letters: Vec<u8> = (0..length as u64).map(letter).collect();
    let lines: String =
        letters.chunks(70).map(|line| String::from_utf8_lossy(line).into_owned() + "\n").collect();
    fs::write(folder.join("genome.fa"), format!(">chr1 made up\n{lines}")).unwrap();
    let programme = |name: &str, change: f64| {
        format!(
            "[[programmes]]\nname = '{name}'\nlog2_fold_change = {change:?}\ngenes = {:?}\n",
            planted(name)
        )
    };
    let options =
        "replicates = 1\nlibrary_size = 150000.0\nexpressed_genes = 270\nfraction_changed = 0.0\n".to_owned();
    let planted = programme("chemokines", 2.2) + &programme("ribosome-biogenesis", -1.8);
    fs::write(folder.join("planted.toml"), options + &planted).unwrap();
}

/// A letter of a sequence without a pattern, the same on every machine.
fn letter(place: u64) -> u8 {
    let mixed = place.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    b"ACGT"[(mixed >> 62) as usize]
}

#[test]
fn the_demonstration_step_by_step_leaves_the_tables_of_alkaline_demo() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    ready_analysis(place, "demo");
    run(place, "simulate --demo --out workflows/demo/data");
    run(place, "check workflows/demo/workflow.toml");
    run(place, "run workflows/demo/workflow.toml --out steps");
    run(place, "demo --out demo");
    let contrast = place.join("steps/contrasts/resistant_vs_parental");
    called_by(&Table::read(&contrast.join("test.tsv")), "FDR", 0.05, 1.0);
    chemokines_go_up(&contrast);
    for table in ["test.tsv", "ora.tsv", "gsea.tsv", "panels/chemokines.tsv"] {
        let name = |run: &str| format!("{run}/contrasts/resistant_vs_parental/{table}");
        command_line::same_bytes(place, &name("steps"), &name("demo"));
    }
}
