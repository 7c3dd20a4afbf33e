//! Modules of a crate take from each other in one direction only: no circle of files.
//!
//! What a file takes from another is read from its paths (`use crate::a::B`, `super::c::d()`), tests aside. A name that a
//! module passes on (`pub use child::Thing`) belongs to where it is written, so that a parent which declares its children
//! and passes on their names takes nothing from them.

mod circles;
mod names;
mod references;
mod tree;

use std::path::Path;

use self::circles::circles;
use self::names::uses_of;
use self::tree::{Crate, Sources};
use crate::failure::Failure;
use crate::metadata::Target;

/// Checks every target of the workspace.
pub fn check<'a>(targets: impl Iterator<Item = &'a Target>) -> Result<String, Failure> {
    let mut found = Vec::new();
    let mut modules = 0;
    for target in targets {
        let read = |path: &Path| std::fs::read_to_string(path).ok();
        let (number, circles) = circles_of(&target.root, &read)?;
        modules += number;
        found.extend(circles.into_iter().map(|circle| format!("{}: {circle}", target.name)));
    }
    if !found.is_empty() {
        return Err(format!("modules that need each other:\n{}", found.join("\n")));
    }
    Ok(format!("modules: {modules} files without a circle"))
}

/// How many modules the crate that begins in `root` has, and its circles in words.
fn circles_of(root: &Path, read: &Sources) -> Result<(usize, Vec<String>), Failure> {
    let whole = Crate::read(root, read)?;
    let uses = uses_of(&whole);
    let told = circles(&uses).into_iter().map(|circle| in_words(&whole, &uses, &circle));
    Ok((whole.modules.len(), told.collect()))
}

/// Each file of a circle with what it takes from the others.
fn in_words(whole: &Crate, uses: &names::Uses, circle: &[usize]) -> String {
    let mut lines = vec![format!("a circle of {} modules", circle.len())];
    for (&(from, to), names) in uses {
        if circle.contains(&from) && circle.contains(&to) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let (from, to) = (&whole.modules[from], &whole.modules[to]);
            lines.push(format!("  {} takes {} from {}", from.name(), names.join(", "), to.name()));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// The circles of a crate made up of these files.
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files: HashMap<&str, &str> = files.iter().copied().collect();
        let read = |path: &Path| files.get(path.to_str()?).map(|text| (*text).to_owned());
        circles_of(Path::new("src/lib.rs"), &read).unwrap().1
    }

    #[test]
    fn two_files_that_import_each_other_are_a_circle() {
        let told = found(&[
            ("src/lib.rs", "mod a; mod b;"),
            ("src/a.rs", "use crate::b::TWO; pub const ONE: u8 = 1;"),
            ("src/b.rs", "pub const TWO: u8 = super::a::ONE + 1;"),
        ]);
        assert_eq!(told, ["a circle of 2 modules\n  a takes TWO from b\n  b takes ONE from a"]);
    }

    #[test]
    fn a_parent_that_passes_on_names_of_its_children_is_no_circle() {
        let parent = "pub mod child; mod other; pub use child::Thing; pub(crate) use other::*;";
        let told = found(&[
            ("src/lib.rs", "mod parent; pub use parent::Thing;"),
            ("src/parent/mod.rs", parent),
            ("src/parent/child.rs", "use super::Part; use crate::parent::part; pub struct Thing(Part);"),
            ("src/parent/other.rs", "pub(in crate::parent) struct Part; pub(super) fn part() {}"),
        ]);
        assert_eq!(told, Vec::<String>::new());
    }

    #[test]
    fn a_parent_that_calls_a_child_which_takes_its_constant_is_a_circle() {
        let told = found(&[
            ("src/lib.rs", "mod parent;"),
            ("src/parent.rs", "mod child; pub const LIMIT: u8 = 1; pub fn run() { child::run() }"),
            ("src/parent/child.rs", "pub fn run() { println!(\"{}\", super::LIMIT) }"),
        ]);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("parent takes run from parent::child"), "{told:?}");
        assert!(told[0].contains("parent::child takes LIMIT from parent"), "{told:?}");
    }

    #[test]
    fn a_circle_is_found_through_three_files_and_names_passed_on() {
        let told = found(&[
            ("src/lib.rs", "mod a; mod b; mod c; pub use a::A; pub use b::B; pub use c::C;"),
            ("src/a.rs", "use crate::B; pub struct A(B);"),
            ("src/b.rs", "use crate::C as Other; pub struct B(Box<Other>);"),
            ("src/c.rs", "pub struct C; impl C { fn f(a: &crate::A) {} }"),
        ]);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("a circle of 3 modules"), "{told:?}");
    }

    #[test]
    fn tests_may_look_upwards() {
        let told = found(&[
            ("src/lib.rs", "mod a; mod b;"),
            ("src/a.rs", "use crate::b::two; pub fn one() { two() }"),
            ("src/b.rs", "pub fn two() {} #[cfg(test)] mod tests { use crate::a::one; }"),
        ]);
        assert_eq!(told, Vec::<String>::new());
    }

    #[test]
    fn names_inside_macros_and_functions_count() {
        let told = found(&[
            ("src/lib.rs", "mod a; mod b;"),
            ("src/a.rs", "pub fn one() { use crate::b; b::two() }"),
            ("src/b.rs", "pub fn two() { assert!(crate::a::one() == ()) }"),
        ]);
        assert_eq!(told.len(), 1, "{told:?}");
    }

    #[test]
    fn a_module_elsewhere_is_found_by_its_path() {
        let told = found(&[
            ("src/lib.rs", "#[path = \"../shared/b.rs\"] mod b; mod a;"),
            ("src/a.rs", "use crate::b::two;"),
            ("shared/b.rs", "use crate::a; pub fn two() {}"),
        ]);
        assert_eq!(told.len(), 1, "{told:?}");
    }

    #[test]
    fn a_module_without_a_file_is_told() {
        let read = |path: &Path| (path == Path::new("src/lib.rs")).then(|| "mod gone;".to_owned());
        let told = circles_of(Path::new("src/lib.rs"), &read).unwrap_err();
        assert!(told.contains("gone"), "{told}");
    }
}
