//! Pure numerics on slices: special functions, solvers, smoothers, negative-binomial likelihoods. Knows no genes.
