// Stages of a run of alkaline, one after the other. For plan @PLAN@.
process ALKALINE_STAGES {
    tag "${meta.id}"
    label 'process_medium'

    input:
    tuple val(meta), val(stages)

    output:
    tuple val(meta), path("*.done"), emit: done
    path "versions.yml"            , emit: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    """
    '${params.alkaline}' stage ${stages} --dir '${params.run}' --plan ${params.plan} --wait --no-progress -j ${task.cpus} ${args}
    touch stages.done

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        alkaline: \$('${params.alkaline}' --version | sed 's/^alkaline //')
    END_VERSIONS
    """

    stub:
    """
    touch stages.done

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        alkaline: \$('${params.alkaline}' --version | sed 's/^alkaline //')
    END_VERSIONS
    """
}
