//! What a run says of itself: folds over its plan and its receipts, so that a resumed run says the same as one that was never
//! interrupted.

pub mod again;
pub mod difference;
pub mod manifest;
pub mod methods;
pub mod reproduce;
pub mod ro_crate;

pub use manifest::RunManifest;
