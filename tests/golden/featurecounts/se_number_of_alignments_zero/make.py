"""NH of zero, or none, means a unique read."""

import sys

sys.path.insert(0, "..")
from suite import *

reads = [read("zero", "chr1", 1001, tags="NH:i:0"), read("none", "chr1", 1002, tags=""), read("two", "chr1", 1003, tags="NH:i:2")]
Case("-a genes.gtf in.sam", in__sam=text(reads), genes__gtf=gtf(GENES)).write()
