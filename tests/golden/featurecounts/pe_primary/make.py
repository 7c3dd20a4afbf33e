"""Secondary alignments of pairs."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-p --countReadPairs --primary -M -a genes.gtf in.sam', in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
