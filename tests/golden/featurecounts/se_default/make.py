"""Single-end reads within exons, across junctions, between genes."""

import sys

sys.path.insert(0, "..")
from suite import *

Case(' -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
