//! Ranked lists, read, written and read again.

use std::collections::HashSet;
use std::path::Path;

use alkaline_io::rnk;

/// Reads RNK: falling finite scores, every gene once; what is written reads the same.
pub fn read_ranks(text: &str) {
    let path = Path::new("fuzzed.rnk");
    let Ok((list, _)) = rnk::parse(text, path) else { return };
    assert!(!list.genes.is_empty(), "a list without genes was read");
    assert!(list.scores.iter().all(|score| score.is_finite()));
    assert!(list.scores.is_sorted_by(|a, b| a >= b));
    let distinct: HashSet<&str> = list.genes.iter().map(|gene| gene.as_str()).collect();
    assert_eq!(distinct.len(), list.genes.len(), "a gene stands twice");
    let mut written = Vec::new();
    rnk::write_to(&mut written, &list).expect("memory takes everything");
    let written = String::from_utf8(written).expect("text stays text");
    // A gene that looks like a comment is not written so that it could be read again.
    if list.genes.iter().all(|gene| !gene.as_str().starts_with('#')) {
        let (again, notes) = rnk::parse(&written, path).expect("what was written can be read");
        assert_eq!(again.scores, list.scores);
        assert!(!notes.sorted);
    }
}
