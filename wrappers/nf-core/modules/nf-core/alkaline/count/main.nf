process ALKALINE_COUNT {
    tag "${meta.id}"
    label 'process_medium'

    conda "${moduleDir}/environment.yml"
    container "${ workflow.containerEngine in ['singularity', 'apptainer'] && !task.ext.singularity_pull_docker_container ?
        'https://depot.galaxyproject.org/singularity/alkaline:0.1.0--h9ee0642_0':
        'quay.io/biocontainers/alkaline:0.1.0--h9ee0642_0' }"

    input:
    tuple val(meta), path(bams)
    tuple val(meta2), path(annotation)

    output:
    tuple val(meta), path("*.counts.tsv")         , emit: counts
    tuple val(meta), path("*.counts.tsv.summary") , emit: summary
    tuple val(meta), path("*.counts.tsv.genes")   , emit: genes, optional: true
    tuple val(meta), path("*.qc/*.{tsv,json}")    , emit: qc   , optional: true
    tuple val("${task.process}"), val('alkaline'), eval("alkaline --version | sed 's/^alkaline //; s/ .*//'"), topic: versions, emit: versions_alkaline

    when:
    task.ext.when == null || task.ext.when

    script:
    def args         = task.ext.args ?: ''
    def prefix       = task.ext.prefix ?: "${meta.id}"
    def strandedness = meta.strandedness ?: 'auto'
    """
    alkaline count \\
        ${args} \\
        --strandedness ${strandedness} \\
        --threads ${task.cpus} \\
        --no-progress \\
        -a ${annotation} \\
        -o ${prefix}.counts.tsv \\
        --qc ${prefix}.qc \\
        ${bams}
    """

    stub:
    def args   = task.ext.args ?: ''
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    echo ${args}
    mkdir ${prefix}.qc
    touch ${prefix}.counts.tsv ${prefix}.counts.tsv.summary ${prefix}.counts.tsv.genes ${prefix}.qc/qc.json
    """
}
