"""Both ends must be aligned."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs -B -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
