//! The line at the foot of a terminal that says what is going on, and for how long already.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the line is drawn anew: its clock shows seconds.
const BETWEEN_DRAWINGS: Duration = Duration::from_millis(200);

/// A line that is gone when what it tells of is over. It is drawn on terminals only.
pub struct Progress {
    /// Where lines are drawn; `None` where nobody wants them.
    target: Option<fn() -> ProgressDrawTarget>,
    /// The line that is shown now.
    line: Mutex<Option<ProgressBar>>,
}

impl Progress {
    /// Lines on standard error where it is a terminal, if they are `wanted`.
    pub fn new(wanted: bool) -> Self {
        Self::on(wanted.then_some(ProgressDrawTarget::stderr))
    }

    fn on(target: Option<fn() -> ProgressDrawTarget>) -> Self {
        Self { target, line: Mutex::new(None) }
    }

    /// From now on the line says that `stage` is going on.
    pub fn start(&self, stage: &str) {
        let Some(target) = self.target else { return };
        self.stop();
        let line = ProgressBar::with_draw_target(None, target());
        line.set_style(style());
        line.set_message(stage.to_owned());
        line.enable_steady_tick(BETWEEN_DRAWINGS);
        *self.shown() = Some(line);
    }

    /// Nothing is going on any more: the line disappears.
    pub fn stop(&self) {
        if let Some(line) = self.shown().take() {
            line.finish_and_clear();
        }
    }

    /// Does `print` while the line is out of its way.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &*self.shown() {
            Some(line) => line.suspend(print),
            None => print(),
        }
    }

    /// A panic elsewhere is no reason to be silent.
    fn shown(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.stop();
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
        let progress = Progress::on(Some(|| ProgressDrawTarget::term_like(Box::new(terminal().clone()))));
        let screen = || terminal().contents();
        progress.start("count");
        progress.aside(|| assert_eq!(screen(), "", "a message finds an empty line"));
        assert!(screen().ends_with(" count  0s"), "{:?}", screen());
        progress.start("test");
        progress.aside(|| ());
        assert!(screen().ends_with(" test  0s") && !screen().contains("count"), "{:?}", screen());
        progress.stop();
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
