//! Where the stories begin.

use tokenhold_backend::rules::REUSE_GRACE;

use crate::action::Action;
use crate::budget::{NOTHING, REQUESTS};
use crate::world::{Backend, Life, MINUTE, SECOND, Watch, World};

/// After this long, the peers give up on a silent holder of the lock within a second or two.
const WAIT: u64 = 14 * SECOND;

/// No tab, and somebody who has signed in before.
pub fn closed(tabs: usize, backend: Backend) -> World {
    World::new(tabs, backend)
}

/// All tabs have just been opened: none knows yet whether there is a session.
pub fn restoring(tabs: usize, backend: Backend) -> World {
    let mut world = closed(tabs, backend);
    for slot in 0..tabs {
        world.open(slot);
    }
    ready(world)
}

/// All tabs are signed in and hidden, so that none refreshes ahead of time.
pub fn signed_in(tabs: usize, backend: Backend) -> World {
    let mut world = closed(tabs, backend);
    for slot in 0..tabs {
        world.open(slot);
        settle(&mut world);
        world.hide(slot);
    }
    wait(&mut world, 20 * SECOND);
    ready(world)
}

/// All tabs are signed in, and the token has just expired.
pub fn expired(tabs: usize, backend: Backend) -> World {
    let ttl = backend.access_ttl;
    let mut world = signed_in(tabs, backend);
    wait(&mut world, ttl);
    ready(world)
}

/// All tabs are signed in with a token that is valid for three more seconds: too few to send it off
/// with a request, if a new one can be had.
pub fn fading(tabs: usize, backend: Backend) -> World {
    let end = backend.access_ttl - 3 * SECOND;
    let mut world = signed_in(tabs, backend);
    let left = end - world.clock;
    wait(&mut world, left);
    ready(world)
}

/// The token has just expired, and every tab's app has made a request.
pub fn storm(tabs: usize, backend: Backend) -> World {
    let mut world = expired(tabs, backend);
    world.allow(REQUESTS);
    for slot in 0..tabs {
        world.request(slot);
    }
    ready(world)
}

/// As in a `storm`, but the first tab, which has the lock, was frozen after `steps` more actions.
/// Its peers have almost reached their wait limit.
pub fn silent_holder(tabs: usize, steps: usize, backend: Backend) -> World {
    let mut world = storm(tabs, backend);
    for _ in 0..steps {
        let mut actions = Vec::new();
        world.due(&mut actions);
        world.act(actions[0]);
    }
    world.tabs[0].life = Life::Frozen(world.clock);
    wait(&mut world, WAIT);
    world.watch.excused = 2;
    world
}

/// All tabs are signed in, and the API takes their token no more.
pub fn rejected(tabs: usize, backend: Backend) -> World {
    let mut world = signed_in(tabs, backend);
    world.backend.revoke_tokens();
    world
}

/// All tabs are signed in, and the API takes no token, whatever it is.
pub fn refused(tabs: usize, backend: Backend) -> World {
    let mut world = signed_in(tabs, backend);
    world.backend.refuses_all = true;
    world
}

/// One tab is signed in, the others are to come.
pub fn one_of(tabs: usize, backend: Backend) -> World {
    let mut world = closed(tabs, backend);
    world.open(0);
    settle(&mut world);
    world.hide(0);
    wait(&mut world, 20 * SECOND);
    ready(world)
}

/// The common case: strict rotation, tokens that say nothing of themselves.
pub fn strict() -> Backend {
    Backend::new(0, 5 * MINUTE, false)
}

/// As `strict`, with tokens that are JWTs and say whose they are.
pub fn named() -> Backend {
    Backend::new(0, 5 * MINUTE, true)
}

/// As the reference backend: it forgives a cookie whose answer was lost.
pub fn forgiving() -> Backend {
    Backend::new(REUSE_GRACE.as_secs() * SECOND, 5 * MINUTE, false)
}

fn ready(mut world: World) -> World {
    world.watch = Watch::default();
    world.allow(NOTHING);
    world
}

/// Performs, in one order, everything that happens by itself without time passing.
fn settle(world: &mut World) {
    let mut actions = Vec::new();
    loop {
        actions.clear();
        world.due(&mut actions);
        match actions.first() {
            None | Some(Action::TimePasses) => return,
            Some(action) => world.act(*action),
        }
    }
}

/// Lets this much time pass, with all timers, even those beyond the horizon.
fn wait(world: &mut World, ms: u64) {
    let end = world.clock + ms;
    settle(world);
    while world.clock < end {
        let step = world.next_timer().unwrap_or(u64::MAX);
        world.pass(step.min(end - world.clock));
        settle(world);
    }
}
