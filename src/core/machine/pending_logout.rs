//! Logging out: at once in every tab, and at the backend as soon as it can be reached.

use super::errands::{Lease, Work};
use super::{Machine, State};
use crate::core::effect::{CallId, Effect};
use crate::core::event::{Event, Reason, Warning};
use crate::core::session::Session;
use crate::core::time::Now;
use crate::core::timer::Timer;

const BACK_OFF_MS: u64 = 1_000;
/// An endpoint that never confirms must not be asked for ever; and whoever signs in where this tab
/// cannot hear of it must not be signed out by it. After so many, only the network's return counts.
const MAX_FAILURES: u32 = 5;

/// A logout that the backend has not confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct PendingLogout {
    pub(super) calls: Vec<CallId>,
    /// The session to end, if its token is to go along.
    pub(super) session: Option<Session>,
    /// How often it has been tried in vain.
    failures: u32,
    /// Whether the app has been told that it is not confirmed.
    is_warned_of: bool,
    /// Somebody has signed in since it left: sent again, it would end the wrong session.
    is_last_try: bool,
    /// It has been sent ahead of its turn, because the page was being left.
    is_hurried: bool,
}

impl PendingLogout {
    /// Takes the calls that have waited for long enough; the app is told why.
    pub(super) fn take_calls(&mut self) -> Vec<CallId> {
        self.is_warned_of |= !self.calls.is_empty();
        std::mem::take(&mut self.calls)
    }
}

impl Machine {
    pub(super) fn want_logout(&mut self, call: CallId, now: Now) {
        let session = match std::mem::replace(&mut self.state, State::Restoring) {
            State::SignedIn(session) => Some(session),
            State::Restoring => None,
            State::SignedOut => {
                self.state = State::SignedOut;
                None
            }
        };
        self.call_off_sign_in();
        if let Some(policy) = self.policy.logout {
            let pending_logout = match &mut self.lease {
                Lease::Busy(_, Work::LoggingOut(_, under_way))
                    if session.is_none() && !under_way.is_last_try =>
                {
                    under_way
                }
                _ => {
                    let unsent = self.wants.logout.take().or(self.wants.kept.take());
                    self.wants.logout.insert(unsent.unwrap_or_default())
                }
            };
            pending_logout.failures = 0;
            pending_logout.is_warned_of = false;
            pending_logout.is_hurried = false;
            pending_logout.calls.push(call);
            if policy.with_token && session.is_some() {
                pending_logout.session = session;
            }
        }
        self.sign_out(Reason::Logout, self.known.logged_out(self.tab, now), now);
        if self.policy.logout.is_none() {
            self.settle(call, Ok(()));
            self.emit(Event::Warning(Warning::LogoutUnconfirmed));
        }
    }

    /// The backend has confirmed it, or not.
    pub(super) fn logout_is_over(
        &mut self,
        mut pending_logout: PendingLogout,
        confirmed: bool,
        now: Now,
    ) {
        self.settle_all(std::mem::take(&mut pending_logout.calls), &Ok(()));
        if !confirmed {
            self.warn_of(&mut pending_logout);
        }
        if !confirmed && !pending_logout.is_last_try {
            pending_logout.failures += 1;
            if pending_logout.failures < MAX_FAILURES {
                let longest = BACK_OFF_MS << pending_logout.failures;
                let wait = self.entropy.between(longest / 2, longest);
                self.timers.set(Timer::LogoutAgain, wait, now);
            }
            self.wants.kept = Some(pending_logout);
        }
        if !self.is_logging_out() {
            self.announce();
        }
    }

    /// The back-off is over, or the network is back.
    pub(super) fn log_out_again(&mut self, now: Now) {
        if let Some(pending_logout) = self.wants.kept.take() {
            self.timers.stop(Timer::LogoutAgain);
            // A newer one that has not left yet does for both.
            self.wants.logout.get_or_insert(pending_logout);
            self.pursue(now);
        }
    }

    pub(super) fn network_is_back_for_logout(&mut self, now: Now) {
        if let Some(pending_logout) = &mut self.wants.kept {
            pending_logout.failures = 0;
            self.log_out_again(now);
            self.announce();
        }
    }

    /// The page is being left, and may not be there any more when the lock is free. So the logout does
    /// not wait for it, unless the page has yet to see whether somebody has signed in since. It keeps
    /// its turn: should the page stay, a refresh under way may bring a cookie that is still good.
    pub(super) fn hurry_logout(&mut self, now: Now) {
        if self.page.is_rechecking() {
            return;
        }
        if let Some(pending_logout) = &mut self.wants.logout
            && !std::mem::replace(&mut pending_logout.is_hurried, true)
        {
            let session = pending_logout.session.as_ref();
            let token = session
                .filter(|session| session.is_valid(now))
                .map(Session::token);
            let id = self.next_attempt();
            self.effects.push_back(Effect::Logout(id, token));
        }
    }

    /// Somebody has signed in since: the logout request would end the wrong session.
    pub(super) fn forget_unsent_logout(&mut self) {
        self.timers.stop(Timer::LogoutAgain);
        if let Lease::Busy(_, Work::LoggingOut(_, under_way)) = &mut self.lease {
            under_way.is_last_try = true;
        }
        let unsent = [self.wants.logout.take(), self.wants.kept.take()];
        for mut pending_logout in unsent.into_iter().flatten() {
            self.settle_all(std::mem::take(&mut pending_logout.calls), &Ok(()));
            self.warn_of(&mut pending_logout);
        }
    }

    /// Whether a session by the cookie alone would be one that has been logged out here.
    pub(super) fn is_logging_out(&self) -> bool {
        let is_under_way = matches!(self.work(), Some(Work::LoggingOut(..)));
        is_under_way || self.wants.logout.is_some() || self.timers.is_set(Timer::LogoutAgain)
    }

    fn warn_of(&mut self, pending_logout: &mut PendingLogout) {
        if !std::mem::replace(&mut pending_logout.is_warned_of, true) {
            self.emit(Event::Warning(Warning::LogoutUnconfirmed));
        }
    }
}
