//! The tabs of a world. Worlds that differ in one tab share the others.

use std::ops::{Index, IndexMut};
use std::sync::Arc;

use super::tab::Tab;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tabs(Vec<Arc<Tab>>);

impl Tabs {
    pub fn new(tabs: impl Iterator<Item = Tab>) -> Tabs {
        Tabs(tabs.map(Arc::new).collect())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Tab> {
        self.0.iter().map(Arc::as_ref)
    }
}

impl Index<usize> for Tabs {
    type Output = Tab;

    fn index(&self, slot: usize) -> &Tab {
        &self.0[slot]
    }
}

impl IndexMut<usize> for Tabs {
    fn index_mut(&mut self, slot: usize) -> &mut Tab {
        Arc::make_mut(&mut self.0[slot])
    }
}
