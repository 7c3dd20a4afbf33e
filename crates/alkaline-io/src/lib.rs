//! File formats to nouns and back: annotation, count tables, sample sheets, gene sets, result tables.
