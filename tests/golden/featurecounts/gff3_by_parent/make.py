"""GFF3: exons counted by their Parent."""

import sys

sys.path.insert(0, "..")
from suite import *

line = "%s\tcase\texon\t%d\t%d\t.\t%s\t.\tID=e%d;Parent=%s\n"
rows = "##gff-version 3\n" + "".join(line % (c, s, e, strand, n, gene) for n, (c, s, e, strand, gene) in enumerate(GENES))
Case("-g Parent -a genes.gff3 in.sam", in__sam=text(READS), genes__gff3=rows).write()
