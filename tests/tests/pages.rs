//! Links of the documentation lead somewhere, and the book lists every page.

#![cfg(test)]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use alkaline_testkit::pages::pages;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The text of a page without what stands between fences and backticks.
fn prose(page: &str) -> String {
    let mut is_code = false;
    let mut prose = String::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            // every other piece between backticks is code
            line.split('`').step_by(2).for_each(|piece| prose.push_str(piece));
        }
        prose.push('\n');
    }
    prose
}

/// The targets of a page's links, with their lines.
fn links(page: &str) -> Vec<(usize, String)> {
    let of_line = |(number, line): (usize, &str)| {
        let targets = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        targets.map(|(target, _)| (number + 1, target.to_owned())).collect::<Vec<_>>()
    };
    prose(page).lines().enumerate().flat_map(of_line).collect()
}

/// The anchors of a page's headings, as code-hosting sites and mdBook make them.
fn anchors(page: &str) -> HashSet<String> {
    let mut is_code = false;
    let mut found = HashSet::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if let Some(heading) = line.strip_prefix('#').filter(|_| !is_code) {
            let words = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            found.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
        }
    }
    found
}

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    let mut looked_at = 0;
    for path in pages(&root()) {
        let text = fs::read_to_string(&path).unwrap();
        for (line, target) in links(&text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            looked_at += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let place = if file.is_empty() { path.clone() } else { path.with_file_name("").join(file) };
            let is_there = place.exists();
            let has_anchor = || anchors(&fs::read_to_string(&place).unwrap_or_default()).contains(anchor);
            if !is_there || (!anchor.is_empty() && !has_anchor()) {
                broken.push(format!("{}:{line}: {target}", path.display()));
            }
        }
    }
    assert!(looked_at > 80, "{looked_at} links were found");
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

#[test]
fn the_book_lists_every_page() {
    let docs = root().join("docs");
    let summary = fs::read_to_string(docs.join("SUMMARY.md")).unwrap();
    let listed: HashSet<PathBuf> = links(&summary).into_iter().map(|(_, target)| docs.join(target)).collect();
    let missing: Vec<PathBuf> = pages(&docs)
        .into_iter()
        .filter(|page| !page.ends_with("SUMMARY.md") && !listed.contains(page))
        .collect();
    assert!(missing.is_empty(), "pages that SUMMARY.md does not list: {missing:?}");
}
