//! `alkaline check`: everything that `run` would validate, and nothing computed.

use super::run::{RunArgs, request};
use crate::console::Console;
use crate::failure::Failure;

/// Validates the request, and says what a run would do.
pub fn run(args: &RunArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let request = request(args)?;
    for line in alkaline_workflow::check(&request, &args.out)? {
        console.result(&line);
    }
    console.result("all is well: `alkaline run` with the same arguments can begin");
    Ok(())
}
