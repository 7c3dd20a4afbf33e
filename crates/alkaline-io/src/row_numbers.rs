//! Numbers of rows, which R and pandas write in front of a table and which look like NCBI's numbers of genes.

/// Whether the numbers, in whatever order, are 1 to n, or 0 to n - 1. Three of them cannot tell.
pub(crate) fn are_row_numbers(mut numbers: Vec<usize>) -> bool {
    numbers.sort_unstable();
    let first = numbers.first().copied().unwrap_or(usize::MAX);
    numbers.len() > 3
        && first <= 1
        && numbers.iter().enumerate().all(|(place, &number)| number == place + first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_numbers_are_told_from_genes() {
        assert!(are_row_numbers(vec![1, 2, 3, 4]) && are_row_numbers(vec![3, 0, 1, 2]));
        assert!(
            !are_row_numbers(vec![1, 2, 9, 10]) && !are_row_numbers(vec![1, 2]) && !are_row_numbers(vec![])
        );
    }
}
