"""Half of the read must overlap."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--fracOverlap 0.5 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
