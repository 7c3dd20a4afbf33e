"""An end that is not aligned, and one that says it is but has no place, are no pair."""

import sys

sys.path.insert(0, "..")
from suite import *

records = [
    record("u", 77, "*", 0, "*", 0, tags=""), record("u", 133, "*", 0, "*", 0, tags=""),
]
Case("-p --countReadPairs -R CORE -a genes.gtf in.sam", in__sam=text(records), genes__gtf=gtf(GENES)).write()
