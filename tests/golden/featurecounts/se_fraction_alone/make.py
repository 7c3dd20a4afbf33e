"""Sharing has no meaning without -M or -O."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--fraction -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
