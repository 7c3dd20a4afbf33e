"""Features that a read only touches."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--minOverlap 0 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
