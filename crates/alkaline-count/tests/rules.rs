//! What is counted and what is not, on files built in the test.
#![cfg(test)]

use std::path::{Path, PathBuf};

use alkaline_core::Annotation;
use alkaline_core::genome::Strandedness;
use alkaline_core::results::{Assignment, FeatureTable};
use alkaline_count::{
    BamInput, Compat, CountError, CountOptions, CountPart, CountUnit, Counted, StrandRule, count_reads,
    count_units, merge_counts,
};
use alkaline_io::annotation;
use alkaline_testkit::{SamBuilder, SamRecord, flag};
use tempfile::TempDir;

const CONTIGS: [(&str, u32); 2] = [("chr1", 10_000), ("chr2", 10_000)];

const GENES: &str = concat!(
    "chr1\tt\texon\t1000\t1100\t.\t+\t.\tgene_id \"A\"; gene_biotype \"protein_coding\";\n",
    "chr1\tt\texon\t1200\t1300\t.\t+\t.\tgene_id \"A\"; gene_biotype \"protein_coding\";\n",
    "chr1\tt\texon\t1250\t1350\t.\t-\t.\tgene_id \"B\"; gene_biotype \"lncRNA\";\n",
    "chr2\tt\texon\t3000\t3500\t.\t.\t.\tgene_id \"C\"; gene_biotype \"lncRNA\";\n",
);

fn genes(text: &str) -> Annotation {
    annotation::read_from(text.as_bytes(), Path::new("genes.gtf"), &Default::default()).unwrap().annotation
}

fn write(directory: &TempDir, name: &str, builder: &SamBuilder) -> PathBuf {
    let path = directory.path().join(name);
    builder.write_bam(&path).unwrap();
    path
}

fn unstranded() -> CountOptions {
    CountOptions { strandedness: StrandRule::Unstranded, ..CountOptions::default() }
}

fn count(builder: &SamBuilder, options: &CountOptions) -> Counted {
    let directory = tempfile::tempdir().unwrap();
    let path = write(&directory, "a.bam", builder);
    count_reads(&[BamInput::new("a", path)], &genes(GENES), options).unwrap()
}

fn column(counted: &Counted) -> Vec<f64> {
    counted.table.matrix.rows().map(|row| row[0]).collect()
}

#[test]
fn a_pair_is_one_fragment_and_both_ends_vote() {
    let builder = SamBuilder::new(&CONTIGS)
        .pair("inside", "chr1", (1000, "50M"), (1200, "40M"))
        .pair("a_wins", "chr1", (1010, "50M"), (1255, "40M"))
        .pair("tie", "chr1", (1252, "40M"), (1256, "40M"));
    let counted = count(&builder, &unstranded());
    assert_eq!(column(&counted), [2.0, 0.0, 0.0]);
    assert_eq!(counted.summary.reads[0][Assignment::Ambiguity as usize], 1);
    let reads = count(&builder, &CountOptions { unit: CountUnit::Reads, ..unstranded() });
    assert_eq!(column(&reads), [3.0, 0.0, 0.0]);
}

#[test]
fn single_end_reads_in_a_paired_file_count_by_themselves() {
    let builder = SamBuilder::new(&CONTIGS)
        .pair("p", "chr1", (1000, "50M"), (1200, "40M"))
        .read("s", "chr2", 3010, "50M");
    assert_eq!(column(&count(&builder, &unstranded())), [1.0, 0.0, 1.0]);
}

#[test]
fn records_meet_their_mates_in_any_order() {
    let pairs = SamBuilder::new(&CONTIGS).pair("a", "chr1", (1000, "50M"), (1200, "40M")).pair(
        "b",
        "chr1",
        (1010, "50M"),
        (1210, "40M"),
    );
    let mut lines: Vec<String> = pairs.to_sam().lines().map(str::to_owned).collect();
    let directory = tempfile::tempdir().unwrap();
    let header = lines.drain(..3).collect::<Vec<_>>().join("\n");
    for order in [[0, 1, 2, 3], [0, 2, 1, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        let text = order.iter().fold(header.clone(), |text, &line| text + "\n" + &lines[line]);
        let path = directory.path().join("a.sam");
        std::fs::write(&path, text + "\n").unwrap();
        let counted = count_reads(&[BamInput::new("a", &path)], &genes(GENES), &unstranded()).unwrap();
        assert_eq!(column(&counted), [2.0, 0.0, 0.0], "{order:?}");
    }
}

#[test]
fn the_strand_of_the_library_is_told_by_the_reads() {
    let mut builder = SamBuilder::new(&CONTIGS);
    for number in 0..200 {
        let record = SamRecord::new(&format!("r{number}"), "chr1", 1010, "50M");
        builder = builder.record(record.with_flags(flag::REVERSE));
    }
    let counted = count(&builder, &CountOptions::default());
    let evidence = counted.qc[0].strandedness;
    assert_eq!(evidence.verdict, Some(Strandedness::Reverse));
    assert_eq!((evidence.unstranded, evidence.forward, evidence.reverse), (200, 0, 200));
    assert_eq!(column(&counted), [200.0, 0.0, 0.0]);
    let forward = CountOptions { strandedness: StrandRule::Forward, ..CountOptions::default() };
    let contradicted = count(&builder, &forward);
    assert_eq!(column(&contradicted), [0.0; 3]);
    assert!(contradicted.qc[0].warnings[0].contains("the data look reverse-stranded"));
}

#[test]
fn an_ambiguous_strandedness_is_refused_only_when_the_data_shall_decide() {
    let mut builder = SamBuilder::new(&CONTIGS);
    for number in 0..200_u16 {
        let record = SamRecord::new(&format!("r{number}"), "chr1", 1010, "50M");
        builder = builder.record(record.with_flags(if number % 10 < 7 { 0 } else { flag::REVERSE }));
    }
    let directory = tempfile::tempdir().unwrap();
    let inputs = [BamInput::new("a", write(&directory, "a.bam", &builder))];
    let error = count_reads(&inputs, &genes(GENES), &CountOptions::default()).unwrap_err();
    assert!(matches!(error, CountError::AmbiguousStrandedness { forward: 140, reverse: 60, .. }), "{error}");
    assert!(error.is_bad_input() && error.hint().unwrap().contains("-s 0"));
    assert!(count_reads(&inputs, &genes(GENES), &unstranded()).is_ok());
}

#[test]
fn features_of_unknown_strand_fit_both_strands_but_not_in_featurecounts() {
    let builder = SamBuilder::new(&CONTIGS).read("r", "chr2", 3010, "50M");
    let with = |compat, strandedness| {
        let unit = CountUnit::SingleEnd;
        column(&count(&builder, &CountOptions { compat, strandedness, unit, ..CountOptions::default() }))[2]
    };
    assert_eq!(with(Compat::None, StrandRule::Forward), 1.0);
    assert_eq!(with(Compat::None, StrandRule::Reverse), 1.0);
    assert_eq!(with(Compat::FeatureCounts, StrandRule::Forward), 0.0);
    assert_eq!(with(Compat::FeatureCounts, StrandRule::Reverse), 1.0);
}

#[test]
fn long_matches_keep_their_length_but_not_in_featurecounts() {
    let genes = genes("c\tt\texon\t68000\t68100\t.\t+\t.\tgene_id \"far\";\n");
    let builder = SamBuilder::new(&[("c", 100_000)]).read("r", "c", 1000, "70000M");
    let directory = tempfile::tempdir().unwrap();
    let inputs = [BamInput::new("a", write(&directory, "a.bam", &builder))];
    let assigned = |compat| {
        let options = CountOptions { compat, unit: CountUnit::SingleEnd, ..unstranded() };
        count_reads(&inputs, &genes, &options).unwrap().table.matrix.row(0)[0]
    };
    assert_eq!((assigned(Compat::None), assigned(Compat::FeatureCounts)), (1.0, 0.0));
}

#[test]
fn the_wrong_layout_is_refused_only_as_featurecounts() {
    let paired = SamBuilder::new(&CONTIGS).pair("p", "chr1", (1000, "50M"), (1200, "40M"));
    let single = SamBuilder::new(&CONTIGS).read("s", "chr1", 1000, "50M");
    let directory = tempfile::tempdir().unwrap();
    let outcome = |builder: &SamBuilder, compat, unit| {
        let inputs = [BamInput::new("a", write(&directory, "a.bam", builder))];
        count_reads(&inputs, &genes(GENES), &CountOptions { compat, unit, ..unstranded() })
    };
    let strict = Compat::FeatureCounts;
    let error = outcome(&paired, strict, CountUnit::SingleEnd).unwrap_err();
    assert!(matches!(error, CountError::PairedReads { .. }));
    let error = outcome(&single, strict, CountUnit::Fragments).unwrap_err();
    assert!(matches!(error, CountError::NoPairedReads { .. }));
    assert_eq!(column(&outcome(&paired, Compat::None, CountUnit::Auto).unwrap())[0], 1.0);
    assert_eq!(column(&outcome(&single, Compat::None, CountUnit::Fragments).unwrap())[0], 1.0);
}

/// Everything that counting `inputs` gives.
fn part(inputs: &[BamInput], annotation: &Annotation, options: &CountOptions) -> CountPart {
    let counted = count_units(inputs, annotation, None, options).unwrap();
    let samples = counted.summary.samples.ids().to_vec();
    let table = FeatureTable::new(annotation, options.by_feature, &[], samples, counted.rows);
    CountPart { table, summary: counted.summary, junctions: counted.junctions, qc: Some(counted.qc) }
}

#[test]
fn merged_parts_are_the_counts_of_one_call() {
    let directory = tempfile::tempdir().unwrap();
    // Most reads of site 1060 come from the second file: which gene the junction belongs to depends on both.
    let first =
        SamBuilder::new(&CONTIGS).read("s", "chr1", 1041, "20M189N20M").read("t", "chr1", 1000, "50M");
    let mut second = SamBuilder::new(&CONTIGS).read("s", "chr2", 3100, "50M").read("t", "chr1", 1010, "20M");
    for number in 0..3 {
        second = second.read(&format!("u{number}"), "chr1", 1041, "20M2939N20M");
        second = second.read(&format!("v{number}"), "chr2", 1041, "20M2100N20M");
    }
    let inputs = [
        BamInput::new("a", write(&directory, "a.bam", &first)),
        BamInput::new("b", write(&directory, "b.bam", &second)),
    ];
    let genes = genes(GENES);
    for (by_feature, junctions) in [(false, false), (true, true), (false, true)] {
        let options = CountOptions { by_feature, junctions, ..unstranded() };
        let together = part(&inputs, &genes, &options);
        assert_eq!(together.junctions.is_some(), junctions);
        let parts = inputs.iter().map(|input| part(std::slice::from_ref(input), &genes, &options)).collect();
        assert_eq!(merge_counts(parts).unwrap(), together);
        let twice = vec![together.clone(), together];
        assert!(matches!(merge_counts(twice).unwrap_err(), CountError::Index(_)));
    }
}

#[test]
fn parts_of_other_annotations_or_outputs_are_not_merged() {
    let directory = tempfile::tempdir().unwrap();
    let builder = SamBuilder::new(&CONTIGS).read("s", "chr1", 1000, "50M");
    let inputs = [BamInput::new("a", write(&directory, "a.bam", &builder))];
    let first = part(&inputs, &genes(GENES), &unstranded());
    let refused = |other: CountPart| {
        let error = merge_counts(vec![first.clone(), other]).unwrap_err();
        assert!(matches!(error, CountError::PartMismatch { .. }), "{error}");
        error.to_string()
    };
    let moved = part(&inputs, &genes(&GENES.replace("1000", "1001")), &unstranded());
    assert!(refused(moved).contains("another annotation"));
    assert!(refused(CountPart { qc: None, ..first.clone() }).contains("read QC"));
    let with_junctions = CountOptions { junctions: true, ..unstranded() };
    assert!(refused(part(&inputs, &genes(GENES), &with_junctions)).contains("-J"));
}

#[test]
fn rejected_reads_stay_in_their_read_group_but_not_in_featurecounts() {
    let mut low = SamRecord::new("r", "chr1", 1010, "50M");
    low.mapping_quality = 3;
    low.tags.push("RG:Z:x".into());
    let builder = SamBuilder::new(&CONTIGS).header_line("@RG\tID:x\tSM:s").record(low);
    let low_quality = |compat| {
        let mut options =
            CountOptions { compat, by_read_group: true, unit: CountUnit::SingleEnd, ..unstranded() };
        options.filter.min_mapping_quality = 10;
        let counted = count(&builder, &options);
        assert_eq!(counted.summary.samples.ids()[0].as_str(), "a:x");
        counted.summary.reads[0][Assignment::MappingQuality as usize]
    };
    assert_eq!((low_quality(Compat::None), low_quality(Compat::FeatureCounts)), (1, 0));
}

#[test]
fn a_file_without_read_groups_is_one_column_of_read_groups() {
    let builder = SamBuilder::new(&CONTIGS).pair("p", "chr1", (1000, "40M"), (1040, "40M"));
    for compat in [Compat::None, Compat::FeatureCounts] {
        let options =
            CountOptions { compat, by_read_group: true, unit: CountUnit::Fragments, ..unstranded() };
        let counted = count(&builder, &options);
        assert_eq!(counted.summary.samples.ids(), ["a".into()]);
        assert_eq!(counted.summary.reads[0][Assignment::Assigned as usize], 1);
    }
}

#[test]
fn a_read_shifted_and_extended_beyond_the_first_base_is_clipped_but_lost_in_featurecounts() {
    let genes = genes("c\tt\texon\t1\t20\t.\t+\t.\tgene_id \"first\";\n");
    let builder = SamBuilder::new(&[("c", 1_000)]).read("r", "c", 50, "10M");
    let directory = tempfile::tempdir().unwrap();
    let inputs = [BamInput::new("a", write(&directory, "a.bam", &builder))];
    for (compat, expected) in [(Compat::None, 1.0), (Compat::FeatureCounts, 0.0)] {
        let mut options = CountOptions { compat, unit: CountUnit::SingleEnd, ..unstranded() };
        options.shape.shift = 40;
        options.shape.extend_5 = 100;
        assert_eq!(count_reads(&inputs, &genes, &options).unwrap().table.matrix.row(0), [expected]);
    }
}

#[test]
fn with_several_genes_allowed_equal_largest_overlaps_both_win_whatever_the_number_of_ends() {
    // `A` has 30 bases of each end, `B` all 60 of the second.
    let text = concat!(
        "chr1\tt\texon\t1000\t1029\t.\t+\t.\tgene_id \"A\";\n",
        "chr1\tt\texon\t1200\t1229\t.\t+\t.\tgene_id \"A\";\n",
        "chr1\tt\texon\t1200\t1259\t.\t+\t.\tgene_id \"B\";\n",
    );
    let builder = SamBuilder::new(&CONTIGS).pair("p", "chr1", (1000, "60M"), (1200, "60M"));
    let directory = tempfile::tempdir().unwrap();
    let inputs = [BamInput::new("a", write(&directory, "a.bam", &builder))];
    for (allow_multiple, expected) in [(false, [1.0, 0.0]), (true, [1.0, 1.0])] {
        let mut options = unstranded();
        options.overlap.largest = true;
        options.overlap.allow_multiple = allow_multiple;
        let counted = count_reads(&inputs, &genes(text), &options).unwrap();
        assert_eq!(column(&counted), expected);
    }
}

#[test]
fn a_pair_of_which_one_record_is_missing_is_judged_by_the_other_whatever_came_before() {
    // Reduced to its last base and extended by 500 bases behind it, the orphan at 1000-1049 ends in `near`, never in `far`.
    let text = concat!(
        "chr1\tt\texon\t1049\t1049\t.\t+\t.\tgene_id \"last\";\n",
        "chr1\tt\texon\t1549\t1549\t.\t+\t.\tgene_id \"extended\";\n",
        "chr1\tt\texon\t5000\t9000\t.\t+\t.\tgene_id \"elsewhere\";\n",
    );
    let mut orphan = SamRecord::new("orphan", "chr1", 1000, "50M")
        .with_flags(flag::PAIRED | flag::PROPER | flag::READ1 | flag::MATE_REVERSE);
    (orphan.mate_contig, orphan.mate_position, orphan.template_length) = ("=".into(), 1200, 250);
    let alone = SamBuilder::new(&CONTIGS).record(orphan.clone());
    let behind = SamBuilder::new(&CONTIGS)
        .pair("p", "chr1", (6000, "20M50N20M"), (6500, "40M"))
        .pair("q", "chr1", (7000, "40M"), (7100, "40M"))
        .record(orphan);
    for compat in [Compat::None, Compat::FeatureCounts] {
        for (builder, elsewhere) in [(&alone, 0.0), (&behind, 2.0)] {
            let mut options = CountOptions { compat, unit: CountUnit::Fragments, ..unstranded() };
            options.shape.extend_3 = 500;
            options.shape.reduce_to = Some(alkaline_count::ReadEnd::Three);
            let directory = tempfile::tempdir().unwrap();
            let inputs = [BamInput::new("a", write(&directory, "a.bam", builder))];
            let counted = count_reads(&inputs, &genes(text), &options).unwrap();
            assert_eq!(column(&counted), [0.0, 1.0, elsewhere]);
        }
    }
}

/// One end of a pair on chr1 by flags, place and place of its mate.
fn end(name: &str, flags: u16, position: u32, mate_position: u32) -> SamRecord {
    let mut record = SamRecord::new(name, "chr1", position, "20M").with_flags(flag::PAIRED | flags);
    (record.mate_contig, record.mate_position) = ("=".into(), mate_position);
    record
}

fn of_category(counted: &Counted, category: Assignment) -> u64 {
    counted.summary.reads[0][category as usize]
}

/// featureCounts 2.0.3 and 2.0.6 count A twice and B once: the two copies of read 2 are a fragment, read 1 is alone.
#[test]
fn records_side_by_side_pair_up_before_one_that_waits() {
    let builder = SamBuilder::new(&CONTIGS)
        .record(end("d", flag::READ1 | flag::MATE_REVERSE, 1000, 1330))
        .pair("e", "chr1", (1000, "20M"), (1040, "20M"))
        .record(end("d", flag::READ2 | flag::REVERSE, 1330, 1000))
        .record(end("d", flag::READ2 | flag::REVERSE, 1330, 1000));
    for unit in [CountUnit::Auto, CountUnit::Fragments] {
        for junctions in [false, true] {
            let options = CountOptions { unit, junctions, ..unstranded() };
            assert_eq!(column(&count(&builder, &options)), [2.0, 1.0, 0.0]);
        }
    }
}

/// As featureCounts 2.0.3: flags 77 and 133 are one fragment without any end, and one whose mate may lie somewhere.
#[test]
fn an_unaligned_end_and_one_that_has_no_place_are_no_pair() {
    let unplaced = |flags: u16| {
        let mut record = SamRecord::new("u", "*", 0, "*").with_flags(flags);
        record.tags.clear();
        record
    };
    let builder = SamBuilder::new(&CONTIGS).record(unplaced(77)).record(unplaced(133));
    let counted = count(&builder, &unstranded());
    let found =
        [Assignment::Unmapped, Assignment::NoFeatures].map(|category| of_category(&counted, category));
    assert_eq!(found, [1, 1]);
}

/// As featureCounts 2.0.3: what a record says of itself alone is not said of its missing mate.
#[test]
fn a_missing_mate_is_not_secondary_because_the_end_that_is_there_is() {
    let mut record = end("s", flag::READ1 | flag::SECONDARY | flag::UNMAPPED, 1000, 1000);
    record.cigar = "*".into();
    let mut options = unstranded();
    options.filter.primary_only = true;
    let counted = count(&SamBuilder::new(&CONTIGS).record(record), &options);
    assert_eq!(of_category(&counted, Assignment::NoFeatures), 1);
    let aligned = end("s", flag::READ1 | flag::SECONDARY, 1000, 1050);
    let counted = count(&SamBuilder::new(&CONTIGS).record(aligned), &options);
    assert_eq!(of_category(&counted, Assignment::Secondary), 1);
}

#[test]
fn mates_that_never_meet_are_told_of_with_the_cause() {
    let mut builder = SamBuilder::new(&CONTIGS);
    for pair in 0..100 {
        let (first, second) = (format!("SRR{pair}.1"), format!("SRR{pair}.2"));
        builder = builder.record(end(&first, flag::READ1 | flag::MATE_REVERSE, 1000, 1050)).record(end(
            &second,
            flag::READ2 | flag::REVERSE,
            1050,
            1000,
        ));
    }
    for qc in [false, true] {
        let counted = count(&builder, &CountOptions { qc, ..unstranded() });
        assert_eq!(column(&counted), [200.0, 0.0, 0.0]);
        let warnings = counted.qc[0].warnings.join("\n");
        assert!(warnings.contains("of 200 records of mapped pairs none met its mate"), "{warnings}");
        assert!(warnings.contains("`SRR0.1` and `SRR0.2`"), "{warnings}");
    }
    let mut good = SamBuilder::new(&CONTIGS);
    for pair in 0..100 {
        good = good.pair(&format!("SRR{pair}"), "chr1", (1000, "20M"), (1050, "20M"));
    }
    let warnings = count(&good, &unstranded()).qc[0].warnings.join("\n");
    assert!(!warnings.contains("mate"), "{warnings}");
}

#[test]
fn further_alignments_that_nobody_can_tell_from_reads_are_told_of() {
    let mut builder = SamBuilder::new(&CONTIGS);
    for read in 0..100 {
        let name = format!("r{read}");
        for flags in [0, flag::SECONDARY, flag::SUPPLEMENTARY] {
            let mut record = SamRecord::new(&name, "chr1", 1000, "20M").with_flags(flags);
            record.tags.clear();
            builder = builder.record(record);
        }
    }
    let warnings = count(&builder, &unstranded()).qc[0].warnings.join("\n");
    assert!(warnings.contains("100 secondary alignments have no NH tag"), "{warnings}");
    assert!(warnings.contains("100 supplementary alignments"), "{warnings}");
    let mut primary = unstranded();
    primary.filter.primary_only = true;
    let counted = count(&builder, &primary);
    assert_eq!(of_category(&counted, Assignment::Secondary), 100);
    assert!(!counted.qc[0].warnings.join("\n").contains("--primary"));
}
