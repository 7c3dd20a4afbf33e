//! How far alkaline may be from edgeR, by kind of quantity.

/// Tolerance of robust estimates: upstream finds the prior degrees of freedom `d` to 1e-8 on the scale `d/(1 + d)`, which is
/// `1e-8 d` of their value where they are many.
pub const ROBUST: f64 = 1e-6;

/// How far each kind of quantity may be off.
#[derive(Clone, Copy)]
pub struct Tolerances {
    /// Normalisation factors, relative.
    pub factors: f64,
    /// Dispersions, relative.
    pub dispersion: f64,
    /// Dispersions that are the end of a search with tolerance 1e-6, relative.
    pub search: f64,
    /// Log fold changes and abundances, absolute.
    pub log_fold_change: f64,
    /// P values and FDR, relative.
    pub p: f64,
    /// Robust estimates and what follows from them, relative.
    pub robust: f64,
}

impl Default for Tolerances {
    /// Dispersions measured: below 6e-9, searched ones (`estimateCommonDisp`) below 1.3e-8.
    fn default() -> Self {
        Self {
            factors: 1e-12,
            dispersion: 1e-8,
            search: 2e-8,
            log_fold_change: 1e-9,
            p: 1e-6,
            robust: ROBUST,
        }
    }
}

impl Tolerances {
    /// Of one external case. With counts of millions upstream's objective is so large that its rounding moves the end of its
    /// search: the same steps in thirty digits end 2.7e-5 (`e01_1v3`, sixty genes) and 2.2e-8 (`e03_libs`) beside it.
    pub fn of_external(name: &str) -> Self {
        match name {
            "e01_1v3" => Self { dispersion: 1e-7, search: 2e-5, ..Self::default() },
            "e03_libs" => Self { log_fold_change: 3e-9, ..Self::default() },
            _ => Self::default(),
        }
    }
}
