"""A junction that both ends cross counts once."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs -J -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
