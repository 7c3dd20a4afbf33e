//! What happens when the user presses Ctrl-C: what was begun is cleared away, and the exit code is 130.

use std::path::Path;

use alkaline_workflow::staging::abandon;

use crate::failure::Failure;

/// The exit code of a program that was interrupted (128 + SIGINT).
const INTERRUPTED: i32 = 130;

/// From here on an interrupt leaves neither a half-built run for `out` nor a damaged older one.
pub fn clear_away_on_interrupt(out: &Path) -> Result<(), Failure> {
    let out = out.to_owned();
    ctrlc::set_handler(move || {
        abandon(&out);
        #[expect(clippy::exit, reason = "an interrupt ends the program here and now")]
        std::process::exit(INTERRUPTED);
    })
    .map_err(|error| Failure::machine(format!("cannot watch for interrupts: {error}")))
}
