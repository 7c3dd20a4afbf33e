//! The tables of a run's contrasts as one workbook.

use std::path::{Path, PathBuf};

use alkaline_export::workbook::{self, Sheet};
use alkaline_export::{Column, Table, Values};
use alkaline_io::delimited::read_text;
use alkaline_io::file::write_atomically;

use super::experiment::Exported;
use super::rows::read;
use crate::error::WorkflowError;

/// Writes one file: what is where, the methods, and a sheet for every table of every contrast.
pub(super) fn write(run: &Exported, out: &Path) -> Result<Vec<PathBuf>, WorkflowError> {
    let mut sheets = Vec::new();
    let mut contents: Vec<[String; 3]> = Vec::new();
    for contrast in &run.contrasts {
        for (name, path) in run.tables(contrast) {
            let short = name.rsplit('/').next().unwrap_or(&name).to_owned();
            let table = read(&path)?;
            contents.push([contrast.id.clone(), name, table.rows().to_string()]);
            // What the sheet is comes first: of long names Excel keeps the beginning.
            let name = if run.contrasts.len() == 1 { short } else { format!("{short} {}", contrast.id) };
            sheets.push(Sheet { name, table });
        }
    }
    let mut all = vec![
        Sheet { name: "contents".to_owned(), table: Table::default() },
        Sheet { name: "methods".to_owned(), table: methods(run)? },
    ];
    all.extend(sheets);
    all[0].table = what_is_where(&all, &contents);
    write_atomically(out, |file| workbook::write(file, &all))?;
    Ok(vec![out.to_owned()])
}

/// The sheets with their contrast, table and number of rows.
fn what_is_where(sheets: &[Sheet], contents: &[[String; 3]]) -> Table {
    let names = workbook::names(sheets.iter().map(|sheet| sheet.name.as_str()));
    let column = |place: usize| contents.iter().map(|line| Some(line[place].clone())).collect();
    let rows = contents.iter().map(|line| line[2].parse().unwrap_or_default()).collect();
    Table::new(vec![
        Column::new("sheet", Values::Text(names.into_iter().skip(2).map(Some).collect())),
        Column::new("contrast", Values::Text(column(0))),
        Column::new("table", Values::Text(column(1))),
        Column::new("rows", Values::Whole(rows)),
    ])
}

/// The methods of the run, a paragraph a row.
fn methods(run: &Exported) -> Result<Table, WorkflowError> {
    let text = read_text(&run.directory.methods())?;
    let lines = text.lines().filter(|line| !line.trim().is_empty()).map(|line| Some(line.to_owned()));
    Ok(Table::new(vec![Column::new("methods", Values::Text(lines.collect()))]))
}
