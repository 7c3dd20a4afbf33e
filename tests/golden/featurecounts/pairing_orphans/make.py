"""The mate of an orphan is what the orphan says of it."""

import sys

sys.path.insert(0, "..")
from suite import *

records = [
    record("o", PAIRED | READ1 | MATE_REVERSE, "chr1", 1010, "50M", 60, ("=", 1220), 260),
    record("p", PAIRED | READ2 | MATE_UNMAPPED, "chr1", 1010, "50M", 60, ("=", 1010)),
    record("q", PAIRED | READ1, "chr1", 1010, "50M", 60, ("chr2", 1220)),
]
Case("-p --countReadPairs -B -C -R CORE -a genes.gtf in.sam", in__sam=text(records), genes__gtf=gtf(GENES)).write()
