"""Reads move along their own direction."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--readShiftType downstream --readShiftSize 70 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
