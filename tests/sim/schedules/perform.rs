//! A step of a schedule, done. One that cannot be done does nothing.

use tokenhold::core::{Company, Policy};

use super::deed::{Deed, On};
use super::schedule::Step;
use super::settings::Settings;
use crate::world::{Group, SECOND, Weather};

const PEOPLE: [&str; 2] = ["alice", "bob"];

pub fn perform(group: &mut Group, settings: &Settings, step: Step) {
    let Step { deed, tab, number } = step;
    let able = group
        .tabs
        .get(tab)
        .is_some_and(|app| deed.on().takes(app.life) && !app.disposed);
    if deed.on() != On::None && !able {
        return;
    }
    group.journal.count(deed.name());
    group.journal.write(group.now, || format!("━━ {step}"));
    match deed {
        Deed::Pass => group.run(number),
        Deed::Open | Deed::OpenHidden | Deed::OpenQuiet | Deed::OpenAlone => {
            open(group, settings, deed);
        }
        Deed::Look | Deed::Hide | Deed::Focus => look(group, deed, tab),
        Deed::Freeze => group.freeze(tab),
        Deed::Thaw => group.thaw(tab),
        Deed::Leave => group.leave(tab),
        Deed::Back => group.come_back(tab),
        Deed::Close => group.unload(tab),
        Deed::Crash | Deed::CrashFrozen | Deed::Evict => group.crash(tab),
        Deed::Reload => {
            group.unload(tab);
            open(group, settings, Deed::Open);
        }
        Deed::Dispose => group.dispose(tab),
        Deed::Sleep => group.sleep(number),
        Deed::ClockForward | Deed::ClockBack => group.set_wall_clock(signed(step)),
        Deed::PageClockForward | Deed::PageClockBack => group.set_page_clock(tab, signed(step)),
        Deed::Restart => group.backend.down_until = group.now + number,
        Deed::RevokeTokens => group.backend.revoke_all_tokens(),
        Deed::EndSessions => group.backend.end_all_sessions(),
        Deed::RejectAll => group.backend.rejects_all = true,
        Deed::AcceptAgain => group.backend.rejects_all = false,
        Deed::RoughChannel => group.set_rough(true),
        Deed::FineChannel => group.set_rough(false),
        Deed::Forge => group.forge(number),
        Deed::Replay => group.replay(number),
        Deed::SignIn => {
            group.sign_in(tab, PEOPLE[number as usize % 2]);
        }
        Deed::SignInByCookie => {
            let person = unnoticed(group, settings, number);
            group.sign_in_by_cookie(tab, person);
        }
        Deed::Login => {
            let person = unnoticed(group, settings, number);
            group.login(person);
        }
        Deed::Logout => {
            group.logout(tab);
        }
        Deed::Refresh => {
            group.refresh(tab);
        }
        Deed::Request => {
            for _ in 0..=number {
                group.request(tab);
            }
        }
        Deed::Abort => group.abort_latest(tab),
        _ => {
            if let Some(weather) = weather(deed, number) {
                group.set_weather(weather);
            }
        }
    }
}

fn open(group: &mut Group, settings: &Settings, deed: Deed) {
    let policy = Policy {
        restore: deed != Deed::OpenQuiet,
        ..settings.policy()
    };
    let company = if deed == Deed::OpenAlone {
        Company::Alone
    } else {
        Company::Siblings
    };
    let tab = group.open_with(policy, company);
    if deed == Deed::OpenHidden {
        group.hide(tab);
    }
}

fn look(group: &mut Group, deed: Deed, tab: usize) {
    match deed {
        Deed::Look => group.look_at(tab),
        Deed::Hide => group.hide(tab),
        _ => group.focus(tab),
    }
}

fn signed(step: Step) -> i64 {
    let backwards = matches!(step.deed, Deed::ClockBack | Deed::PageClockBack);
    let by = step.number as i64;
    if backwards { -by } else { by }
}

/// While no tab has been told, an opaque token does not say that the cookie is another person's.
fn unnoticed(group: &Group, settings: &Settings, number: u64) -> &'static str {
    let same = group.person_of_cookie().filter(|_| settings.opaque == 1);
    same.unwrap_or(PEOPLE[number as usize % 2])
}

fn weather(deed: Deed, number: u64) -> Option<Weather> {
    Some(match deed {
        Deed::Fine => Weather::Fine,
        Deed::Offline => Weather::Offline,
        Deed::LosesRequests => Weather::LosesRequests,
        Deed::LosesAnswers => Weather::LosesAnswers,
        Deed::Silent => Weather::Silent,
        Deed::Deaf => Weather::Deaf,
        Deed::Slow => Weather::Slow,
        Deed::Flaky => Weather::Flaky,
        Deed::Html => Weather::Html,
        Deed::Status500 => Weather::Refuses(500, None),
        Deed::Status503 => Weather::Refuses(503, None),
        Deed::Status429 => Weather::Refuses(429, None),
        Deed::Status503RetryAfter => Weather::Refuses(503, Some(number * SECOND)),
        Deed::Status429RetryAfter => Weather::Refuses(429, Some(number * SECOND)),
        _ => return None,
    })
}
