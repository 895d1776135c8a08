//! Logouts that the backend has not confirmed yet.

use super::outbox::Outbox;
use crate::core::effect::{AttemptId, CallId};
use crate::core::entropy::Entropy;
use crate::core::event::{Event, Warning};
use crate::core::session::Session;
use crate::core::time::Now;
use crate::core::timer::{Timer, Timers};
use crate::core::token_response::TokenResponse;
use crate::core::version::Version;

const BACK_OFF_MS: u64 = 1_000;
/// An endpoint that never confirms must not be asked for ever; and a person who signs in where this
/// tab cannot hear of it must not be signed out by it. After so many, only the network's return
/// counts.
const MAX_FAILURES: u32 = 5;

/// At most one in each stage; a newer one that has not left yet does for one that has to go again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PendingLogouts {
    /// It waits for the lock.
    unsent: Option<PendingLogout>,
    under_way: Option<(AttemptId, PendingLogout)>,
    /// It has failed, and is kept for another try.
    kept: Option<PendingLogout>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct PendingLogout {
    calls: Vec<CallId>,
    /// The session to end, if its token is to go along.
    session: Option<Session>,
    /// How often it has been tried in vain.
    failures: u32,
    /// Whether the app has been told that it is not confirmed.
    is_warned_of: bool,
    /// Somebody has signed in since it left: sent again, it would end the wrong session.
    is_last_try: bool,
    /// It has been sent ahead of its turn, because the page was being left.
    is_hurried: bool,
}

impl PendingLogouts {
    /// The app has logged out, of that session if there was one in this tab.
    pub(crate) fn add(&mut self, call: CallId, session: Option<Session>, with_token: bool) {
        let pending_logout = match &mut self.under_way {
            Some((_, under_way)) if session.is_none() && !under_way.is_last_try => under_way,
            _ => {
                let unsent = self.unsent.take().or(self.kept.take());
                self.unsent.insert(unsent.unwrap_or_default())
            }
        };
        pending_logout.failures = 0;
        pending_logout.is_warned_of = false;
        pending_logout.is_hurried = false;
        pending_logout.calls.push(call);
        if with_token && session.is_some() {
            pending_logout.session = session;
        }
    }

    /// Whether there is one to send.
    pub(crate) fn has_unsent(&self) -> bool {
        self.unsent.is_some()
    }

    /// Sends the one that waits for the lock. Returns `false` if that takes a valid token first: the
    /// one that should go along is stale.
    pub(crate) fn send(
        &mut self,
        timeout: u64,
        now: Now,
        out: &mut Outbox,
        timers: &mut Timers,
    ) -> bool {
        let Some(mut pending_logout) = self.unsent.take() else {
            return false;
        };
        let is_stale = |session: &mut Session| !session.is_valid(now);
        if pending_logout.session.take_if(is_stale).is_some() {
            self.unsent = Some(pending_logout);
            return false;
        }
        let id = out.logout(pending_logout.session.as_ref().map(Session::token));
        self.under_way = Some((id, pending_logout));
        timers.set(Timer::Attempt, timeout, now);
        true
    }

    /// A token for the one that waits, and for nothing else: nobody is signed in by it.
    pub(crate) fn give_token(&mut self, response: TokenResponse, version: Version, now: Now) {
        if let Some(pending_logout) = &mut self.unsent {
            pending_logout.session = Some(Session::granted(response, version, now));
        }
    }

    pub(crate) fn is_under_way(&self, id: AttemptId) -> bool {
        matches!(&self.under_way, Some((current, _)) if *current == id)
    }

    /// The backend has confirmed the one under way, or not.
    pub(crate) fn answered(
        &mut self,
        confirmed: bool,
        entropy: &mut Entropy,
        now: Now,
        out: &mut Outbox,
        timers: &mut Timers,
    ) {
        timers.stop(Timer::Attempt);
        let Some((_, mut pending_logout)) = self.under_way.take() else {
            return;
        };
        out.settle_all(std::mem::take(&mut pending_logout.calls), &Ok(()));
        if confirmed {
            return;
        }
        pending_logout.warn(out);
        if pending_logout.is_last_try {
            return;
        }
        pending_logout.failures += 1;
        if pending_logout.failures < MAX_FAILURES {
            let longest = BACK_OFF_MS << pending_logout.failures;
            let wait = entropy.between(longest / 2, longest);
            timers.set(Timer::LogoutAgain, wait, now);
        }
        self.kept = Some(pending_logout);
    }

    /// The one that was kept is to be sent again. Returns whether there is any.
    pub(crate) fn retry(&mut self, timers: &mut Timers) -> bool {
        let Some(kept) = self.kept.take() else {
            return false;
        };
        timers.stop(Timer::LogoutAgain);
        self.unsent.get_or_insert(kept);
        true
    }

    /// Another try may succeed now, and so may all of those that follow. Returns whether there is
    /// anything to try.
    pub(crate) fn network_is_back(&mut self, timers: &mut Timers) -> bool {
        if let Some(kept) = &mut self.kept {
            kept.failures = 0;
        }
        self.retry(timers)
    }

    /// The page is being left, and may not be there any more when the lock is free: what waits for it
    /// is sent at once. It keeps its turn: should the page stay, a refresh under way may bring a
    /// cookie that is still good.
    pub(crate) fn hurry(&mut self, now: Now, out: &mut Outbox) {
        if let Some(pending_logout) = &mut self.unsent
            && !std::mem::replace(&mut pending_logout.is_hurried, true)
        {
            let session = pending_logout.session.as_ref();
            let valid = session.filter(|session| session.is_valid(now));
            out.logout(valid.map(Session::token));
        }
    }

    /// Somebody has signed in since: a logout request that leaves now would end the wrong session.
    pub(crate) fn forget_unsent(&mut self, out: &mut Outbox, timers: &mut Timers) {
        timers.stop(Timer::LogoutAgain);
        if let Some((_, under_way)) = &mut self.under_way {
            under_way.is_last_try = true;
        }
        let unsent = [self.unsent.take(), self.kept.take()];
        for mut pending_logout in unsent.into_iter().flatten() {
            out.settle_all(std::mem::take(&mut pending_logout.calls), &Ok(()));
            pending_logout.warn(out);
        }
    }

    /// The page goes away from what it was at. Nothing is taken up again when it comes back: by then
    /// it might end another session.
    pub(crate) fn abandon(&mut self, out: &mut Outbox, timers: &mut Timers) {
        if let Some((_, under_way)) = self.under_way.take() {
            self.kept = Some(under_way);
        }
        self.forget_unsent(out, timers);
    }

    /// Whether a session by the cookie alone would be one that has been logged out here.
    pub(crate) fn is_any(&self, timers: &Timers) -> bool {
        self.under_way.is_some() || self.unsent.is_some() || timers.is_set(Timer::LogoutAgain)
    }

    pub(crate) fn anyone_waits(&self) -> bool {
        let under_way = self.under_way.as_ref().map(|(_, under_way)| under_way);
        let mut all = self.unsent.iter().chain(under_way);
        all.any(|pending_logout| !pending_logout.calls.is_empty())
    }

    /// Takes the calls that have waited for long enough; the app is told why.
    pub(crate) fn take_calls(&mut self) -> Vec<CallId> {
        let under_way = self.under_way.as_mut().map(|(_, under_way)| under_way);
        let mut calls = Vec::new();
        for pending_logout in self.unsent.iter_mut().chain(under_way) {
            if !pending_logout.calls.is_empty() {
                pending_logout.is_warned_of = true;
            }
            calls.append(&mut pending_logout.calls);
        }
        calls
    }
}

impl PendingLogout {
    fn warn(&mut self, out: &mut Outbox) {
        if !std::mem::replace(&mut self.is_warned_of, true) {
            out.emit(Event::Warning(Warning::LogoutUnconfirmed));
        }
    }
}

#[cfg(test)]
mod tests;
