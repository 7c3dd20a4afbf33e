//! The nouns of alkaline: what is written to disk or passed between stages. No I/O, no statistics.
