//! Reads a contrast file and reports everything that is wrong with it.

use std::path::Path;

use alkaline_core::samples::ContrastSpec;

use super::{BLOCKING, REQUIRED};
use crate::delimited::Delimited;
use crate::error::{FileProblems, Problem, ReadError, nearest};

/// Reads the contrasts at `path`.
///
/// # Errors
/// [`ReadError`] with every problem: missing or unknown columns, empty values, repeated ids.
pub fn read(path: &Path) -> Result<Vec<ContrastSpec>, ReadError> {
    let table = Delimited::open(path)?;
    FileProblems::check(path, header_problems(&table))?;
    let column = |name: &str| table.column(name).unwrap_or_default();
    let places = REQUIRED.map(column);
    let blocking = table.column(BLOCKING);
    let mut problems = Vec::new();
    let mut contrasts: Vec<ContrastSpec> = Vec::new();
    for (line, row) in table.rows()? {
        let field = |place: usize| row.get(place).unwrap_or_default().trim().to_owned();
        let [id, variable, reference, target] = places.map(field);
        for (name, value) in REQUIRED.iter().zip([&id, &variable, &reference, &target]) {
            if value.is_empty() {
                problems.push(Problem::at_line(line, "the value is empty").in_column(*name));
            }
        }
        if contrasts.iter().any(|contrast| contrast.id == id) {
            problems.push(Problem::at_line(line, format!("the id `{id}` is used twice")).in_column("id"));
        } else if let Some(alike) =
            contrasts.iter().find(|contrast| file_name(&contrast.id) == file_name(&id))
        {
            let message = format!("the ids `{}` and `{id}` give the same file names", alike.id);
            problems
                .push(Problem::at_line(line, message).in_column("id").hint("use letters, digits, - and _"));
        }
        if id.contains(['/', '\\']) || id.starts_with('.') {
            let message = format!("`{id}` cannot name a folder");
            problems
                .push(Problem::at_line(line, message).in_column("id").hint("use letters, digits, - and _"));
        }
        if reference == target {
            problems.push(
                Problem::at_line(line, format!("`{target}` is compared with itself")).in_column("target"),
            );
        }
        let blocking = blocking.map(field).unwrap_or_default();
        let blocking =
            blocking.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        contrasts.push(ContrastSpec { id, variable, reference, target, blocking });
    }
    if contrasts.is_empty() {
        problems.push(Problem::of_file("the file has a header but no contrasts"));
    }
    FileProblems::check(path, problems)?;
    Ok(contrasts)
}

/// What is left of an id in the names of figures: letters, digits, `-`; everything else is `_`.
fn file_name(id: &str) -> String {
    id.chars().map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' }).collect()
}

/// Columns that are missing or unknown.
fn header_problems(table: &Delimited) -> Vec<Problem> {
    let line = table.header_line;
    let missing = REQUIRED.iter().filter(|name| table.column(name).is_none()).map(|name| {
        let message = format!("no column `{name}`; the columns are: {}", table.header.join(", "));
        Problem::at_line(line, message).hint("the first line is: id,variable,reference,target[,blocking]")
    });
    let known = |name: &str| REQUIRED.contains(&name) || name == BLOCKING;
    let unknown = table.header.iter().filter(|name| !known(name)).map(|name| {
        let problem = Problem::at_line(line, format!("unknown column `{name}`"));
        match nearest(name, REQUIRED.into_iter().chain([BLOCKING])) {
            Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
            None => problem.hint("the columns are: id,variable,reference,target[,blocking]"),
        }
    });
    missing.chain(unknown).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read_text(text: &str) -> Result<Vec<ContrastSpec>, ReadError> {
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read(file.path())
    }

    #[test]
    fn columns_may_stand_in_any_order_and_blocking_may_be_absent() {
        let contrasts =
            read_text("target,id,reference,variable\nresistant,r_vs_p,parental,condition\n").unwrap();
        assert_eq!(contrasts[0].target, "resistant");
        assert!(contrasts[0].blocking.is_empty());
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let text = "id,variable,reference,target\na,condition,x,x\na,condition,,y\n";
        let message = read_text(text).unwrap_err().to_string();
        for part in [
            "`x` is compared with itself",
            "the id `a` is used twice",
            "column `reference`: the value is empty",
        ] {
            assert!(message.contains(part), "{part} not in {message}");
        }
        assert!(
            read_text("id,variable,referense,target\na,b,c,d\n")
                .unwrap_err()
                .to_string()
                .contains("`reference`?")
        );
    }
}
