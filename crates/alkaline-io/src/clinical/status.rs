//! What the cells of a status column say: the event, or none.

use std::collections::BTreeMap;

use super::words::number;

/// Words for the event.
const EVENT: [&str; 27] = [
    "true",
    "t",
    "yes",
    "y",
    "dead",
    "deceased",
    "died",
    "death",
    "event",
    "progression",
    "progressed",
    "progressive disease",
    "recurred",
    "relapsed",
    "relapse",
    "recurrence",
    "recurred/progressed",
    "recurred/relapsed",
    "metastasis",
    "failure",
    "dead with tumor",
    "with tumor",
    "dead of disease",
    "dod",
    "not alive",
    "pd",
    "positive",
];

/// Words for no event.
const NONE: [&str; 26] = [
    "false",
    "f",
    "no",
    "n",
    "alive",
    "living",
    "censored",
    "censor",
    "no event",
    "event free",
    "diseasefree",
    "disease free",
    "disease-free",
    "progression free",
    "progressionfree",
    "no progression",
    "not progressed",
    "no recurrence",
    "relapse free",
    "none",
    "tumor free",
    "alive or dead tumor free",
    "survived",
    "lived",
    "negative",
    "ned",
];

/// How the cells of a column are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Coding {
    /// The event of each row; `None` where nothing is told.
    pub events: Vec<Option<bool>>,
    /// How often each text occurs, and what it was taken for.
    pub texts: BTreeMap<String, (Option<bool>, usize)>,
}

impl Coding {
    /// The texts that were not understood.
    pub fn unknown(&self) -> Vec<&str> {
        self.texts.iter().filter(|(_, (event, _))| event.is_none()).map(|(text, _)| text.as_str()).collect()
    }

    /// What was taken for the event, what for none: for the user's eyes.
    pub fn in_words(&self) -> String {
        let side = |wanted: bool| {
            let texts = self.texts.iter().filter(|(_, (event, _))| *event == Some(wanted));
            texts.map(|(text, (_, count))| format!("`{text}` ({count})")).collect::<Vec<_>>().join(", ")
        };
        let (event, none) = (side(true), side(false));
        match (event.is_empty(), none.is_empty()) {
            (true, _) => format!("no event; {none} censored"),
            (_, true) => format!("event {event}; nobody censored"),
            _ => format!("event {event}; censored {none}"),
        }
    }
}

/// Reads the cells of a status column; `event` names the text of the event where the user says it.
pub fn coding(cells: &[String], event: Option<&str>) -> Coding {
    let mut numbers: Vec<f64> = cells.iter().filter_map(|cell| number(cell)).collect();
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    // 1 and 2, as registries code it; all 1 is all events
    let one_two = numbers.last() == Some(&2.0) && numbers.first() == Some(&1.0);
    let mut coding = Coding { events: Vec::with_capacity(cells.len()), texts: BTreeMap::new() };
    for cell in cells {
        if cell.is_empty() {
            coding.events.push(None);
            continue;
        }
        let told = match event {
            Some(event) => Some(cell.eq_ignore_ascii_case(event)),
            None => meaning(cell, one_two),
        };
        coding.events.push(told);
        coding.texts.entry(cell.clone()).or_insert((told, 0)).1 += 1;
    }
    coding
}

fn meaning(cell: &str, one_two: bool) -> Option<bool> {
    if let Some(value) = number(cell) {
        return match (value, one_two) {
            (0.0, false) | (1.0, true) => Some(false),
            (1.0, false) | (2.0, true) => Some(true),
            _ => None,
        };
    }
    let lower = cell.to_lowercase();
    if let Some((code, _)) = lower.split_once(':') {
        match code.trim() {
            "0" => return Some(false),
            "1" => return Some(true),
            _ => {}
        }
    }
    if EVENT.contains(&lower.as_str()) {
        return Some(true);
    }
    NONE.contains(&lower.as_str()).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: &[&str]) -> Vec<Option<bool>> {
        coding(&cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>(), None).events
    }

    #[test]
    fn codes_and_words_of_registries_are_understood() {
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(read(&["1:DECEASED", "0:LIVING", "0:ALIVE"]), [yes, no, no]);
        assert_eq!(read(&["0:ALIVE OR DEAD TUMOR FREE", "1:recurred/progressed"]), [no, yes]);
        assert_eq!(read(&["1", "2", ""]), [no, yes, None]);
        assert_eq!(read(&["1", "0"]), [yes, no]);
        assert_eq!(read(&["1", "1"]), [yes, yes]);
        assert_eq!(read(&["TRUE", "FALSE", "Progressed", "dead"]), [yes, no, yes, yes]);
    }

    #[test]
    fn a_third_value_is_not_guessed() {
        let found = coding(&["0", "1", "2"].map(str::to_owned), None);
        assert_eq!(found.unknown(), ["2"]);
        let said = coding(&["LOST", "GONE"].map(str::to_owned), Some("gone"));
        assert_eq!(said.events, [Some(false), Some(true)]);
    }
}
