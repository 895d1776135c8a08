//! How a schedule ends: the faults are over, time passes, and everything must work again.

use tokenhold::core::{Status, TabSharing};

use crate::world::{Group, Life, MINUTE, Outcome, SECOND, Weather};

/// Ends all faults, and lets the tabs find out.
pub fn heal(group: &mut Group) {
    group
        .journal
        .write(group.now, || "━━ all faults are over".to_owned());
    group.set_weather(Weather::Fine);
    group.set_rough(false);
    group.backend.down_until = 0;
    group.backend.rejects_all = false;
    for tab in 0..group.tabs.len() {
        match group.tabs[tab].life {
            Life::Dead => {}
            // A tab without locks refreshes when it likes, which a strict backend does not forgive.
            _ if group.tabs[tab].sharing == TabSharing::Alone => group.crash(tab),
            Life::Frozen => group.thaw(tab),
            Life::Away => group.come_back(tab),
            Life::Running => {}
        }
    }
    if peers(group).is_empty() {
        group.open();
    }
    group.run(2 * SECOND);
    for tab in group.running() {
        group.look_at(tab);
    }
    // Longer than any back-off.
    group.run(3 * MINUTE);
    // A cookie whose successor got lost, or that is another person's, shows only now.
    for tab in group.running() {
        group.refresh(tab);
        group.settle();
    }
}

/// liveness: nothing waits any more. All tabs agree, and they agree on the truth.
pub fn check(group: &mut Group) -> Status {
    let requests: Vec<_> = group
        .running()
        .into_iter()
        .map(|tab| (tab, group.request(tab)))
        .collect();
    group.settle();
    let tabs = peers(group);
    let status = group.tabs[tabs[0]].status();
    for tab in &tabs {
        assert!(
            group.tabs[*tab].status() == status,
            "liveness: tab {tab} does not agree with tab {}",
            tabs[0]
        );
    }
    assert!(
        status != Status::Restoring,
        "liveness: all is well, and still restoring"
    );
    for (tab, request) in requests {
        let outcome = group.tabs[tab].outcome(request);
        assert!(
            served(group.tabs[tab].status()).contains(&outcome),
            "liveness: all is well, and a request of tab {tab} ends with {outcome:?}"
        );
    }
    if status == Status::SignedIn {
        assert!(
            group.has_live_session(),
            "logout-final: signed in without a session"
        );
        let person = group.tabs[tabs[0]].app.person;
        for tab in &tabs {
            assert!(
                group.tabs[*tab].app.person == person,
                "one-identity: tab {tab} does not agree with tab {}",
                tabs[0]
            );
        }
    }
    status
}

fn served(status: Status) -> &'static [Option<Outcome>] {
    match status {
        Status::SignedIn => &[Some(Outcome::Answered(200))],
        _ => &[
            Some(Outcome::Answered(401)),
            Some(Outcome::Rejected("session-ended")),
        ],
    }
}

fn peers(group: &Group) -> Vec<usize> {
    let running = group.running().into_iter();
    running
        .filter(|tab| group.tabs[*tab].sharing == TabSharing::Shared)
        .collect()
}
