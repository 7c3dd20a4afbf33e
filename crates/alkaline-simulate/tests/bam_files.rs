//! Simulated BAM files read back: what htslib, samtools and featureCounts make of them, and whether they tell the truth.
#![cfg(test)]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;

use alkaline_core::annotation::AnnotationSource;
use alkaline_core::genome::{Contig, Span, Strand, Strandedness};
use alkaline_core::{Annotation, Exon, Gene};
use alkaline_simulate::{
    Experiment, ReadLayout, ReadOptions, SimulateOptions, contigs_spanning, simulate_experiment, write_truth,
};
use rust_htslib::bam::ext::BamRecordExtensions as _;
use rust_htslib::bam::record::Aux;
use rust_htslib::bam::{self, Read as _};
use sha2::{Digest, Sha256};

/// 150 genes on three contigs, none overlapping another, of one to five exons, on either strand.
fn annotation() -> Annotation {
    let (mut genes, mut exons) = (Vec::new(), Vec::new());
    for gene in 0..150_u32 {
        genes.push(Gene {
            id: format!("gene {gene}").into(),
            name: Some(format!("SYM{gene}")),
            biotype: None,
        });
        let strand = if gene % 2 == 0 { Strand::Forward } else { Strand::Reverse };
        let mut start = 5_000 + gene / 3 * 20_000;
        for exon in 0..=gene % 5 {
            let length = 60 + (gene * 37 + exon * 101) % 700;
            let span = Span::new(start, start + length - 1).unwrap();
            exons.push(Exon { contig: gene % 3, span, strand, gene });
            start += length + 30 + (gene * 53 + exon * 71) % 2_000;
        }
    }
    let contigs = ["chrA", "chrB", "chrC"].map(Into::into).to_vec();
    Annotation { source: AnnotationSource::default(), contigs, genes, exons }
}

fn options() -> SimulateOptions {
    SimulateOptions {
        replicates: 2,
        library_size: 6_000.0,
        expressed_genes: 120,
        ..SimulateOptions::default()
    }
}

fn experiment(options: &SimulateOptions) -> Experiment {
    let annotation = annotation();
    simulate_experiment(&annotation, &contigs_spanning(&annotation), options).unwrap()
}

fn write(experiment: &Experiment, sample: usize, directory: &Path) -> PathBuf {
    let path = directory.join(format!("{sample}.bam"));
    experiment.write_bam(sample, &mut std::fs::File::create(&path).unwrap()).unwrap();
    path
}

/// All records of a sample.
fn records(experiment: &Experiment, sample: usize) -> Vec<bam::Record> {
    let directory = tempfile::tempdir().unwrap();
    let mut reader = bam::Reader::from_path(write(experiment, sample, directory.path())).unwrap();
    reader.records().map(Result::unwrap).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn tag(record: &bam::Record, name: &[u8]) -> Option<u8> {
    match record.aux(name) {
        Ok(Aux::U8(value)) => Some(value),
        _ => None,
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_every_machine_and_thread_count() {
    let bytes = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let experiment = experiment(&options());
            let (mut bam, mut truth) = (Vec::new(), Vec::new());
            experiment.write_bam(3, &mut bam).unwrap();
            write_truth(&experiment.simulated().truth, &mut truth).unwrap();
            (sha256(&bam), sha256(&truth))
        })
    };
    assert_eq!(bytes(1), bytes(4));
    let (bam, truth) = bytes(2);
    assert_eq!(truth, "b6d9101c4542a3a7f4fd12335519c56ddd90a7e8ce83c693beed8ef82dd80e51");
    assert_eq!(bam, "b04aaaa9505710716d7f9849c897d833b9161bd62615e384369add341dda379d");
}

#[test]
fn another_seed_gives_another_experiment() {
    let counts = |seed| experiment(&SimulateOptions { seed, ..options() }).simulated().counts.clone();
    assert_ne!(counts(1), counts(2));
}

#[test]
fn records_are_sorted_and_each_says_the_truth_about_its_mate() {
    let experiment = experiment(&options());
    let records = records(&experiment, 0);
    assert!(records.len() > 10_000);
    let places: Vec<(u32, i64)> = records.iter().map(|r| (r.tid() as u32, r.pos())).collect();
    assert!(places.is_sorted());
    let mut pairs: HashMap<(Vec<u8>, bool), Vec<&bam::Record>> = HashMap::new();
    for record in &records {
        pairs.entry((record.qname().to_vec(), record.is_secondary())).or_default().push(record);
    }
    for (name, pair) in pairs {
        let [one, two] = pair[..] else { panic!("{name:?} has {} records", pair.len()) };
        assert_ne!(one.is_first_in_template(), two.is_first_in_template());
        for (record, mate) in [(one, two), (two, one)] {
            assert!(record.is_paired());
            assert_eq!((record.mtid(), record.mpos()), (mate.tid(), mate.pos()));
            assert_eq!(record.is_mate_unmapped(), mate.is_unmapped());
            assert_eq!(record.is_mate_reverse(), mate.is_reverse() && !mate.is_unmapped());
            assert_eq!(record.insert_size(), -mate.insert_size());
            assert_eq!(record.is_proper_pair(), !record.is_unmapped() && !mate.is_unmapped());
        }
    }
}

#[test]
fn every_kind_of_read_is_there_in_about_the_asked_for_share() {
    let reads = ReadOptions { half_mapped: 0.02, ..ReadOptions::default() };
    let experiment = experiment(&SimulateOptions { library_size: 20_000.0, reads, ..options() });
    let records = records(&experiment, 0);
    let first: Vec<_> = records.iter().filter(|r| r.is_first_in_template() && !r.is_secondary()).collect();
    let share = |is: &dyn Fn(&bam::Record) -> bool| {
        first.iter().filter(|record| is(record)).count() as f64 / first.len() as f64
    };
    let assert_near = |found: f64, expected: f64, what: &str| {
        assert!((found - expected).abs() < 0.1 * expected, "{what}: {found} is not near {expected}");
    };
    let begins =
        |letter: u8| move |record: &bam::Record| record.qname()[0] == letter && record.qname()[1] != b'e';
    assert_near(share(&begins(b'i')), 0.06, "intronic");
    assert_near(share(&begins(b'g')), 0.03, "intergenic");
    assert_near(share(&begins(b'm')), 0.04, "multi-mapped");
    assert_near(share(&begins(b'u')), 0.03, "unmapped");
    assert_near(share(&|r| r.is_duplicate()), 0.08 * 0.84, "duplicates");
    let half = |r: &bam::Record| r.is_unmapped() != r.is_mate_unmapped();
    assert_near(share(&half), 0.02 * 0.84, "half-mapped");
    let twice = records.iter().filter(|r| tag(r, b"NH") == Some(2)).count();
    assert_eq!(twice, 2 * records.iter().filter(|r| r.is_secondary()).count());
}

#[test]
fn names_of_reads_on_exons_give_the_counts_back() {
    let experiment = experiment(&options());
    for sample in 0..4 {
        let mut found: BTreeMap<String, f64> = BTreeMap::new();
        for record in records(&experiment, sample).iter().filter(|r| r.is_first_in_template()) {
            if let Some((gene, _)) = std::str::from_utf8(record.qname()).unwrap().split_once(':') {
                *found.entry(gene.replace('_', " ")).or_default() += 1.0;
            }
        }
        let counts = &experiment.simulated().counts;
        let expected: BTreeMap<String, f64> = counts
            .genes()
            .ids()
            .iter()
            .zip(counts.rows())
            .map(|(gene, row)| (gene.to_string(), row[sample]))
            .filter(|(_, count)| *count > 0.0)
            .collect();
        assert!(expected.len() > 100);
        assert_eq!(found, expected);
    }
}

#[test]
fn reads_lie_on_the_exons_of_their_gene_and_on_its_strand() {
    let annotation = annotation();
    for (strandedness, sense) in [(Strandedness::Reverse, false), (Strandedness::Forward, true)] {
        let reads = ReadOptions { strandedness, ..ReadOptions::default() };
        let experiment = experiment(&SimulateOptions { reads, ..options() });
        let genes = experiment.simulated().counts.genes();
        let mut checked = 0;
        for record in records(&experiment, 1).iter().filter(|r| !r.is_unmapped()) {
            let blocks: Vec<[i64; 2]> = record.aligned_blocks().collect();
            let touches = |exon: &&Exon| {
                exon.contig == record.tid() as u32
                    && blocks
                        .iter()
                        .any(|b| b[0] < i64::from(exon.span.end()) && b[1] >= i64::from(exon.span.start()))
            };
            let name = std::str::from_utf8(record.qname()).unwrap();
            if let Some((gene, _)) = name.split_once(':') {
                let gene = genes.position(&gene.replace('_', " ")).unwrap() as u32;
                let within = |block: &[i64; 2], exon: &&Exon| {
                    i64::from(exon.span.start()) <= block[0] + 1 && block[1] <= i64::from(exon.span.end())
                };
                let exons: Vec<&Exon> = annotation.exons.iter().filter(|exon| exon.gene == gene).collect();
                assert!(blocks.iter().all(|block| exons.iter().any(|exon| within(block, exon))), "{name}");
                let forward = exons[0].strand == Strand::Forward;
                assert_eq!(forward == (record.is_reverse() ^ record.is_first_in_template()), sense, "{name}");
                checked += 1;
            } else if !name.starts_with('m') {
                assert!(!annotation.exons.iter().any(|exon| touches(&exon)), "{name} touches an exon");
            }
        }
        assert!(checked > 5_000);
    }
}

#[test]
fn bases_agree_between_reads_but_for_the_mismatches_they_admit() {
    let reads = ReadOptions { mismatches: 0.01, ..ReadOptions::default() };
    let experiment = experiment(&SimulateOptions { reads, ..options() });
    let records = records(&experiment, 2);
    let aligned: Vec<_> = records.iter().filter(|r| !r.is_unmapped() && !r.is_secondary()).collect();
    let mut votes: HashMap<(i32, i64), HashMap<u8, usize>> = HashMap::new();
    for record in &aligned {
        for [read, place] in record.aligned_pairs() {
            *votes
                .entry((record.tid(), place))
                .or_default()
                .entry(record.seq()[read as usize])
                .or_default() += 1;
        }
    }
    let consensus = |place: &(i32, i64)| {
        let votes = &votes[place];
        let total: usize = votes.values().sum();
        votes
            .iter()
            .max_by_key(|vote| vote.1)
            .filter(|vote| total >= 5 && 2 * vote.1 > total)
            .map(|vote| *vote.0)
    };
    let (mut compared, mut differ, mut admitted) = (0, 0, 0);
    for record in aligned {
        assert_eq!(record.seq_len(), 75);
        let pairs: Vec<_> = record.aligned_pairs().collect();
        if let Some(bases) =
            pairs.iter().map(|[_, p]| consensus(&(record.tid(), *p))).collect::<Option<Vec<_>>>()
        {
            let wrong =
                pairs.iter().zip(bases).filter(|([r, _], base)| record.seq()[*r as usize] != *base).count();
            assert_eq!(tag(record, b"NM"), Some(wrong as u8));
            (compared, differ, admitted) = (compared + pairs.len(), differ + wrong, admitted + 1);
        }
    }
    let rate = differ as f64 / compared as f64;
    assert!(admitted > 1_000 && (0.009..0.011).contains(&rate), "{admitted} reads, {rate}");
}

#[test]
fn single_end_files_hold_unpaired_reads_only() {
    let reads = ReadOptions {
        layout: ReadLayout::SingleEnd,
        strandedness: Strandedness::Unstranded,
        read_length: 50,
        ..ReadOptions::default()
    };
    let experiment = experiment(&SimulateOptions { reads, ..options() });
    let records = records(&experiment, 0);
    assert!(records.iter().all(|r| r.flags() & !(16 | 4 | 256 | 1024) == 0));
    assert!(records.iter().filter(|r| !r.is_secondary()).all(|r| r.seq_len() == 50));
    let reverse = records.iter().filter(|r| r.is_reverse()).count() as f64 / records.len() as f64;
    assert!((0.45..0.55).contains(&reverse), "{reverse} of the reads lie on the reverse strand");
}

#[test]
fn genes_on_contigs_that_the_header_lacks_are_silent() {
    let annotation = annotation();
    let header = [Contig { name: "chrB".into(), length: 2_000_000 }];
    let experiment = simulate_experiment(&annotation, &header, &options()).unwrap();
    let rows = experiment.simulated().counts.rows().enumerate();
    let contig = |gene: usize| annotation.exons.iter().find(|e| e.gene as usize == gene).unwrap().contig;
    assert!(rows.filter(|(_, row)| row.iter().sum::<f64>() > 0.0).all(|(gene, _)| contig(gene) == 1));
    let error =
        simulate_experiment(&annotation, &[Contig { name: "1".into(), length: 9 }], &options()).unwrap_err();
    assert_eq!(error.to_string(), "none of the 150 genes lies on one of the 1 contigs of the header");
}

/// Runs a program; `None` (said aloud) when it is not installed.
fn run(program: &str, arguments: &[&str]) -> Option<std::process::Output> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            alkaline_testkit::skip(&program.to_ascii_lowercase(), &format!("{program} is not installed"));
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

#[test]
fn samtools_finds_the_files_whole_needs_samtools() {
    let directory = tempfile::tempdir().unwrap();
    let path = write(&experiment(&options()), 0, directory.path());
    let path = path.to_str().unwrap();
    let Some(check) = run("samtools", &["quickcheck", "-v", path]) else { return };
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
    let index = run("samtools", &["index", path]).unwrap();
    assert!(index.status.success(), "{}", String::from_utf8_lossy(&index.stderr));
    let statistics = run("samtools", &["stats", path]).unwrap();
    let statistics = String::from_utf8(statistics.stdout).unwrap();
    assert!(statistics.contains("is sorted:\t1"));
    assert!(statistics.contains("pairs with other orientation:\t0"));
}

#[test]
fn featurecounts_counts_exactly_what_was_planted_needs_featurecounts() {
    let (directory, experiment) = (tempfile::tempdir().unwrap(), experiment(&options()));
    let bam = write(&experiment, 0, directory.path());
    let annotation = annotation();
    let mut saf = String::from("GeneID\tChr\tStart\tEnd\tStrand\n");
    for exon in &annotation.exons {
        let (gene, contig) =
            (&annotation.genes[exon.gene as usize].id, &annotation.contigs[exon.contig as usize]);
        saf += &format!(
            "{gene}\t{contig}\t{}\t{}\t{}\n",
            exon.span.start(),
            exon.span.end(),
            exon.strand.symbol()
        );
    }
    let (saf_path, out) = (directory.path().join("genes.saf"), directory.path().join("counts.tsv"));
    std::fs::write(&saf_path, saf).unwrap();
    let [saf_path, out, bam] = [&saf_path, &out, &bam].map(|path| path.to_str().unwrap());
    let arguments = ["-F", "SAF", "-p", "--countReadPairs", "-s", "2", "-a", saf_path, "-o", out, bam];
    let Some(output) = run("featureCounts", &arguments) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = std::fs::read_to_string(out).unwrap();
    let counted: Vec<(&str, f64)> = table
        .lines()
        .skip(2)
        .map(|line| (line.split('\t').next().unwrap(), line.rsplit('\t').next().unwrap().parse().unwrap()))
        .collect();
    let counts = &experiment.simulated().counts;
    let planted: Vec<(&str, f64)> =
        counts.genes().ids().iter().zip(counts.rows()).map(|(gene, row)| (gene.as_str(), row[0])).collect();
    assert_eq!(counted, planted);
}
