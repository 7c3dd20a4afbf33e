"""The fate of every read."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-R CORE -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
