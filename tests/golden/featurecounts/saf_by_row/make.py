"""Rows of SAF by themselves, stranded."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("-F SAF -f -O -s 1 -a genes.saf in.sam", in__sam=text(READS), genes__saf=saf(GENES)).write()
