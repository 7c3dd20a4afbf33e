//! What is read from an annotation file, and how.

use serde::{Deserialize, Serialize};

/// Feature type that is counted unless another is named (featureCounts `-t`).
pub const DEFAULT_FEATURE_TYPE: &str = "exon";

/// Feature type that stands in for `exon` where a gene or a file has none. Whole genes do not: their introns would count.
pub(super) const STAND_IN_TYPE: &str = "CDS";

/// Attribute that names the gene unless another is named (featureCounts `-g`).
pub const DEFAULT_ID_ATTRIBUTE: &str = "gene_id";

/// The syntax of an annotation file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnnotationFormat {
    /// Recognised by the content of the file.
    #[default]
    Auto,
    /// GTF, or GFF read as GTF: the gene is an attribute of the counted row.
    Gtf,
    /// GFF3: the gene is found through `Parent`.
    Gff3,
    /// featureCounts' own table: `GeneID Chr Start End Strand`.
    Saf,
}

/// What is read from an annotation file, and how.
///
/// | option | default | featureCounts |
/// |---|---|---|
/// | `format` | recognised by content | `-F` |
/// | `feature_types` | `exon`, else what the file has | `-t` |
/// | `id_attribute` | `gene_id`, else what the file has | `-g` |
/// | `extra_attributes` | none | `--extraAttributes` |
/// | `strict` | false | (its only way) |
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnnotationOptions {
    /// Syntax of the file.
    pub format: AnnotationFormat,
    /// Feature types that are counted; empty for `exon` (or, without `strict`, what the file has instead).
    pub feature_types: Vec<String>,
    /// Attribute that names the gene; `None` for `gene_id` (or, without `strict`, what the file has instead).
    pub id_attribute: Option<String>,
    /// Attributes that are handed on beside the gene.
    pub extra_attributes: Vec<String>,
    /// Reads exactly as featureCounts does: any row that cannot be read stops, nothing is chosen by itself.
    pub strict: bool,
}
