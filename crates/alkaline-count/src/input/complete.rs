//! Whether an alignment file is whole, told by its last bytes: a copy that was cut off has not the mark that ends it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::bgzf;
use crate::error::{CountError, FormatProblem};

/// The empty block that ends a BGZF file (SAM/BAM specification v1, section 4.1.2).
const BGZF_END: &[u8] = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0\x42\x43\x02\0\x1b\0\x03\0\0\0\0\0\0\0\0\0";

/// The container that ends a CRAM file of version 3 (CRAM specification, section 9).
const CRAM_3_END: &[u8] =
    b"\x0f\0\0\0\xff\xff\xff\xff\x0f\xe0\x45\x4f\x46\0\0\0\0\x01\0\x05\xbd\xd9\x4f\0\x01\0\x06\x06\
\x01\0\x01\0\x01\0\xee\x63\x01\x4b";

/// That of version 2.1.
const CRAM_2_END: &[u8] =
    b"\x0b\0\0\0\xff\xff\xff\xff\x0f\xe0\x45\x4f\x46\0\0\0\0\x01\0\0\x01\0\x06\x06\x01\0\x01\0\x01\0";

/// The byte of a CRAM end whose upper half may differ between writers.
const CRAM_LOOSE_BYTE: usize = 8;

/// Refuses a file whose end is missing; what has no end mark (SAM, old CRAM, a pipe) passes.
///
/// # Errors
/// [`CountError`] when the file is missing, empty, or cut off.
pub fn check_complete(path: &Path) -> Result<(), CountError> {
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Ok(());
    }
    let failed = |source| super::in_file(path, source);
    let mut file = File::open(path).map_err(failed)?;
    let mut start = Vec::new();
    file.by_ref().take(64).read_to_end(&mut start).map_err(failed)?;
    let problem = |problem| Err(CountError::Format { path: path.to_owned(), problem });
    if start.is_empty() {
        return problem(FormatProblem::Empty);
    }
    let Some(end) = end_mark(&start) else { return Ok(()) };
    let length = file.seek(SeekFrom::End(0)).map_err(failed)?;
    let mut last = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(end.len() as u64))).map_err(failed)?;
    file.read_to_end(&mut last).map_err(failed)?;
    if let Some(byte) = last.get_mut(CRAM_LOOSE_BYTE).filter(|_| end != BGZF_END) {
        *byte &= 0x0f;
    }
    if last == end { Ok(()) } else { problem(FormatProblem::NoEndMarker) }
}

/// How a file that begins like this must end.
fn end_mark(start: &[u8]) -> Option<&'static [u8]> {
    match start {
        [b'C', b'R', b'A', b'M', 3, ..] => Some(CRAM_3_END),
        [b'C', b'R', b'A', b'M', 2, 1, ..] => Some(CRAM_2_END),
        _ if bgzf::is_block(start) => Some(BGZF_END),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8]) -> Result<(), String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        check_complete(file.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_without_its_end_is_truncated_and_sam_needs_none() {
        let cram = |minor: u8, end: &[u8]| [b"CRAM\x03", &[minor][..], &[b'x'; 40], end].concat();
        assert_eq!(check(&cram(0, CRAM_3_END)), Ok(()));
        let mut loose = CRAM_3_END.to_vec();
        loose[CRAM_LOOSE_BYTE] = 0xff;
        assert_eq!(check(&cram(1, &loose)), Ok(()));
        for kept in [0, 1, 37] {
            let message = check(&cram(0, &CRAM_3_END[..kept])).unwrap_err();
            assert!(message.contains("its end-of-file marker is missing"), "{message}");
        }
        assert_eq!(check(BGZF_END), Ok(()));
        assert!(check(&[BGZF_END, b"\0"].concat()).is_err());
        assert_eq!(check(b"@HD\tVN:1.6\n"), Ok(()));
        assert!(check(b"").unwrap_err().contains("empty"));
    }
}
