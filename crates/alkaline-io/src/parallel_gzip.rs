//! Gzip on all threads: the text is cut into pieces, each piece becomes a member of the file (RFC 1952, section 2.2).
//!
//! Every reader of gzip takes the members as one text. Pieces are of one size, so that the bytes do not depend on the number of
//! threads.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::prelude::*;

/// Text in one member, in bytes: large enough that a fresh start costs a few thousandths of the size.
const PIECE: usize = 1 << 20;

/// Compresses what is written to it.
pub(crate) struct ParallelGzip<W: Write> {
    out: W,
    /// Text that is not compressed yet.
    pending: Vec<u8>,
    /// Text that is gathered before the threads begin, in bytes.
    batch: usize,
    /// Whether there is a member yet: an empty file is no gzip file.
    begun: bool,
}

impl<W: Write> ParallelGzip<W> {
    pub(crate) fn new(out: W) -> Self {
        let batch = PIECE * rayon::current_num_threads();
        Self { out, pending: Vec::new(), batch, begun: false }
    }

    /// Compresses what is left, and ends the file.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.pending);
        if !rest.is_empty() || !self.begun {
            self.compress(&rest)?;
        }
        self.out.flush()
    }

    fn compress(&mut self, text: &[u8]) -> io::Result<()> {
        self.begun = true;
        let pieces: Vec<&[u8]> = if text.is_empty() { vec![text] } else { text.chunks(PIECE).collect() };
        let members: Vec<io::Result<Vec<u8>>> = pieces.into_par_iter().map(member).collect();
        members.into_iter().try_for_each(|member| self.out.write_all(&member?))
    }
}

/// One piece as a gzip file of its own.
fn member(text: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(text.len() / 3), Compression::default());
    encoder.write_all(text)?;
    encoder.finish()
}

impl<W: Write> Write for ParallelGzip<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(text);
        if self.pending.len() >= self.batch {
            let whole = self.pending.len() / PIECE * PIECE;
            let rest = self.pending.split_off(whole);
            let full = std::mem::replace(&mut self.pending, rest);
            self.compress(&full)?;
        }
        Ok(text.len())
    }

    /// Nothing: a piece that is not full yet waits for more, or for the end.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::MultiGzDecoder;

    use super::*;

    fn compressed(text: &[u8], threads: usize) -> Vec<u8> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut out = Vec::new();
            let mut gzip = ParallelGzip::new(&mut out);
            text.chunks(70_001).try_for_each(|part| gzip.write_all(part)).unwrap();
            gzip.finish().unwrap();
            out
        })
    }

    #[test]
    fn text_of_any_length_comes_back_and_threads_change_no_byte() {
        let long: Vec<u8> =
            (0..5_000_000_u32).map(|i| b"0123\t\n"[(i.wrapping_mul(i) % 6) as usize]).collect();
        for length in [0, 1, PIECE - 1, PIECE, 3 * PIECE, long.len()] {
            let text = &long[..length];
            let packed = compressed(text, 1);
            assert!(packed == compressed(text, 3), "{length} bytes");
            let mut back = Vec::new();
            MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut back).unwrap();
            assert!(back == text, "{length} bytes");
        }
    }
}
