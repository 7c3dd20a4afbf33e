"""A shortest template above the longest leaves none."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs -B -P -d 120 -D 50 -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
