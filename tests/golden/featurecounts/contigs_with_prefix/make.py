"""Alignments say chr1 and chr2, the annotation 1 and 2."""

import sys

sys.path.insert(0, "..")
from suite import *

rows = [(contig[3:],) + rest for contig, *rest in map(lambda row: (row[0],) + row[1:], GENES) for rest in [tuple(rest)]]
Case("-a genes.gtf in.sam", in__sam=text(READS), genes__gtf=gtf(rows)).write()
