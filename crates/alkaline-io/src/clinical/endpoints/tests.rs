//! Endpoints of tables as they are.

use super::*;

fn table(columns: &[(&str, &[&str])]) -> ClinicalTable {
    let rows = columns[0].1.len();
    let column = |(name, cells): &(&str, &[&str])| ClinicalColumn {
        name: (*name).to_owned(),
        cells: cells.iter().map(|&cell| cell.to_owned()).collect(),
    };
    ClinicalTable {
        ids: (0..rows).map(|row| format!("p{row}")).collect(),
        lines: (0..rows as u64).map(|row| row + 2).collect(),
        columns: columns.iter().map(column).collect(),
    }
}

fn find(columns: &[(&str, &[&str])], request: &EndpointRequest) -> Result<Endpoints, ReadError> {
    endpoints(Path::new("clinical.tsv"), &table(columns), request)
}

#[test]
fn columns_of_one_endpoint_belong_together_by_name() {
    let found = find(
        &[
            ("OS_MONTHS", &["1.5", "2", "", "4"]),
            ("OS_STATUS", &["1:DECEASED", "0:LIVING", "1:DECEASED", ""]),
            ("PFS_MONTHS", &["1", "2", "3", "3.5"]),
            ("PFS_STATUS", &["1:PROGRESSION", "0:CENSORED", "0:CENSORED", "1:PROGRESSION"]),
        ],
        &EndpointRequest::default(),
    )
    .unwrap();
    let names: Vec<&str> = found.endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
    assert_eq!(names, ["OS", "PFS"]);
    assert_eq!(found.endpoints[0].events, [Some(true), Some(false), Some(true), None]);
    assert_eq!(found.endpoints[0].unit, Some(TimeUnit::Months));
    assert!(found.endpoints[0].times[2].is_nan());
    assert!(found.warnings.iter().any(|warning| warning.contains("1 event")), "{:?}", found.warnings);
}

#[test]
fn a_column_called_censored_is_never_the_status() {
    let found = find(
        &[
            ("TIME..months.", &["84.1", "91.8", "93.7"]),
            ("death", &["1", "0", "0"]),
            ("censored", &["0", "0", "1"]),
            ("Smoking..pack.years.", &["60", "48.5", "20"]),
        ],
        &EndpointRequest::default(),
    )
    .unwrap();
    assert_eq!(found.endpoints[0].event_column, "death");
    assert_eq!(found.endpoints[0].name, "OS");
}

#[test]
fn names_without_system_are_paired_by_their_words() {
    let found = find(
        &[
            ("Event_free", &["yes", "no", "no"]),
            ("EF_survival", &["0.98", "14.8", "6.5"]),
            ("Event_overall", &["no", "no", "yes"]),
            ("overall_survival", &["1.2", "14.8", "6.5"]),
        ],
        &EndpointRequest::default(),
    )
    .unwrap();
    let pairs: Vec<(&str, &str)> = found
        .endpoints
        .iter()
        .map(|endpoint| (endpoint.time_column.as_str(), endpoint.event_column.as_str()))
        .collect();
    assert_eq!(pairs, [("EF_survival", "Event_free"), ("overall_survival", "Event_overall")]);
    assert!(found.warnings.iter().any(|warning| warning.contains("years?")), "{:?}", found.warnings);
}

#[test]
fn what_cannot_be_is_told_with_its_line() {
    let request = EndpointRequest {
        time: Some("t".to_owned()),
        event: Some("e".to_owned()),
        ..EndpointRequest::default()
    };
    let error = find(&[("t", &["1", "-2", "3"]), ("e", &["0", "1", "2"])], &request).unwrap_err().to_string();
    assert!(error.contains("line 3") && error.contains("-2"), "{error}");
    assert!(error.contains("2 tells neither"), "{error}");
    let error = find(&[("tt", &["1"]), ("e", &["0"])], &request).unwrap_err().to_string();
    assert!(error.contains("no column `t`"), "{error}");
    let error = find(&[("a", &["1"]), ("b", &["0"])], &EndpointRequest::default()).unwrap_err().to_string();
    assert!(error.contains("--time"), "{error}");
}
