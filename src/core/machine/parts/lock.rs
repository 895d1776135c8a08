//! Waiting for the group's lock, and for the next one when its holder is silent.
//!
//! A frozen tab keeps its lock. So the locks have ranks: a tab that has waited behind one and the
//! same holder for longer than any locked task takes waits for the next rank, which again only one
//! tab gets. Before it sends anything, a holder looks at the other ranks. Unless the holders there
//! are silent too, it steps back and lines up anew: the frozen tab has thawed, and the first lock is
//! in use. So does a tab that has had its lock for so long that others may take it for silent.

use super::outbox::Outbox;
use super::sightings::Sightings;
use crate::core::effect::{Effect, Holder, Rank, Ticket};
use crate::core::time::Now;
use crate::core::timer::{Timer, Timers};

/// The time that a holder may need before it sends its request: to notice that it has the lock, to
/// look, and to ask. A request is over one time-out after that. In a crowd, one that needs longer
/// steps back.
const BEFORE_SENDING_MS: u64 = 5_000;
/// Most locks are free: it matters only after this which tab has the one in front.
const GLANCE_MS: u64 = 200;
const WATCH_EVERY_MS: u64 = 1_000;
const STEP_BACK_MS: u64 = 1_000;
/// Listing the peers takes milliseconds.
const LOOK_MS: u64 = 1_000;
/// Becoming visible to the peers takes milliseconds.
const PUBLISH_MS: u64 = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Lock {
    lease: Lease,
    /// The tabs seen with the group's locks while this tab needs one.
    sightings: Sightings,
    queries: Queries,
    /// The longest that a tab has the lock, in milliseconds, unless it is silent.
    longest_task: u64,
}

/// Where this tab stands with the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Lease {
    /// It does not need it.
    Idle,
    /// It waits for it.
    Waiting(Place),
    /// It is at work: with the lock, or without one because it works alone.
    Busy(Option<Place>, LockedTask),
}

/// The things that a tab does with the lock. Each is bounded in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LockedTask {
    /// It looks whether another tab was faster.
    Looking,
    /// It has asked the one that was.
    Asking,
    /// Its refresh request is under way.
    Refreshing,
    /// Its logout request is under way.
    LoggingOut,
    /// It shows the peers what it has, before it lets the lock go.
    Publishing,
}

/// Where this tab stands in which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Place {
    ticket: Ticket,
    rank: Rank,
    /// When it surely ran, and had not got the lock yet: it may be granted to a frozen page.
    last_seen_waiting: Now,
}

/// The lists of peers that have been asked for. They come in the order of the questions; one that
/// was asked for before a look tells nothing of the time after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Queries {
    unanswered: u32,
    stale: u32,
}

impl Lock {
    /// The lock of a group whose requests have this time-out.
    pub(crate) fn new(timeout: u64) -> Lock {
        Lock {
            lease: Lease::Idle,
            sightings: Sightings::default(),
            queries: Queries::default(),
            longest_task: timeout + BEFORE_SENDING_MS,
        }
    }

    /// Begins to wait for it.
    pub(crate) fn line_up(&mut self, now: Now, out: &mut Outbox, timers: &mut Timers) {
        self.sightings.forget_all();
        self.line_up_for(Rank::FIRST, now, out, timers);
    }

    /// Goes to work without it: there is nobody to share it with.
    pub(crate) fn do_without(&mut self) {
        self.lease = Lease::Busy(None, LockedTask::Looking);
    }

    /// The lock is this tab's, if it still waits for it. The first thing to do is to look.
    pub(crate) fn granted(
        &mut self,
        ticket: Ticket,
        now: Now,
        out: &mut Outbox,
        timers: &mut Timers,
    ) {
        match self.lease {
            Lease::Waiting(place) if place.ticket == ticket => {
                timers.stop(Timer::LockWait);
                self.lease = Lease::Busy(Some(place), LockedTask::Looking);
                self.queries.stale = self.queries.unanswered;
                self.query(out);
                timers.set(Timer::Look, LOOK_MS, now);
            }
            _ => out.push(Effect::ReleaseLock(ticket)),
        }
    }

    /// It is time to see which tab is in front, or to come back after a step back.
    pub(crate) fn wait_is_over(
        &mut self,
        is_needed: bool,
        now: Now,
        out: &mut Outbox,
        timers: &mut Timers,
    ) {
        match &mut self.lease {
            // It was frozen. The lock may be its own for long, and the peers may count from then.
            Lease::Waiting(place) if now.ran_since(place.last_seen_waiting) > BEFORE_SENDING_MS => {
                let rank = place.rank;
                self.release(out);
                self.sightings.forget_all();
                self.line_up_for(rank, now, out, timers);
            }
            Lease::Waiting(place) => {
                place.last_seen_waiting = now;
                self.query(out);
                timers.set(Timer::LockWait, WATCH_EVERY_MS, now);
            }
            // The first lock may have been let go and taken again while this tab stood in no line;
            // another one's holder would have had to stand in line before, for long.
            Lease::Idle if is_needed => {
                self.sightings.forget_up_to(Rank::FIRST);
                self.line_up_for(Rank::FIRST, now, out, timers);
            }
            _ => {}
        }
    }

    /// Asks for the list of peers and holders.
    pub(crate) fn query(&mut self, out: &mut Outbox) {
        self.queries.unanswered += 1;
        out.push(Effect::QueryPeers);
    }

    /// A list has come. Returns whether it tells of the time since the last look began.
    pub(crate) fn listed(&mut self, holders: &[Holder], now: Now) -> bool {
        self.sightings.see(holders, BEFORE_SENDING_MS, now);
        let Queries { unanswered, stale } = &mut self.queries;
        let is_stale = *stale > 0;
        *stale = stale.saturating_sub(1);
        *unanswered = unanswered.saturating_sub(1);
        !is_stale
    }

    /// Lists that have not come will not come.
    pub(crate) fn forget_queries(&mut self) {
        self.queries = Queries::default();
    }

    /// Goes on to the next rank if the holder in front is silent.
    pub(crate) fn watch_the_one_in_front(
        &mut self,
        now: Now,
        out: &mut Outbox,
        timers: &mut Timers,
    ) {
        let Lease::Waiting(place) = self.lease else {
            return;
        };
        let in_front = self.sightings.seen_for(place.rank, now);
        if in_front.is_some_and(|ms| ms >= self.longest_task) {
            let next = place.rank.next();
            self.sightings.forget_from(next);
            self.line_up_for(next, now, out, timers);
            out.push(Effect::ReleaseLock(place.ticket));
        }
    }

    /// Whether a tab that is not silent has a lock of another rank than this one.
    pub(crate) fn peers_are_at_work(&self, now: Now) -> bool {
        self.own().is_some_and(|own| {
            self.sightings
                .has_newer_than(self.longest_task, own.rank, now)
        })
    }

    /// Whether others may take this tab for silent before its request is over: it was frozen.
    pub(crate) fn is_late(&self, now: Now) -> bool {
        self.has_been_gone_for(BEFORE_SENDING_MS, now)
    }

    /// Whether others may have gone on without this tab: it was frozen.
    pub(crate) fn is_silent(&self, now: Now) -> bool {
        self.has_been_gone_for(self.longest_task, now)
    }

    /// Lets it go for a while, in favour of others.
    pub(crate) fn step_back(&mut self, now: Now, out: &mut Outbox, timers: &mut Timers) {
        self.release(out);
        timers.set(Timer::LockWait, STEP_BACK_MS, now);
    }

    /// Is done with it, or needs it no more.
    pub(crate) fn let_go(&mut self, out: &mut Outbox, timers: &mut Timers) {
        timers.stop(Timer::LockWait);
        self.release(out);
    }

    /// Lets go of the lock, and of the place in the line for it.
    pub(crate) fn release(&mut self, out: &mut Outbox) {
        let place = match std::mem::replace(&mut self.lease, Lease::Idle) {
            Lease::Idle => None,
            Lease::Waiting(place) => Some(place),
            Lease::Busy(place, _) => place,
        };
        if let Some(place) = place {
            out.push(Effect::ReleaseLock(place.ticket));
        }
    }

    /// With the lock, goes on to this task. Without one, there is nothing to go on to.
    pub(crate) fn go_on_to(&mut self, next: LockedTask) {
        if let Lease::Busy(_, task) = &mut self.lease {
            *task = next;
        }
    }

    /// Keeps the lock until the next holder can see what came of it.
    pub(crate) fn publish(&mut self, now: Now, timers: &mut Timers) {
        self.go_on_to(LockedTask::Publishing);
        timers.set(Timer::Publish, PUBLISH_MS, now);
    }

    pub(crate) fn is_at(&self, task: LockedTask) -> bool {
        matches!(self.lease, Lease::Busy(_, current) if current == task)
    }

    pub(crate) fn is_idle(&self) -> bool {
        matches!(self.lease, Lease::Idle)
    }

    /// Nothing has come of it yet: it waits, or looks.
    pub(crate) fn is_at_its_beginning(&self) -> bool {
        matches!(self.lease, Lease::Waiting(_)) || self.is_at(LockedTask::Looking)
    }

    fn line_up_for(&mut self, rank: Rank, now: Now, out: &mut Outbox, timers: &mut Timers) {
        self.lease = Lease::Waiting(Place {
            ticket: out.request_lock(rank),
            rank,
            last_seen_waiting: now,
        });
        timers.set(Timer::LockWait, GLANCE_MS, now);
    }

    fn has_been_gone_for(&self, ms: u64, now: Now) -> bool {
        self.own()
            .is_some_and(|own| now.ran_since(own.last_seen_waiting) > ms)
    }

    /// When this tab surely had not looked at the peers yet, with the lock that it has.
    pub(crate) fn last_seen_without(&self, now: Now) -> Now {
        self.own().map_or(now, |place| place.last_seen_waiting)
    }

    /// The place from which this tab got the lock that it has.
    fn own(&self) -> Option<Place> {
        match self.lease {
            Lease::Busy(own, _) => own,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
