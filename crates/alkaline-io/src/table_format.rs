//! How a table is written, told by the name of its file: tabs, commas, or an Excel workbook. Other formats are refused by name:
//! a text table called `x.parquet` would only fail later, in somebody else's program.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Text, separated by tabs: every name that is not another format's.
    Tabs,
    /// Text, separated by commas: `.csv`.
    Commas,
    /// An Excel workbook: `.xlsx`.
    Workbook,
}

/// Endings of formats that no table is written in.
const OTHERS: [&str; 20] = [
    "parquet", "feather", "arrow", "avro", "xls", "xlsm", "xlsb", "ods", "numbers", "json", "html", "htm",
    "pdf", "rds", "rda", "rdata", "h5", "h5ad", "loom", "zip",
];

/// The name of a file asks for a format that is not written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: tables are not written as `.{ending}`\nhint: {hint}", path.display())]
pub struct UnknownFormat {
    /// The file.
    pub path: PathBuf,
    /// Its ending.
    pub ending: String,
    /// What to call it instead.
    pub hint: &'static str,
}

impl TableFormat {
    /// The format that the name of `path` asks for; `.gz` is looked through.
    ///
    /// # Errors
    /// [`UnknownFormat`].
    pub fn of(path: &Path) -> Result<Self, UnknownFormat> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let (name, compressed) = name.strip_suffix(".gz").map_or((name.as_str(), false), |name| (name, true));
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let refused = |hint| UnknownFormat { path: path.to_owned(), ending: ending.to_owned(), hint };
        match ending {
            "csv" => Ok(Self::Commas),
            "xlsx" if compressed => Err(refused("a workbook is compressed by itself: leave .gz out")),
            "xlsx" => Ok(Self::Workbook),
            other if OTHERS.contains(&other) => {
                Err(refused("name it .tsv, .csv or .xlsx (the first two may end with .gz)"))
            }
            _ => Ok(Self::Tabs),
        }
    }

    /// As [`of`](Self::of), for tables of counts, which have featureCounts' layout and nothing else.
    ///
    /// # Errors
    /// [`UnknownFormat`].
    pub fn of_counts(path: &Path) -> Result<Self, UnknownFormat> {
        let ending = |format| if format == Self::Commas { "csv" } else { "xlsx" };
        match Self::of(path)? {
            Self::Tabs => Ok(Self::Tabs),
            other => Err(UnknownFormat {
                path: path.to_owned(),
                ending: ending(other).to_owned(),
                hint: "counts are written in featureCounts' layout, separated by tabs: name the table .tsv or .txt",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_format() {
        let of = |name: &str| TableFormat::of(Path::new(name));
        for name in ["-", "ora", "ora.tsv", "ora.tsv.gz", "ora.txt", "out.d/ora", "/dev/stdout", "my.study"] {
            assert_eq!(of(name), Ok(TableFormat::Tabs), "{name}");
        }
        assert_eq!(
            [of("a.csv"), of("A.CSV.GZ"), of("a.xlsx")].map(Result::unwrap),
            [TableFormat::Commas, TableFormat::Commas, TableFormat::Workbook]
        );
        for name in ["a.parquet", "a.xls", "a.xlsx.gz", "a.h5ad", "a.json"] {
            assert!(of(name).unwrap_err().to_string().contains("hint: "), "{name}");
        }
        let counts = |name: &str| TableFormat::of_counts(Path::new(name));
        assert!(counts("counts.tsv.gz").is_ok());
        assert!(counts("counts.csv").unwrap_err().to_string().contains("name the table .tsv"));
        assert!(counts("counts.xlsx").is_err() && counts("counts.parquet").is_err());
    }
}
