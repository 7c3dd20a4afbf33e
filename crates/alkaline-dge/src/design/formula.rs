//! Reading of model formulas: `~ batch + condition`, `~ 0 + group`, `~ a * b`.

use super::DesignError;

/// A parsed formula.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Formula {
    pub intercept: bool,
    pub terms: Vec<Term>,
}

/// One variable, or the interaction of several.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub variables: Vec<Variable>,
}

/// A column, and how to read it where the formula says so.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Variable {
    pub name: String,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// By its values.
    ByValues,
    Factor,
    Numeric,
}

impl Formula {
    pub(super) fn parse(text: &str) -> Result<Self, DesignError> {
        let fail =
            |problem: &str| DesignError::Formula { formula: text.to_owned(), problem: problem.to_owned() };
        let body = text.trim().strip_prefix('~').ok_or_else(|| fail("a formula starts with `~`"))?;
        let mut formula = Self { intercept: true, terms: Vec::new() };
        for piece in body.replace('-', "+-").split('+').map(str::trim) {
            match piece.replace(' ', "").as_str() {
                "0" | "-1" => formula.intercept = false,
                "1" => formula.intercept = true,
                "" if body.trim().starts_with('-') => {}
                "" => return Err(fail("a term is missing beside a `+`")),
                other if other.starts_with('-') => return Err(fail("only `-1` can be taken away")),
                _ => formula.add(piece).map_err(|problem| fail(&problem))?,
            }
        }
        if formula.terms.is_empty() && !formula.intercept {
            return Err(fail("no term is left"));
        }
        formula.order_as_r();
        Ok(formula)
    }

    /// Main effects before interactions, and the variables of an interaction as they first appear in the formula.
    fn order_as_r(&mut self) {
        let mut seen: Vec<String> = Vec::new();
        for variable in self.terms.iter().flat_map(|term| &term.variables) {
            if !seen.contains(&variable.name) {
                seen.push(variable.name.clone());
            }
        }
        for term in &mut self.terms {
            term.variables.sort_by_key(|variable| seen.iter().position(|name| *name == variable.name));
        }
        let terms = std::mem::take(&mut self.terms);
        terms.into_iter().for_each(|term| self.push(term));
        self.terms.sort_by_key(|term| term.variables.len());
    }

    /// Whether what is left of `term` without `variable` is in the model too; of a single variable nothing is left.
    pub(super) fn has_margin(&self, term: &Term, variable: &Variable) -> bool {
        let rest: Vec<&Variable> = term.variables.iter().filter(|other| *other != variable).collect();
        let is_rest = |other: &Term| {
            other.variables.len() == rest.len() && rest.iter().all(|wanted| other.variables.contains(wanted))
        };
        rest.is_empty() || self.terms.iter().any(is_rest)
    }

    fn add(&mut self, piece: &str) -> Result<(), String> {
        let starred: Result<Vec<Term>, String> = piece.split('*').map(interaction).collect();
        let starred = starred?;
        starred.iter().for_each(|term| self.push(term.clone()));
        for mask in 1u32..1 << starred.len() {
            if mask.count_ones() > 1 {
                let chosen = starred.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1);
                self.push(Term { variables: chosen.flat_map(|(_, term)| term.variables.clone()).collect() });
            }
        }
        Ok(())
    }

    fn push(&mut self, term: Term) {
        if !self.terms.contains(&term) {
            self.terms.push(term);
        }
    }
}

fn interaction(piece: &str) -> Result<Term, String> {
    let variables: Result<Vec<Variable>, String> = piece.split(':').map(variable).collect();
    Ok(Term { variables: variables? })
}

fn variable(piece: &str) -> Result<Variable, String> {
    let piece = piece.trim();
    let wrapped = |function: &str| {
        piece.strip_prefix(function)?.trim_start().strip_prefix('(')?.strip_suffix(')').map(str::trim)
    };
    let (name, kind) = match (wrapped("factor"), wrapped("numeric")) {
        (Some(name), _) => (name, Kind::Factor),
        (_, Some(name)) => (name, Kind::Numeric),
        _ => (piece, Kind::ByValues),
    };
    let legal = |c: char| c.is_alphanumeric() || "_. ".contains(c);
    if name.is_empty() || !name.chars().all(legal) {
        return Err(format!("`{piece}` is not the name of a column"));
    }
    Ok(Variable { name: name.to_owned(), kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(formula: &str) -> Vec<String> {
        let parsed = Formula::parse(formula).unwrap();
        let join = |term: &Term| term.variables.iter().map(|v| v.name.clone()).collect::<Vec<_>>().join(":");
        parsed.terms.iter().map(join).collect()
    }

    #[test]
    fn terms_are_found() {
        assert_eq!(names("~ batch + condition"), ["batch", "condition"]);
        assert_eq!(names("~a*b"), ["a", "b", "a:b"]);
        assert_eq!(names("~ factor(rin) + a:b"), ["rin", "a:b"]);
        assert_eq!(names("~ b:a + a:b + a"), ["a", "b:a"]);
    }

    #[test]
    fn the_intercept_can_be_left_out() {
        assert!(!Formula::parse("~ 0 + x").unwrap().intercept);
        assert!(!Formula::parse("~ x - 1").unwrap().intercept);
        assert!(Formula::parse("~ x").unwrap().intercept);
    }

    #[test]
    fn nonsense_is_refused() {
        for formula in ["x", "~ x +", "~ x - y", "~ log(x)"] {
            assert!(Formula::parse(formula).is_err(), "{formula}");
        }
    }
}
