"""Single-end reads within a file of pairs are fragments with one end."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("-p --countReadPairs -B -R CORE -a genes.gtf in.sam", in__sam=text(PAIRS[:6] + READS), genes__gtf=gtf(GENES)).write()
