"""Attributes handed on, one or several a gene."""

import sys

sys.path.insert(0, "..")
from suite import *

line = '%s\tcase\texon\t%d\t%d\t.\t%s\t.\tgene_id "%s"; gene_name "n%s"; exon_number "%d";\n'
rows = "".join(line % (c, s, e, strand, gene, gene.lower(), n) for n, (c, s, e, strand, gene) in enumerate(GENES))
Case("--extraAttributes gene_name,exon_number,absent -a genes.gtf in.sam", in__sam=text(READS), genes__gtf=rows).write()
