"""Secondary alignments are left out, after multi-mapping reads."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--primary -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
