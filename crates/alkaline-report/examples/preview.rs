//! Writes the report of an invented experiment, to look at while working on templates and figures.
//!
//! `cargo run -p alkaline-report --example preview -- DIRECTORY [GENES]` writes `report.html`, `figures/` and `multiqc/`.

#[path = "../tests/invented_experiment/mod.rs"]
mod invented_experiment;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("usage: preview DIRECTORY [GENES]")?;
    let genes = arguments.next().map_or(Ok(16_000), |text| text.parse())?;
    let data = invented_experiment::report(genes);
    let directory = Path::new(&directory);
    std::fs::create_dir_all(directory.join("figures"))?;
    std::fs::create_dir_all(directory.join("multiqc"))?;
    std::fs::write(directory.join("report.html"), alkaline_report::render(&data)?)?;
    for figure in alkaline_report::figures(&data) {
        std::fs::write(directory.join("figures").join(figure.file_name()), figure.content)?;
    }
    for (name, content) in alkaline_report::multiqc_files(&data) {
        std::fs::write(directory.join("multiqc").join(name), content)?;
    }
    Ok(())
}
