//! The invariants, by the names under which all tests and documents know them.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Invariant {
    OneFlight,
    NoNeedlessRefresh,
    LogoutFinal,
    Liveness,
    RetryOnce,
    Confinement,
    KeepServing,
    OneIdentity,
}

/// An invariant that does not hold, and what has been seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    pub invariant: Invariant,
    pub seen: String,
}

impl Invariant {
    pub fn name(self) -> &'static str {
        match self {
            Invariant::OneFlight => "one-flight",
            Invariant::NoNeedlessRefresh => "no-needless-refresh",
            Invariant::LogoutFinal => "logout-final",
            Invariant::Liveness => "liveness",
            Invariant::RetryOnce => "retry-once",
            Invariant::Confinement => "confinement",
            Invariant::KeepServing => "keep-serving",
            Invariant::OneIdentity => "one-identity",
        }
    }

    pub fn is_broken(self, seen: impl Into<String>) -> Breach {
        Breach {
            invariant: self,
            seen: seen.into(),
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.seen)
    }
}
