"""Share of the fragment that overlaps."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs --fracOverlap 0.6 -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
