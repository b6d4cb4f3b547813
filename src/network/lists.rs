//! Lists by number, all in one piece of memory: a system has one for each of its nodes and quorum sets, and systems are made often.

/// A list for each number from 0 on.
#[derive(Debug, Clone)]
pub(super) struct Lists<T> {
    items: Vec<T>,
    /// Where each list begins, and where the last one ends.
    begins: Vec<u32>,
}

impl<T: Copy> Lists<T> {
    /// So many lists of these items, each of which comes with the number of its list. In a list they are in the order in which they come.
    pub fn of<I: Iterator<Item = (usize, T)>>(count: usize, items: impl Fn() -> I) -> Self {
        let mut begins = vec![0; count + 1];
        items().for_each(|(list, _)| begins[list + 1] += 1);
        for list in 0..count {
            begins[list + 1] += begins[list];
        }
        let mut all: Vec<T> = items().map(|(_, item)| item).collect();
        let mut next = begins.clone();
        for (list, item) in items() {
            all[next[list] as usize] = item;
            next[list] += 1;
        }
        Lists { items: all, begins }
    }

    /// The list with this number.
    pub fn get(&self, list: usize) -> &[T] {
        &self.items[self.begins[list] as usize..self.begins[list + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_in_its_list_in_the_order_in_which_it_came() {
        let items = [(2, 'a'), (0, 'b'), (2, 'c'), (2, 'a'), (3, 'd')];
        let lists = Lists::of(5, || items.into_iter());
        let expected: [&[char]; 5] = [&['b'], &[], &['a', 'c', 'a'], &['d'], &[]];
        for (list, expected) in expected.into_iter().enumerate() {
            assert_eq!(lists.get(list), expected);
        }
        assert!(Lists::of(0, std::iter::empty::<(usize, char)>).items.is_empty());
    }
}
