"""An alignment file without an aligned read."""

import sys

sys.path.insert(0, "..")
from suite import *

reads = [read("u%d" % number, "*", 0, "*", flags=UNMAPPED, quality=0, tags="") for number in range(3)]
Case("-a genes.gtf in.sam", in__sam=text(reads), genes__gtf=gtf(GENES)).write()
