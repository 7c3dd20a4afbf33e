"""A tenth of the feature must be overlapped."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--fracOverlapFeature 0.1 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
