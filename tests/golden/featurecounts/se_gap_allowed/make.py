"""A gap of up to five bases between read and feature."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--minOverlap -5 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
