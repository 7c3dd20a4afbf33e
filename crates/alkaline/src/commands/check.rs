//! `alkaline check`: everything that `run` would validate, and nothing computed.

use alkaline_workflow::Observer;

use super::reads_input::search_path;
use super::run::{RunArgs, request};
use crate::console::Console;
use crate::failure::Failure;

/// Validates the request, and says what a run would do.
pub fn run(args: &RunArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let request = request(args)?;
    let checked = alkaline_workflow::check(&request, &args.out, &search_path())?;
    checked.plan.iter().for_each(|line| console.result(line));
    checked.warnings.iter().for_each(|warning| console.warning(warning));
    console.result(&match checked.warnings.len() {
        0 => "all is well: `alkaline run` with the same arguments can begin".to_owned(),
        1 => "`alkaline run` with the same arguments can begin; look at the warning first".to_owned(),
        several => {
            format!("`alkaline run` with the same arguments can begin; look at the {several} warnings first")
        }
    });
    Ok(())
}
