//! What a rejected promise carries: an `Error` with a stable `code`.

use napi::bindgen_prelude::*;

use crate::analysis::AnalysisError;
use crate::budget::Stop;
use crate::network::InputError;

/// Why a call gives no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// The input or an option is not what it should be; says where and what was expected.
    InvalidInput(String),
    /// `timeoutMs` ran out.
    Timeout,
    /// The signal fired.
    Aborted,
    /// A defect of this package.
    Internal(String),
}

impl Failure {
    fn code(&self) -> &'static str {
        match self {
            Failure::InvalidInput(_) => "INVALID_INPUT",
            Failure::Timeout => "TIMEOUT",
            Failure::Aborted => "ABORT_ERR",
            Failure::Internal(_) => "INTERNAL",
        }
    }

    fn message(&self) -> String {
        match self {
            Failure::InvalidInput(message) | Failure::Internal(message) => message.clone(),
            Failure::Timeout => Stop::Timeout.to_string(),
            Failure::Aborted => Stop::Cancelled.to_string(),
        }
    }

    /// The JavaScript error; an abort names the signal's reason as its cause.
    pub fn into_js(self, env: &Env, cause: Option<Unknown>) -> Error {
        let build = || -> Result<Error> {
            let mut error = env.create_error(Error::from_reason(self.message()))?;
            error.set("code", self.code())?;
            if let Failure::Aborted = self {
                error.set("name", "AbortError")?;
                if let Some(cause) = cause {
                    error.set("cause", cause)?;
                }
            }
            Ok(Error::from(error.to_unknown()))
        };
        build().unwrap_or_else(|error| error)
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
            AnalysisError::Stopped(Stop::Timeout) => Failure::Timeout,
            AnalysisError::Stopped(Stop::Cancelled) => Failure::Aborted,
            AnalysisError::Internal(message) => Failure::Internal(message),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Internal(error.reason.clone())
    }
}
