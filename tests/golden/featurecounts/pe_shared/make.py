"""Pairs shared out among alignments and genes."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs -M -O --fraction -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
