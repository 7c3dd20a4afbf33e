"""Marked duplicates are set aside."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--ignoreDup -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
