"""A file named twice gives two columns."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("-a genes.gtf in.sam in.sam", in__sam=text(READS), genes__gtf=gtf(GENES)).write()
