//! What the files of `-R` are called.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::error::CountError;
use crate::options::{CountOptions, DetailFormat, Details};

/// The file for each of `inputs`, in their order.
///
/// The name is that of the alignments and `.featureCounts`. Where files of several directories have one name, which
/// aligners give to every sample, the directories become part of it: `A/x.bam` gives `A.x.bam.featureCounts`.
///
/// # Errors
/// [`CountError::Options`] where two files would still have one name; featureCounts writes the later over the earlier.
pub(crate) fn detail_paths(
    details: &Details,
    inputs: &[&Path],
    options: &CountOptions,
) -> Result<Vec<PathBuf>, CountError> {
    let suffix = match details.format {
        DetailFormat::Core => ".featureCounts",
        DetailFormat::Sam => ".featureCounts.sam",
        DetailFormat::Bam => ".featureCounts.bam",
    };
    let mut times: HashMap<String, usize> = HashMap::new();
    inputs.iter().for_each(|input| *times.entry(bare_name(input)).or_default() += 1);
    let mut taken: HashMap<PathBuf, &Path> = HashMap::new();
    let mut paths = Vec::with_capacity(inputs.len());
    let refuse = |message: String| Err(CountError::Options(message));
    for &input in inputs {
        let bare = bare_name(input);
        let name = if times[&bare] > 1 { name_with_directories(input) } else { bare };
        let path = details.directory.join(name + suffix);
        match taken.insert(path.clone(), input) {
            Some(other) if other != input || !options.is_compat() => {
                return refuse(format!(
                    "-R would write {} for both {} and {}: count them in two calls, or rename one",
                    path.display(),
                    other.display(),
                    input.display()
                ));
            }
            _ if inputs.iter().any(|input| is_same_file(input, &path)) => {
                return refuse(format!("-R would write {} over an input", path.display()));
            }
            _ => paths.push(path),
        }
    }
    Ok(paths)
}

fn is_same_file(input: &Path, path: &Path) -> bool {
    matches!((input.canonicalize(), path.canonicalize()), (Ok(input), Ok(path)) if input == path)
}

fn bare_name(input: &Path) -> String {
    input.file_name().map_or_else(|| "STDIN".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The whole path with dots for slashes; what leads out of the directory, or up to the root, is left out.
fn name_with_directories(input: &Path) -> String {
    input.to_string_lossy().trim_start_matches(['.', '/']).replace('/', ".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Compat;

    fn names(inputs: &[&str], compat: Compat) -> Result<Vec<String>, CountError> {
        let details = Details { format: DetailFormat::Core, directory: PathBuf::from("out") };
        let inputs: Vec<&Path> = inputs.iter().map(|input| Path::new(*input)).collect();
        let options = CountOptions { compat, ..CountOptions::default() };
        let paths = detail_paths(&details, &inputs, &options)?;
        Ok(paths.iter().map(|path| path.display().to_string()).collect())
    }

    /// Tried with featureCounts 2.0.3.
    #[test]
    fn files_of_one_name_are_told_apart_by_their_directories_as_in_featurecounts() {
        let of = |inputs: &[&str]| names(inputs, Compat::None).unwrap();
        assert_eq!(of(&["A/x.bam"]), ["out/x.bam.featureCounts"]);
        assert_eq!(
            of(&["A/x.bam", "B/x.bam", "y.bam"]),
            ["out/A.x.bam.featureCounts", "out/B.x.bam.featureCounts", "out/y.bam.featureCounts"]
        );
        assert_eq!(of(&["x.bam", "./A/x.bam"]), ["out/x.bam.featureCounts", "out/A.x.bam.featureCounts"]);
        assert_eq!(
            of(&["/data/A/x.bam", "../A/x.bam"]),
            ["out/data.A.x.bam.featureCounts", "out/A.x.bam.featureCounts"]
        );
        assert_eq!(
            of(&["A/../A/x.bam", "A//x.bam"]),
            ["out/A....A.x.bam.featureCounts", "out/A..x.bam.featureCounts"]
        );
    }

    #[test]
    fn two_files_that_would_still_have_one_name_are_refused() {
        let error = names(&["A.x.bam", "A/x.bam", "x.bam"], Compat::FeatureCounts).unwrap_err().to_string();
        assert!(error.contains("A.x.bam and A/x.bam"), "{error}");
        assert!(names(&["x.bam", "x.bam"], Compat::None).is_err());
        assert_eq!(names(&["x.bam", "x.bam"], Compat::FeatureCounts).unwrap().len(), 2);
    }
}
