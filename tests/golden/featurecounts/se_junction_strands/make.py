"""The genome tells the strand of junctions."""

import sys

sys.path.insert(0, "..")
from suite import *

sequence = ["A"] * 10000
for left, right, motif in ((1100, 1201, "GTAG"), (1300, 1501, "CTAC")):
    sequence[left:left + 2], sequence[right - 3:right - 1] = motif[:2], motif[2:]
# featureCounts 2.0.3 does not load the last contig of a genome.
genome = ">chr1\n" + "".join(sequence) + "\n>chr2\n" + "A" * 5000 + "\n>last\nA\n"
Case("-J -G genome.fa -a genes.gtf in.sam", in__sam=text(READS), genes__gtf=gtf(GENES), genome__fa=genome).write()
