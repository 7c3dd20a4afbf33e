"""Ends that do not name each other's place are two fragments."""

import sys

sys.path.insert(0, "..")
from suite import *

records = [
    record("r", 99, "chr1", 1010, "50M", 60, ("=", 1221), 260), record("r", 147, "chr1", 1220, "50M", 60, ("=", 1010), -260),
]
Case("-p --countReadPairs -R CORE -a genes.gtf in.sam", in__sam=text(records), genes__gtf=gtf(GENES)).write()
