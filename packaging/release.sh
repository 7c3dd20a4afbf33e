#!/usr/bin/env bash
# Makes what a release has, into target/release-files/ (packaging/README.md). Needs cargo and a C compiler; the wheel needs maturin, and is
# left out aloud where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."

version="$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)"
triple="$(rustc -vV | sed -n 's/^host: //p')"
name="alkaline-$version-$triple"
out="target/release-files"
rm -rf "$out" && mkdir -p "$out/$name" "$out/image"

# The C library is linked in: the program runs on any Linux of this processor. A target that is named has flags apart from build scripts.
export RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static"
cargo build --release --locked --target "$triple" -p alkaline
program="target/$triple/release/alkaline"
if ldd "$program" 2>/dev/null | grep -q '=>'; then echo "$program is not static"; exit 1; fi
"$program" --version

cp "$program" README.md LICENSE CHANGELOG.md CITATION.cff "$out/$name/"
RUSTFLAGS="" cargo xtask third-party > "$out/THIRD-PARTY-LICENCES.txt"
cp "$out/THIRD-PARTY-LICENCES.txt" "$out/$name/"
mkdir -p "$out/$name/man/man1" "$out/$name/completions"
"$program" man "$out/$name/man/man1"
for shell in bash zsh fish; do "$program" completions "$shell" > "$out/$name/completions/alkaline.$shell"; done
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" -C "$out" -czf "$out/$name.tar.gz" "$name"

cp "$program" LICENSE "$out/THIRD-PARTY-LICENCES.txt" "$out/image/"

if command -v maturin >/dev/null; then
  # the same flags and target: what was built above is taken as it is
  (cd packaging/pypi && maturin build --release --locked --target "$triple" --compatibility manylinux2014 --out "../../$out")
else
  echo "SKIPPED the wheel: maturin is not installed (pip install maturin)"
fi

(cd "$out" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%f\n' | LC_ALL=C sort | xargs sha256sum > SHA256SUMS)
ls -l "$out"
