//! What needs the group's lock: refreshing and logging out. One errand at a time, each bounded.

use super::{Answer, Company, Machine, State};
use crate::core::effect::{AttemptId, CallId, Effect, Ticket};
use crate::core::error::{Error, Failure};
use crate::core::event::{Event, Reason, Warning};
use crate::core::presence::Presence;
use crate::core::session::Session;
use crate::core::time::{Deadline, Now};
use crate::core::timer::Timer;
use crate::core::version::Version;

/// A holder needs at most one attempt's time-out; who waits this much longer may take it for
/// frozen.
const LOCK_MARGIN_MS: u64 = 2_000;
/// Listing the peers and becoming visible to them takes milliseconds.
const LOOK_MS: u64 = 1_000;
const PUBLISH_MS: u64 = 1_000;

/// Where this tab stands with the lock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Lease {
    /// It does not need it.
    Idle,
    /// It waits for it.
    Waiting(Ticket),
    /// It is at work: with the lock, or without one because it works alone or has waited for a
    /// silent holder long enough.
    Busy(Option<Ticket>, Work),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Work {
    /// It looks whether somebody was faster.
    Looking,
    /// It has asked the one that was.
    Asking,
    /// Its refresh request is under way.
    Refreshing(Attempt),
    /// Its logout request is under way, for these calls.
    LoggingOut(AttemptId, Vec<CallId>),
    /// It shows the others what it has, before it lets the lock go.
    Publishing,
}

/// A refresh request under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Attempt {
    id: AttemptId,
    sent: Now,
    /// What was known when it left: whatever became known since supersedes its answer.
    known: Version,
    purpose: Purpose,
}

impl Attempt {
    /// The same, with nobody waiting for it any more.
    fn given_up(&self) -> Attempt {
        let purpose = match &self.purpose {
            Purpose::SignIn(_) => Purpose::SignIn(Vec::new()),
            other => other.clone(),
        };
        Attempt { purpose, ..*self }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Purpose {
    /// A newer token for the session.
    Renewal,
    /// The session of the cookie that the app has just obtained.
    SignIn(Vec<CallId>),
    /// A valid token for the logout request, and for nothing else.
    Farewell,
}

/// What this tab needs the lock for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Wants {
    /// A token newer than this.
    refresh: Option<Version>,
    /// Who waits for a token newer than that.
    pub(super) calls: Vec<(CallId, Version)>,
    /// Who has signed in by cookie and waits for its token.
    sign_in: Vec<CallId>,
    logout: Option<Farewell>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Farewell {
    calls: Vec<CallId>,
    /// The session to end, if its token is to go along.
    session: Option<Session>,
}

impl Lease {
    /// Lets go of the lock, in thought; the caller says so to the world.
    pub(super) fn take_ticket(&mut self) -> Option<Ticket> {
        match std::mem::replace(self, Lease::Idle) {
            Lease::Idle => None,
            Lease::Waiting(ticket) => Some(ticket),
            Lease::Busy(ticket, _) => ticket,
        }
    }

    /// Those that wait for the request under way.
    pub(super) fn take_calls(&mut self) -> Vec<CallId> {
        match self {
            Lease::Busy(_, Work::LoggingOut(_, calls)) => std::mem::take(calls),
            Lease::Busy(_, Work::Refreshing(attempt)) => match &mut attempt.purpose {
                Purpose::SignIn(calls) => std::mem::take(calls),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

impl Wants {
    /// Versions start anew: whatever comes next is newer than what was there before.
    pub(super) fn any_token_will_do(&mut self) {
        for (_, base) in &mut self.calls {
            *base = Version::default();
        }
    }

    pub(super) fn take_calls(&mut self) -> Vec<CallId> {
        let Wants {
            calls,
            sign_in,
            logout,
            ..
        } = std::mem::take(self);
        let calls = calls.into_iter().map(|(call, _)| call);
        let farewells = logout.into_iter().flat_map(|farewell| farewell.calls);
        calls.chain(sign_in).chain(farewells).collect()
    }
}

impl Machine {
    /// The lock is this tab's until it asks for its release.
    pub fn handle_lock_granted(&mut self, ticket: Ticket, now: Now) {
        if self.lease != Lease::Waiting(ticket) {
            return self.effects.push_back(Effect::ReleaseLock(ticket));
        }
        self.observe(now);
        self.timers.stop(Timer::LockWait);
        self.lease = Lease::Busy(Some(ticket), Work::Looking);
        self.next_errand(now);
    }

    /// The others can see what this tab announced.
    pub fn handle_announced(&mut self, version: Version, now: Now) {
        if self.disposed {
            return;
        }
        self.observe(now);
        if version == self.version {
            self.published(now);
        }
    }

    /// The refresh request has been answered.
    pub fn handle_refresh_answer(&mut self, id: AttemptId, answer: Answer, now: Now) {
        if self.disposed {
            return;
        }
        self.observe(now);
        if let Some(attempt) = self.take_attempt(id) {
            self.timers.stop(Timer::Attempt);
            self.conclude(attempt, answer, now);
        } else if let Some(attempt) = self.overdue.take_if(|attempt| attempt.id == id) {
            self.conclude_late(attempt, answer, now);
        }
    }

    /// The logout request has been answered; `confirmed` if with success.
    pub fn handle_logout_answer(&mut self, id: AttemptId, confirmed: bool, now: Now) {
        if self.disposed {
            return;
        }
        self.observe(now);
        match self.work() {
            Some(Work::LoggingOut(current, _)) if *current == id => self.logged_out(confirmed, now),
            _ => {}
        }
    }

    pub(super) fn want_refresh(&mut self, now: Now) {
        self.wants.refresh = Some(self.version);
        self.pursue(now);
    }

    /// A request or a call cannot go on without a newer token.
    ///
    /// # Errors
    ///
    /// [`Error::RefreshFailed`] if the backend is to be left alone for longer than anyone should
    /// be kept waiting.
    pub(super) fn demand_refresh(&mut self, now: Now) -> Result<(), Error> {
        if self.refresh_is_wanted() && self.lease != Lease::Idle {
            return Ok(());
        }
        let wait = self.trouble.wait(true, now);
        if wait == 0 {
            self.want_refresh(now);
            return Ok(());
        }
        if wait > self.policy.timeout {
            return Err(Error::RefreshFailed(
                self.trouble.last().unwrap_or(Failure::Network),
            ));
        }
        self.timers.set(Timer::Retry, Deadline::after(now, wait));
        Ok(())
    }

    pub(super) fn want_sign_in(&mut self, call: CallId, now: Now) {
        self.wants.sign_in.push(call);
        self.pursue(now);
    }

    pub(super) fn want_logout(&mut self, call: CallId, now: Now) {
        let session = match std::mem::replace(&mut self.state, State::Restoring) {
            State::SignedIn(session) => Some(session),
            State::Restoring => None,
            State::SignedOut => {
                self.state = State::SignedOut;
                None
            }
        };
        self.sign_out(Reason::Logout, self.known.logged_out(self.tab, now), now);
        self.call_off_sign_in();
        let Some(policy) = self.policy.logout else {
            self.settle(call, Ok(()));
            return self.emit(Event::Warning(Warning::LogoutUnconfirmed));
        };
        if let Lease::Busy(_, Work::LoggingOut(_, calls)) = &mut self.lease
            && session.is_none()
        {
            return calls.push(call);
        }
        let farewell = self.wants.logout.get_or_insert(Farewell {
            calls: Vec::new(),
            session: None,
        });
        farewell.calls.push(call);
        if policy.with_token && session.is_some() {
            farewell.session = session;
        }
        self.pursue(now);
    }

    /// Somebody has signed in before the logout request of an earlier session left: it would end
    /// the wrong one.
    pub(super) fn forget_unsent_logout(&mut self) {
        let Some(farewell) = self.wants.logout.take() else {
            return;
        };
        for call in farewell.calls {
            self.settle(call, Ok(()));
        }
        self.emit(Event::Warning(Warning::LogoutUnconfirmed));
    }

    /// Somebody has logged out since the app obtained the cookie.
    pub(super) fn call_off_sign_in(&mut self) {
        let calls = std::mem::take(&mut self.wants.sign_in);
        self.settle_all(Some(calls), Err(Error::SessionEnded));
    }

    pub(super) fn forget_refresh(&mut self) {
        self.wants.refresh = None;
    }

    pub(super) fn is_asking(&self) -> bool {
        matches!(self.work(), Some(Work::Asking))
    }

    pub(super) fn is_looking(&self) -> bool {
        matches!(self.work(), Some(Work::Looking))
    }

    /// Brings what this tab does with the lock in line with what it wants.
    pub(super) fn pursue(&mut self, now: Now) {
        let errand = self.has_errand();
        match &self.lease {
            Lease::Idle if errand && !self.page.is_away() => self.begin(now),
            Lease::Waiting(_) if !errand => self.let_go(),
            Lease::Busy(_, Work::Looking | Work::Asking) if !errand || self.has_urgent_errand() => {
                self.next_errand(now);
            }
            _ => {}
        }
    }

    /// With the lock, or without it for good: what is next?
    pub(super) fn next_errand(&mut self, now: Now) {
        self.timers.stop(Timer::Look);
        if let Some(farewell) = self.wants.logout.take() {
            self.say_farewell(farewell, now);
        } else if !self.wants.sign_in.is_empty() {
            let calls = std::mem::take(&mut self.wants.sign_in);
            self.send_refresh(Purpose::SignIn(calls), now);
        } else if self.refresh_is_wanted() {
            self.look(now);
        } else {
            self.let_go();
        }
    }

    /// One errand a lease: who waits for the lock counts on that. Only a logout follows at once,
    /// or a tab opened after it could still restore the session.
    pub(super) fn errand_is_done(&mut self, now: Now) {
        if self.wants.logout.is_some() {
            return self.next_errand(now);
        }
        self.let_go();
        self.pursue(now);
    }

    /// Nobody was faster, or the one that was does not answer.
    pub(super) fn renew(&mut self, now: Now) {
        self.timers.stop(Timer::Ask);
        self.asked = None;
        if self.has_urgent_errand() || !self.refresh_is_wanted() {
            return self.next_errand(now);
        }
        self.send_refresh(Purpose::Renewal, now);
    }

    pub(super) fn work_on(&mut self, work: Work) {
        if let Lease::Busy(_, current) = &mut self.lease {
            *current = work;
        }
    }

    pub(super) fn lock_wait_is_over(&mut self, now: Now) {
        let Lease::Waiting(ticket) = self.lease else {
            return;
        };
        self.effects.push_back(Effect::ReleaseLock(ticket));
        self.lease = Lease::Busy(None, Work::Looking);
        self.next_errand(now);
    }

    pub(super) fn attempt_is_overdue(&mut self, now: Now) {
        match self.work() {
            Some(Work::LoggingOut(..)) => self.logged_out(false, now),
            Some(Work::Refreshing(attempt)) => {
                let attempt = attempt.clone();
                self.overdue = Some(attempt.given_up());
                let timed_out = Answer::Failed {
                    failure: Failure::Timeout,
                    retry_after: None,
                };
                self.conclude(attempt, timed_out, now);
            }
            _ => {}
        }
    }

    pub(super) fn published(&mut self, now: Now) {
        if matches!(self.work(), Some(Work::Publishing)) {
            self.timers.stop(Timer::Publish);
            self.errand_is_done(now);
        }
    }

    /// The page goes away with whatever it was at. Logging out is not taken up again when it
    /// comes back: by then it might end another session.
    pub(super) fn drop_errands(&mut self) {
        let at_work = self.lease.take_calls();
        if let Some(Work::LoggingOut(..)) = self.work() {
            self.settle_all(Some(at_work), Ok(()));
            self.emit(Event::Warning(Warning::LogoutUnconfirmed));
        } else {
            self.wants.sign_in.extend(at_work);
        }
        self.forget_unsent_logout();
        self.release_lock();
    }

    pub(super) fn release_lock(&mut self) {
        if let Some(ticket) = self.lease.take_ticket() {
            self.effects.push_back(Effect::ReleaseLock(ticket));
        }
    }

    /// Shows the other tabs the state this one is in.
    pub(super) fn announce(&mut self) {
        if self.company == Company::Siblings {
            self.effects.push_back(Effect::Announce(Presence {
                tab: self.tab,
                version: self.version,
            }));
        }
    }

    fn begin(&mut self, now: Now) {
        if self.company == Company::Alone {
            self.lease = Lease::Busy(None, Work::Looking);
            return self.next_errand(now);
        }
        let ticket = self.next_ticket();
        self.lease = Lease::Waiting(ticket);
        self.effects.push_back(Effect::RequestLock(ticket));
        let bound = self.policy.timeout + LOCK_MARGIN_MS;
        self.timers
            .set(Timer::LockWait, Deadline::after(now, bound));
    }

    fn let_go(&mut self) {
        self.timers.stop(Timer::LockWait);
        self.release_lock();
    }

    fn look(&mut self, now: Now) {
        if self.company == Company::Alone {
            return self.renew(now);
        }
        self.work_on(Work::Looking);
        self.effects.push_back(Effect::QueryPeers);
        self.timers.set(Timer::Look, Deadline::after(now, LOOK_MS));
    }

    fn send_refresh(&mut self, purpose: Purpose, now: Now) {
        let id = self.next_attempt();
        self.work_on(Work::Refreshing(Attempt {
            id,
            sent: now,
            known: self.known,
            purpose,
        }));
        self.effects.push_back(Effect::Refresh(id));
        self.timers
            .set(Timer::Attempt, Deadline::after(now, self.policy.timeout));
    }

    fn say_farewell(&mut self, mut farewell: Farewell, now: Now) {
        let token_is_stale = |session: &mut Session| !session.is_valid(now);
        if farewell.session.take_if(token_is_stale).is_some() {
            self.wants.logout = Some(farewell);
            return self.send_refresh(Purpose::Farewell, now);
        }
        let id = self.next_attempt();
        let token = farewell.session.map(|session| session.token());
        self.work_on(Work::LoggingOut(id, farewell.calls));
        self.effects.push_back(Effect::Logout(id, token));
        self.timers
            .set(Timer::Attempt, Deadline::after(now, self.policy.timeout));
    }

    fn logged_out(&mut self, confirmed: bool, now: Now) {
        self.timers.stop(Timer::Attempt);
        if let Lease::Busy(_, work) = &mut self.lease
            && let Work::LoggingOut(_, calls) = std::mem::replace(work, Work::Looking)
        {
            for call in calls {
                self.settle(call, Ok(()));
            }
        }
        if !confirmed {
            self.emit(Event::Warning(Warning::LogoutUnconfirmed));
        }
        self.errand_is_done(now);
    }

    fn conclude(&mut self, attempt: Attempt, answer: Answer, now: Now) {
        let superseded = self.known != attempt.known;
        let calls = match attempt.purpose {
            Purpose::Farewell => return self.conclude_farewell(answer, now),
            Purpose::SignIn(calls) => Some(calls),
            Purpose::Renewal => None,
        };
        match answer {
            Answer::Granted(grant) if self.accepts(calls.is_some(), attempt.known) => {
                self.work_on(Work::Publishing);
                self.adopt_grant(grant, calls.is_some(), attempt.sent, now);
                self.settle_all(calls, Ok(()));
                self.publish(now);
            }
            Answer::Failed {
                failure,
                retry_after,
            } => {
                self.refresh_failed(failure, retry_after, calls, now);
                self.errand_is_done(now);
            }
            Answer::Ended if !superseded => {
                self.settle_all(calls, Err(Error::SessionEnded));
                self.work_on(Work::Publishing);
                self.sign_out(Reason::Ended, self.known.ended(self.tab), now);
                self.publish(now);
            }
            Answer::Granted(_) | Answer::Ended => {
                self.settle_all(calls, Err(Error::SessionEnded));
                self.errand_is_done(now);
            }
        }
    }

    /// An answer to a renewal counts if nothing newer has become known since it left, and the tab
    /// has not been signed out; one to a sign-in also against another sign-in, but never against
    /// a logout.
    fn accepts(&self, sign_in: bool, known_then: Version) -> bool {
        if sign_in {
            self.known == known_then || !self.known.is_signed_out()
        } else {
            self.known == known_then && !self.is_signed_out()
        }
    }

    /// Keeps the lock until the next holder can see what came of it.
    fn publish(&mut self, now: Now) {
        match self.company {
            Company::Siblings => self
                .timers
                .set(Timer::Publish, Deadline::after(now, PUBLISH_MS)),
            Company::Alone => self.errand_is_done(now),
        }
    }

    /// The token is for the logout request only: nobody is signed in by it.
    fn conclude_farewell(&mut self, answer: Answer, now: Now) {
        if let (Answer::Granted(grant), Some(farewell)) = (answer, &mut self.wants.logout) {
            farewell.session = Some(Session::granted(grant, self.version, now));
        }
        self.errand_is_done(now);
    }

    fn conclude_late(&mut self, attempt: Attempt, answer: Answer, now: Now) {
        if let Answer::Granted(grant) = answer
            && self.known == attempt.known
            && attempt.purpose != Purpose::Farewell
        {
            let sign_in = attempt.purpose != Purpose::Renewal;
            self.adopt_grant(grant, sign_in, attempt.sent, now);
        }
    }

    fn refresh_failed(
        &mut self,
        failure: Failure,
        retry_after: Option<u64>,
        calls: Option<Vec<CallId>>,
        now: Now,
    ) {
        let someone_waits =
            calls.is_some() || !self.wants.calls.is_empty() || self.requests.any_waiting();
        let retry_in =
            self.trouble
                .add(failure, retry_after, someone_waits, &mut self.entropy, now);
        self.timers
            .set(Timer::Retry, Deadline::after(now, retry_in));
        self.wants.refresh = None;
        self.emit(Event::RefreshFailed {
            status: failure.status(),
            attempt: self.trouble.failures(),
            retry_in,
        });
        self.settle_all(calls, Err(Error::RefreshFailed(failure)));
        for (call, _) in std::mem::take(&mut self.wants.calls) {
            self.settle(call, Err(Error::RefreshFailed(failure)));
        }
        self.give_up_waiting(failure, now);
        self.become_ready();
    }

    fn settle_all(&mut self, calls: Option<Vec<CallId>>, outcome: Result<(), Error>) {
        for call in calls.into_iter().flatten() {
            self.settle(call, outcome.clone());
        }
    }

    fn take_attempt(&mut self, id: AttemptId) -> Option<Attempt> {
        let Lease::Busy(_, work) = &mut self.lease else {
            return None;
        };
        match work {
            Work::Refreshing(attempt) if attempt.id == id => Some(attempt.clone()),
            _ => None,
        }
    }

    fn work(&self) -> Option<&Work> {
        match &self.lease {
            Lease::Busy(_, work) => Some(work),
            _ => None,
        }
    }

    pub(super) fn refresh_is_coming(&self) -> bool {
        self.refresh_is_wanted() || self.known > self.version
    }

    fn has_errand(&self) -> bool {
        self.has_urgent_errand() || self.refresh_is_wanted()
    }

    fn has_urgent_errand(&self) -> bool {
        self.wants.logout.is_some() || !self.wants.sign_in.is_empty()
    }

    fn refresh_is_wanted(&self) -> bool {
        let Some(base) = self.wants.refresh else {
            return false;
        };
        match self.state {
            State::SignedIn(_) => self.version <= base,
            State::Restoring => true,
            State::SignedOut => !self.version.is_signed_out(),
        }
    }
}
