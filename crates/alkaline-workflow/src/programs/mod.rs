//! Other people's programs: found, started, watched, and ended with us; what they say when they fail is told in words.
//!
//! Nothing here reads the environment: the binary hands over the folders of its search path.

mod running;
mod scratch;
mod search;

pub use crate::program_error::{ProgramError, Trouble};
pub(crate) use running::shell_word;
pub use running::{Running, Started};
pub use scratch::Scratch;
pub(crate) use search::version;
pub use search::{Program, SearchPath};
