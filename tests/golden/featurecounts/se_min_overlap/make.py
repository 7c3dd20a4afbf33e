"""At least twenty bases of overlap."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--minOverlap 20 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
