"""Pairs that map to several places, told apart by HI."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs -M -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
