//! How the network is spoken to.

use std::time::Duration;

use crate::error::WorkflowError;

/// Times that a file is asked for before giving up.
const TRIES: u32 = 5;

/// Wait before the second try; doubled before each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Without an answer for so long, a try has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A proxy, and the hosts that are spoken to without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its address: `http://proxy:8080`.
    pub url: String,
    /// Hosts, separated by commas, that are spoken to directly.
    pub except: String,
}

/// How the network is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// A server laid out as NCBI's, in place of it.
    pub base_url: Option<String>,
    /// The proxy, where there is one.
    pub proxy: Option<Proxy>,
    /// Times that a file is asked for before giving up.
    pub tries: u32,
    /// Wait before the second try; doubled before each further one.
    pub first_wait: Duration,
}

impl Default for Network {
    fn default() -> Self {
        Self { base_url: None, proxy: None, tries: TRIES, first_wait: FIRST_WAIT }
    }
}

impl Network {
    /// Something that can ask.
    pub(super) fn agent(&self) -> Result<ureq::Agent, WorkflowError> {
        let proxy = self.proxy.as_ref().map(of_settings).transpose()?;
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(PATIENCE))
            .timeout_recv_response(Some(PATIENCE))
            .timeout_per_read(Some(PATIENCE))
            .user_agent("alkaline (import geo)")
            .proxy(proxy)
            .build();
        Ok(config.into())
    }
}

fn of_settings(settings: &Proxy) -> Result<ureq::Proxy, WorkflowError> {
    let wrong = |error: ureq::Error| {
        WorkflowError::design_with_hint(
            format!("the proxy `{}` cannot be used: {error}", settings.url),
            "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY name it: http://host:port",
        )
    };
    let plain = ureq::Proxy::new(&settings.url).map_err(wrong)?;
    let mut built = ureq::Proxy::builder(plain.protocol()).host(plain.host()).port(plain.port());
    if let Some(name) = plain.username() {
        built = built.username(name);
    }
    if let Some(word) = plain.password() {
        built = built.password(word);
    }
    for host in settings.except.split(',').map(str::trim).filter(|host| !host.is_empty()) {
        built = built.no_proxy(host);
    }
    built.build().map_err(wrong)
}
