//! Where NCBI keeps the files of a series (`https://www.ncbi.nlm.nih.gov/geo/info/download.html`).

/// The server of files.
const FILES: &str = "https://ftp.ncbi.nlm.nih.gov";

/// The server of counts that NCBI made.
const COUNTS: &str = "https://www.ncbi.nlm.nih.gov";

/// The addresses of files, below the servers of NCBI or another one that is laid out alike.
#[derive(Clone, Debug)]
pub(super) struct Addresses {
    files: String,
    counts: String,
}

impl Addresses {
    /// Below `base`, or below NCBI's servers.
    pub fn below(base: Option<&str>) -> Self {
        let own = |server: &str| base.map_or(server, |base| base.trim_end_matches('/')).to_owned();
        Self { files: own(FILES), counts: own(COUNTS) }
    }

    /// The folder of series matrices.
    pub fn matrices(&self, series: &str) -> String {
        format!("{}/geo/series/{}/{series}/matrix/", self.files, stub(series))
    }

    /// The SOFT file of a series, its samples and platforms.
    pub fn family(&self, series: &str) -> String {
        format!("{}/geo/series/{}/{series}/soft/{series}_family.soft.gz", self.files, stub(series))
    }

    /// NCBI's annotation of a platform.
    pub fn platform(&self, platform: &str) -> String {
        format!("{}/geo/platforms/{}/{platform}/annot/{platform}.annot.gz", self.files, stub(platform))
    }

    /// A supplementary file of a series.
    pub fn supplementary(&self, series: &str, name: &str) -> String {
        format!("{}/geo/series/{}/{series}/suppl/{name}", self.files, stub(series))
    }

    /// Counts that NCBI made of the reads of a series, by the genome.
    pub fn ncbi_counts(&self, series: &str, genome: &str) -> (String, String) {
        let name = format!("{series}_raw_counts_{genome}_NCBI.tsv.gz");
        (
            format!("{}/geo/download/?type=rnaseq_counts&acc={series}&format=file&file={name}", self.counts),
            name,
        )
    }

    /// NCBI's annotation of the genes of its counts.
    pub fn ncbi_annotation(&self, species: &str, genome: &str) -> (String, String) {
        let name = format!("{species}.{genome}.annot.tsv.gz");
        (format!("{}/geo/download/?format=file&type=rnaseq_counts&file={name}", self.counts), name)
    }
}

/// The folder that holds an accession: its last three digits are `nnn`.
fn stub(accession: &str) -> String {
    let (kind, digits) = accession.split_at(3.min(accession.len()));
    format!("{kind}{}nnn", &digits[..digits.len().saturating_sub(3)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_called_by_accessions_without_their_last_digits() {
        assert_eq!(
            [stub("GSE42872"), stub("GSE432"), stub("GPL97"), stub("GSE1234")],
            ["GSE42nnn", "GSEnnn", "GPLnnn", "GSE1nnn"]
        );
        let ncbi = Addresses::below(None);
        assert_eq!(
            ncbi.matrices("GSE42872"),
            "https://ftp.ncbi.nlm.nih.gov/geo/series/GSE42nnn/GSE42872/matrix/"
        );
        let (url, name) = ncbi.ncbi_counts("GSE201926", "GRCh38.p13");
        assert_eq!(name, "GSE201926_raw_counts_GRCh38.p13_NCBI.tsv.gz");
        assert!(url.starts_with(
            "https://www.ncbi.nlm.nih.gov/geo/download/?type=rnaseq_counts&acc=GSE201926&format=file&file="
        ));
        assert_eq!(
            Addresses::below(Some("http://m/x/")).family("GSE1"),
            "http://m/x/geo/series/GSEnnn/GSE1/soft/GSE1_family.soft.gz"
        );
    }
}
