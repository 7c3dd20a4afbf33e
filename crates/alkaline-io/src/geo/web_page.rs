//! Pages of the web that servers send in place of data.

use crate::error::Problem;

/// Refuses a page of the web, which servers send where a file is not to be had.
pub(super) fn refuse_web_page(text: &str) -> Result<(), Problem> {
    let start: String = text.trim_start().chars().take(2000).collect();
    let lower = start.to_ascii_lowercase();
    if !(lower.starts_with("<!doctype html")
        || lower.starts_with("<html")
        || lower.starts_with("<?xml") && lower.contains("<html"))
    {
        return Ok(());
    }
    let title =
        lower.find("<title>").zip(lower.find("</title>")).and_then(|(from, to)| start.get(from + 7..to));
    let called = title.map_or_else(String::new, |title| format!(" (`{}`)", title.trim()));
    let hint = "servers send a page where the file does not exist or is private: check the accession, then download again";
    Err(Problem::of_file(format!("this is a page of the web{called}, not data")).hint(hint))
}
