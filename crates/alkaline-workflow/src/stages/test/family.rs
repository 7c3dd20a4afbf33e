//! What a family of tests has to know. A new one is a type of its own with these three answers, its words in [`TestMethod`] and its
//! line in `families.rs`; nothing else changes.

use std::sync::Arc;

use alkaline_core::results::{DispersionEstimates, TestTable};
use alkaline_core::{ContrastSpec, CountMatrix, Groups, LibrarySizes, SampleIndex, SampleSheet};
use alkaline_dge::{DesignMatrix, DgeError};

use super::method::TestMethod;
use super::prepared::{Prepared, groups_of};
use super::settings::TestSettings;
use crate::error::WorkflowError;

/// A family of tests.
pub(super) trait Family: Sync {
    /// Dispersions that the tests of a design share; `None` where the family has none, or finds them while it tests.
    fn dispersion(
        &self,
        data: &Filtered<'_>,
        settings: &TestSettings,
    ) -> Result<Option<DispersionEstimates>, WorkflowError>;

    /// Whether a question can be answered, before anything is computed; and how variability is found, in words.
    fn check(&self, question: &Question<'_>) -> Result<String, WorkflowError>;

    /// Tests one contrast.
    fn test(
        &self,
        method: TestMethod,
        prepared: &Prepared,
        contrast: &ContrastSpec,
        settings: &TestSettings,
    ) -> Result<TestTable, WorkflowError>;
}

/// Filtered and normalised counts of samples that are grouped, or explained by a design.
#[derive(Clone, Copy)]
pub(super) struct Filtered<'a> {
    pub matrix: &'a CountMatrix,
    pub sizes: &'a LibrarySizes,
    pub groups: &'a Groups,
    pub design: Option<&'a DesignMatrix>,
}

/// A question before its data are seen.
pub(super) struct Question<'a> {
    pub method: TestMethod,
    pub contrast: &'a ContrastSpec,
    pub sheet: &'a SampleSheet,
    pub samples: &'a Arc<SampleIndex>,
    pub design: Option<&'a DesignMatrix>,
    pub settings: &'a TestSettings,
}

impl Question<'_> {
    /// Whether there are replicates to estimate variation from.
    ///
    /// # Errors
    /// [`DgeError::NoResidualDf`], [`DgeError::NoReplicates`].
    pub(super) fn replicates(&self) -> Result<(), WorkflowError> {
        let unreplicated = match self.design {
            Some(design) => design.residual_df() == 0,
            None => {
                let groups = groups_of(self.sheet, &self.contrast.variable, self.samples)?;
                groups.sizes().iter().all(|size| *size < 2)
            }
        };
        match (unreplicated, self.design) {
            (false, _) => Ok(()),
            (true, Some(design)) if self.samples.len() > 2 => {
                Err(DgeError::NoResidualDf { samples: design.samples().len() }.into())
            }
            (true, _) => Err(DgeError::NoReplicates.into()),
        }
    }
}
