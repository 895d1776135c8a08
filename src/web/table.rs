//! A list of things that wait, by number. Numbers are given out in ascending order, so a sorted list does.

pub(crate) struct Table<T> {
    last: u32,
    rows: Vec<(u32, T)>,
}

impl<T> Table<T> {
    pub(crate) const fn new() -> Table<T> {
        Table {
            last: 0,
            rows: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, row: T) -> u32 {
        self.add_with(|_| row)
    }

    /// Adds a row that must know its own number.
    pub(crate) fn add_with(&mut self, make: impl FnOnce(u32) -> T) -> u32 {
        self.last += 1;
        self.rows.push((self.last, make(self.last)));
        self.last
    }

    pub(crate) fn find(&mut self, id: u32) -> Option<&mut T> {
        let place = self.place(id)?;
        Some(&mut self.rows[place].1)
    }

    pub(crate) fn remove(&mut self, id: u32) -> Option<T> {
        let place = self.place(id)?;
        Some(self.rows.remove(place).1)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().map(|(_, row)| row)
    }

    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }

    fn place(&self, id: u32) -> Option<usize> {
        self.rows.binary_search_by_key(&id, |(key, _)| *key).ok()
    }
}
