//! Where everything lies in the directory of a run; the one place that knows the file names.

use std::path::{Path, PathBuf};

use alkaline_core::expression::ExpressionUnit;
use alkaline_core::file_names::file_stem;
use alkaline_core::results::Query;

/// The folder of a run that alkaline keeps for itself.
pub const OWN: &str = ".alkaline";

/// The folder, in that one, of the locks of single nodes.
pub(super) const LOCKS_OF_NODES: &str = "locks";

/// The directory of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunDirectory {
    root: PathBuf,
}

impl RunDirectory {
    /// The run directory at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The report.
    pub fn report(&self) -> PathBuf {
        self.root.join("report.html")
    }

    /// What ran: versions, options, checksums, times, outputs. Its presence marks a finished run.
    pub fn manifest(&self) -> PathBuf {
        self.root.join("run.json")
    }

    /// The run as repositories read it: a Process Run Crate.
    pub fn ro_crate(&self) -> PathBuf {
        self.root.join("ro-crate-metadata.json")
    }

    /// What alkaline keeps for itself: plan, receipts, logs.
    pub fn own(&self) -> PathBuf {
        self.root.join(OWN)
    }

    /// What the run is to be.
    pub fn plan(&self) -> PathBuf {
        self.own().join("plan.json")
    }

    /// The lock of the program that works on the run.
    pub fn lock(&self) -> PathBuf {
        self.own().join("lock")
    }

    /// The lock of the program that works on the node called `task` alone.
    pub fn lock_of(&self, task: &str) -> PathBuf {
        self.own().join(LOCKS_OF_NODES).join(file_stem(task))
    }

    /// The receipts of all nodes.
    pub fn receipts(&self) -> PathBuf {
        self.own().join("receipts")
    }

    /// The receipt of the node called `task`.
    pub fn receipt(&self, task: &str) -> PathBuf {
        self.receipts().join(format!("{}.json", file_stem(task)))
    }

    /// Why the node called `task` failed when it was last tried.
    pub fn failure(&self, task: &str) -> PathBuf {
        self.failures().join(format!("{}.txt", file_stem(task)))
    }

    /// Why nodes failed when they were last tried.
    pub fn failures(&self) -> PathBuf {
        self.own().join("failed")
    }

    /// Where nodes leave their files until these take their places.
    pub fn all_staged(&self) -> PathBuf {
        self.own().join("staged")
    }

    /// Where the node called `task` leaves its files.
    pub fn staged(&self, task: &str) -> PathBuf {
        self.all_staged().join(file_stem(task))
    }

    /// Where what concerns the whole run is written before it takes its place.
    pub fn underway(&self) -> PathBuf {
        self.all_staged().join("own")
    }

    /// What was replaced since the run was last complete.
    pub fn previous(&self) -> PathBuf {
        self.own().join("previous")
    }

    /// The record of the last complete run, once another is under way.
    pub(super) fn former_manifest(&self) -> PathBuf {
        self.previous().join("run.json")
    }

    /// What was written for engines, each in a folder called after it.
    pub fn engine(&self, name: &str) -> PathBuf {
        self.own().join(name)
    }

    /// What other programs wrote while they ran.
    pub fn logs(&self) -> PathBuf {
        self.own().join("logs")
    }

    /// The counts of one sample.
    pub fn part(&self, sample: &str) -> PartDirectory {
        PartDirectory { root: self.own().join("parts").join(file_stem(sample)) }
    }

    /// Works to cite.
    pub fn citations(&self) -> PathBuf {
        self.root.join("CITATIONS.md")
    }

    /// The methods paragraph.
    pub fn methods(&self) -> PathBuf {
        self.root.join("methods.md")
    }

    /// The same analysis in R.
    pub fn reproduce(&self) -> PathBuf {
        self.root.join("reproduce.R")
    }

    /// The samples as they were understood.
    pub fn samples(&self) -> PathBuf {
        self.root.join("samples.csv")
    }

    /// The contrasts as they were understood.
    pub fn contrasts_file(&self) -> PathBuf {
        self.root.join("contrasts.csv")
    }

    /// The count table.
    pub fn counts(&self) -> PathBuf {
        self.root.join("counts/counts.tsv")
    }

    /// How much longer transcripts are in each sample than in all, where tests allow for it.
    pub fn length_factors(&self) -> PathBuf {
        self.root.join("counts/length_factors.tsv")
    }

    /// Read QC.
    pub fn qc(&self) -> PathBuf {
        self.root.join("counts/qc")
    }

    /// An expression table.
    pub fn expression(&self, unit: ExpressionUnit) -> PathBuf {
        self.root.join("expression").join(format!("{}.tsv", unit.file_stem()))
    }

    /// What the contrasts share; of several designs, what the first has.
    pub fn prepared(&self) -> PreparedDirectory {
        PreparedDirectory { root: self.root.join("expression") }
    }

    /// Library sizes and normalisation factors.
    pub fn library_sizes(&self) -> PathBuf {
        self.prepared().library_sizes()
    }

    /// Coordinates of the samples.
    pub fn sample_map(&self) -> PathBuf {
        self.prepared().sample_map()
    }

    /// Principal components of the samples.
    pub fn principal_components(&self) -> PathBuf {
        self.prepared().principal_components()
    }

    /// Dispersions of the tested genes.
    pub fn dispersions(&self) -> PathBuf {
        self.prepared().dispersions()
    }

    /// Genes that the expression filter removed, and why.
    pub fn filter(&self) -> PathBuf {
        self.prepared().filter()
    }

    /// The results of contrast `id`.
    pub fn contrast(&self, id: &str) -> ContrastDirectory {
        ContrastDirectory { root: self.root.join("contrasts").join(file_stem(id)) }
    }

    /// Figures as files.
    pub fn figures(&self) -> PathBuf {
        self.root.join("figures")
    }

    /// What MultiQC shows without configuration.
    pub fn multiqc(&self) -> PathBuf {
        self.root.join("multiqc")
    }
}

/// Where filter, library sizes, dispersions and maps of the samples lie that belong to one design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedDirectory {
    root: PathBuf,
}

impl PreparedDirectory {
    /// Library sizes and normalisation factors.
    pub fn library_sizes(&self) -> PathBuf {
        self.root.join("library_sizes.tsv")
    }

    /// Coordinates of the samples.
    pub fn sample_map(&self) -> PathBuf {
        self.root.join("mds.tsv")
    }

    /// Principal components of the samples.
    pub fn principal_components(&self) -> PathBuf {
        self.root.join("pca.tsv")
    }

    /// Dispersions of the tested genes.
    pub fn dispersions(&self) -> PathBuf {
        self.root.join("dispersions.tsv")
    }

    /// Genes that the expression filter removed, and why.
    pub fn filter(&self) -> PathBuf {
        self.root.join("filter.tsv")
    }
}

/// The directory of one contrast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContrastDirectory {
    root: PathBuf,
}

impl ContrastDirectory {
    /// What its test was prepared with, where the contrasts of the run do not share it.
    pub fn prepared(&self) -> PreparedDirectory {
        PreparedDirectory { root: self.root.clone() }
    }

    /// Differential expression.
    pub fn test(&self) -> PathBuf {
        self.root.join("test.tsv")
    }

    /// Differential expression by a further test, called by its word.
    pub fn further_test(&self, method: &str) -> PathBuf {
        self.root.join("tests").join(format!("{method}.tsv"))
    }

    /// What several tests say of the same genes.
    pub fn consensus(&self) -> PathBuf {
        self.root.join("consensus.tsv")
    }

    /// Over-representation of the genes called in `query`: `all`, `up` or `down`.
    pub fn ora(&self, query: &Query) -> PathBuf {
        match query {
            Query::All => self.root.join("ora.tsv"),
            query => self.root.join(format!("ora_{query}.tsv")),
        }
    }

    /// Ranked enrichment.
    pub fn gsea(&self) -> PathBuf {
        self.root.join("gsea.tsv")
    }

    /// The table beside which the fate of the identifiers is written: `ids.tsv` and, where some match nothing,
    /// `lost.txt`, under this name.
    pub fn identifiers(&self) -> PathBuf {
        self.root.join("genes.tsv")
    }

    /// The ranked list.
    pub fn ranks(&self) -> PathBuf {
        self.root.join("ranks.rnk")
    }

    /// How the calls depend on an assumed dispersion.
    pub fn sensitivity(&self) -> PathBuf {
        self.root.join("sensitivity.tsv")
    }

    /// The largest BCV at which each gene stays significant.
    pub fn sensitivity_by_gene(&self) -> PathBuf {
        self.root.join("sensitivity_genes.tsv")
    }

    /// Panels of genes.
    pub fn panels(&self) -> PathBuf {
        self.root.join("panels")
    }
}

/// The counts of one sample, before they are joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartDirectory {
    root: PathBuf,
}

impl PartDirectory {
    /// Counts.
    pub fn counts(&self) -> PathBuf {
        self.root.join("counts.tsv")
    }

    /// Read QC.
    pub fn qc(&self) -> PathBuf {
        self.root.join("qc.json")
    }

    /// How the counts came about.
    pub fn facts(&self) -> PathBuf {
        self.root.join("facts.json")
    }
}
