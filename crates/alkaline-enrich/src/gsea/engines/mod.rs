//! From a score to its P-value: by importance sampling, by enumeration, as fgsea does it, by permuting samples, and CAMERA.

pub(crate) mod camera;
pub(crate) mod exact;
pub(crate) mod fgsea;
pub(crate) mod importance;
pub(crate) mod multilevel;
pub(crate) mod null;
pub(crate) mod p_values;
pub(crate) mod permutation;
pub(crate) mod refine;
pub(crate) mod score_ranges;
pub(crate) mod shared_tail;
pub(crate) mod size_grid;
