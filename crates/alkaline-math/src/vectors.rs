//! Functions that are compiled several times over: for the vectors that every processor has, and for wider ones.
//!
//! What such a function calls must be inlined into it. No multiplication is fused with an addition, so results are the same
//! bits whichever version runs.

/// Defines a function that runs another, `#[inline(always)]` one in the widest vectors of the machine.
macro_rules! in_widest_vectors {
    (
        $(#[$attribute:meta])*
        $visibility:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $output:ty)? = $inner:path;
    ) => {
        $(#[$attribute])*
        $visibility fn $name($($argument: $type),*) $(-> $output)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512dq")]
                fn with_avx512($($argument: $type),*) $(-> $output)? {
                    $inner($($argument),*)
                }
                #[target_feature(enable = "avx2")]
                fn with_avx2($($argument: $type),*) $(-> $output)? {
                    $inner($($argument),*)
                }
                #[expect(unsafe_code, reason = "only the processor can tell which of its instructions may be used")]
                // SAFETY: the processor has the instructions, as is asked before.
                unsafe {
                    if std::arch::is_x86_feature_detected!("avx512dq") {
                        return with_avx512($($argument),*);
                    }
                    if std::arch::is_x86_feature_detected!("avx2") {
                        return with_avx2($($argument),*);
                    }
                }
            }
            $inner($($argument),*)
        }
    };
}

pub(crate) use in_widest_vectors;
