"""Reads are extended, then reduced to a base."""

import sys

sys.path.insert(0, "..")
from suite import *

Case('--readExtension3 60 --read2pos 3 -a genes.gtf in.sam', in__sam=text(READS), genes__gtf=gtf(GENES)).write()
