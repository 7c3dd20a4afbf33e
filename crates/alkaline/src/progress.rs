//! The lines at the foot of a terminal that say what is going on, for how long already, and for how long yet.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alkaline_workflow::Amount;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the lines are drawn anew: their clocks show seconds.
const BETWEEN_DRAWINGS: Duration = Duration::from_millis(200);

/// "⠋ test:resistant_vs_parental  5s", where nobody knows how much there is to do.
const UNKNOWN: &str = "{spinner} {msg:<24}  {elapsed}";

/// "⠋ count:H3122  █████░░░  40 % of 1.2 GB, 42 MB/s, 35s left".
const KNOWN: &str = "{spinner} {msg:<24}  {bar:16}  {percent} % of {decimal_total_bytes}, {decimal_bytes_per_sec}, {eta} left";

/// "  12 of 40 stages  1m".
const WHOLE: &str = "  {pos} of {len} stages  {elapsed}";

/// A line for each stage under way, which is gone when that is over, and one for the whole run. They are drawn on terminals only.
pub struct Progress {
    /// Where lines are drawn; `None` where nobody wants them.
    lines: Option<MultiProgress>,
    /// The lines that are shown now.
    shown: Mutex<Shown>,
}

#[derive(Default)]
struct Shown {
    /// By the name of their stage.
    stages: Vec<(String, ProgressBar)>,
    /// That of the run, which is the last.
    whole: Option<ProgressBar>,
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
        let line = ProgressBar::new_spinner().with_style(style(UNKNOWN)).with_message(stage.to_owned());
        let mut shown = self.shown();
        let line = match &shown.whole {
            Some(whole) => lines.insert_before(whole, line),
            None => lines.add(line),
        };
        line.enable_steady_tick(BETWEEN_DRAWINGS);
        shown.stages.push((stage.to_owned(), line));
    }

    /// So many bytes of `stage` are done: its line has a bar, and tells the time that is left.
    pub fn advance(&self, stage: &str, bytes: Amount) {
        let shown = self.shown();
        let Some((_, line)) = shown.stages.iter().find(|(name, _)| name == stage) else { return };
        if line.length() != Some(bytes.total) {
            line.set_length(bytes.total);
            line.set_style(style(KNOWN));
        }
        line.set_position(bytes.done);
    }

    /// So many stages of the run are done; the line of the run goes with the last.
    pub fn whole(&self, stages: Amount) {
        let Some(lines) = &self.lines else { return };
        let mut shown = self.shown();
        if stages.done >= stages.total {
            shown.whole.take().iter().for_each(|line| clear(lines, line));
            return;
        }
        let line = shown
            .whole
            .get_or_insert_with(|| lines.add(ProgressBar::new(stages.total).with_style(style(WHOLE))));
        line.set_position(stages.done);
        line.tick();
    }

    /// `stage` is over: its line disappears.
    pub fn stop(&self, stage: &str) {
        let Some(lines) = &self.lines else { return };
        let mut shown = self.shown();
        if let Some(place) = shown.stages.iter().position(|(name, _)| name == stage) {
            clear(lines, &shown.stages.remove(place).1);
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
    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let mut shown = self.shown();
        shown.stages.drain(..).for_each(|(_, line)| line.finish_and_clear());
        shown.whole.take().iter().for_each(ProgressBar::finish_and_clear);
    }
}

fn clear(lines: &MultiProgress, line: &ProgressBar) {
    line.finish_and_clear();
    lines.remove(line);
}

/// A style; the templates are right, as a test shows, and the plain spinner would do as well.
fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
    style.progress_chars("█░")
}

#[cfg(test)]
mod tests {
    use indicatif::InMemoryTerm;

    use super::*;

    /// A terminal that the test looks at, with lines on it.
    fn on_terminal() -> (InMemoryTerm, Progress) {
        let terminal = InMemoryTerm::new(6, 120);
        let progress = Progress::on(Some(ProgressDrawTarget::term_like(Box::new(terminal.clone()))));
        (terminal, progress)
    }

    /// Waits until the screen is as it shall be: lines are drawn when it is their turn.
    #[track_caller]
    fn eventually(terminal: &InMemoryTerm, is_right: impl Fn(&str) -> bool) {
        for _ in 0..1_000 {
            if is_right(&terminal.contents()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the screen shows {:?}", terminal.contents());
    }

    #[test]
    fn the_line_tells_stage_and_time_makes_room_for_messages_and_disappears() {
        let (terminal, progress) = on_terminal();
        let screen = || terminal.contents();
        progress.start("count");
        progress.aside(|| assert_eq!(screen(), "", "a message finds an empty line"));
        eventually(&terminal, |screen| screen.contains(" count ") && screen.ends_with('s'));
        progress.start("test");
        progress.aside(|| ());
        eventually(&terminal, |screen| screen.contains(" count ") && screen.contains(" test "));
        progress.stop("count");
        eventually(&terminal, |screen| screen.contains(" test ") && !screen.contains("count"));
        progress.stop("test");
        assert_eq!(screen(), "");
        progress.start("report");
        drop(progress);
        assert_eq!(screen(), "");
    }

    #[test]
    fn where_the_amount_is_known_there_is_a_bar_and_the_run_is_counted_in_stages() {
        let (terminal, progress) = on_terminal();
        let screen = || terminal.contents();
        progress.whole(Amount { done: 1, total: 12 });
        progress.start("count:H3122");
        progress.advance("count:H3122", Amount { done: 480_000_000, total: 1_200_000_000 });
        progress.advance("merge", Amount { done: 1, total: 2 });
        eventually(&terminal, |screen| screen.contains("40 % of") && screen.contains("of 12 stages"));
        let lines: Vec<String> = screen().lines().map(str::to_owned).collect();
        assert!(lines[0].contains("count:H3122") && lines[0].contains("40 % of 1.20 GB, "), "{lines:?}");
        assert!(lines[0].contains("██████░") && lines[0].ends_with(" left"), "{lines:?}");
        assert!(lines[1].contains("1 of 12 stages"), "the run stands below its stages: {lines:?}");
        progress.stop("count:H3122");
        progress.whole(Amount { done: 12, total: 12 });
        assert_eq!(screen(), "");
    }

    #[test]
    fn where_no_line_is_wanted_messages_are_printed_all_the_same() {
        let progress = Progress::new(false);
        progress.start("count");
        progress.advance("count", Amount { done: 1, total: 2 });
        assert_eq!(progress.aside(|| 1), 1);
    }
}
