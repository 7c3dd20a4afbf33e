//! The numbers behind the interactive part: one packed JSON block per contrast.

use std::collections::HashMap;

use alkaline_core::results::{TestRow, TestTable};
use alkaline_core::{ExpressionMatrix, GeneId};
use serde_json::{Value, json};

use super::{ReportError, pack};
use crate::data::{ContrastReport, ReportData};
use crate::words;

/// The data of `contrast` as JSON that is safe within a `<script>` element.
pub(super) fn contrast_json(data: &ReportData, contrast: &ContrastReport) -> Result<String, ReportError> {
    let table = &contrast.test;
    let rows = &table.rows;
    let value = json!({
        "id": table.contrast.id,
        "target": table.contrast.sides().map_or_else(|| table.contrast.question(), |sides| sides.0.to_owned()),
        "callBy": table.facts.thresholds.level().0,
        "fdrThreshold": table.facts.thresholds.level().1,
        "lfcThreshold": table.facts.thresholds.lfc,
        "ids": lines(rows.iter().map(|row| row.gene.as_str())),
        "names": lines(rows.iter().map(|row| row.name.as_deref().unwrap_or_default())),
        "logFC": pack::f64s(rows.iter().map(|row| row.log2_fold_change)),
        "log10P": pack::f64s(rows.iter().map(|row| row.log10_p)),
        "fdr": pack::f64s(rows.iter().map(|row| row.fdr)),
        "abundance": words::abundance(table),
        "logCPM": pack::f32s(rows.iter().map(TestRow::abundance)),
        "largestBcv": largest_bcv(contrast),
        "expression": data.expression.as_ref().map(|matrix| expression(data, matrix, table)),
    });
    let text = serde_json::to_string(&value)
        .map_err(|source| ReportError::Pack { contrast: table.contrast.id.clone(), source })?;
    Ok(safe_in_script(&text))
}

/// One text a line; a line break within a text becomes a space, so that lines and genes stay in step.
fn lines<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(|text| text.replace(['\n', '\r'], " ")).collect::<Vec<_>>().join("\n")
}

/// The largest BCV at which each gene is still called, in the order of the table; NaN where at none.
fn largest_bcv(contrast: &ContrastReport) -> Option<String> {
    if contrast.largest_bcv.is_empty() {
        return None;
    }
    let known: HashMap<&GeneId, f64> =
        contrast.largest_bcv.iter().filter_map(|(gene, bcv)| Some((gene, (*bcv)?))).collect();
    let of = |row: &TestRow| known.get(&row.gene).copied().unwrap_or(f64::NAN);
    Some(pack::f32s(contrast.test.rows.iter().map(of)))
}

fn expression(data: &ReportData, matrix: &ExpressionMatrix, table: &TestTable) -> Value {
    let shown = data.expression_shown();
    let rows = &table.rows[..table.rows.len().min(shown.genes)];
    let columns: Vec<usize> =
        shown.samples.iter().filter_map(|sample| matrix.samples().position(sample.as_str())).collect();
    let quantized = pack::quantized(matrix, rows.iter().map(|row| row.gene.as_str()), &columns);
    let groups = data.sample_groups();
    let samples: Vec<Value> = columns
        .iter()
        .map(|&column| matrix.samples().ids()[column].as_str())
        .map(|sample| json!({"name": sample, "group": groups.of(sample)}))
        .collect();
    json!({
        "unit": unit(matrix),
        "genes": rows.len(),
        "of": data.samples.samples.len().max(samples.len()),
        "low": quantized.low,
        "step": quantized.step,
        "samples": samples,
        "groups": groups.names,
        "steps": quantized.steps,
    })
}

fn unit(matrix: &ExpressionMatrix) -> &'static str {
    use alkaline_core::ExpressionUnit as Unit;
    match matrix.unit {
        Unit::Cpm => "CPM",
        Unit::LogCpm => "log2 CPM",
        Unit::Fpkm => "FPKM",
        Unit::Tpm => "TPM",
        Unit::Log2 => "log2 expression",
    }
}

/// Escapes what could end a script element or be taken for markup; the JSON stays the same to a parser.
fn safe_in_script(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn hostile_names_cannot_leave_the_script_element() {
        let mut report = fixture::report(30);
        report.contrasts[0].test.rows[0].name = Some("</script><!--\u{2028}\"".into());
        let json = contrast_json(&report, &report.contrasts[0]).unwrap();
        assert!(!json.contains('<') && !json.contains('\u{2028}'));
        let parsed: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(parsed["names"].as_str().unwrap().split('\n').next(), Some("</script><!--\u{2028}\""));
    }

    #[test]
    fn a_line_break_in_a_name_does_not_shift_the_others() {
        let mut report = fixture::report(30);
        report.contrasts[0].test.rows[3].name = Some("two\nlines\r".into());
        let json: Value =
            serde_json::from_str(&contrast_json(&report, &report.contrasts[0]).unwrap()).unwrap();
        let names: Vec<&str> = json["names"].as_str().unwrap().split('\n').collect();
        assert_eq!((names.len(), names[3]), (30, "two lines "));
    }

    #[test]
    fn a_block_per_gene_and_sample_is_packed() {
        let report = fixture::report(30);
        let json: Value =
            serde_json::from_str(&contrast_json(&report, &report.contrasts[0]).unwrap()).unwrap();
        assert_eq!(json["ids"].as_str().unwrap().split('\n').count(), 30);
        assert_eq!(json["logFC"].as_str().unwrap().len(), 30 * 8 / 3 * 4);
        assert_eq!(json["largestBcv"].as_str().unwrap().len(), 30 * 4 / 3 * 4);
        assert_eq!(json["expression"]["steps"].as_str().unwrap().len(), 30 * 6 * 2 / 3 * 4);
    }
}
