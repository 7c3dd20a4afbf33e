//! Names as the bytes of a file, and as text.

use std::borrow::Cow;

/// The bytes as text: UTF-8, else Latin-1, so that names which differ stay different.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}
