//! Contrasts over a design: from levels or an expression to one weight per coefficient.

use alkaline_core::ContrastSpec;
use alkaline_core::spelling::did_you_mean;

use super::{DesignError, DesignMatrix, Factor, expression, quoted};

/// A linear combination of coefficients that is tested for being zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast {
    /// The question in words of the user.
    pub spec: ContrastSpec,
    /// One weight per coefficient.
    pub weights: Vec<f64>,
    /// The factor whose levels are compared, and these levels; `None` when coefficients themselves are named.
    pub compared: Option<(String, Vec<String>)>,
}

impl DesignMatrix {
    /// The contrast that `spec` asks for: target minus reference of one factor, or a linear expression in coefficients and
    /// levels (`resistant - parental`, `(A + B)/2 - C`, `conditiontrt:batch2`).
    ///
    /// In an expression a level stands for its own coefficient, the baseline level for zero.
    ///
    /// # Errors
    /// [`DesignError`], which names what can be named.
    pub fn contrast(&self, spec: &ContrastSpec) -> Result<Contrast, DesignError> {
        match &spec.expression {
            Some(text) => self.contrast_of_expression(spec, text),
            None => self.contrast_of_levels(spec),
        }
    }

    fn contrast_of_levels(&self, spec: &ContrastSpec) -> Result<Contrast, DesignError> {
        let factor = self.factors.iter().find(|factor| factor.variable == spec.variable);
        let factor = factor.ok_or_else(|| DesignError::NotAFactor {
            contrast: spec.id.clone(),
            variable: spec.variable.clone(),
            formula: self.formula.clone(),
        })?;
        let mut weights = vec![0.0; self.coefficients.len()];
        for (level, weight) in [(&spec.target, 1.0), (&spec.reference, -1.0)] {
            let place = factor.groups.level(level).ok_or_else(|| DesignError::UnknownLevel {
                variable: spec.variable.clone(),
                level: level.clone(),
                known: quoted(factor.groups.levels()),
                meant: did_you_mean(level, factor.groups.levels().iter().map(String::as_str)),
            })?;
            if let Some(column) = factor.columns[place] {
                weights[column] += weight;
            }
        }
        let levels = vec![spec.reference.clone(), spec.target.clone()];
        Ok(Contrast { spec: spec.clone(), weights, compared: Some((spec.variable.clone(), levels)) })
    }

    fn contrast_of_expression(&self, spec: &ContrastSpec, text: &str) -> Result<Contrast, DesignError> {
        let resolve = |name: &str| self.weights_of(name, &spec.variable).map(|(weights, _)| weights);
        let weights = expression::weights(text, self.coefficients.len(), &resolve)?;
        Ok(Contrast { spec: spec.clone(), weights, compared: self.compared(text, &spec.variable) })
    }

    /// The levels that an expression names, where all its names are levels of one factor; in the order of the sheet.
    fn compared(&self, text: &str, variable: &str) -> Option<(String, Vec<String>)> {
        let names = names_in_expression(text).ok()?;
        let factors: Option<Vec<&Factor>> =
            names.iter().map(|name| self.weights_of(name, variable).ok().and_then(|found| found.1)).collect();
        let factors = factors?;
        let factor = factors.first().filter(|one| factors.iter().all(|two| two.variable == one.variable))?;
        let levels = factor.groups.levels().iter().filter(|level| names.contains(level)).cloned().collect();
        Some((factor.variable.clone(), levels))
    }

    /// The weights of a name, and the factor that it is a level of: a coefficient as it stands, a level (of the factor `preferred`
    /// first), or a coefficient as R's `make.names` writes it.
    fn weights_of(&self, name: &str, preferred: &str) -> Result<(Vec<f64>, Option<&Factor>), String> {
        let unit = |place: Option<usize>| {
            (0..self.coefficients.len()).map(|i| f64::from(Some(i) == place)).collect::<Vec<f64>>()
        };
        if let Some(place) = self.coefficients.iter().position(|known| known == name) {
            return Ok((unit(Some(place)), None));
        }
        let level = |factor: &'_ Factor| factor.groups.level(name).map(|place| unit(factor.columns[place]));
        let mut found: Vec<(Vec<f64>, Option<&Factor>)> =
            self.factors.iter().filter_map(|factor| Some((level(factor)?, Some(factor)))).collect();
        if found.len() > 1 {
            found.retain(|(_, factor)| factor.is_some_and(|factor| factor.variable == preferred));
            if found.is_empty() {
                let coefficients = quoted(&self.coefficients);
                return Err(format!(
                    "several factors have the level `{name}`; name a coefficient ({coefficients})"
                ));
            }
        }
        if let Some(only) = found.pop() {
            return Ok(only);
        }
        match self.coefficients.iter().position(|known| syntactic(known) == name) {
            Some(place) => Ok((unit(Some(place)), None)),
            None => Err(self.unknown(name)),
        }
    }

    /// What to say of a name that is neither coefficient nor level.
    fn unknown(&self, name: &str) -> String {
        let levels: Vec<String> =
            self.factors.iter().flat_map(|factor| factor.groups.levels().to_vec()).collect();
        let known = levels.iter().chain(&self.coefficients).map(String::as_str);
        let meant = did_you_mean(name, known);
        format!(
            "`{name}` is neither a level of the design's factors ({}) nor a coefficient ({}){meant}",
            quoted(&levels),
            quoted(&self.coefficients)
        )
    }

    /// Any linear combination of the coefficients.
    ///
    /// # Errors
    /// [`DesignError::Weights`] when there is not one weight per coefficient.
    pub fn contrast_of_weights(&self, id: &str, weights: Vec<f64>) -> Result<Contrast, DesignError> {
        if weights.len() != self.coefficients.len() {
            return Err(DesignError::Weights {
                expected: self.coefficients.len(),
                names: quoted(&self.coefficients),
                found: weights.len(),
            });
        }
        let named = self.coefficients.iter().zip(&weights).filter(|(_, weight)| **weight != 0.0);
        let words: Vec<String> = named.map(|(name, weight)| format!("{weight:+}*`{name}`")).collect();
        Ok(Contrast { spec: ContrastSpec::of_expression(id, &words.join(" ")), weights, compared: None })
    }
}

/// The names that stand in an expression, each once, in order.
///
/// # Errors
/// [`DesignError::Expression`] when it is none.
pub fn names_in_expression(text: &str) -> Result<Vec<String>, DesignError> {
    let names = std::cell::RefCell::new(Vec::<String>::new());
    let note = |name: &str| {
        let mut names = names.borrow_mut();
        let place = names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        // names as unknowns of their own: as many as there are letters is more than enough
        Ok((0..=text.len()).map(|i| f64::from(i == place)).collect())
    };
    expression::weights(text, text.len() + 1, &note)?;
    Ok(names.into_inner())
}

/// A coefficient's name as R's `make.names` and limma's `makeContrasts` write it.
fn syntactic(name: &str) -> String {
    if name == "(Intercept)" {
        return "Intercept".to_owned();
    }
    let letters: String =
        name.chars().map(|c| if c.is_alphanumeric() || "._".contains(c) { c } else { '.' }).collect();
    match letters.starts_with(|c: char| c.is_alphabetic() || c == '.') {
        true => letters,
        false => format!("X{letters}"),
    }
}
