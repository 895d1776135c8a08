//! Waiting for the group's lock, and for the next one when its holder is silent.
//!
//! A frozen tab keeps its lock. So the locks have ranks: who has waited behind one and the same
//! holder for longer than any errand takes waits for the next rank, which again only one gets.
//! Before it sends anything, a holder looks at the other ranks. Unless whoever is there is silent
//! too, it steps back and lines up anew: the frozen tab has thawed, and the first lock is in use.
//! So does one that has had its lock for so long that others may take it for silent.

use super::errands::Lease;
use super::{Machine, TabSharing};
use crate::core::effect::{Effect, Holder, Rank, Ticket};
use crate::core::time::Now;
use crate::core::timer::Timer;
use crate::core::version::Version;

/// What a holder may need before it sends its request: to notice that it has the lock, to look, and
/// to ask. A request is over one time-out after that.
const BEFORE_SENDING_MS: u64 = 5_000;
/// Most locks are free: who has one in front matters only after this.
const GLANCE_MS: u64 = 200;
const WATCH_EVERY_MS: u64 = 1_000;
const STEP_BACK_MS: u64 = 1_000;

/// Where this tab stands in which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) ticket: Ticket,
    rank: Rank,
    /// When it surely ran, and had not got the lock yet: it may be granted to a frozen page.
    last_seen_waiting: Now,
}

/// A holder of a lock, since when it has been seen there, and when last.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sighting {
    holder: Holder,
    since: Now,
    last_seen: Now,
}

/// The lists of peers that have been asked for. They come in the order of the questions; one that
/// was asked for before a look tells nothing of the time after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Queries {
    unanswered: u32,
    stale: u32,
}

impl Queries {
    /// Counts an answer. Returns whether it is to a question from before the last look.
    pub(super) fn take_answer(&mut self) -> bool {
        let is_stale = self.stale > 0;
        self.stale = self.stale.saturating_sub(1);
        self.unanswered = self.unanswered.saturating_sub(1);
        is_stale
    }

    /// Only answers to what is asked from now on count.
    pub(super) fn look(&mut self) {
        self.stale = self.unanswered;
    }
}

impl Machine {
    pub(super) fn begin(&mut self, now: Now) {
        if self.sharing == TabSharing::Alone {
            self.lease = Lease::alone();
            return self.looked(None, now);
        }
        self.asked_in_vain = Version::default();
        self.sightings.clear();
        self.line_up(Rank::FIRST, now);
    }

    /// It is time to see who is in front, or to come back after a step back.
    pub(super) fn lock_wait_is_over(&mut self, now: Now) {
        match self.lease {
            // It was frozen. The lock may be its own for long, and the others may count from then.
            Lease::Waiting(place) if now.since(place.last_seen_waiting) > BEFORE_SENDING_MS => {
                self.release_lock();
                self.sightings.clear();
                self.line_up(place.rank, now);
            }
            Lease::Waiting(ref mut place) => {
                place.last_seen_waiting = now;
                self.query_peers();
                self.watch_in(WATCH_EVERY_MS, now);
            }
            // The first lock may have been let go and taken again while this tab stood in no line;
            // another one's holder would have had to stand in line before, for long.
            Lease::Idle if self.has_errand() => {
                self.sightings
                    .retain(|sighting| sighting.holder.rank > Rank::FIRST);
                self.line_up(Rank::FIRST, now);
            }
            _ => {}
        }
    }

    /// The machine slept for `ms`, and everybody else did: nobody was silent meanwhile.
    pub(super) fn put_waiting_off(&mut self, ms: u64) {
        self.sightings.clear();
        if let Lease::Waiting(place) | Lease::Busy(Some(place), _) = &mut self.lease {
            place.last_seen_waiting.wall = place.last_seen_waiting.wall.saturating_add(ms);
        }
    }

    pub(super) fn query_peers(&mut self) {
        self.queries.unanswered += 1;
        self.effects.push_back(Effect::QueryPeers);
    }

    /// Remembers who holds which lock for how long. Who stands in line knows that the holder it
    /// sees again has not been away in between; so what was seen before begins anew with that. Of
    /// the other locks it knows so only while it keeps looking, which a frozen page does not.
    pub(super) fn sight(&mut self, holders: &[Holder], now: Now) {
        let before = std::mem::take(&mut self.sightings);
        for holder in holders {
            let known = before.iter().find(|sighting| {
                sighting.holder == *holder && now.since(sighting.last_seen) <= BEFORE_SENDING_MS
            });
            self.sightings.push(Sighting {
                holder: *holder,
                since: known.map_or(now, |sighting| sighting.since),
                last_seen: now,
            });
        }
    }

    /// Goes on to the next rank if the one in front is silent.
    pub(super) fn watch_the_one_in_front(&mut self, now: Now) {
        let Lease::Waiting(place) = self.lease else {
            return;
        };
        let in_front = |sighting: &&Sighting| sighting.holder.rank == place.rank;
        let Some(sighting) = self.sightings.iter().find(in_front) else {
            return;
        };
        if now.since(sighting.since) >= self.longest_errand() {
            let next = place.rank.next();
            self.sightings
                .retain(|sighting| sighting.holder.rank < next);
            self.line_up(next, now);
            self.effects.push_back(Effect::ReleaseLock(place.ticket));
        }
    }

    /// Whether somebody who is not silent has a lock of another rank than this tab.
    pub(super) fn others_are_at_work(&self, now: Now) -> bool {
        let Lease::Busy(Some(own), _) = &self.lease else {
            return false;
        };
        self.sightings.iter().any(|sighting| {
            sighting.holder.rank != own.rank && now.since(sighting.since) < self.longest_errand()
        })
    }

    /// Whether others may take this tab for silent before its request is over: it was frozen.
    pub(super) fn is_late(&self, now: Now) -> bool {
        self.has_been_gone_for(BEFORE_SENDING_MS, now)
    }

    /// Whether others may have gone on without this tab: it was frozen.
    pub(super) fn is_silent(&self, now: Now) -> bool {
        self.has_been_gone_for(self.longest_errand(), now)
    }

    fn has_been_gone_for(&self, ms: u64, now: Now) -> bool {
        matches!(&self.lease, Lease::Busy(Some(own), _) if now.since(own.last_seen_waiting) > ms)
    }

    pub(super) fn step_back(&mut self, now: Now) {
        self.release_lock();
        self.watch_in(STEP_BACK_MS, now);
    }

    pub(super) fn let_go(&mut self) {
        self.timers.stop(Timer::LockWait);
        self.release_lock();
    }

    fn line_up(&mut self, rank: Rank, now: Now) {
        let ticket = self.next_ticket();
        self.lease = Lease::Waiting(Place {
            ticket,
            rank,
            last_seen_waiting: now,
        });
        self.effects.push_back(Effect::RequestLock(ticket, rank));
        self.watch_in(GLANCE_MS, now);
    }

    fn watch_in(&mut self, ms: u64, now: Now) {
        self.timers.set(Timer::LockWait, ms, now);
    }

    fn longest_errand(&self) -> u64 {
        self.policy.timeout + BEFORE_SENDING_MS
    }
}
