//! Conditions that every stage checks before it computes.

use alkaline_core::results::DispersionEstimates;
use alkaline_core::{ContrastSpec, CountMatrix, Groups, LibrarySizes};

use crate::DgeError;

/// Effective library sizes, after checking whose they are.
pub(crate) fn effective_sizes(matrix: &CountMatrix, sizes: &LibrarySizes) -> Result<Vec<f64>, DgeError> {
    if sizes.samples() != matrix.samples() {
        return Err(DgeError::OtherSamples { what: "the table of library sizes" });
    }
    Ok(sizes.effective())
}

pub(crate) fn groups_match(matrix: &CountMatrix, groups: &Groups) -> Result<(), DgeError> {
    if groups.samples() != matrix.samples() {
        return Err(DgeError::OtherSamples { what: "the grouping" });
    }
    Ok(())
}

pub(crate) fn design_matches(matrix: &CountMatrix, design: &crate::DesignMatrix) -> Result<(), DgeError> {
    if design.samples() != matrix.samples() {
        return Err(DgeError::OtherSamples { what: "the design" });
    }
    Ok(())
}

/// Genes whose total count fulfils a condition.
pub(crate) fn genes_where(
    matrix: &CountMatrix,
    wanted: impl Fn(f64) -> bool,
) -> Result<Vec<usize>, DgeError> {
    let total = |row: &[f64]| row.iter().sum::<f64>();
    let genes: Vec<usize> =
        matrix.rows().enumerate().filter(|(_, row)| wanted(total(row))).map(|(gene, _)| gene).collect();
    if genes.is_empty() { Err(DgeError::NoGenes) } else { Ok(genes) }
}

/// Refuses replicates that are copies of one another.
///
/// # Errors
/// [`DgeError::IdenticalSamples`] names the first pair of samples of one group whose counts are all equal; samples without any count
/// are not copies, but empty.
pub fn distinct_replicates(matrix: &CountMatrix, groups: &Groups) -> Result<(), DgeError> {
    groups_match(matrix, groups)?;
    for level in 0..groups.levels().len() {
        let members = groups.members(level);
        for (i, &first) in members.iter().enumerate() {
            for &second in &members[i + 1..] {
                let empty = || matrix.rows().all(|row| row[first] == 0.0);
                if matrix.rows().all(|row| row[first] == row[second]) && !empty() {
                    let name = |sample: usize| matrix.samples().ids()[sample].to_string();
                    return Err(DgeError::IdenticalSamples { first: name(first), second: name(second) });
                }
            }
        }
    }
    Ok(())
}

/// The dispersion that the tests use for each gene: gene-wise, else trended, else common.
pub(crate) fn gene_dispersions(
    matrix: &CountMatrix,
    dispersion: &DispersionEstimates,
) -> Result<Vec<f64>, DgeError> {
    if dispersion.average_log_cpm.index() != matrix.genes() {
        return Err(DgeError::OtherGenes { what: "the table of dispersions" });
    }
    Ok(match dispersion.tagwise.as_ref().or(dispersion.trended.as_ref()) {
        Some(values) => values.values().to_vec(),
        None => vec![dispersion.common; matrix.genes().len()],
    })
}

/// Places of the reference and target levels of a contrast.
pub(crate) fn levels_of(groups: &Groups, contrast: &ContrastSpec) -> Result<(usize, usize), DgeError> {
    let place = |level: &str| {
        groups.level(level).filter(|&place| groups.sizes()[place] > 0).ok_or_else(|| DgeError::UnknownLevel {
            variable: contrast.variable.clone(),
            level: level.to_owned(),
            known: groups.levels().iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", "),
        })
    };
    if contrast.reference == contrast.target {
        return Err(DgeError::SameLevel { contrast: contrast.id.clone(), level: contrast.target.clone() });
    }
    Ok((place(&contrast.reference)?, place(&contrast.target)?))
}
