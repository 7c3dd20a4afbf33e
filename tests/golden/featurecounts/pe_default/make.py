"""Pairs are fragments; both ends vote."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs  -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
