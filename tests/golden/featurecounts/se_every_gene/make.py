"""A read that overlaps several genes counts for each."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-O -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
