"""Rows by themselves, counted by pairs."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs -f -O -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
