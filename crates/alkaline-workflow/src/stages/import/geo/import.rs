//! The import of a series: one of its tables, the samples that are compared, and where it all came from.

use std::path::{Path, PathBuf};

use alkaline_core::words::{count, listed};
use alkaline_io::geo::{Geo2rScript, GeoSample, NcbiGene};
use alkaline_io::values::{Scale, ValueTable, Verdict, geo2r_takes_logarithms};
use serde_json::json;

use super::choice::choose;
use super::gather::{Gathered, Maker, Source, gather};
use super::groups::{Grouping, asked_for, of_script, suggested};
use super::omitted::{Matched, match_columns};
use super::sheet::sheet;
use crate::error::WorkflowError;
use crate::spec::init;
use crate::stages::import::outputs::{Imported, Outputs};
use crate::stages::import::provenance::input;

/// How a series is imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GeoOptions {
    /// Groups of samples: `KEY ~ TEXT`.
    pub groups: Vec<String>,
    /// The table to take, where there are several.
    pub table: Option<String>,
    /// The platform whose values are taken, where there are several.
    pub platform: Option<String>,
    /// Whether the groups of a script of GEO2R are taken.
    pub as_geo2r: bool,
    /// The first line of the count table, which says who made it.
    pub comment: String,
}

/// Imports what `files` hold into `folder`.
///
/// # Errors
/// [`WorkflowError`] for files that cannot be read, and where nothing in them can be compared.
pub fn import(files: &[PathBuf], options: &GeoOptions, folder: &Path) -> Result<Imported, WorkflowError> {
    let mut gathered = gather(files)?;
    if let Some(platform) = &options.platform {
        keep_platform(&mut gathered, platform)?;
    }
    let place = choose(&gathered, options.table.as_deref())?;
    let source = gathered.sources[place].clone();
    let verdict = usable(&source)?;
    let matched = columns_of_samples(&mut gathered, &source, options);
    let grouping = grouping(&gathered, &source, options)?;
    let chosen = Chosen::of(&gathered, &source, &matched, &grouping)?;
    let mut said = told(&gathered, &source, verdict, &matched, &grouping);
    let (values, biotypes) = described_rows(&gathered, &source, &chosen, &mut said);
    let sheet = sheet(&gathered.series.samples, &chosen.samples, &chosen.names, &grouping);
    let contrasts = chosen.contrasts(&grouping);
    let outputs = Outputs {
        values: &values,
        biotypes: &biotypes,
        are_counts: verdict.scale.are_counts(),
        scale: verdict.scale,
        decided: repeated(&gathered, verdict, options, &mut said),
        need_offsets: false,
        fractional: verdict.scale == Scale::ExpectedCounts,
        sheet: &sheet,
        contrasts: &contrasts,
        title: Some(gathered.series.title().to_owned()).filter(|title| !title.is_empty()),
        comment: &options.comment,
        provenance: provenance(files, &gathered, &source, verdict, &matched, &chosen)?,
    };
    let mut imported = outputs.write(folder)?;
    said.append(&mut imported.said);
    Ok(Imported { said, ..imported })
}

/// How a run repeats the analysis of the script of GEO2R, where that is asked for; what it does not repeat is said.
fn repeated(
    gathered: &Gathered,
    verdict: &Verdict,
    options: &GeoOptions,
    said: &mut Vec<String>,
) -> Option<Vec<(&'static str, String)>> {
    let script = gathered.script.as_ref().filter(|_| options.as_geo2r)?;
    let are_counts = verdict.scale.are_counts();
    if script.is_sequencing != are_counts {
        let (script, values) = if are_counts { ("arrays", "counts") } else { ("counts", "no counts") };
        said.push(format!(
            "the script of GEO2R is of {script}, and these are {values}: they are tested as GEO2R tests them"
        ));
    }
    if script.steps.weighs && !are_counts {
        said.push(
            "the script weighs values by their precision (vooma): that is not repeated, and P differs"
                .to_owned(),
        );
    }
    said.push(match are_counts {
        true => "the workflow repeats GEO2R's analysis of counts: DESeq2, size factors of positive counts, genes with 10 counts in as many samples as the \
                 smallest group has, filtering at 0.05"
            .to_owned(),
        false => "the workflow repeats GEO2R's analysis of arrays: limma on every probe, without averages of genes; gene sets therefore know none of them \
                  (by_symbol in [values] averages)"
            .to_owned(),
    });
    Some(init::decided::for_geo2r(script, are_counts))
}

/// Leaves the samples and values of one platform.
fn keep_platform(gathered: &mut Gathered, platform: &str) -> Result<(), WorkflowError> {
    let ids: Vec<String> = gathered.series.platform_ids().into_iter().map(str::to_owned).collect();
    if !ids.iter().any(|id| id == platform) {
        return Err(WorkflowError::design(format!(
            "no sample was measured on {platform}; the platforms are {}",
            listed(ids)
        )));
    }
    gathered.series.samples.retain(|sample| sample.platform() == Some(platform));
    gathered.sources.retain(|source| source.platform.as_deref().is_none_or(|own| own == platform));
    Ok(())
}

/// What the values are, where they can be compared at all.
fn usable(source: &Source) -> Result<&Verdict, WorkflowError> {
    let Some(verdict) = &source.verdict else {
        return Err(WorkflowError::design(format!("{}: there is not a single value in it", source.name)));
    };
    if verdict.is_mixed {
        return Err(WorkflowError::design_with_hint(
            format!("{}: {}", source.name, verdict.doubts.join("; ")),
            "bring them to one scale, or leave the samples of the other scale out of the table",
        ));
    }
    if verdict.scale.are_counts() && verdict.facts.negative > 0 {
        return Err(WorkflowError::design_with_hint(
            format!("{}: {}", source.name, verdict.doubts.join("; ")),
            "counts are whole numbers from 0 on: find out what was done to them, or import another table (--table)",
        ));
    }
    Ok(verdict)
}

/// The sample of every column. Where no file describes the samples, or none of them is called as a column is, the columns are all that is
/// known of them.
fn columns_of_samples(gathered: &mut Gathered, source: &Source, options: &GeoOptions) -> Matched {
    let matched = match_columns(gathered, source);
    let is_asked_for = !options.groups.is_empty() || options.as_geo2r;
    let is_described = !gathered.series.samples.is_empty();
    if matched.samples.iter().any(Option::is_some)
        || is_described && (is_asked_for || source.maker != Maker::Submitter)
    {
        return matched;
    }
    if is_described {
        gathered.notices.push(format!(
            "{}: its columns ({}) are called like none of the {} that the series describes: they are samples by their own names, and what is \
             told of those is not used",
            source.name,
            listed(source.table.samples.iter().take(6)),
            count(gathered.series.samples.len(), "sample")
        ));
    }
    let columns = source.table.samples.iter();
    gathered.series.samples =
        columns.map(|name| GeoSample { accession: name.clone(), facts: Vec::new() }).collect();
    match_columns(gathered, source)
}

/// The groups that are compared.
fn grouping(gathered: &Gathered, source: &Source, options: &GeoOptions) -> Result<Grouping, WorkflowError> {
    let samples = &gathered.series.samples;
    if !options.groups.is_empty() {
        return asked_for(&options.groups, samples);
    }
    if !options.as_geo2r {
        return Ok(suggested(samples));
    }
    let Some(script) = &gathered.script else {
        return Err(WorkflowError::design_with_hint(
            "--compat geo2r repeats the groups of a script of GEO2R, and no such script was given",
            "save the R script of GEO2R (its tab \"R script\") and give it beside the other files",
        ));
    };
    if gathered.series.platform_ids().len() > 1 && source.platform.is_some() {
        let own: Vec<usize> = (0..samples.len())
            .filter(|&place| samples[place].platform() == source.platform.as_deref())
            .collect();
        let of_platform: Vec<GeoSample> = own.iter().map(|&place| samples[place].clone()).collect();
        let inner = of_script(script, &of_platform)?;
        let mut groups = vec![None; samples.len()];
        own.iter().zip(&inner.groups).for_each(|(&place, group)| groups[place].clone_from(group));
        return Ok(Grouping { groups, ..inner });
    }
    of_script(script, samples)
}

/// The columns that are imported.
struct Chosen {
    /// Their places in the table.
    columns: Vec<usize>,
    /// The places of their samples.
    samples: Vec<usize>,
    /// What they are called.
    names: Vec<String>,
}

impl Chosen {
    fn of(
        gathered: &Gathered,
        source: &Source,
        matched: &Matched,
        grouping: &Grouping,
    ) -> Result<Self, WorkflowError> {
        let mut pairs: Vec<(usize, usize)> = matched
            .samples
            .iter()
            .enumerate()
            .filter_map(|(column, sample)| sample.map(|sample| (column, sample)))
            .collect();
        pairs.retain(|(_, sample)| grouping.groups.get(*sample).is_some_and(Option::is_some));
        pairs.retain(|(_, sample)| !gathered.series.samples[*sample].is_genomic());
        pairs.sort_by_key(|(_, sample)| *sample);
        if pairs.is_empty() {
            let columns = listed(source.table.samples.iter().take(6));
            let samples = listed(
                gathered
                    .series
                    .samples
                    .iter()
                    .take(6)
                    .map(|sample| format!("{} ({})", sample.accession, sample.title())),
            );
            return Err(WorkflowError::design_with_hint(
                format!("{}: no column belongs to a sample that is asked for", source.name),
                format!("its columns are {columns}; the samples are {samples}"),
            ));
        }
        let names =
            pairs.iter().map(|(_, sample)| gathered.series.samples[*sample].accession.clone()).collect();
        Ok(Self {
            columns: pairs.iter().map(|pair| pair.0).collect(),
            samples: pairs.iter().map(|pair| pair.1).collect(),
            names,
        })
    }

    /// The contrasts of which both sides have samples.
    fn contrasts(&self, grouping: &Grouping) -> Vec<alkaline_core::ContrastSpec> {
        let there = |level: &String| {
            level.is_empty()
                || self.samples.iter().any(|&sample| grouping.groups[sample].as_ref() == Some(level))
        };
        let is_guess = grouping.groups.iter().flatten().all(String::is_empty);
        let contrasts = grouping.contrasts.iter();
        contrasts
            .filter(|contrast| is_guess || there(&contrast.reference) && there(&contrast.target))
            .cloned()
            .collect()
    }
}

/// The values of the chosen columns with the names of their samples, and what is known of the rows.
fn described_rows(
    gathered: &Gathered,
    source: &Source,
    chosen: &Chosen,
    said: &mut Vec<String>,
) -> (ValueTable, Vec<Option<String>>) {
    let mut values = source.table.select_columns(&chosen.columns);
    values.samples.clone_from(&chosen.names);
    if !gathered.ncbi_genes.is_empty() && source.maker == Maker::Ncbi {
        return describe_genes(values, &gathered.ncbi_genes, said);
    }
    let probes = gathered.platforms.iter().filter(|platform| {
        platform.probes.has_genes()
            && source
                .platform
                .as_ref()
                .is_none_or(|own| platform.accession.is_empty() || platform.accession == *own)
    });
    if let Some(platform) =
        probes.into_iter().next().filter(|_| !source.verdict.as_ref().is_some_and(|v| v.scale.are_counts()))
    {
        let genes =
            |row: &String| Some(platform.probes.genes(row).join("///")).filter(|genes| !genes.is_empty());
        values.symbols = values.rows.iter().map(genes).collect();
        let without = values.symbols.iter().filter(|symbol| symbol.is_none()).count();
        said.push(format!(
            "{} of {} have no gene on the platform",
            without,
            count(values.rows.len(), "probe")
        ));
    }
    (values, Vec::new())
}

/// Symbols, lengths and biotypes of NCBI's genes.
fn describe_genes(
    mut values: ValueTable,
    genes: &[NcbiGene],
    said: &mut Vec<String>,
) -> (ValueTable, Vec<Option<String>>) {
    let known: std::collections::HashMap<&str, &NcbiGene> =
        genes.iter().map(|gene| (gene.id.as_str(), gene)).collect();
    let found: Vec<Option<&&NcbiGene>> = values.rows.iter().map(|row| known.get(row.as_str())).collect();
    values.symbols = found.iter().map(|gene| gene.and_then(|gene| gene.symbol.clone())).collect();
    values.lengths = found.iter().map(|gene| gene.and_then(|gene| gene.length).unwrap_or(0)).collect();
    let described = found.iter().flatten().count();
    said.push(format!(
        "{described} of {} are described by NCBI's annotation",
        count(values.rows.len(), "gene")
    ));
    let biotypes = found.iter().map(|gene| gene.and_then(|gene| gene.biotype.clone())).collect();
    (values, biotypes)
}

/// What was found and decided.
fn told(
    gathered: &Gathered,
    source: &Source,
    verdict: &Verdict,
    matched: &Matched,
    grouping: &Grouping,
) -> Vec<String> {
    let mut said = gathered.notices.clone();
    said.extend(gathered.left_out.iter().map(|(name, why)| format!("{name}: not a table of values: {why}")));
    said.extend(gathered.script.iter().flat_map(script_in_words));
    let others: Vec<&String> =
        gathered.sources.iter().map(|other| &other.name).filter(|name| **name != source.name).collect();
    let instead = if others.is_empty() {
        String::new()
    } else {
        format!(" (there are also {}: --table)", listed(others))
    };
    said.push(format!(
        "{} is imported{instead}: these are {} ({})",
        source.name,
        verdict.scale.words(),
        verdict.evidence
    ));
    said.extend(verdict.doubts.iter().map(|doubt| format!("{}: {doubt}", source.name)));
    said.extend(matched.said.iter().cloned());
    let strange: Vec<&String> = source
        .table
        .samples
        .iter()
        .zip(&matched.samples)
        .filter(|(_, sample)| sample.is_none())
        .map(|(name, _)| name)
        .collect();
    if !strange.is_empty() {
        said.push(format!("columns that are no sample's were left out: {}", listed(strange)));
    }
    said.extend(matched.omitted.iter().map(|(sample, why)| format!("{sample} is left out: {why}")));
    let genomic = gathered.series.samples.iter().filter(|sample| sample.is_genomic()).count();
    if genomic > 0 {
        said.push(format!("{} of genomic DNA, not RNA, are left out", count(genomic, "sample")));
    }
    said.extend(grouping.said.iter().cloned());
    said.extend(not_counts(verdict));
    said
}

/// What can be done with values that are no counts.
fn not_counts(verdict: &Verdict) -> Option<String> {
    if verdict.scale.are_counts() {
        return None;
    }
    let geo2r = if geo2r_takes_logarithms(&verdict.facts) {
        "would take logarithms of them"
    } else {
        "would take them as they are"
    };
    let advice = match verdict.scale {
        Scale::Tpm | Scale::Abundances => {
            "tests of counts (edgeR, DESeq2, voom) cannot be made: what was divided away does not come back. Logarithms of them can be \
             tested with limma (trend), ranked, and shown in panels"
        }
        Scale::ZScores | Scale::Fractions | Scale::Percentages => {
            "differences between them are no log fold changes"
        }
        Scale::Intensities => "they are tested with limma once logarithms are taken",
        _ => "they are tested with limma",
    };
    Some(format!("these are {}: {advice} (GEO2R {geo2r})", verdict.scale.words()))
}

/// What a script of GEO2R asks for, in words.
pub(super) fn script_in_words(script: &Geo2rScript) -> Vec<String> {
    let number = |group: usize| script.groups.iter().filter(|own| **own == Some(group)).count();
    let groups: Vec<String> =
        script.names.iter().enumerate().map(|(group, name)| format!("{} `{name}`", number(group))).collect();
    let left = script.groups.iter().filter(|group| group.is_none()).count();
    let series = script.series.as_deref().unwrap_or("a series");
    let mut lines = vec![format!(
        "GEO2R's script for {series}: {}, {left} left out (X); {}",
        groups.join(", "),
        script.options.join(", ")
    )];
    if let [first, second, ..] = script.names.as_slice() {
        lines.push(format!(
            "its sign: log fold changes are `{first}` minus `{second}` (the first group against the second)"
        ));
    }
    lines
}

/// Where everything came from.
fn provenance(
    files: &[PathBuf],
    gathered: &Gathered,
    source: &Source,
    verdict: &Verdict,
    matched: &Matched,
    chosen: &Chosen,
) -> Result<serde_json::Value, WorkflowError> {
    let inputs: Result<Vec<_>, WorkflowError> = files.iter().map(|path| input(path)).collect();
    let facts = &verdict.facts;
    Ok(json!({
        "inputs": inputs?,
        "series": gathered.series.accession,
        "title": gathered.series.title(),
        "table": source.name,
        "platform": source.platform,
        "scale": verdict.scale.word(),
        "evidence": verdict.evidence,
        "doubts": verdict.doubts,
        "values": facts.present,
        "missing": facts.missing,
        "quantiles": facts.quantiles,
        "geo2r_takes_logarithms": geo2r_takes_logarithms(facts),
        "samples": chosen.names,
        "left_out": matched.omitted.iter().map(|(sample, why)| json!({"sample": sample, "why": why})).collect::<Vec<_>>(),
        "files_left_out": gathered.left_out.iter().map(|(name, why)| json!({"file": name, "why": why})).collect::<Vec<_>>(),
    }))
}
