//! Reads what `alkaline count` (or featureCounts) wrote, to the last column: for joining parts of cluster jobs.

use std::io::BufRead;
use std::path::Path;

use alkaline_core::annotation::GeneLocus;
use alkaline_core::results::{FeatureRow, FeatureTable, JunctionRow, JunctionTable, SiteStrand};
use alkaline_core::{GeneId, SampleId};

use super::{JUNCTION_COLUMNS, SITE_COLUMNS};
use crate::counts::LOCUS_COLUMNS;
use crate::error::{FileProblems, Problem, ReadError};
use crate::file;
use crate::number::MISSING;

/// Reads the count table at `path`; its last columns are those of `samples`, what stands between length and counts are
/// attributes.
///
/// # Errors
/// [`ReadError`] when it is not in featureCounts' layout, has other samples, or a count makes no sense.
pub fn read(path: &Path, samples: &[SampleId]) -> Result<FeatureTable, ReadError> {
    let mut lines = Lines::open(path)?;
    let header = lines.header(&LOCUS_COLUMNS)?;
    let further = &header[LOCUS_COLUMNS.len()..];
    let attributes = further.len().checked_sub(samples.len()).filter(|&number| {
        further[number..].iter().map(String::as_str).eq(samples.iter().map(SampleId::as_str))
    });
    let Some(attributes) = attributes else {
        let names = alkaline_core::words::listed(samples.iter().map(SampleId::as_str));
        let message = format!("the count columns are not those of the summary beside it ({names})");
        return Err(lines.problem(message, Some("merge tables with the .summary of the same call")));
    };
    let mut rows = Vec::new();
    while let Some(fields) = lines.row(header.len())? {
        let [id, chr, start, end, strand, length] = &fields[..LOCUS_COLUMNS.len()] else { unreachable!() };
        let (values, counts) = fields[LOCUS_COLUMNS.len()..].split_at(attributes);
        let length = lines.number(length, "length")?;
        let counts = counts.iter().map(|count| lines.count(count)).collect::<Result<_, _>>()?;
        rows.push(FeatureRow {
            id: GeneId::from(id.as_str()),
            locus: GeneLocus {
                chr: chr.clone(),
                start: start.clone(),
                end: end.clone(),
                strand: strand.clone(),
                length,
            },
            attributes: values.to_vec(),
            counts,
        });
    }
    Ok(FeatureTable { attributes: further[..attributes].to_vec(), samples: samples.to_vec(), rows })
}

/// Reads the junction table at `path`.
///
/// # Errors
/// [`ReadError`] when it is not in the layout of featureCounts 2.0.
pub fn read_junctions(path: &Path) -> Result<JunctionTable, ReadError> {
    let mut lines = Lines::open(path)?;
    let header = lines.header(&JUNCTION_COLUMNS).map_err(|error| lines.if_of_the_newer_layout(error))?;
    let samples = header[JUNCTION_COLUMNS.len()..].iter().map(SampleId::from).collect();
    let gene = |name: &str| (name != MISSING).then(|| GeneId::from(name));
    let mut rows = Vec::new();
    while let Some(fields) = lines.row(header.len())? {
        let (place, counts) = fields.split_at(JUNCTION_COLUMNS.len());
        let strand = match place[4].as_str() {
            "+" => SiteStrand::Forward,
            "-" => SiteStrand::Reverse,
            _ => SiteStrand::Unknown,
        };
        rows.push(JunctionRow {
            primary_gene: gene(&place[0]),
            secondary_genes: place[1].split(',').filter_map(gene).collect(),
            contig: place[2].clone(),
            left: lines.number(&place[3], "position")?,
            right: lines.number(&place[6], "position")?,
            strand,
            counts: counts
                .iter()
                .map(|count| lines.number(count, "number of reads"))
                .collect::<Result<_, _>>()?,
        });
    }
    Ok(JunctionTable { samples, rows, sites: None })
}

/// Lines of a table whose fields are separated by tabs and never quoted.
struct Lines<'a> {
    path: &'a Path,
    reader: Box<dyn BufRead + Send>,
    number: u64,
    text: String,
}

impl<'a> Lines<'a> {
    fn open(path: &'a Path) -> Result<Self, ReadError> {
        Ok(Self { path, reader: file::open(path)?, number: 0, text: String::new() })
    }

    /// The next line; `false` at the end.
    fn advance(&mut self) -> Result<bool, ReadError> {
        self.text.clear();
        self.number += 1;
        let read = self.reader.read_line(&mut self.text);
        let read = read.map_err(|source| ReadError::from_io(self.path, source))?;
        self.text.truncate(self.text.trim_end_matches(['\n', '\r']).len());
        Ok(read > 0)
    }

    /// The header, which begins with the columns `first`; comment lines may stand above it.
    fn header(&mut self, first: &[&str]) -> Result<Vec<String>, ReadError> {
        while self.advance()? {
            if self.text.starts_with('#') {
                continue;
            }
            let fields = self.fields();
            if fields.len() > first.len() && fields.iter().zip(first).all(|(found, known)| found == known) {
                return Ok(fields);
            }
            break;
        }
        Err(self.problem(format!("the header does not begin with {}", first.join(" ")), None))
    }

    /// The fields of the next row; `None` at the end.
    fn row(&mut self, columns: usize) -> Result<Option<Vec<String>>, ReadError> {
        if !self.advance()? {
            return Ok(None);
        }
        let fields = self.fields();
        if fields.len() != columns {
            let message = format!("{} fields, but the header has {columns}", fields.len());
            return Err(self.problem(message, None));
        }
        Ok(Some(fields))
    }

    /// `error`, or what to do about a junction table of featureCounts 2.1.
    fn if_of_the_newer_layout(&self, error: ReadError) -> ReadError {
        if !self.text.starts_with(SITE_COLUMNS[0]) {
            return error;
        }
        let message = "the junction table of featureCounts 2.1, which cannot be joined".to_owned();
        self.problem(message, Some("count the parts with --compat featureCounts-2.0, or without --compat"))
    }

    fn fields(&self) -> Vec<String> {
        self.text.split('\t').map(str::to_owned).collect()
    }

    fn number<T: std::str::FromStr>(&self, text: &str, what: &str) -> Result<T, ReadError> {
        text.parse().map_err(|_| self.problem(format!("`{text}` is not a {what}"), None))
    }

    fn count(&self, text: &str) -> Result<f64, ReadError> {
        let count: f64 = self.number(text, "count")?;
        if count.is_finite() && count >= 0.0 {
            Ok(count)
        } else {
            Err(self.problem(format!("`{text}` is not a count"), None))
        }
    }

    fn problem(&self, message: String, hint: Option<&str>) -> ReadError {
        let problem = Problem::at_line(self.number, message);
        let problem = match hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        };
        FileProblems::one(self.path, problem).into()
    }
}
