//! Which program wrote a table, told by its columns.

/// A program that estimates counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// salmon (and sailfish): `quant.sf`.
    Salmon,
    /// kallisto: `abundance.tsv`.
    Kallisto,
    /// RSEM: `*.isoforms.results`.
    RsemIsoforms,
    /// RSEM: `*.genes.results`.
    RsemGenes,
    /// StringTie with `-B`, for ballgown: `t_data.ctab`.
    StringTie,
}

/// The columns of a quantifier.
pub(super) struct Columns {
    pub id: &'static str,
    pub abundance: &'static str,
    /// Estimated counts; of StringTie the coverage.
    pub counts: &'static str,
    pub length: &'static str,
}

impl Quantifier {
    /// All of them; genes of RSEM before isoforms, which have a column of genes too.
    pub const ALL: [Self; 5] =
        [Self::Salmon, Self::Kallisto, Self::RsemIsoforms, Self::RsemGenes, Self::StringTie];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Salmon => "salmon",
            Self::Kallisto => "kallisto",
            Self::RsemIsoforms => "RSEM (isoforms)",
            Self::RsemGenes => "RSEM (genes)",
            Self::StringTie => "StringTie",
        }
    }

    /// Whether its rows are genes, not transcripts.
    pub const fn has_genes(self) -> bool {
        matches!(self, Self::RsemGenes)
    }

    pub(super) fn columns(self) -> Columns {
        let of = |id, abundance, counts, length| Columns { id, abundance, counts, length };
        match self {
            Self::Salmon => of("Name", "TPM", "NumReads", "EffectiveLength"),
            Self::Kallisto => of("target_id", "tpm", "est_counts", "eff_length"),
            Self::RsemIsoforms => of("transcript_id", "TPM", "expected_count", "effective_length"),
            Self::RsemGenes => of("gene_id", "TPM", "expected_count", "effective_length"),
            Self::StringTie => of("t_name", "FPKM", "cov", "length"),
        }
    }

    /// Whose columns these are.
    pub(super) fn of_header(header: &[String]) -> Option<Self> {
        let has = |name: &str| header.iter().any(|column| column == name);
        Self::ALL.into_iter().find(|tool| {
            let Columns { id, abundance, counts, length } = tool.columns();
            [id, abundance, counts, length].into_iter().all(has)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_their_columns() {
        let of =
            |header: &str| Quantifier::of_header(&header.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(of("Name Length EffectiveLength TPM NumReads"), Some(Quantifier::Salmon));
        assert_eq!(of("target_id length eff_length est_counts tpm"), Some(Quantifier::Kallisto));
        let rsem = "length effective_length expected_count TPM FPKM";
        assert_eq!(of(&format!("transcript_id gene_id {rsem} IsoPct")), Some(Quantifier::RsemIsoforms));
        assert_eq!(of(&format!("gene_id transcript_id(s) {rsem}")), Some(Quantifier::RsemGenes));
        assert_eq!(of("t_id t_name length gene_id cov FPKM"), Some(Quantifier::StringTie));
        assert_eq!(of("gene a b"), None);
    }
}
