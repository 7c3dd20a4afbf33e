#!/bin/sh
# CPU seconds of edge-rs 0.3.2 and of alkaline, in turn, one thread, on one table of counts.
# usage: tests/peers/edge_rs.sh COUNTS.tsv LABELS [BCV] [--unfiltered]     (arguments as of examples/classic_pipeline.rs)
# before: cargo build --release -p alkaline-dge --examples
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=${TMPDIR:-/tmp}/alkaline-edge-rs
mkdir -p "$work/src"
cp "$here/edge_rs.rs" "$work/src/main.rs"
printf '[package]\nname = "driver"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\nedge-rs = "=0.3.2"\n[workspace]\n' > "$work/Cargo.toml"
(cd "$work" && CARGO_TARGET_DIR="$work/target" cargo build --release --quiet)
ours=${CARGO_TARGET_DIR:-$here/../../target}/release/examples/classic_pipeline
counts=$1; shift
for round in 1 2 3; do
  for program in "$work/target/release/driver" "$ours"; do
    printf '%s  ' "$(basename "$program")"
    RAYON_NUM_THREADS=1 sh -c '"$0" "$@" >/dev/null; times' "$program" "$counts" "$work/out.tsv" "$@" | tail -n 1
  done
done
