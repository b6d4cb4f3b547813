//! Calls about a network: an analysis with a certificate if one is asked for, and the check of a certificate.

use std::sync::Arc;
use std::time::Instant;

use napi::bindgen_prelude::{Env, Unknown};

use super::accepted::VERIFICATION;
use super::errors::Outcome;
use super::input;
use super::options::CallOptions;
use super::results::{Provable, VerificationResult};
use super::task::{Answer, Call, Returned};
use super::values::JsonText;
use crate::analysis::{AnalysisError, Options, Timed};
use crate::budget::Budget;
use crate::certify::{certify, Certified};
use crate::network::Network;

/// An analysis of the crate.
pub(super) type Analysis<T> = fn(&Network, &Options, &Budget) -> Result<T, AnalysisError>;

/// What becomes of the value that an analysis came to: [`computed`] or [`proven`].
pub(super) type Answering<T, R> = fn(Timed<T>, bool, &Network, &Options, &Budget) -> Outcome<R>;

/// What a call asks.
pub(super) struct Question<T, R> {
    pub analysis: Analysis<T>,
    pub answer: Answering<T, R>,
    pub asks_for_certificate: bool,
}

impl<T, R: Returned + Send> Question<T, R> {
    /// Answers it.
    pub fn answer(&self, network: &Network, options: &Options, budget: &Budget) -> Outcome<Answer> {
        let start = Instant::now();
        let value = (self.analysis)(network, options, budget)?;
        let timed = Timed { value, time: start.elapsed() };
        Ok(Answer::of((self.answer)(timed, self.asks_for_certificate, network, options, budget)?))
    }
}

/// A result that never has a certificate.
pub(super) fn computed<T, R: From<Timed<T>>>(
    timed: Timed<T>,
    _: bool,
    _: &Network,
    _: &Options,
    _: &Budget,
) -> Outcome<R> {
    Ok(R::from(timed))
}

/// A result, with a certificate if one is asked for.
pub(super) fn proven<T: Certified, R: From<Timed<T>> + Provable>(
    timed: Timed<T>,
    asks_for_certificate: bool,
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Outcome<R> {
    let mut certificate = None;
    if asks_for_certificate {
        certificate = Some(JsonText::of(&certify(&timed.value, network, options, budget)?)?);
    }
    let mut result = R::from(timed);
    *result.certificate() = certificate;
    Ok(result)
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
