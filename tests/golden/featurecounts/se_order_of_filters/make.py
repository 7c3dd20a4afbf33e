"""A read that several filters catch is told under the first of them."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-Q 10 --ignoreDup --primary --splitOnly --minOverlap 30 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
