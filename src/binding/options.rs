//! The options of a call, read one by one with errors that name them.

use std::time::Duration;

use napi::bindgen_prelude::*;
use napi::{JsValue, ValueType};

use super::accepted::Accepted;
use super::caller;
use super::errors::Failure;
use super::input::{self, is_absent};
use super::results::Progress;
use crate::analysis::{Candidates, Floors, Options, Scope};
use crate::budget::Budget;
use crate::network::{GroupBy, InputError, UnknownNodes};

/// What the options of a call say.
pub(super) struct CallOptions<'env> {
    /// How the network is read and what is counted.
    pub analysis: Options,
    /// Time and threads.
    pub budget: Budget,
    /// What the call asks about in particular.
    pub own: OwnOptions,
    /// Whether the result should come with a certificate.
    pub asks_for_certificate: bool,
    /// Stops the call.
    pub signal: Option<Object<'env>>,
    /// Is told how far it is.
    pub on_progress: Option<Function<'env, Progress, ()>>,
}

/// The options that single calls have of their own.
#[derive(Default)]
pub(super) struct OwnOptions {
    /// The node that the call is about, by its key.
    pub node: Option<String>,
    /// The nodes that are ill-behaved, by their keys.
    pub ill_behaved: Option<Vec<String>>,
    /// Which groups may be critical.
    pub candidates: Candidates,
    /// What changes at once.
    pub unit: GroupBy,
    /// What no state may fall below.
    pub floors: Floors,
    /// What is to be adopted; absent: what most of the core ask for.
    pub quorum_set: Option<Wanted>,
}

/// Which quorum set is to be adopted.
pub(super) enum Wanted {
    /// The one that this JSON text is of.
    Text(Vec<u8>),
    /// What the node with this key asks for.
    Of(String),
}

/// The largest `limit`: Number.MAX_SAFE_INTEGER.
const MAX_LIMIT: f64 = 9_007_199_254_740_991.0;

type Read<T> = std::result::Result<T, Failure>;

impl<'env> CallOptions<'env> {
    /// Those of a call that takes none.
    pub fn none() -> Self {
        CallOptions {
            analysis: Options::default(),
            budget: Budget::unlimited(),
            own: OwnOptions::default(),
            asks_for_certificate: false,
            signal: None,
            on_progress: None,
        }
    }

    /// Reads the options; null and undefined mean absent throughout. An option that is not known is refused, as it may
    /// be a known one with a typing error.
    pub fn read(env: &'env Env, options: Option<Unknown<'env>>, accepted: &Accepted) -> Read<Self> {
        let mut result = Self::none();
        let Some(options) = options else { return Ok(result) };
        if is_absent(&options)? {
            return Ok(result);
        }
        if options.get_type()? != ValueType::Object || options.is_array()? {
            return Err(invalid("options", "expected an object"));
        }
        let options = match caller::options_of(env, options)? {
            Ok(options) => Object::from_unknown(options)?,
            // A problem of one option names it.
            Err(problem) if problem.starts_with("options.") => return Err(Failure::InvalidInput(problem)),
            Err(problem) => return Err(invalid("options", &format!("cannot be read: {problem}"))),
        };
        for name in Object::keys(&options)? {
            let Some(value) = options.get::<Unknown>(&name)? else { continue };
            if is_absent(&value)? {
                continue;
            }
            let path = format!("options.{name}");
            // What is switched off asks for nothing.
            let is_off = value.get_type()? == ValueType::Boolean && !truth(value, &path)?;
            if let Some(problem) = accepted.problem(&name).filter(|_| !is_off) {
                return Err(invalid(&path, &problem));
            }
            match name.as_str() {
                "groupBy" => {
                    result.analysis.group_by = GroupBy::named(&text(value, &path)?);
                }
                "faultyNodes" => result.analysis.faulty_nodes = texts(value, &path)?,
                "unknownNodes" => {
                    result.analysis.unknown_nodes = match text(value, &path)?.as_str() {
                        "dead" => UnknownNodes::Dead,
                        "free" => UnknownNodes::Free,
                        _ => return Err(invalid(&path, "expected 'dead' or 'free'")),
                    }
                }
                "scope" => {
                    result.analysis.scope = match text(value, &path)?.as_str() {
                        "core" => Scope::Core,
                        "all" => Scope::All,
                        _ => return Err(invalid(&path, "expected 'core' or 'all'")),
                    }
                }
                "reachableFrom" => result.analysis.reachable_from = Some(text(value, &path)?),
                "node" => result.own.node = Some(text(value, &path)?),
                "illBehaved" => result.own.ill_behaved = Some(texts(value, &path)?),
                "candidates" => {
                    result.own.candidates = match text(value, &path)?.as_str() {
                        "stellar-core" => Candidates::StellarCore,
                        _ => return Err(invalid(&path, "expected 'stellar-core'")),
                    }
                }
                "unit" => {
                    result.own.unit = match text(value, &path)?.as_str() {
                        "node" => GroupBy::Node,
                        name => GroupBy::named(name),
                    }
                }
                "quorumSet" => {
                    result.own.quorum_set = Some(match value.get_type()? {
                        ValueType::String => Wanted::Of(text(value, &path)?),
                        _ => Wanted::Text(input::quorum_set(env, value)?),
                    });
                }
                "floors" => result.own.floors = floors(value, &path)?,
                "ignoreOneNodeQuorums" => {
                    result.analysis.ignore_one_node_quorums = Some(truth(value, &path)?);
                }
                "timeoutMs" => {
                    let milliseconds = number(value, &path)?;
                    if milliseconds.is_nan() || milliseconds < 0.0 {
                        return Err(invalid(&path, "expected a number of milliseconds, 0 or more"));
                    }
                    if let Ok(limit) = Duration::try_from_secs_f64(milliseconds / 1000.0) {
                        result.budget = result.budget.with_time_limit(limit);
                    }
                }
                "threads" => {
                    let threads = number(value, &path)?;
                    if threads.fract() != 0.0 || !(1.0..=65_536.0).contains(&threads) {
                        return Err(invalid(&path, "expected a whole number from 1 to 65536"));
                    }
                    result.budget = result.budget.with_threads(threads as usize);
                }
                "signal" => result.signal = Some(signal(value, &path)?),
                "certificate" => result.asks_for_certificate = truth(value, &path)?,
                "anytime" => result.analysis.anytime = truth(value, &path)?,
                "limit" => {
                    let limit = number(value, &path)?;
                    if limit.fract() != 0.0 || !(0.0..=MAX_LIMIT).contains(&limit) {
                        return Err(invalid(&path, "expected a whole number, 0 or more"));
                    }
                    result.analysis.limit = Some(limit as usize);
                }
                "onProgress" => {
                    if value.get_type()? != ValueType::Function {
                        return Err(invalid(&path, "expected a function"));
                    }
                    result.on_progress = Some(Function::from_unknown(value)?);
                }
                _ => return Err(invalid(&path, "there is no such option")),
            }
        }
        Ok(result)
    }
}

impl CallOptions<'_> {
    /// The same for a call that blocks the thread on which a signal would fire and progress would be told.
    pub fn of_blocking_call(self) -> Read<Self> {
        if self.signal.is_some() {
            return Err(invalid("options.signal", "a synchronous call cannot be aborted; use timeoutMs"));
        }
        if self.on_progress.is_some() {
            return Err(invalid("options.onProgress", "a synchronous call cannot tell its progress"));
        }
        Ok(self)
    }
}

/// The grouping that an argument `groupBy` names; absent: nodes.
pub(super) fn grouping(group_by: Option<Unknown>) -> Read<GroupBy> {
    match group_by {
        Some(value) if !is_absent(&value)? => Ok(GroupBy::named(&text(value, "groupBy")?)),
        _ => Ok(GroupBy::Node),
    }
}

fn invalid(path: &str, problem: &str) -> Failure {
    // Cut, as a name may be as long as anything.
    InputError::new(path, problem).into()
}

fn text(value: Unknown, path: &str) -> Read<String> {
    if value.get_type()? != ValueType::String {
        return Err(invalid(path, "expected a string"));
    }
    let text = String::from_unknown(value)?;
    if text.is_empty() {
        return Err(invalid(path, "expected a string that is not empty"));
    }
    Ok(text)
}

fn texts(value: Unknown, path: &str) -> Read<Vec<String>> {
    if !value.is_array()? {
        return Err(invalid(path, "expected an array of public keys"));
    }
    let array = Array::from_unknown(value)?;
    let mut result = Vec::with_capacity(array.len() as usize);
    for index in 0..array.len() {
        let item = array.get::<Unknown>(index)?;
        let is_text = match &item {
            Some(item) => item.get_type()? == ValueType::String,
            None => false,
        };
        match item.filter(|_| is_text) {
            Some(item) => result.push(String::from_unknown(item)?),
            None => return Err(invalid(&format!("{path}[{index}]"), "expected a public key")),
        }
    }
    Ok(result)
}

fn number(value: Unknown, path: &str) -> Read<f64> {
    if value.get_type()? != ValueType::Number {
        return Err(invalid(path, "expected a number"));
    }
    Ok(f64::from_unknown(value)?)
}

fn truth(value: Unknown, path: &str) -> Read<bool> {
    if value.get_type()? != ValueType::Boolean {
        return Err(invalid(path, "expected true or false"));
    }
    Ok(bool::from_unknown(value)?)
}

fn floors(value: Unknown, path: &str) -> Read<Floors> {
    if value.get_type()? != ValueType::Object || value.is_array()? {
        return Err(invalid(path, "expected an object with blocking and splitting"));
    }
    let given = Object::from_unknown(value)?;
    let mut floors = Floors::default();
    for name in Object::keys(&given)? {
        let Some(value) = given.get::<Unknown>(&name)? else { continue };
        if is_absent(&value)? {
            continue;
        }
        let path = format!("{path}.{name}");
        let floor = match name.as_str() {
            "blocking" => &mut floors.blocking,
            "splitting" => &mut floors.splitting,
            _ => return Err(invalid(&path, "there is no such floor, expected blocking or splitting")),
        };
        let least = number(value, &path)?;
        if least.fract() != 0.0 || !(0.0..=f64::from(u32::MAX)).contains(&least) {
            return Err(invalid(&path, "expected a whole number from 0 to 4294967295"));
        }
        *floor = least as u32;
    }
    Ok(floors)
}

/// A signal. What it has to have was looked at when the options were read.
fn signal<'env>(value: Unknown<'env>, path: &str) -> Read<Object<'env>> {
    if value.get_type()? != ValueType::Object {
        return Err(invalid(path, "expected an AbortSignal"));
    }
    Ok(Object::from_unknown(value)?)
}
