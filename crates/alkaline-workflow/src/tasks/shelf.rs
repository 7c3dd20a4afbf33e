//! What the tasks of one process share in memory, so that nothing is read or decoded twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use alkaline_core::annotation::GeneLabel;
use alkaline_core::identifiers::IdentifierMap;
use alkaline_core::results::CountTable;
use alkaline_core::{ExpressionMatrix, ExpressionUnit, GeneSetCollection, PerGene};

use crate::error::WorkflowError;
use crate::observer::Observer;
use crate::spec::request::{RunRequest, TableOptions};
use crate::stages::annotations::Annotations;
use crate::stages::test::{LogValues, read_logs};
use crate::stages::{count, enrich, naming, offsets};
use crate::store::RunDirectory;

/// Counts with the names of their genes.
pub struct Counts {
    /// Counts and gene facts.
    pub table: CountTable,
    /// Symbols of all genes.
    pub labels: PerGene<GeneLabel>,
}

/// A value that is made once, by whoever asks first; the others wait.
struct Slot<T>(Mutex<Option<Arc<T>>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Slot<T> {
    fn get(&self, make: impl FnOnce() -> Result<T, WorkflowError>) -> Result<Arc<T>, WorkflowError> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*slot {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(make()?);
        *slot = Some(Arc::clone(&made));
        Ok(made)
    }

    fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// What the tasks of one process share.
#[derive(Default)]
pub struct Shelf {
    /// Annotations by name.
    pub annotations: Annotations,
    identifiers: Slot<IdentifierMap>,
    collections: Slot<Vec<GeneSetCollection>>,
    counts: Slot<Counts>,
    values: Slot<LogValues>,
    shown: Mutex<HashMap<ExpressionUnit, Arc<ExpressionMatrix>>>,
}

impl Shelf {
    /// The names of genes.
    ///
    /// # Errors
    /// [`WorkflowError`] when the file cannot be read or the release is unknown.
    pub fn identifiers(&self, request: &RunRequest) -> Result<Arc<IdentifierMap>, WorkflowError> {
        self.identifiers.get(|| enrich::identifiers(&request.settings.enrich))
    }

    /// The gene sets.
    ///
    /// # Errors
    /// [`WorkflowError`] when a file cannot be read or the release is unknown.
    pub fn collections(
        &self,
        request: &RunRequest,
        observer: &dyn Observer,
    ) -> Result<Arc<Vec<GeneSetCollection>>, WorkflowError> {
        self.collections.get(|| enrich::collections(&request.settings.enrich, observer))
    }

    /// The counts of the run.
    ///
    /// # Errors
    /// [`WorkflowError::Read`] when the table is damaged.
    pub fn counts(&self, request: &RunRequest, run: &RunDirectory) -> Result<Arc<Counts>, WorkflowError> {
        self.counts.get(|| {
            // Fractional counts were welcome when the table was made, or it has none.
            let options = TableOptions { allow_fractional: true, transpose: false };
            let mut table = count::read_table(&run.counts(), Some(&request.experiment.sheet), options)?.table;
            if run.length_factors().exists() {
                table = offsets::with_lengths(table, &run.length_factors())?.0;
            }
            let labels = naming::gene_labels(&table, &*self.identifiers(request)?);
            Ok(Counts { table, labels })
        })
    }

    /// The expression values of a run that began with some, on a log2 scale.
    ///
    /// # Errors
    /// [`WorkflowError::Read`] when the table is damaged.
    pub fn values(&self, request: &RunRequest, run: &RunDirectory) -> Result<Arc<LogValues>, WorkflowError> {
        self.values.get(|| {
            let path = run.expression(ExpressionUnit::Log2);
            read_logs(&path, &request.experiment.sheet)
        })
    }

    /// What the genes of the run are called, whether it has counts or expression values.
    ///
    /// # Errors
    /// [`WorkflowError::Read`] when their table is damaged.
    pub fn labels(
        &self,
        request: &RunRequest,
        run: &RunDirectory,
    ) -> Result<PerGene<GeneLabel>, WorkflowError> {
        Ok(match request.experiment.has_values() {
            true => self.values(request, run)?.labels.clone(),
            false => self.counts(request, run)?.labels.clone(),
        })
    }

    /// Forgets the expression values, because others take their place, and what was made of them.
    pub fn forget_values(&self) {
        self.values.clear();
        self.forget_expression();
    }

    /// Forgets the counts, because others take their place, and what was made of them.
    pub fn forget_counts(&self) {
        self.counts.clear();
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The expression of the genes of all panels in `unit`, read by `read` where nobody asked before.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn shown(
        &self,
        unit: ExpressionUnit,
        read: impl FnOnce() -> Result<ExpressionMatrix, WorkflowError>,
    ) -> Result<Arc<ExpressionMatrix>, WorkflowError> {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = shown.get(&unit) {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(read()?);
        shown.insert(unit, Arc::clone(&read));
        Ok(read)
    }

    /// Forgets the expression of the genes of panels, because other tables take their place.
    pub fn forget_expression(&self) {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
