//! Files of public data with parts deleted, doubled and replaced are read or refused in words, never worse; the fuzz targets go on from here.

#![cfg(test)]

use std::path::Path;

use alkaline_io::geo::{parse_series_matrix, parse_soft};
use alkaline_io::values::{ScaleHints, ValueTable, recognise};

const SERIES_MATRIX: &str = "!Series_title\t\"T\"\n!Series_geo_accession\t\"GSE1\"\n\n!Sample_title\t\"a\"\t\"b\nc\"\n\
    !Sample_geo_accession\t\"GSM1\"\t\"GSM2\"\n!Sample_characteristics_ch1\t\"treatment: x\"\t\"\"\n!series_matrix_table_begin\n\
    \"ID_REF\"\t\"GSM1\"\t\"GSM2\"\n1\t2.5\tnull\n\"p\"\t\t-3\n!series_matrix_table_end\n";

const SOFT: &str = "^SERIES = GSE1\n!Series_title = T\n^PLATFORM = GPL1\n#ID = x\n!platform_table_begin\nID\tGene Symbol\np\tA /// B\n\
    !platform_table_end\n^SAMPLE = GSM1\n!Sample_platform_id = GPL1\n!Sample_characteristics_ch1 = a: b\n#VALUE = log2\n\
    !sample_table_begin\nID_REF\tVALUE\np\t1.5\n!sample_table_end\n";

/// What is put in somewhere.
const PIECES: [&str; 16] = [
    "\t",
    "\n",
    "\"",
    "\r",
    "^",
    "!",
    " = ",
    "!series_matrix_table_begin\n",
    "!series_matrix_table_end\n",
    "!sample_table_begin\n",
    "!sample_table_end\n",
    "^SAMPLE = GSM9\n",
    "!Sample_title\t\"x\"\n",
    "1e309",
    "é",
    "///",
];

/// Numbers that look random, the same every time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// The text with a few changes.
fn mutated(text: &str, numbers: &mut Numbers) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=numbers.below(5) {
        let from = numbers.below(letters.len());
        let to = (from + numbers.below(40)).min(letters.len());
        let place = numbers.below(letters.len() + 1);
        match numbers.below(3) {
            0 => drop(letters.drain(from..to)),
            1 => {
                let doubled: Vec<char> = letters[from..to].to_vec();
                letters.splice(place..place, doubled);
            }
            _ => drop(letters.splice(place..place, PIECES[numbers.below(PIECES.len())].chars())),
        }
    }
    letters.into_iter().collect()
}

fn check(table: &ValueTable) {
    assert_eq!(table.values.len(), table.rows.len() * table.samples.len());
    if let Some(verdict) = recognise(table, &ScaleHints::default()) {
        assert!(verdict.facts.present > 0);
    }
}

#[test]
fn files_with_parts_deleted_doubled_and_replaced_are_read_or_refused() {
    let (mut numbers, mut read, mut refused) = (Numbers(88_172_645_463_325_252), 0, 0);
    let rounds = 3000;
    for _ in 0..rounds {
        let text = mutated(SERIES_MATRIX, &mut numbers);
        match parse_series_matrix(&text, Path::new("m.txt")) {
            Ok(series) => {
                check(&series.values);
                read += 1;
            }
            Err(problems) => {
                assert!(!problems.message().is_empty());
                refused += 1;
            }
        }
        let text = mutated(SOFT, &mut numbers);
        match parse_soft(&text, Path::new("f.soft")) {
            Ok(soft) => {
                soft.tables.iter().for_each(|(_, table)| check(table));
                read += 1;
            }
            Err(problems) => {
                assert!(!problems.message().is_empty());
                refused += 1;
            }
        }
    }
    assert!(read > rounds / 4 && refused > rounds / 10, "{read} read, {refused} refused");
}
