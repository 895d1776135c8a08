//! The events that can happen to a machine.

use arbitrary::Arbitrary;
use tokenhold::core::{Challenge, Failure, StepUp};

#[derive(Arbitrary, Debug)]
pub(super) struct Setting {
    pub(super) timeout: u16,
    pub(super) restore: bool,
    /// Whether there is a logout endpoint, and whether it wants the token.
    pub(super) logout: Option<bool>,
    pub(super) alone: bool,
    pub(super) seed: u64,
    pub(super) ends_by_dispose: bool,
}

#[derive(Arbitrary, Clone, Debug)]
pub(super) enum Move {
    // The app.
    Request,
    Rejected {
        which: u8,
        says: Says,
        replayable: bool,
    },
    Over {
        which: u8,
    },
    Refresh,
    SignIn(Option<Lasting>),
    Logout,
    Dispose,
    // Time.
    Wait(Span),
    Sleep(Span),
    SetClock(i32),
    Timeout,
    // The page.
    Visible(bool),
    Wake,
    Online,
    Hide,
    Show,
    // The browser.
    GrantLock,
    Peers(Vec<Peer>, Vec<Held>),
    Announced,
    Unsealed,
    // The backend.
    Answered {
        which: u8,
        with: Answered,
    },
    LogoutAnswered {
        confirmed: bool,
    },
    // The other tabs: one is honest, and what it hands over was sealed by it.
    PeerHasToken(Versioned, Lasting),
    PeerHandsOver,
    Bytes(Vec<u8>),
    News(Rumour),
    SignedOut {
        version: Versioned,
        ended: bool,
    },
    Ask {
        to: Who,
    },
    HandOver {
        to: Who,
        told: Rumour,
        sealed: Vec<u8>,
    },
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum Span {
    Milliseconds(u8),
    Seconds(u8),
    Minutes(u8),
    Days(u8),
}

impl Span {
    pub(super) fn milliseconds(self) -> u64 {
        match self {
            Span::Milliseconds(count) => u64::from(count),
            Span::Seconds(count) => u64::from(count) * 1_000,
            Span::Minutes(count) => u64::from(count) * 60_000,
            Span::Days(count) => u64::from(count) * 86_400_000,
        }
    }
}

/// A lifetime in milliseconds, and whose the token is if it says so.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) struct Lasting {
    pub(super) lifetime: Option<u32>,
    pub(super) subject: Option<bool>,
}

#[derive(Arbitrary, Clone, Debug)]
pub(super) enum Answered {
    Granted(Lasting),
    Ended,
    Network,
    Status(u16, Option<u64>),
    Malformed,
}

impl Answered {
    pub(super) fn failure(&self) -> Failure {
        match self {
            Answered::Status(status, _) => Failure::Status(*status),
            Answered::Malformed => Failure::Malformed(200),
            _ => Failure::Network,
        }
    }
}

#[derive(Arbitrary, Clone, Debug)]
pub(super) enum Says {
    Stale,
    Scope,
    StepUp,
}

impl Says {
    pub(super) fn challenge(&self) -> Challenge {
        match self {
            Says::Stale => Challenge::Refreshable,
            Says::Scope => Challenge::InsufficientScope,
            Says::StepUp => Challenge::StepUp(StepUp::default()),
        }
    }
}

/// A tab.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum Who {
    Us,
    Peer,
    Other(u64),
}

/// A version: any, or one near what the machine has.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum Versioned {
    Any(u64, u32, Who),
    Near {
        epoch: i8,
        generation: i8,
        author: Who,
    },
    EndNear {
        epoch: i8,
        author: Who,
    },
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) struct Peer {
    pub(super) tab: Who,
    pub(super) version: Versioned,
    pub(super) is_logging_out: bool,
    /// How many refreshes failed, how the last one did, and how long not to try again.
    pub(super) backoff: Option<(u32, Option<u16>, Span)>,
    pub(super) may_be_jumped: bool,
    pub(super) is_asked_for: bool,
}

/// A lock of the group's, and who has it.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) rank: u8,
    pub(super) client: u8,
}

/// A claim that a message makes about a token.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) struct Rumour {
    pub(super) from: Who,
    pub(super) version: Versioned,
    pub(super) subject: Option<u64>,
    pub(super) age: u64,
    pub(super) lifetime: Option<u64>,
    pub(super) said_at: Option<u64>,
    pub(super) crowd: u8,
}
