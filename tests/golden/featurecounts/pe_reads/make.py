"""Every end of a pair by itself, the strand of read 2 turned round."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("-p -s 1 -a genes.gtf in.sam", in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
