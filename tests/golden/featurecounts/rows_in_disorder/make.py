"""Rows in disorder, repeated, of one gene on two contigs and strands."""

import sys

sys.path.insert(0, "..")
from suite import *

rows = [GENES[n] for n in (7, 2, 0, 4, 1, 3, 0, 9, 5, 8, 6)] + [("chr2", 301, 400, "-", "A"), ("chr1", 1051, 1250, "+", "A")]
Case("-a genes.gtf in.sam", in__sam=text(READS), genes__gtf=gtf(rows)).write()
