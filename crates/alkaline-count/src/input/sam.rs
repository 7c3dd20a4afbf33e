//! SAM text, turned into the bytes of BAM records.

use std::collections::HashMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alkaline_core::genome::Contig;

use super::header::AlignmentHeader;
use super::source::{Chunk, ChunkSource, OpenInput, in_file, problem_of};
use crate::error::{CountError, FormatProblem};

/// A byte-order mark, which editors and spreadsheets put before text.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Bytes of records handed to a thread at a time.
const CHUNK_BYTES: usize = 1 << 21;

/// Columns of a record before its optional fields.
const COLUMNS: usize = 11;

/// Longest read name that BAM can hold, in bytes; longer ones are cut.
const MAX_NAME: usize = 254;

/// Most operations that the CIGAR field of BAM can hold.
const MAX_OPERATIONS: usize = 65_535;

/// BAM codes of CIGAR letters, by place.
const OPERATIONS: &[u8] = b"MIDNSHP=XB";

/// BAM codes of bases, by place.
const BASES: &[u8] = b"=ACMGRSVTWYHKDBN";

pub(super) fn open(reader: Box<dyn BufRead + Send>, path: &Path) -> Result<OpenInput, CountError> {
    let mut source = SamSource {
        reader,
        path: path.to_owned(),
        line: Vec::new(),
        line_number: 0,
        pending: false,
        number: 0,
        places: HashMap::new(),
        contigs: Arc::default(),
    };
    let mut text = Vec::new();
    while source.read_line()? {
        if source.line.first() != Some(&b'@') {
            source.pending = true;
            break;
        }
        text.extend_from_slice(&source.line);
        text.push(b'\n');
    }
    let contigs = AlignmentHeader::contigs_of_text(&text);
    for (place, contig) in contigs.iter().enumerate() {
        source.places.entry(contig.name.as_str().as_bytes().to_vec()).or_insert(place as i32);
    }
    source.contigs = Arc::new(contigs.clone());
    Ok(OpenInput { header: AlignmentHeader { contigs, text }, source: Box::new(source), repeatable: true })
}

struct SamSource {
    reader: Box<dyn BufRead + Send>,
    path: PathBuf,
    line: Vec<u8>,
    line_number: u64,
    /// Whether `line` was read but not used.
    pending: bool,
    number: u64,
    places: HashMap<Vec<u8>, i32>,
    contigs: Arc<Vec<Contig>>,
}

impl SamSource {
    /// Reads a line without its end; `false` at the end of the file.
    fn read_line(&mut self) -> Result<bool, CountError> {
        self.line.clear();
        let read = self.reader.read_until(b'\n', &mut self.line);
        let read = read.map_err(|source| in_file(&self.path, source))?;
        while matches!(self.line.last(), Some(b'\n' | b'\r')) {
            self.line.pop();
        }
        if self.line_number == 0 && self.line.starts_with(BYTE_ORDER_MARK) {
            self.line.drain(..BYTE_ORDER_MARK.len());
        }
        self.line_number += 1;
        Ok(read > 0)
    }

    /// Appends the current line as a BAM record.
    fn encode(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let columns: Vec<&[u8]> = self.line.splitn(COLUMNS + 1, |&byte| byte == b'\t').collect();
        if columns.len() < COLUMNS {
            return Err(format!("{} columns where a SAM record has {COLUMNS}", columns.len()));
        }
        let number = |column: usize, name: &str| parse_number(columns[column], name);
        let flags = number(1, "FLAG")?;
        let position = number(3, "POS")?;
        let quality = number(4, "MAPQ")?;
        let mate_position = number(7, "PNEXT")?;
        let template_length = number(8, "TLEN")?;
        let contig = place(&mut self.places, &mut self.contigs, columns[2]);
        let mate_contig =
            if columns[6] == b"=" { contig } else { place(&mut self.places, &mut self.contigs, columns[6]) };
        let mut operations = parse_cigar(columns[5])?;
        let name = &columns[0][..columns[0].len().min(MAX_NAME)];
        let bases = if columns[9] == b"*" { &[][..] } else { columns[9] };
        let start = out.len();
        let long = (operations.len() > MAX_OPERATIONS).then(|| std::mem::take(&mut operations));
        if let Some(long) = &long {
            let span: u32 =
                long.iter().filter(|op| matches!(*op & 0xf, 0 | 2 | 3 | 7 | 8)).map(|op| op >> 4).sum();
            operations = vec![(bases.len() as u32) << 4 | 4, span << 4 | 3];
        }
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&contig.to_le_bytes());
        out.extend_from_slice(&((position - 1) as i32).to_le_bytes());
        out.push(name.len() as u8 + 1);
        out.push(quality.clamp(0, 255) as u8);
        out.extend_from_slice(&[0; 2]);
        out.extend_from_slice(&(operations.len() as u16).to_le_bytes());
        out.extend_from_slice(&(flags as u16).to_le_bytes());
        out.extend_from_slice(&(bases.len() as u32).to_le_bytes());
        out.extend_from_slice(&mate_contig.to_le_bytes());
        out.extend_from_slice(&((mate_position - 1) as i32).to_le_bytes());
        out.extend_from_slice(&(template_length as i32).to_le_bytes());
        out.extend_from_slice(name);
        out.push(0);
        operations.iter().for_each(|operation| out.extend_from_slice(&operation.to_le_bytes()));
        encode_bases(bases, columns[10], out);
        if let Some(optional) = columns.get(COLUMNS) {
            optional.split(|&byte| byte == b'\t').try_for_each(|field| encode_field(field, out))?;
        }
        if let Some(long) = long {
            out.extend_from_slice(b"CGBI");
            out.extend_from_slice(&(long.len() as u32).to_le_bytes());
            long.iter().for_each(|operation| out.extend_from_slice(&operation.to_le_bytes()));
        }
        let length = (out.len() - start - 4) as u32;
        out[start..start + 4].copy_from_slice(&length.to_le_bytes());
        Ok(())
    }
}

impl ChunkSource for SamSource {
    fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, CountError> {
        chunk.bytes.clear();
        chunk.compressed = false;
        chunk.number = self.number;
        chunk.before.clear();
        while chunk.bytes.len() < CHUNK_BYTES {
            if !std::mem::take(&mut self.pending) && !self.read_line()? {
                break;
            }
            if self.line.is_empty() || self.line[0] == b'@' {
                continue;
            }
            self.encode(&mut chunk.bytes).map_err(|problem| {
                problem_of(&self.path, FormatProblem::SamLine { line: self.line_number, problem })
            })?;
        }
        chunk.contigs = Arc::clone(&self.contigs);
        self.number += 1;
        Ok(!chunk.bytes.is_empty())
    }
}

/// The number of a contig; names that the header lacks are added behind its own, with unknown length.
fn place(places: &mut HashMap<Vec<u8>, i32>, contigs: &mut Arc<Vec<Contig>>, name: &[u8]) -> i32 {
    if name == b"*" {
        return -1;
    }
    if let Some(&place) = places.get(name) {
        return place;
    }
    let known = Arc::make_mut(contigs);
    let place = known.len() as i32;
    known.push(Contig { name: String::from_utf8_lossy(name).as_ref().into(), length: 0 });
    places.insert(name.to_vec(), place);
    place
}

fn parse_number(text: &[u8], name: &str) -> Result<i64, String> {
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<i64>().ok());
    number
        .filter(|number| number.unsigned_abs() <= u64::from(u32::MAX))
        .ok_or_else(|| format!("{name} is `{}`, not a number", String::from_utf8_lossy(text)))
}

fn parse_cigar(text: &[u8]) -> Result<Vec<u32>, String> {
    let mut operations = Vec::new();
    if text == b"*" {
        return Ok(operations);
    }
    let bad = || format!("CIGAR is `{}`", String::from_utf8_lossy(&text[..text.len().min(60)]));
    let mut length: Option<u32> = None;
    for &byte in text {
        if byte.is_ascii_digit() {
            let digit = u32::from(byte - b'0');
            length =
                Some(length.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(digit)).ok_or_else(bad)?);
        } else {
            let code = OPERATIONS.iter().position(|&letter| letter == byte).ok_or_else(bad)? as u32;
            let length = length.take().filter(|length| *length < 1 << 28).ok_or_else(bad)?;
            operations.push(length << 4 | code);
        }
    }
    if length.is_some() { Err(bad()) } else { Ok(operations) }
}

fn encode_bases(bases: &[u8], qualities: &[u8], out: &mut Vec<u8>) {
    let code = |base: u8| {
        let unknown = BASES.len() - 1;
        BASES.iter().position(|known| known.eq_ignore_ascii_case(&base)).unwrap_or(unknown) as u8
    };
    for pair in bases.chunks(2) {
        out.push(code(pair[0]) << 4 | pair.get(1).map_or(0, |&base| code(base)));
    }
    if qualities.len() == bases.len() && qualities != b"*" {
        out.extend(qualities.iter().map(|quality| quality.saturating_sub(33)));
    } else {
        out.resize(out.len() + bases.len(), 0xff);
    }
}

/// Appends one optional field (`NH:i:1`); those that make no sense are left out.
fn encode_field(field: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
    let Some((&[a, b, b':', kind, b':'], value)) = field.split_first_chunk::<5>() else { return Ok(()) };
    let text = String::from_utf8_lossy(value);
    match kind {
        b'A' if value.len() == 1 => out.extend_from_slice(&[a, b, b'A', value[0]]),
        b'i' => {
            let Ok(number) = text.parse::<i64>() else { return Ok(()) };
            out.extend_from_slice(&[a, b]);
            encode_integer(number, out);
        }
        b'f' => {
            let Ok(number) = text.parse::<f32>() else { return Ok(()) };
            out.extend_from_slice(&[a, b, b'f']);
            out.extend_from_slice(&number.to_le_bytes());
        }
        b'Z' | b'H' => {
            out.extend_from_slice(&[a, b, kind]);
            out.extend_from_slice(value);
            out.push(0);
        }
        b'B' => encode_array([a, b], &text, out),
        _ => {}
    }
    Ok(())
}

fn encode_integer(number: i64, out: &mut Vec<u8>) {
    if let Ok(small) = u8::try_from(number) {
        out.extend_from_slice(&[b'C', small]);
    } else if let Ok(number) = i32::try_from(number) {
        out.push(b'i');
        out.extend_from_slice(&number.to_le_bytes());
    } else {
        out.push(b'I');
        out.extend_from_slice(&(number.clamp(0, i64::from(u32::MAX)) as u32).to_le_bytes());
    }
}

fn encode_array(key: [u8; 2], text: &str, out: &mut Vec<u8>) {
    let mut items = text.split(',');
    let Some(kind) = items.next().and_then(|kind| kind.bytes().next()) else { return };
    let items: Vec<&str> = items.collect();
    out.extend_from_slice(&[key[0], key[1], b'B', kind]);
    out.extend_from_slice(&(items.len() as u32).to_le_bytes());
    for item in items {
        let number: f64 = item.parse().unwrap_or(0.0);
        match kind {
            b'c' | b'C' => out.push(number as i16 as u8),
            b's' | b'S' => out.extend_from_slice(&(number as i32 as u16).to_le_bytes()),
            b'f' => out.extend_from_slice(&(number as f32).to_le_bytes()),
            _ => out.extend_from_slice(&(number as i64 as u32).to_le_bytes()),
        }
    }
}
