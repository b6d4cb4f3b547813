//! What a rejected promise carries: an `Error` with a stable `code`.

use napi::bindgen_prelude::*;

use crate::analysis::AnalysisError;
use crate::budget::Stop;
use crate::network::InputError;

/// A proven lower bound on a size, and the best size known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    lower: u32,
    upper: Option<u32>,
}

/// Why a call gives no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// The input or an option is not what it should be; says where and what was expected.
    InvalidInput(String),
    /// `timeoutMs` ran out; with what was known of the size in question.
    Timeout(Option<Bounds>),
    /// The signal fired.
    Aborted,
    /// A defect of this package.
    Internal(String),
}

/// What comes of a call.
pub(super) type Outcome<R> = std::result::Result<R, Failure>;

impl Failure {
    fn code(&self) -> &'static str {
        match self {
            Failure::InvalidInput(_) => "INVALID_INPUT",
            Failure::Timeout(_) => "TIMEOUT",
            Failure::Aborted => "ABORT_ERR",
            Failure::Internal(_) => "INTERNAL",
        }
    }

    fn message(&self) -> String {
        match self {
            Failure::InvalidInput(message) | Failure::Internal(message) => message.clone(),
            Failure::Timeout(_) => Stop::Timeout.to_string(),
            Failure::Aborted => Stop::Cancelled.to_string(),
        }
    }

    /// The JavaScript error; an abort names the signal's reason as its cause.
    pub fn to_js<'env>(&self, env: &'env Env, cause: Option<Unknown>) -> Result<Object<'env>> {
        let mut error = env.create_error(Error::from_reason(self.message()))?;
        error.set("code", self.code())?;
        if let Failure::Aborted = self {
            error.set("name", "AbortError")?;
            if let Some(cause) = cause {
                error.set("cause", cause)?;
            }
        }
        if let Failure::Timeout(Some(bounds)) = self {
            error.set("lowerBound", bounds.lower)?;
            error.set("upperBound", bounds.upper.map_or(Either::B(Null), Either::A))?;
        }
        Ok(error)
    }

    /// Throws the JavaScript error when what is returned here reaches Node.js.
    pub fn thrown(self, env: &Env) -> Error {
        // Not an `Error` made of the JavaScript error: in WebAssembly that keeps nothing but its message.
        let throw = || env.throw(self.to_js(env, None)?);
        throw().map_or_else(|error| error, |()| Error::new(Status::PendingException, self.message()))
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Failure::InvalidInput(error.to_string())
    }
}

impl From<AnalysisError> for Failure {
    fn from(error: AnalysisError) -> Self {
        match error {
            AnalysisError::Stopped(Stop::Timeout) => Failure::Timeout(None),
            AnalysisError::StoppedBetween { stop: Stop::Timeout, lower, upper } => {
                Failure::Timeout(Some(Bounds { lower, upper }))
            }
            AnalysisError::Stopped(Stop::Cancelled)
            | AnalysisError::StoppedBetween { stop: Stop::Cancelled, .. } => Failure::Aborted,
            AnalysisError::TooManyToList { .. } => Failure::InvalidInput(format!("options.limit: {error}")),
            AnalysisError::TooLargeToProve { .. } => {
                Failure::InvalidInput(format!("options.certificate: {error}"))
            }
            AnalysisError::Internal(message) => Failure::Internal(message),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Internal(error.reason.clone())
    }
}
