//! The order in which the option structs have their keys: that of the source, which is by importance. JSON Schema knows none.

use std::fmt;

use serde::de::{Deserializer, Error as _, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

use super::contents::WorkflowFile;
use crate::stages::align::AlignOptions;
use crate::stages::clean::CleanOptions;
use crate::stages::enrich::{EnrichSettings, SimplifySettings};
use crate::stages::normalize::NormalizeSettings;
use crate::stages::test::{ExpressionOptions, TestSettings};

/// `names`, which are the keys of one section, in the order of its struct.
pub(super) fn of_keys<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut names: Vec<String> = names.cloned().collect();
    let has_all = |fields: &&[&str]| names.iter().all(|name| fields.contains(&name.as_str()));
    let own = structs().into_iter().filter(has_all).min_by_key(|fields| fields.len()).unwrap_or_default();
    names.sort_by_key(|name| own.iter().position(|field| field == name));
    names
}

/// The fields of every struct that is a section.
fn structs() -> Vec<&'static [&'static str]> {
    vec![
        fields::<WorkflowFile>(),
        fields::<CleanOptions>(),
        fields::<AlignOptions>(),
        fields::<alkaline_count::CountOptions>(),
        fields::<alkaline_count::OverlapRule>(),
        fields::<alkaline_count::FilterRule>(),
        fields::<alkaline_count::PairRule>(),
        fields::<alkaline_count::ReadShape>(),
        fields::<alkaline_core::results::Thresholds>(),
        fields::<TestSettings>(),
        fields::<NormalizeSettings>(),
        fields::<ExpressionOptions>(),
        fields::<alkaline_norm::FilterOptions>(),
        fields::<alkaline_norm::NormOptions>(),
        fields::<alkaline_norm::ExpressionOptions>(),
        fields::<alkaline_dge::DispersionOptions>(),
        fields::<alkaline_dge::ExactTestOptions>(),
        fields::<alkaline_dge::GlmTestOptions>(),
        fields::<alkaline_dge::limma::LimmaOptions>(),
        fields::<alkaline_dge::deseq2::Deseq2Options>(),
        fields::<EnrichSettings>(),
        fields::<SimplifySettings>(),
        fields::<alkaline_enrich::OraOptions>(),
        fields::<alkaline_enrich::gsea::GseaOptions>(),
    ]
}

/// The names of the fields of `T`, as serde knows them.
fn fields<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    match T::deserialize(Asking) {
        Err(Answer(fields)) => fields,
        Ok(_) => &[],
    }
}

/// Asks a type what it is, and gives it nothing.
struct Asking;

/// The names of fields, as an error, since nothing is read.
#[derive(Debug)]
struct Answer(&'static [&'static str]);

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Answer {}

impl serde::de::Error for Answer {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}

impl<'de> Deserializer<'de> for Asking {
    type Error = Answer;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Answer> {
        Err(Answer::custom("nothing"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Answer> {
        Err(Answer(fields))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
