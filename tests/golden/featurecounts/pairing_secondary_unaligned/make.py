"""A missing mate is not secondary because the end that is there is."""

import sys

sys.path.insert(0, "..")
from suite import *

records = [
    record("s", PAIRED | READ1 | UNMAPPED | SECONDARY, "chr1", 1010, "*", 0, ("=", 1010), tags=""),
    record("t", PAIRED | READ1 | MATE_UNMAPPED | SECONDARY, "chr1", 1010, "50M", 60, ("=", 1010)),
    record("v", PAIRED | READ1 | SECONDARY, "chr1", 1010, "50M", 60, ("=", 1210)),
]
Case("-p --countReadPairs --primary -R CORE -a genes.gtf in.sam", in__sam=text(records), genes__gtf=gtf(GENES)).write()
