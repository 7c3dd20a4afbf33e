//! BAM records as SAM text.

use std::io::{self, Write};

use alkaline_core::genome::Contig;

use crate::record::Record;

/// CIGAR letters by BAM code.
const OPERATIONS: &[u8; 16] = b"MIDNSHP=XB??????";

/// Bases by BAM code.
const BASES: &[u8; 16] = b"=ACMGRSVTWYHKDBN";

/// Quality byte of a record without qualities.
const NO_QUALITY: u8 = 0xff;

/// Writes records, each with its length in front.
pub(super) fn write_records(out: &mut impl Write, mut bytes: &[u8], contigs: &[Contig]) -> io::Result<()> {
    while let Some((&length, rest)) = bytes.split_first_chunk::<4>() {
        let (record, rest) = rest.split_at(u32::from_le_bytes(length) as usize);
        bytes = rest;
        let record = Record::new(record).map_err(io::Error::other)?;
        write_record(out, &record, contigs)?;
    }
    Ok(())
}

fn write_record(out: &mut impl Write, record: &Record<'_>, contigs: &[Contig]) -> io::Result<()> {
    let name = |contig: i32| {
        usize::try_from(contig)
            .ok()
            .and_then(|place| contigs.get(place))
            .map_or("*", |contig| contig.name.as_str())
    };
    let mate = match record.mate_contig {
        mate if mate >= 0 && mate == record.contig => "=",
        mate => name(mate),
    };
    out.write_all(record.name())?;
    write!(
        out,
        "\t{}\t{}\t{}\t{}\t",
        record.flags,
        name(record.contig),
        record.position + 1,
        record.mapping_quality
    )?;
    let mut empty = true;
    for (operation, length) in record.cigar() {
        empty = false;
        write!(out, "{length}{}", OPERATIONS[operation as usize] as char)?;
    }
    if empty {
        out.write_all(b"*")?;
    }
    write!(out, "\t{mate}\t{}\t{}\t", record.mate_position + 1, record.template_length)?;
    write_bases(out, record)?;
    write_fields(out, record.tags())?;
    out.write_all(b"\n")
}

fn write_bases(out: &mut impl Write, record: &Record<'_>) -> io::Result<()> {
    let length = record.sequence_length();
    if length == 0 {
        return out.write_all(b"*\t*");
    }
    let (packed, qualities) = record.bases_and_qualities();
    let base = |place: usize| {
        let pair = packed[place / 2];
        BASES[usize::from(if place.is_multiple_of(2) { pair >> 4 } else { pair & 0xf })]
    };
    out.write_all(&(0..length).map(base).collect::<Vec<u8>>())?;
    out.write_all(b"\t")?;
    if qualities.first() == Some(&NO_QUALITY) {
        return out.write_all(b"*");
    }
    out.write_all(&qualities.iter().map(|quality| quality.saturating_add(33)).collect::<Vec<u8>>())
}

/// Writes the optional fields; ends at the first that makes no sense.
fn write_fields(out: &mut impl Write, mut tags: &[u8]) -> io::Result<()> {
    while let Some((&[a, b, kind], rest)) = tags.split_first_chunk::<3>() {
        let key = format!("\t{}{}", a as char, b as char);
        if let Some((number, width)) = integer(kind, rest) {
            write!(out, "{key}:i:{number}")?;
            tags = &rest[width..];
            continue;
        }
        tags = match (kind, rest) {
            (b'A', [letter, rest @ ..]) => {
                write!(out, "{key}:A:{}", *letter as char)?;
                rest
            }
            (b'f', _) if rest.len() >= 4 => {
                write!(out, "{key}:f:{}", f32::from_le_bytes([rest[0], rest[1], rest[2], rest[3]]))?;
                &rest[4..]
            }
            (b'Z' | b'H', _) => {
                let Some(length) = rest.iter().position(|&byte| byte == 0) else { return Ok(()) };
                write!(out, "{key}:{}:", kind as char)?;
                out.write_all(&rest[..length])?;
                &rest[length + 1..]
            }
            (b'B', [kind, a, b, c, d, rest @ ..]) => {
                write!(out, "{key}:B:{}", *kind as char)?;
                let Some(rest) = write_array(out, *kind, u32::from_le_bytes([*a, *b, *c, *d]), rest)? else {
                    return Ok(());
                };
                rest
            }
            _ => return Ok(()),
        };
    }
    Ok(())
}

/// A whole number of that kind at the start of `bytes`, and its width.
fn integer(kind: u8, bytes: &[u8]) -> Option<(i64, usize)> {
    Some(match kind {
        b'c' => (i64::from(*bytes.first()? as i8), 1),
        b'C' => (i64::from(*bytes.first()?), 1),
        b's' => (i64::from(i16::from_le_bytes(*bytes.first_chunk()?)), 2),
        b'S' => (i64::from(u16::from_le_bytes(*bytes.first_chunk()?)), 2),
        b'i' => (i64::from(i32::from_le_bytes(*bytes.first_chunk()?)), 4),
        b'I' => (i64::from(u32::from_le_bytes(*bytes.first_chunk()?)), 4),
        _ => return None,
    })
}

fn write_array<'a>(
    out: &mut impl Write,
    kind: u8,
    number: u32,
    mut bytes: &'a [u8],
) -> io::Result<Option<&'a [u8]>> {
    for _ in 0..number {
        if kind == b'f' {
            let Some(value) = bytes.first_chunk::<4>() else { return Ok(None) };
            write!(out, ",{}", f32::from_le_bytes(*value))?;
            bytes = &bytes[4..];
        } else {
            let Some((value, width)) = integer(kind, bytes) else { return Ok(None) };
            write!(out, ",{value}")?;
            bytes = &bytes[width..];
        }
    }
    Ok(Some(bytes))
}
