__author__ = "The alkaline developers"
__copyright__ = "Copyright 2026, The alkaline developers"
__license__ = "MIT"

from snakemake.shell import shell

log = snakemake.log_fmt_shell(stdout=True, stderr=True)
extra = snakemake.params.get("extra", "")
strandedness = snakemake.params.get("strandedness", "auto")

annotation = snakemake.input.get("annotation") or snakemake.params.get("annotation")
if not annotation:
    raise ValueError(
        "name gene models: `input: annotation=` for a file, `params: annotation=` for built-in ones"
    )

counts = snakemake.output.get("counts", snakemake.output[0])
for name, ending in [("summary", ".summary"), ("genes", ".genes")]:
    wanted = snakemake.output.get(name)
    if wanted and wanted != counts + ending:
        raise ValueError(f"the {name} lies beside the counts, as {counts}{ending}, not as {wanted}")

qc = snakemake.output.get("qc")
qc = ["--qc", qc] if qc else ["--no-qc"]

shell(
    "alkaline count --no-progress --threads {snakemake.threads}"
    " --strandedness {strandedness} {extra}"
    " -a {annotation:q} -o {counts:q} {qc:q}"
    " {snakemake.input.samples:q} {log}"
)
