"""The gene with the largest overlap wins."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--largestOverlap -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
