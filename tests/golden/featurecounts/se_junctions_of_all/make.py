"""Junctions do not depend on the filters of reads (in newer versions)."""

import sys

sys.path.insert(0, "..")
from suite import *

reads = READS + [read("poor_spliced", "chr1", 1081, "20M100N30M", quality=3), read("copy_spliced", "chr1", 1081, "20M100N30M", flags=DUPLICATE)]
Case("-J -Q 50 --ignoreDup -a genes.gtf in.sam", in__sam=text(reads), genes__gtf=gtf(GENES)).write()
