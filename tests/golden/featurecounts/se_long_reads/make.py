"""Long reads: every alignment by itself."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-L -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
