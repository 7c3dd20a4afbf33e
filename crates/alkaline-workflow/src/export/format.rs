//! What a run can be exported as.

use std::path::{Path, PathBuf};

/// Whom a run is exported for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Python: anndata, scanpy.
    AnnData,
    /// R and Bioconductor: tables, and a script that builds the object.
    SummarizedExperiment,
    /// Pandas, Polars, DuckDB, Arrow: a file for every table.
    Parquet,
    /// People with a spreadsheet.
    Workbook,
}

impl Format {
    /// Where the export of the run at `run` goes unless somebody says otherwise: beside it, under its name.
    pub fn place(self, run: &Path) -> PathBuf {
        let known = run.canonicalize().unwrap_or_else(|_| run.to_owned());
        let name =
            known.file_name().map_or_else(|| "run".to_owned(), |name| name.to_string_lossy().into_owned());
        // `.` and `..` name no place beside themselves.
        let beside =
            if run.file_name().is_some() { run.with_file_name("") } else { known.with_file_name("") };
        beside.join(name + self.ending())
    }

    /// What its name ends with.
    const fn ending(self) -> &'static str {
        match self {
            Self::AnnData => ".h5ad",
            Self::SummarizedExperiment => ".summarized_experiment",
            Self::Parquet => ".parquet.d",
            Self::Workbook => ".xlsx",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_goes_beside_the_run_under_its_name() {
        assert_eq!(Format::AnnData.place(Path::new("out/")), Path::new("out.h5ad"));
        assert_eq!(Format::Workbook.place(Path::new("a/b.c")), Path::new("a/b.c.xlsx"));
        let here = std::env::current_dir().unwrap();
        let name = here.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(Format::Parquet.place(Path::new(".")), here.with_file_name(name + ".parquet.d"));
    }
}
