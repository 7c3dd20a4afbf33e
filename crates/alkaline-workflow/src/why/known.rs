//! Which gene of the count table a name means, and what is known of one that is not there.

use alkaline_core::GeneId;
use alkaline_core::identifiers::{GeneNames, IdKind, IdentifierMap, Resolution};
use alkaline_core::spelling::did_you_mean;
use alkaline_core::words::listed;

use super::genes::Genes;

/// A gene of the table, or why there is none.
pub(super) struct Found {
    /// Its place in the table.
    pub gene: Option<usize>,
    pub in_words: String,
}

/// Finds the gene called `asked`: by identifier, by symbol whatever the case of its letters, by any other name of it.
pub(super) fn find(asked: &str, genes: &Genes, identifiers: &IdentifierMap) -> Found {
    let there = |gene: usize, how: &str| Found {
        gene: Some(gene),
        in_words: format!("`{asked}` is {}{how}", genes.named(gene)),
    };
    if let Some(gene) = by_id(asked, genes) {
        return there(gene, "");
    }
    let carriers = by_symbol(asked, genes);
    if let Some((first, others)) = carriers.split_first() {
        let also = others.iter().map(|gene| genes.id(*gene).as_str());
        let also = listed(also);
        let how = if others.is_empty() { String::new() } else { format!("; {also} carry the same symbol") };
        return there(*first, &how);
    }
    match identifiers.resolve(IdKind::of(asked), asked) {
        Resolution::Ambiguous => Found {
            gene: None,
            in_words: format!(
                "`{asked}` is another name of several genes: ask by identifier or official symbol"
            ),
        },
        resolution => match resolution.gene() {
            Some(known) => by_other_names(asked, &identifiers.genes()[known as usize], genes),
            None => unknown(asked, genes),
        },
    }
}

/// The gene with this identifier, whatever version of it.
fn by_id(asked: &str, genes: &Genes) -> Option<usize> {
    let index = genes.index();
    index.position(asked).or_else(|| {
        let stable = |id: &str| id.split('.').next().unwrap_or(id).to_owned();
        (IdKind::of(asked) == IdKind::Ensembl)
            .then(|| index.ids().iter().position(|id| stable(id.as_str()) == stable(asked)))
            .flatten()
    })
}

/// The genes with this symbol.
fn by_symbol(asked: &str, genes: &Genes) -> Vec<usize> {
    let carry = |is: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let names = genes.labels.values().iter().enumerate();
        names.filter(|(_, label)| label.name.as_deref().is_some_and(is)).map(|(gene, _)| gene).collect()
    };
    let exact = carry(&|name| name == asked);
    if exact.is_empty() { carry(&|name| name.eq_ignore_ascii_case(asked)) } else { exact }
}

/// A gene that is known under `asked`, looked for in the table under its other names.
fn by_other_names(asked: &str, known: &GeneNames, genes: &Genes) -> Found {
    let entrez = known.entrez.map(|number| number.to_string());
    let ids = known.stable_ids.iter().chain(&entrez).find_map(|id| by_id(id, genes));
    let names = std::iter::once(&known.symbol).chain(&known.aliases);
    let gene = ids.or_else(|| names.filter_map(|name| by_symbol(name, genes).first().copied()).next());
    let number = known.entrez.map_or_else(String::new, |number| format!(", NCBI Gene {number}"));
    let official = format!("{}{number}", known.symbol);
    let in_words = match gene {
        Some(gene) => format!("`{asked}` is another name of {}", genes.named(gene)),
        None if known.symbol == asked => {
            format!(
                "`{asked}` is a known gene ({official}), but the annotation of this run has it under none of its names"
            )
        }
        None => format!(
            "`{asked}` is another name of {official}, but the annotation of this run has it under none of its names"
        ),
    };
    Found { gene, in_words }
}

/// A name that nobody knows.
fn unknown(asked: &str, genes: &Genes) -> Found {
    let symbols = genes.labels.values().iter().filter_map(|label| label.name.as_deref());
    let known = symbols.chain(genes.index().ids().iter().map(GeneId::as_str));
    let number = genes.labels.values().len();
    let meant = did_you_mean(asked, known);
    let in_words =
        format!("`{asked}` is none of the {number} genes of this run, and no name of a known gene{meant}");
    Found { gene: None, in_words }
}
