#!/usr/bin/env python3
"""Build a human gene identifier bundle from Bioconductor's org.Hs.eg.db, as packaged by Debian.

usage: build.py --org org.Hs.eg.sqlite --out DIR

Writes human-<release of the ontology in the same package>.tsv.zst with one line a gene, ordered by NCBI Gene id:
  gene      NCBI Gene (Entrez) id, as the difference from the line before
  symbol    official symbol; empty when it is `LOC` and the id
  type      p protein-coding, n RNA genes, s pseudogene, o anything else
  ensembl   Ensembl gene ids without `ENSG` and leading zeros, comma-separated
  aliases   other symbols, separated by `|`
Biological regions (enhancers and other features that are not genes) are left out.
Needs Python 3 (standard library) and zstd.
"""

import argparse
import sqlite3
import subprocess
from pathlib import Path

TYPES = {"protein-coding": "p", "pseudo": "s"}
RNA = {"ncRNA", "rRNA", "scRNA", "snRNA", "snoRNA", "tRNA"}


def grouped(rows):
    groups = {}
    for key, value in rows:
        groups.setdefault(key, []).append(value)
    return groups


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--org", required=True)
    arguments.add_argument("--out", required=True, type=Path)
    options = arguments.parse_args()
    org = sqlite3.connect(options.org)
    metadata = dict(org.execute("select name, value from metadata"))
    ensembl = grouped(org.execute("select _id, ensembl_id from ensembl order by ensembl_id"))
    aliases = grouped(org.execute("select _id, alias_symbol from alias order by alias_symbol"))
    rows = org.execute(
        "select _id, cast(gene_id as integer), symbol, gene_type from genes"
        " join gene_info using (_id) join genetype using (_id)"
        " where gene_type <> 'biological-region' order by 2"
    )
    lines, previous = [], 0
    for key, gene, symbol, gene_type in rows:
        kind = TYPES.get(gene_type, "n" if gene_type in RNA else "o")
        ids = ",".join(str(int(e[4:])) for e in dict.fromkeys(ensembl.get(key, [])) if e.startswith("ENSG"))
        others = "|".join(a for a in dict.fromkeys(aliases.get(key, [])) if a != symbol)
        shown = "" if symbol == f"LOC{gene}" else symbol
        lines.append(f"{gene - previous}\t{shown}\t{kind}\t{ids}\t{others}")
        previous = gene
    header = [
        f"# NCBI Gene {metadata['EGSOURCEDATE']}, Ensembl {metadata['ENSOURCEDATE']}, Homo sapiens (9606)",
        "gene\tsymbol\ttype\tensembl\taliases",
    ]
    plain = options.out / f"human-{metadata['GOSOURCEDATE']}.tsv"
    plain.write_text("\n".join(header + lines) + "\n", encoding="utf-8", newline="\n")
    compressed = plain.with_suffix(".tsv.zst")
    subprocess.run(
        ["zstd", "--quiet", "--force", "--ultra", "-22", "--rm", str(plain), "-o", str(compressed)], check=True
    )


main()
