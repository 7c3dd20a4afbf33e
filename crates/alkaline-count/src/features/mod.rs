//! The annotation, arranged for looking positions up.

mod intervals;
mod segments;

pub(crate) use intervals::{IntervalIndex, RowInterval};
pub(crate) use segments::{
    Cursor, MemberSet, ON_FORWARD, ON_REVERSE, ON_UNKNOWN, STRAND_BITS, SegmentMap, SegmentRow,
};
