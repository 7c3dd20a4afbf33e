//! An annotation as a file has it: gene models, and what was noticed on the way.

use alkaline_core::Annotation;

use super::options::DEFAULT_FEATURE_TYPE;

/// An annotation as read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotationFile {
    /// The gene models.
    pub annotation: Annotation,
    /// The attributes asked for, in that order, each with one value per row of [`Annotation::exons`].
    pub extra_attributes: Vec<ExtraAttribute>,
    /// What was skipped or chosen while reading, for the user.
    pub notices: Vec<String>,
    /// Feature types of the rows that are counted; none in SAF, which has no types.
    pub feature_types: Vec<String>,
}

impl AnnotationFile {
    /// Gene models that were read from no file: all their rows are exons, and there is nothing to say about them.
    pub fn of_exons(annotation: Annotation) -> Self {
        Self {
            annotation,
            extra_attributes: Vec::new(),
            notices: Vec::new(),
            feature_types: vec![DEFAULT_FEATURE_TYPE.to_owned()],
        }
    }
}

/// An attribute of the counted rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraAttribute {
    /// Its key in the file.
    pub name: String,
    /// Its value in each row; `None` where the row has no such attribute.
    pub values: Vec<Option<String>>,
}
