"""Names count up to the first slash."""

import sys

sys.path.insert(0, "..")
from suite import *

records = [
    record("r/1", 99, "chr1", 1010, "50M", 60, ("=", 1220), 260), record("r/2", 147, "chr1", 1220, "50M", 60, ("=", 1010), -260),
]
Case("-p --countReadPairs -R CORE -a genes.gtf in.sam", in__sam=text(records), genes__gtf=gtf(GENES)).write()
