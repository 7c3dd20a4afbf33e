"""Ends whose HI differs are two fragments."""

import sys

sys.path.insert(0, "..")
from suite import *

records = [
    pair("r", ("chr1", 1010, "50M", "+"), ("chr1", 1220, "50M", "-"), tags=("NH:i:2\tHI:i:1", "NH:i:2\tHI:i:2")),
    pair("s", ("chr1", 1010, "50M", "+"), ("chr1", 1220, "50M", "-"), tags=("NH:i:2\tHI:i:1", "NH:i:2")),
]
Case("-p --countReadPairs -M -R CORE -a genes.gtf in.sam", in__sam=text(records), genes__gtf=gtf(GENES)).write()
