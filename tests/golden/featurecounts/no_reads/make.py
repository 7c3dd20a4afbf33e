"""An alignment file without a record."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("-a genes.gtf in.sam", in__sam=text([]), genes__gtf=gtf(GENES)).write()
