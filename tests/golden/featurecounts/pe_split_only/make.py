"""Pairs with an end across a junction."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs --splitOnly -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
