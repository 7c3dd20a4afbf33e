//! Memory that cannot be had ends the program with a message and the exit code of the machine, wherever it is missed.
//!
//! Rust's own answer is to abort: no exit code that a script could go by, and unfinished files stay behind. The allocator
//! here is the system's; it only knows what to do when that says no. A reserve is let go first, so that clearing away and
//! telling find some memory.

#![expect(
    unsafe_code,
    reason = "an allocator can be written in no other way; it passes every call on as it is"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use alkaline_io::output;

use crate::failure::{self, Kind};

/// Bytes that are kept for the end.
const RESERVE: usize = 4 << 20;

/// How long another thread may hold the list of unfinished files: this often, this long.
const PATIENCE: (usize, Duration) = (100, Duration::from_millis(10));

#[global_allocator]
static ALLOCATOR: OrEnd = OrEnd;

static RESERVED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Whether a thread is ending the program.
static ENDING: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Whether it is this thread.
    static ENDS: Cell<bool> = const { Cell::new(false) };
}

/// Puts the reserve aside, and tells the system how memory is wanted.
pub fn reserve() {
    heap::want_large_pages();
    if let Ok(mut reserved) = RESERVED.lock() {
        reserved.reserve_exact(RESERVE);
    }
}

/// How the system's allocator gets its memory from the kernel.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod heap {
    use super::{GlobalAlloc, Layout, System};

    /// Bytes from which on a piece of memory has a mapping of its own, which is given back as soon as it is free: where the allocator itself
    /// ends when it has seen such pieces come and go. Until then it would ask the kernel for the same pages again and again.
    const OWN_MAPPING: i32 = 32 << 20;
    /// Free bytes at the end of the heap from which on they are given back.
    const SPARE: i32 = 64 << 20;
    /// Bytes at the beginning of the heap for which large pages are wanted. The kernel clears a page when it is first used: one of
    /// 2 MB costs as much as twenty of the 512 small ones in its place.
    const LARGE_PAGES: usize = 24 << 20;
    /// Bytes of a large page.
    const LARGE_PAGE: usize = 2 << 20;

    /// Asks for large pages; whether they are had is the kernel's business, and changes nothing but time.
    ///
    /// Where addresses are rationed (`ulimit -v`) none are taken before they are needed.
    pub(super) fn want_large_pages() {
        let Ok(layout) = Layout::from_size_align(LARGE_PAGES, 1) else { return };
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: `getrlimit` writes into what it is given; `mallopt` takes any values; the piece of memory is given back as it came; what
        // `madvise` is told of lies within it, on the border of a page, and it changes no byte.
        unsafe {
            if libc::getrlimit(libc::RLIMIT_AS, &raw mut limit) != 0 || limit.rlim_cur != libc::RLIM_INFINITY
            {
                return;
            }
            libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_MAPPING);
            libc::mallopt(libc::M_TRIM_THRESHOLD, SPARE);
            let start = System.alloc(layout);
            if start.is_null() {
                return;
            }
            let until_page = start.align_offset(LARGE_PAGE);
            if until_page < LARGE_PAGES {
                libc::madvise(start.add(until_page).cast(), LARGE_PAGES - until_page, libc::MADV_HUGEPAGE);
            }
            System.dealloc(start, layout);
        }
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod heap {
    pub(super) fn want_large_pages() {}
}

/// The system's allocator, or the end of the program.
struct OrEnd;

// SAFETY: every call is passed on to the system's allocator as it came, and its answer is handed back; a null pointer, the
// one answer that is not, ends the program.
unsafe impl GlobalAlloc for OrEnd {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the promises that `GlobalAlloc` asks for.
        or_end(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        or_end(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        or_end(unsafe { System.realloc(place, layout, size) })
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }
}

#[inline]
fn or_end(place: *mut u8) -> *mut u8 {
    if place.is_null() {
        end_for_lack_of_memory();
    }
    place
}

/// Clears away, tells, and ends the program; threads that come second wait for the end.
#[cold]
pub fn end_for_lack_of_memory() -> ! {
    if ENDING.swap(true, Ordering::SeqCst) {
        // Even the reserve does not suffice for this thread to end in order; another thread has only to wait.
        if !ENDS.get() {
            thread::sleep(PATIENCE.1 * PATIENCE.0 as u32 * 2);
        }
        signal_hook::low_level::exit(Kind::Machine as i32);
    }
    ENDS.set(true);
    if let Ok(mut reserved) = RESERVED.try_lock() {
        drop(std::mem::take(&mut *reserved));
    }
    let _ = failure::write_out_of_memory(&mut std::io::stderr()).and_then(|()| std::io::stderr().flush());
    for _ in 0..PATIENCE.0 {
        if output::try_clear_away() {
            break;
        }
        thread::sleep(PATIENCE.1);
    }
    signal_hook::low_level::exit(Kind::Machine as i32);
}
