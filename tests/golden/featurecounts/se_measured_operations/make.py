"""Bases of overlap with insertions, deletions and clips."""

import sys

sys.path.insert(0, "..")
from suite import *

cigars = ["50M", "20M10I20M", "20M10D20M", "20S30M", "30M20S", "10S10M10I10M10S", "10M100N40M", "5H45M"]
reads = [read("r%02d" % number, "chr1", 1066 + number, cigar) for number, cigar in enumerate(cigars)]
Case("-R CORE --minOverlap 28 --nonOverlap 25 -a genes.gtf in.sam", in__sam=text(reads), genes__gtf=gtf(GENES)).write()
