//! Performs a step of a schedule. A step that is impossible does nothing.

use tokenhold::core::{Policy, TabSharing};

use super::action::{Action, On};
use super::schedule::Step;
use super::settings::Settings;
use crate::world::{Group, SECOND, Weather};

const PEOPLE: [&str; 2] = ["alice", "bob"];

pub fn perform(group: &mut Group, settings: &Settings, step: Step) {
    let Step {
        action,
        tab,
        number,
    } = step;
    let able = group
        .tabs
        .get(tab)
        .is_some_and(|app| action.on().takes(app.life) && !app.disposed);
    if action.on() != On::None && !able {
        return;
    }
    group.journal.count(action.name());
    group.journal.write(group.now, || format!("━━ {step}"));
    match action {
        Action::Pass => group.run(number),
        Action::Open | Action::OpenHidden | Action::OpenQuiet | Action::OpenAlone => {
            open(group, settings, action);
        }
        Action::Look | Action::Hide | Action::Focus => look(group, action, tab),
        Action::Freeze => group.freeze(tab),
        Action::Thaw => group.thaw(tab),
        Action::Leave => group.leave(tab),
        Action::AskToLeave => group.ask_to_leave(tab),
        Action::Back => group.come_back(tab),
        Action::Close => group.unload(tab),
        Action::Crash | Action::CrashFrozen | Action::Evict => group.crash(tab),
        Action::Reload => {
            group.unload(tab);
            open(group, settings, Action::Open);
        }
        Action::Dispose => group.dispose(tab),
        Action::Sleep => group.sleep(number),
        Action::ClockForward | Action::ClockBack => group.set_wall_clock(signed(step)),
        Action::PageClockForward | Action::PageClockBack => group.set_page_clock(tab, signed(step)),
        Action::Restart => group.backend.down_until = group.now + number,
        Action::RevokeTokens => group.backend.revoke_all_tokens(),
        Action::EndSessions => group.backend.end_all_sessions(),
        Action::RejectAll => group.backend.rejects_all = true,
        Action::AcceptAgain => group.backend.rejects_all = false,
        Action::RoughChannel => group.set_rough(true),
        Action::FineChannel => group.set_rough(false),
        Action::Forge => group.forge(number),
        Action::Replay => group.replay(number),
        Action::SignIn => {
            group.sign_in(tab, PEOPLE[number as usize % 2]);
        }
        Action::SignInByCookie => {
            let person = unnoticed(group, settings, number);
            group.sign_in_by_cookie(tab, person);
        }
        Action::Login => {
            let person = unnoticed(group, settings, number);
            group.login(person);
        }
        Action::LoginWithLock => {
            group.log_in_with_lock(tab, PEOPLE[number as usize % 2]);
        }
        Action::Logout => {
            group.logout(tab);
        }
        Action::Refresh => {
            group.refresh(tab);
        }
        Action::Request => {
            for _ in 0..=number {
                group.request(tab);
            }
        }
        Action::Abort => group.abort_latest(tab),
        _ => {
            if let Some(weather) = weather(action, number) {
                group.set_weather(weather);
            }
        }
    }
}

fn open(group: &mut Group, settings: &Settings, action: Action) {
    let policy = Policy {
        restore: action != Action::OpenQuiet,
        ..settings.policy()
    };
    let sharing = if action == Action::OpenAlone {
        TabSharing::Alone
    } else {
        TabSharing::Shared
    };
    let tab = group.open_with(policy, sharing);
    if action == Action::OpenHidden {
        group.hide(tab);
    }
}

fn look(group: &mut Group, action: Action, tab: usize) {
    match action {
        Action::Look => group.look_at(tab),
        Action::Hide => group.hide(tab),
        _ => group.focus(tab),
    }
}

fn signed(step: Step) -> i64 {
    let backwards = matches!(step.action, Action::ClockBack | Action::PageClockBack);
    let by = step.number as i64;
    if backwards { -by } else { by }
}

/// While no tab has been told, an opaque token does not say that the cookie is another person's. That may be another
/// than the person who is signed in, too: of a cookie that is dead, tabs still have the token.
fn unnoticed(group: &Group, settings: &Settings, number: u64) -> &'static str {
    let before = || {
        group
            .person_of_cookie()
            .or_else(|| group.person_of_newest_session())
    };
    let same = (settings.opaque == 1).then(before).flatten();
    same.unwrap_or(PEOPLE[number as usize % 2])
}

fn weather(action: Action, number: u64) -> Option<Weather> {
    Some(match action {
        Action::Fine => Weather::Fine,
        Action::Offline => Weather::Offline,
        Action::LosesRequests => Weather::LosesRequests,
        Action::LosesAnswers => Weather::LosesAnswers,
        Action::Silent => Weather::Silent,
        Action::Deaf => Weather::Deaf,
        Action::Held => Weather::Held,
        Action::Slow => Weather::Slow,
        Action::Flaky => Weather::Flaky,
        Action::Html => Weather::Html,
        Action::Status500 => Weather::Refuses(500, None),
        Action::Status503 => Weather::Refuses(503, None),
        Action::Status429 => Weather::Refuses(429, None),
        Action::Status503RetryAfter => Weather::Refuses(503, Some(number * SECOND)),
        Action::Status429RetryAfter => Weather::Refuses(429, Some(number * SECOND)),
        _ => return None,
    })
}
