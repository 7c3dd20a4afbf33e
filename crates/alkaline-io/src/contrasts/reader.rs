//! Reads a contrast file and reports everything that is wrong with it.

use std::path::Path;

use alkaline_core::samples::{ContrastSpec, Exclusion, ModelFormula, is_missing};

use super::{
    BLOCKING, BLOCKING_OF_YAML, COMPARISON, EXCLUDE, EXPRESSION, EXPRESSION_OF_NF_CORE, FORMULA, HEADER_HINT,
    ID, LEVELS,
};
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError, nearest};

/// Reads the contrasts at `path`.
///
/// # Errors
/// [`ReadError`] with every problem: missing or unknown columns, empty values, repeated ids.
pub fn read(path: &Path) -> Result<Vec<ContrastSpec>, ReadError> {
    read_checked(path, |_| Vec::new())
}

/// Reads the contrasts at `path`, and lets `check` judge (and complete) each; what it finds is told with file and line.
///
/// # Errors
/// As [`read`], with the problems that `check` found.
pub fn read_checked(
    path: &Path,
    check: impl Fn(&mut ContrastSpec) -> Vec<Problem>,
) -> Result<Vec<ContrastSpec>, ReadError> {
    let table = Delimited::open(path)?;
    FileProblems::check(path, header_problems(&table))?;
    let columns = Columns::of(&table);
    let mut problems = Vec::new();
    let mut contrasts: Vec<ContrastSpec> = Vec::new();
    for (line, row) in table.rows()? {
        let mut contrast = columns.contrast(&row);
        let mut found = columns.comparison_problem(&row);
        found.extend(problems_of(&contrast));
        found.extend(id_problems(&contrast.id, &contrasts));
        if found.is_empty() {
            found = check(&mut contrast);
        }
        problems.extend(found.into_iter().map(|problem| Problem { line: Some(line), ..problem }));
        contrasts.push(contrast);
    }
    if contrasts.is_empty() {
        problems.push(Problem::of_file("the file has a header but no contrasts"));
    }
    FileProblems::check(path, problems)?;
    Ok(contrasts)
}

/// Where the columns stand.
struct Columns {
    id: Option<usize>,
    levels: [Option<usize>; 3],
    comparison: Option<usize>,
    blocking: Option<usize>,
    exclude: [Option<usize>; 2],
    expression: Option<usize>,
    formula: Option<usize>,
}

impl Columns {
    fn of(table: &Delimited) -> Self {
        Self {
            id: table.column(ID),
            levels: LEVELS.map(|name| table.column(name)),
            comparison: table.column(COMPARISON),
            blocking: table.column(BLOCKING).or_else(|| table.column(BLOCKING_OF_YAML)),
            exclude: EXCLUDE.map(|name| table.column(name)),
            expression: table.column(EXPRESSION).or_else(|| table.column(EXPRESSION_OF_NF_CORE)),
            formula: table.column(FORMULA),
        }
    }

    /// One row as a contrast; columns that are missing are empty.
    fn contrast(&self, row: &Record) -> ContrastSpec {
        let field = |place: Option<usize>| {
            place.and_then(|place| row.get(place)).unwrap_or_default().trim().to_owned()
        };
        let given = |place| Some(field(place)).filter(|text| !text.is_empty());
        // R writes NA where nothing was said; nf-core's pipeline takes it so.
        let blocking = field(self.blocking);
        let blocking = if is_missing(&blocking) { Vec::new() } else { listed_in(&blocking) };
        let compared = listed_in(&field(self.comparison));
        let level = |place: usize| Some(field(self.levels[place])).filter(|text| !text.is_empty());
        let [variable, reference, target] =
            [0, 1, 2].map(|place| level(place).or_else(|| compared.get(place).cloned()).unwrap_or_default());
        let [column, values] = self.exclude.map(field);
        let exclude = Exclusion { column, values: listed_in(&values) };
        ContrastSpec {
            id: field(self.id),
            variable,
            reference,
            target,
            blocking,
            expression: given(self.expression),
            formula: given(self.formula).map(ModelFormula),
            exclude: (!exclude.column.is_empty() || !exclude.values.is_empty()).then_some(exclude),
        }
    }

    /// What is wrong with a variable and its levels that stand in one field.
    fn comparison_problem(&self, row: &Record) -> Vec<Problem> {
        let text = self.comparison.and_then(|place| row.get(place)).unwrap_or_default();
        let parts = listed_in(text).len();
        if parts == 0 || parts == LEVELS.len() {
            return Vec::new();
        }
        let message = format!("`{text}` are {parts}, but three are wanted: variable, reference, target");
        vec![Problem::of_file(message).in_column(COMPARISON)]
    }
}

/// The parts of a list that stands in one field.
fn listed_in(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// What is wrong with one contrast by itself.
fn problems_of(contrast: &ContrastSpec) -> Vec<Problem> {
    let ContrastSpec { id, variable, reference, target, expression, exclude, .. } = contrast;
    let empty = |column: &str| Problem::of_file("the value is empty").in_column(column);
    let mut problems = Vec::new();
    if let Some(Exclusion { column, values }) = exclude {
        problems.extend(column.is_empty().then(|| empty(EXCLUDE[0])));
        problems.extend(values.is_empty().then(|| empty(EXCLUDE[1])));
    }
    if id.is_empty() {
        problems.push(empty(ID));
    }
    if expression.is_some() {
        if !reference.is_empty() || !target.is_empty() {
            let message = "an expression stands beside reference and target";
            let hint = "give either `contrast` or `reference` and `target`";
            problems.push(Problem::of_file(message).in_column(EXPRESSION).hint(hint));
        }
        return problems;
    }
    for (name, value) in LEVELS.into_iter().zip([variable, reference, target]) {
        if value.is_empty() {
            problems.push(empty(name));
        }
    }
    if reference == target && !target.is_empty() {
        problems.push(Problem::of_file(format!("`{target}` is compared with itself")).in_column("target"));
    }
    problems
}

/// Whether an id can name a folder, and is not another contrast's.
fn id_problems(id: &str, others: &[ContrastSpec]) -> Vec<Problem> {
    let hint = "use letters, digits, - and _";
    let problem = |message: String| Problem::of_file(message).in_column(ID);
    let mut problems = Vec::new();
    if others.iter().any(|contrast| contrast.id == id) {
        problems.push(problem(format!("the id `{id}` is used twice")));
    } else if let Some(alike) = others.iter().find(|contrast| file_name(&contrast.id) == file_name(id)) {
        let message = format!("the ids `{}` and `{id}` give the same file names", alike.id);
        problems.push(problem(message).hint(hint));
    }
    if id.contains(['/', '\\']) || id.starts_with('.') {
        problems.push(problem(format!("`{id}` cannot name a folder")).hint(hint));
    }
    problems
}

/// What is left of an id in the names of figures: letters, digits, `-`; everything else is `_`.
fn file_name(id: &str) -> String {
    id.chars().map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' }).collect()
}

/// Columns that are missing or unknown.
fn header_problems(table: &Delimited) -> Vec<Problem> {
    let line = table.header_line;
    let has = |name: &str| table.column(name).is_some();
    let expressions = has(EXPRESSION) || has(EXPRESSION_OF_NF_CORE) || has(COMPARISON);
    let wanted = std::iter::once(ID).chain(LEVELS.into_iter().filter(|_| !expressions));
    let missing = wanted.filter(|name| !has(name)).map(|name| {
        let message =
            format!("no column `{name}`; the columns are: {}", alkaline_core::words::listed(&table.header));
        Problem::at_line(line, message).hint(HEADER_HINT)
    });
    let known = || {
        let others = [ID, BLOCKING, BLOCKING_OF_YAML, COMPARISON, EXPRESSION, EXPRESSION_OF_NF_CORE, FORMULA];
        others.into_iter().chain(LEVELS).chain(EXCLUDE)
    };
    let unknown =
        table.header.iter().filter(|name| !known().any(|known| known == name.as_str())).map(|name| {
            let problem = Problem::at_line(line, format!("unknown column `{name}`"));
            match nearest(name, known()) {
                Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
                None => problem.hint(HEADER_HINT),
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
    fn na_in_the_place_of_blocking_is_none() {
        let text = "id,variable,reference,target,blocking\na,treatment,control,treated,NA\nb,treatment,control,treated\n";
        let contrasts = read_text(text).unwrap();
        assert!(contrasts.iter().all(|contrast| contrast.blocking.is_empty()), "{contrasts:?}");
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

    #[test]
    fn an_expression_stands_in_place_of_reference_and_target() {
        let text = "id,variable,reference,target,contrast,formula\n\
                    either,,,,(A + B)/2 - C,\n\
                    a,condition,C,A,,~ batch + condition\n";
        let contrasts = read_text(text).unwrap();
        assert_eq!(contrasts[0].expression.as_deref(), Some("(A + B)/2 - C"));
        assert_eq!(contrasts[1].formula.as_ref().map(|f| f.0.as_str()), Some("~ batch + condition"));
        assert_eq!((contrasts[1].expression.as_deref(), contrasts[1].target.as_str()), (None, "A"));
        let alone = read_text("id,contrast\nx,B - A\n").unwrap();
        assert_eq!(alone[0], ContrastSpec::of_expression("x", "B - A"));
        let both = "id,variable,reference,target,contrast\nx,condition,A,B,B - A\n";
        let message = read_text(both).unwrap_err().to_string();
        assert!(message.contains("line 2, column `contrast`: an expression stands beside"), "{message}");
    }

    fn read_yaml(text: &str) -> Result<Vec<ContrastSpec>, ReadError> {
        let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read(file.path())
    }

    #[test]
    fn contrasts_of_nf_core_are_read_as_they_are() {
        let expected = ContrastSpec {
            blocking: vec!["replicate".into(), "batch".into()],
            exclude: Some(Exclusion { column: "qc".into(), values: vec!["fail".into(), "poor".into()] }),
            ..ContrastSpec::between("r_vs_p", "condition", "parental", "resistant")
        };
        let model = ContrastSpec {
            formula: Some(ModelFormula("~ condition + batch".into())),
            ..ContrastSpec::of_expression("other", "conditionresistant")
        };
        let table = "id,variable,reference,target,blocking,exclude_samples_col,exclude_samples_values,formula,\
                     make_contrasts_str\n\
                     r_vs_p,condition,parental,resistant,replicate;batch,qc,fail;poor,,\n\
                     other,,,,,,,~ condition + batch,conditionresistant\n";
        assert_eq!(read_text(table).unwrap(), [expected.clone(), model.clone()]);
        assert_eq!(read_text(&table.replace(',', "\t")).unwrap(), [expected.clone(), model.clone()]);
        let yaml = "contrasts:\n\
                    \x20 - id: r_vs_p\n\
                    \x20   comparison: [condition, parental, resistant]\n\
                    \x20   blocking_factors: [replicate, batch]\n\
                    \x20   exclude_samples_col: qc\n\
                    \x20   exclude_samples_values: [fail, poor]\n\
                    \x20 - id: other\n\
                    \x20   formula: \"~ condition + batch\"\n\
                    \x20   make_contrasts_str: \"conditionresistant\"\n";
        assert_eq!(read_yaml(yaml).unwrap(), [expected, model]);
    }

    #[test]
    fn all_problems_of_a_yaml_file_are_told_with_their_lines() {
        let text = "- id: a\n  comparison: [condition, parental]\n- id: b\n  comparison: [condition, x, x]\n  \
                    exclude_samples_col: qc\n";
        let message = read_yaml(text).unwrap_err().to_string();
        for part in [
            ".yaml, line 1, column `comparison`: `condition;parental` are 2, but three are wanted",
            ".yaml, line 3, column `target`: `x` is compared with itself",
            ".yaml, line 3, column `exclude_samples_values`: the value is empty",
        ] {
            assert!(message.contains(part), "{part} not in {message}");
        }
        let message = read_yaml("- id: a\n  comparision: [a, b, c]\n").unwrap_err().to_string();
        assert!(message.contains("did you mean `comparison`?"), "{message}");
    }

    #[test]
    fn what_is_written_reads_back() {
        let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        let levels = ContrastSpec::between("a", "condition", "C", "A");
        let blocked = ContrastSpec { blocking: vec!["x".into(), "y".into()], ..levels.clone() };
        let expression = ContrastSpec {
            formula: Some(ModelFormula("~ 0 + condition".into())),
            exclude: Some(Exclusion { column: "sample".into(), values: vec!["s1".into(), "s2".into()] }),
            ..ContrastSpec::of_expression("b", "(A + B)/2 - C")
        };
        for contrasts in [vec![levels], vec![blocked.clone(), expression], vec![blocked]] {
            crate::contrasts::write(file.path(), &contrasts).unwrap();
            assert_eq!(read(file.path()).unwrap(), contrasts);
        }
    }

    #[test]
    fn what_a_check_finds_is_told_with_its_line() {
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        file.write_all(b"id,variable,reference,target\nc,condition,x,y\n").unwrap();
        let check = |_: &mut ContrastSpec| vec![Problem::of_file("no such level").in_column("target")];
        let message = read_checked(file.path(), check).unwrap_err().to_string();
        assert!(message.ends_with(", line 2, column `target`: no such level"), "{message}");
    }
}
