"""A file of single-end reads is refused where pairs were promised."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("-p --countReadPairs -a genes.gtf in.sam", in__sam=text(READS), genes__gtf=gtf(GENES)).write()
