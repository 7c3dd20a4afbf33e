"""Four fifths of fifty bases are forty (in newer versions)."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--fracOverlap 0.8 -R CORE -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
