//! Texts in global heaps, and what leads to them.

use super::UNDEFINED;

/// Texts in one heap: a reader loads a heap as a whole.
const TEXTS_PER_HEAP: usize = 4096;

/// The smallest heap that libhdf5 takes.
const SMALLEST: usize = 4096;

/// Bytes before a heap's first text, and before each text.
const HEADER: usize = 16;

/// Texts laid out from some address on.
pub(super) struct Heaps {
    /// The heaps, one behind the other.
    pub bytes: Vec<u8>,
    /// Of each text: its length, its heap, its number there.
    pub references: Vec<u8>,
}

/// Lays `texts` out in heaps, the first of them at `address`. An empty text is told by its length and lies nowhere.
pub(super) fn heaps<'t>(texts: impl Iterator<Item = &'t str>, address: u64) -> Heaps {
    let mut laid = Heaps { bytes: Vec::new(), references: Vec::new() };
    let mut heap: Vec<u8> = Vec::new();
    let mut number = 0;
    for text in texts {
        laid.references.extend((text.len() as u32).to_le_bytes());
        if text.is_empty() {
            laid.references.extend([0; 12]);
            continue;
        }
        if number == TEXTS_PER_HEAP {
            close(&mut laid.bytes, &mut heap);
            number = 0;
        }
        number += 1;
        laid.references.extend((address + laid.bytes.len() as u64).to_le_bytes());
        laid.references.extend((number as u32).to_le_bytes());
        object(&mut heap, number as u16, text.as_bytes());
    }
    if number > 0 {
        close(&mut laid.bytes, &mut heap);
    }
    debug_assert!(address != UNDEFINED);
    laid
}

fn object(heap: &mut Vec<u8>, number: u16, text: &[u8]) {
    heap.extend(number.to_le_bytes());
    // One thing refers to it; then four bytes that mean nothing.
    heap.extend([1, 0, 0, 0, 0, 0]);
    heap.extend((text.len() as u64).to_le_bytes());
    heap.extend(text);
    heap.resize(heap.len().next_multiple_of(8), 0);
}

/// Ends a heap, and appends it.
fn close(bytes: &mut Vec<u8>, heap: &mut Vec<u8>) {
    let used = HEADER + heap.len();
    // What is free is told as an object, which takes a header.
    let size = if used >= SMALLEST { used } else { SMALLEST.max(used + HEADER) };
    bytes.extend(b"GCOL\x01\0\0\0");
    bytes.extend((size as u64).to_le_bytes());
    bytes.append(heap);
    if size > used {
        bytes.extend([0; 8]);
        bytes.extend(((size - used) as u64).to_le_bytes());
        bytes.resize(bytes.len() + size - used - HEADER, 0);
    }
}
