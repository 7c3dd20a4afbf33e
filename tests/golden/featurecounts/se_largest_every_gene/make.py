"""All genes with the largest overlap win."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--largestOverlap -O -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
