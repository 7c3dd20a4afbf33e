"""One column for each read group; a read of none vanishes."""

import sys

sys.path.insert(0, "..")
from suite import *

groups = ["@RG\tID:one\tSM:a", "@RG\tID:two\tSM:a"]
reads = [read("a", "chr1", 1001, tags="NH:i:1\tRG:Z:one"), read("b", "chr1", 1002, tags="NH:i:1\tRG:Z:two"),
         read("c", "chr1", 3002, tags="NH:i:1\tRG:Z:two"), read("d", "chr1", 1003), read("e", "chr1", 5000, tags="RG:Z:one")]
Case("--byReadGroup -a genes.gtf in.sam", in__sam=text(reads, groups), genes__gtf=gtf(GENES)).write()
