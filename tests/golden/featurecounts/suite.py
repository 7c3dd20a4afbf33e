"""What the scripts of the cases share: records, genes, and asking featureCounts.

`python3 make.py` inside a case writes its input/. `python3 make.py answers` also runs the featureCounts that is installed and writes
what it says to expected/; `python3 make.py answers 2.0.6 /path/to/featureCounts` keeps what another version says otherwise, with the
version at the end of the names.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

CONTIGS = [("chr1", 10000), ("chr2", 5000)]

# Genes that overlap on one strand, on both, within each other; the last has no strand.
GENES = [
    ("chr1", 1001, 1100, "+", "A"),
    ("chr1", 1201, 1300, "+", "A"),
    ("chr1", 1501, 1700, "+", "A"),
    ("chr1", 1251, 1350, "-", "B"),
    ("chr1", 2001, 2200, "-", "B"),
    ("chr1", 3001, 3500, "+", "C"),
    ("chr1", 3401, 3900, "-", "D"),
    ("chr2", 1001, 2000, "+", "E"),
    ("chr2", 1401, 1500, "+", "F"),
    ("chr2", 3001, 3200, ".", "G"),
]

PAIRED, PROPER, UNMAPPED, MATE_UNMAPPED = 0x1, 0x2, 0x4, 0x8
REVERSE, MATE_REVERSE, READ1, READ2 = 0x10, 0x20, 0x40, 0x80
SECONDARY, DUPLICATE, SUPPLEMENTARY = 0x100, 0x400, 0x800


def gtf(rows, kind="exon"):
    """Rows of (contig, start, end, strand, gene) as GTF."""
    line = '{}\tcase\t{}\t{}\t{}\t.\t{}\t.\tgene_id "{}"; transcript_id "{}.1";\n'
    return "".join(line.format(c, kind, start, end, strand, gene, gene) for c, start, end, strand, gene in rows)


def saf(rows):
    """The same as SAF."""
    head = "GeneID\tChr\tStart\tEnd\tStrand\n"
    return head + "".join("{4}\t{0}\t{1}\t{2}\t{3}\n".format(*row) for row in rows)


def bases(cigar, kinds):
    return sum(int(n) for n, kind in re.findall(r"(\d+)([A-Z=])", cigar) if kind in kinds)


def record(name, flags, contig, position, cigar, quality=60, mate=("*", 0), length=0, tags="NH:i:1"):
    """One line of SAM; the bases are all A."""
    sequence = "A" * bases(cigar, "MIS=X") or "*"
    fields = [name, flags, contig, position, quality, cigar, mate[0], mate[1], length, sequence, "*"]
    return "\t".join(str(field) for field in fields + ([tags] if tags else [])) + "\n"


def read(name, contig, position, cigar="50M", flags=0, **more):
    """A single-end read."""
    return record(name, flags, contig, position, cigar, **more)


def pair(name, first, second, flags=(0, 0), tags=("NH:i:1", "NH:i:1"), quality=(60, 60), length=None):
    """Two ends, each (contig, position, cigar, strand)."""
    ends = [first, second]
    reverse = [end[3] == "-" for end in ends]
    same = first[0] == second[0]
    span = lambda end: end[1] + bases(end[2], "MDN=X")
    if length is None:
        length = max(map(span, ends)) - min(first[1], second[1]) if same else 0
    lines = ""
    for own, other in ((0, 1), (1, 0)):
        bits = PAIRED | (READ1, READ2)[own] | flags[own]
        bits |= (REVERSE if reverse[own] else 0) | (MATE_REVERSE if reverse[other] else 0)
        bits |= PROPER if same and reverse[0] != reverse[1] else 0
        mate = ("=" if same else ends[other][0], ends[other][1])
        sign = 1 if ends[own][1] <= ends[other][1] and (own == 0 or ends[0][1] != ends[1][1]) else -1
        contig, position, cigar, _ = ends[own]
        lines += record(name, bits, contig, position, cigar, quality[own], mate, sign * length, tags[own])
    return lines


# Single-end reads: within exons, across junctions, between genes, on both strands, aligned several times.
READS = [
    read("exon", "chr1", 1001), read("exon_reverse", "chr1", 1020, flags=REVERSE),
    read("spliced", "chr1", 1081, "20M100N30M"), read("twice_spliced", "chr1", 1091, "10M100N100M200N20M"),
    read("two_genes", "chr1", 1255, "40M"), read("two_genes_reverse", "chr1", 1260, "40M", flags=REVERSE),
    read("edge", "chr1", 951, "51M"), read("one_before", "chr1", 951, "50M"), read("intron", "chr1", 1120, "50M"),
    read("nowhere", "chr1", 5000), read("both_strands", "chr1", 3420, "60M"), read("nested", "chr2", 1410, "60M"),
    read("half_nested", "chr2", 1480, "60M"), read("no_strand", "chr2", 3010), read("no_strand_reverse", "chr2", 3020, flags=REVERSE),
    read("multi", "chr1", 1010, tags="NH:i:3\tHI:i:1"), read("multi", "chr1", 3010, flags=SECONDARY, tags="NH:i:3\tHI:i:2"),
    read("multi", "chr2", 1010, flags=SECONDARY, tags="NH:i:3\tHI:i:3"), read("untold", "chr1", 1030, tags=""),
    read("duplicate", "chr1", 1031, flags=DUPLICATE), read("poor", "chr1", 1032, quality=3), read("fair", "chr1", 1033, quality=30),
    read("unaligned", "*", 0, "*", flags=UNMAPPED, quality=0, tags=""), read("far", "chr2", 4951),
    read("forty_of_fifty", "chr1", 1061), read("insertion", "chr1", 1040, "20M5I20M"), read("deletion", "chr1", 1041, "20M10D20M"), read("clipped", "chr1", 1201, "20S30M5S"),
    read("over_gap", "chr1", 1090, "11M100D19M"), read("supplementary", "chr2", 1200, "30M20S", flags=SUPPLEMENTARY),
]

# Pairs of the same kinds, orphans and strangers.
PAIRS = [
    pair("inside", ("chr1", 1001, "50M", "+"), ("chr1", 1221, "50M", "-")),
    pair("inside_reverse", ("chr1", 1221, "50M", "-"), ("chr1", 1001, "50M", "+")),
    pair("vote", ("chr1", 1010, "50M", "+"), ("chr1", 1255, "40M", "-")),
    pair("tie", ("chr1", 3010, "50M", "+"), ("chr1", 3610, "50M", "-")),
    pair("both_in_two", ("chr1", 3420, "40M", "+"), ("chr1", 3440, "40M", "-")),
    pair("spliced", ("chr1", 1081, "20M100N30M", "+"), ("chr1", 1281, "20M200N30M", "-")),
    pair("one_outside", ("chr1", 1010, "50M", "+"), ("chr1", 5000, "50M", "-")),
    pair("outside", ("chr1", 5000, "50M", "+"), ("chr1", 5200, "50M", "-")),
    pair("same_strand", ("chr1", 1001, "50M", "+"), ("chr1", 1221, "50M", "+")),
    pair("two_contigs", ("chr1", 1001, "50M", "+"), ("chr2", 1601, "50M", "-")),
    pair("short", ("chr1", 3001, "30M", "+"), ("chr1", 3011, "30M", "-")),
    pair("multi", ("chr1", 1001, "50M", "+"), ("chr1", 1221, "50M", "-"), tags=("NH:i:2\tHI:i:1",) * 2),
    pair("multi", ("chr2", 1001, "50M", "+"), ("chr2", 1221, "50M", "-"), flags=(SECONDARY,) * 2, tags=("NH:i:2\tHI:i:2",) * 2),
    pair("half_multi", ("chr1", 1002, "50M", "+"), ("chr1", 1222, "50M", "-"), tags=("NH:i:1", "NH:i:2")),
    pair("duplicate", ("chr1", 1003, "50M", "+"), ("chr1", 1223, "50M", "-"), flags=(DUPLICATE,) * 2),
    pair("poor", ("chr1", 1004, "50M", "+"), ("chr1", 1224, "50M", "-"), quality=(3, 3)),
    pair("half_poor", ("chr1", 1005, "50M", "+"), ("chr1", 1225, "50M", "-"), quality=(3, 40)),
    record("single", PAIRED | READ1 | MATE_UNMAPPED, "chr1", 1010, "50M", 60, ("=", 1010)),
    record("single", PAIRED | READ2 | UNMAPPED, "chr1", 1010, "*", 0, ("=", 1010), tags=""),
    record("unaligned", 77, "*", 0, "*", 0, tags=""), record("unaligned", 141, "*", 0, "*", 0, tags=""),
    record("orphan", PAIRED | READ1 | MATE_REVERSE, "chr2", 1601, "50M", 60, ("=", 1701), 150),
    pair("nested", ("chr2", 1410, "50M", "+"), ("chr2", 1440, "50M", "-")),
    record("supplementary", PAIRED | READ1 | SUPPLEMENTARY | MATE_REVERSE, "chr2", 3010, "40M10S", 60, ("chr1", 1221)),
]


def text(records, header=(), contigs=CONTIGS):
    """A SAM file of `records`."""
    lines = ["@HD\tVN:1.6\tSO:unsorted"] + ["@SQ\tSN:%s\tLN:%d" % contig for contig in contigs] + list(header)
    return "\n".join(lines) + "\n" + "".join(records)


class Case:
    """A call: arguments but for `-o`, and the files that it reads by their names."""

    def __init__(self, args, **files):
        self.args = args.split()
        self.files = {name.replace("__", "."): content for name, content in files.items()}

    def write(self):
        os.makedirs("input", exist_ok=True)
        for name, content in self.files.items():
            with open(os.path.join("input", name), "w") as out:
                out.write(content)
        if "answers" in sys.argv:
            rest = sys.argv[sys.argv.index("answers") + 1:]
            self.ask(rest[1] if rest else "featureCounts", "." + rest[0] if rest else "")

    def ask(self, program, suffix):
        place = tempfile.mkdtemp()
        for name in self.files:
            shutil.copy(os.path.join("input", name), place)
        call = subprocess.run([program] + self.args + ["-o", "out.tsv"], cwd=place, capture_output=True)
        answers = {"exit": "%d\n" % (call.returncode != 0)}
        for name in sorted(os.listdir(place)):
            if name in self.files or (call.returncode != 0):
                continue
            with open(os.path.join(place, name)) as found:
                answer = found.read()
            # The first line of a table is the command.
            answers[name] = answer.split("\n", 1)[1] if name == "out.tsv" else answer
        shutil.rmtree(place)
        os.makedirs("expected", exist_ok=True)
        for name, answer in answers.items():
            known = os.path.join("expected", name)
            if suffix and os.path.exists(known) and open(known).read() == answer:
                continue
            with open(known + suffix, "w") as out:
                out.write(answer)
