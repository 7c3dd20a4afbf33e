"""Ends that are extended."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs --readExtension3 200 -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
