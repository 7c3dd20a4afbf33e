"""A file of pairs is refused where single-end reads were promised."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("-a genes.gtf in.sam", in__sam=text(PAIRS), genes__gtf=gtf(GENES)).write()
