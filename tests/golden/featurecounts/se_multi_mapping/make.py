"""Every alignment of a read that maps to several places counts."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-M -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
