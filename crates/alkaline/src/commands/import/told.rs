//! What an import says when it is done.

use alkaline_workflow::stages::import::Imported;

use crate::console::Console;

/// Says what was found and written, and what to do next.
pub(super) fn tell(console: &Console, imported: &Imported) {
    imported.said.iter().for_each(|line| console.result(line));
    let files: Vec<String> = imported.files.iter().map(|file| file.display().to_string()).collect();
    console.result(&format!("written: {}", files.join(", ")));
    if let Some(workflow) = files.iter().find(|file| file.ends_with("workflow.toml")) {
        console.result(&format!(
            "look through samples.csv and contrasts.csv, then: alkaline run {workflow} --out results"
        ));
    }
}
