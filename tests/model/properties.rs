//! The invariants that must hold in every state, by the names under which all tests know them.

use simulated_browser::Invariant;
use stateright::Property;

use crate::story::Story;
use crate::world::{SECOND, World, session_of};

/// The longest that anything waits in a machine whose page runs.
const LONGEST_WAIT: u64 = 45 * SECOND;

/// After this time nothing goes on by itself, whatever has happened.
const REST: u64 = 100 * SECOND;

pub fn all() -> Vec<Property<Story>> {
    vec![
        Property::always("one-flight", |_, world| {
            is_kept(world, Invariant::OneFlight)
        }),
        Property::always("logout-final", |_, world| {
            is_kept(world, Invariant::LogoutFinal)
        }),
        Property::always(
            "logout-final: nothing is left",
            nothing_is_left_after_logout,
        ),
        Property::always("retry-once", |_, world| {
            is_kept(world, Invariant::RetryOnce)
        }),
        Property::always("confinement", |_, world| {
            is_kept(world, Invariant::Confinement)
        }),
        Property::always("keep-serving", |_, world| {
            is_kept(world, Invariant::KeepServing)
        }),
        Property::always("one-identity", |_, world| {
            is_kept(world, Invariant::OneIdentity)
        }),
        Property::always("no-needless-refresh", no_refresh_is_needless),
        Property::always("liveness: nothing waits for long", nothing_waits_for_long),
        Property::always("liveness: nothing is left waiting", nothing_is_left_waiting),
        Property::always("liveness: no lock is kept", no_lock_is_kept),
        Property::always("liveness: nothing settles twice", |_, world| {
            is_kept(world, Invariant::Liveness)
        }),
        Property::always("liveness: all comes to rest", all_comes_to_rest),
        Property::always("no session is lost", no_session_is_lost),
    ]
}

fn is_kept(world: &World, invariant: Invariant) -> bool {
    world.watch.broken != Some(invariant)
}

/// Once the dust has settled, the backend has ended what was logged out, and no tab has it.
fn nothing_is_left_after_logout(story: &Story, world: &World) -> bool {
    let is_left = |session: usize| {
        let mut tabs = world.tabs.iter().filter(|tab| tab.is_running());
        let has_token = tabs.any(|tab| {
            let token = tab.machine.access_token();
            token.is_some_and(|token| session_of(&token) == session)
        });
        // A logout request ends the session of the cookie, which may be another one's by now.
        let may_live = world.left.sign_ins_used(&story.budget);
        has_token || (world.backend.lives(session) && !may_live)
    };
    !world.watch.ended().any(is_left) || !world.is_quiet()
}

fn no_refresh_is_needless(story: &Story, world: &World) -> bool {
    let others = world.tabs.len() as u8 - 1;
    let excused = world.left.excuses(&story.budget, others);
    world.watch.refreshes <= 1 + excused + world.watch.excused
}

fn nothing_waits_for_long(_: &Story, world: &World) -> bool {
    let mut running = world.tabs.iter().filter(|tab| tab.is_running());
    running.all(|tab| {
        let oldest = tab.app.oldest_wait();
        oldest.is_none_or(|since| world.clock - since <= LONGEST_WAIT)
    })
}

fn nothing_is_left_waiting(_: &Story, world: &World) -> bool {
    let mut running = world.tabs.iter().filter(|tab| tab.is_running());
    running.all(|tab| tab.app.oldest_wait().is_none()) || !world.is_quiet()
}

fn no_lock_is_kept(_: &Story, world: &World) -> bool {
    let mut tabs = world.tabs.iter().enumerate();
    let is_involved = tabs.any(|(slot, tab)| tab.is_running() && world.locks.are_held_by(slot));
    !is_involved || !world.is_quiet()
}

/// Timers stop once there is nothing left to do.
fn all_comes_to_rest(story: &Story, world: &World) -> bool {
    world.clock - story.start.clock <= REST
}

/// A session ends by logging out, or when the one answer that held its cookie got lost. Strict
/// rotation cannot tell the second use of a cookie from theft. So a tab that held the lock and is
/// gone, or that its peers have given up on, may cost the session there.
fn no_session_is_lost(story: &Story, world: &World) -> bool {
    let is_excused = world.watch.anyone_logged_out()
        || world
            .left
            .risks_cookie(&story.budget, world.backend.grace > 0);
    let jar = world.jar.map(|cookie| cookie.session);
    is_excused || jar.is_some_and(|session| world.backend.lives(session))
}
