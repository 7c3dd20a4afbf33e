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

/// A stand-in for the series matrix of the H2228 lines: so many arrays a line, some genes with two probes, and the platform's table.
fn h2228(place: &Path, replicates: usize) {
    let programmes =
        ["chemokines", "angiogenesis", "extracellular-matrix", "mitotic-cell-cycle", "ribosome-biogenesis"];
    let lines = ["parental", "crizotinib-resistant", "ceritinib-resistant", "alectinib-resistant"];
    let samples: Vec<&str> = lines.iter().flat_map(|line| std::iter::repeat_n(*line, replicates)).collect();
    let row = |name: &str, cell: &dyn Fn(usize) -> String| {
        let cells: Vec<String> = (0..samples.len()).map(|sample| format!("\"{}\"", cell(sample))).collect();
        format!("{name}\t{}\n", cells.join("\t"))
    };
    let accession = |sample: usize| format!("GSM9000{sample:03}");
    let mut matrix = "!Series_title\t\"stand-in\"\n!Series_geo_accession\t\"GSE94809\"\n".to_owned();
    matrix += "!Series_platform_id\t\"GPL90001\"\n\n";
    matrix += &row("!Sample_title", &|sample| format!("H2228 {} {sample}", samples[sample]));
    matrix += &row("!Sample_geo_accession", &accession);
    matrix += &row("!Sample_molecule_ch1", &|_| "total RNA".to_owned());
    matrix += &row("!Sample_platform_id", &|_| "GPL90001".to_owned());
    matrix += "!series_matrix_table_begin\n";
    matrix += &row("\"ID_REF\"", &accession);
    let (mut platform, mut probe) = ("probe_id\tsymbol\n".to_owned(), 0_u64);
    for programme in programmes {
        for (number, symbol) in planted(programme).iter().enumerate() {
            for _ in 0..1 + number % 5 / 4 {
                probe += 1;
                writeln!(platform, "P{probe}\t{symbol}").unwrap();
                write!(matrix, "\"P{probe}\"").unwrap();
                for (sample, line) in samples.iter().enumerate() {
                    // Noise of about 0.1, the same everywhere.
                    let noise: f64 = (0..4)
                        .map(|draw| f64::from(letter(probe * 977 + sample as u64 * 31 + draw) % 7) - 2.5)
                        .sum();
                    let change = match (programme, *line) {
                        (_, "parental") => 0.0,
                        ("chemokines", _) => 2.0,
                        ("ribosome-biogenesis", "alectinib-resistant") => -1.6,
                        _ => 0.0,
                    };
                    write!(matrix, "\t{:.4}", 6.0 + (probe % 6) as f64 + change + 0.03 * noise).unwrap();
                }
                matrix.push('\n');
            }
        }
    }
    fs::write(place.join("GSE94809_series_matrix.txt"), matrix + "!series_matrix_table_end\n").unwrap();
    fs::write(place.join("GPL90001.tsv"), platform).unwrap();
}

/// Runs `import geo` on the stand-in with these groups, which are looked for in the titles.
fn import(place: &Path, groups: &[&str], out: &str) {
    let groups: Vec<String> = groups.iter().map(|group| format!("{group}: title ~ {group}")).collect();
    let mut words = vec!["import", "geo", "GSE94809_series_matrix.txt", "GPL90001.tsv", "--out", out];
    words.extend(groups.iter().flat_map(|group| ["--group", group.as_str()]));
    command_line::succeed(place, &words);
}

#[test]
fn h2228_compares_each_resistant_line_with_the_parental_one_at_raw_p_under_either_name() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let workflow = ready_analysis(place, "h2228-resistant");
    ready_analysis(place, "gse94089");
    h2228(place, 3);
    let data = workflow.join("data").display().to_string();
    import(place, &["crizotinib", "ceritinib", "alectinib", "parental"], &data);
    for name in ["h2228-resistant", "gse94089"] {
        run(place, &format!("check workflows/{name}/workflow.toml"));
        run(place, &format!("run workflows/{name}/workflow.toml --out {name}"));
        let methods = fs::read_to_string(place.join(name).join("methods.md")).unwrap();
        assert!(methods.contains("limma"), "{methods}");
        for line in ["crizotinib", "ceritinib", "alectinib"] {
            let contrast = place.join(name).join(format!("contrasts/{line}_vs_parental"));
            let (up, down) = called_by(&Table::read(&contrast.join("test.tsv")), "PValue", 0.05, 1.0);
            assert!(up >= 25, "{up}");
            assert_eq!(down > 50, line == "alectinib", "{line}: {down} down");
            chemokines_go_up(&contrast);
        }
    }
}

#[test]
fn resistant_lines_of_one_sample_each_are_replicates_of_resistance() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let workflow = ready_analysis(place, "h2228-resistant");
    h2228(place, 1);
    import(place, &["resistant", "parental"], &workflow.join("resistance").display().to_string());
    run(place, "check workflows/h2228-resistant/resistance.toml");
    run(place, "run workflows/h2228-resistant/resistance.toml --out out");
    let contrast = place.join("out/contrasts/resistant_vs_parental");
    let test = Table::read(&contrast.join("test.tsv"));
    called_by(&test, "PValue", 0.05, 1.0);
    chemokines_go_up(&contrast);
    // What one line alone does is noise here.
    let directions = test.by("gene_name", "direction");
    assert!(planted("ribosome-biogenesis").iter().all(|gene| directions[gene.as_str()] != "down"));
}
