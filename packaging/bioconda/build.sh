#!/bin/bash
# The program from its sources, with completions and manual pages where conda looks for them.
set -euo pipefail
cargo-bundle-licenses --format yaml --output THIRDPARTY.yml
cargo install --no-track --locked --root "$PREFIX" --path crates/alkaline
mkdir -p "$PREFIX/share/man/man1" "$PREFIX/share/bash-completion/completions"
"$PREFIX/bin/alkaline" man "$PREFIX/share/man/man1"
"$PREFIX/bin/alkaline" completions bash > "$PREFIX/share/bash-completion/completions/alkaline"
