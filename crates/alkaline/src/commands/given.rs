//! What was typed replaces what a workflow file or a default says.

/// Replaces a value where another was given.
pub fn replace<T: Clone>(value: &mut T, given: Option<&T>) {
    if let Some(given) = given {
        *value = given.clone();
    }
}
