"""Mates that meet across others, in any order."""

import sys

sys.path.insert(0, "..")
from suite import *

records = [
    record("a", 147, "chr1", 1220, "50M", 60, ("=", 1010), -260), record("b", 99, "chr1", 3010, "50M", 60, ("=", 3220), 260),
    record("b", 147, "chr1", 3220, "50M", 60, ("=", 3010), -260), record("a", 99, "chr1", 1010, "50M", 60, ("=", 1220), 260),
]
Case("-p --countReadPairs -R CORE -a genes.gtf in.sam", in__sam=text(records), genes__gtf=gtf(GENES)).write()
