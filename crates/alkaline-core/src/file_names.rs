//! Names of contrasts, panels and figures as names of files: the same where it can be, shortened and marked where not.

/// Longest name, in bytes, that is taken as it is: file systems allow 255, and endings are added.
const LONGEST: usize = 120;

/// What is kept of a longer name; what follows tells it from others that begin alike.
const KEPT: usize = 100;

/// `name` as the name of a file without ending: itself, or, when it is too long or holds what no file name may, its
/// beginning without that and a mark that depends on the whole name alone.
pub fn file_stem(name: &str) -> String {
    let is_usable = |letter: char| !matches!(letter, '/' | '\\' | ':') && !letter.is_control();
    let is_name = !name.is_empty() && name.trim() == name && !name.starts_with('.');
    if name.len() <= LONGEST && is_name && name.chars().all(is_usable) {
        return name.to_owned();
    }
    let mut stem = String::new();
    for letter in name.trim().trim_start_matches('.').chars() {
        if stem.len() + letter.len_utf8() > KEPT {
            break;
        }
        stem.push(if is_usable(letter) { letter } else { '_' });
    }
    format!("{}-{:08x}", stem.trim_end(), mark(name))
}

/// FNV-1a, folded to 32 bits: the same on every machine and in every version.
fn mark(name: &str) -> u32 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 32) as u32 ^ hash as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_stay_as_they_are() {
        for name in ["resistant_vs_parental", "0.5 µM-DMSO", "HALLMARK_HYPOXIA"] {
            assert_eq!(file_stem(name), name);
        }
    }

    #[test]
    fn long_names_are_shortened_and_stay_different() {
        let long = |end: &str| format!("{}{end}", "ä".repeat(200));
        let (one, two) = (file_stem(&long("1")), file_stem(&long("2")));
        assert!(one.len() <= LONGEST && two.len() <= LONGEST, "{one} {two}");
        assert_ne!(one, two);
        assert_eq!(one, file_stem(&long("1")));
    }

    #[test]
    fn what_no_file_may_be_called_is_replaced() {
        for name in ["a/b", "..", ".hidden", "", "tab\there", " blank"] {
            let stem = file_stem(name);
            assert!(!stem.contains('/') && !stem.starts_with('.') && !stem.is_empty(), "{name:?}: {stem}");
        }
        assert_ne!(file_stem("a/b"), file_stem("a_b"));
    }
}
