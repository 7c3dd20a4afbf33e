//! The works behind the methods: those who cite alkaline cite these.

use std::fmt::Write as _;

/// A publication to cite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Authors, abbreviated.
    pub authors: String,
    /// Year.
    pub year: u16,
    /// Title.
    pub title: String,
    /// Journal, volume and pages.
    pub journal: String,
    /// DOI without a resolver; empty where there is none.
    pub doi: String,
}

/// Works that a run may rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// fastp.
    Fastp,
    /// HISAT2.
    Hisat2,
    /// samtools.
    Samtools,
    /// featureCounts.
    FeatureCounts,
    /// edgeR, the package.
    EdgeR,
    /// The exact test.
    ExactTest,
    /// Tag-wise dispersion and generalised linear models.
    Glm,
    /// Quasi-likelihood F-tests.
    QuasiLikelihood,
    /// Tests against a fold-change threshold.
    Treat,
    /// Counts with dispersions shrunk towards their trend.
    Deseq2,
    /// Precision weights of log counts.
    Voom,
    /// Moderated variances.
    EmpiricalBayes,
    /// Moderated variances that outliers do not mislead.
    RobustEmpiricalBayes,
    /// Weights of samples.
    ArrayWeights,
    /// Correlation of samples that belong together.
    DuplicateCorrelation,
    /// TMM normalisation.
    Tmm,
    /// Expression filter.
    Filter,
    /// False discovery rate.
    FalseDiscoveryRate,
    /// Gene Ontology, the first paper.
    GeneOntology,
    /// Gene Ontology, the resource as it is now.
    GeneOntologyNow,
    /// clusterProfiler.
    ClusterProfiler,
    /// clusterProfiler 4.
    ClusterProfilerNow,
    /// GSEA.
    Gsea,
    /// fgsea.
    Fgsea,
    /// cameraPR.
    Camera,
    /// FPKM.
    Fpkm,
    /// TPM.
    Tpm,
    /// MDS plots of limma.
    Limma,
}

impl Work {
    /// The citation.
    pub fn reference(self) -> Reference {
        let (authors, year, title, journal, doi) = self.fields();
        Reference {
            authors: authors.to_owned(),
            year,
            title: title.to_owned(),
            journal: journal.to_owned(),
            doi: doi.to_owned(),
        }
    }

    const fn fields(self) -> (&'static str, u16, &'static str, &'static str, &'static str) {
        match self {
            Self::Fastp => (
                "Chen S, Zhou Y, Chen Y, Gu J",
                2018,
                "fastp: an ultra-fast all-in-one FASTQ preprocessor",
                "Bioinformatics 34:i884–i890",
                "10.1093/bioinformatics/bty560",
            ),
            Self::Hisat2 => (
                "Kim D, Paggi JM, Park C, Bennett C, Salzberg SL",
                2019,
                "Graph-based genome alignment and genotyping with HISAT2 and HISAT-genotype",
                "Nature Biotechnology 37:907–915",
                "10.1038/s41587-019-0201-4",
            ),
            Self::Samtools => (
                "Danecek P, Bonfield JK, Liddle J, et al.",
                2021,
                "Twelve years of SAMtools and BCFtools",
                "GigaScience 10:giab008",
                "10.1093/gigascience/giab008",
            ),
            Self::FeatureCounts => (
                "Liao Y, Smyth GK, Shi W",
                2014,
                "featureCounts: an efficient general purpose program for assigning sequence reads to genomic features",
                "Bioinformatics 30:923–930",
                "10.1093/bioinformatics/btt656",
            ),
            Self::EdgeR => (
                "Robinson MD, McCarthy DJ, Smyth GK",
                2010,
                "edgeR: a Bioconductor package for differential expression analysis of digital gene expression data",
                "Bioinformatics 26:139–140",
                "10.1093/bioinformatics/btp616",
            ),
            Self::ExactTest => (
                "Robinson MD, Smyth GK",
                2008,
                "Small-sample estimation of negative binomial dispersion, with applications to SAGE data",
                "Biostatistics 9:321–332",
                "10.1093/biostatistics/kxm030",
            ),
            Self::Glm => (
                "McCarthy DJ, Chen Y, Smyth GK",
                2012,
                "Differential expression analysis of multifactor RNA-Seq experiments with respect to biological variation",
                "Nucleic Acids Research 40:4288–4297",
                "10.1093/nar/gks042",
            ),
            Self::QuasiLikelihood => (
                "Lund SP, Nettleton D, McCarthy DJ, Smyth GK",
                2012,
                "Detecting differential expression in RNA-sequence data using quasi-likelihood with shrunken dispersion estimates",
                "Statistical Applications in Genetics and Molecular Biology 11(5):8",
                "10.1515/1544-6115.1826",
            ),
            Self::Deseq2 => (
                "Love MI, Huber W, Anders S",
                2014,
                "Moderated estimation of fold change and dispersion for RNA-seq data with DESeq2",
                "Genome Biology 15:550",
                "10.1186/s13059-014-0550-8",
            ),
            Self::Voom => (
                "Law CW, Chen Y, Shi W, Smyth GK",
                2014,
                "voom: precision weights unlock linear model analysis tools for RNA-seq read counts",
                "Genome Biology 15:R29",
                "10.1186/gb-2014-15-2-r29",
            ),
            Self::EmpiricalBayes => (
                "Smyth GK",
                2004,
                "Linear models and empirical Bayes methods for assessing differential expression in microarray experiments",
                "Statistical Applications in Genetics and Molecular Biology 3(1):3",
                "10.2202/1544-6115.1027",
            ),
            Self::RobustEmpiricalBayes => (
                "Phipson B, Lee S, Majewski IJ, Alexander WS, Smyth GK",
                2016,
                "Robust hyperparameter estimation protects against hypervariable genes and improves power to detect differential expression",
                "Annals of Applied Statistics 10:946–963",
                "10.1214/16-AOAS920",
            ),
            Self::ArrayWeights => (
                "Ritchie ME, Diyagama D, Neilson J, van Laar R, Dobrovic A, Holloway A, Smyth GK",
                2006,
                "Empirical array quality weights in the analysis of microarray data",
                "BMC Bioinformatics 7:261",
                "10.1186/1471-2105-7-261",
            ),
            Self::DuplicateCorrelation => (
                "Smyth GK, Michaud J, Scott HS",
                2005,
                "Use of within-array replicate spots for assessing differential expression in microarray experiments",
                "Bioinformatics 21:2067–2075",
                "10.1093/bioinformatics/bti270",
            ),
            Self::Treat => (
                "McCarthy DJ, Smyth GK",
                2009,
                "Testing significance relative to a fold-change threshold is a TREAT",
                "Bioinformatics 25:765–771",
                "10.1093/bioinformatics/btp053",
            ),
            Self::Tmm => (
                "Robinson MD, Oshlack A",
                2010,
                "A scaling normalization method for differential expression analysis of RNA-seq data",
                "Genome Biology 11:R25",
                "10.1186/gb-2010-11-3-r25",
            ),
            Self::Filter => (
                "Chen Y, Lun ATL, Smyth GK",
                2016,
                "From reads to genes to pathways: differential expression analysis of RNA-Seq experiments using Rsubread and the edgeR quasi-likelihood pipeline",
                "F1000Research 5:1438",
                "10.12688/f1000research.8987.2",
            ),
            Self::FalseDiscoveryRate => (
                "Benjamini Y, Hochberg Y",
                1995,
                "Controlling the false discovery rate: a practical and powerful approach to multiple testing",
                "Journal of the Royal Statistical Society B 57:289–300",
                "10.1111/j.2517-6161.1995.tb02031.x",
            ),
            Self::GeneOntology => (
                "Ashburner M, Ball CA, Blake JA, et al.",
                2000,
                "Gene Ontology: tool for the unification of biology",
                "Nature Genetics 25:25–29",
                "10.1038/75556",
            ),
            Self::GeneOntologyNow => (
                "The Gene Ontology Consortium",
                2023,
                "The Gene Ontology knowledgebase in 2023",
                "Genetics 224:iyad031",
                "10.1093/genetics/iyad031",
            ),
            Self::ClusterProfiler => (
                "Yu G, Wang LG, Han Y, He QY",
                2012,
                "clusterProfiler: an R package for comparing biological themes among gene clusters",
                "OMICS 16:284–287",
                "10.1089/omi.2011.0118",
            ),
            Self::ClusterProfilerNow => (
                "Wu T, Hu E, Xu S, et al.",
                2021,
                "clusterProfiler 4.0: a universal enrichment tool for interpreting omics data",
                "The Innovation 2:100141",
                "10.1016/j.xinn.2021.100141",
            ),
            Self::Gsea => (
                "Subramanian A, Tamayo P, Mootha VK, et al.",
                2005,
                "Gene set enrichment analysis: a knowledge-based approach for interpreting genome-wide expression profiles",
                "PNAS 102:15545–15550",
                "10.1073/pnas.0506580102",
            ),
            Self::Fgsea => (
                "Korotkevich G, Sukhov V, Budin N, Shpak B, Artyomov MN, Sergushichev A",
                2021,
                "Fast gene set enrichment analysis",
                "bioRxiv 060012",
                "10.1101/060012",
            ),
            Self::Camera => (
                "Wu D, Smyth GK",
                2012,
                "Camera: a competitive gene set test accounting for inter-gene correlation",
                "Nucleic Acids Research 40:e133",
                "10.1093/nar/gks461",
            ),
            Self::Fpkm => (
                "Trapnell C, Williams BA, Pertea G, et al.",
                2010,
                "Transcript assembly and quantification by RNA-Seq reveals unannotated transcripts and isoform switching during cell differentiation",
                "Nature Biotechnology 28:511–515",
                "10.1038/nbt.1621",
            ),
            Self::Tpm => (
                "Wagner GP, Kin K, Lynch VJ",
                2012,
                "Measurement of mRNA abundance using RNA-seq data: RPKM measure is inconsistent among samples",
                "Theory in Biosciences 131:281–285",
                "10.1007/s12064-012-0162-3",
            ),
            Self::Limma => (
                "Ritchie ME, Phipson B, Wu D, et al.",
                2015,
                "limma powers differential expression analyses for RNA-sequencing and microarray studies",
                "Nucleic Acids Research 43:e47",
                "10.1093/nar/gkv007",
            ),
        }
    }
}

/// References in the order of their first citation, with the numbers to cite them by.
#[derive(Clone, Debug, Default)]
pub struct Citations {
    works: Vec<Work>,
}

impl Citations {
    /// The mark that cites `works`: `[1, 3]`.
    pub fn cite(&mut self, works: &[Work]) -> String {
        let mut numbers = Vec::with_capacity(works.len());
        for &work in works {
            let place = self.works.iter().position(|known| *known == work).unwrap_or_else(|| {
                self.works.push(work);
                self.works.len() - 1
            });
            numbers.push((place + 1).to_string());
        }
        format!("[{}]", numbers.join(", "))
    }

    /// The references cited so far, in order.
    pub fn references(&self) -> Vec<Reference> {
        self.works.iter().map(|work| work.reference()).collect()
    }
}

/// References as a numbered Markdown list.
pub fn markdown_list(references: &[Reference]) -> String {
    let mut out = String::new();
    for (i, r) in references.iter().enumerate() {
        let _ = write!(out, "{}. {} ({}). {}. {}.", i + 1, r.authors, r.year, r.title, r.journal);
        if !r.doi.is_empty() {
            let _ = write!(out, " https://doi.org/{}", r.doi);
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_work_keeps_the_number_of_its_first_citation() {
        let mut citations = Citations::default();
        assert_eq!(citations.cite(&[Work::EdgeR, Work::Tmm]), "[1, 2]");
        assert_eq!(citations.cite(&[Work::Gsea, Work::EdgeR]), "[3, 1]");
        assert_eq!(citations.references().len(), 3);
    }

    #[test]
    fn the_list_is_numbered_and_links_the_doi() {
        let list = markdown_list(&[Work::Tmm.reference()]);
        assert!(
            list.starts_with("1. Robinson MD, Oshlack A (2010).")
                && list.ends_with("https://doi.org/10.1186/gb-2010-11-3-r25\n")
        );
    }
}
