"""Bases that either end covers, each once."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs --minOverlap 60 -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
