"""An annotation in SAF."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("-F SAF -a genes.saf in.sam", in__sam=text(READS), genes__saf=saf(GENES)).write()
