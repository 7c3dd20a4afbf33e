//! What went wrong.

/// In words.
pub type Failure = String;
