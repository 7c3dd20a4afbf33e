"""At most ten bases of the read outside the gene."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--nonOverlap 10 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
