"""The fate of every read where several genes may get it."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('-R CORE -O -M -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
