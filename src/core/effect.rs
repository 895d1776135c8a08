//! Effects: the things that the machine wants done. Its driver performs them in order.

use super::error::Error;
use super::event::Event;
use super::message::{Ask, HandOver, Message, News};
use super::presence::Presence;
use super::token::AccessToken;
use super::version::TabId;

/// A request of the app, numbered by the machine's driver; numbers only grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u32);

/// A call of the app that waits for an outcome, numbered likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u32);

/// One refresh or logout request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptId(pub u32);

/// One wait for the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u32);

/// Which of the group's locks: the first, or the one to wait for when the holder of the one before
/// is silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(pub u32);

impl Rank {
    /// The lock that is enough as long as nobody is silent.
    pub const FIRST: Rank = Rank(1);

    /// The one to wait for when the holder of this one is silent.
    pub fn next(self) -> Rank {
        Rank(self.0.saturating_add(1))
    }
}

/// A holder of one of the group's locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Holder {
    /// Which lock.
    pub rank: Rank,
    /// The page that has it: a number to compare.
    pub client: u64,
}

/// Something to be done in the world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Wait for the group's lock of that rank; answer with `handle_lock_granted`.
    RequestLock(Ticket, Rank),
    /// Stop waiting for the lock, or let it go.
    ReleaseLock(Ticket),
    /// List the tabs that are alive and the holders of the group's locks; answer with
    /// `handle_peers`.
    QueryPeers,
    /// Let the other tabs see this; answer with `handle_announced` once they can.
    Announce(Presence),
    /// Tell all other tabs.
    Post(Message),
    /// Ask a tab for its token, with a key to seal it to.
    Ask(TabId),
    /// Seal the token to the one that asked, and send it.
    HandOver {
        /// The question, and the tab that asked it.
        ask: Ask,
        /// A description of the token.
        news: News,
        /// The token.
        token: AccessToken,
    },
    /// Unseal the token that came; answer with `handle_unsealed`, if it can be.
    Unseal(HandOver),
    /// Send the refresh request; answer with `handle_refresh_answer`.
    Refresh(AttemptId),
    /// The same while an earlier request may still be under way, as one that ends with its page, and by
    /// `CallOff`. Browsers go on with one that outlives its page even if it is called off.
    RefreshAgain(AttemptId),
    /// Call that request off, wherever it is: the last one sent. Its answer does not matter any more.
    CallOff(AttemptId),
    /// Send the login of this call; answer with `handle_refresh_answer`, where the session is never over.
    Login(AttemptId, CallId),
    /// Send the logout request; answer with `handle_logout_answer`.
    Logout(AttemptId, Option<AccessToken>),
    /// Send the app's request, with the token if there is one.
    Send(RequestId, Option<AccessToken>),
    /// Give the app the response that its request got.
    Deliver(RequestId),
    /// The app's request cannot be sent, or not be sent again.
    Reject(RequestId, Error),
    /// A call has its outcome.
    Settle(CallId, Result<(), Error>),
    /// The first silent refresh has been answered.
    Ready,
    /// Tell the app.
    Emit(Event),
    /// Take back what was announced, but go on listening: the page may be about to be left, and not every
    /// browser keeps one that holds a lock for "Back".
    StepAside,
    /// Go out of the other tabs' sight: the page may be kept, frozen, for later.
    Withdraw,
    /// Come back into their sight.
    Return,
}
