"""Reads reach sixty bases further at their first base."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--readExtension5 60 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
