//! keep-serving: no request waits in a tab whose token is good.

use tokenhold::core::Status;

use super::SECOND;
use super::group::Group;

/// A page that may have missed something holds requests for as long as it takes to see.
const LOOK_MS: u64 = SECOND;
const MARGIN_MS: u64 = SECOND;
/// A token with less time left than this is renewed before it is sent.
const LEEWAY_MS: u64 = 6 * SECOND;

impl Group {
    /// No request waits for a refresh while the token is valid.
    pub(super) fn check_held(&self) {
        for (tab, page) in self.tabs.iter().enumerate() {
            if !page.is_running() || page.status() != Status::SignedIn || !self.has_good_token(tab)
            {
                continue;
            }
            let longest = LOOK_MS + MARGIN_MS + self.throttle(tab, self.now) - 1;
            for request in page.app.requests() {
                let id = request.id;
                let held = request
                    .held_since()
                    .map(|since| since.max(page.shown_at).max(page.had_since))
                    .map_or(0, |since| self.now.saturating_sub(since));
                assert!(
                    request.times_sent > 0 || held <= longest,
                    "keep-serving: tab {tab} holds {id:?} for {held} ms though its token is valid, at {}",
                    self.now
                );
            }
        }
    }

    /// Whether the token is valid by all clocks, and for so long that no tab is about to renew it.
    fn has_good_token(&self, tab: usize) -> bool {
        let machine = &self.tabs[tab].machine;
        let Some((token, expires)) = machine.access_token().zip(machine.expires_at()) else {
            return false;
        };
        let is_long = self.clocks(tab).wall + LEEWAY_MS < expires
            && self.now + LEEWAY_MS < self.backend.issued(token.expose()).expires;
        is_long && self.is_valid_to(tab)
    }
}
