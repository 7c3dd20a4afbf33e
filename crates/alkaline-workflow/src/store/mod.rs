//! The directory of a run: where everything lies, what is done, and how new files take the place of old ones.
//!
//! Whatever ends the program, and whenever, the next one finds either the old files or the new ones, and a receipt only for
//! what is complete.

mod commit;
mod completion;
mod exchange;
pub mod files;
pub mod fingerprint;
pub mod layout;
pub mod lock;
mod memory;
mod occupant;
mod open;
pub mod receipt;

pub use commit::Staged;
pub use layout::RunDirectory;
pub use lock::{Holder, Wait};
pub use occupant::check_place;
pub use open::{Damage, Planned, Store, read_spec};
