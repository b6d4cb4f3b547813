//! `suggestChange`: who has to adopt a quorum set so that a network is safe, and the way there.

use napi::bindgen_prelude::*;
use napi_derive::napi;

use super::change::{or_null, order_of, reason, PlanRound, PlanStage, UnsafeState};
use super::errors::{Failure, Outcome};
use super::nodes;
use super::options::{OwnOptions, Wanted};
use super::results::{findings, Finding, QuorumSet};
use super::spelling::Fields;
use crate::analysis::{self, can_adopt, most_shared_quorum_set, suggested, Options, Suggested, Timed};
use crate::budget::Budget;
use crate::network::{InputError, Network, Transition, WrittenQuorumSet};

/// The fewest nodes or groups that have to adopt a quorum set so that a network is safe, and the way there.
#[napi(object, object_from_js = false)]
pub struct Suggestion {
    /// The quorum set to adopt, with public keys. Null: no node asks for anything.
    #[napi(ts_type = "QuorumSet | null")]
    pub quorum_set: Either<QuorumSet, Null>,
    /// The units that can adopt it: public keys or group labels, sorted. A unit has nodes that ask for something else and are not taken as crashed;
    /// its nodes of unknown quorum set adopt nothing.
    pub candidates: Vec<String>,
    /// What is wrong with the network today: two quorums share no node, there is no quorum, or a smallest set is below its floor. Null: nothing or,
    /// with a `lowerBound` of 0 and `isExact` false, that was not proven in time.
    #[napi(ts_type = "'split' | 'halt' | 'floor' | null")]
    pub danger: Either<String, Null>,
    /// With 'split': two quorums that share no node. Public keys, sorted.
    #[napi(ts_type = "[string[], string[]] | null")]
    pub disjoint_quorums: Either<Vec<Vec<String>>, Null>,
    /// How many units have to adopt it at least; null: whoever adopts it, the network is not safe. With `isExact` false: how many are known to do,
    /// null if none are.
    #[napi(ts_type = "number | null")]
    pub min_size: Either<u32, Null>,
    /// True: `minSize` is proven to be smallest, or that no choice will do, and so is all that is said of the order. False only with `anytime`.
    pub is_exact: bool,
    /// Proven lower bound on `minSize`; 0 where no choice will do.
    pub lower_bound: u32,
    /// Units that will do, as many as `minSize` says: sorted. Null: none will, or none were found (see `isExact`).
    #[napi(ts_type = "string[] | null")]
    pub adopters: Either<Vec<String>, Null>,
    /// As few rounds as possible in which they can adopt it, those of one round in any order, so that the network is in no danger on the way that
    /// it is not in today: without a quorum it is not split meanwhile; split, it does not lose all quorums; and below a floor, neither. Null: none
    /// exist, or none were found (see `isExact`).
    #[napi(ts_type = "PlanRound[] | null")]
    pub order: Either<Vec<PlanRound>, Null>,
    /// True: no order avoids other dangers on the way, so all of them would have to adopt it at once.
    pub all_at_once: bool,
    /// If not any order avoids other dangers: a state on the way that is in one.
    #[napi(ts_type = "UnsafeState | null")]
    pub unsafe_state: Either<UnsafeState, Null>,
    /// The network today.
    pub before: PlanStage,
    /// When the adopters have adopted it.
    #[napi(ts_type = "PlanStage | null")]
    pub after: Either<PlanStage, Null>,
    /// What concerns this call: UNKNOWN_FAULTY_NODE, REPORTED_DOWN and NO_GROUP_DATA, and what hangs on nodes of unknown quorum set:
    /// VERDICT_DEPENDS_ON_UNKNOWN_NODES, or NOT_EXACT where there was no time to find out. What hangs of `before` and `after` has a finding of its own.
    pub findings: Vec<Finding>,
    /// Package, version and semantics that produced it, to store beside it.
    pub engine: String,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
}

/// A quorum set to adopt, and who has to.
pub(super) struct Adoption {
    quorum_set: Option<WrittenQuorumSet<'static>>,
    suggested: Suggested,
}

/// The answer for the quorum set that the options ask for.
pub(super) fn adoption(
    network: &Network,
    own: &OwnOptions,
    options: &Options,
    budget: &Budget,
) -> Outcome<Adoption> {
    let quorum_set = wanted(network, own, options)?;
    let change = match &quorum_set {
        Some(set) => {
            Transition::between(network, &of_option(network.adopting(&can_adopt(network, options), set))?)?
        }
        None => Transition::between(network, network)?,
    };
    let suggested = suggested(&change, &own.unit, own.floors, options, budget)?;
    Ok(Adoption { quorum_set, suggested })
}

fn wanted(
    network: &Network,
    own: &OwnOptions,
    options: &Options,
) -> Outcome<Option<WrittenQuorumSet<'static>>> {
    let set = match &own.quorum_set {
        None => return Ok(most_shared_quorum_set(network, options).as_ref().map(WrittenQuorumSet::from)),
        Some(Wanted::Text(text)) => of_option(network.with_keys(&of_option(WrittenQuorumSet::parse(text))?))?,
        Some(Wanted::Of(key)) => {
            let node = nodes::named(network, key, "options.quorumSet")?;
            let unknown = || InputError::new("options.quorumSet", "the quorum set of this node is not known");
            network.written_quorum_set_of(node).ok_or_else(unknown)?
        }
    };
    let entries = set.validators.len() + set.inner.len();
    if set.threshold > entries as u64 {
        let problem = format!("expected a threshold of at most {entries}, as it lists no more entries");
        return of_option(Err(InputError::new("quorumSet", problem)));
    }
    Ok(Some(set))
}

/// Says of an error in the quorum set that it stands in the options.
fn of_option<T>(outcome: std::result::Result<T, InputError>) -> Outcome<T> {
    outcome.map_err(|error| Failure::InvalidInput(format!("options.{error}")))
}

impl From<Timed<Adoption>> for Suggestion {
    fn from(Timed { value, time }: Timed<Adoption>) -> Self {
        let Adoption { quorum_set, suggested } = value;
        let is_exact = suggested.is_exact();
        let Suggested { suggestion, way } = suggested;
        let (danger, disjoint_quorums) =
            suggestion.today.map(|today| (today.danger, today.disjoint_quorums)).unzip();
        let is_known = suggestion.adopters.is_some();
        Suggestion {
            quorum_set: or_null(quorum_set.map(QuorumSet::from)),
            candidates: suggestion.candidates,
            danger: or_null(danger.map(|danger| reason(danger).to_string())),
            disjoint_quorums: or_null(disjoint_quorums.flatten().map(|(a, b)| vec![a, b])),
            min_size: or_null(suggestion.size.smallest_known()),
            is_exact,
            lower_bound: suggestion.size.lower_bound(),
            adopters: or_null(suggestion.adopters),
            order: or_null(order_of(way.plan.rounds, way.rounds).filter(|_| is_known)),
            all_at_once: way.plan.all_at_once,
            unsafe_state: or_null(UnsafeState::of(way.plan.unsafe_state, way.unsafe_state)),
            before: way.before.into(),
            after: or_null(Some(way.after).filter(|_| is_known).map(PlanStage::from)),
            findings: findings(&way.findings, Fields::Own),
            engine: analysis::engine(),
            execution_time_ms: time.as_secs_f64() * 1000.0,
        }
    }
}
