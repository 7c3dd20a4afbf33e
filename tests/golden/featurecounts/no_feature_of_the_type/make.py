"""An annotation without the type of feature asked for is refused."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("-t CDS -a genes.gtf in.sam", in__sam=text(READS), genes__gtf=gtf(GENES)).write()
