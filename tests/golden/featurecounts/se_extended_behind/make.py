"""Reads reach sixty bases further at their last base."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--readExtension3 60 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
