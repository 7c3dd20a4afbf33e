//! Runs through an alignment file with several threads: each inflates a chunk and counts inside it.
//!
//! A chunk is cut at block borders, not at record borders, so its first record is guessed (four plausible records in a
//! row) and what lies before it is stitched to the end of the chunk before. If any guess was wrong, or anything else went
//! wrong, the file is read once more from start to end by one thread, which needs no guess: answers and error messages
//! never depend on threads.

mod chunk_reader;
mod counter;
mod glance;
mod guess;
mod outlook;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alkaline_core::genome::Contig;

use crate::error::{CountError, FormatProblem};
use crate::input::{Chunk, ChunkSource, OpenInput, problem_of};
use chunk_reader::{ChunkReader, Fragmented, visit_records};
pub(crate) use counter::Counter;
pub(crate) use glance::{Glance, first_records};

/// How many threads may count.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Threads {
    /// So many.
    Any(usize),
    /// One, from start to end: what a record means depends on the record before.
    InOrder,
}

/// Runs `input` through counters made by `make`.
///
/// The first counter returned has absorbed all leftovers; the others hold what their thread counted.
pub(crate) fn run<C: Counter>(
    mut input: OpenInput,
    path: &Path,
    threads: Threads,
    reopen: impl Fn() -> Result<OpenInput, CountError>,
    make: impl Fn() -> Result<C, CountError> + Sync,
) -> Result<Vec<C>, CountError> {
    if let Threads::Any(threads) = threads
        && input.repeatable
    {
        match run_parallel(&mut *input.source, threads, &make) {
            Ok(counters) => return Ok(counters),
            Err(Interrupted::Final(error)) => return Err(error),
            Err(Interrupted::TryAgain) => input = reopen()?,
        }
    }
    run_in_order(&mut *input.source, path, &make).map(|counter| vec![counter])
}

/// Why a parallel run ended early.
enum Interrupted {
    /// Reading from start to end will tell what is wrong, if anything.
    TryAgain,
    /// Not the fault of guessing.
    Final(CountError),
}

/// A source that is not asked again once it has ended or failed, whichever thread comes next: what a decoder holds after a
/// failure is not to be touched.
struct OnceOnly<'a> {
    source: &'a mut dyn ChunkSource,
    over: bool,
}

impl OnceOnly<'_> {
    /// The next chunk; `false` at the end, and ever after the end or a failure.
    fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, CountError> {
        if self.over {
            return Ok(false);
        }
        let outcome = self.source.next_chunk(chunk);
        self.over = !matches!(outcome, Ok(true));
        outcome
    }
}

/// What is known while chunks are being merged.
struct Merge<C: Counter> {
    counter: C,
    next: u64,
    waiting: BTreeMap<u64, Fragmented<C::Leftover>>,
    /// The beginning of a record that ends in a later chunk.
    tail: Vec<u8>,
    /// Contigs known to the chunk before.
    contigs: Arc<Vec<Contig>>,
    interrupted: Option<Interrupted>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panicked ends the run anyway; its panic is passed on when the threads are joined.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn run_parallel<C: Counter>(
    source: &mut dyn ChunkSource,
    threads: usize,
    make: &(impl Fn() -> Result<C, CountError> + Sync),
) -> Result<Vec<C>, Interrupted> {
    let merge = Merge {
        counter: make().map_err(Interrupted::Final)?,
        next: 0,
        waiting: BTreeMap::new(),
        tail: Vec::new(),
        contigs: Arc::default(),
        interrupted: None,
    };
    let (source, merge) = (Mutex::new(OnceOnly { source, over: false }), Mutex::new(merge));
    let work = || work::<C>(&source, &merge, make);
    let counters: Vec<Option<C>> = if threads == 1 {
        vec![work()]
    } else {
        std::thread::scope(|scope| {
            // A thread that the machine refuses is done without.
            let start = |_| std::thread::Builder::new().spawn_scoped(scope, work).ok();
            let workers: Vec<_> = (0..threads).map_while(start).collect();
            if workers.is_empty() {
                return vec![work()];
            }
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        })
    };
    let mut merge = merge.into_inner().unwrap_or_else(PoisonError::into_inner);
    merge.finish();
    if let Some(interrupted) = merge.interrupted {
        return Err(interrupted);
    }
    Ok(std::iter::once(merge.counter).chain(counters.into_iter().flatten()).collect())
}

/// Counts chunks until there are none left.
fn work<C: Counter>(
    source: &Mutex<OnceOnly<'_>>,
    merge: &Mutex<Merge<C>>,
    make: &(impl Fn() -> Result<C, CountError> + Sync),
) -> Option<C> {
    let interrupt = |why: Interrupted| {
        lock(merge).interrupted.get_or_insert(why);
        None
    };
    let mut counter = match make() {
        Ok(counter) => counter,
        Err(error) => return interrupt(Interrupted::Final(error)),
    };
    let mut reader = ChunkReader::default();
    let mut chunk = Chunk::default();
    loop {
        match lock(source).next_chunk(&mut chunk) {
            Ok(true) => {}
            Ok(false) => return Some(counter),
            Err(_) => return interrupt(Interrupted::TryAgain),
        }
        let Ok(finished) = reader.count_guessing(&chunk, &mut counter) else {
            return interrupt(Interrupted::TryAgain);
        };
        let mut merge = lock(merge);
        if merge.interrupted.is_some() {
            return None;
        }
        merge.waiting.insert(chunk.number, finished);
        merge.advance();
    }
}

impl<C: Counter> Merge<C> {
    /// Merges all chunks whose turn it is.
    fn advance(&mut self) {
        while let Some(finished) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.tail.extend_from_slice(&finished.head);
            self.contigs = finished.contigs;
            if !finished.started {
                continue;
            }
            let stitched = std::mem::replace(&mut self.tail, finished.tail);
            let counted = self.count_stitched(&stitched).and_then(|()| self.absorb(finished.leftover));
            if let Err(why) = counted {
                self.interrupted.get_or_insert(why);
                return;
            }
        }
    }

    /// Counts the records that the borders of chunks cut.
    fn count_stitched(&mut self, stitched: &[u8]) -> Result<(), Interrupted> {
        self.counter.begin_chunk(&self.contigs);
        let outcome = visit_records(stitched, &self.contigs, &mut self.counter);
        if outcome != Ok(stitched.len()) {
            return Err(Interrupted::TryAgain);
        }
        let own = self.counter.end_chunk();
        self.absorb(own)
    }

    fn absorb(&mut self, leftover: C::Leftover) -> Result<(), Interrupted> {
        self.counter.absorb(leftover).map_err(Interrupted::Final)
    }

    /// Counts what the last chunks hold where no record begins in them: the end of the last record.
    fn finish(&mut self) {
        if self.interrupted.is_some() {
            return;
        }
        let stitched = std::mem::take(&mut self.tail);
        if let Err(why) = self.count_stitched(&stitched) {
            self.interrupted = Some(why);
        }
    }
}

/// Reads from start to end with one thread.
fn run_in_order<C: Counter>(
    source: &mut dyn ChunkSource,
    path: &Path,
    make: &impl Fn() -> Result<C, CountError>,
) -> Result<C, CountError> {
    let mut counter = make()?;
    let mut reader = ChunkReader::default();
    let mut chunk = Chunk::default();
    let mut counted = 0;
    while source.next_chunk(&mut chunk)? {
        counted = reader
            .count_in_order(&chunk, &mut counter, counted)
            .map_err(|problem| problem_of(path, problem))?;
        let leftover = counter.end_chunk();
        counter.absorb(leftover)?;
    }
    if reader.has_rest() {
        return Err(problem_of(path, FormatProblem::TruncatedRecord));
    }
    Ok(counter)
}
