//! Results to figures (SVG) to one self-contained HTML report. Computes no statistics.
