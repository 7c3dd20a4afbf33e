"""Every operation of a CIGAR, next to each other and at the ends."""

import sys

sys.path.insert(0, "..")
from suite import *

cigars = ["50M", "25=25X", "10M5I10M", "5I20M", "20M5I", "10M5D10M", "5S20M5S", "5H20M5H", "10M2P10M", "10M5D5I10M",
          "10M101N20M", "10M5D96N20M", "10M5I101N20M", "1M1D1M1D1M", "50S1M", "*"]
reads = [read("r%02d" % number, "chr1", 1091 if "N" in cigar else 1090, cigar) for number, cigar in enumerate(cigars)]
Case("-R CORE -a genes.gtf in.sam", in__sam=text(reads), genes__gtf=gtf(GENES)).write()
