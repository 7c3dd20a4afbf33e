"""Reads across each junction, and its genes."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-J -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
