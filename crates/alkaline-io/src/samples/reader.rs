//! Reads a sample sheet and reports everything that is wrong with it.

use std::path::Path;

use alkaline_core::samples::SampleSheet;

use super::layout::Layout;
use super::rows::{Rows, field, resolve};
use crate::delimited::Delimited;
use crate::error::{FileProblems, Problem, ReadError};

/// A sample sheet, and what its reader decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetFile {
    /// The samples.
    pub sheet: SampleSheet,
    /// What was decided while reading, for the user's eyes.
    pub notices: Vec<String>,
}

/// Reads the sample sheet at `path`; paths in it are relative to the sheet, or to the working directory.
///
/// # Errors
/// [`ReadError`] with every problem: missing or misspelt columns, names that are empty or repeated.
pub fn read(path: &Path) -> Result<SampleSheet, ReadError> {
    Ok(read_for(path, &[])?.sheet)
}

/// As [`read`]; of several columns that could name the samples the one is taken whose values are all among `names`, the columns of the
/// count table.
///
/// # Errors
/// As [`read`].
pub fn read_for(path: &Path, names: &[String]) -> Result<SheetFile, ReadError> {
    let table = Delimited::open(path)?;
    let layout = Layout::of(&table, names)?;
    let said = table.notices.iter().chain(&layout.notices);
    let mut notices: Vec<String> = said.cloned().collect();
    let header = table.header.clone();
    let mut rows = Rows::new(&layout, &header, path);
    for (line, row) in table.rows()? {
        rows.add(line, &row);
    }
    let (sheet, of_lanes) = rows.sheet()?;
    notices.extend(of_lanes);
    let notices = notices.into_iter().map(|notice| format!("{}: {notice}", path.display())).collect();
    Ok(SheetFile { sheet, notices })
}

/// Whether every file is there that the sheet at `path` names.
///
/// # Errors
/// [`ReadError`] with line and column of every one that is not.
pub fn check_files(path: &Path) -> Result<(), ReadError> {
    let table = Delimited::open(path)?;
    let layout = Layout::of(&table, &[])?;
    let (header, file) = (table.header.clone(), table.path.clone());
    let mut problems = Vec::new();
    for (line, row) in table.rows()? {
        // a sample that is aligned needs its reads no more
        let aligned = layout.file.filter(|column| !field(&row, *column).is_empty());
        let columns =
            aligned.map_or_else(|| layout.mates.into_iter().flatten().collect(), |column| vec![column]);
        for column in columns {
            let text = field(&row, column);
            if !text.is_empty() && !resolve(text, &file).exists() {
                let problem = Problem::at_line(line, format!("{text}: no such file"));
                problems.push(problem.in_column(&header[column]));
            }
        }
    }
    FileProblems::check(path, problems)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::PathBuf;

    use super::*;

    fn written(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn read_text(text: &str) -> Result<SampleSheet, ReadError> {
        read(written(text).path())
    }

    #[test]
    fn extra_columns_become_covariates() {
        let sheet =
            read_text("sample,bam,condition,batch\na,a.bam,parental,1\nb,b.bam,resistant,2\n").unwrap();
        assert_eq!(sheet.variables, ["condition", "batch"]);
        assert_eq!(sheet.values("batch").unwrap(), ["1", "2"]);
        assert_eq!(sheet.samples[0].file.as_deref(), Some(Path::new("a.bam")));
    }

    #[test]
    fn a_misspelt_column_is_named_with_what_was_meant() {
        let message = read_text("sampel,condition\na,x\n").unwrap_err().to_string();
        assert!(
            message.contains("no column `sample`") && message.contains("call the column `sampel` sample"),
            "{message}"
        );
        let message = read_text("sample,bamm,condition\na,a.bam,x\n").unwrap_err().to_string();
        assert!(message.contains("unknown column `bamm`") && message.contains("`bam`?"), "{message}");
        let message = read_text("treatment,dose\na,x\n").unwrap_err().to_string();
        assert!(message.contains("no column `sample`; the columns are: treatment, dose"), "{message}");
    }

    #[test]
    fn a_covariate_may_be_called_nearly_as_a_file_column() {
        for name in ["dam", "ram", "bar", "count", "addition", "conditions"] {
            let sheet = read_text(&format!("sample,condition,{name}\na,x,12\nb,y,14\n")).unwrap();
            assert_eq!(sheet.variables, ["condition", name]);
        }
    }

    #[test]
    fn other_names_of_the_sample_column_are_known() {
        for header in [
            "Sample",
            "SampleName",
            "sample_id",
            "SampleID",
            "samples",
            "Sample ID",
            "Sample Name",
            "Run",
            "\"\"",
        ] {
            let sheet = read_text(&format!("{header},condition\na,x\n")).unwrap();
            assert_eq!(
                (sheet.samples[0].id.as_str(), sheet.variables.as_slice()),
                ("a", &["condition".to_owned()][..])
            );
        }
    }

    #[test]
    fn sheets_as_r_writes_them_are_read() {
        for text in [
            "\"\",\"condition\"\n\"a1\",\"A\"\n",
            "\"condition\"\n\"a1\" \"A\"\n\"a2\" \"B\"\n",
            "condition\na1\tA\n",
        ] {
            let sheet = read_text(text).unwrap();
            assert_eq!(
                (sheet.samples[0].id.as_str(), sheet.variables.join(",")),
                ("a1", "condition".to_owned())
            );
        }
        let with_names_beside = read_text("\"\",\"sample\",\"condition\"\n\"1\",\"a1\",\"A\"\n");
        let message = with_names_beside.map(|sheet| sheet.samples[0].id.to_string());
        assert!(message.is_err_and(|error| error.to_string().contains("column number 1 has no name")));
    }

    #[test]
    fn the_count_table_tells_which_column_names_the_samples() {
        let file = written("Run,Sample Name,condition\nSRR1,GSM1,A\nSRR2,GSM2,B\n");
        let first = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            read_for(file.path(), &names).unwrap().sheet.samples[0].id.to_string()
        };
        assert_eq!(
            (first(&["SRR1", "SRR2"]), first(&["GSM2", "GSM1"])),
            ("SRR1".to_owned(), "GSM1".to_owned())
        );
        let file = written("library,condition\nL1,A\nL2,B\n");
        let read = read_for(file.path(), &["gene".into(), "L1".into(), "L2".into()]).unwrap();
        assert_eq!(read.sheet.samples[1].id.as_str(), "L2");
        assert!(read.notices[0].contains("the column `library` names the samples"), "{:?}", read.notices);
    }

    fn lanes(sample: &alkaline_core::samples::SampleRecord) -> Vec<(String, Option<String>)> {
        let text = |path: &PathBuf| path.display().to_string();
        let reads = sample.reads.as_ref().unwrap();
        reads.lanes.iter().map(|lane| (text(&lane.first), lane.second.as_ref().map(text))).collect()
    }

    #[test]
    fn a_sheet_of_nf_core_names_the_reads_and_its_repeated_samples_are_lanes() {
        let file = written(
            "sample,fastq_1,fastq_2,strandedness,seq_platform,condition\n\
             P1,P1_L001_R1.fastq.gz,P1_L001_R2.fastq.gz,reverse,ILLUMINA,parental\n\
             P1,P1_L002_R1.fastq.gz,P1_L002_R2.fastq.gz,reverse,MGI,parental\n\
             R1,R1.fq,,auto,ILLUMINA,resistant\n",
        );
        let SheetFile { sheet, notices } = read_for(file.path(), &[]).unwrap();
        assert_eq!(sheet.variables, ["strandedness", "condition"]);
        let names: Vec<&str> = sheet.samples.iter().map(|sample| sample.id.as_str()).collect();
        assert_eq!(names, ["P1", "R1"]);
        assert_eq!(
            lanes(&sheet.samples[0]),
            [
                ("P1_L001_R1.fastq.gz".into(), Some("P1_L001_R2.fastq.gz".into())),
                ("P1_L002_R1.fastq.gz".into(), Some("P1_L002_R2.fastq.gz".into())),
            ]
        );
        assert_eq!(lanes(&sheet.samples[1]), [("R1.fq".into(), None)]);
        let told = notices.join("\n");
        assert!(told.contains("rows of one sample are its lanes: `P1` (2 lanes)"), "{told}");
        assert!(
            told.contains("the column `seq_platform` tells of lanes, not of samples, and is not used"),
            "{told}"
        );
    }

    #[test]
    fn a_sheet_with_bams_that_nf_core_wrote_is_read_as_it_is() {
        let file = written(
            "sample,fastq_1,fastq_2,strandedness,seq_platform,seq_center,genome_bam,percent_mapped,transcriptome_bam\n\
             P1,a_1.fq.gz,a_2.fq.gz,reverse,,,star/P1.bam,93.1,star/P1.t.bam\n\
             P1,b_1.fq.gz,b_2.fq.gz,reverse,,,star/P1.bam,93.1,star/P1.t.bam\n\
             R1,c_1.fq.gz,c_2.fq.gz,reverse,,,star/R1.bam,88.0,star/R1.t.bam\n",
        );
        let SheetFile { sheet, notices } = read_for(file.path(), &[]).unwrap();
        assert_eq!(sheet.variables, ["strandedness", "seq_platform", "seq_center"]);
        assert_eq!(sheet.samples[0].file.as_deref(), Some(Path::new("star/P1.bam")));
        assert_eq!(lanes(&sheet.samples[0]).len(), 2);
        assert!(
            notices[0].contains("not used") && notices[0].contains("`percent_mapped`, `transcriptome_bam`")
        );
        let other = written("sample,condition,percent_mapped\na,x,93\nb,y,88\n");
        assert_eq!(read(other.path()).unwrap().variables, ["condition", "percent_mapped"]);
    }

    #[test]
    fn everything_wrong_with_reads_is_told_at_once() {
        let text = "sample,fastq_1,fastq_2,condition\n\
                    a,a1.fq.gz,a2.fq.gz,x\n\
                    a,a3.fq.gz,,x\n\
                    a,a4.fq.gz,a5.fq.gz,y\n\
                    b,a1.fq.gz,b.bam,y\n\
                    c,,c2.fq.gz,y\n\
                    d,d.fq.gz,d.fq.gz,y\n";
        let message = read_text(text).unwrap_err().to_string();
        for part in [
            "line 3, column `sample`: the reads of sample `a` are single, but paired in line 2",
            "line 4, column `condition`: sample `a` has `y` here, but `x` in line 2",
            "line 5, column `fastq_1`: a1.fq.gz stands in line 2 already: its reads would count twice",
            "line 5, column `fastq_2`: b.bam is no FASTQ file",
            "line 6, column `fastq_2`: there is a file of read 2, but none of read 1",
            "line 7, column `fastq_2`: d.fq.gz stands twice in the row",
        ] {
            assert!(message.contains(part), "{part} not in {message}");
        }
        let message = read_text("sample,fasq_1,condition\na,a.fq.gz,x\n").unwrap_err().to_string();
        assert!(message.contains("unknown column `fasq_1`") && message.contains("`fastq_1`?"), "{message}");
    }

    #[test]
    fn other_names_of_the_columns_of_reads_are_known_by_what_they_hold() {
        let sheet = read_text("sample_name,fq1,fq2,condition\na,a_1.fq,a_2.fq,x\n").unwrap();
        assert_eq!(lanes(&sheet.samples[0]), [("a_1.fq".into(), Some("a_2.fq".into()))]);
        let sheet = read_text("sample,R1,R2,condition\na,a_1.fastq.gz,a_2.fastq.gz,x\n").unwrap();
        assert!(sheet.samples[0].reads.as_ref().unwrap().is_paired());
        let sheet = read_text("sample,R1,condition\na,12,x\n").unwrap();
        assert_eq!(
            (sheet.variables.as_slice(), &sheet.samples[0].reads),
            (&["R1".into(), "condition".into()][..], &None)
        );
    }

    #[test]
    fn a_sheet_may_be_yaml() {
        let mut file = tempfile::Builder::new().suffix(".yml").tempfile().unwrap();
        file.write_all(b"- sample: a\n  condition: x\n  replicate: 01\n- {sample: b, condition: y}\n")
            .unwrap();
        let sheet = read(file.path()).unwrap();
        assert_eq!(sheet.variables, ["condition", "replicate"]);
        assert_eq!(sheet.samples[0].values, ["x", "01"]);
        assert_eq!(sheet.samples[1].values, ["y", ""]);
    }

    #[test]
    fn what_is_written_with_reads_reads_back() {
        let text =
            "sample,fastq_1,fastq_2,condition\na,/r/a1.fq,/r/a2.fq,x\na,/r/a3.fq,/r/a4.fq,x\nb,/r/b.fq,,y\n";
        let sheet = read_text(text).unwrap();
        let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        crate::samples::write(file.path(), &sheet).unwrap();
        assert_eq!(read(file.path()).unwrap(), sheet);
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), text);
    }

    #[test]
    fn a_missing_file_is_told_with_sheet_and_line() {
        let file = written("sample,bam,condition\na,nowhere/a.bam,x\nb,,y\n");
        let message = check_files(file.path()).unwrap_err().to_string();
        assert!(message.ends_with(", line 2, column `bam`: nowhere/a.bam: no such file"), "{message}");
        let file = written("sample,fastq_1,fastq_2\na,nowhere/1.fq,nowhere/2.fq\n");
        let message = check_files(file.path()).unwrap_err().to_string();
        assert!(message.contains(", line 2, column `fastq_1`: nowhere/1.fq: no such file"), "{message}");
        assert!(message.contains(", line 2, column `fastq_2`: nowhere/2.fq: no such file"), "{message}");
    }

    #[test]
    fn repeated_and_empty_names_are_reported_together() {
        let message = read_text("sample,condition\na,x\na,y\n,z\n").unwrap_err().to_string();
        assert!(
            message.contains("line 3, column `sample`: sample `a` stands in line 2 already"),
            "{message}"
        );
        assert!(message.contains("line 4, column `sample`: the sample has no name"), "{message}");
    }
}
