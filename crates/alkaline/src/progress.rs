//! The lines at the foot of a terminal that say what is going on, and for how long already.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the lines are drawn anew: their clocks show seconds.
const BETWEEN_DRAWINGS: Duration = Duration::from_millis(200);

/// A line for each stage under way, which is gone when that is over. They are drawn on terminals only.
pub struct Progress {
    /// Where lines are drawn; `None` where nobody wants them.
    lines: Option<MultiProgress>,
    /// The lines that are shown now, by the name of their stage.
    shown: Mutex<Vec<(String, ProgressBar)>>,
}

impl Progress {
    /// Lines on standard error where it is a terminal, if they are `wanted`.
    pub fn new(wanted: bool) -> Self {
        Self::on(wanted.then(ProgressDrawTarget::stderr))
    }

    fn on(target: Option<ProgressDrawTarget>) -> Self {
        Self { lines: target.map(MultiProgress::with_draw_target), shown: Mutex::default() }
    }

    /// From now on a line says that `stage` is going on.
    pub fn start(&self, stage: &str) {
        let Some(lines) = &self.lines else { return };
        let line = lines.add(ProgressBar::new_spinner());
        line.set_style(style());
        line.set_message(stage.to_owned());
        line.enable_steady_tick(BETWEEN_DRAWINGS);
        self.shown().push((stage.to_owned(), line));
    }

    /// `stage` is over: its line disappears.
    pub fn stop(&self, stage: &str) {
        let mut shown = self.shown();
        if let Some(place) = shown.iter().position(|(name, _)| name == stage) {
            let (_, line) = shown.remove(place);
            line.finish_and_clear();
            if let Some(lines) = &self.lines {
                lines.remove(&line);
            }
        }
    }

    /// Does `print` while the lines are out of its way.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.lines {
            Some(lines) => lines.suspend(print),
            None => print(),
        }
    }

    /// A panic elsewhere is no reason to be silent.
    fn shown(&self) -> MutexGuard<'_, Vec<(String, ProgressBar)>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let shown: Vec<_> = self.shown().drain(..).collect();
        shown.iter().for_each(|(_, line)| line.finish_and_clear());
    }
}

/// "⠋ test  1:05".
fn style() -> ProgressStyle {
    let style = ProgressStyle::default_spinner();
    // The template is right, as a test shows; the plain spinner would do as well.
    ProgressStyle::with_template("{spinner} {msg}  {elapsed}").unwrap_or(style)
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use indicatif::InMemoryTerm;

    use super::*;

    /// The terminal that the test looks at.
    fn terminal() -> &'static InMemoryTerm {
        static TERMINAL: OnceLock<InMemoryTerm> = OnceLock::new();
        TERMINAL.get_or_init(|| InMemoryTerm::new(5, 60))
    }

    #[test]
    fn the_line_tells_stage_and_time_makes_room_for_messages_and_disappears() {
        let progress = Progress::on(Some(ProgressDrawTarget::term_like(Box::new(terminal().clone()))));
        let screen = || terminal().contents();
        progress.start("count");
        progress.aside(|| assert_eq!(screen(), "", "a message finds an empty line"));
        assert!(screen().ends_with(" count  0s"), "{:?}", screen());
        progress.start("test");
        progress.aside(|| ());
        assert!(screen().contains(" count  0s") && screen().contains(" test  0s"), "{:?}", screen());
        progress.stop("count");
        assert!(screen().ends_with(" test  0s") && !screen().contains("count"), "{:?}", screen());
        progress.stop("test");
        assert_eq!(screen(), "");
        progress.start("report");
        drop(progress);
        assert_eq!(screen(), "");
    }

    #[test]
    fn where_no_line_is_wanted_messages_are_printed_all_the_same() {
        let progress = Progress::new(false);
        progress.start("count");
        assert_eq!(progress.aside(|| 1), 1);
    }
}
