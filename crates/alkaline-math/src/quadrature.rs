//! Numerical integration.

/// Nodes in (-1, 1) and weights of Gauss-Legendre quadrature, by Newton's method on the Legendre polynomial.
#[must_use]
pub fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    let polynomial = |x: f64| {
        let (mut previous, mut current) = (1.0, x);
        for k in 2..=n {
            let k = k as f64;
            (previous, current) = (current, ((2.0 * k - 1.0) * x * current - (k - 1.0) * previous) / k);
        }
        (current, n as f64 * (x * current - previous) / (x * x - 1.0))
    };
    (0..n)
        .map(|i| {
            let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
            for _ in 0..10 {
                let (value, slope) = polynomial(x);
                x -= value / slope;
            }
            let slope = polynomial(x).1;
            (x, 2.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quadrature_integrates_polynomials() {
        let nodes = gauss_legendre(128);
        assert!((nodes.iter().map(|(_, w)| w).sum::<f64>() - 2.0).abs() < 1e-13);
        assert!((nodes.iter().map(|(x, w)| x.powi(8) * w).sum::<f64>() - 2.0 / 9.0).abs() < 1e-13);
    }
}
