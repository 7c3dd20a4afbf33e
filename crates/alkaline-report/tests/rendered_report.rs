//! The rendered report as a file: complete, self-contained, safe, the same every time, and alive in a browser.

mod invented_experiment;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use alkaline_core::results::{Direction, DispersionSource};
use alkaline_report::{ContrastReport, ReportData, figures, render};

/// Places in the HTML from which a browser would load something by itself.
const LOADING: [&str; 7] = ["src=\"", "src='", "<link", "@import", "url(", "<iframe", "fetch("];

#[test]
fn the_file_loads_nothing_from_outside() {
    let html = render(&invented_experiment::report(300)).unwrap();
    for mark in LOADING {
        assert!(!html.contains(mark), "the report contains `{mark}`");
    }
}

#[test]
fn names_with_markup_stay_text() {
    let mut report = invented_experiment::report(300);
    report.run.title = "</title><script>alert(1)</script>".into();
    report.contrasts[0].test.contrast.id = "a\"><img onerror=x>".into();
    report.samples.samples[0].values[0] = "<i>".into();
    let html = render(&report).unwrap();
    for mark in ["<script>alert", "<img onerror", "<b>odd", "<td><i>"] {
        assert!(!html.contains(mark), "the report contains `{mark}`");
    }
    let scripts = html.matches("<script").count();
    assert_eq!((scripts, html.matches("</script>").count()), (2, 2), "one data block, one program");
}

#[test]
fn readers_without_javascript_see_plots_and_the_top_genes() {
    let report = invented_experiment::report(300);
    let html = render(&report).unwrap();
    let fallback: String =
        html.split("<noscript").skip(1).filter_map(|part| part.split("</noscript>").next()).collect();
    assert_eq!(fallback.matches("<svg").count(), 2, "MA plot and volcano");
    assert_eq!(fallback.matches("<th scope=\"row\">").count(), 50);
    assert!(fallback.contains(report.contrasts[0].test.rows[49].gene.as_str()));
    assert!(!fallback.contains("<script"));
}

#[test]
fn the_same_data_give_the_same_bytes() {
    assert_eq!(
        render(&invented_experiment::report(200)).unwrap(),
        render(&invented_experiment::report(200)).unwrap()
    );
}

#[test]
fn what_a_run_lacks_is_left_out() {
    let whole = render(&invented_experiment::report(50)).unwrap();
    let bare = render(&ReportData {
        contrasts: vec![ContrastReport::new(invented_experiment::test_table(50))],
        ..ReportData::default()
    })
    .unwrap();
    for id in
        ["id=\"samples\"", "id=\"contrast-0-ora\"", "id=\"contrast-0-gsea\"", "id=\"contrast-0-panels\""]
    {
        assert!(whole.contains(id) && !bare.contains(id), "{id}");
    }
    assert!(render(&ReportData::default()).is_ok());
}

#[test]
fn an_assumed_dispersion_is_announced_at_the_top() {
    let mut report = invented_experiment::report(50);
    let estimated = render(&report).unwrap();
    report.contrasts[0].test.facts.dispersion = DispersionSource::Assumed { dispersion: 0.04 };
    let assumed = render(&report).unwrap();
    let announcement = "Dispersion not estimated.";
    assert!(!estimated.contains(announcement) && assumed.contains(announcement));
    assert!(assumed.contains("BCV 0.2"), "figures say it too");
}

#[test]
fn twenty_thousand_genes_stay_below_three_megabytes() {
    let html = render(&invented_experiment::report(20_000)).unwrap();
    assert!(html.len() < 3_000_000, "{} bytes", html.len());
}

#[test]
fn two_thousand_samples_stay_below_ten_megabytes() {
    let report = invented_experiment::many_samples(2_000, 6_000);
    let html = render(&report).unwrap();
    assert!(html.len() < 10_000_000, "{} bytes", html.len());
    assert_eq!(html.matches("<tr><th scope=\"row\">S").count(), 2_000, "every sample is listed");
    assert!(html.contains("60 of 2,000 samples are drawn"));
}

/// A figure of many samples is no larger than one of some: more would be neither seen nor drawn in time.
#[test]
fn figures_of_many_samples_are_bounded() {
    let elements = |samples: usize| -> Vec<(String, usize, usize)> {
        let all = figures(&invented_experiment::many_samples(samples, 400));
        all.into_iter().map(|f| (f.name, f.content.matches('<').count(), f.content.len())).collect()
    };
    for ((name, few, _), (other, many, bytes)) in elements(600).into_iter().zip(elements(3_000)) {
        assert_eq!(name, other);
        assert!(
            many <= few + few / 5 + 20 && bytes < 400_000,
            "{name}: {few} then {many} elements, {bytes} bytes"
        );
    }
}

#[test]
fn figures_are_well_formed_titled_and_uniquely_named() {
    let all = figures(&invented_experiment::report(400));
    assert!(all.len() >= 20, "{} figures", all.len());
    let mut names: Vec<String> = all.iter().map(alkaline_report::Figure::file_name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all.len());
    for figure in all.iter().filter(|figure| figure.extension == "svg") {
        assert!(
            figure.content.starts_with("<svg xmlns=") && figure.content.contains("<title>"),
            "{}",
            figure.name
        );
        assert!(!figure.content.contains("NaN"), "{}", figure.name);
        assert_balanced(&figure.name, &figure.content);
    }
}

/// Every opened element is closed, in order.
fn assert_balanced(name: &str, xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in xml.split('<').skip(1).filter_map(|part| part.split('>').next()) {
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{name}");
        } else if !tag.ends_with('/') && !tag.starts_with('?') {
            open.push(tag.split(' ').next().unwrap_or_default());
        }
    }
    assert!(open.is_empty(), "{name}: {open:?} left open");
}

/// The structure of a small figure, so that a change of layout is a decision.
#[test]
fn the_strandedness_figure_has_its_parts() {
    let report = invented_experiment::report(10);
    let points = figures::samples::strandedness::points(&report.qc).unwrap();
    let svg = figures::samples::strandedness::draw(&points).finish();
    let count = |mark: &str| svg.matches(mark).count();
    let samples = invented_experiment::SAMPLES.len();
    // Two bars a sample; two swatches, the background.
    assert_eq!(count("<rect"), 2 * samples + 3);
    for sample in invented_experiment::SAMPLES {
        assert!(count(&format!(">{sample}</text>")) == 1, "{sample}");
    }
    assert_eq!(count(">reverse</text>"), samples + 1, "the rule of every sample and the legend");
}

// ---- in a browser --------------------------------------------------------------------------------------------------

fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).flat_map(|dir| names.map(|name| dir.join(name))).find(|file| file.is_file())
}

/// What the page looks like after its script ran.
fn dumped_dom(browser: &Path, page: &Path, profile: &Path) -> String {
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--window-size=1200,900", "--virtual-time-budget=10000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", page.display()))
        .stderr(Stdio::null())
        .output()
        .expect("the browser starts");
    String::from_utf8(output.stdout).expect("the page is UTF-8")
}

/// Renders `report` with `driver` appended as a script, and gives back the page as the browser has it then.
fn page_after(report: &ReportData, driver: &str) -> Option<String> {
    let Some(browser) = chromium() else {
        alkaline_testkit::skip(
            "browser",
            "no chromium is on the PATH, so that the report's script was not tried",
        );
        return None;
    };
    let directory = tempfile::tempdir().expect("a place for temporary files");
    let page = directory.path().join("report.html");
    let html = render(report).expect("the report renders");
    std::fs::write(&page, html.replace("</body>", &format!("<script>{driver}</script></body>")))
        .expect("the page can be written");
    Some(dumped_dom(&browser, &page, &directory.path().join("profile")))
}

/// The text of the first element whose tag holds `mark`.
fn text_of<'a>(dom: &'a str, mark: &str) -> &'a str {
    let rest = dom.split(mark).nth(1).unwrap_or_else(|| panic!("no `{mark}` in the page"));
    rest.split('>').nth(1).and_then(|text| text.split('<').next()).unwrap_or_default()
}

#[test]
fn needs_browser_the_script_counts_and_lists_as_the_table_does() {
    let report = invented_experiment::report(2_000);
    let Some(dom) = page_after(&report, "") else { return };
    assert!(dom.contains("data-ready=\"yes\""), "the script ran to its end");
    let (up, down) = report.contrasts[0].test.called();
    assert_eq!(text_of(&dom, "class=\"n-up\""), format!("{up} up"));
    assert_eq!(text_of(&dom, "class=\"n-down\""), format!("{down} down"));
    assert_eq!(text_of(&dom, "class=\"where\""), "1–25 of 2,000");
    let body = dom.split("class=\"data genes\"").nth(1).unwrap().split("</table>").next().unwrap();
    assert_eq!(body.matches("<tr").count(), 1 + 25, "a heading and a page of genes");
    assert!(body.contains(report.contrasts[0].test.rows[0].gene.as_str()));
    assert!(
        body.contains("called up to BCV") && body.contains(">0.6</td>"),
        "the robustness of the first gene"
    );
}

#[test]
fn needs_browser_moving_a_threshold_recounts_the_genes() {
    let mut report = invented_experiment::report(2_000);
    let driver = "window.requestAnimationFrame = draw => { draw(); return 0; }; \
        const e = document.querySelector('[data-explorer]'); \
        const set = (name, value) => { const field = e.querySelector(name); field.value = value; field.dispatchEvent(new Event('input')); }; \
        set('.fdr', '0.001'); set('.lfc', '2'); set('.search', 'no such gene');";
    let Some(dom) = page_after(&report, driver) else { return };
    let strict = alkaline_core::results::Thresholds::by_fdr(0.001, 2.0);
    for row in &mut report.contrasts[0].test.rows {
        row.direction = strict.call(row.log2_fold_change, row.p_value, row.fdr);
    }
    let (up, down) = report.contrasts[0].test.called();
    assert!(up > 0 && down > 0, "the thresholds leave something to count");
    assert_eq!(text_of(&dom, "class=\"n-up\""), format!("{up} up"));
    assert_eq!(text_of(&dom, "class=\"n-down\""), format!("{down} down"));
    assert_eq!(text_of(&dom, "class=\"where\""), "no gene matches");
}

#[test]
fn needs_browser_a_click_on_the_plot_selects_a_gene_and_shows_its_samples() {
    let report = invented_experiment::report(2_000);
    let driver = "const over = document.querySelector('[data-plot=ma] canvas.over'), box = over.getBoundingClientRect(); \
        over.dispatchEvent(new PointerEvent('pointerup', { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 - 12 }));";
    let Some(dom) = page_after(&report, driver) else { return };
    let selected = dom.split("class=\"selected\"").nth(1).expect("a place for the selected gene");
    assert!(selected.starts_with('>'), "it is no longer hidden");
    let plot = selected.split("</svg>").next().expect("a drawing");
    assert_eq!(plot.matches("<circle").count(), invented_experiment::SAMPLES.len());
    assert_eq!(dom.matches("class=\"chosen\"").count(), 1, "one row of the table is marked");
}

#[test]
fn needs_browser_the_genes_of_a_set_can_be_pointed_out() {
    let report = invented_experiment::report(2_000);
    let first = &report.contrasts[0].ora[0].rows[0];
    let driver = "document.querySelector('button[data-mark]').click();";
    let Some(dom) = page_after(&report, driver) else { return };
    let said = dom.split("class=\"marked\"").nth(1).expect("a line that says what is pointed out");
    let number = first.genes.len();
    let expected = format!("{}: {number} tested genes of {number} pointed out.", first.description);
    assert!(said.contains(&expected), "{}", said.chars().take(200).collect::<String>());
    assert_eq!(text_of(&dom, "class=\"where\""), format!("1–25 of {number}"));
}

#[test]
fn needs_browser_a_hostile_gene_name_is_shown_as_text() {
    let mut report = invented_experiment::report(100);
    report.contrasts[0].test.rows[0].name = Some("</script><img src=x onerror=document.title=1>".into());
    let Some(dom) = page_after(&report, "document.querySelector('.genes tbody tr').click();") else { return };
    assert!(dom.contains("data-ready=\"yes\"") && !dom.contains("<img"));
    assert!(dom.contains("&lt;/script&gt;&lt;img src=x"), "the name stands in the table");
}

/// What the page says of itself in a frame of 390 pixels, as wide as a telephone: the width that it needs, and the widest element
/// outside of a box of its own that scrolls.
const MEASURE: &str = "addEventListener('load', () => setTimeout(() => { \
    document.querySelectorAll('details').forEach(node => { node.open = true; }); \
    document.querySelector('.genes tbody tr')?.click(); \
    const boxed = node => { for (let p = node.parentElement; p && p !== document.body; p = p.parentElement) \
        if (getComputedStyle(p).overflowX !== 'visible') return true; return false; }; \
    let widest = 0, name = ''; \
    for (const node of document.querySelectorAll('body *')) { const right = node.getBoundingClientRect().right; \
        if (right > widest && !boxed(node)) { widest = right; name = node.tagName + '.' + node.getAttribute('class'); } } \
    const page = document.documentElement; \
    parent.postMessage(`needs ${page.scrollWidth} of ${innerWidth}; widest ${Math.round(widest)} ${name}`, '*'); }, 100));";

/// Renders the page into a frame of `width` pixels, and gives back what [`MEASURE`] found.
fn measured_in_frame(report: &ReportData, width: u32) -> Option<String> {
    let Some(browser) = chromium() else {
        alkaline_testkit::skip(
            "browser",
            "no chromium is on the PATH, so that the report's script was not tried",
        );
        return None;
    };
    let directory = tempfile::tempdir().expect("a place for temporary files");
    let html = render(report).expect("the report renders");
    let html = html.replace("</body>", &format!("<script>{MEASURE}</script></body>"));
    std::fs::write(directory.path().join("report.html"), html).expect("the page can be written");
    let outer = format!(
        "<iframe src=\"report.html\" style=\"width:{width}px;height:800px;border:0\"></iframe><pre id=\"said\"></pre>\
         <script>addEventListener('message', event => {{ said.textContent = event.data; }})</script>"
    );
    let page = directory.path().join("outer.html");
    std::fs::write(&page, outer).expect("the frame can be written");
    let dom = dumped_dom(&browser, &page, &directory.path().join("profile"));
    Some(text_of(&dom, "id=\"said\"").to_owned())
}

#[test]
fn needs_browser_a_narrow_screen_never_scrolls_sideways() {
    let mut report = invented_experiment::report(300);
    let long = "a_contrast_whose_name_goes_on_and_on_without_a_single_blank_that_would_let_it_break";
    report.contrasts[0].test.contrast.id = long.into();
    report.contrasts[0].test.rows[0].name = Some(long.into());
    report.contrasts[0].ora[0].rows[0].description = long.into();
    report.contrasts[0].panels[0].name = long.into();
    report.run.title = long.into();
    report.warnings.push(long.into());
    report.samples.samples[0].values[0] = long.into();
    report.run.command_line = long.repeat(3);
    let Some(said) = measured_in_frame(&report, 390) else { return };
    let numbers: Vec<f64> = said.split([' ', ';']).filter_map(|word| word.parse().ok()).collect();
    let [needed, width, widest] = numbers[..] else { panic!("three numbers are wanted: {said}") };
    assert!(width == 390.0 && needed <= width && widest <= width, "{said}");
}

#[test]
fn needs_browser_a_saved_table_runs_no_formula() {
    let mut report = invented_experiment::report(60);
    let names = ["=1+1", "+cmd", "@sum(A1)", "-x", "-1.5", "\tpadded", "plain", "a,\"b\""];
    for (row, name) in report.contrasts[0].test.rows.iter_mut().zip(names) {
        row.name = Some(name.into());
    }
    let driver = "let text = ''; window.Blob = class { constructor(parts) { text = parts.join(''); } }; \
        URL.createObjectURL = () => '#'; HTMLAnchorElement.prototype.click = () => {}; \
        document.querySelector('button.csv').click(); \
        const box = document.createElement('pre'); box.id = 'saved'; box.textContent = text; document.body.append(box);";
    let Some(dom) = page_after(&report, driver) else { return };
    let saved = dom
        .split("id=\"saved\">")
        .nth(1)
        .and_then(|rest| rest.split("</pre>").next())
        .expect("the saved table");
    let found: Vec<&str> =
        saved.lines().skip(1).take(8).filter_map(|line| line.split_once(',')).map(|line| line.1).collect();
    let expected =
        ["'=1+1,", "'+cmd,", "'@sum(A1),", "'-x,", "-1.5,", "'\tpadded,", "plain,", "\"a,\"\"b\"\"\","];
    for (line, start) in found.iter().zip(expected) {
        assert!(line.starts_with(start), "{line} should begin with {start}");
    }
    assert_eq!(found.len(), expected.len());
    assert!(saved.lines().nth(1).is_some_and(|line| !line.contains("'-")), "numbers keep their sign");
}

#[test]
fn needs_browser_genes_of_both_directions_are_named_in_the_plots() {
    let report = invented_experiment::report(2_000);
    // What the page puts off until the next frame is done at once: a headless browser draws frames when it likes.
    let driver = "window.requestAnimationFrame = draw => { draw(); return 0; }; \
        const said = []; const write = CanvasRenderingContext2D.prototype.fillText; \
        CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { said.push(text); return write.call(this, text, ...rest); }; \
        document.querySelector('button.reset').click(); \
        const box = document.createElement('pre'); box.id = 'names'; box.textContent = said.join('\\n'); document.body.append(box);";
    let Some(dom) = page_after(&report, driver) else { return };
    let names =
        dom.split("id=\"names\">").nth(1).and_then(|rest| rest.split("</pre>").next()).expect("the names");
    let written: Vec<&str> = names.lines().collect();
    let of = |wanted: Direction| {
        let rows = report.contrasts[0].test.rows.iter().filter(|row| row.direction == wanted);
        rows.filter(|row| row.name.as_deref().is_some_and(|name| written.contains(&name))).count()
    };
    let (up, down) = (of(Direction::Up), of(Direction::Down));
    assert!(up >= 6 && down >= 6, "{up} up, {down} down are named");
}

/// In the dark, what does not belong to a set must be fainter than what does, not brighter.
#[test]
fn needs_browser_the_dark_page_dims_the_empty_dots_of_the_upset() {
    let mut report = invented_experiment::report(200);
    report.contrasts.push(report.contrasts[0].clone());
    let driver = "document.documentElement.dataset.theme = 'dark'; \
        const dot = document.querySelector('.grid-dot'), card = document.querySelector('.figure'); \
        const light = css => css.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0); \
        const box = document.createElement('pre'); box.id = 'light'; \
        box.textContent = `${light(getComputedStyle(dot).fill)} ${light(getComputedStyle(card).backgroundColor)}`; document.body.append(box);";
    let Some(dom) = page_after(&report, driver) else { return };
    let said = text_of(&dom, "id=\"light\"");
    let numbers: Vec<f64> = said.split(' ').filter_map(|part| part.parse().ok()).collect();
    assert!(numbers[0] > numbers[1] && numbers[0] < 300.0, "dot and card: {said}");
}
