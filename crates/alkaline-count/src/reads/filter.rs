//! The filters, in featureCounts' order: the first that applies gives the category.

use alkaline_core::results::Assignment;

use super::{End, Fact};
use crate::options::{FilterRule, PairRule, SplitRule};
use crate::record::flag;

/// The rules of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FilterContext {
    pub filter: FilterRule,
    pub pairs: PairRule,
}

/// The outcome of the filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Set aside.
    Rejected(Assignment),
    /// To be assigned by its hits; with the larger number of alignments of its ends.
    Passed(u32),
}

impl FilterContext {
    /// The fate of a read that counts by itself.
    #[inline]
    pub fn read(&self, end: &End) -> Verdict {
        if end.has(flag::UNMAPPED) {
            return Verdict::Rejected(Assignment::Unmapped);
        }
        if end.mapping_quality < self.filter.min_mapping_quality {
            return Verdict::Rejected(Assignment::MappingQuality);
        }
        if let Some(category) = self.own(end) {
            return Verdict::Rejected(category);
        }
        if self.filter.split == SplitRule::SplitOnly && !end.is(Fact::SPLIT) {
            return Verdict::Rejected(Assignment::NonSplit);
        }
        Verdict::Passed(end.alignments)
    }

    /// The fate of a fragment; `first` is the end that comes later in the file.
    #[inline]
    pub fn fragment(&self, first: &End, second: &End) -> Verdict {
        match self.fragment_category(first, second) {
            Some(category) => Verdict::Rejected(category),
            None => Verdict::Passed(first.alignments.max(second.alignments)),
        }
    }

    #[inline]
    fn fragment_category(&self, first: &End, second: &End) -> Option<Assignment> {
        let unmapped = [first.has(flag::UNMAPPED), second.has(flag::UNMAPPED)];
        // What the first end says about its mate counts, except for reads that never had one.
        let mate_unmapped = if first.has(flag::PAIRED) { first.has(flag::MATE_UNMAPPED) } else { true };
        if unmapped[0] && mate_unmapped {
            return Some(Assignment::Unmapped);
        }
        if self.pairs.require_both_ends && (unmapped[0] || mate_unmapped) {
            return Some(Assignment::Singleton);
        }
        if !unmapped[0]
            && !mate_unmapped
            && let Some(category) = self.as_pair(first)
        {
            return Some(category);
        }
        self.own(first)
            .or_else(|| {
                let best = first.mapping_quality.max(second.mapping_quality);
                (best < self.filter.min_mapping_quality).then_some(Assignment::MappingQuality)
            })
            .or_else(|| self.own(second))
            .or_else(|| {
                let unsplit = |end: &End| !end.has(flag::UNMAPPED) && !end.is(Fact::SPLIT);
                (self.filter.split == SplitRule::SplitOnly && unsplit(first) && unsplit(second))
                    .then_some(Assignment::NonSplit)
            })
    }

    /// `-P` and `-C`.
    fn as_pair(&self, first: &End) -> Option<Assignment> {
        let opposite = first.has(flag::REVERSE) != first.has(flag::MATE_REVERSE);
        if first.is(Fact::SAME_CONTIG) && opposite {
            let length = first.template_length.unsigned_abs();
            let fits = (self.pairs.min_length..=self.pairs.max_length).contains(&length);
            (self.pairs.check_length && !fits).then_some(Assignment::FragmentLength)
        } else {
            self.pairs.reject_chimeras.then_some(Assignment::Chimera)
        }
    }

    /// The filters that look at one end only.
    #[inline]
    fn own(&self, end: &End) -> Option<Assignment> {
        if self.filter.ignore_duplicates && end.has(flag::DUPLICATE) {
            return Some(Assignment::Duplicate);
        }
        if end.has(flag::UNMAPPED) {
            return None;
        }
        if end.alignments > 1 && !self.filter.multi_mapping {
            return Some(Assignment::MultiMapping);
        }
        if self.filter.primary_only && end.has(flag::SECONDARY) {
            return Some(Assignment::Secondary);
        }
        (self.filter.split == SplitRule::NonSplitOnly && end.is(Fact::SPLIT)).then_some(Assignment::NonSplit)
    }
}
