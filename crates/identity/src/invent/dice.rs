//! A small fast source of chance that gives the same every time.

/// Chance from a seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// For a seed and a stream of it.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut dice = Self(
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03),
        );
        dice.roll();
        dice
    }

    /// The next 64 bits.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.roll()) * n.max(1) as u128) >> 64) as usize
    }

    /// From 0 up to 1.
    pub fn share(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something with this chance happens.
    pub fn chance(&mut self, of: f64) -> bool {
        self.share() < of
    }

    /// One of a list, all equally likely.
    pub fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// One of a list whose first is commonest.
    pub fn common<T: Copy>(&mut self, list: &[T]) -> T {
        let n = list.len() as f64;
        let at = ((n + 4.0).powf(self.share()) * 4f64.powf(0.0) - 1.0) * n / (n + 3.0);
        let flat = self.below(list.len());
        if self.chance(0.45) {
            list[flat]
        } else {
            list[(at as usize).min(list.len() - 1)]
        }
    }
}
