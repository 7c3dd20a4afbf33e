//! The methods paragraph: what was done, in the words of a paper, with the works to cite.
//!
//! Every sentence is true of the run at hand: it is put together from the facts of that run, and a stage that did not
//! run is not mentioned.

mod deseq2;
mod facts;
mod testing;

use alkaline_core::genome::{Layout, Strandedness};

pub use facts::{AlignmentFacts, CountingFacts, EnrichmentFacts, LibraryFacts, MethodsFacts, TestingFacts};

use deseq2::{deseq2_sentences, is_deseq2};

use crate::references::{self, Citations, Reference, Work};
use crate::words;
use testing::testing_sentences;

/// The methods text, Markdown, ending in a numbered list of references.
pub fn methods_paragraph(facts: &MethodsFacts) -> String {
    let (text, references) = methods_with_references(facts);
    format!("{text}\n\n## References\n\n{}", references::markdown_list(&references))
}

/// The methods text without its list, and the works it cites, in order.
pub fn methods_with_references(facts: &MethodsFacts) -> (String, Vec<Reference>) {
    let mut cited = Citations::default();
    let mut paragraphs = vec![opening(facts)];
    paragraphs.extend(facts.alignment.as_ref().map(|alignment| alignment_sentences(alignment, &mut cited)));
    paragraphs.extend(facts.counting.as_ref().map(|counting| counting_sentences(counting, &mut cited)));
    paragraphs.push(expression_sentences(facts, &mut cited));
    paragraphs.extend(facts.testing.iter().map(|testing| match is_deseq2(testing) {
        true => deseq2_sentences(testing, &mut cited),
        false => testing_sentences(testing, &mut cited),
    }));
    paragraphs.extend(facts.over_representation.as_ref().map(|ora| ora_sentences(ora, &mut cited)));
    paragraphs.extend(facts.ranked_enrichment.as_ref().map(|gsea| gsea_sentences(gsea, &mut cited)));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    (paragraphs.join("\n\n"), cited.references())
}

fn opening(facts: &MethodsFacts) -> String {
    if let Some(from) = &facts.values_from {
        return opening_of_values(facts, from);
    }
    let data = if facts.simulated { "Simulated data" } else { "RNA-seq data" };
    let mut text = format!("{data} were analysed with alkaline {}.", facts.version);
    if let Some(from) = &facts.counts_from {
        text.push_str(&format!(" The analysis began with a table of counts ({from}); how its reads were aligned and counted is not known to alkaline."));
    }
    text
}

/// The opening where the analysis began with values, not with counts.
fn opening_of_values(facts: &MethodsFacts, from: &str) -> String {
    let data = if facts.simulated { "Simulated expression values" } else { "Expression values" };
    let decided: Vec<String> = facts.decisions.iter().map(|decision| sentence(decision)).collect();
    let decided = if decided.is_empty() { String::new() } else { format!(" {}", decided.join(" ")) };
    format!(
        "{data} were analysed on a log2 scale with alkaline {}. The analysis began with a table of them ({from}); how they were measured and normalised before is not known to alkaline.{decided}",
        facts.version
    )
}

/// Words with a capital before them and a full stop behind.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// A strand rule in words.
fn strand_in_words(rule: Strandedness) -> &'static str {
    match rule {
        Strandedness::Unstranded => "irrespective of strand (-s 0)",
        Strandedness::Forward => "on the strand of the gene (-s 1)",
        Strandedness::Reverse => "on the strand opposite to the gene (-s 2)",
    }
}

/// "fragments of a and b on the strand of the gene (-s 1), a rule found from the data; reads of c ...".
fn each_library(libraries: &[LibraryFacts]) -> String {
    let mut alike: Vec<(&LibraryFacts, Vec<String>)> = Vec::new();
    for library in libraries {
        let key = |other: &LibraryFacts| (other.layout, other.strandedness, other.detected);
        match alike.iter_mut().find(|(first, _)| key(first) == key(library)) {
            Some((_, samples)) => samples.push(library.sample.clone()),
            None => alike.push((library, vec![library.sample.clone()])),
        }
    }
    let part = |(library, samples): &(&LibraryFacts, Vec<String>)| {
        let what = match library.layout {
            Layout::SingleEnd => "reads",
            Layout::PairedEnd => "fragments (read pairs)",
            Layout::Mixed => "reads and fragments (read pairs)",
        };
        let detected = if library.detected { ", a rule found from the data" } else { "" };
        format!("{what} of {} {}{detected}", words::and_list(samples), strand_in_words(library.strandedness))
    };
    alike.iter().map(part).collect::<Vec<_>>().join("; ")
}

fn alignment_sentences(alignment: &AlignmentFacts, cited: &mut Citations) -> String {
    let AlignmentFacts { fastp, hisat2, samtools } = alignment;
    let cleaned = fastp.as_ref().map(|version| {
        format!("Reads were cleaned with fastp {version} {} and aligned", cited.cite(&[Work::Fastp]))
    });
    format!(
        "{} with HISAT2 {hisat2} {}; alignments were sorted with samtools {samtools} {}.",
        cleaned.unwrap_or_else(|| "Reads were aligned".to_owned()),
        cited.cite(&[Work::Hisat2]),
        cited.cite(&[Work::Samtools]),
    )
}

fn counting_sentences(counting: &CountingFacts, cited: &mut Citations) -> String {
    let what = match (counting.libraries.is_empty(), counting.paired) {
        (false, _) => "Reads or fragments (read pairs)",
        (true, true) => "Fragments (read pairs)",
        (true, false) => "Reads",
    };
    let detected = if counting.strandedness_detected { ", a rule found from the data" } else { "" };
    let strand = match counting.libraries.as_slice() {
        [] => format!("{}{detected}", strand_in_words(counting.strandedness)),
        libraries => format!("library by library ({})", each_library(libraries)),
    };
    let multi = if counting.multi_mapping_counted {
        "reads aligned to several places were counted"
    } else {
        "reads aligned to several places were not counted"
    };
    let quality = if counting.minimum_mapping_quality > 0 {
        format!("; alignments with a mapping quality below {} were ignored", counting.minimum_mapping_quality)
    } else {
        String::new()
    };
    format!(
        "{what} were assigned to genes by the rules of featureCounts {}: overlap with a row of type `{}` of the annotation {}, {strand}; {multi}; those that fit several genes were not{quality}.",
        cited.cite(&[Work::FeatureCounts]),
        counting.feature_type,
        counting.annotation,
    )
}

fn expression_sentences(facts: &MethodsFacts, cited: &mut Citations) -> String {
    let mut sentences = Vec::new();
    match facts.filter.as_str() {
        "by-expr" => sentences.push(format!(
            "Genes with too few reads for a test were removed by the rule of edgeR's `filterByExpr` {}.",
            cited.cite(&[Work::EdgeR, Work::Filter])
        )),
        "counts" => sentences.push(
            "Genes were kept that have ten reads or more (or as many as were asked for) in as many samples as the smallest group has.".to_owned(),
        ),
        "none" => sentences.push("Genes were not filtered by expression.".to_owned()),
        "" => {}
        other => sentences.push(format!("Genes were filtered by the rule `{other}`.")),
    }
    match facts.normalization.as_str() {
        "tmm" => sentences.push(format!(
            "Library sizes were corrected for composition by trimmed means of M-values (TMM) {}.",
            cited.cite(&[Work::Tmm])
        )),
        "none" => sentences
            .push("Library sizes were used as they are, without a correction for composition.".to_owned()),
        "" => {}
        other => sentences.push(format!(
            "Library sizes were corrected for composition by the method `{other}` of edgeR {}.",
            cited.cite(&[Work::EdgeR])
        )),
    }
    if facts.offsets {
        sentences.push(
            "Counts are estimates of a quantifier; where transcripts of a gene are longer in some samples than in others, the tests allow for it by offsets (DESeq2: normalization factors of rounded counts), as tximport has it.".to_owned(),
        );
    }
    if let Some(sentence) = unit_sentence(&facts.units, cited) {
        sentences.push(sentence);
    }
    if facts.sample_map {
        sentences.push(format!(
            "Samples were mapped by multidimensional scaling of leading log2 fold changes, as limma's `plotMDS` does {}.",
            cited.cite(&[Work::Limma])
        ));
    }
    sentences.join(" ")
}

fn unit_sentence(units: &[String], cited: &mut Citations) -> Option<String> {
    if units.is_empty() {
        return None;
    }
    let named: Vec<String> = units
        .iter()
        .map(|unit| match unit.as_str() {
            "FPKM" => format!("FPKM {}", cited.cite(&[Work::Fpkm])),
            "TPM" => format!("TPM {}", cited.cite(&[Work::Tpm])),
            other => other.to_owned(),
        })
        .collect();
    Some(format!("Expression is given as {}.", words::and_list(&named)))
}

fn ora_sentences(ora: &EnrichmentFacts, cited: &mut Citations) -> String {
    format!(
        "Over-representation of the differentially expressed genes in {} was tested by the hypergeometric test of clusterProfiler {} against {}, in sets of {} to {} genes; P values were adjusted within each collection by the method of Benjamini and Hochberg {}.",
        collections_in_words(ora, cited),
        cited.cite(&[Work::ClusterProfiler, Work::ClusterProfilerNow]),
        ora.background,
        ora.sizes.0,
        ora.sizes.1,
        cited.cite(&[Work::FalseDiscoveryRate]),
    )
}

fn gsea_sentences(gsea: &EnrichmentFacts, cited: &mut Citations) -> String {
    let seed = gsea.seed.map_or_else(String::new, |seed| format!(" (random seed {seed})"));
    let camera = if gsea.camera {
        let cite = cited.cite(&[Work::Camera]);
        format!(" A test that allows for correlation between genes, cameraPR {cite}, stands beside it.")
    } else {
        String::new()
    };
    format!(
        "Enrichment of {} along the ranked list ({}) was tested with the statistic of GSEA {} as fgsea defines it {}, in sets of {} to {} genes; P values were estimated by importance sampling{seed}.{camera}",
        collections_in_words(gsea, cited),
        gsea.background,
        cited.cite(&[Work::Gsea]),
        cited.cite(&[Work::Fgsea]),
        gsea.sizes.0,
        gsea.sizes.1,
    )
}

/// The collections, the ontologies of the Gene Ontology under its name and with its references.
fn collections_in_words(facts: &EnrichmentFacts, cited: &mut Citations) -> String {
    let aspect = |name: &str| match name {
        "BP" => Some("biological process"),
        "MF" => Some("molecular function"),
        "CC" => Some("cellular component"),
        _ => None,
    };
    let aspects: Vec<&str> = facts.collections.iter().filter_map(|name| aspect(name)).collect();
    let mut named: Vec<String> = Vec::new();
    if facts.gene_ontology && !aspects.is_empty() {
        let cite = cited.cite(&[Work::GeneOntology, Work::GeneOntologyNow]);
        let release =
            facts.ontology_release.as_ref().map_or_else(String::new, |date| format!(", release {date}"));
        named.push(format!("the Gene Ontology {cite} ({}{release})", words::and_list(&aspects)));
    }
    let others = facts.collections.iter().filter(|name| !facts.gene_ontology || aspect(name).is_none());
    named.extend(others.cloned());
    words::and_list(&named)
}

#[cfg(test)]
mod tests {
    use alkaline_core::results::{CallBy, DispersionSource};

    use super::*;
    use crate::fixture;

    fn facts() -> MethodsFacts {
        let test = fixture::test_table(10);
        MethodsFacts {
            version: "0.1.0".into(),
            alignment: None,
            counting: Some(CountingFacts {
                annotation: "RefSeq hg38".into(),
                feature_type: "exon".into(),
                paired: true,
                strandedness: Strandedness::Reverse,
                strandedness_detected: true,
                libraries: Vec::new(),
                minimum_mapping_quality: 0,
                multi_mapping_counted: false,
            }),
            filter: "by-expr".into(),
            normalization: "tmm".into(),
            units: vec!["FPKM".into(), "TPM".into()],
            testing: vec![TestingFacts { facts: test.facts, contrasts: vec![test.contrast], formula: None }],
            over_representation: Some(EnrichmentFacts {
                ontology_release: Some("2026-01-23".into()),
                collections: vec!["BP".into(), "MF".into(), "hallmark.gmt".into()],
                gene_ontology: true,
                background: "all tested genes".into(),
                sizes: (10, 500),
                ..EnrichmentFacts::default()
            }),
            ..MethodsFacts::default()
        }
    }

    #[test]
    fn every_cited_number_is_in_the_list() {
        let text = methods_paragraph(&facts());
        let (body, list) = text.split_once("## References").unwrap();
        let entries = list.lines().filter(|line| line.contains("doi.org")).count();
        let cited: Vec<usize> = body
            .split('[')
            .skip(1)
            .flat_map(|part| part.split(']').next().unwrap().split(", ").filter_map(|n| n.parse().ok()))
            .collect();
        assert!(entries >= 8 && cited.iter().all(|n| (1..=entries).contains(n)), "{cited:?} of {entries}");
        assert!(text.contains("(-s 2), a rule found from the data"));
        assert!(
            body.contains(
                "(biological process and molecular function, release 2026-01-23) and hallmark.gmt was tested"
            ),
            "{body}"
        );
    }

    #[test]
    fn libraries_that_differ_are_told_each() {
        let library = |sample: &str, layout, strandedness| LibraryFacts {
            sample: sample.to_owned(),
            layout,
            strandedness,
            detected: strandedness == Strandedness::Forward,
        };
        let mut facts = facts();
        facts.counting.as_mut().unwrap().libraries = vec![
            library("a", Layout::PairedEnd, Strandedness::Forward),
            library("b", Layout::SingleEnd, Strandedness::Unstranded),
            library("c", Layout::PairedEnd, Strandedness::Forward),
        ];
        let text = methods_paragraph(&facts);
        assert!(
            text.contains(
                "library by library (fragments (read pairs) of a and c on the strand of the gene (-s 1), a rule found from \
                 the data; reads of b irrespective of strand (-s 0))"
            ),
            "{text}"
        );
        assert!(!text.contains("(-s 2)"), "{text}");
    }

    #[test]
    fn expression_values_are_no_reads() {
        let text = methods_paragraph(&MethodsFacts {
            version: "0.1.0".into(),
            values_from: Some("expression.tsv".into()),
            decisions: vec!["the values were taken as logs".into()],
            units: vec!["log2 expression".into()],
            ..MethodsFacts::default()
        });
        assert!(text.contains("Expression values were analysed on a log2 scale"), "{text}");
        assert!(text.contains("The values were taken as logs."), "{text}");
        for word in ["RNA-seq", "reads", "counts", "TMM"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }

    #[test]
    fn stages_that_did_not_run_are_not_mentioned() {
        let text = methods_paragraph(&MethodsFacts {
            version: "0.1.0".into(),
            counts_from: Some("counts.tsv".into()),
            ..MethodsFacts::default()
        });
        for word in ["featureCounts", "TMM", "GSEA", "clusterProfiler"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }

    #[test]
    fn an_assumed_dispersion_is_said_aloud() {
        let mut facts = facts();
        facts.testing[0].facts.dispersion = DispersionSource::Assumed { dispersion: 0.01 };
        let text = methods_paragraph(&facts);
        assert!(
            text.contains("was not estimated but assumed") && text.contains("set to 0.1 (dispersion 0.01)")
        );
    }

    #[test]
    fn tests_of_log_values_are_limmas_and_raw_p_is_said_to_be_no_control() {
        let mut facts = facts();
        let own = &mut facts.testing[0].facts;
        own.method = "voom".into();
        own.compat = "limma-3.54".into();
        own.dispersion = DispersionSource::NotUsed;
        own.moderation = vec!["robust".into(), "treat 0.5".into()];
        own.block_correlation = Some(0.25);
        own.thresholds.call_by = CallBy::P;
        let (text, works) = methods_with_references(&facts);
        let part = text.split("Differential expression").nth(1).unwrap();
        for words in [
            "weighted by their precision as voom",
            "numbers of limma 3.54",
            "those of outliers less",
            "consensus 0.25",
            "no more than 0.5",
            "P was not adjusted for the number of genes",
        ] {
            assert!(part.contains(words), "{words} not in {part}");
        }
        assert!(!part.contains("edgeR") && !part.contains("ispersion"), "{part}");
        let dois: Vec<String> = works.iter().map(|work| work.doi.clone()).collect();
        for doi in
            ["10.1093/nar/gkv007", "10.1186/gb-2014-15-2-r29", "10.2202/1544-6115.1027", "10.1214/16-AOAS920"]
        {
            assert!(dois.iter().any(|known| known == doi), "{doi} not in {dois:?}");
        }
    }

    #[test]
    fn programs_that_aligned_reads_are_named_with_their_versions_and_cited() {
        let alignment = AlignmentFacts {
            fastp: Some("0.23.2".into()),
            hisat2: "2.2.1".into(),
            samtools: "1.16.1".into(),
        };
        let (text, works) = methods_with_references(&MethodsFacts { alignment: Some(alignment), ..facts() });
        let expected = "Reads were cleaned with fastp 0.23.2 [1] and aligned with HISAT2 2.2.1 [2]; alignments were sorted \
                        with samtools 1.16.1 [3].";
        assert!(text.contains(expected), "{text}");
        assert_eq!(works[1].doi, "10.1038/s41587-019-0201-4");
    }
}
