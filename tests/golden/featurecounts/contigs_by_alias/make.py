"""A table tells which contigs have two names."""

import sys

sys.path.insert(0, "..")
from suite import *

rows = [("one" if row[0] == "chr1" else row[0],) + row[1:] for row in GENES]
Case("-A names.csv -a genes.gtf in.sam", in__sam=text(READS), genes__gtf=gtf(rows), names__csv="one,chr1\n").write()
