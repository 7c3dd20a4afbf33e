#!/usr/bin/env python3
"""Build the relations that GOSemSim's Wang similarity climbs, from the copy of the Gene Ontology in Debian's r-bioc-gosemsim.

usage: Rscript -e 'data(gotbl, package = "GOSemSim"); write.table(gotbl, "gotbl.tsv", sep = "\t", quote = FALSE, row.names = FALSE)'
       build_gosemsim.py --table gotbl.tsv --out DIR

The table holds terms and relations of a Gene Ontology release of early 2021 (it does not say which); GOSemSim 2.24 to
2.38.3 ship the same. Only terms that stand in one of the term bundles beside this script, or above one, are kept: the
others cannot be met by human genes. Needs Python 3 (standard library) and zstd.
"""

import argparse
import csv
import subprocess
from pathlib import Path

from build import RELATIONS, reachable, write

HEADER = [
    "# relations of a Gene Ontology release of early 2021, as in GOSemSim 2.24.0 to 2.38.3",
    "# Gene Ontology, CC BY 4.0, https://geneontology.org; doi:10.1038/75556, doi:10.1093/genetics/iyad031",
    "id\tontology\tname\tparents",
]


def met():
    """Terms of the bundles."""
    terms = set()
    for bundle in sorted(Path(__file__).parent.glob("go-*.terms.tsv.zst")):
        text = subprocess.run(["zstd", "-dcq", str(bundle)], check=True, capture_output=True, text=True).stdout
        terms.update(line.split("\t")[0] for line in text.splitlines() if line.startswith("GO:"))
    return terms


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--table", required=True, type=Path)
    arguments.add_argument("--out", required=True, type=Path)
    options = arguments.parse_args()
    ontology, parents = {}, {}
    with options.table.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            ontology[row["go_id"]] = row["Ontology"]
            if row["parent"] != "all":
                parents.setdefault(row["go_id"], []).append((RELATIONS[row["relationship"]], row["parent"]))
    lines = []
    for term in sorted(reachable(met() & ontology.keys(), parents)):
        edges = ",".join(f"{relation}:{parent}" for relation, parent in sorted(parents.get(term, [])))
        lines.append(f"{term}\t{ontology[term]}\t\t{edges}")
    write(options.out / "gosemsim.relations.tsv.zst", HEADER, lines)


main()
