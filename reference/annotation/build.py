#!/usr/bin/env python3
"""Build the annotation bundles from Subread's inbuilt RefSeq exons, as packaged by Debian.

usage: build.py [--subread DIR] [--contigs DIR] [--org org.Hs.eg.sqlite] [--goatools WHEEL] [--out DIR]

The defaults are where the Debian packages subread-data, r-bioc-genomeinfodb and r-bioc-org.hs.eg.db put their files. No
Debian package names mouse genes; a listing of NCBI Gene comes inside the wheel of goatools:
`pip download --no-deps goatools==1.6.7`.
Writes hg38.tsv.zst, hg19.tsv.zst and mm10.tsv.zst:
  lines that begin with `#`   what it is, and `#contig NAME LENGTH` for each assembled chromosome
  gene     NCBI Gene (Entrez) id, in the order of the source
  symbol   official symbol; empty where the source of symbols does not know the id
  type     NCBI gene type (protein-coding, ncRNA, pseudo, ...); empty likewise
  exons    one column per contig and strand: CONTIG STRAND START,LENGTH then ,GAP,LENGTH for each further exon, where
           GAP is this start minus the end before; rows stand in the order of the source
Needs Python 3 (standard library) and zstd.
"""

import argparse
import gzip
import itertools
import re
import sqlite3
import subprocess
import zipfile
from pathlib import Path

R_LIBRARY = Path("/usr/lib/R/site-library")
BUILDS = {
    # build: (species, NCBI annotation that Subread took the exons from)
    "hg38": ("Homo sapiens", "RefSeq annotation of NCBI build 38.2"),
    "hg19": ("Homo sapiens", "RefSeq annotation of NCBI build 37.2"),
    "mm10": ("Mus musculus", "RefSeq annotation of NCBI build 38.1"),
}


def human_names(path):
    """NCBI Gene id -> (symbol, type), and the date of the gene_info file they came from."""
    org = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    (date,) = org.execute("select value from metadata where name = 'EGSOURCEDATE'").fetchone()
    query = "select gene_id, symbol, gene_type from genes join gene_info using (_id) left join genetype using (_id)"
    return {gene: (symbol, kind or "") for gene, symbol, kind in org.execute(query)}, date


def mouse_names(wheel):
    """NCBI Gene id -> (symbol, ""), and the date of the listing of NCBI Gene in goatools; it tells no gene types."""
    names, dates = {}, set()
    with zipfile.ZipFile(wheel) as archive:
        for listing in ("All", "ProteinCoding"):
            text = archive.read(f"goatools/test_data/genes_NCBI_10090_{listing}.py").decode("utf-8", "replace")
            dates.add(re.search(r'^downloaded = "(\d{4}_\d\d_\d\d)"', text, re.MULTILINE)[1].replace("_", "-"))
            rows = re.finditer(r"GeneID=(\d+),.*?\bSymbol=(['\"])(.*?)\2", text)
            names |= {row[1]: (row[3], "") for row in rows}
    (date,) = dates
    return names, date


def exon_rows(path):
    with gzip.open(path, "rt", encoding="ascii") as lines:
        assert next(lines).split() == ["GeneID", "Chr", "Start", "End", "Strand"], path
        for line in lines:
            gene, contig, start, end, strand = line.split()
            yield gene, contig, strand, int(start), int(end)


def exon_column(contig, strand, rows):
    numbers, previous_end = [], 0
    for _, _, _, start, end in rows:
        assert start > previous_end, (contig, start, "exons of a gene are sorted and disjoint in the source")
        numbers += [start - previous_end, end - start + 1]
        previous_end = end
    return contig + strand + ",".join(map(str, numbers))


def bundle(build, options, names, names_date):
    species, origin = BUILDS[build]
    yield f"# {build}: {species}, {origin}, exons as in Subread 2.0.3's inbuilt annotation"
    yield f"# symbols: NCBI gene_info {names_date}"
    for line in (options.contigs / f"{build}.tab").read_text().splitlines()[1:]:
        name, length, _ = line.split()
        if name != "chrMT":  # a second mitochondrion of UCSC's hg19; the exons are on chrM
            yield f"#contig\t{name}\t{length}"
    yield "gene\tsymbol\ttype\texons"
    seen = set()
    source = options.subread / f"{build}_RefSeq_exon.txt.gz"
    for gene, rows in itertools.groupby(exon_rows(source), key=lambda row: row[0]):
        assert gene not in seen, (gene, "the exons of a gene stand together in the source")
        seen.add(gene)
        symbol, kind = names.get(gene, ("", ""))
        places = itertools.groupby(rows, key=lambda row: (row[1], row[2]))
        yield "\t".join([gene, symbol, kind] + [exon_column(*place, exons) for place, exons in places])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--subread", type=Path, default=Path("/usr/share/doc/subread/examples/annotation"))
    arguments.add_argument(
        "--contigs", type=Path, default=R_LIBRARY / "GenomeInfoDb/extdata/assembled_molecules_info/UCSC"
    )
    arguments.add_argument("--org", default=R_LIBRARY / "org.Hs.eg.db/extdata/org.Hs.eg.sqlite")
    arguments.add_argument("--goatools", type=Path, default=Path("goatools-1.6.7-py3-none-any.whl"))
    arguments.add_argument("--out", type=Path, default=Path(__file__).parent)
    options = arguments.parse_args()
    human, mouse = human_names(options.org), mouse_names(options.goatools)
    for build, (species, _) in BUILDS.items():
        names, names_date = human if species == "Homo sapiens" else mouse
        text = "\n".join(bundle(build, options, names, names_date)) + "\n"
        target = options.out / f"{build}.tsv.zst"
        subprocess.run(
            ["zstd", "--quiet", "--force", "--ultra", "-22", "--single-thread", "-o", target],
            input=text.encode(),
            check=True,
        )


if __name__ == "__main__":
    main()
