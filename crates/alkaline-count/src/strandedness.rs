//! Tells the strandedness of a library by comparing how many fragments each rule assigns.

use alkaline_core::genome::Strandedness;
use alkaline_core::results::StrandednessEvidence;

/// Share of one direction above which a library is stranded. dUTP libraries show 0.95 to 0.99, unstranded ones 0.45 to
/// 0.55 (also RSeQC's infer_experiment manual).
const STRANDED_SHARE: f64 = 0.8;

/// Largest distance from one half at which a library is unstranded.
const UNSTRANDED_DISTANCE: f64 = 0.15;

/// Fewest assigned fragments that a verdict may rest on.
const MIN_FRAGMENTS: u64 = 100;

/// What the numbers of fragments assigned under `-s 0`, `1` and `2` say; `used` is filled in by the caller.
pub(crate) fn evidence(assigned: [u64; 3]) -> StrandednessEvidence {
    let [unstranded, forward, reverse] = assigned;
    let told = forward + reverse;
    let forward_fraction = forward as f64 / told as f64;
    let verdict = if told < MIN_FRAGMENTS {
        None
    } else if forward_fraction >= STRANDED_SHARE {
        Some(Strandedness::Forward)
    } else if forward_fraction <= 1.0 - STRANDED_SHARE {
        Some(Strandedness::Reverse)
    } else if (forward_fraction - 0.5).abs() <= UNSTRANDED_DISTANCE {
        Some(Strandedness::Unstranded)
    } else {
        None
    };
    StrandednessEvidence {
        unstranded,
        forward,
        reverse,
        forward_fraction,
        verdict,
        used: verdict.unwrap_or_default(),
    }
}

/// Whether the evidence is too thin to tell anything, rather than contradictory.
pub(crate) fn is_thin(evidence: &StrandednessEvidence) -> bool {
    evidence.forward + evidence.reverse < MIN_FRAGMENTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_shares_are_told_and_unclear_ones_are_not() {
        assert_eq!(evidence([1000, 20, 980]).verdict, Some(Strandedness::Reverse));
        assert_eq!(evidence([1000, 980, 20]).verdict, Some(Strandedness::Forward));
        assert_eq!(evidence([1000, 520, 510]).verdict, Some(Strandedness::Unstranded));
        assert_eq!(evidence([1000, 720, 280]).verdict, None);
        assert_eq!(evidence([5, 0, 5]).verdict, None);
    }
}
