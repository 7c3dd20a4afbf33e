//! The checksum of HDF5's metadata: Bob Jenkins' lookup3 (2006, public domain), in its variant for bytes.

/// The checksum of `bytes`.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    let start = 0xdead_beef_u32.wrapping_add(bytes.len() as u32);
    let mut state = [start; 3];
    if bytes.is_empty() {
        return start;
    }
    // The last block, which may be whole, is mixed in another way.
    let blocks = (bytes.len() - 1) / 12;
    let (whole, last) = bytes.split_at(12 * blocks);
    for block in whole.chunks_exact(12) {
        add(&mut state, block);
        mix(&mut state);
    }
    add(&mut state, last);
    finish(&mut state);
    state[2]
}

/// Adds up to twelve bytes; what is missing counts as zero.
fn add(state: &mut [u32; 3], block: &[u8]) {
    for (place, byte) in block.iter().enumerate() {
        let word = &mut state[place / 4];
        *word = word.wrapping_add(u32::from(*byte) << (8 * (place % 4)));
    }
}

fn mix(state: &mut [u32; 3]) {
    let [mut a, mut b, mut c] = *state;
    for (round, bits) in [4, 6, 8, 16, 19, 4].into_iter().enumerate() {
        let (x, y, z) = match round % 3 {
            0 => (&mut a, &mut c, &mut b),
            1 => (&mut b, &mut a, &mut c),
            _ => (&mut c, &mut b, &mut a),
        };
        *x = x.wrapping_sub(*y) ^ y.rotate_left(bits);
        *y = y.wrapping_add(*z);
    }
    *state = [a, b, c];
}

fn finish(state: &mut [u32; 3]) {
    let [mut a, mut b, mut c] = *state;
    c = (c ^ b).wrapping_sub(b.rotate_left(14));
    a = (a ^ c).wrapping_sub(c.rotate_left(11));
    b = (b ^ a).wrapping_sub(a.rotate_left(25));
    c = (c ^ b).wrapping_sub(b.rotate_left(16));
    a = (a ^ c).wrapping_sub(c.rotate_left(4));
    b = (b ^ a).wrapping_sub(a.rotate_left(14));
    c = (c ^ b).wrapping_sub(b.rotate_left(24));
    *state = [a, b, c];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that the author of lookup3 prints in his own driver.
    #[test]
    fn the_checksum_is_lookup3() {
        assert_eq!(checksum(b""), 0xdead_beef);
        assert_eq!(checksum(b"Four score and seven years ago"), 0x1777_0551);
    }
}
