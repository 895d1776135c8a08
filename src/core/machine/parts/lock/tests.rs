use super::*;

const TIMEOUT: u64 = 10_000;
const LONGEST_TASK: u64 = TIMEOUT + BEFORE_SENDING_MS;
const SECOND: Rank = Rank(2);

fn at(ms: u64) -> Now {
    Now {
        monotonic: ms,
        wall: ms,
    }
}

/// The machine has run for `ms`, and its wall clock says that it was much more.
fn set_forward(ms: u64) -> Now {
    Now {
        wall: ms + 1_000_000,
        ..at(ms)
    }
}

fn holder(rank: Rank) -> Holder {
    Holder { rank, client: 7 }
}

struct World {
    lock: Lock,
    out: Outbox,
    timers: Timers,
}

impl World {
    fn new() -> World {
        World {
            lock: Lock::new(TIMEOUT),
            out: Outbox::default(),
            timers: Timers::default(),
        }
    }

    /// A tab that waits for the lock since the beginning of time.
    fn waiting() -> World {
        let mut world = World::new();
        let World { lock, out, timers } = &mut world;
        lock.line_up(at(0), out, timers);
        world
    }

    /// A tab that got the lock at once.
    fn looking() -> World {
        let mut world = World::waiting();
        world.out.drain();
        world.grant(Ticket(1), 0);
        world.out.drain();
        world
    }

    fn grant(&mut self, ticket: Ticket, ms: u64) -> Vec<Effect> {
        let World { lock, out, timers } = self;
        lock.granted(ticket, at(ms), out, timers);
        out.drain()
    }

    fn wait_is_over(&mut self, is_needed: bool, ms: u64) -> Vec<Effect> {
        let World { lock, out, timers } = self;
        lock.wait_is_over(is_needed, at(ms), out, timers);
        out.drain()
    }

    /// Sees the holders, once a second from `since` until `until`.
    fn watch(&mut self, holders: &[Holder], since: u64, until: u64) -> Vec<Effect> {
        let World { lock, out, timers } = self;
        for ms in (since..=until).step_by(1_000) {
            lock.listed(holders, at(ms));
            lock.watch_the_one_in_front(at(ms), out, timers);
        }
        out.drain()
    }

    fn next_timer(&mut self, ms: u64) -> Option<(Timer, u64)> {
        let left = self.timers.next(at(ms))?;
        Some((self.timers.take_due(at(ms + left))?, left))
    }
}

#[test]
fn a_tab_that_lines_up_glances_soon_at_the_one_in_front() {
    let mut world = World::waiting();
    assert_eq!(
        world.out.drain(),
        [Effect::RequestLock(Ticket(1), Rank::FIRST)]
    );
    assert!(!world.lock.is_idle() && world.lock.is_at_its_beginning());
    assert_eq!(world.next_timer(0), Some((Timer::LockWait, GLANCE_MS)));
    assert_eq!(world.wait_is_over(true, GLANCE_MS), [Effect::QueryPeers]);
    let next = world.next_timer(GLANCE_MS);
    assert_eq!(next, Some((Timer::LockWait, WATCH_EVERY_MS)));
}

#[test]
fn with_the_lock_a_tab_looks_first() {
    let mut world = World::waiting();
    world.out.drain();
    assert_eq!(world.grant(Ticket(1), 100), [Effect::QueryPeers]);
    assert!(world.lock.is_at(LockedTask::Looking) && world.lock.is_at_its_beginning());
    assert_eq!(world.next_timer(100), Some((Timer::Look, LOOK_MS)));
    assert_eq!(world.next_timer(100), None);
    world.lock.go_on_to(LockedTask::Asking);
    assert!(world.lock.is_at(LockedTask::Asking));
    assert!(!world.lock.is_at_its_beginning() && !world.lock.is_idle());
}

#[test]
fn one_flight_a_lock_that_was_not_asked_for_is_given_back() {
    let mut world = World::new();
    let back = [Effect::ReleaseLock(Ticket(9))];
    assert_eq!(world.grant(Ticket(9), 0), back);
    assert!(world.lock.is_idle());
    let mut world = World::waiting();
    world.out.drain();
    assert_eq!(world.grant(Ticket(9), 0), back);
    assert!(!world.lock.is_at(LockedTask::Looking));
    let mut world = World::looking();
    world.lock.go_on_to(LockedTask::Refreshing);
    assert_eq!(world.grant(Ticket(1), 0), [Effect::ReleaseLock(Ticket(1))]);
    assert!(world.lock.is_at(LockedTask::Refreshing));
}

#[test]
fn lists_asked_for_before_the_look_do_not_count() {
    let mut world = World::waiting();
    world.lock.query(&mut world.out);
    world.lock.query(&mut world.out);
    world.lock.listed(&[], at(0));
    world.grant(Ticket(1), 0);
    assert!(!world.lock.listed(&[], at(0)));
    assert!(world.lock.listed(&[], at(0)));
    assert!(world.lock.listed(&[], at(0)));
}

#[test]
fn lists_that_have_been_forgotten_are_not_waited_for() {
    let mut world = World::waiting();
    world.lock.query(&mut world.out);
    world.lock.forget_queries();
    world.grant(Ticket(1), 0);
    assert!(world.lock.listed(&[], at(0)));
}

#[test]
fn liveness_behind_a_silent_holder_a_tab_lines_up_for_the_next_lock() {
    let mut world = World::waiting();
    world.out.drain();
    let holders = [holder(Rank::FIRST)];
    assert_eq!(world.watch(&holders, 0, LONGEST_TASK - 1_000), []);
    assert_eq!(
        world.watch(&holders, LONGEST_TASK, LONGEST_TASK),
        [
            Effect::RequestLock(Ticket(2), SECOND),
            Effect::ReleaseLock(Ticket(1)),
        ]
    );
    world.grant(Ticket(2), LONGEST_TASK);
    assert!(!world.lock.peers_are_at_work(at(LONGEST_TASK)));
}

#[test]
fn only_a_tab_that_waits_watches_the_one_in_front() {
    let mut world = World::looking();
    assert_eq!(world.watch(&[holder(Rank::FIRST)], 0, LONGEST_TASK), []);
    let mut world = World::waiting();
    world.out.drain();
    assert_eq!(world.watch(&[holder(SECOND)], 0, LONGEST_TASK), []);
}

#[test]
fn one_flight_a_holder_of_another_lock_is_at_work_until_it_is_silent() {
    let mut world = World::looking();
    assert!(!world.lock.peers_are_at_work(at(0)));
    world.watch(&[holder(Rank::FIRST)], 0, 0);
    assert!(!world.lock.peers_are_at_work(at(0)));
    world.watch(&[holder(SECOND)], 1_000, LONGEST_TASK);
    assert!(world.lock.peers_are_at_work(at(LONGEST_TASK + 999)));
    assert!(!world.lock.peers_are_at_work(at(LONGEST_TASK + 1_000)));
    world.lock.release(&mut world.out);
    assert!(!world.lock.peers_are_at_work(at(1_000)));
}

#[test]
fn one_flight_a_tab_that_was_frozen_with_the_lock_is_late_and_then_silent() {
    let world = World::looking();
    assert!(!world.lock.is_late(at(BEFORE_SENDING_MS)));
    assert!(world.lock.is_late(at(BEFORE_SENDING_MS + 1)));
    assert!(!world.lock.is_silent(at(LONGEST_TASK)));
    assert!(world.lock.is_silent(at(LONGEST_TASK + 1)));
    assert!(!World::waiting().lock.is_late(at(LONGEST_TASK)));
}

#[test]
fn a_tab_that_watched_was_not_frozen() {
    let mut world = World::waiting();
    world.wait_is_over(true, BEFORE_SENDING_MS);
    world.grant(Ticket(1), BEFORE_SENDING_MS);
    assert!(!world.lock.is_late(at(2 * BEFORE_SENDING_MS)));
    assert!(world.lock.is_late(at(2 * BEFORE_SENDING_MS + 1)));
}

#[test]
fn one_flight_a_tab_that_was_frozen_in_the_line_lines_up_anew() {
    let mut world = World::waiting();
    world.out.drain();
    world.watch(&[holder(Rank::FIRST)], 0, 5_000);
    assert_eq!(
        world.wait_is_over(true, BEFORE_SENDING_MS + 1),
        [
            Effect::ReleaseLock(Ticket(1)),
            Effect::RequestLock(Ticket(2), Rank::FIRST),
        ]
    );
    assert_eq!(world.watch(&[holder(Rank::FIRST)], 6_000, LONGEST_TASK), []);
}

#[test]
fn nobody_is_silent_while_only_the_wall_clock_goes_on() {
    let mut world = World::looking();
    world.watch(&[holder(SECOND)], 0, 0);
    assert!(!world.lock.is_late(set_forward(BEFORE_SENDING_MS)));
    assert!(world.lock.peers_are_at_work(set_forward(BEFORE_SENDING_MS)));
    let mut world = World::waiting();
    world.watch(&[holder(Rank::FIRST)], 0, 0);
    let World { lock, out, timers } = &mut world;
    lock.watch_the_one_in_front(set_forward(BEFORE_SENDING_MS), out, timers);
    lock.wait_is_over(true, set_forward(BEFORE_SENDING_MS), out, timers);
    assert_eq!(out.drain(), [Effect::QueryPeers]);
}

#[test]
fn a_tab_that_steps_back_comes_again_if_it_still_needs_the_lock() {
    let mut world = World::looking();
    world.watch(&[holder(Rank::FIRST), holder(SECOND)], 0, 0);
    let World { lock, out, timers } = &mut world;
    lock.step_back(at(0), out, timers);
    assert_eq!(out.drain(), [Effect::ReleaseLock(Ticket(1))]);
    assert!(lock.is_idle());
    timers.stop(Timer::Look);
    assert_eq!(world.next_timer(0), Some((Timer::LockWait, STEP_BACK_MS)));
    assert_eq!(world.wait_is_over(false, STEP_BACK_MS), []);
    let first = [Effect::RequestLock(Ticket(2), Rank::FIRST)];
    assert_eq!(world.wait_is_over(true, STEP_BACK_MS), first);
}

#[test]
fn what_was_seen_of_the_first_lock_does_not_count_after_a_step_back() {
    let mut world = World::looking();
    world.watch(&[holder(Rank::FIRST), holder(SECOND)], 0, 1_000);
    let World { lock, out, timers } = &mut world;
    lock.step_back(at(1_000), out, timers);
    world.wait_is_over(true, 2_000);
    let both = [holder(Rank::FIRST), holder(SECOND)];
    assert_eq!(world.watch(&both, 2_000, LONGEST_TASK + 1_000), []);
    let second = Effect::RequestLock(Ticket(3), SECOND);
    let effects = world.watch(&both, LONGEST_TASK + 2_000, LONGEST_TASK + 2_000);
    assert_eq!(effects.first(), Some(&second));
}

#[test]
fn letting_go_is_said_once_and_ends_the_wait() {
    let mut world = World::waiting();
    world.out.drain();
    let World { lock, out, timers } = &mut world;
    lock.let_go(out, timers);
    assert_eq!(out.drain(), [Effect::ReleaseLock(Ticket(1))]);
    assert!(lock.is_idle() && !timers.is_set(Timer::LockWait));
    lock.let_go(out, timers);
    assert_eq!(out.drain(), []);
}

#[test]
fn a_tab_that_works_alone_has_no_lock_to_let_go_of() {
    let mut world = World::new();
    world.lock.do_without();
    assert!(world.lock.is_at(LockedTask::Looking));
    assert!(!world.lock.is_late(at(1_000_000)));
    let World { lock, out, .. } = &mut world;
    lock.release(out);
    assert_eq!(out.drain(), []);
    assert!(lock.is_idle());
}

#[test]
fn the_lock_is_kept_while_the_others_are_shown_what_came_of_it() {
    let mut world = World::looking();
    world.timers.stop_all();
    world.lock.publish(at(0), &mut world.timers);
    assert!(world.lock.is_at(LockedTask::Publishing));
    assert_eq!(world.next_timer(0), Some((Timer::Publish, PUBLISH_MS)));
}

#[test]
fn without_the_lock_there_is_no_task_to_go_on_to() {
    let mut world = World::waiting();
    world.lock.go_on_to(LockedTask::Refreshing);
    assert!(!world.lock.is_at(LockedTask::Refreshing));
}
