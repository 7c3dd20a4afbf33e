//! `alkaline check`: everything that `run` would validate, and nothing computed.

use super::run::{RunArgs, request};
use crate::console::Console;
use crate::failure::Failure;

/// How a line begins that tells of no obstacle, but of something to look at.
const WARNING: &str = "warning: ";

/// Validates the request, and says what a run would do.
pub fn run(args: &RunArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let request = request(args)?;
    let lines = alkaline_workflow::check(&request, &args.out)?;
    lines.iter().for_each(|line| console.result(line));
    let warnings = lines.iter().filter(|line| line.starts_with(WARNING)).count();
    console.result(&match warnings {
        0 => "all is well: `alkaline run` with the same arguments can begin".to_owned(),
        1 => "`alkaline run` with the same arguments can begin; look at the warning first".to_owned(),
        several => {
            format!("`alkaline run` with the same arguments can begin; look at the {several} warnings first")
        }
    });
    Ok(())
}
