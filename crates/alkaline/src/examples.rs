//! Examples, with which the help of every command ends.

use clap::Command;

/// The command line, each command with the text that `written` makes of its examples after its help.
pub fn with_examples(command: Command, written: impl Fn(&[&str]) -> String) -> Command {
    add_below(command, &[], &written)
}

/// The text that ends a help.
pub fn indented(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| folded(line).replace('\n', "\n  ")).collect();
    format!("Examples:\n  {}", lines.join("\n  "))
}

/// Columns that an example may take: two less than a terminal has, for the indent.
const COLUMNS: usize = 78;

/// A command on lines that a terminal has room for, each but the last ending with a backslash. Options stay with their value.
pub fn folded(line: &str) -> String {
    let mut lines = vec![String::new()];
    for piece in pieces(line) {
        let last = lines.last_mut().expect("there is one");
        if last.is_empty() {
            last.push_str(&piece);
        } else if last.len() + piece.len() + 3 > COLUMNS {
            last.push_str(" \\");
            lines.push(format!("    {piece}"));
        } else {
            last.push(' ');
            last.push_str(&piece);
        }
    }
    lines.join("\n")
}

/// What of a command stays on one line: a word, words in quotes, an option and the word after it.
fn pieces(line: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in line.split(' ') {
        match pieces.last_mut() {
            Some(last)
                if last.matches('\'').count() % 2 == 1 || (last.starts_with('-') && !last.contains(' ')) =>
            {
                last.push(' ');
                last.push_str(word);
            }
            _ => pieces.push(word.to_owned()),
        }
    }
    pieces
}

/// What to type, by command.
const EXAMPLES: &[(&[&str], &[&str])] = &[
    (
        &["run"],
        &[
            "alkaline run --parental H3122.bam --resistant H3122CR.bam --bcv 0.1 --out h3122cr",
            "alkaline run --samples samples.csv --contrasts contrasts.csv --annotation genes.gtf --out out",
            "alkaline run --counts counts.tsv --samples samples.csv --contrast condition,parental,resistant --out out",
            "alkaline run --counts counts.tsv --samples samples.csv --design '~ batch + condition' --gene-sets h.all.gmt --out out",
            "alkaline run --expression arrays.tsv --samples samples.csv --contrast condition,control,treated --by-symbol --out out",
            "alkaline run workflow.toml --out out",
        ],
    ),
    (
        &["check"],
        &["alkaline check --samples samples.csv --contrasts contrasts.csv --annotation hg38 --out out"],
    ),
    (&["init"], &["alkaline init", "alkaline init bams/ --schema", "alkaline init counts.tsv"]),
    (
        &["import", "geo"],
        &[
            "alkaline import geo --list GSE52778_series_matrix.txt.gz",
            "alkaline import geo GSE63966_raw_counts_GRCh38.p13_NCBI.tsv.gz GSE63966_family.soft.gz --group 'treatment ~ asbestos' --out GSE63966",
            "alkaline import geo GSE42872_series_matrix.txt.gz GPL6244.annot.gz script.R --compat geo2r --out GSE42872",
        ],
    ),
    (&["import", "featurecounts"], &["alkaline import featurecounts gene_counts.txt --out imported"]),
    (&["import", "htseq"], &["alkaline import htseq *.htseq-count.txt.gz --out imported"]),
    (&["import", "star"], &["alkaline import star *_ReadsPerGene.out.tab --out imported"]),
    (&["import", "rsem"], &["alkaline import rsem *.genes.results --out imported"]),
    (
        &["import", "salmon"],
        &["alkaline import salmon quants/*/quant.sf --annotation gencode.gtf.gz --out imported"],
    ),
    (
        &["import", "kallisto"],
        &["alkaline import kallisto */abundance.tsv --tx2gene tx2gene.tsv --out imported"],
    ),
    (
        &["import", "stringtie"],
        &["alkaline import stringtie */t_data.ctab --tx2gene tx2gene.tsv --read-length 100 --out imported"],
    ),
    (&["import", "matrix"], &["alkaline import matrix table.xlsx --out imported"]),
    (&["demo"], &["alkaline demo --out demo"]),
    (&["rerun"], &["alkaline rerun old/run.json --out again", "alkaline rerun old --out again --anyway"]),
    (&["diff"], &["alkaline diff old new", "alkaline diff old new -o differences.tsv"]),
    (&["status"], &["alkaline status out", "alkaline status out --all --log json"]),
    (
        &["compare"],
        &[
            "alkaline compare out_rnaseq out_array --out compare",
            "alkaline compare encorafenib=deseq2.csv vemurafenib=geo2r.top.table.tsv",
        ],
    ),
    (&["why"], &["alkaline why CCL20 out", "alkaline why ENSG00000115009 out --log json"]),
    (
        &["emit"],
        &[
            "alkaline emit slurm out --profile cluster.toml",
            "alkaline emit snakemake workflow.toml --out out",
            "alkaline emit nextflow --samples samples.csv --contrasts contrasts.csv --out out",
        ],
    ),
    (
        &["submit"],
        &[
            "alkaline submit slurm workflow.toml --out out",
            "alkaline submit slurm out --profile cluster.toml --wait",
        ],
    ),
    (&["resume"], &["alkaline resume out", "alkaline resume out --on local"]),
    (&["stage"], &["alkaline stage count:H3122 --dir out", "alkaline stage record report --dir out"]),
    (
        &["clean"],
        &[
            "alkaline clean --sample S1 -1 S1_R1.fastq.gz -2 S1_R2.fastq.gz --out out",
            "alkaline clean --sample S1 -1 S1_L001_R1.fastq.gz S1_L002_R1.fastq.gz -2 S1_L001_R2.fastq.gz S1_L002_R2.fastq.gz --out out",
        ],
    ),
    (
        &["align"],
        &[
            "alkaline align --sample S1 -1 out/reads/S1_R1.fastq.gz -2 out/reads/S1_R2.fastq.gz -x hg38_index --strandedness reverse --out out",
        ],
    ),
    (
        &["count"],
        &[
            "alkaline count -a genes.gtf -o counts.tsv a.bam b.bam",
            "alkaline count -a hg38 --strandedness auto --names auto -T 4 -o counts.tsv a.bam b.bam",
        ],
    ),
    (&["merge"], &["alkaline merge -o counts.tsv parts/a.tsv parts/b.tsv"]),
    (&["normalize"], &["alkaline normalize --counts counts.tsv --unit tpm -o tpm.tsv"]),
    (
        &["test"],
        &[
            "alkaline test --counts counts.tsv --samples samples.csv --contrast condition,parental,resistant -o test.tsv",
            "alkaline test --counts counts.tsv --samples samples.csv --contrast condition,parental,resistant --design '~ batch + condition' -o test.tsv",
        ],
    ),
    (
        &["enrich", "ora"],
        &[
            "alkaline enrich ora --table test.tsv --go bp,mf,cc -o ora.tsv",
            "alkaline enrich ora --genes up.txt --universe tested.txt --gene-sets h.all.gmt -o ora.tsv",
        ],
    ),
    (
        &["enrich", "gsea"],
        &[
            "alkaline enrich gsea --table test.tsv --go bp -o gsea.tsv",
            "alkaline enrich gsea --ranks ranks.rnk --gene-sets h.all.gmt --seed 1 -o gsea.tsv",
        ],
    ),
    (&["panel"], &["alkaline panel --table test.tsv --genes my_genes.txt -o panel.tsv"]),
    (
        &["cohort"],
        &[
            "alkaline cohort --clinical patients.csv --markers plasma.xlsx --out cohort",
            "alkaline cohort --clinical data_clinical_patient.txt --markers data_mrna_seq_v2_rsem.txt --endpoint OS --marker CCL20,IL6 --out cohort",
            "alkaline cohort --clinical patients.csv --markers plasma.csv --visit visit=baseline --responders 12 --with out --out cohort",
        ],
    ),
    (&["power"], &["alkaline power --bcv 0.2 --replicates 2 3 5 --lfc 1 -o power.tsv"]),
    (
        &["simulate"],
        &[
            "alkaline simulate --replicates 3 --library-size 300000 --out simulated",
            "alkaline simulate --demo --counts-only --cohort --out simulated",
        ],
    ),
    (
        &["export"],
        &[
            "alkaline export --anndata out",
            "alkaline export --parquet out -o tables",
            "alkaline export --xlsx --summarized-experiment out",
        ],
    ),
    (&["report"], &["alkaline report out"]),
    (&["reference", "list"], &["alkaline reference list"]),
    (&["reference", "show"], &["alkaline reference show hg38 -o hg38.tsv"]),
    (
        &["reference", "build", "go"],
        &[
            "alkaline reference build go --obo go-basic.obo --gaf mgi.gaf.gz --gene-info Mus_musculus.gene_info.gz -o mouse.go.gz",
        ],
    ),
    (
        &["reference", "index"],
        &[
            "alkaline reference index GRCh38.primary_assembly.genome.fa.gz --annotation gencode.v45.gtf.gz -o hg38_index",
        ],
    ),
    (&["completions"], &["alkaline completions bash"]),
    (&["man"], &["alkaline man share/man/man1"]),
    (
        &["import"],
        &["alkaline import geo GSE52778 --out imported", "alkaline import matrix table.xlsx --out imported"],
    ),
    (
        &["reference", "build"],
        &["alkaline reference build go --obo go-basic.obo --gaf mgi.gaf.gz -o mouse.go.gz"],
    ),
    (&["enrich"], &["alkaline enrich gsea --table test.tsv --go bp -o gsea.tsv"]),
    (&["reference"], &["alkaline reference list"]),
];

/// `command`, whose path is `path`, with the examples of all commands below it.
fn add_below(command: Command, path: &[&str], written: &dyn Fn(&[&str]) -> String) -> Command {
    command.mut_subcommands(|inner| {
        let name = inner.get_name().to_owned();
        let path = [path, &[name.as_str()]].concat();
        let inner = add_below(inner, &path, written);
        match EXAMPLES.iter().find(|(known, _)| *known == path) {
            Some((_, lines)) => inner.after_help(written(lines)),
            None => inner,
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn command_with_examples() -> Command {
        with_examples(Cli::command(), indented)
    }

    /// Words as a shell splits them; quotes hold words together.
    fn words(line: &str) -> Vec<String> {
        let (mut words, mut quoted) = (vec![String::new()], false);
        for letter in line.chars() {
            match letter {
                '\'' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                letter => words.last_mut().unwrap().push(letter),
            }
        }
        words
    }

    /// The paths of all commands that do something, below `command`.
    fn leaves(command: &Command, path: &[String], all: &mut Vec<Vec<String>>) {
        let inner: Vec<&Command> =
            command.get_subcommands().filter(|inner| inner.get_name() != "help").collect();
        if inner.is_empty() {
            all.push(path.to_vec());
        }
        for inner in inner {
            leaves(inner, &[path, &[inner.get_name().to_owned()]].concat(), all);
        }
    }

    #[test]
    fn every_command_has_an_example_that_can_be_typed() {
        let mut all = Vec::new();
        leaves(&Cli::command(), &[], &mut all);
        assert!(all.len() > 15);
        for path in all {
            let of_command = EXAMPLES.iter().find(|(known, _)| known.iter().eq(path.iter()));
            assert!(of_command.is_some_and(|(_, lines)| !lines.is_empty()), "no example of {path:?}");
        }
        for line in EXAMPLES.iter().flat_map(|(_, lines)| lines.iter()) {
            if let Err(error) = command_with_examples().try_get_matches_from(words(line)) {
                panic!("{line}\n{error}");
            }
        }
    }

    /// All commands below `command` with their help.
    fn helps(command: &mut Command, path: &str, all: &mut Vec<(String, String)>) {
        let path = format!("{path} {}", command.get_name());
        all.push((path.clone(), command.render_long_help().to_string()));
        for inner in command.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
            helps(inner, &path, all);
        }
    }

    #[test]
    fn every_help_ends_with_an_example() {
        let mut all = Vec::new();
        helps(&mut crate::groups::by_task(command_with_examples()), "", &mut all);
        assert!(all.len() > 40, "{}", all.len());
        for (path, help) in all {
            let example = help.trim_end().rsplit_once("\n  alkaline").map(|(_, example)| example);
            let example =
                example.unwrap_or_else(|| panic!("the help of{path} ends without an example: {help}"));
            let one_line = example.split_inclusive(" \\\n      ").count() == example.lines().count();
            assert!(one_line && !example.contains("\n\n"), "the help of{path} ends with {example}");
            assert!(
                path == " alkaline" || format!(" alkaline{example}").starts_with(&path),
                "{path}: {example}"
            );
            let room = help.split_once("Examples:").unwrap().1.lines().all(|line| line.chars().count() <= 80);
            assert!(room, "the examples of{path} are wider than a terminal");
        }
    }

    #[test]
    fn a_folded_example_is_the_same_command() {
        for line in EXAMPLES.iter().flat_map(|(_, lines)| lines.iter()) {
            assert_eq!(folded(line).replace(" \\\n    ", " "), *line);
        }
        assert_eq!(folded("alkaline demo --out demo"), "alkaline demo --out demo");
    }
}
