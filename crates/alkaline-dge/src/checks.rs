//! Conditions that every stage checks before it computes.

use alkaline_core::results::DispersionEstimates;
use alkaline_core::{ContrastSpec, CountMatrix, Groups, LibrarySizes};
use rustc_hash::FxHashMap;

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
    let digests = digests(matrix);
    for level in 0..groups.levels().len() {
        let members = groups.members(level);
        if let Some((first, second)) = first_copy(matrix, &members, &digests) {
            let name = |sample: usize| matrix.samples().ids()[sample].to_string();
            return Err(DgeError::IdenticalSamples { first: name(first), second: name(second) });
        }
    }
    Ok(())
}

/// The first sample that has a copy, with the first of its copies. Samples without any count are no copies of each other.
fn first_copy(matrix: &CountMatrix, members: &[usize], digests: &[u64]) -> Option<(usize, usize)> {
    let mut alike: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    members.iter().for_each(|&member| alike.entry(digests[member]).or_default().push(member));
    let is_empty = |sample: usize| matrix.rows().all(|row| row[sample] == 0.0);
    let is_copy = |first: usize, second: usize| matrix.rows().all(|row| row[first] == row[second]);
    members.iter().find_map(|&first| {
        let alike = &alike[&digests[first]];
        if alike.len() == 1 || is_empty(first) {
            return None;
        }
        let later = alike.iter().skip_while(|&&other| other != first).skip(1);
        later.copied().find(|&second| is_copy(first, second)).map(|second| (first, second))
    })
}

/// A number for the counts of each sample that copies share, found in one pass: all pairs of thousands of samples would take
/// minutes.
fn digests(matrix: &CountMatrix) -> Vec<u64> {
    /// Odd, with bits all over: the golden ratio's.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut digests = vec![0_u64; matrix.samples().len()];
    for row in matrix.rows() {
        for (digest, count) in digests.iter_mut().zip(row) {
            // adding zero makes one zero of both
            *digest = (digest.rotate_left(5) ^ (count + 0.0).to_bits()).wrapping_mul(FACTOR);
        }
    }
    digests
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
            known: alkaline_core::words::quoted(groups.levels()),
        })
    };
    if contrast.reference == contrast.target {
        return Err(DgeError::SameLevel { contrast: contrast.id.clone(), level: contrast.target.clone() });
    }
    Ok((place(&contrast.reference)?, place(&contrast.target)?))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use alkaline_core::{GeneIndex, SampleIndex};

    use super::*;

    /// Ten genes in many samples of one group, all different but for the columns that `change` makes.
    fn refused(samples: usize, change: impl Fn(usize, usize) -> Option<f64>) -> Option<(String, String)> {
        let index = SampleIndex::new((0..samples).map(|i| format!("s{i}").into()).collect()).unwrap();
        let genes = GeneIndex::new((0..10).map(|i| format!("g{i}").into()).collect()).unwrap();
        let value = |gene: usize, sample: usize| {
            change(gene, sample).unwrap_or(((sample + 1) * (gene + 3) % 10_007) as f64)
        };
        let counts = (0..10 * samples).map(|i| value(i / samples, i % samples)).collect();
        let matrix = CountMatrix::new(genes, Arc::clone(&index), counts).unwrap();
        match distinct_replicates(&matrix, &Groups::new(index, &vec!["a"; samples])) {
            Err(DgeError::IdenticalSamples { first, second }) => Some((first, second)),
            other => other.map(|()| None).unwrap(),
        }
    }

    #[test]
    fn of_thousands_of_samples_the_first_copy_is_found_and_empty_ones_are_none() {
        assert_eq!(refused(3_000, |_, _| None), None);
        assert_eq!(refused(3_000, |_, sample| (sample > 1_500).then_some(0.0)), None);
        let copies =
            |gene: usize, sample: usize| [7, 2_900, 11, 12].contains(&sample).then_some(gene as f64 * 2.0);
        assert_eq!(refused(3_000, copies), Some(("s7".into(), "s11".into())));
        let zeros = |gene: usize, sample: usize| {
            [4, 9].contains(&sample).then_some(if gene == 0 { 5.0 } else { -0.0 })
        };
        assert_eq!(refused(20, zeros), Some(("s4".into(), "s9".into())));
    }
}
