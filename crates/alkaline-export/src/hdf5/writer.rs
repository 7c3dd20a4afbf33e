//! From a tree to the bytes of a file.

use std::io::{self, Write};

use super::checksum::checksum;
use super::header::Header;
use super::heap::heaps;
use super::node::{Array, Attribute, Elements, Group, Node, Stream};
use super::types::Kind;
use super::{UNDEFINED, aligned};

/// Bytes of the superblock, with which a file begins.
const SUPERBLOCK: u64 = 48;

/// Writes the file that `root` describes.
///
/// # Errors
/// Those of `out` and of streamed values; [`io::ErrorKind::InvalidInput`] for names that HDF5 cannot hold, and streams of another
/// length than their shape says.
pub fn write(out: &mut dyn Write, root: &Group<'_>) -> io::Result<()> {
    let mut plan = Plan { blocks: Vec::new(), end: SUPERBLOCK };
    let address = plan.group(root)?;
    out.write_all(&superblock(address, plan.end))?;
    plan.blocks.iter().try_for_each(|block| block.write(out))
}

/// Version 2: offsets and lengths of 8 bytes, no extension.
fn superblock(root: u64, end: u64) -> Vec<u8> {
    let mut bytes = b"\x89HDF\r\n\x1a\n\x02\x08\x08\0".to_vec();
    for address in [0, UNDEFINED, end, root] {
        bytes.extend(address.to_le_bytes());
    }
    let sum = checksum(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

/// A piece of the file; pieces lie one behind the other.
enum Block<'a> {
    Bytes(Vec<u8>),
    Values(u64, &'a Stream<'a>),
}

impl Block<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => out.write_all(bytes),
            Self::Values(size, write) => {
                let mut counted = Counted { out, written: 0 };
                write(&mut counted)?;
                if counted.written == *size {
                    return Ok(());
                }
                let message = format!("{} bytes of values, but their shape takes {size}", counted.written);
                Err(io::Error::new(io::ErrorKind::InvalidInput, message))
            }
        }
    }
}

/// Counts what passes.
struct Counted<'a> {
    out: &'a mut dyn Write,
    written: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The layout of a file, from its beginning on. What refers to something stands behind it.
struct Plan<'a> {
    blocks: Vec<Block<'a>>,
    /// Where the next piece goes; a multiple of eight.
    end: u64,
}

impl<'a> Plan<'a> {
    /// Lays out a group and all below it; gives its address.
    fn group(&mut self, group: &'a Group<'a>) -> io::Result<u64> {
        let mut header = Header::of_group()?;
        for (name, node) in &group.children {
            refuse_bad_name(name)?;
            let address = match node {
                Node::Group(group) => self.group(group)?,
                Node::Array(array) => self.array(array)?,
            };
            header.link(name, address)?;
        }
        self.attributes(&mut header, &group.attributes)?;
        Ok(self.bytes(header.finish()))
    }

    fn array(&mut self, array: &'a Array<'a>) -> io::Result<u64> {
        let kind = Kind::of_elements(&array.elements);
        let size = array.shape.iter().product::<u64>() * kind.size();
        let address = match &array.elements {
            Elements::Texts(texts) => self.texts(texts.iter().map(String::as_str)),
            Elements::Reals(values) => {
                self.bytes(values.iter().flat_map(|value| value.to_le_bytes()).collect())
            }
            Elements::Wholes(values) => {
                self.bytes(values.iter().flat_map(|value| value.to_le_bytes()).collect())
            }
            Elements::LongWholes(values) => {
                self.bytes(values.iter().flat_map(|value| value.to_le_bytes()).collect())
            }
            Elements::StreamedReals(write) | Elements::StreamedWholes(write) => self.stream(size, write),
        };
        let mut header = Header::of_array(kind, &array.shape, address)?;
        self.attributes(&mut header, &array.attributes)?;
        Ok(self.bytes(header.finish()))
    }

    /// Adds attributes to a header; their texts go into a heap of their own before it.
    fn attributes(&mut self, header: &mut Header, attributes: &[(String, Attribute)]) -> io::Result<()> {
        for (name, attribute) in attributes {
            let kind = Kind::of_attribute(attribute);
            let (shape, data) = match attribute {
                Attribute::Flag(flag) => (vec![], vec![u8::from(*flag)]),
                Attribute::Text(text) => (vec![], self.heaps(std::iter::once(text.as_str()))),
                Attribute::Texts(texts) => {
                    (vec![texts.len() as u64], self.heaps(texts.iter().map(String::as_str)))
                }
            };
            header.attribute(name, kind, &shape, &data)?;
        }
        Ok(())
    }

    /// Lays texts out, and what leads to them behind them; gives the address of that.
    fn texts<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> u64 {
        let references = self.heaps(texts);
        self.bytes(references)
    }

    fn heaps<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> Vec<u8> {
        let laid = heaps(texts, self.end);
        self.bytes(laid.bytes);
        laid.references
    }

    fn bytes(&mut self, mut bytes: Vec<u8>) -> u64 {
        let address = self.end;
        bytes.resize(aligned(bytes.len() as u64) as usize, 0);
        self.end += bytes.len() as u64;
        self.blocks.push(Block::Bytes(bytes));
        address
    }

    fn stream(&mut self, size: u64, write: &'a Stream<'a>) -> u64 {
        let address = self.end;
        self.blocks.push(Block::Values(size, write));
        let gap = aligned(self.end + size) - (self.end + size);
        self.blocks.push(Block::Bytes(vec![0; gap as usize]));
        self.end += size + gap;
        address
    }
}

/// Refuses names that would lead elsewhere.
fn refuse_bad_name(name: &str) -> io::Result<()> {
    if name.is_empty() || name == "." || name.contains(['/', '\0']) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("HDF5 holds nothing called `{name}`"),
        ));
    }
    Ok(())
}
