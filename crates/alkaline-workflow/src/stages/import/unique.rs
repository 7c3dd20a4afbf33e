//! Identifiers that stand twice get names of their own: what they mean is not known here, and nothing is added up.

use std::collections::{HashMap, HashSet};

use alkaline_core::words::{count, listed_up_to};

/// Identifiers shown in the notice.
const SHOWN: usize = 5;

/// The identifiers with `.2`, `.3` behind those that stand before already; and a notice where there are any.
pub(super) fn unique(ids: &[String]) -> (Vec<String>, Option<String>) {
    let mut used: HashSet<String> = ids.iter().cloned().collect();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut repeated: Vec<&str> = Vec::new();
    let mut names = Vec::with_capacity(ids.len());
    for id in ids {
        let number = numbers.entry(id).or_insert(0);
        *number += 1;
        if *number == 1 {
            names.push(id.clone());
            continue;
        }
        if *number == 2 {
            repeated.push(id);
        }
        let free = (*number..).map(|number| format!("{id}.{number}")).find(|name| !used.contains(name));
        let name = free.unwrap_or_default();
        used.insert(name.clone());
        names.push(name);
    }
    let notice = (!repeated.is_empty()).then(|| {
        format!(
            "{} more than once ({}): the later rows are called {}.2 and so on; nothing was added up",
            if repeated.len() == 1 {
                "an identifier stands".to_owned()
            } else {
                format!("{} stand", count(repeated.len(), "identifier"))
            },
            listed_up_to(SHOWN, &repeated),
            repeated[0]
        )
    });
    (names, notice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_that_repeat_get_numbers_and_are_told() {
        let ids = ["1-Mar", "A", "1-Mar", "1-Mar.2", "1-Mar"].map(str::to_owned);
        let (names, notice) = unique(&ids);
        assert_eq!(names, ["1-Mar", "A", "1-Mar.3", "1-Mar.2", "1-Mar.4"]);
        assert!(notice.unwrap().contains("an identifier stands more than once (1-Mar)"));
    }
}
