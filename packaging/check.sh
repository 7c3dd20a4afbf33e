#!/usr/bin/env bash
# Whether the packages can be made: every crate is packed as for crates.io, and the wheel is built, installed into an empty environment and run.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo publish --workspace --dry-run --no-verify --quiet --allow-dirty

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
(cd packaging/pypi && maturin build --release --locked --quiet --compatibility linux --out "$scratch")
python3 -m venv "$scratch/empty"
"$scratch/empty/bin/pip" install --quiet --no-index --disable-pip-version-check "$scratch"/*.whl
"$scratch/empty/bin/alkaline" --version
"$scratch/empty/bin/alkaline" reference list > "$scratch/list"
grep -q hg38 "$scratch/list"
ls -l "$scratch"/*.whl
