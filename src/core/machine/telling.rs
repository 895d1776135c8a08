//! Telling the peers, and telling the app once that the tab is ready.

use super::{Machine, TabSharing};
use crate::core::effect::Effect;
use crate::core::event::{Event, Warning};
use crate::core::message::Message;
use crate::core::presence::Presence;

impl Machine {
    /// Shows the peers the state this tab is in.
    pub(super) fn announce(&mut self) {
        if self.sharing == TabSharing::Shared && !self.page.is_away() {
            self.outbox.push(Effect::Announce(Presence {
                tab: self.state.tab(),
                version: self.state.version(),
                backoff: self.backoff.shared(),
                is_logging_out: self.pending_logouts.is_any(&self.timers),
            }));
        }
    }

    pub(super) fn post(&mut self, message: Message) {
        if !self.page.is_away() {
            self.outbox.push(Effect::Post(message));
        }
    }

    pub(super) fn warn_of_working_alone(&mut self) {
        if !std::mem::replace(&mut self.has_warned, true) {
            self.outbox.emit(Event::Warning(Warning::WorksAlone));
        }
    }

    pub(super) fn become_ready(&mut self) {
        if !std::mem::replace(&mut self.is_ready, true) {
            self.outbox.push(Effect::Ready);
        }
    }
}
