"""Two types of features at once."""

import sys

sys.path.insert(0, "..")
from suite import *

rows = gtf(GENES[:5], "CDS") + gtf(GENES[5:8], "exon") + gtf(GENES[8:], "UTR")
Case("-t CDS,exon -a genes.gtf in.sam", in__sam=text(READS), genes__gtf=rows).write()
