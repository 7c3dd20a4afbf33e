//! The names of what is being written and not yet finished.
//!
//! A program that must end at once (it was interrupted, or there is no memory left) has no time to unwind. Whoever makes
//! a temporary file or directory enters it here first; whoever ends the program takes the list and clears it away.
//! Taking the list closes it: nothing new is begun, and nothing is moved into place, from then on.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// What an entry is, which says how to clear it away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A directory with all that is in it.
    Tree,
    /// A directory that was made for an output, and goes if nothing is in it.
    EmptyDirectory,
    /// Another program that works for this one, by the number of its process group; it has no path.
    Processes(u32),
}

/// Everything under way in this process.
static UNFINISHED: Mutex<Vec<(Kind, PathBuf)>> = Mutex::new(Vec::new());

/// The entry of something under way; it ends when this is dropped.
#[derive(Debug)]
#[must_use = "the entry ends when this is dropped"]
pub struct Unfinished {
    entry: (Kind, PathBuf),
}

/// Enters what `make` makes, which is of this kind, at the path that `path_of` tells; nobody can clear up between the making and the entry.
///
/// # Errors
/// Those of `make`.
pub fn begin<T, E>(
    kind: Kind,
    make: impl FnOnce() -> Result<T, E>,
    path_of: impl FnOnce(&T) -> &Path,
) -> Result<(T, Unfinished), E> {
    enter(make, |made| (kind, path_of(made).to_owned()))
}

/// Enters the program that `start` starts, by the number of its process group, which `group_of` tells: it shall not outlive this one.
///
/// # Errors
/// Those of `start`.
pub fn begin_process<T, E>(
    start: impl FnOnce() -> Result<T, E>,
    group_of: impl FnOnce(&T) -> u32,
) -> Result<(T, Unfinished), E> {
    enter(start, |started| (Kind::Processes(group_of(started)), PathBuf::new()))
}

fn enter<T, E>(
    make: impl FnOnce() -> Result<T, E>,
    entry_of: impl FnOnce(&T) -> (Kind, PathBuf),
) -> Result<(T, Unfinished), E> {
    let mut list = list();
    let made = make()?;
    let entry = entry_of(&made);
    list.push(entry.clone());
    Ok((made, Unfinished { entry }))
}

/// Does `work` (moving finished files into place) in one go: whoever wants to end the program waits for it.
pub fn undisturbed<T>(work: impl FnOnce() -> T) -> T {
    let list = list();
    let result = work();
    drop(list);
    result
}

/// Closes the list and gives its entries, the newest first; `None` while another thread holds it.
pub fn try_take() -> Option<Vec<(Kind, PathBuf)>> {
    let list = match UNFINISHED.try_lock() {
        Ok(list) => list,
        Err(TryLockError::Poisoned(list)) => list.into_inner(),
        Err(TryLockError::WouldBlock) => return None,
    };
    Some(close(list))
}

/// Closes the list, as soon as nobody holds it, and gives its entries, the newest first.
pub fn take() -> Vec<(Kind, PathBuf)> {
    close(list())
}

fn close(mut list: MutexGuard<'_, Vec<(Kind, PathBuf)>>) -> Vec<(Kind, PathBuf)> {
    let mut entries = std::mem::take(&mut *list);
    entries.reverse();
    // Never unlocked again: the program ends.
    std::mem::forget(list);
    entries
}

fn list() -> MutexGuard<'static, Vec<(Kind, PathBuf)>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let mut list = list();
        if let Some(place) = list.iter().rposition(|entry| *entry == self.entry) {
            list.remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_lasts_as_long_as_its_guard() {
        let (_, entry) =
            begin(Kind::File, || Ok::<_, ()>(PathBuf::from("a.part")), PathBuf::as_path).unwrap();
        let has = |name: &str| list().iter().any(|(_, path)| path == Path::new(name));
        assert!(has("a.part"));
        drop(entry);
        assert!(!has("a.part"));
        let refused = begin(Kind::File, || Err::<PathBuf, _>("refused"), PathBuf::as_path);
        assert_eq!(refused.unwrap_err(), "refused");
    }

    #[test]
    fn programs_are_told_apart_by_their_number() {
        let start = |id: u32| begin_process(|| Ok::<_, ()>(id), |id| *id).unwrap().1;
        let (one, two) = (start(4_000_001), start(4_000_002));
        let has = |id: u32| list().iter().any(|(kind, _)| *kind == Kind::Processes(id));
        drop(one);
        assert!(!has(4_000_001) && has(4_000_002));
        drop(two);
    }
}
