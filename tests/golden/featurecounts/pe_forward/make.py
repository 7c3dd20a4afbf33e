"""Strandedness of pairs: that of read 1."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs -s 1 -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
