//! Reads a workflow file: what is wrong is told all at once, each with line and column.

use std::path::Path;

use alkaline_io::delimited::read_text;
use alkaline_io::{FileProblems, Problem};

use super::check;
use super::contents::WorkflowFile;
use crate::error::WorkflowError;

impl WorkflowFile {
    /// Reads the workflow file at `path`; paths in it become relative to the working directory.
    ///
    /// # Errors
    /// [`WorkflowError::Read`] with line and column of everything that is wrong.
    pub fn read(path: &Path) -> Result<Self, WorkflowError> {
        let text = read_text(path)?;
        let wrong = |problems| WorkflowError::Read(FileProblems { path: path.to_owned(), problems }.into());
        let problems = check::problems(&text);
        if !problems.is_empty() {
            return Err(wrong(problems));
        }
        let file: Self = toml::from_str(&text).map_err(|error| {
            let before = error.span().map_or(0, |span| text[..span.start].matches('\n').count());
            wrong(vec![Problem::at_line(before as u64 + 1, error.message())])
        })?;
        let conflicts = file.conflicts();
        if !conflicts.is_empty() {
            return Err(wrong(conflicts));
        }
        Ok(file.beside(path.parent().unwrap_or(Path::new(""))))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use alkaline_dge::Trend;

    use super::super::schema;
    use super::*;
    use crate::spec::request::Settings;
    use crate::stages::enrich::EnrichSettings;

    fn read(text: &str) -> Result<WorkflowFile, WorkflowError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("workflow.toml");
        std::fs::write(&path, text).unwrap();
        WorkflowFile::read(&path)
    }

    #[track_caller]
    fn problems(text: &str) -> Vec<String> {
        let message = read(text).unwrap_err().to_string();
        let lines =
            message.lines().map(|line| line.rsplit_once("workflow.toml").map_or(line, |(_, rest)| rest));
        lines.map(str::to_owned).collect()
    }

    #[test]
    fn a_section_is_the_options_of_a_stage() {
        let file = read(
            "title = \"t\"\nsamples = \"samples.csv\"\npanels = [\"absent.txt\"]\n[count]\ncompat = \"featureCounts\"\n[test]\n\
             bcv = 0.1\nmethod = \"lrt\"\ndesign = \"~ batch + condition\"\n[test.estimate]\ntrend = \"movingave\"\n\
             grid_range = [-6, 6.5]\n[enrich]\ngo = [\"bp\"]\n[enrich.simplify]\ncutoff = 0.5\n",
        )
        .unwrap();
        let settings = file.settings();
        assert_eq!((settings.test.bcv, settings.test.estimate.trend), (Some(0.1), Trend::Movingave));
        assert_eq!(settings.test.estimate.grid_range, (-6.0, 6.5));
        assert_eq!(settings.enrich.simplify.unwrap().cutoff, 0.5);
        assert_eq!(settings.count.compat, alkaline_count::Compat::FeatureCounts);
        assert_eq!(file.panels, ["absent.txt"]);
        assert!(file.samples.unwrap().ends_with("samples.csv"));
    }

    #[test]
    fn everything_wrong_is_told_at_once_with_line_and_column() {
        let found = problems(
            "title = 3\nsample = \"samples.csv\"\n[test]\nfdr = 0.01\nmethod = \"exakt\"\nbcv = -1\nseparate = \"yes\"\n\
             [test.thresholds]\nfdr = 2\n  lcf = 1\n[enrich]\ngo = [\"bp\", \"mp\"]\ngene_sets = \"a.gmt\"\n[enrich.gsea]\nseed = 1.5\n",
        );
        for expected in [
            ", line 1:9: `title` is a whole number, but text is wanted",
            ", line 2:1: unknown key `sample`",
            "hint: did you mean `samples`?",
            ", line 4:1: unknown key `fdr` in [test]",
            "hint: `fdr` is a key of [test.thresholds]",
            ", line 5:10: `exakt` is no value of `test.method`",
            ", line 6:7: `test.bcv` is -1, but a number at least 0 is wanted",
            ", line 7:12: `test.separate` is text, but true or false is wanted",
            ", line 9:7: `test.thresholds.fdr` is 2, but a number at most 1 is wanted",
            ", line 10:3: unknown key `lcf` in [test.thresholds]",
            ", line 12:13: `mp` is no value of `enrich.go`",
            ", line 13:13: `enrich.gene_sets` is text, but a list (of texts) is wanted",
            ", line 15:8: `enrich.gsea.seed` is a number, but a whole number is wanted",
        ] {
            let is_hint = expected.starts_with("hint");
            assert!(
                is_hint || found.iter().any(|line| line == expected),
                "`{expected}` is not in {found:#?}"
            );
        }
        assert_eq!(found.iter().filter(|line| !line.starts_with("hint")).count(), 11, "{found:#?}");
    }

    #[test]
    fn a_prior_may_be_infinite_and_nothing_else() {
        let settings = read("[test.estimate]\nprior_df = inf\n").unwrap().settings();
        assert_eq!(settings.test.estimate.prior_df, Some(f64::INFINITY));
        let json = serde_json::to_string(&settings).unwrap();
        assert!(json.contains("\"prior_df\":\"inf\""), "{json}");
        assert_eq!(serde_json::from_str::<Settings>(&json).unwrap(), settings);
        let found = problems("[test.thresholds]\nlfc = inf\n");
        assert!(found[0].starts_with(", line 2:7: `test.thresholds.lfc` is inf, but"), "{found:#?}");
    }

    #[test]
    fn the_nearest_key_is_named_or_the_section_that_has_it() {
        let hint = |text: &str| problems(text).into_iter().find(|line| line.starts_with("hint")).unwrap();
        assert_eq!(hint("sampels = \"s.csv\"\n"), "hint: did you mean `samples`?");
        assert_eq!(hint("[test]\nfdr = 0.01\n"), "hint: `fdr` is a key of [test.thresholds]");
        assert_eq!(hint("seed = 7\n"), "hint: `seed` is a key of [enrich.gsea]");
        assert!(
            hint("[test]\nmethod = \"glm\"\n").contains("exact, lrt, ql, treat"),
            "{}",
            hint("[test]\nmethod = \"glm\"\n")
        );
    }

    #[test]
    fn every_mistake_of_syntax_is_told() {
        let found = problems("title = \nsamples = \"a.csv\"\n[test\nbcv = 0.1\n");
        assert!(found.len() >= 2, "{found:#?}");
        assert!(found[0].starts_with(", line 1:"), "{found:#?}");
        assert!(found.iter().any(|line| line.starts_with(", line 3:")), "{found:#?}");
    }

    #[test]
    fn keys_that_a_run_does_not_read_are_refused_with_what_decides() {
        let found = problems(
            "[test.glm.thresholds]\nfdr = 0.01\n[test.glm]\ncompat = \"edgeR-4\"\n[count]\nthreads = 4\n",
        );
        let message = found.join("\n");
        for part in [
            "the key `thresholds` in [test.glm] decides nothing",
            "[test.thresholds]",
            "`compat` in [test.glm]",
            "--threads",
        ] {
            assert!(message.contains(part), "{part} is not in {message}");
        }
    }

    #[test]
    fn inputs_that_exclude_each_other_are_refused() {
        let both = problems("samples = \"s.csv\"\nparental = [\"a.bam\"]\n").join("\n");
        assert!(both.contains("`parental` and `resistant` stand beside `samples`"), "{both}");
        assert!(both.contains("only one of `parental` and `resistant` is given"), "{both}");
        let dispersions = problems("[test]\nbcv = 0.1\ndispersion = 0.01\n").join("\n");
        assert!(dispersions.contains("`bcv` stands beside `dispersion`"), "{dispersions}");
        let contrast = problems("contrast = [\"condition,a\"]\n").join("\n");
        assert!(contrast.contains("VARIABLE,REFERENCE,TARGET is wanted"), "{contrast}");
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let place = |name: &str| directory.path().join(name);
        std::fs::write(place("genes.gtf"), "").unwrap();
        std::fs::write(place("list.txt"), "").unwrap();
        let text = "parental = [\"a.bam\"]\nresistant = [\"/b.bam\"]\nannotation = \"genes.gtf\"\npanels = [\"list.txt\", \"alk\"]\n\
                    [enrich]\ngene_sets = [\"s.gmt\"]\n[test]\nbcv_from = \"d.tsv\"\n[count]\nreference = \"g.fa\"\n";
        std::fs::write(place("workflow.toml"), text).unwrap();
        let file = WorkflowFile::read(&place("workflow.toml")).unwrap();
        assert_eq!(
            (&file.parental, &file.resistant),
            (&vec![place("a.bam")], &vec![PathBuf::from("/b.bam")])
        );
        let text = |name: &str| place(name).display().to_string();
        assert_eq!(file.annotation, Some(text("genes.gtf")));
        assert_eq!(file.panels, [text("list.txt"), "alk".to_owned()]);
        assert_eq!(file.enrich.gene_sets, [place("s.gmt")]);
        assert_eq!((file.test.bcv_from, file.count.reference), (Some(place("d.tsv")), Some(place("g.fa"))));
    }

    #[test]
    fn the_schema_knows_every_key_that_serde_reads() {
        // every option of the structs stands in the schema, but for those that are decided elsewhere
        fn compare(value: &serde_json::Value, section: &serde_json::Value, definition: &str) -> usize {
            let keys = schema::keys(section);
            let mut seen = 0;
            for (name, inner) in value.as_object().unwrap() {
                if schema::decided_elsewhere(definition, name).is_some() {
                    continue;
                }
                let key = keys
                    .iter()
                    .find(|key| key.name == name)
                    .unwrap_or_else(|| panic!("{definition}: {name}"));
                assert!(!key.description.is_empty(), "{definition}: {name} is not explained");
                seen += 1;
                if let (schema::Shape::Section(name, section), false) = (&key.shape, inner.is_null()) {
                    seen += compare(inner, section, name);
                }
            }
            seen
        }
        let everything = serde_json::to_value(WorkflowFile {
            enrich: EnrichSettings { simplify: Some(Default::default()), ..EnrichSettings::default() },
            ..WorkflowFile::default()
        });
        let seen = compare(&everything.unwrap(), schema::schema(), "");
        assert!(seen > 100, "{seen} keys were compared");
    }
}
