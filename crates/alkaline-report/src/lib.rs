//! Results to figures (SVG) to one self-contained HTML report.
//!
//! Computes no statistics: what a figure shows was found by another stage and is laid out here. Axes, binning, label
//! placement and wording are the whole of this crate's business, so a report can be rebuilt from the files of a run.
//!
//! [`render`] makes the HTML (one file, no network), [`figures()`] the SVG files, [`multiqc_files`] what MultiQC shows
//! without configuration, [`methods_paragraph`] the text of `methods.md`.

// The experiment that unit tests, integration tests and the preview share names this crate as they do.
#[cfg(test)]
extern crate self as alkaline_report;

#[cfg(test)]
#[path = "../tests/invented_experiment/mod.rs"]
pub(crate) mod fixture;

pub mod axis;
pub mod data;
mod drawn;
pub mod figures;
mod html;
pub mod methods;
mod multiqc;
pub mod references;
pub mod summary;
pub mod svg;
mod words;

pub use data::{
    ContrastReport, ExpressionShown, InputFile, OptionGroup, ReportData, RunFacts, SensitivityTable,
    StageOutcome,
};
pub use figures::{Figure, figures};
pub use html::{ReportError, render};
pub use methods::{
    AlignmentFacts, CountingFacts, EnrichmentFacts, LibraryFacts, MethodsFacts, TestingFacts,
    methods_paragraph,
};
pub use multiqc::multiqc_files;
pub use references::Reference;
