//! Writing GO bundles.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use alkaline_core::GeneId;
use alkaline_core::identifiers::{GeneNames, GeneType};

use super::{GoBundle, SIGNATURE};
use crate::error::WriteError;
use crate::file::write_atomically;

/// Writes a bundle (gzip by name).
///
/// # Errors
/// [`WriteError`] when the file cannot be written.
pub fn write(path: &Path, bundle: &GoBundle) -> Result<(), WriteError> {
    write_atomically(path, |out| write_to(out, bundle))
}

/// As [`write()`], to a stream.
///
/// # Errors
/// Those of the stream.
pub fn write_to(out: &mut dyn Write, bundle: &GoBundle) -> io::Result<()> {
    let GoBundle { ontology, annotations, identifiers } = bundle;
    let source = annotations.source();
    let (version, licence) = (source.version.as_deref(), source.licence.as_deref());
    writeln!(out, "{SIGNATURE}\nrelease\t{}", ontology.release())?;
    writeln!(
        out,
        "source\t{}\t{}\t{}",
        plain(&source.name),
        version.unwrap_or_default(),
        licence.unwrap_or_default()
    )?;
    writeln!(out, "identifiers\t{}\t{}", plain(identifiers.species()), plain(identifiers.release()))?;
    for (term, number) in ontology.terms().iter().zip(0..) {
        let parents = ontology.parents(number).iter().map(|&(parent, relation)| {
            format!("{}:{}", relation.name(), ontology.terms()[parent as usize].id)
        });
        let parents = parents.collect::<Vec<_>>().join(",");
        writeln!(out, "term\t{}\t{}\t{}\t{parents}", term.id, term.aspect.code(), plain(&term.name))?;
    }
    write_annotations(out, bundle)?;
    identifiers.genes().iter().try_for_each(|gene| write_gene(out, gene))
}

/// One line a term, genes in the order of the annotations.
fn write_annotations(out: &mut dyn Write, bundle: &GoBundle) -> io::Result<()> {
    let mut genes: BTreeMap<u32, Vec<&GeneId>> = BTreeMap::new();
    for (gene, terms) in bundle.annotations.by_gene() {
        for &term in terms {
            genes.entry(term).or_default().push(gene);
        }
    }
    for (term, genes) in genes {
        let genes: Vec<String> = genes.into_iter().map(|gene| plain(gene.as_str())).collect();
        writeln!(out, "annotation\t{}\t{}", bundle.ontology.terms()[term as usize].id, genes.join("|"))?;
    }
    Ok(())
}

fn write_gene(out: &mut dyn Write, gene: &GeneNames) -> io::Result<()> {
    let GeneNames { entrez, symbol, gene_type, stable_ids, aliases } = gene;
    let entrez = entrez.map_or_else(String::new, |number| number.to_string());
    let kind = match gene_type {
        GeneType::ProteinCoding => "p",
        GeneType::Rna => "n",
        GeneType::Pseudogene => "s",
        GeneType::Other => "o",
    };
    writeln!(
        out,
        "gene\t{entrez}\t{}\t{kind}\t{}\t{}",
        plain(symbol),
        plain(&stable_ids.join("|")),
        plain(&aliases.join("|"))
    )
}

fn plain(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}
