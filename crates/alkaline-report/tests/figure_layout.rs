//! The figures as drawings: nothing overlaps, nothing leaves the page, and their structure changes only on purpose.

mod invented_experiment;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use alkaline_report::figures::Figure;
use alkaline_report::svg::text;
use alkaline_report::{ReportData, figures};

/// Height of a capital above the baseline and of a tail below it, as shares of the font size.
const ABOVE: f64 = 0.74;
const BELOW: f64 = 0.2;
/// Boxes that share less than this many pixels in either direction only touch.
const TOUCH: f64 = 1.0;

/// A piece of text and the rectangle it covers (left, top, right, bottom).
#[derive(Debug)]
struct Piece {
    words: String,
    area: [f64; 4],
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

fn number(tag: &str, name: &str) -> f64 {
    attribute(tag, name).and_then(|value| value.parse().ok()).unwrap_or(0.0)
}

fn unescaped(words: &str) -> String {
    let plain = words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    plain.replace("&amp;", "&")
}

/// The upright texts of a figure; turned ones are left out.
fn upright_texts(svg: &str) -> Vec<Piece> {
    svg.split("<text")
        .skip(1)
        .filter_map(|part| part.split("</text>").next()?.split_once('>'))
        .filter(|(tag, words)| !tag.contains("transform") && !words.is_empty())
        .map(|(tag, words)| {
            let words = unescaped(words);
            let (x, y, size) = (number(tag, "x"), number(tag, "y"), number(tag, "font-size"));
            let width = text::width(&words, size);
            let left = match attribute(tag, "text-anchor") {
                Some("middle") => x - width / 2.0,
                Some("end") => x - width,
                _ => x,
            };
            Piece { words, area: [left, y - ABOVE * size, left + width, y + BELOW * size] }
        })
        .collect()
}

fn overlap(a: &Piece, b: &Piece) -> bool {
    let shared = |low: usize, high: usize| a.area[high].min(b.area[high]) - a.area[low].max(b.area[low]);
    shared(0, 2) > TOUCH && shared(1, 3) > TOUCH
}

fn drawings(data: &ReportData) -> Vec<Figure> {
    figures(data).into_iter().filter(|figure| figure.extension == "svg").collect()
}

/// The report with names as long as people give them.
fn long_names() -> ReportData {
    let mut report = invented_experiment::report(400);
    let long = "a name that somebody thought would explain everything about the contrast, at length";
    let contrast = &mut report.contrasts[0];
    contrast.test.contrast.target = long.into();
    for row in contrast.ora.iter_mut().flat_map(|table| &mut table.rows) {
        row.description = format!("{} {long} {long}", row.description);
    }
    for row in contrast.gsea.iter_mut().flat_map(|table| &mut table.rows) {
        row.description = format!("{} {long}", row.description);
    }
    for row in &mut contrast.panels[0].rows {
        row.symbol = format!("{}_with_a_suffix", row.symbol);
    }
    report.contrasts.push(report.contrasts[0].clone());
    report.contrasts[1].test.contrast.id =
        "another_contrast_with_a_name_that_never_seems_to_end_at_all".into();
    report
}

#[test]
fn no_text_overlaps_another() {
    for report in [invented_experiment::report(400), invented_experiment::report(20_000), long_names()] {
        for figure in drawings(&report) {
            let texts = upright_texts(&figure.content);
            assert!(!texts.is_empty(), "{} has no text", figure.name);
            for (i, a) in texts.iter().enumerate() {
                let hit = texts[i + 1..].iter().find(|b| overlap(a, b));
                assert!(hit.is_none(), "{}: `{}` overlaps {hit:?}", figure.name, a.words);
            }
        }
    }
}

#[test]
fn no_text_leaves_the_page() {
    for report in [invented_experiment::report(400), long_names()] {
        for figure in drawings(&report) {
            let head = figure.content.split('>').next().expect("a tag");
            let (width, height) = (number(head, "width"), number(head, "height"));
            for piece in upright_texts(&figure.content) {
                let [left, top, right, bottom] = piece.area;
                let inside = left >= -1.0 && top >= -1.0 && right <= width + 1.0 && bottom <= height + 1.0;
                assert!(inside, "{} ({width} x {height}): {piece:?}", figure.name);
            }
        }
    }
}

/// Numbers of elements of every figure, as a table.
fn structure(all: &[Figure]) -> String {
    let mut out = String::from("figure\tcircle\tline\tpath\trect\ttext\n");
    for figure in all {
        let mut elements: BTreeMap<&str, usize> =
            ["circle", "line", "path", "rect", "text"].map(|name| (name, 0)).into();
        for tag in figure.content.split('<').skip(1) {
            let name = tag.split([' ', '>', '/']).next().unwrap_or_default();
            if let Some(number) = elements.get_mut(name) {
                *number += 1;
            }
        }
        let numbers: Vec<String> = elements.values().map(ToString::to_string).collect();
        let _ = writeln!(out, "{}\t{}", figure.name, numbers.join("\t"));
    }
    out
}

/// `tests/snapshots/figures.tsv` holds what was drawn when somebody last looked at the figures. After looking again,
/// delete the file and run the test: it is written anew, and the test fails once to say so.
#[test]
fn the_structure_of_the_figures_is_as_it_was_looked_at() {
    let found = structure(&drawings(&invented_experiment::report(400)));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/figures.tsv");
    let Ok(expected) = std::fs::read_to_string(&path) else {
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory for snapshots");
        std::fs::write(&path, found).expect("the snapshot can be written");
        panic!("{} was missing and has been written: look at the figures, then commit it", path.display());
    };
    assert_eq!(found, expected);
}
