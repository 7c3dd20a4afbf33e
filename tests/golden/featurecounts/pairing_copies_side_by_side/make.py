"""Two copies of read 2 stand side by side and pair; read 1, far before them, is left."""

import sys

sys.path.insert(0, "..")
from suite import *

records = [
    record("d", 99, "chr1", 1010, "50M", 60, ("=", 2010), 1050), pair("e", ("chr1", 1010, "50M", "+"), ("chr1", 1220, "50M", "-")),
    record("d", 147, "chr1", 2010, "50M", 60, ("=", 1010), -1050), record("d", 147, "chr1", 2010, "50M", 60, ("=", 1010), -1050),
]
Case("-p --countReadPairs -R CORE -a genes.gtf in.sam", in__sam=text(records), genes__gtf=gtf(GENES)).write()
