"""Reads move to smaller positions."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--readShiftType left --readShiftSize 70 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
