"""Of reads that map to several places the primary alignment counts, whole."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-M --primary --fraction -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
