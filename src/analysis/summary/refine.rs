//! Puts together two answers to the same question: with `anytime` a question is asked again with more time, and what the earlier answer knew
//! must not be lost.

use crate::analysis::blocking::BlockingSets;
use crate::analysis::history::HistoryCritical;
use crate::analysis::quorums::Quorums;
use crate::analysis::splitting::SplittingSets;
use crate::analysis::symmetric::NamedQuorumSet;
use crate::analysis::top_tier::TopTier;
use crate::network::sorting::sort_distinct;

/// An answer that may be less than all there is to know.
pub trait Refine {
    /// Takes over what a later answer to the same question knows better: that one started over, and may have had less time.
    fn refine(&mut self, later: Self);

    /// Whether more time would not tell more.
    fn is_settled(&self) -> bool;
}

impl Refine for TopTier {
    fn refine(&mut self, later: Self) {
        self.is_exact |= later.is_exact;
        self.top_tier.extend(later.top_tier);
        sort_distinct(&mut self.top_tier);
    }

    fn is_settled(&self) -> bool {
        self.is_exact
    }
}

impl Refine for Option<NamedQuorumSet> {
    fn refine(&mut self, later: Self) {
        *self = later;
    }

    fn is_settled(&self) -> bool {
        true
    }
}

impl Refine for BlockingSets {
    fn refine(&mut self, later: Self) {
        self.set.refine(later.set);
    }

    fn is_settled(&self) -> bool {
        self.set.is_settled()
    }
}

impl Refine for SplittingSets {
    fn refine(&mut self, later: Self) {
        // The verdict is remembered from one time to the next.
        self.intersection = later.intersection;
        if self.set.refine(later.set) {
            self.quorum_a = later.quorum_a;
            self.quorum_b = later.quorum_b;
        }
    }

    fn is_settled(&self) -> bool {
        self.set.is_settled() && self.intersection.is_exact()
    }
}

impl Refine for Quorums {
    fn refine(&mut self, later: Self) {
        self.set.refine(later.set);
        // The verdict is remembered from one time to the next.
        self.intersection = later.intersection;
    }

    fn is_settled(&self) -> bool {
        self.set.is_settled() && self.intersection.is_exact()
    }
}

impl Refine for HistoryCritical {
    fn refine(&mut self, later: Self) {
        if self.set.refine(later.set) {
            self.quorum = later.quorum;
        }
    }

    fn is_settled(&self) -> bool {
        self.set.is_settled()
    }
}
