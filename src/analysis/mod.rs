//! The questions, one file each, and what their answers look like.
//!
//! | file | question |
//! |---|---|
//! | [`quorum_intersection`] | do every two quorums share a node? |
//! | [`quorums`] | which quorum is smallest? |
//! | [`top_tier`] | who is in some minimal quorum? |
//! | [`core`] | on whom does everybody depend? |
//! | [`symmetric_top_tier`] | does one quorum set, shared by all it names, rule the network? |
//! | [`blocking_sets`] | how few can halt the network? |
//! | [`splitting_sets`] | how few can make it split? |
//! | [`history_critical`] | how few archives keep its history? |
//! | [`one_node`], [`every_node`] | who can halt this node, or split it off, and on whom does it depend? |
//! | [`intact_nodes`] | who is safe and live whatever some nodes do? |
//! | [`critical_groups`] | which groups are one misconfiguration away from a split? |
//! | [`plan`] | is a change safe, and in which order can it be rolled out? |
//! | [`rollout`] | the same, with what the network is like on the way |
//! | [`suggest`] | how few have to change what they ask for, so that a network is safe? |
//! | [`suggested`] | the same, with the way there |
//! | [`full_analysis`], [`perform_analysis`] | all of it |
//!
//! A file imports only from floors below its own; `options`, `error`, `size` and `scenario` (a network under options) are below all:
//!
//! | floor | what it is about |
//! |---|---|
//! | `cost` | what nodes cost, and what the least way to satisfy or break a quorum set costs |
//! | `encode` | the network as formulas and diagrams; what a split is |
//! | `technique` | ways to find a smallest set or to prove that none is smaller |
//! | `list` | all minimal sets, counted and listed |
//! | the questions | one file each, directly in this folder |
//! | `summary` | many questions at once |
//!
//! Every answer with a witness is checked against the definition on the network as written before it is returned.

mod blocking;
mod core;
mod cost;
mod critical;
mod encode;
mod error;
mod history;
mod intact;
mod intersection;
mod list;
mod minimal_sets;
mod one_node;
mod options;
mod own_quorum_set;
mod plan;
mod quorums;
mod safety;
mod scenario;
mod size;
mod split_off;
mod splitting;
mod suggest;
mod summary;
mod symmetric;
mod technique;
mod top_tier;

pub use self::core::core;
pub use blocking::{blocking_sets, BlockingSets};
pub use critical::{critical_groups, Candidates, CriticalGroup, CriticalGroups};
pub use error::AnalysisError;
pub use history::{history_critical, HistoryCritical};
pub use intact::{intact_nodes, IntactNodes};
pub use intersection::{quorum_intersection, Intersection};
pub use list::all::MinimalSets;
pub use list::kind::SetsOf;
pub use list::smallest::{MinimalSet, SetCounts, SetList};
pub use minimal_sets::minimal_sets;
pub use one_node::{every_node, one_node, OneNode, SplittingOff};
pub use options::{Options, Scope, Techniques};
pub use own_quorum_set::OwnQuorumSet;
pub use plan::{plan, Plan};
pub use quorums::{quorums, Quorums};
pub use safety::{Danger, Floors, UnsafeState};
pub(crate) use scenario::out_of_reach;
pub use size::Size;
pub use splitting::{splitting_sets, SplittingSets};
pub use suggest::{can_adopt, change_of, suggest, way_there, Suggestion};
pub use summary::beside::{findings_on, findings_on_every, Answer};
pub(crate) use summary::figures::WitnessOfSize;
pub use summary::figures::{perform_analysis, AnalysisResult, InexactFigure, MergedResult};
pub use summary::report::{engine, full_analysis, FullAnalysis, Timed};
pub use summary::rollout::{rollout, Rollout};
pub use summary::stages::Stage;
pub use summary::suggested::{suggested, Suggested};
pub(crate) use summary::verdicts::SmallestSet;
pub use symmetric::{most_shared_quorum_set, symmetric_top_tier, NamedQuorumSet};
pub use top_tier::{top_tier, TopTier};
