//! Errors, by the codes that apps see.

use std::borrow::Cow;
use std::fmt;

/// Every error of the public interface. None of them ever contains a token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Error {
    /// An option is unknown, ill-typed or out of range.
    InvalidOption(InvalidOption),
    /// There is no session (any more): only signing in helps.
    SessionEnded,
    /// The token could not be renewed for a reason that may pass.
    RefreshFailed(Failure),
    /// The answer to a login signs nobody in.
    SignInFailed(Failure),
    /// The manager has been disposed of.
    Disposed,
}

/// Which option, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InvalidOption {
    /// The option's dotted name, such as `refresh.csrf.header`.
    pub option: Cow<'static, str>,
    /// A description of a good value.
    pub problem: &'static str,
}

/// Why a refresh failed without ending the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// No answer: the request was refused, blocked or cut off.
    Network,
    /// No answer within `refresh.timeout`.
    Timeout,
    /// An answer with a status that is neither success nor among `refresh.ended`.
    Status(u16),
    /// A successful answer without a token where the options say it is.
    Malformed(u16),
}

impl Failure {
    /// The answer's status, where there was one.
    pub fn status(self) -> Option<u16> {
        match self {
            Failure::Network | Failure::Timeout => None,
            Failure::Status(status) | Failure::Malformed(status) => Some(status),
        }
    }
}

impl Error {
    /// The stable code by which programs tell errors apart.
    pub fn code(&self) -> &'static str {
        match self {
            Error::InvalidOption(_) => "invalid-option",
            Error::SessionEnded => "session-ended",
            Error::RefreshFailed(_) => "refresh-failed",
            Error::SignInFailed(_) => "sign-in-failed",
            Error::Disposed => "disposed",
        }
    }

    /// The problem, in a sentence.
    pub fn message(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Error::InvalidOption(InvalidOption { option, problem }) => {
                // The face checks the options of the npm package, which this text would add to.
                if cfg!(feature = "npm") {
                    return Cow::Borrowed(problem);
                }
                return Cow::Owned(["option `", option, "` ", problem].concat());
            }
            Error::SessionEnded => "there is no session: sign in",
            Error::RefreshFailed(Failure::Network) => "the refresh got no answer",
            Error::RefreshFailed(Failure::Timeout) => "the refresh got no answer in time",
            Error::RefreshFailed(Failure::Malformed(_)) => {
                "the answer holds no token at `refresh.response.token`"
            }
            Error::SignInFailed(Failure::Malformed(_)) => {
                "the answer holds no token at `signIn.response.token`"
            }
            Error::SignInFailed(Failure::Network) => "the login got no answer",
            Error::SignInFailed(Failure::Timeout) => "the login got no answer in time",
            Error::RefreshFailed(_) | Error::SignInFailed(_) => "the answer has an error status",
            Error::Disposed => "the manager is disposed of",
        })
    }

    pub(crate) fn invalid(option: impl Into<Cow<'static, str>>, problem: &'static str) -> Error {
        Error::InvalidOption(InvalidOption {
            option: option.into(),
            problem,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_messages_are_those_that_apps_see() {
        let failed = |failure| Error::RefreshFailed(failure);
        let all = [
            (Error::SessionEnded, "session-ended", "sign in"),
            (failed(Failure::Network), "refresh-failed", "no answer"),
            (failed(Failure::Timeout), "refresh-failed", "in time"),
            (failed(Failure::Status(503)), "refresh-failed", "status"),
            (failed(Failure::Malformed(200)), "refresh-failed", "token"),
            (Error::Disposed, "disposed", "disposed"),
        ];
        for (error, code, words) in all {
            assert_eq!(error.code(), code);
            assert!(error.message().contains(words), "{error:?}");
            assert_eq!(error.to_string(), error.message());
        }
    }

    #[test]
    fn an_invalid_option_is_named() {
        let error = Error::invalid("refresh.timeout", "must be a number");
        assert_eq!(error.code(), "invalid-option");
        let message = "option `refresh.timeout` must be a number";
        assert_eq!(error.message(), message);
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn a_failure_has_a_status_if_there_was_an_answer() {
        assert_eq!(Failure::Network.status(), None);
        assert_eq!(Failure::Timeout.status(), None);
        assert_eq!(Failure::Status(503).status(), Some(503));
        assert_eq!(Failure::Malformed(200).status(), Some(200));
    }
}
