//! Libraries sorted by group: which columns belong together and how large they are.

use alkaline_core::{CountMatrix, Groups};
use alkaline_math::special::{WIDE, Wide};

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

    /// The members' counts out of a whole row, one by one.
    pub(crate) fn counts<'a>(&'a self, row: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.members.iter().map(|&i| row[i])
    }
}

/// Counts of up to eight genes, gathered until they are worth a calculation: one entry per library.
pub(crate) struct Batch {
    /// Which gene stands in which column.
    pub genes: Vec<usize>,
    /// The counts; zero in columns without a gene.
    pub counts: Vec<Wide>,
}

impl Batch {
    /// No gene yet.
    pub(crate) fn new(libraries: usize) -> Self {
        Self { genes: Vec::with_capacity(WIDE), counts: vec![[0.0; WIDE]; libraries] }
    }

    /// Adds a gene.
    pub(crate) fn push(&mut self, gene: usize, counts: impl IntoIterator<Item = f64>) {
        let column = self.genes.len();
        self.counts.iter_mut().zip(counts).for_each(|(wide, count)| wide[column] = count);
        self.genes.push(gene);
    }

    /// Whether no other gene fits in.
    pub(crate) fn is_full(&self) -> bool {
        self.genes.len() == WIDE
    }

    /// Lets all genes go.
    pub(crate) fn clear(&mut self) {
        self.genes.clear();
        self.counts.fill([0.0; WIDE]);
    }
}

/// Places of `genes` by rising total count. Eight genes that are handled abreast take as long as the slowest of them: genes of like
/// counts take the same ways. What is found for a gene does not depend on the seven others.
pub(crate) fn by_total(matrix: &CountMatrix, genes: &[usize]) -> Vec<usize> {
    // totals are not negative, and the bits of such numbers have their order
    let total = |&gene: &usize| matrix.row(gene).iter().sum::<f64>().to_bits();
    let mut keys: Vec<(u64, usize)> = genes.iter().map(total).zip(0..).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, place)| place).collect()
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
