//! The optional fields that `-R SAM` and `-R BAM` write, in place of those that a record may already have.

use crate::record::{Record, Tags};

/// Status, number of targets, targets.
pub(super) const STATUS: &[u8; 2] = b"XS";
pub(super) const NUMBER: &[u8; 2] = b"XN";
pub(super) const TARGETS: &[u8; 2] = b"XT";

/// Appends `record` without the fields that will be written anew: a field may stand in a record once, and readers take the
/// first. Aligners use the same names (`XS:i` of bowtie2, `XT:A` of bwa), and so do earlier runs.
pub(super) fn push_without_own(record: &[u8], out: &mut Vec<u8>) {
    let Ok(parsed) = Record::new(record) else {
        return out.extend_from_slice(record);
    };
    let mut rest = parsed.tags();
    out.extend_from_slice(&record[..record.len() - rest.len()]);
    let mut fields = Tags(rest);
    while let Some((key, _)) = fields.next() {
        let (field, behind) = rest.split_at(rest.len() - fields.0.len());
        if ![STATUS, NUMBER, TARGETS].contains(&&key) {
            out.extend_from_slice(field);
        }
        rest = behind;
    }
    // What makes no sense stays as it is.
    out.extend_from_slice(rest);
}
