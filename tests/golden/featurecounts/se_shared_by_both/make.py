"""Alignments and genes share a read."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-M -O --fraction -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
