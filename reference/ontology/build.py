#!/usr/bin/env python3
"""Build the Gene Ontology bundles from Bioconductor's SQLite files, as packaged by Debian.

usage: build.py --go GO.sqlite --org org.Hs.eg.sqlite --out DIR

Writes two files, named by the ontology's own release date:
  go-<release>.terms.tsv.zst         every term reachable from a human annotation, with its parents
  go-<release>.human.tsv.zst         direct annotations of human genes (NCBI Gene ids), one term a line

Nothing is propagated here: the reader does that over the graph. Needs Python 3 (standard library) and zstd.
"""

import argparse
import sqlite3
import subprocess
from pathlib import Path

ASPECTS = ["bp", "mf", "cc"]
# The two spellings are those of the source before and after 2.24 of its schema; the names written are OBO's.
RELATIONS = {
    "isa": "is_a",
    "is_a": "is_a",
    "part of": "part_of",
    "part_of": "part_of",
    "regulates": "regulates",
    "positively regulates": "positively_regulates",
    "positively_regulates": "positively_regulates",
    "negatively regulates": "negatively_regulates",
    "negatively_regulates": "negatively_regulates",
}


def release_of(connection):
    return connection.execute("select value from metadata where name = 'GOSOURCEDATE'").fetchone()[0]


def parents_of(go, aspect):
    """{child: [(relation, parent)]} within one ontology; the artificial root `all` is left out."""
    parents = {}
    rows = go.execute(
        f"select c.go_id, p.go_id, relationship_type from go_{aspect}_parents"
        " join go_term c using (_id) join go_term p on p._id = _parent_id"
    )
    for child, parent, relation in rows:
        if parent != "all":
            parents.setdefault(child, []).append((RELATIONS[relation], parent))
    return {child: sorted(edges) for child, edges in parents.items()}


def annotations_of(org, aspect):
    """{term: sorted NCBI Gene ids}, whatever the evidence."""
    genes = {}
    for gene, term in org.execute(f"select distinct gene_id, go_id from go_{aspect} join genes using (_id)"):
        genes.setdefault(term, []).append(int(gene))
    return {term: sorted(ids) for term, ids in genes.items()}


def reachable(terms, parents):
    """The terms and all their ancestors."""
    seen, waiting = set(), list(terms)
    while waiting:
        term = waiting.pop()
        if term not in seen:
            seen.add(term)
            waiting.extend(parent for _, parent in parents.get(term, []))
    return seen


def write(path, header, lines):
    text = "\n".join([*header, *lines]) + "\n"
    plain = path.with_suffix("")
    plain.write_text(text, encoding="utf-8", newline="\n")
    subprocess.run(["zstd", "--quiet", "--force", "--ultra", "-22", "--rm", str(plain), "-o", str(path)], check=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--go", required=True)
    arguments.add_argument("--org", required=True)
    arguments.add_argument("--out", required=True, type=Path)
    options = arguments.parse_args()
    go, org = sqlite3.connect(options.go), sqlite3.connect(options.org)
    release = release_of(go)
    if release != release_of(org):
        raise SystemExit(f"the ontology is of {release}, the annotations are of {release_of(org)}")
    names = dict(go.execute("select go_id, term from go_term"))
    term_lines, annotation_lines = [], []
    for aspect in ASPECTS:
        parents, annotations = parents_of(go, aspect), annotations_of(org, aspect)
        for term in sorted(reachable(annotations, parents)):
            edges = ",".join(f"{relation}:{parent}" for relation, parent in parents.get(term, []))
            term_lines.append(f"{term}\t{aspect.upper()}\t{names[term]}\t{edges}")
        for term in sorted(annotations):
            annotation_lines.append(f"{term}\t" + ",".join(map(str, annotations[term])))
    licence = "# Gene Ontology, CC BY 4.0, https://geneontology.org; doi:10.1038/75556, doi:10.1093/genetics/iyad031"
    write(
        options.out / f"go-{release}.terms.tsv.zst",
        [f"# ontology release {release}", licence, "id\tontology\tname\tparents"],
        term_lines,
    )
    write(
        options.out / f"go-{release}.human.tsv.zst",
        [f"# ontology release {release}; NCBI gene2go, Homo sapiens (9606), direct annotations", licence, "id\tgenes"],
        annotation_lines,
    )


if __name__ == "__main__":
    main()
