"""Of an option given twice the last holds."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("-s 2 -O -t CDS -s 0 -t exon -a genes.gtf in.sam", in__sam=text(READS), genes__gtf=gtf(GENES)).write()
