//! Which sets stand for which, whatever the test: the course that both kinds of collapse take.

/// A set is explained when its p-values given the other are both above this (fgsea `pval.threshold`).
const EXPLAINED_ABOVE: f64 = 0.05;

/// What explains each of `number` sets, the most significant first; chains are followed to their end.
///
/// `p_values(set, others)` gives, for each of the others, the smaller of its p-values among and outside the genes of the set.
pub fn representatives(number: usize, p_values: impl Fn(usize, &[usize]) -> Vec<f64>) -> Vec<Option<usize>> {
    let mut parents: Vec<Option<usize>> = vec![None; number];
    for set in 0..number {
        if parents[set].is_some() {
            continue;
        }
        let others: Vec<usize> =
            (0..number).filter(|&other| other != set && parents[other].is_none()).collect();
        for (&other, p) in others.iter().zip(p_values(set, &others)) {
            if p > EXPLAINED_ABOVE {
                parents[other] = Some(set);
            }
        }
    }
    (0..number).map(|set| last_of_chain(&parents, set)).collect()
}

/// A set may be explained by one that is explained later; never in a circle, since what explains is not explained yet.
fn last_of_chain(parents: &[Option<usize>], set: usize) -> Option<usize> {
    let mut last = parents[set]?;
    while let Some(next) = parents[last] {
        last = next;
    }
    Some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_end_at_a_set_that_stands_for_itself() {
        let parents = [None, Some(0), Some(1)];
        assert_eq!(last_of_chain(&parents, 2), Some(0));
        assert_eq!(last_of_chain(&parents, 0), None);
    }
}
