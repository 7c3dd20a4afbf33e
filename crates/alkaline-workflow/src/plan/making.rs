//! Makes the plan of a run.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use alkaline_core::{ContrastSpec, Library, Reads};

use super::node::Node;
use super::options;
use super::task::Task;
use crate::check::check_no_lengths;
use crate::error::WorkflowError;
use crate::spec::experiment::{CountSource, library_of, unaligned};
use crate::spec::request::RunRequest;
use crate::stages::hisat2_index::Hisat2Index;
use crate::stages::test::check_values;

/// Digits of a plan's hash: enough that no two plans share one, few enough to be read.
const HASH_DIGITS: usize = 32;

/// The nodes of a run, each after those whose results it reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    nodes: Vec<Node>,
    places: HashMap<String, usize>,
    /// The designs of the contrasts: of each, which contrasts share it.
    designs: Vec<Vec<String>>,
    /// What reads are counted on.
    annotation: Option<String>,
}

impl Plan {
    /// The plan of `request`; `annotation` is what reads are counted on, a name or a file.
    ///
    /// # Errors
    /// [`WorkflowError`] when a contrast asks for a test that does not fit its design.
    pub fn new(request: &RunRequest, annotation: Option<&str>, date: &str) -> Result<Self, WorkflowError> {
        let mut making = Making { request, annotation, nodes: Vec::new() };
        let designs = match &request.experiment.source {
            CountSource::Expression(path) => making.of_values(path)?,
            _ => making.of_counts()?,
        };
        making.record(date);
        let nodes = making.nodes;
        let places = nodes.iter().enumerate().map(|(place, node)| (node.task.to_string(), place)).collect();
        Ok(Self { nodes, places, designs, annotation: annotation.map(str::to_owned) })
    }

    /// The nodes, each after those that it needs.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Place of the node of this name.
    pub fn place(&self, task: &str) -> Option<usize> {
        self.places.get(task).copied()
    }

    /// The names of all nodes.
    pub fn names(&self) -> HashSet<String> {
        self.places.keys().cloned().collect()
    }

    /// By which a plan is known from another: a checksum over version, nodes, the files that they name and their options.
    pub fn hash(&self, version: &str) -> String {
        let of = |node: &Node| {
            let needs: Vec<String> = node.needs.iter().map(Task::to_string).collect();
            serde_json::json!([node.task.to_string(), needs, node.inputs, node.options])
        };
        let nodes: Vec<serde_json::Value> = self.nodes.iter().map(of).collect();
        let all = serde_json::json!({ "version": version, "annotation": self.annotation, "nodes": nodes });
        blake3::hash(all.to_string().as_bytes()).to_hex()[..HASH_DIGITS].to_owned()
    }

    /// What reads are counted on, a name or a file.
    pub fn annotation(&self) -> Option<&str> {
        self.annotation.as_deref()
    }

    /// The contrasts that share filter, library sizes and dispersions, design by design; a design is called after its first.
    pub fn designs(&self) -> &[Vec<String>] {
        &self.designs
    }
}

/// A plan under way.
struct Making<'a> {
    request: &'a RunRequest,
    annotation: Option<&'a str>,
    nodes: Vec<Node>,
}

impl Making<'_> {
    fn push(
        &mut self,
        task: Task,
        needs: Vec<Task>,
        inputs: Vec<(String, PathBuf)>,
        options: serde_json::Value,
    ) {
        self.nodes.push(Node { task, needs, inputs, options });
    }

    /// Everything between counts and the record; gives the designs.
    fn of_counts(&mut self) -> Result<Vec<Vec<String>>, WorkflowError> {
        let counts = self.counts()?;
        self.push(
            Task::Normalize,
            vec![counts.clone()],
            self.annotation_file(),
            options::normalize(self.request),
        );
        let designs = self.designs(&counts)?;
        self.enrichment(&counts);
        self.panels(&[counts, Task::Normalize]);
        Ok(designs)
    }

    /// The same where expression values stand in place of counts: nothing is filtered or normalised, and variances are the tests' own.
    fn of_values(&mut self, path: &Path) -> Result<Vec<Vec<String>>, WorkflowError> {
        let request = self.request;
        request.settings.test.of_values()?;
        check_no_lengths(request)?;
        let mut inputs = vec![("expression".to_owned(), path.to_owned())];
        inputs.extend(self.identifier_file());
        self.push(Task::Values, Vec::new(), inputs, options::values(request));
        let contrasts = &request.experiment.contrasts;
        for contrast in contrasts {
            check_values(contrast, &request.experiment.sheet, &request.settings.test)?;
            let task = Task::Test(contrast.id.clone());
            self.push(task, vec![Task::Values], Vec::new(), options::test(request, contrast)?);
        }
        self.enrichment(&Task::Values);
        self.panels(&[Task::Values]);
        Ok(vec![contrasts.iter().map(|contrast| contrast.id.clone()).collect()])
    }

    /// Counting sample by sample, or taking a table over; gives the task that leaves the counts of all.
    fn counts(&mut self) -> Result<Task, WorkflowError> {
        let request = self.request;
        match &request.experiment.source {
            CountSource::Table(path) => {
                let mut inputs = vec![("counts".to_owned(), path.clone())];
                inputs.extend(
                    crate::stages::count::companions(path)
                        .into_iter()
                        .map(|path| ("counts".to_owned(), path)),
                );
                inputs.extend(request.offsets.iter().map(|path| ("offsets".to_owned(), path.clone())));
                inputs.extend(self.identifier_file());
                self.push(Task::Table, Vec::new(), inputs, options::table(request));
                Ok(Task::Table)
            }
            CountSource::Expression(_) => Ok(Task::Values),
            CountSource::Alignments(_) | CountSource::Reads(_) => {
                let annotation = self.annotation.unwrap_or_default();
                let mut parts = Vec::new();
                for place in 0..request.experiment.sheet.samples.len() {
                    parts.push(self.sample(place, annotation)?);
                }
                let inputs = self.annotation_file().into_iter().chain(self.identifier_file()).collect();
                self.push(Task::Merge, parts, inputs, options::merge(request, annotation));
                Ok(Task::Merge)
            }
        }
    }

    /// From the files of a sample to its counts; gives the task that leaves these.
    fn sample(&mut self, place: usize, annotation: &str) -> Result<Task, WorkflowError> {
        let request = self.request;
        let sample = request.experiment.sheet.samples[place].id.to_string();
        let (needs, mut inputs) = match library_of(&request.experiment, &sample) {
            Some(Library::Reads(reads)) => (vec![self.aligned(&sample, &reads)?], Vec::new()),
            Some(Library::Alignments(file)) => (Vec::new(), vec![("alignments".to_owned(), file)]),
            None => (Vec::new(), Vec::new()),
        };
        inputs.extend(self.annotation_file());
        let task = Task::Count(sample);
        self.push(task.clone(), needs, inputs, options::count(request, place, annotation));
        Ok(task)
    }

    /// From reads to alignments; gives the task that leaves these.
    fn aligned(&mut self, sample: &str, reads: &Reads) -> Result<Task, WorkflowError> {
        let request = self.request;
        let Some(index) = &request.hisat2_index else {
            let CountSource::Reads(libraries) = &request.experiment.source else {
                return Ok(Task::Align(sample.into()));
            };
            return Err(unaligned(&request.experiment.sheet, libraries));
        };
        let own: Vec<(String, PathBuf)> =
            reads.files().map(|file| ("reads".to_owned(), file.clone())).collect();
        let files = Hisat2Index::find(index)?.files().into_iter().map(|file| ("index".to_owned(), file));
        let task = Task::Align(sample.to_owned());
        if request.settings.clean.enabled {
            let clean = Task::Clean(sample.to_owned());
            self.push(clean.clone(), Vec::new(), own, options::clean(request));
            self.push(task.clone(), vec![clean], files.collect(), options::align(request));
        } else {
            self.push(
                task.clone(),
                Vec::new(),
                own.into_iter().chain(files).collect(),
                options::align(request),
            );
        }
        Ok(task)
    }

    /// The annotation, where it is a file.
    fn annotation_file(&self) -> Vec<(String, PathBuf)> {
        let name = self.annotation.or(self.request.annotation.as_deref());
        let file = name.map(PathBuf::from).filter(|path| path.is_file());
        file.map(|path| ("annotation".to_owned(), path)).into_iter().collect()
    }

    /// The Gene Ontology with its names of genes, where it is a file.
    fn identifier_file(&self) -> Vec<(String, PathBuf)> {
        let file = self.request.settings.enrich.go_file.iter();
        file.map(|path| ("gene sets".to_owned(), path.clone())).collect()
    }

    /// Preparing each design, and testing its contrasts.
    fn designs(&mut self, counts: &Task) -> Result<Vec<Vec<String>>, WorkflowError> {
        let request = self.request;
        let mut designs: Vec<(serde_json::Value, Vec<&ContrastSpec>)> = Vec::new();
        for contrast in &request.experiment.contrasts {
            let options = options::prepare(request, contrast)?;
            match designs.iter_mut().find(|(known, _)| *known == options) {
                Some((_, contrasts)) => contrasts.push(contrast),
                None => designs.push((options, vec![contrast])),
            }
        }
        let borrowed = request.settings.test.bcv_from.iter().flat_map(|path| {
            let companion = alkaline_io::results::table::companion_path(path);
            [path.clone(), companion].into_iter().filter(|path| path.is_file())
        });
        let borrowed: Vec<(String, PathBuf)> =
            borrowed.map(|path| ("dispersions".to_owned(), path)).collect();
        let several = designs.len() > 1;
        for (number, (mut options, contrasts)) in designs.iter().cloned().enumerate() {
            let prepare = Task::Prepare(contrasts[0].id.clone());
            // Where it lies depends on how many there are.
            let ids: Vec<&str> = contrasts.iter().map(|contrast| contrast.id.as_str()).collect();
            options["design"]["first"] = (number == 0).into();
            options["design"]["beside"] = if several { ids.into() } else { serde_json::Value::Null };
            self.push(prepare, vec![counts.clone()], borrowed.clone(), options);
        }
        for (_, contrasts) in &designs {
            for contrast in contrasts {
                let needs = vec![counts.clone(), Task::Prepare(contrasts[0].id.clone())];
                self.push(
                    Task::Test(contrast.id.clone()),
                    needs,
                    borrowed.clone(),
                    options::test(request, contrast)?,
                );
            }
        }
        let ids = designs
            .into_iter()
            .map(|(_, contrasts)| contrasts.iter().map(|contrast| contrast.id.clone()).collect());
        Ok(ids.collect())
    }

    /// Gene sets, contrast by contrast.
    fn enrichment(&mut self, counts: &Task) {
        let request = self.request;
        let enrich = &request.settings.enrich;
        if enrich.go.is_empty() && enrich.gene_sets.is_empty() {
            return;
        }
        let files = enrich.gene_sets.iter().chain(&enrich.go_file);
        let files: Vec<(String, PathBuf)> =
            files.map(|path| ("gene sets".to_owned(), path.clone())).collect();
        for contrast in &request.experiment.contrasts {
            let test = Task::Test(contrast.id.clone());
            self.push(
                Task::Gsea(contrast.id.clone()),
                vec![test.clone()],
                files.clone(),
                options::gsea(request),
            );
            let mut needs = vec![test];
            needs.extend(enrich.length_bias.then(|| counts.clone()));
            self.push(Task::Ora(contrast.id.clone()), needs, files.clone(), options::ora(request));
        }
    }

    /// Panels, contrast by contrast; `tables` leave the values that they show.
    fn panels(&mut self, tables: &[Task]) {
        let request = self.request;
        for contrast in &request.experiment.contrasts {
            for panel in &request.panels {
                let task = Task::Panel { contrast: contrast.id.clone(), panel: panel.name.clone() };
                let needs = [tables, &[Task::Test(contrast.id.clone())]].concat();
                self.push(task, needs, self.identifier_file(), options::panel(panel));
            }
        }
    }

    /// The record and the page, which read everything.
    fn record(&mut self, date: &str) {
        let all = |making: &Self| making.nodes.iter().map(|node| node.task.clone()).collect::<Vec<_>>();
        let options = options::record(self.request, date);
        self.push(Task::Record, all(self), Vec::new(), options.clone());
        self.push(Task::Report, all(self), Vec::new(), options);
    }
}
