//! HISAT2's programs behind its wrappers.
//!
//! `hisat2` is a Perl script that joins its arguments into one line for a shell (a blank in a path breaks it), unpacks
//! compressed reads through named pipes in /tmp without looking whether that succeeds, and goes by the endings of names.
//! `hisat2-build` is a Python script that only chooses one of two programs. Both are called directly here.

use alkaline_io::ReadError;

use crate::error::WorkflowError;
use crate::programs::{Program, ProgramError, SearchPath, Trouble};

/// The aligner for a small or a large index.
///
/// # Errors
/// [`WorkflowError::Program`] when it is not there or does not answer.
pub(super) fn aligner(search: &SearchPath, is_large: bool) -> Result<Program, WorkflowError> {
    behind(search, "hisat2", if is_large { "hisat2-align-l" } else { "hisat2-align-s" })
}

/// The program that makes a small or a large index.
///
/// # Errors
/// As [`aligner`].
pub(super) fn builder(search: &SearchPath, is_large: bool) -> Result<Program, WorkflowError> {
    behind(search, "hisat2-build", if is_large { "hisat2-build-l" } else { "hisat2-build-s" })
}

/// The program `name`, which lies beside the script `wrapper`, wherever links lead; else anywhere on the search path.
fn behind(search: &SearchPath, wrapper: &'static str, name: &'static str) -> Result<Program, WorkflowError> {
    let script = search.find(wrapper)?;
    let real = script.canonicalize().map_err(|source| ReadError::from_io(&script, source))?;
    let beside = real.with_file_name(name);
    let path = if beside.is_file() {
        beside
    } else {
        search.find(name).map_err(|_| {
            let what = format!("at {} is not whole: `{name}` is not beside it", script.display());
            ProgramError::new(wrapper, Trouble::Wrong(what))
        })?
    };
    let version = crate::programs::version(wrapper, &path)?;
    Ok(Program { name: name.to_owned(), path, version })
}
