//! The reference model: what people have done and what became of their sessions, in the simplest terms that the tabs
//! can be held against. It knows all that happens anywhere, at the moment it happens, and nothing of the protocol.

use std::collections::{BTreeMap, BTreeSet};

use tokenhold::core::Version;

use super::SECOND;

/// Two things done in two tabs within this are done at once: neither tab need have heard of the other.
const AT_ONCE_MS: u64 = 10 * SECOND;

#[derive(Default)]
pub struct Reference {
    sign_ins: BTreeMap<usize, SignIn>,
    logouts: Vec<Logout>,
    /// Somebody posts messages who is no tab.
    pub is_hostile: bool,
    /// The highest number that a tab has ever given to a state.
    pub newest: Version,
    /// After the clock had been set back, a tab that knew of none so high has given a lower one; or one by a clock
    /// that is not everybody's: that of before, when its refresh left, or its own.
    pub is_blind: bool,
    /// When something last kept tabs from hearing each other, or spoiled their clocks.
    pub disturbed_at: u64,
}

struct SignIn {
    at: u64,
    /// The logouts that the tab which signed in had been told of.
    knew: BTreeSet<usize>,
    /// When a tab first had a token of it, and as which version.
    adopted: Option<(u64, Version)>,
    /// A refresh was sent with an older session's cookie when this one's should have been there.
    overwritten: bool,
}

struct Logout {
    at: u64,
    by: usize,
    version: Version,
    /// The backend has said that it is done.
    confirmed: bool,
    /// The tab has gone or lost hope before that: the cookie may still be good.
    given_up: bool,
}

impl SignIn {
    fn is_adopted_in(&self, epoch: u64) -> bool {
        self.adopted
            .is_some_and(|(_, version)| version.epoch == epoch)
    }
}

impl Reference {
    pub fn logged_in(&mut self, session: usize, knew: BTreeSet<usize>, at: u64) {
        let sign_in = SignIn {
            at,
            knew,
            adopted: None,
            overwritten: false,
        };
        self.sign_ins.insert(session, sign_in);
    }

    /// A refresh that left at `sent` had not this session's cookie.
    pub fn was_overwritten(&mut self, session: usize, sent: u64) {
        if let Some(sign_in) = self.sign_ins.get_mut(&session) {
            sign_in.overwritten |= sign_in.at < sent;
        }
    }

    pub fn adopted(&mut self, session: usize, version: Version, at: u64) {
        if let Some(sign_in) = self.sign_ins.get_mut(&session) {
            sign_in.adopted.get_or_insert((at, version));
        }
    }

    /// Whether one who has `heard` of that has heard of the session, as another tab calls it: unless that one took it for
    /// an earlier one.
    pub fn is_told_by(&self, session: usize, heard: Version) -> bool {
        let Some((_, version)) = self.sign_ins[&session].adopted else {
            return false;
        };
        let mut earlier = self.sign_ins.range(..session);
        let is_mistaken = earlier.any(|(_, other)| other.is_adopted_in(version.epoch));
        version.epoch <= heard.epoch && !is_mistaken
    }

    pub fn is_disturbed(&mut self, at: u64) {
        self.disturbed_at = self.disturbed_at.max(at);
    }

    /// Returns the number by which this logout is known.
    pub fn logged_out(&mut self, by: usize, at: u64) -> usize {
        self.logouts.push(Logout {
            at,
            by,
            version: Version::default(),
            confirmed: false,
            given_up: false,
        });
        self.logouts.len() - 1
    }

    /// The tabs call it the end `version`.
    pub fn number_logout(&mut self, number: usize, version: Version) {
        self.logouts[number].version = version;
    }

    pub fn give_up_logouts_of(&mut self, tab: usize) {
        for logout in self.logouts.iter_mut().filter(|logout| logout.by == tab) {
            logout.given_up |= !logout.confirmed;
        }
    }

    pub fn confirm_logouts_of(&mut self, tab: usize) {
        for logout in self.logouts.iter_mut().filter(|logout| logout.by == tab) {
            logout.confirmed = true;
        }
    }

    /// Those `since` then that one has been told of who hears of the end `version`, which may be a forgery.
    pub fn logouts_up_to(&self, version: Version, since: u64) -> Vec<usize> {
        let is_one = self.logouts.iter().any(|logout| logout.version == version);
        let numbered = self.logouts.iter().enumerate();
        numbered
            .filter(|(_, logout)| is_one && logout.version <= version && logout.at >= since)
            .map(|(number, _)| number)
            .collect()
    }

    /// Whether the session began after all logouts, one of them in this tab, and one who has `heard` of that has heard of it.
    pub fn began_after_logout(&self, session: usize, tab: usize, heard: Version) -> bool {
        let sign_in = &self.sign_ins[&session];
        let has_left = self.logouts.iter().any(|logout| logout.by == tab);
        let mut logouts = self.logouts.iter().enumerate();
        let is_after = logouts.all(|(number, logout)| {
            sign_in.knew.contains(&number) || logout.at + AT_ONCE_MS < sign_in.at
        });
        has_left && is_after && self.is_told_by(session, heard)
    }

    /// Whether somebody who has been `told` of these logouts knows that the session is over for good.
    pub fn is_known_to_be_over(&self, session: usize, told: &BTreeSet<usize>) -> bool {
        told.iter().any(|number| {
            let logout = &self.logouts[*number];
            !logout.given_up && self.ends(logout, session)
        })
    }

    /// Whether it is explained that somebody is signed out of this session: by a logout that came after its sign-in, or
    /// at the same time in a tab that the sign-in had not heard of; or by an older session's cookie.
    pub fn may_have_been_left(&self, session: usize) -> bool {
        let sign_in = &self.sign_ins[&session];
        let mut logouts = self.logouts.iter().enumerate();
        let was_left = logouts.any(|(number, logout)| {
            let at_once = logout.at + AT_ONCE_MS > sign_in.at && !sign_in.knew.contains(&number);
            logout.at > sign_in.at || at_once
        });
        was_left || sign_in.overwritten
    }

    /// Whether the logout was of this session: there it was known to some tab by then, for long enough or by a version
    /// that the logout is after.
    fn ends(&self, logout: &Logout, session: usize) -> bool {
        let sign_in = &self.sign_ins[&session];
        sign_in.at < logout.at
            && sign_in.adopted.is_some_and(|(at, version)| {
                at + AT_ONCE_MS < logout.at || (at <= logout.at && version < logout.version)
            })
    }
}
