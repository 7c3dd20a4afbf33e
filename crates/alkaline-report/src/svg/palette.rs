//! Colours that colour-blind readers can tell apart.

/// Higher in the target: vermilion of Okabe and Ito.
pub const UP: &str = "#d55e00";
/// Lower in the target: blue of Okabe and Ito.
pub const DOWN: &str = "#0072b2";
/// Not significant.
pub const NOT_SIGNIFICANT: &str = "#9aa5b1";
/// Emphasis that is neither up nor down.
pub const ACCENT: &str = "#009e73";

/// Groups, in turn: Okabe & Ito (2008), without yellow, which is too light on white.
const GROUPS: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b5b95"];

/// The colour of group number `group`.
pub fn group(group: usize) -> &'static str {
    GROUPS[group % GROUPS.len()]
}

/// Anchors of the cividis map (Nuñez, Anderton & Renslow 2018), which looks alike to all kinds of vision.
const CIVIDIS: [(u8, u8, u8); 6] =
    [(0, 32, 77), (53, 69, 108), (102, 105, 112), (148, 142, 119), (200, 184, 102), (255, 234, 70)];

/// Anchors of a blue-white-red scale (ColorBrewer RdBu).
const DIVERGING: [(u8, u8, u8); 5] =
    [(33, 102, 172), (146, 197, 222), (247, 247, 247), (244, 165, 130), (178, 24, 43)];

/// Anchors from weak (blue) to strong (red) evidence, readable on light and on dark paper.
const EVIDENCE: [(u8, u8, u8); 3] = [(86, 150, 214), (168, 120, 168), (208, 72, 40)];

/// A colour for the strength of evidence, `share` between 0 (weak) and 1 (strong).
pub fn evidence(share: f64) -> String {
    interpolate(&EVIDENCE, share)
}

/// A sequential colour for `share` between 0 (dark) and 1 (bright).
pub fn sequential(share: f64) -> String {
    interpolate(&CIVIDIS, share)
}

/// A diverging colour for `share` between -1 (blue) and 1 (red).
pub fn diverging(share: f64) -> String {
    interpolate(&DIVERGING, (share + 1.0) / 2.0)
}

fn interpolate(anchors: &[(u8, u8, u8)], share: f64) -> String {
    let place = share.clamp(0.0, 1.0) * (anchors.len() - 1) as f64;
    let place = if place.is_nan() { 0.0 } else { place };
    let left = (place.floor() as usize).min(anchors.len() - 2);
    let t = place - left as f64;
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as u8;
    let (a, b) = (anchors[left], anchors[left + 1]);
    format!("#{:02x}{:02x}{:02x}", mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_their_anchors() {
        assert_eq!([sequential(0.0), sequential(1.0)], ["#00204d", "#ffea46"]);
        assert_eq!([diverging(-1.0), diverging(0.0), diverging(9.0)], ["#2166ac", "#f7f7f7", "#b2182b"]);
        assert_eq!(sequential(f64::NAN), "#00204d");
    }
}
