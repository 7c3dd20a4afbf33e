//! Reads the file of one sample.

use std::path::Path;

use super::columns::{Columns, Quantifier};
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError};
use crate::number;

/// Problems collected before reading stops.
const MAX_PROBLEMS: usize = 200;

/// How an HDF5 file begins.
const HDF5: &[u8] = b"\x89HDF";

/// What a quantifier says of one sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantification {
    /// The program.
    pub tool: Quantifier,
    /// What the rows are called.
    pub features: Vec<String>,
    /// The gene of each row, where the file names it (RSEM's isoforms, StringTie): one a row, or none at all.
    pub genes: Vec<String>,
    /// Abundances: TPM, or FPKM of StringTie.
    pub abundance: Vec<f64>,
    /// Estimated counts.
    pub counts: Vec<f64>,
    /// Effective lengths in bases.
    pub lengths: Vec<f64>,
}

/// Reads the file of a quantifier at `path`, told by its columns; `read_length` makes counts of StringTie's coverage.
///
/// # Errors
/// [`ReadError`] for a file of another kind, and for everything in it that is no number, or negative, at once.
pub fn read(path: &Path, read_length: f64) -> Result<Quantification, ReadError> {
    refuse_hdf5(path)?;
    let mut table = Delimited::open(path)?;
    let Some(tool) = Quantifier::of_header(&table.header) else {
        let message = format!("these are the columns of no quantifier: {}", table.header.join(", "));
        let hint = "salmon's quant.sf, kallisto's abundance.tsv, RSEM's .isoforms.results or .genes.results, StringTie's t_data.ctab \
                    are wanted; other tables: alkaline import matrix";
        return Err(FileProblems::one(path, Problem::at_line(table.header_line, message).hint(hint)).into());
    };
    let Columns { id, abundance, counts, length } = tool.columns();
    let places = [id, abundance, counts, length].map(|name| table.column(name).unwrap_or(0));
    let gene = table.column("gene_id").filter(|_| !tool.has_genes());
    let names = [abundance, counts, length];
    let mut read = Quantification {
        tool,
        features: Vec::new(),
        genes: Vec::new(),
        abundance: Vec::new(),
        counts: Vec::new(),
        lengths: Vec::new(),
    };
    let mut problems = Vec::new();
    let mut row = Record::default();
    while let Some(line) = table.next_row(&mut row)? {
        let feature = row.get(places[0]).unwrap_or_default();
        let mut value = |place: usize| match row.get(places[place]).and_then(number::parse) {
            Some(value) if value >= 0.0 && value.is_finite() => value,
            _ => {
                let text = row.get(places[place]).unwrap_or_default();
                let message = format!("`{feature}`: `{text}` is no number from 0 on");
                problems.push(Problem::at_line(line, message).in_column(names[place - 1]));
                f64::NAN
            }
        };
        let values = [value(1), value(2), value(3)];
        read.features.push(feature.to_owned());
        read.genes.extend(gene.map(|place| row.get(place).unwrap_or_default().trim().to_owned()));
        read.take(values, read_length);
        if problems.len() >= MAX_PROBLEMS {
            break;
        }
    }
    if read.features.is_empty() && problems.is_empty() {
        problems.push(Problem::of_file("the table has a header but no rows"));
    }
    FileProblems::check(path, problems)?;
    Ok(read)
}

impl Quantification {
    /// Takes abundance, count and length of a row, as tximport does.
    fn take(&mut self, [abundance, count, length]: [f64; 3], read_length: f64) {
        let (count, length) = match self.tool {
            Quantifier::StringTie => (count * length / read_length, length),
            Quantifier::RsemIsoforms => (count, length.max(1.0)),
            _ => (count, length),
        };
        self.abundance.push(abundance);
        self.counts.push(count);
        self.lengths.push(length);
    }
}

/// Refuses kallisto's binary file, beside which its text lies.
fn refuse_hdf5(path: &Path) -> Result<(), ReadError> {
    let in_context = |source| ReadError::from_io(path, source);
    let mut input = crate::file::open(path)?;
    if input.fill_buf().map_err(in_context)?.starts_with(HDF5) {
        let hint = "kallisto writes abundance.tsv beside it (or: kallisto h5dump): give that";
        return Err(FileProblems::one(
            path,
            Problem::of_file("this is an HDF5 file, which is not read").hint(hint),
        )
        .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Result<Quantification, ReadError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("quant.sf");
        std::fs::write(&path, text).unwrap();
        read(&path, 75.0)
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let read =
            text("Name\tTPM\tLength\tNumReads\tEffectiveLength\nt1\t1e6\t1000\t90.5\t850.25\n").unwrap();
        assert_eq!(
            (read.tool, read.abundance[0], read.counts[0], read.lengths[0]),
            (Quantifier::Salmon, 1e6, 90.5, 850.25)
        );
    }

    #[test]
    fn coverage_becomes_counts_and_isoforms_of_no_length_have_one_base() {
        let read = text("t_name\tlength\tcov\tFPKM\nt1\t150\t4\t7\n").unwrap();
        assert_eq!((read.counts[0], read.lengths[0]), (8.0, 150.0));
        let header = "transcript_id\tgene_id\tlength\teffective_length\texpected_count\tTPM\tFPKM\tIsoPct\n";
        assert_eq!(text(&format!("{header}t\tg\t20\t0\t0\t0\t0\t0\n")).unwrap().lengths, [1.0]);
    }

    #[test]
    fn other_files_and_bad_values_are_refused_in_words() {
        assert!(
            text("gene\ta\nx\t1\n").unwrap_err().to_string().contains("columns of no quantifier: gene, a")
        );
        let message =
            text("Name\tLength\tEffectiveLength\tTPM\tNumReads\nt1\t1\tx\t-1\t1\n").unwrap_err().to_string();
        assert!(
            message.contains("column `TPM`: `t1`: `-1`") && message.contains("column `EffectiveLength`"),
            "{message}"
        );
        assert!(text("\u{89}HDF").is_err());
        assert!(
            text("Name\tLength\tEffectiveLength\tTPM\tNumReads\n")
                .unwrap_err()
                .to_string()
                .contains("no rows")
        );
    }
}
