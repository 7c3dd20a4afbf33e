//! An optional number that may be infinite, in formats that have no infinity: JSON would write nothing in its place, and what is read
//! back would be another option. It is written as the word `inf`.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an infinite number is written as.
const INFINITY: &str = "inf";

/// A number, or the word for infinity.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum NumberOrWord {
    Number(f64),
    Word(String),
}

pub(crate) fn serialize<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    let written = value.map(|number| match number == f64::INFINITY {
        true => NumberOrWord::Word(INFINITY.to_owned()),
        false => NumberOrWord::Number(number),
    });
    written.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    match Option::deserialize(deserializer)? {
        None => Ok(None),
        Some(NumberOrWord::Number(number)) => Ok(Some(number)),
        Some(NumberOrWord::Word(word)) if word == INFINITY => Ok(Some(f64::INFINITY)),
        Some(NumberOrWord::Word(word)) => Err(D::Error::custom(format!("`{word}` is no number"))),
    }
}
