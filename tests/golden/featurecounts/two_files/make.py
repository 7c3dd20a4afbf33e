"""Two files, each with its own strandedness."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("-s 1,2 -a genes.gtf one.sam two.sam", one__sam=text(READS), two__sam=text(READS[:12]), genes__gtf=gtf(GENES)).write()
