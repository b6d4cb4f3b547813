//! Whether what is said of a change would be otherwise if unknown nodes were read the other way, as free instead of dead or the reverse.
//!
//! A node that one of the two networks does not list is known not to be there: where the other reading is that unknown nodes are free, it is in no
//! quorum of that network all the same. An order stands if it is safe in the other reading, also where another one would be found there. What
//! follows from a verdict is looked at only where that is the same.

use super::stages::{half_of, stages_of, Stage, FIGURES, VERDICTS};
use super::verdicts::{other_way, told_of, Said, Told};
use crate::analysis::encode::states::{Choice, Region};
use crate::analysis::error::AnalysisError;
use crate::analysis::options::Options;
use crate::analysis::plan::{plan_under, Plan};
use crate::analysis::safety::{Danger, Demands, Floors, Safety};
use crate::analysis::size::Size;
use crate::analysis::suggest::{change_of, demands_on_the_way, suggest, Suggestion};
use crate::budget::{Budget, Stop};
use crate::network::{Finding, GroupBy, Groups, NodeId, NodeSet, Transition, UnknownNodes};
use crate::subject::{Figure, Part, State, Subject};

/// A plan, and what the network is like before and after it.
pub struct Way<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Before anybody has changed.
    pub before: &'a Stage,
    /// When all have.
    pub after: &'a Stage,
}

/// What hangs on unknown nodes in a plan and in what the network is like before and after.
pub fn hangs_in_plan(
    way: &Way,
    transition: &Transition,
    unit: &GroupBy,
    floors: Floors,
    options: &Options,
    budget: &Budget,
) -> Result<Vec<Finding>, AnalysisError> {
    let plan = way.plan;
    hangs(transition, unit, options, budget, None, [Some(way.before), Some(way.after)], &|there, told| {
        let Some(any_order) = plan.any_order_is_safe else { return Ok(()) };
        told.push(verdict(Figure::AnyOrder, "any order is safe", Said::whether(any_order)));
        let (is_any, order) = there.way(plan, there.transition, Demands::of(floors))?;
        told[0].there = is_any.map_or(Said::Told(None), Said::whether);
        if !any_order {
            told.extend(order);
        }
        Ok(())
    })
}

/// What hangs on unknown nodes in a suggestion, in the way there and in what the network is like before and after.
pub fn hangs_in_suggestion(
    suggestion: &Suggestion,
    way: &Way,
    transition: &Transition,
    unit: &GroupBy,
    floors: Floors,
    options: &Options,
    budget: &Budget,
) -> Result<Vec<Finding>, AnalysisError> {
    // Where nobody is known whose change will do, nothing is said of what is after it.
    let stages = [Some(way.before), suggestion.adopters.as_ref().map(|_| way.after)];
    let adopters = suggestion.adopters.as_deref().unwrap_or_default();
    hangs(transition, unit, options, budget, Some(adopters), stages, &|there, told| {
        if !suggestion.size.is_exact() {
            return Ok(());
        }
        told.push(verdict(Figure::Danger, "danger", danger(suggestion)));
        let found = suggest(there.transition, unit, floors, &there.options, &there.budget)?;
        told[0].there = danger(&found);
        // A network in another danger is unsafe all the same, and needs adopters for something else.
        if are_alike(told) || [suggestion.size, found.size].contains(&Size::Exactly(0)) {
            told.push(verdict(Figure::Needed, "fewest adopters", Said::Size(suggestion.size)));
            told[1].there = Said::Size(found.size);
        }
        if adopters.is_empty() || !are_alike(told) {
            return Ok(());
        }
        told.push(verdict(Figure::Adopters, "these adopters will do", Said::whether(true)));
        let safety = Safety::new(there.transition, unit, Demands::of(floors), &there.options);
        let units = &safety.change.units;
        let has_changed: Vec<bool> = units.iter().map(|unit| adopters.contains(&unit.label)).collect();
        let will_do = safety.unsafe_in(&Region::state(&has_changed), &there.budget)?.is_none();
        told[2].there = Said::whether(will_do);
        if will_do {
            let change = change_of(there.transition, unit, adopters);
            let today = suggestion.today.as_ref().map(|state| state.danger);
            told.extend(there.way(way.plan, &change, demands_on_the_way(today))?.1);
        }
        Ok(())
    })
}

/// Compares verdicts with what they are in the other reading.
type Look<'a> = &'a dyn Fn(&OtherReading, &mut Vec<Told>) -> Result<(), AnalysisError>;

/// What there is to tell of the verdicts that `look` compares, and of the stages before and after: after these have changed or, if nobody says who,
/// all. Where `look` ends early, what is not known then is told.
fn hangs(
    transition: &Transition,
    unit: &GroupBy,
    options: &Options,
    budget: &Budget,
    changing: Option<&[String]>,
    stages: [Option<&Stage>; 2],
    look: Look,
) -> Result<Vec<Finding>, AnalysisError> {
    // What is found before the time is up is worth something here, whatever else is asked for.
    let options_there = other_way(options).with_anytime(true);
    let without_unlisted;
    let transition = match options_there.unknown_nodes {
        UnknownNodes::Dead => transition,
        UnknownNodes::Free => {
            without_unlisted = transition.without_unlisted();
            &without_unlisted
        }
    };
    let there = OtherReading { transition, unit, options: options_there, budget: half_of(budget, options) };
    let concerned = there.counted_on();
    if concerned.is_empty() {
        return Ok(Vec::new());
    }
    let mut verdicts = Vec::new();
    match look(&there, &mut verdicts) {
        Err(error) if error.is_stopped() => {}
        done => done?,
    }
    let changed = changing.map(|changing| change_of(transition, unit, changing));
    let sizes = there.sizes(changed.as_ref().unwrap_or(transition), stages, budget)?;
    match budget.check() {
        Err(Stop::Cancelled) if !options.anytime => return Err(Stop::Cancelled.into()),
        _ => {}
    }
    let mut findings = Vec::new();
    for told in [verdicts, sizes] {
        findings.extend(told_of(told, there.options.unknown_nodes, &|_| concerned.clone()));
    }
    Ok(findings)
}

/// A verdict of which it is not known yet what it is in the other reading.
fn verdict(figure: Figure, words: &'static str, here: Said) -> Told<'static> {
    Told { subject: figure.into(), words, here, there: Said::Told(None) }
}

/// Whether all of these are the same in both readings, as far as is known.
fn are_alike(told: &[Told]) -> bool {
    told.iter().all(|Told { here, there, .. }| here.differs(there) == Some(false))
}

/// What is wrong today.
fn danger(suggestion: &Suggestion) -> Said {
    let danger = suggestion.today.as_ref().map(|state| state.danger);
    Said::Told(match danger {
        Some(Danger::Halt) => Some("no quorum"),
        Some(Danger::Split) => Some("two quorums share no node"),
        Some(Danger::Floor) => Some("a smallest set below its floor"),
        None if suggestion.size == Size::Exactly(0) => Some("none"),
        None => None,
    })
}

/// What becomes of the units of a change, where no order is shown; absent: not known.
fn outcome(plan: &Plan) -> Option<&'static str> {
    match &plan.unsafe_state {
        _ if plan.rounds.is_some() => Some("one is safe"),
        _ if plan.all_at_once => Some("none is safe"),
        _ if !plan.is_exact => None,
        Some(state) if state.changed.is_empty() => Some("none, as the earlier network is not safe"),
        _ => Some("none, as the later network is not safe"),
    }
}

/// A change with unknown nodes read the other way.
struct OtherReading<'a> {
    transition: &'a Transition,
    unit: &'a GroupBy,
    options: Options,
    budget: Budget,
}

impl OtherReading<'_> {
    /// Nodes of unknown quorum set that are not down and that others count on before or after: nothing hangs on the rest.
    fn counted_on(&self) -> Vec<String> {
        let networks = [self.transition.before(), self.transition.after()];
        let network = self.transition.after();
        let crashed = network.nodes_with_keys(&self.options.faulty_nodes);
        let hangs = |&node: &NodeId| {
            let alone = NodeSet::of(network.node_count(), [node]);
            let is_unknown = networks.iter().any(|network| network.quorum_set_of(node).is_none());
            // Who depends on it takes a walk through the network, so that is asked last.
            let mut assignments = networks.iter().map(|network| network.assignment());
            is_unknown
                && !crashed.contains(node)
                && assignments.any(|asks| !asks.dependents(&alone).is_subset(&alone))
        };
        network.keys_of(&NodeSet::of(network.node_count(), network.nodes().filter(hangs)))
    }

    /// Whether any order is safe in a change that is read like this, and what becomes of the order of a plan, or of there being none.
    fn way(
        &self,
        plan: &Plan,
        change: &Transition,
        demands: Demands,
    ) -> Result<(Option<bool>, Option<Told<'static>>), AnalysisError> {
        let Some(rounds) = &plan.rounds else {
            let there = plan_under(change, self.unit, demands, &self.options, &self.budget)?;
            let told = outcome(plan).map(|here| Told {
                there: Said::Told(outcome(&there)),
                ..verdict(Figure::Order, "order", Said::Told(Some(here)))
            });
            return Ok((there.any_order_is_safe, told));
        };
        let mut safety = Safety::new(change, self.unit, demands, &self.options);
        safety.find_kinds(&self.budget)?;
        let units = &safety.change.units;
        let is_safe = |region: Region| safety.unsafe_in(&region, &self.budget).map(|found| found.is_none());
        let is_any = is_safe(Region::all(units.len()))?;
        let mut stands = is_any || rounds.len() > 1;
        for number in (0..rounds.len()).filter(|_| !is_any) {
            // Nobody says when those change that are in no round, as nothing that is known changes with them.
            let round_of = |label: &String| rounds.iter().position(|round| round.contains(label));
            let choices = units.iter().map(|unit| match round_of(&unit.label) {
                Some(round) if round < number => Choice::After,
                Some(round) if round > number => Choice::Before,
                _ => Choice::Either,
            });
            stands = stands && is_safe(Region(choices.collect()))?;
        }
        let told = verdict(Figure::Order, "this order is safe", Said::whether(true));
        Ok((Some(is_any), Some(Told { there: Said::whether(stands), ..told })))
    }

    /// What the network is like before and after a change, as far as that is told and known.
    fn sizes(
        &self,
        change: &Transition,
        here: [Option<&Stage>; 2],
        budget: &Budget,
    ) -> Result<Vec<Told<'static>>, AnalysisError> {
        let network = change.after();
        let nobody = NodeSet::empty(network.node_count());
        let states = [(State::Before, nobody), (State::After, change.changing().clone())];
        let groups = Groups::of(network, &self.options.group_by);
        let there = stages_of(change, &states, &groups, &self.options, budget)?;
        let mut told = Vec::new();
        for (((state, _), here), there) in states.iter().zip(here).zip(&there) {
            let Some(here) = here.filter(|here| here.is_exact) else { continue };
            for (figure, verdict) in FIGURES.iter().zip(&VERDICTS) {
                told.push(Told {
                    subject: Subject::new(*figure, Part::State(*state)),
                    words: verdict.in_words(),
                    here: here.said(verdict),
                    there: there.said(verdict),
                });
            }
        }
        Ok(told)
    }
}
