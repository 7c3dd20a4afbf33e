//! Where the names that a module uses are written.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Crate, Import};

/// From module to module: the names that the first takes from the second.
pub type Uses = BTreeMap<(usize, usize), BTreeSet<String>>;

/// Imports followed from one to the next before they are taken for a riddle.
const MOST_STEPS: usize = 20;

/// What every module takes from the others.
pub fn uses_of(whole: &Crate) -> Uses {
    let mut uses = Uses::new();
    for (number, module) in whole.modules.iter().enumerate() {
        let imported = module.imports.iter().filter(|import| !import.passed_on).map(|import| &import.path);
        for path in imported.chain(&module.paths) {
            if let Some((home, name)) = whole.home(number, path, MOST_STEPS)
                && home != number
            {
                uses.entry((number, home)).or_default().insert(name);
            }
        }
    }
    uses
}

impl Crate {
    /// The module of this crate where the end of a path is written, and the name taken from there.
    ///
    /// `None` for names of other crates, of generics and of local variables.
    fn home(&self, from: usize, path: &[String], steps: usize) -> Option<(usize, String)> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.descend(0, rest, steps),
            "self" => self.descend(from, rest, steps),
            "super" => self.descend(self.modules[from].parent?, rest, steps),
            // a name alone is seen by the import that brought it
            _ if rest.is_empty() => None,
            _ => self.descend(from, path, steps),
        }
    }

    /// Whether a module or an item of that name is written in `module`.
    fn is_declared(&self, module: usize, name: &str) -> bool {
        self.modules[module].items.iter().any(|item| item == name)
    }

    /// Follows a path downwards from a module.
    fn descend(&self, module: usize, path: &[String], steps: usize) -> Option<(usize, String)> {
        let here = &self.modules[module];
        let Some((first, rest)) = path.split_first() else {
            return Some((module, here.path.last().cloned().unwrap_or_default()));
        };
        if first == "super" {
            return self.descend(here.parent?, rest, steps);
        }
        if first == "self" {
            return self.descend(module, rest, steps);
        }
        if let Some(&child) = here.children.get(first) {
            return self.descend(child, rest, steps);
        }
        if self.is_declared(module, first) {
            return Some((module, first.clone()));
        }
        let steps = steps.checked_sub(1)?;
        let named = here.imports.iter().find(|import| import.name.as_deref() == Some(first));
        if let Some(Import { path, .. }) = named {
            let whole: Vec<String> = path.iter().chain(rest).cloned().collect();
            return if path.first() == Some(first) { None } else { self.home(module, &whole, steps) };
        }
        let globs = here.imports.iter().filter(|import| import.name.is_none());
        globs
            .filter_map(|import| {
                let whole: Vec<String> = import.path.iter().chain(path).cloned().collect();
                self.home(module, &whole, steps)
            })
            .next()
    }
}
