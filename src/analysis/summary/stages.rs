//! What the network is like in states of a change: before it, after it, and on the way.

use super::figures::MergedResult;
use super::refine::Refine;
use super::rounds::{in_rounds, Slot};
use super::verdicts::{Said, Verdict};
use crate::analysis::error::AnalysisError;
use crate::analysis::list::kind::SetsOf;
use crate::analysis::options::Options;
use crate::analysis::scenario::Scenario;
use crate::analysis::size::Size;
use crate::budget::Budget;
use crate::network::{Groups, Network, NodeSet, Transition};
use crate::subject::{Figure, Part, State, Subject};

/// What a network is like on the way from one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stage {
    /// Sizes by the grouping of the options. Nodes taken as crashed are so in all of them.
    pub figures: MergedResult,
    /// Whether it is proven that a quorum exists and every two quorums share a node.
    pub has_quorum_intersection: bool,
    /// Whether there is a splitting set at all: if not, its size is that of the top tier.
    pub has_splitting_set: bool,
    /// Whether all of that is proven. Only with [`Options::anytime`] it may not be.
    pub is_exact: bool,
}

/// With `anytime` a budget of half of the time that is left, and else all of it.
pub fn half_of(budget: &Budget, options: &Options) -> Budget {
    let most = budget.remaining().filter(|_| options.anytime).map(|left| left / 2);
    most.map_or_else(|| budget.clone(), |most| budget.clone().with_time_limit(most))
}

/// What is asked about each network.
pub const VERDICTS: [Verdict; 4] = [
    Verdict::Intersection,
    Verdict::TopTier,
    Verdict::Smallest(SetsOf::Blocking),
    Verdict::Smallest(SetsOf::Splitting),
];

/// Which figures they are.
pub const FIGURES: [Figure; 4] = [Figure::Intersection, Figure::TopTier, Figure::Blocking, Figure::Splitting];

/// What the networks are like in which these nodes have changed. What comes to the same network is worked out once.
pub fn stages_of(
    transition: &Transition,
    states: &[(State, NodeSet)],
    groups: &Groups,
    options: &Options,
    budget: &Budget,
) -> Result<Vec<Stage>, AnalysisError> {
    let first_like: Vec<usize> = states
        .iter()
        .map(|(_, changed)| states.iter().position(|(_, other)| other == changed).unwrap_or_default())
        .collect();
    let networks: Vec<Network> = states
        .iter()
        .map(|(_, changed)| transition.after().with_assignment(transition.state(changed)))
        .collect();
    let scenarios: Vec<Scenario> = networks.iter().map(|network| Scenario::of(network, options)).collect();
    let questions: Vec<(usize, usize)> = (0..states.len())
        .filter(|&state| first_like[state] == state)
        .flat_map(|state| (0..VERDICTS.len()).map(move |verdict| (state, verdict)))
        .collect();
    let slots: Vec<Slot<Said>> = questions.iter().map(|_| Slot::new()).collect();
    let is_first = |question: usize| VERDICTS[questions[question].1] == Verdict::Intersection;
    in_rounds(questions.len(), is_first, options, budget, |question, budget| {
        let (state, verdict) = questions[question];
        let subject = Subject::new(FIGURES[verdict], Part::State(states[state].0));
        let said = VERDICTS[verdict].of(&scenarios[state], groups, options, &subject, budget);
        Ok(slots[question].keep(said.map_err(AnalysisError::without_bounds)?))
    })?;
    let known: Vec<Option<Said>> = slots.into_iter().map(Slot::answer).collect();
    let stage_of = |&first: &usize| {
        let of_state = questions.iter().zip(&known).filter(|((state, _), _)| *state == first);
        let said: Vec<Option<&Said>> = of_state.map(|(_, said)| said.as_ref()).collect();
        stage(&said)
    };
    Ok(first_like.iter().map(stage_of).collect())
}

/// The answers to the questions in their order; absent: there was no time to ask.
fn stage(said: &[Option<&Said>]) -> Stage {
    let mut stage = Stage {
        is_exact: said.iter().all(|said| said.is_some_and(Said::is_settled)),
        has_splitting_set: true,
        ..Stage::default()
    };
    let sizes = &mut stage.figures;
    for (verdict, said) in VERDICTS.iter().zip(said) {
        match (verdict, said) {
            (_, Some(Said::Intersection(verdict))) => {
                stage.has_quorum_intersection = verdict.has_quorum_intersection();
            }
            (_, Some(Said::Members { labels, .. })) => sizes.top_tier_size = labels.len() as u32,
            (Verdict::Smallest(SetsOf::Splitting), Some(Said::Size(size))) => {
                stage.has_splitting_set = *size != Size::NoSet;
                sizes.splitting_sets_min_size = size.smallest_known().unwrap_or(sizes.top_tier_size);
            }
            (_, Some(Said::Size(size))) => {
                sizes.blocking_sets_min_size = size.smallest_known().unwrap_or_default();
                sizes.blocking_sets_filtered_min_size = sizes.blocking_sets_min_size;
            }
            _ => {}
        }
    }
    stage
}

impl Stage {
    /// One of its figures; not known where they are not all proven.
    pub(super) fn said(&self, verdict: &Verdict) -> Said {
        let sizes = &self.figures;
        match verdict {
            _ if !self.is_exact => Said::Told(None),
            Verdict::Intersection => Said::whether(self.has_quorum_intersection),
            Verdict::TopTier => Said::Size(Size::Exactly(sizes.top_tier_size)),
            Verdict::Smallest(SetsOf::Splitting) if !self.has_splitting_set => Said::Size(Size::NoSet),
            Verdict::Smallest(SetsOf::Splitting) => Said::Size(Size::Exactly(sizes.splitting_sets_min_size)),
            _ => Said::Size(Size::Exactly(sizes.blocking_sets_min_size)),
        }
    }
}
