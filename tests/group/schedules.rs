//! Thousands of random schedules of simple faults. The invariants are checked at every step; at
//! the end the faults are over, and everything must work again.

use tokenhold::core::Status;

use crate::world::{Backend, Group, HOUR, Life, MINUTE, Outcome, Random, SECOND, Weather};

const SCHEDULES: u64 = 2_000;
const STEPS: u64 = 40;
const MAX_TABS: usize = 6;
const PEOPLE: [&str; 2] = ["alice", "bob"];

#[test]
fn every_schedule_keeps_the_invariants_and_ends_well() {
    let mut signed_in = 0;
    for seed in 0..SCHEDULES {
        let _named = Named(seed);
        let mut group = run(seed);
        recover(&mut group);
        signed_in += u64::from(ends_well(&mut group) == Status::SignedIn);
    }
    let signed_out = SCHEDULES - signed_in;
    assert!(
        signed_in > SCHEDULES / 10 && signed_out > SCHEDULES / 10,
        "both ends are met often: {signed_in} signed in, {signed_out} signed out"
    );
}

/// Says which schedule it was that failed.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("schedule {}", self.0);
        }
    }
}

fn run(seed: u64) -> Group {
    let mut random = Random::seeded(seed);
    let grace = *random.pick(&[0, 5 * SECOND]);
    let mut group = Group::with_session(Backend::with_grace(grace), "alice");
    group.random = Random::seeded(random.next());
    group.backend.tells_subject = random.chance(50);
    group.latency.locks = 0..1 + random.below(20);
    group.latency.channel = 0..1 + random.below(20);
    group.latency.network = 20..21 + random.below(500);
    group.open();
    for _ in 0..STEPS {
        disturb(&mut group, &mut random);
        let longest = *random.pick(&[10, SECOND, 10 * SECOND, 5 * MINUTE]);
        group.run(random.below(longest));
    }
    group
}

fn disturb(group: &mut Group, random: &mut Random) {
    let tab = *random.pick(&(0..group.tabs.len()).collect::<Vec<_>>());
    match (random.below(100), group.tabs[tab].life) {
        (0..10, _) if alive(group) < MAX_TABS => drop(group.open()),
        (10..12, _) => group.backend.revoke_all_tokens(),
        (12..13, _) => group.backend.end_all_sessions(),
        (13..18, _) => group.sleep(random.below(HOUR)),
        (18..28, _) => {
            let rough = [Weather::Busy, Weather::Offline, Weather::OneWay];
            let fine = random.chance(60);
            group.backend.weather = if fine {
                Weather::Fine
            } else {
                *random.pick(&rough)
            };
        }
        (28..55, Life::Frozen) => group.thaw(tab),
        (28..55, Life::Away) => group.come_back(tab),
        (28..32, Life::Running) => group.close(tab),
        (32..36, Life::Running) => group.leave(tab),
        (36..42, Life::Running) => group.freeze(tab),
        (42..48, Life::Running) => group.hide(tab),
        (48..55, Life::Running) => group.look_at(tab),
        (55..59, Life::Running) => drop(group.logout(tab)),
        (59..64, Life::Running) => drop(group.refresh(tab)),
        (64..70, Life::Running) if group.auth_is_quiet() => sign_in(group, tab, random),
        (70..100, Life::Running) => {
            for _ in 0..=random.below(5) {
                let request = group.request(tab);
                if random.chance(10) {
                    group.abort(tab, request);
                }
            }
        }
        _ => {}
    }
}

/// An opaque token does not tell that the cookie is another person's before this tab does.
fn sign_in(group: &mut Group, tab: usize, random: &mut Random) {
    let person = random.pick(&PEOPLE);
    if random.chance(50) && group.backend.tells_subject {
        group.sign_in_by_cookie(tab, person);
    } else {
        group.sign_in(tab, person);
    }
}

fn alive(group: &Group) -> usize {
    let lives = group.tabs.iter().map(|tab| tab.life);
    lives.filter(|life| *life != Life::Dead).count()
}

fn recover(group: &mut Group) {
    group.backend.weather = Weather::Fine;
    for tab in 0..group.tabs.len() {
        match group.tabs[tab].life {
            Life::Frozen => group.thaw(tab),
            Life::Away => group.come_back(tab),
            Life::Running | Life::Dead => {}
        }
    }
    if group.running().is_empty() {
        group.open();
    }
    group.run(2 * SECOND);
    for tab in group.running() {
        group.look_at(tab);
    }
    group.run(3 * MINUTE);
    // A cookie whose successor got lost shows only now.
    group.refresh(group.running()[0]);
    group.settle();
}

/// All tabs agree, and what they agree on is so.
fn ends_well(group: &mut Group) -> Status {
    let tabs = group.running();
    let requests: Vec<_> = tabs.iter().map(|tab| group.request(*tab)).collect();
    group.settle();
    let status = group.tabs[tabs[0]].status();
    let expected = match status {
        Status::SignedIn => vec![Outcome::Answered(200)],
        _ => vec![Outcome::Answered(401), Outcome::Rejected("session-ended")],
    };
    for (tab, request) in tabs.into_iter().zip(requests) {
        let outcome = group.tabs[tab].outcome(request).expect("it has settled");
        assert!(expected.contains(&outcome), "tab {tab}: {outcome:?}");
        assert_eq!(group.tabs[tab].status(), status, "tab {tab}");
    }
    assert_ne!(status, Status::Restoring);
    assert!(status == Status::SignedOut || group.has_live_session());
    status
}
