//! A change from one network to another: may the units (nodes or groups) that change do so in any order, and if not, in which?
//!
//! All states are asked about at once, see [`super::safety`]. Where one of them is not safe, an order is looked for that passes none of the states
//! known to be unsafe, until what it passes proves to be safe.

use super::encode::states::Region;
use super::error::AnalysisError;
use super::options::Options;
use super::safety::{Demands, Floors, Safety, UnsafeState};
use crate::budget::Budget;
use crate::known::Known;
use crate::network::{GroupBy, Transition};
use crate::subject::Figure;

/// What can be said of a change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The units that change, in the order of their labels.
    pub units: Vec<String>,
    /// Whether every state between the two networks is safe, both of them included. Absent: not known.
    pub any_order_is_safe: Option<bool>,
    /// If not: a state that is not safe.
    pub unsafe_state: Option<UnsafeState>,
    /// As few rounds as possible, so that all states on the way are safe whatever the order in which the units of one round change. Absent: there
    /// is no such order or, if it is not exact, none was found.
    pub rounds: Option<Vec<Vec<String>>>,
    /// Whether both networks are safe and no order leads from one to the other, so that all units that change would have to at once.
    pub all_at_once: bool,
    /// Whether all of it is proven. Otherwise, with `anytime`, the budget ended first.
    pub is_exact: bool,
}

/// Whether a change is safe, and in which order it can be rolled out. A unit is a node or, by a grouping, the nodes of a group. What a node
/// sees may be another part of the network in each state, so [`Options::reachable_from`] does not count here.
pub fn plan(
    transition: &Transition,
    unit: &GroupBy,
    floors: Floors,
    options: &Options,
    budget: &Budget,
) -> Result<Plan, AnalysisError> {
    plan_under(transition, unit, Demands::of(floors), options, budget)
}

/// The same where safe states are those that meet these demands.
pub fn plan_under(
    transition: &Transition,
    unit: &GroupBy,
    demands: Demands,
    options: &Options,
    budget: &Budget,
) -> Result<Plan, AnalysisError> {
    let mut safety = Safety::new(transition, unit, demands, options);
    let units = safety.change.units.len();
    let mut plan = Plan { units: safety.labels(0..units), ..Plan::default() };
    match safety.find_kinds(budget).and_then(|()| fill(&safety, &mut plan, budget)) {
        Err(error) if error.is_stopped() && options.anytime => Ok(plan),
        done => done.map(|()| Plan { is_exact: true, ..plan }),
    }
}

fn fill(safety: &Safety, plan: &mut Plan, budget: &Budget) -> Result<(), AnalysisError> {
    let units = safety.change.units.len();
    // What is told of the way: in how many rounds at least.
    let subject = Figure::Order.into();
    let mut known: Known<()> = Known::new(&subject, budget);
    known.enter("states");
    for end in [false, true].map(|has| Region::state(&vec![has; units])) {
        if let Some(found) = safety.unsafe_in(&end, budget)? {
            // No order leads from or to a network that is not safe itself.
            plan.any_order_is_safe = Some(false);
            plan.unsafe_state = Some(safety.described(&found));
            return Ok(());
        }
    }
    let Some(found) = safety.unsafe_in(&Region::all(units), budget)? else {
        plan.any_order_is_safe = Some(true);
        let all = plan.units.clone();
        plan.rounds = Some(Some(all).filter(|all| !all.is_empty()).into_iter().collect());
        return Ok(());
    };
    plan.any_order_is_safe = Some(false);
    plan.unsafe_state = Some(safety.described(&found));
    let mut forbidden = vec![found.region];
    plan.rounds = fewest_rounds(safety, &mut forbidden, &mut known)?;
    plan.all_at_once = plan.rounds.is_none();
    Ok(())
}

fn fewest_rounds(
    safety: &Safety,
    forbidden: &mut Vec<Region>,
    known: &mut Known<()>,
) -> Result<Option<Vec<Vec<String>>>, AnalysisError> {
    let budget = known.budget();
    let mut passed_safely: Vec<Region> = Vec::new();
    for most in 2..=safety.change.units.len() {
        known.raise(most as u32);
        'rounds: while let Some(rounds) = safety.change.kinds.rounds(most, forbidden, budget)? {
            for round in &rounds {
                if passed_safely.contains(round) {
                    continue;
                }
                if let Some(found) = safety.unsafe_in(round, budget)? {
                    forbidden.push(found.region);
                    continue 'rounds;
                }
                passed_safely.push(round.clone());
            }
            return Ok(Some(rounds.iter().map(|round| safety.labels(round.open())).collect()));
        }
    }
    Ok(None)
}
