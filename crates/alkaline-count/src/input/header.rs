//! The header of an alignment file: contigs and read groups.

use alkaline_core::genome::Contig;

/// What counting needs of a header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlignmentHeader {
    /// Reference sequences, in order.
    pub contigs: Vec<Contig>,
    /// The header as SAM text.
    pub text: Vec<u8>,
}

impl AlignmentHeader {
    /// The `ID` of every `@RG` line, in order.
    pub fn read_groups(&self) -> Vec<String> {
        self.text
            .split(|&byte| byte == b'\n')
            .filter_map(|line| line.strip_prefix(b"@RG\t"))
            .filter_map(|line| field(line, b"ID:"))
            .map(|id| String::from_utf8_lossy(id).into_owned())
            .collect()
    }

    /// The contigs of the `@SQ` lines of SAM text; lines that make no sense are passed over.
    pub(crate) fn contigs_of_text(text: &[u8]) -> Vec<Contig> {
        text.split(|&byte| byte == b'\n')
            .filter_map(|line| line.strip_prefix(b"@SQ\t"))
            .filter_map(|line| {
                let name = field(line, b"SN:")?;
                let length =
                    field(line, b"LN:").and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
                let name = String::from_utf8_lossy(name);
                Some(Contig { name: name.as_ref().into(), length: length.unwrap_or(0) })
            })
            .collect()
    }
}

/// The value of a header field.
fn field<'a>(line: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    line.trim_ascii_end().split(|&byte| byte == b'\t').find_map(|field| field.strip_prefix(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_lines_do_not_stop_the_reader() {
        let text =
            b"@HD\tVN:1\n@SQ\tLN:5\n@SQ\tSN:a\tLN:x\n@PG\n@SQ\tSN:b\tLN:7\tM5:q\r\n@RG\tSM:s\n@RG\tID:g\n";
        let header = AlignmentHeader { contigs: AlignmentHeader::contigs_of_text(text), text: text.to_vec() };
        let found: Vec<(&str, u32)> =
            header.contigs.iter().map(|contig| (contig.name.as_str(), contig.length)).collect();
        assert_eq!(found, [("a", 0), ("b", 7)]);
        assert_eq!(header.read_groups(), ["g"]);
    }
}
