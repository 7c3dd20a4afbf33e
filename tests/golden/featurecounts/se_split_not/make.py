"""Only reads across no junction count."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--nonSplitOnly -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
