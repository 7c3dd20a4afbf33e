"""Limits of the length of the template."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs -B -P -d 40 -D 270 -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
