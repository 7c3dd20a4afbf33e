"""A read that overlaps several genes is shared out among them."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-O --fraction -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
