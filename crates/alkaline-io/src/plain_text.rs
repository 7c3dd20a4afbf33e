//! Text as programs of all ages save it, made plain: UTF-8 with newlines.
//!
//! Excel's "Unicode text" is UTF-16, spreadsheets put a byte-order mark in front, old Macintosh programs end lines with a
//! carriage return alone. What is changed is said, so that a reader can tell its user.

use std::io::{self, BufRead, BufReader, Read};

/// UTF-8 byte-order mark, as spreadsheets write it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Bytes at the start of a file that are looked at.
const LOOKED_AT: usize = 1 << 16;

/// Text in UTF-8 with newlines, and what had to be changed for that.
pub struct PlainText {
    /// The text.
    pub input: Box<dyn BufRead + Send>,
    /// What was changed, in words.
    pub notices: Vec<String>,
}

/// Makes `input` plain text.
///
/// # Errors
/// What reading gives; [`io::ErrorKind::InvalidData`] for what is no text at all, in words that name it.
pub fn plain_text(mut input: Box<dyn BufRead + Send>) -> io::Result<PlainText> {
    let mut notices = Vec::new();
    let start = input.fill_buf()?;
    if let Some(order) = utf16_order(start) {
        notices.push("the text is UTF-16 (Excel's \"Unicode text\"); it was read as such".to_owned());
        input = Box::new(BufReader::with_capacity(LOOKED_AT, Utf16 { input, order, rest: Vec::new() }));
    } else if let Some(what) = no_text(start) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, NoText(what)));
    }
    if input.fill_buf()?.starts_with(BYTE_ORDER_MARK) {
        input.consume(BYTE_ORDER_MARK.len());
    }
    if ends_lines_with_carriage_returns(input.fill_buf()?) {
        notices.push("its lines end with carriage returns, as old Macintosh programs write them".to_owned());
        input = Box::new(BufReader::with_capacity(LOOKED_AT, CarriageReturns(input)));
    }
    Ok(PlainText { input, notices })
}

/// What an error of [`plain_text`] says of the file, and what to give instead, where the file is no text.
pub(crate) fn what_is_no_text(error: &io::Error) -> Option<(String, &'static str)> {
    let NoText(Binary { what, instead }) = error.get_ref()?.downcast_ref()?;
    Some((format!("this is {what}, not a table of text"), instead))
}

/// A kind of file that people mistake for text, and what to give instead.
#[derive(Clone, Copy, Debug)]
struct Binary {
    what: &'static str,
    instead: &'static str,
}

/// The error for a file that is no text.
#[derive(Debug, thiserror::Error)]
#[error("this is {}, not text", .0.what)]
struct NoText(Binary);

/// What the first bytes of a file betray it to be, when that is no text.
fn no_text(start: &[u8]) -> Option<Binary> {
    const SAVE_AS_TEXT: &str = "save it as tab- or comma-separated text";
    const FROM_R: &str = "in R: write.csv(readRDS(\"FILE\"), \"counts.csv\"), or load() and write.csv()";
    const UNPACK: &str = "unpack it first";
    let known: [(&[u8], &str, &str); 13] = [
        (b"PK\x03\x04", "an Excel workbook or a zip archive", "unpack it, or save it as text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook", SAVE_AS_TEXT),
        (b"BZh", "a bzip2 archive", UNPACK),
        (b"\xfd7zXZ", "an xz archive", UNPACK),
        (b"\x28\xb5\x2f\xfd", "a zstd archive", UNPACK),
        (b"\x89HDF", "an HDF5 file (h5ad, loom, kallisto)", "write its counts as text first"),
        (b"RDX2\n", "an R data file", FROM_R),
        (b"RDX3\n", "an R data file", FROM_R),
        (b"X\n\x00", "an R data file", FROM_R),
        (b"PAR1", "a Parquet file", SAVE_AS_TEXT),
        (b"%PDF", "a PDF document", SAVE_AS_TEXT),
        (b"CRAM", "a CRAM file", "count it first: alkaline count"),
        (b"BAM\x01", "a BAM file", "count it first: alkaline count"),
    ];
    let found = known.iter().find(|(magic, ..)| start.starts_with(magic));
    if let Some(&(_, what, instead)) = found {
        return Some(Binary { what, instead });
    }
    let text = String::from_utf8_lossy(&start[..start.len().min(256)]).trim_start().to_ascii_lowercase();
    let is_page =
        text.starts_with("<!doctype html") || text.starts_with("<html") || text.starts_with("<table");
    if is_page {
        let instead = "a web page was saved in the table's place: download the file itself";
        return Some(Binary { what: "a web page (HTML)", instead });
    }
    // a tar archive has its mark far behind the first name
    let is_tar = start.get(257..262) == Some(b"ustar");
    is_tar.then_some(Binary { what: "a tar archive", instead: UNPACK })
}

/// The order of bytes of UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ByteOrder {
    Little,
    Big,
}

/// The order of bytes when `start` is UTF-16: by its mark, or by zeros in every other place.
fn utf16_order(start: &[u8]) -> Option<ByteOrder> {
    match start {
        [0xff, 0xfe, ..] => return Some(ByteOrder::Little),
        [0xfe, 0xff, ..] => return Some(ByteOrder::Big),
        _ => {}
    }
    let looked_at = &start[..start.len().min(64)];
    let zeros = |parity: usize| looked_at.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let most = looked_at.len() * 2 / 5;
    match (zeros(0), zeros(1)) {
        _ if looked_at.len() < 8 => None,
        (0, odd) if odd > most => Some(ByteOrder::Little),
        (even, 0) if even > most => Some(ByteOrder::Big),
        _ => None,
    }
}

/// Whether the first line ends with a carriage return that no newline follows.
fn ends_lines_with_carriage_returns(start: &[u8]) -> bool {
    let Some(place) = start.iter().position(|byte| *byte == b'\r') else { return false };
    place + 1 < start.len() && !start.contains(&b'\n')
}

/// UTF-16 as UTF-8.
struct Utf16 {
    input: Box<dyn BufRead + Send>,
    order: ByteOrder,
    /// Bytes of UTF-8 that no reader took yet.
    rest: Vec<u8>,
}

impl Read for Utf16 {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            self.refill()?;
        }
        let taken = self.rest.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&self.rest[..taken]);
        self.rest.drain(..taken);
        Ok(taken)
    }
}

impl Utf16 {
    /// Decodes the next part of the input.
    fn refill(&mut self) -> io::Result<()> {
        let mut units = Vec::new();
        while units.len() < LOOKED_AT / 4 {
            let Some(unit) = self.unit()? else { break };
            units.push(unit);
        }
        // a character beyond the basic plane takes two units, which belong together
        if units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit)) {
            units.extend(self.unit()?);
        }
        let text: String =
            char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        self.rest = text.into_bytes();
        Ok(())
    }

    /// The next two bytes.
    fn unit(&mut self) -> io::Result<Option<u16>> {
        let mut bytes = [0; 2];
        for byte in &mut bytes {
            let Some(&next) = self.input.fill_buf()?.first() else { return Ok(None) };
            *byte = next;
            self.input.consume(1);
        }
        Ok(Some(match self.order {
            ByteOrder::Little => u16::from_le_bytes(bytes),
            ByteOrder::Big => u16::from_be_bytes(bytes),
        }))
    }
}

/// Text with newlines in place of its carriage returns.
struct CarriageReturns(Box<dyn BufRead + Send>);

impl Read for CarriageReturns {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.read(buffer)?;
        for byte in &mut buffer[..length] {
            if *byte == b'\r' {
                *byte = b'\n';
            }
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(bytes: &[u8]) -> (String, usize) {
        let mut plain = plain_text(Box::new(io::Cursor::new(bytes.to_vec()))).unwrap();
        let mut text = String::new();
        plain.input.read_to_string(&mut text).unwrap();
        (text, plain.notices.len())
    }

    #[test]
    fn utf_16_of_either_order_is_read_with_and_without_a_mark() {
        let text = "gène\ta1\nCCL20\t\u{1f9ec}\n".repeat(9000);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            little.clone(),
            big.clone(),
            [&[0xff, 0xfe], &little[..]].concat(),
            [&[0xfe, 0xff], &big[..]].concat(),
        ] {
            assert_eq!(plain(&bytes), (text.clone(), 1));
        }
    }

    #[test]
    fn carriage_returns_end_lines_where_nothing_else_does() {
        assert_eq!(plain(b"\xef\xbb\xbfa\tb\r1\t2\r"), ("a\tb\n1\t2\n".to_owned(), 1));
        assert_eq!(plain(b"a\tb\r\n1\t2\r\n"), ("a\tb\r\n1\t2\r\n".to_owned(), 0));
    }

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, name) in [
            (&b"\x89HDF\r\n"[..], "HDF5"),
            (b"RDX3\nX\n", "R data file"),
            (b"  <!DOCTYPE html><html>", "web page"),
            (b"BZh91AY", "bzip2"),
        ] {
            let error = plain_text(Box::new(io::Cursor::new(bytes.to_vec()))).err().unwrap();
            let (message, hint) = what_is_no_text(&error).unwrap();
            let problem = crate::error::Problem::of_file(message).hint(hint);
            assert!(problem.message.contains(name) && problem.hint.is_some(), "{problem:?}");
        }
    }
}
