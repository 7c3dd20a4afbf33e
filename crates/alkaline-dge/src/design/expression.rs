//! Contrasts as they are written: `resistant - parental`, `(A + B)/2 - C`, `conditiontrt:batch2`.
//!
//! A linear expression in names: of coefficients, or of levels of the design's factors. Names that are numbers or hold other characters
//! than letters, digits, `_`, `.` and `:` stand between backticks. Upstream: limma `makeContrasts`, which knows coefficients only.

use super::DesignError;

/// Weights of the coefficients, and a constant.
#[derive(Clone, Debug, PartialEq)]
struct Linear {
    weights: Vec<f64>,
    constant: f64,
}

impl Linear {
    fn number(constant: f64, coefficients: usize) -> Self {
        Self { weights: vec![0.0; coefficients], constant }
    }

    fn is_number(&self) -> bool {
        self.weights.iter().all(|weight| *weight == 0.0)
    }

    fn plus(mut self, other: &Self, sign: f64) -> Self {
        self.weights.iter_mut().zip(&other.weights).for_each(|(weight, other)| *weight += sign * other);
        self.constant += sign * other.constant;
        self
    }

    fn times(mut self, factor: f64) -> Self {
        self.weights.iter_mut().for_each(|weight| *weight *= factor);
        self.constant *= factor;
        self
    }
}

/// The weights that `text` gives to `coefficients` of them; `resolve` knows the weights of a name.
///
/// # Errors
/// [`DesignError::Expression`] says what is wrong, and where.
pub(super) fn weights(
    text: &str,
    coefficients: usize,
    resolve: &dyn Fn(&str) -> Result<Vec<f64>, String>,
) -> Result<Vec<f64>, DesignError> {
    let mut parser = Parser { text, at: 0, coefficients, resolve };
    let fail = |problem: String| DesignError::Expression { expression: text.to_owned(), problem };
    let sum = parser.sum().map_err(fail)?;
    let rest = parser.rest();
    if !rest.is_empty() {
        return Err(fail(format!("`{rest}` was not understood")));
    }
    if sum.constant != 0.0 {
        return Err(fail(format!("the number {} stands without a name", sum.constant)));
    }
    if sum.is_number() {
        return Err(fail("every coefficient has weight zero: there is nothing to test".to_owned()));
    }
    Ok(sum.weights)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    coefficients: usize,
    resolve: &'a dyn Fn(&str) -> Result<Vec<f64>, String>,
}

impl<'a> Parser<'a> {
    /// What is left, without leading blanks.
    fn rest(&mut self) -> &'a str {
        let rest = self.text[self.at..].trim_start();
        self.at = self.text.len() - rest.len();
        rest
    }

    /// Takes a sign if it is the next thing.
    fn takes(&mut self, sign: char) -> bool {
        let found = self.rest().starts_with(sign);
        self.at += if found { sign.len_utf8() } else { 0 };
        found
    }

    /// Products joined by plus and minus.
    fn sum(&mut self) -> Result<Linear, String> {
        let negative = self.takes('-');
        let mut sum = self.product()?.times(if negative { -1.0 } else { 1.0 });
        loop {
            let sign = match (self.takes('+'), self.takes('-')) {
                (true, false) => 1.0,
                (false, true) => -1.0,
                (true, true) => return Err("`+ -`: one sign is wanted".to_owned()),
                (false, false) => return Ok(sum),
            };
            sum = sum.plus(&self.product()?, sign);
        }
    }

    /// Parts multiplied and divided by numbers.
    fn product(&mut self) -> Result<Linear, String> {
        let mut product = self.part()?;
        loop {
            if self.takes('*') {
                let other = self.part()?;
                product = match (product.is_number(), other.is_number()) {
                    (true, _) => other.times(product.constant),
                    (_, true) => product.times(other.constant),
                    _ => return Err("names cannot be multiplied with each other".to_owned()),
                };
            } else if self.takes('/') {
                let other = self.part()?;
                if !other.is_number() || other.constant == 0.0 {
                    return Err("only numbers other than zero can divide".to_owned());
                }
                product = product.times(1.0 / other.constant);
            } else {
                return Ok(product);
            }
        }
    }

    /// A number, a name, or an expression in brackets.
    fn part(&mut self) -> Result<Linear, String> {
        let rest = self.rest();
        // the intercept has brackets in its name
        if let Some(name) = ["(Intercept)"].into_iter().find(|name| rest.starts_with(name)) {
            self.at += name.len();
            return self.named(name);
        }
        if self.takes('(') {
            let inner = self.sum()?;
            return if self.takes(')') { Ok(inner) } else { Err("a bracket is not closed".to_owned()) };
        }
        if let Some(quoted) = rest.strip_prefix('`') {
            let end = quoted.find('`').ok_or("a backtick is not closed")?;
            self.at += end + 2;
            return self.named(&quoted[..end]);
        }
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "_.:".contains(c))).unwrap_or(rest.len());
        let word = &rest[..end];
        if word.is_empty() {
            let found = rest.chars().next().map_or_else(|| "the end".to_owned(), |c| format!("`{c}`"));
            return Err(format!("a name or a number is wanted before {found}"));
        }
        self.at += end;
        match word.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Linear::number(number, self.coefficients)),
            _ => self.named(word),
        }
    }

    fn named(&self, name: &str) -> Result<Linear, String> {
        Ok(Linear { weights: (self.resolve)(name)?, constant: 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Vec<f64>, String> {
        let names = ["A", "B", "(Intercept)", "x y", "2"];
        let resolve = |name: &str| {
            let place = names.iter().position(|known| *known == name);
            let place = place.ok_or_else(|| format!("`{name}` is unknown"))?;
            Ok((0..names.len()).map(|i| f64::from(i == place)).collect())
        };
        weights(text, names.len(), &resolve).map_err(|error| error.to_string())
    }

    #[test]
    fn expressions_are_linear_combinations() {
        assert_eq!(of("B - A").unwrap(), [-1.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(of("(A + B)/4 - 3*`x y`").unwrap(), [0.25, 0.25, 0.0, -3.0, 0.0]);
        assert_eq!(of("-(A - 0.5 * (B + B))").unwrap(), [-1.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(of("(Intercept)").unwrap(), [0.0, 0.0, 1.0, 0.0, 0.0]);
        // a level that is called like a number is one between backticks
        assert_eq!(of("`2`/2 - A").unwrap(), [-1.0, 0.0, 0.0, 0.0, 0.5]);
    }

    #[test]
    fn mistakes_are_told() {
        for (text, part) in [
            ("A - C", "`C` is unknown"),
            ("A * B", "multiplied"),
            ("A + 1", "number 1 stands without a name"),
            ("A - A", "nothing to test"),
            ("(A - B", "not closed"),
            ("A -", "before the end"),
            ("A B", "`B` was not understood"),
            ("A / 0.0", "divide"),
            ("", "before the end"),
        ] {
            let message = of(text).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
