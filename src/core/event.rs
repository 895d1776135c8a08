//! The events that apps are told of.

use super::challenge::StepUp;

/// Where the session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It is not known yet whether there is a session.
    Restoring,
    /// There is a token, or one can be had.
    SignedIn,
    /// There is no session.
    SignedOut,
}

impl Status {
    /// The name that apps see.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Restoring => "restoring",
            Status::SignedIn => "signed-in",
            Status::SignedOut => "signed-out",
        }
    }
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// This tab logged out.
    Logout,
    /// The backend said so.
    Ended,
    /// Another tab logged out.
    Elsewhere,
}

impl Reason {
    /// The name that apps see.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Logout => "logout",
            Reason::Ended => "ended",
            Reason::Elsewhere => "elsewhere",
        }
    }
}

/// The way a token has come to this tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// A refresh by this tab, which had no token.
    Restore,
    /// A sign-in in this tab.
    SignIn,
    /// A refresh by this tab, which had a token.
    Refresh,
    /// Another tab has handed it over.
    Elsewhere,
}

impl Cause {
    /// The name that apps see.
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Restore => "restore",
            Cause::SignIn => "sign-in",
            Cause::Refresh => "refresh",
            Cause::Elsewhere => "elsewhere",
        }
    }
}

/// The person who is signed in, compared with the one before in this tab. A sign-out in between makes no difference.
/// Opaque tokens name nobody, so with them every other sign-in counts as another person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Person {
    /// Nobody was before.
    First,
    /// The same.
    Same,
    /// Somebody else.
    Other,
    /// The tab has restored an opaque token, and knows of no other sign-in.
    Unknown,
}

impl Person {
    /// The name that apps see.
    pub fn as_str(self) -> &'static str {
        match self {
            Person::First => "first",
            Person::Same => "same",
            Person::Other => "other",
            Person::Unknown => "unknown",
        }
    }
}

/// Something the app's developer should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Warning {
    /// No Web Locks, BroadcastChannel or WebCrypto here: this tab works alone.
    WorksAlone,
    /// The backend has not confirmed the logout: its cookie may still be good.
    LogoutUnconfirmed,
    /// The refresh was answered 403: less often the end of a session than a check that the backend makes
    /// of the request.
    RefreshForbidden,
    /// An API at an origin that may not have the token has answered 401.
    NotAttached,
    /// Tabs of the same name refresh at another URL.
    NameShared,
}

impl Warning {
    /// A stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            Warning::WorksAlone => "works-alone",
            Warning::LogoutUnconfirmed => "logout-unconfirmed",
            Warning::RefreshForbidden => "refresh-forbidden",
            Warning::NotAttached => "not-attached",
            Warning::NameShared => "name-shared",
        }
    }
}

/// An event. It is told after the change that it tells of is complete.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// There is a new snapshot.
    Change,
    /// There is a session now, or another person's.
    SignedIn {
        /// Why.
        cause: Cause,
        /// Whose it is.
        person: Person,
    },
    /// The token has been replaced.
    Refreshed(Cause),
    /// The session is over.
    SignedOut(Reason),
    /// A refresh failed; the session goes on.
    RefreshFailed {
        /// The answer's status, if there was an answer.
        status: Option<u16>,
        /// How many have failed in a row.
        attempt: u32,
        /// When this tab tries again at the earliest, in milliseconds.
        retry_in: u64,
    },
    /// Refreshes had failed, and that is over: there is a new token, or there is no session any more.
    Recovered,
    /// An API wants the person to sign in again, more strongly or more recently.
    StepUp(StepUp),
    /// Something the app's developer should know.
    Warning(Warning),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_apps_see() {
        let statuses = [Status::Restoring, Status::SignedIn, Status::SignedOut];
        let names = ["restoring", "signed-in", "signed-out"];
        assert_eq!(statuses.map(Status::as_str), names);
        let reasons = [Reason::Logout, Reason::Ended, Reason::Elsewhere];
        let names = ["logout", "ended", "elsewhere"];
        assert_eq!(reasons.map(Reason::as_str), names);
        let causes = [
            Cause::Restore,
            Cause::SignIn,
            Cause::Refresh,
            Cause::Elsewhere,
        ];
        let names = ["restore", "sign-in", "refresh", "elsewhere"];
        assert_eq!(causes.map(Cause::as_str), names);
        let people = [Person::First, Person::Same, Person::Other, Person::Unknown];
        let names = ["first", "same", "other", "unknown"];
        assert_eq!(people.map(Person::as_str), names);
        let warnings = [
            Warning::WorksAlone,
            Warning::LogoutUnconfirmed,
            Warning::RefreshForbidden,
            Warning::NotAttached,
            Warning::NameShared,
        ];
        let names = [
            "works-alone",
            "logout-unconfirmed",
            "refresh-forbidden",
            "not-attached",
            "name-shared",
        ];
        assert_eq!(warnings.map(Warning::as_str), names);
    }
}
