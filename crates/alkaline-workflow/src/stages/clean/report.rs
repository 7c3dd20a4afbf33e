//! fastp's report for people, without the moment at which it was written: the same reads give the same bytes.

use std::path::Path;

use alkaline_io::{ReadError, WriteError};

use crate::error::WorkflowError;

/// Takes the times out of the report at `path`, if there is one.
pub(super) fn without_times(path: &Path) -> Result<(), WorkflowError> {
    let text = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return Err(ReadError::from_io(path, error).into()),
    };
    let kept = cut_times(&text);
    // In a folder of our own: nobody sees it half-written.
    Ok(std::fs::write(path, kept).map_err(|source| WriteError { path: path.to_owned(), source })?)
}

/// Cuts ` at 2026-11-30      21:57:05` wherever it stands.
fn cut_times(text: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        match time_at(rest) {
            Some(length) => rest = &rest[length..],
            None => {
                kept.push(first);
                rest = after;
            }
        }
    }
    kept
}

/// How long a time is that stands here.
fn time_at(text: &[u8]) -> Option<usize> {
    let date = text.strip_prefix(b" at ")?;
    let after_date = matching(date, b"dddd-dd-dd")?;
    let blanks = after_date.iter().take_while(|&&byte| byte == b' ').count();
    let after = matching(&after_date[blanks..], b"dd:dd:dd")?;
    Some(text.len() - after.len())
}

/// What follows a beginning of digits where `pattern` has a `d`, and of its own characters elsewhere.
fn matching<'a>(text: &'a [u8], pattern: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(pattern.len())?;
    let fits = |(byte, wanted): (&u8, &u8)| match wanted {
        b'd' => byte.is_ascii_digit(),
        wanted => byte == wanted,
    };
    start.iter().zip(pattern).all(fits).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_times_are_cut() {
        let text = b"<title>fastp report at 2026-11-30      21:57:05 </title> at 2026-11 fastp 0.23.2, at 2026-11-30 21:57:05 </div>";
        let kept = String::from_utf8(cut_times(text)).unwrap();
        assert_eq!(kept, "<title>fastp report </title> at 2026-11 fastp 0.23.2, </div>");
    }
}
