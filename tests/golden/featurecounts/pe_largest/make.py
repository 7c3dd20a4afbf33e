"""The gene with most bases of both ends."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs --largestOverlap -O -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
