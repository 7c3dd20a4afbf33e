//! Annotation text, read and then used as counting uses it.

use std::path::Path;

use alkaline_io::annotation::{AnnotationFormat, AnnotationOptions, read_from};

/// Bits of the first byte: what is asked of the reader.
const STRICT: u8 = 1;
const OTHER_TYPE: u8 = 2;
const OTHER_ID: u8 = 4;
const EXTRA: u8 = 8;
const RECOGNISE: u8 = 16;

/// Reads `data` as `format`; its first byte chooses the options.
pub fn read_annotation(data: &[u8], format: AnnotationFormat) {
    let Some((&choices, text)) = data.split_first() else { return };
    let chosen = |bit: u8| choices & bit != 0;
    let options = AnnotationOptions {
        format: if chosen(RECOGNISE) { AnnotationFormat::Auto } else { format },
        feature_types: if chosen(OTHER_TYPE) { vec!["CDS".into(), "gene".into()] } else { Vec::new() },
        id_attribute: chosen(OTHER_ID).then(|| "ID".to_owned()),
        extra_attributes: if chosen(EXTRA) { vec!["gene_name".into(), "x".into()] } else { Vec::new() },
        strict: chosen(STRICT),
    };
    let Ok(file) = read_from(text, Path::new("fuzzed"), &options) else { return };
    let annotation = &file.annotation;
    let genes = annotation.genes.len();
    assert!(genes > 0, "an annotation without genes was read");
    assert_eq!(annotation.loci().len(), genes);
    assert_eq!(annotation.exonic_lengths().len(), genes);
    assert_eq!(annotation.rows_by_gene().len(), genes);
    assert!(
        annotation.exons.iter().all(|exon| exon.span.start() >= 1 && exon.span.start() <= exon.span.end())
    );
    assert!(file.extra_attributes.iter().all(|attribute| attribute.values.len() == annotation.exons.len()));
    annotation.gene_index().expect("genes have different names");
    annotation.labels().expect("genes have labels");
}
