//! Ranked lists whose scores are small whole numbers, and gene sets of all depths on them.

/// A ranked list, highest score first.
pub struct IntegerList {
    /// |score| of every gene.
    pub weights: Vec<u32>,
}

impl IntegerList {
    /// A list that is the same upside down; `weigh` gives the weight at a share of the way from an end to the middle.
    pub fn symmetric(genes: usize, weigh: impl Fn(f64) -> f64) -> Self {
        let half: Vec<u32> = (0..genes / 2)
            .map(|place| weigh((place as f64 + 0.5) / (genes / 2) as f64).round().max(1.0) as u32)
            .collect();
        let weights = half.iter().chain(half.iter().rev()).copied().collect();
        Self { weights }
    }

    /// Positive in the upper half, negative in the lower.
    pub fn scores(&self) -> Vec<f64> {
        let half = self.weights.len() / 2;
        let sign = |place| if place < half { 1.0 } else { -1.0 };
        self.weights.iter().enumerate().map(|(place, &weight)| sign(place) * f64::from(weight)).collect()
    }

    /// Sets from ordinary to as extreme as can be: their genes lie among ever fewer genes at the top. Those whose scores do not
    /// exceed one half are left out.
    pub fn sets_of_all_depths(&self, size: usize, number: usize) -> Vec<Vec<usize>> {
        let mut state = self.weights.len() as u64;
        let narrowing = size as f64 / self.weights.len() as f64;
        let sets = (0..number).map(|set| {
            let among = self.weights.len() as f64 * narrowing.powf((set as f64 + 0.5) / number as f64);
            self.random_set(size, among, &mut state)
        });
        sets.filter(|places| self.score(places) > 0.5).collect()
    }

    /// Genes among the first so many, each with a small chance to lie anywhere.
    fn random_set(&self, size: usize, among: f64, state: &mut u64) -> Vec<usize> {
        /// Share of the genes that lie anywhere.
        const STRAYS: f64 = 0.05;
        let mut places: Vec<usize> = Vec::with_capacity(size);
        while places.len() < size {
            let reach = if uniform(state) < STRAYS { self.weights.len() as f64 } else { among.ceil() };
            let place = (uniform(state) * reach) as usize;
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places.sort_unstable();
        places
    }

    /// Highest point of the running score.
    pub fn score(&self, places: &[usize]) -> f64 {
        let total: u32 = places.iter().map(|&place| self.weights[place]).sum();
        let misses = (self.weights.len() - places.len()) as f64;
        let (mut weight, mut top) = (0, f64::NEG_INFINITY);
        for (hits, &place) in places.iter().enumerate() {
            weight += self.weights[place];
            top = top.max(f64::from(weight) / f64::from(total) - (place - hits) as f64 / misses);
        }
        top
    }
}

/// A number in [0, 1) by SplitMix64 (Steele, Lea & Flood 2014).
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut word = *state;
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((word ^ (word >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
