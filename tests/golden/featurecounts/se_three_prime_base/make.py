"""The last base of the read stands for it."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--read2pos 3 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
