//! Calls about a network: an analysis with a certificate if one is asked for, and the check of a certificate.

use std::sync::Arc;
use std::time::Instant;

use napi::bindgen_prelude::{Env, Unknown};

use super::accepted::VERIFICATION;
use super::errors::Outcome;
use super::input;
use super::nodes;
use super::options::{CallOptions, OwnOptions};
use super::results::{findings, NodesResult, Provable, Told, VerificationResult};
use super::spelling::Fields;
use super::task::{Answer, Call, Returned};
use super::values::JsonText;
use crate::analysis::{self, Options, Timed};
use crate::budget::Budget;
use crate::certify::{certify, Certified};
use crate::network::Network;

/// An analysis of the crate, with the options that single calls have of their own.
pub(super) type Analysis<T> = fn(&Network, &OwnOptions, &Options, &Budget) -> Outcome<T>;

/// What becomes of the value that an analysis came to: [`computed`], [`proven`], [`summary`] or [`unproven`].
pub(super) type Answering<T, R> = fn(Timed<T>, bool, &Network, &Options, &Budget) -> Outcome<R>;

/// What a call asks.
pub(super) struct Question<T, R> {
    pub analysis: Analysis<T>,
    pub answer: Answering<T, R>,
    pub asks_for_certificate: bool,
    pub own: OwnOptions,
}

impl<T, R: Returned + Send> Question<T, R> {
    /// What a call with these options asks.
    pub fn of(options: &mut CallOptions, analysis: Analysis<T>, answer: Answering<T, R>) -> Self {
        let own = std::mem::take(&mut options.own);
        Question { analysis, answer, asks_for_certificate: options.asks_for_certificate, own }
    }

    /// Answers it.
    pub fn answer(&self, network: &Network, options: &Options, budget: &Budget) -> Outcome<Answer> {
        let start = Instant::now();
        nodes::check(network, options)?;
        let value = (self.analysis)(network, &self.own, options, budget)?;
        let timed = Timed { value, time: start.elapsed() };
        Ok(Answer::of((self.answer)(timed, self.asks_for_certificate, network, options, budget)?))
    }
}

/// A result that never has a certificate.
pub(super) fn computed<T: analysis::Answer, R: From<Timed<T>> + Told>(
    timed: Timed<T>,
    _: bool,
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Outcome<R> {
    let beside = analysis::findings_on(&timed.value, network, options, budget)?;
    let mut result = R::from(timed);
    result.tell(findings(&beside, Fields::Own));
    Ok(result)
}

/// The result for every node, of each of which it is told what hangs on unknown nodes.
pub(super) fn of_every_node(
    timed: Timed<Vec<analysis::OneNode>>,
    asks_for_certificate: bool,
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Outcome<NodesResult> {
    let beside = analysis::findings_on_every(&timed.value, network, options, budget)?;
    let mut result: NodesResult = computed(timed, asks_for_certificate, network, options, budget)?;
    for (node, beside) in result.nodes.iter_mut().zip(beside) {
        node.findings = findings(&beside, Fields::Own);
    }
    Ok(result)
}

/// A result, with a certificate if one is asked for.
pub(super) fn proven<T: analysis::Answer + Certified, R: From<Timed<T>> + Told + Provable>(
    timed: Timed<T>,
    asks_for_certificate: bool,
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Outcome<R> {
    let certificate = certificate(&timed.value, asks_for_certificate, network, options, budget)?;
    let mut result: R = computed(timed, asks_for_certificate, network, options, budget)?;
    *result.certificate() = certificate;
    Ok(result)
}

/// A result of many questions, which has its findings already.
pub(super) fn summary<T: Certified, R: From<Timed<T>> + Provable>(
    timed: Timed<T>,
    asks_for_certificate: bool,
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Outcome<R> {
    let certificate = certificate(&timed.value, asks_for_certificate, network, options, budget)?;
    let mut result = R::from(timed);
    *result.certificate() = certificate;
    Ok(result)
}

/// A result that never has a certificate, and has its findings already.
pub(super) fn unproven<T, R: From<Timed<T>>>(
    timed: Timed<T>,
    _: bool,
    _: &Network,
    _: &Options,
    _: &Budget,
) -> Outcome<R> {
    Ok(R::from(timed))
}

fn certificate(
    answer: &impl Certified,
    is_asked_for: bool,
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Outcome<Option<JsonText>> {
    match is_asked_for {
        true => Ok(Some(JsonText::of(&certify(answer, network, options, budget)?)?)),
        false => Ok(None),
    }
}

impl Returned for VerificationResult {}

/// The check of a certificate about a network as a call.
pub(super) fn verification<'env>(
    env: &'env Env,
    certificate: Unknown,
    options: Option<Unknown<'env>>,
    network: impl FnOnce() -> Outcome<Arc<Network>> + Send + 'static,
) -> Outcome<Call<'env>> {
    let options = CallOptions::read(env, options, &VERIFICATION)?;
    let certificate = input::certificate(env, certificate)?;
    Ok(Call::new(options, move |_: &_, budget: &Budget| {
        let network = network()?;
        Ok(Answer::of(VerificationResult::of(&network, &certificate, budget)?))
    }))
}
