//! How much of a file has been read, for those who watch from another thread.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes read of an alignment file. Copies tell the same number.
///
/// It is moved on once for every buffer that is filled, so that counting does not feel it. CRAM moves it not at all.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<AtomicU64>);

impl Meter {
    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// The file is read from its start.
    fn restart(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// A file with a meter.
pub(crate) struct Metered<R> {
    file: R,
    meter: Meter,
}

impl<R> Metered<R> {
    /// `file`, of which nothing has been read.
    pub(crate) fn new(file: R, meter: &Meter) -> Self {
        meter.restart();
        Self { file, meter: meter.clone() }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.meter.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meter_tells_what_was_read_and_begins_anew_with_the_file() {
        let meter = Meter::default();
        let mut buffer = [0; 3];
        for _ in 0..2 {
            let mut file = Metered::new(&b"abcdefgh"[..], &meter);
            assert_eq!(meter.bytes(), 0);
            file.read_exact(&mut buffer).unwrap();
            assert_eq!(meter.bytes(), 3);
            file.read_to_end(&mut Vec::new()).unwrap();
            assert_eq!(meter.bytes(), 8);
        }
    }
}
