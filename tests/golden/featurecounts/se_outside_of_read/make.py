"""At most eighty bases of the feature outside the read."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--nonOverlapFeature 80 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
