"""Alignments of a read that maps to several places share it."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-M --fraction -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
