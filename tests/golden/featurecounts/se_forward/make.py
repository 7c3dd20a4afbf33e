"""Strandedness: read and feature on one strand; a feature without strand."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-s 1 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
