"""Options stand before, between and behind files."""

import sys

sys.path.insert(0, "..")
from suite import *

Case("one.sam -O two.sam -a genes.gtf -M", one__sam=text(READS), two__sam=text(READS[:12]), genes__gtf=gtf(GENES)).write()
