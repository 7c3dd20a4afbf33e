//! The numbers of the SAM format that readers and writers of alignments share (SAM/BAM specification v1, sections 1.4
//! and 4.2).

/// Bits of the flag field.
pub mod flag {
    /// The read comes from a pair.
    pub const PAIRED: u16 = 0x1;
    /// The pair is aligned as expected.
    pub const PROPER: u16 = 0x2;
    /// The read is not aligned.
    pub const UNMAPPED: u16 = 0x4;
    /// The mate is not aligned.
    pub const MATE_UNMAPPED: u16 = 0x8;
    /// Aligned to the reverse strand.
    pub const REVERSE: u16 = 0x10;
    /// The mate is aligned to the reverse strand.
    pub const MATE_REVERSE: u16 = 0x20;
    /// First read of the pair.
    pub const READ1: u16 = 0x40;
    /// Second read of the pair.
    pub const READ2: u16 = 0x80;
    /// Secondary alignment: one of several places, not the one chosen.
    pub const SECONDARY: u16 = 0x100;
    /// Failed quality control.
    pub const QC_FAIL: u16 = 0x200;
    /// Marked as a duplicate.
    pub const DUPLICATE: u16 = 0x400;
    /// Supplementary alignment: a part of a chimeric read.
    pub const SUPPLEMENTARY: u16 = 0x800;
}

/// Operations of the CIGAR string by their code in BAM.
pub mod cigar {
    /// `M`: aligned, base equal or not.
    pub const MATCH: u32 = 0;
    /// `I`: in the read only.
    pub const INSERTION: u32 = 1;
    /// `D`: in the reference only.
    pub const DELETION: u32 = 2;
    /// `N`: skipped region of the reference, an intron.
    pub const SKIP: u32 = 3;
    /// `S`: in the record, not aligned.
    pub const SOFT_CLIP: u32 = 4;
    /// `=`: aligned, base equal.
    pub const EQUAL: u32 = 7;
    /// `X`: aligned, base different.
    pub const DIFFERENT: u32 = 8;
    /// `B`: back, of an early draft that some programs still write; it moves nothing here.
    pub const BACK: u32 = 9;
}
