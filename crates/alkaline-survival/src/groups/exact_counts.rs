//! How often each value of a rank statistic occurs among all arrangements.

/// Subsets of `1..=n` of size `size`, by their sum less the smallest such sum (the null distribution of the rank sum): shares.
pub fn rank_sums(m: usize, n: usize) -> Vec<f64> {
    let most = m * n;
    // number of ways: of sizes 0..=m, sums of ranks less the smallest
    let mut ways = vec![vec![0.0_f64; most + 1]; m + 1];
    ways[0][0] = 1.0;
    for item in 1..=m + n {
        for size in (1..=item.min(m)).rev() {
            // the item's rank beyond the smallest that a member of this size could have
            let added = item - size;
            for sum in (added..=most).rev() {
                let from = ways[size - 1][sum - added];
                ways[size][sum] += from;
            }
        }
    }
    shares(ways.swap_remove(m))
}

/// Subsets of `1..=n` by their sum (the null distribution of the signed rank sum): shares.
pub fn signed_rank_sums(n: usize) -> Vec<f64> {
    let most = n * (n + 1) / 2;
    let mut ways = vec![0.0; most + 1];
    ways[0] = 1.0;
    for item in 1..=n {
        for sum in (item..=most).rev() {
            ways[sum] += ways[sum - item];
        }
    }
    shares(ways)
}

/// Orders of `n` items by their number of inversions (the null distribution of Kendall's statistic): shares.
pub fn inversions(n: usize) -> Vec<f64> {
    let mut ways = vec![1.0];
    for item in 2..=n {
        let mut next = vec![0.0; ways.len() + item - 1];
        for (at, count) in ways.iter().enumerate() {
            (at..at + item).for_each(|to| next[to] += count);
        }
        let largest = next.iter().copied().fold(0.0, f64::max);
        // only shares matter: kept within the range of numbers
        ways = next.into_iter().map(|count| count / largest).collect();
    }
    shares(ways)
}

fn shares(ways: Vec<f64>) -> Vec<f64> {
    let total: f64 = ways.iter().sum();
    ways.into_iter().map(|count| count / total).collect()
}

/// Twice the smaller tail at `value`, at most one.
pub fn two_sided(shares: &[f64], value: usize) -> f64 {
    let lower: f64 = shares[..=value.min(shares.len() - 1)].iter().sum();
    let upper: f64 = shares.get(value..).map_or(0.0, |tail| tail.iter().sum());
    (2.0 * lower.min(upper)).min(1.0)
}
