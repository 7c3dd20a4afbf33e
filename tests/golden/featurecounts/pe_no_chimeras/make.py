"""Both ends on one contig and opposite strands."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs -C -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
