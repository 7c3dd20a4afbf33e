"""Only reads across a junction count."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--splitOnly -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
