"""Every row of the annotation that is overlapped."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-f -O -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
