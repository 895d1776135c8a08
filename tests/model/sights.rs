//! Situations that some path must reach. Otherwise the properties could hold because nothing happens.

use simulated_browser::Request;
use tokenhold::core::{Message, Status};

use crate::story::Story;
use crate::world::{BackendJob, Flight, Life, Stage, World};

pub type Sight = (&'static str, fn(&Story, &World) -> bool);

pub const REFRESH: Sight = ("a refresh is under way", |_, world| {
    let mut flights = world.tabs.iter().flat_map(|tab| tab.flights.iter());
    flights.any(|flight| matches!(flight.job, BackendJob::Refresh(_)))
});

pub const HAND_OVER: Sight = ("a token is handed over", |_, world| {
    let mut sealed = world.tabs.iter().flat_map(|tab| tab.mail.inbox.iter());
    sealed.any(|message| matches!(message, Message::HandOver(_)))
});

pub const SIGNED_IN_ANEW: Sight = ("all are signed in anew", |_, world| {
    world.watch.refreshes > 0 && world.is_quiet() && all_are(world, Status::SignedIn)
});

pub const SIGNED_OUT: Sight = ("all are signed out", |_, world| {
    world.is_quiet() && all_are(world, Status::SignedOut)
});

/// Because the holder of the first has been silent for long enough.
pub const NEXT_LOCK: Sight = ("one gets a lock of a higher rank", |_, world| {
    world.locks.go_beyond_the_first()
});

pub const ORPHAN: Sight = ("an answer returns to a tab that is gone", |_, world| {
    let mut flights = world.tabs.iter().flat_map(|tab| tab.flights.iter());
    flights.any(|flight| flight.is_orphan && matches!(flight.stage, Stage::Back(_)))
});

pub const FROZEN_HOLDER: Sight = ("a frozen tab holds the lock", |_, world| {
    let mut tabs = world.tabs.iter().enumerate();
    tabs.any(|(slot, tab)| matches!(tab.life, Life::Frozen(_)) && world.locks.are_held_by(slot))
});

fn all_are(world: &World, status: Status) -> bool {
    let mut running = world.tabs.iter().filter(|tab| tab.is_running());
    running.all(|tab| tab.machine.status() == status)
}

pub const LOGOUT_AGAIN: Sight = ("a logout is tried again", |story, world| {
    let lost = world.left.lost_answers < story.budget.lost_answers;
    let mut flights = world.tabs.iter().flat_map(|tab| tab.flights.iter());
    let is_out = |flight: &Flight| {
        matches!(
            (flight.job, &flight.stage),
            (BackendJob::Logout(_), Stage::Out(_))
        )
    };
    lost && flights.any(is_out) && world.watch.refreshes == 0
});

pub const AHEAD: Sight = ("a logout goes ahead of a refresh", |_, world| {
    let is_out = |flight: &Flight, is_it: fn(BackendJob) -> bool| {
        is_it(flight.job) && matches!(flight.stage, Stage::Out(_))
    };
    let any_out = |is_it: fn(BackendJob) -> bool| {
        let mut flights = world.tabs.iter().flat_map(|tab| tab.flights.iter());
        flights.any(|flight| is_out(flight, is_it))
    };
    any_out(|job| matches!(job, BackendJob::Logout(_)))
        && any_out(|job| matches!(job, BackendJob::Refresh(_)))
});

pub const REPLAY: Sight = ("a request goes out again", |_, world| {
    let mut requests = world.tabs.iter().flat_map(|tab| tab.app.requests());
    requests.any(|request| request.times_sent == 2)
});

pub const SERVED_MEANWHILE: Sight = (
    "a request goes out though a refresh has failed",
    |story, world| {
        let failed = world.left.refusals < story.budget.refusals;
        let mut tabs = world.tabs.iter();
        failed
            && world.clock == story.start.clock
            && tabs.any(|tab| tab.app.requests().iter().any(Request::is_at_the_api))
    },
);

pub const CHANGED_HANDS: Sight = ("all are signed in as another person", |story, world| {
    let person = |world: &World, slot: usize| world.tabs[slot].app.person;
    let all_changed = (0..world.tabs.len()).all(|slot| {
        person(world, slot).is_some() && person(world, slot) != person(&story.start, slot)
    });
    world.is_quiet() && all_changed
});
