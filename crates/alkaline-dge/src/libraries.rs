//! Libraries sorted by group: which columns belong together and how large they are.

use alkaline_core::Groups;

/// The libraries of one group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LibraryGroup {
    /// Columns of the count matrix.
    pub members: Vec<usize>,
    /// Effective library sizes of the members.
    pub sizes: Vec<f64>,
}

impl LibraryGroup {
    pub(crate) fn new(members: Vec<usize>, effective: &[f64]) -> Self {
        let sizes = members.iter().map(|&i| effective[i]).collect();
        Self { members, sizes }
    }

    /// The members' counts out of a whole row.
    pub(crate) fn gather(&self, row: &[f64], counts: &mut Vec<f64>) {
        counts.clear();
        counts.extend(self.members.iter().map(|&i| row[i]));
    }
}

/// One entry per group that has members.
pub(crate) fn by_group(groups: &Groups, effective: &[f64]) -> Vec<LibraryGroup> {
    (0..groups.levels().len())
        .map(|level| LibraryGroup::new(groups.members(level), effective))
        .filter(|group| !group.members.is_empty())
        .collect()
}

/// The geometric mean of library sizes: the size that all are adjusted to.
pub(crate) fn common_size(sizes: &[f64]) -> f64 {
    let logs: Vec<f64> = sizes.iter().map(|size| size.ln()).collect();
    alkaline_math::summation::mean(&logs).exp()
}
