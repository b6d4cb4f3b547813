//! Calls about a network: an analysis with a certificate if one is asked for, and the check of a certificate.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Instant;

use napi::bindgen_prelude::{Env, Unknown};

use super::errors::Failure;
use super::input;
use super::options::{CallOptions, Grouping};
use super::results::VerificationResult;
use super::task::{Answer, Call, Outcome, Returned};
use crate::analysis::{AnalysisError, Options, Timed};
use crate::budget::Budget;
use crate::network::Network;
use crate::verify::Certificate;

/// An analysis of the crate.
pub(super) type Analysis<T> = fn(&Network, &Options, &Budget) -> Result<T, AnalysisError>;

/// What makes certificates of its answers, if anything does.
pub(super) type Certify<T> =
    Option<fn(&T, &Network, &Options, &Budget) -> Result<Certificate, AnalysisError>>;

/// What a call asks.
pub(super) struct Question<T, R> {
    analysis: Analysis<T>,
    /// Absent: no certificate is asked for.
    certify: Certify<T>,
    result: PhantomData<fn() -> R>,
}

impl<T, R: From<Timed<T>> + Returned + Send> Question<T, R> {
    /// The question of a call with these options.
    pub fn new(analysis: Analysis<T>, certify: Certify<T>, options: &CallOptions) -> Outcome<Self> {
        if options.asks_for_certificate && certify.is_none() {
            let problem =
                "options.certificate: there is nothing to prove, this answer is computed from the definition";
            return Err(Failure::InvalidInput(problem.into()));
        }
        let certify = certify.filter(|_| options.asks_for_certificate);
        Ok(Question { analysis, certify, result: PhantomData })
    }

    /// Answers it.
    pub fn answer(&self, network: &Network, options: &Options, budget: &Budget) -> Outcome<Answer> {
        let start = Instant::now();
        let value = (self.analysis)(network, options, budget)?;
        let time = start.elapsed();
        let certificate =
            self.certify.map(|certify| certify(&value, network, options, budget)).transpose()?;
        Ok(Answer::of(R::from(Timed { value, time }), certificate))
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
    let options = CallOptions::read(env, options, Grouping::ByOption)?.of_verification()?;
    let certificate = input::certificate(env, certificate)?;
    Ok(Call::new(options, move |_: &_, budget: &Budget| {
        let network = network()?;
        Ok(Answer::of(VerificationResult::of(&network, &certificate, budget)?, None))
    }))
}
