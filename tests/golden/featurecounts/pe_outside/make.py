"""Bases of the fragment outside the gene."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs --nonOverlap 40 -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
