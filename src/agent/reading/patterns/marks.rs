//! Bit set of the choices that a word may begin.

/// A bit set of indexes of choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(Vec<u64>);

impl Marks {
    pub fn add(&mut self, number: usize) {
        let place = number / 64;
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(place) {
            *bits |= 1 << (number % 64);
        }
    }

    pub fn has(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|bits| bits & (1 << (number % 64)) != 0)
    }

    /// The indexes in it.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(place, bits)| {
            let mut left = *bits;
            std::iter::from_fn(move || {
                let lowest = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                usize::try_from(lowest).ok().filter(|bit| *bit < 64).map(|bit| place * 64 + bit)
            })
        })
    }

    pub fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine |= theirs);
    }
}
