"""The length of the template within its limits."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs -B -P -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
