//! The reference model: what people have done and what became of their sessions, in the simplest terms that the tabs
//! can be held against. It sees every event at once, wherever it happens, and knows nothing of the protocol.

use std::collections::{BTreeMap, BTreeSet};

use tokenhold::core::{AttemptId, Version};

use super::SECOND;

/// Two acts in two tabs within this time count as simultaneous: neither tab need have heard of the other's.
const AT_ONCE_MS: u64 = 10 * SECOND;

#[derive(Default)]
pub struct Reference {
    sign_ins: BTreeMap<usize, SignIn>,
    /// Of which session the tabs' first token of each epoch was.
    epochs: BTreeMap<u64, usize>,
    logouts: Vec<Logout>,
    /// A script that is no tab posts messages.
    pub is_hostile: bool,
    /// The highest version that a tab has ever given to a state.
    pub newest: Version,
    /// Whether a tab has given a lower version than the highest. That happens after the clock was set back, or if the
    /// tab's clock differs from its peers', or was set while its refresh was under way.
    pub is_blind: bool,
    /// When something last kept tabs from hearing each other, or spoiled their clocks.
    pub disturbed_at: u64,
}

struct SignIn {
    at: u64,
    /// The logouts that the tab had heard of when it signed in.
    knew: BTreeSet<usize>,
    /// When a tab first had a token of it, and as which version.
    adopted: Option<(u64, Version)>,
    /// A tab took a token of it for one of another session, as it can where an opaque one comes in its cookie's place.
    mistaken: bool,
    /// A refresh was sent with an older session's cookie, which had overwritten this session's.
    overwritten: bool,
    /// A refresh from before the login waited in the browser and carried its cookie. For the tabs, a session is as old
    /// as the request for it.
    asked_for_early: bool,
}

struct Logout {
    at: u64,
    by: usize,
    version: Version,
    /// The requests that stand for it.
    requests: Vec<AttemptId>,
    /// The backend has confirmed it.
    confirmed: bool,
    /// The tab went or gave up before the confirmation, so the cookie may still be good.
    given_up: bool,
}

impl Reference {
    pub fn logged_in(&mut self, session: usize, knew: BTreeSet<usize>, at: u64) {
        let sign_in = SignIn {
            at,
            knew,
            adopted: None,
            mistaken: false,
            overwritten: false,
            asked_for_early: false,
        };
        self.sign_ins.insert(session, sign_in);
    }

    /// Notes that a refresh sent at `sent` did not carry this session's cookie.
    pub fn was_overwritten(&mut self, session: usize, sent: u64) {
        if let Some(sign_in) = self.sign_ins.get_mut(&session) {
            sign_in.overwritten |= sign_in.at < sent;
        }
    }

    /// Notes that a refresh that its tab had sent then carries this session's cookie.
    pub fn was_asked_for(&mut self, session: usize, sent: u64) {
        if let Some(sign_in) = self.sign_ins.get_mut(&session) {
            sign_in.asked_for_early |= sent <= sign_in.at;
        }
    }

    pub fn adopted(&mut self, session: usize, version: Version, at: u64) {
        if let Some(sign_in) = self.sign_ins.get_mut(&session) {
            sign_in.adopted.get_or_insert((at, version));
            sign_in.mistaken |= *self.epochs.entry(version.epoch).or_insert(session) != session;
        }
    }

    /// Whether a tab that has `heard` of this version has heard of the session, by the version that another tab gave
    /// it. It has not if a tab took the session for another one.
    pub fn is_told_by(&self, session: usize, heard: Version) -> bool {
        let sign_in = &self.sign_ins[&session];
        let epoch = sign_in.adopted.map(|(_, version)| version.epoch);
        epoch.is_some_and(|epoch| epoch <= heard.epoch) && !sign_in.mistaken
    }

    pub fn is_disturbed(&mut self, at: u64) {
        self.disturbed_at = self.disturbed_at.max(at);
    }

    /// Returns the number of this logout.
    pub fn logged_out(&mut self, by: usize, at: u64) -> usize {
        self.logouts.push(Logout {
            at,
            by,
            version: Version::default(),
            requests: Vec::new(),
            confirmed: false,
            given_up: false,
        });
        self.logouts.len() - 1
    }

    /// Notes the version by which the tabs know this logout.
    pub fn number_logout(&mut self, number: usize, version: Version) {
        self.logouts[number].version = version;
    }

    pub fn give_up_logouts_of(&mut self, tab: usize) {
        for logout in self.logouts.iter_mut().filter(|logout| logout.by == tab) {
            logout.given_up |= !logout.confirmed;
        }
    }

    /// Notes that this request of the tab stands for all its logouts so far.
    pub fn sent_logout(&mut self, tab: usize, id: AttemptId) {
        for logout in self.logouts.iter_mut().filter(|logout| logout.by == tab) {
            logout.requests.push(id);
        }
    }

    pub fn confirmed_logout(&mut self, tab: usize, id: AttemptId) {
        for logout in self.logouts.iter_mut().filter(|logout| logout.by == tab) {
            logout.confirmed |= logout.requests.contains(&id);
        }
    }

    /// The logouts `since` then that a tab knows of once it hears of the end `version`, which may be forged.
    pub fn logouts_up_to(&self, version: Version, since: u64) -> Vec<usize> {
        let is_one = self.logouts.iter().any(|logout| logout.version == version);
        let numbered = self.logouts.iter().enumerate();
        numbered
            .filter(|(_, logout)| is_one && logout.version <= version && logout.at >= since)
            .map(|(number, _)| number)
            .collect()
    }

    /// Whether the session began after all logouts, one of them in this tab, and a tab that has `heard` of this version
    /// has heard of the session.
    pub fn began_after_logout(&self, session: usize, tab: usize, heard: Version) -> bool {
        let sign_in = &self.sign_ins[&session];
        let has_left = self.logouts.iter().any(|logout| logout.by == tab);
        let mut logouts = self.logouts.iter().enumerate();
        let is_after = logouts.all(|(number, logout)| {
            sign_in.knew.contains(&number) || logout.at + AT_ONCE_MS < sign_in.at
        });
        has_left && is_after && self.is_told_by(session, heard)
    }

    /// Whether a tab that has been `told` of these logouts knows that the session is over for good.
    pub fn is_known_to_be_over(&self, session: usize, told: &BTreeSet<usize>) -> bool {
        told.iter().any(|number| {
            let logout = &self.logouts[*number];
            !logout.given_up && self.ends(logout, session)
        })
    }

    /// Whether something explains why a tab is signed out of this session: a logout after its sign-in, a simultaneous
    /// logout of which the tab that signed in had not heard, an older session's cookie, or an older request.
    pub fn may_have_been_left(&self, session: usize) -> bool {
        let sign_in = &self.sign_ins[&session];
        let mut logouts = self.logouts.iter().enumerate();
        let was_left = logouts.any(|(number, logout)| {
            let at_once = logout.at + AT_ONCE_MS > sign_in.at && !sign_in.knew.contains(&number);
            logout.at > sign_in.at || at_once
        });
        was_left || sign_in.overwritten || sign_in.asked_for_early
    }

    /// Whether the logout ended this session. It did if some tab had adopted the session before, either long enough ago
    /// or with a version that the logout's version follows.
    fn ends(&self, logout: &Logout, session: usize) -> bool {
        let sign_in = &self.sign_ins[&session];
        sign_in.at < logout.at
            && sign_in.adopted.is_some_and(|(at, version)| {
                at + AT_ONCE_MS < logout.at || (at <= logout.at && version < logout.version)
            })
    }
}
