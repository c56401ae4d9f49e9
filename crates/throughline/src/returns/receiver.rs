//! The department's receiver over HTTPS: a token by client credentials, then
//! one batch after another. It answers with a status and a text whatever
//! happens, so that [`returns::daily`] decides what to try again.

use std::time::Duration;

use ::returns::daily::Response;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use url::Url;

use crate::serve::DailyPush;

/// How long one request may take, its answer included.
const PATIENCE: Duration = Duration::from_secs(120);

/// A receiver that can be posted to.
pub struct Receiver {
    agent: ureq::Agent,
    /// The address that takes the council's children.
    pub address: Url,
    token_url: Url,
    client_id: String,
    scope: String,
    secret: String,
    supplier_key: String,
    token: Option<String>,
}

impl Receiver {
    /// The receiver that a configuration names, for the council with these
    /// three digits.
    ///
    /// # Errors
    /// When an address is not HTTPS, or a file with a secret cannot be read.
    pub fn of(said: &DailyPush, authority: &str) -> Result<Receiver> {
        let base = said.to.trim_end_matches('/');
        let children = format!("{base}/children_social_care_data/{authority}/children");
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("throughline/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Receiver {
            agent: config.into(),
            address: safe(&children, "to")?,
            token_url: safe(&said.token_url, "token_url")?,
            client_id: said.client_id.clone(),
            scope: said.scope.clone(),
            secret: secret(&said.secret_file)?,
            supplier_key: secret(&said.supplier_key_file)?,
            token: None,
        })
    }

    /// Posts one batch. Status 0 says that nothing came back.
    pub fn post(&mut self, batch: &Value) -> Response {
        let token = match self.token() {
            Ok(token) => token,
            Err(response) => return response,
        };
        let sent = self
            .agent
            .post(self.address.as_str())
            .header("Authorization", &format!("Bearer {token}"))
            .header("SupplierKey", &self.supplier_key)
            .send_json(batch);
        let response = answer(sent);
        if matches!(response.status, 401 | 403) {
            // It may have run out: the next try asks for another.
            self.token = None;
        }
        response
    }

    fn token(&mut self) -> std::result::Result<String, Response> {
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &self.client_id),
            ("client_secret", &self.secret),
            ("scope", &self.scope),
        ];
        let response = answer(self.agent.post(self.token_url.as_str()).send_form(form));
        let body: Option<Value> = serde_json::from_str(&response.body).ok();
        let token = body.as_ref().and_then(|body| body["access_token"].as_str());
        match token.filter(|_| response.status == 200) {
            Some(token) => {
                self.token = Some(token.to_owned());
                Ok(token.to_owned())
            }
            // What it says may repeat a secret: only the status is told.
            None => Err(Response {
                status: match response.status {
                    200 => 401,
                    status => status,
                },
                body: format!("no token: {} answered {}", self.token_url, response.status),
            }),
        }
    }
}

fn answer(sent: std::result::Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Response {
    let (status, read) = match sent {
        Ok(mut response) => (
            response.status().as_u16(),
            response.body_mut().read_to_string(),
        ),
        Err(problem) => (0, Err(problem)),
    };
    match read {
        Ok(body) => Response { status, body },
        // An answer that broke off is no answer.
        Err(problem) => Response {
            status: 0,
            body: problem.to_string(),
        },
    }
}

/// An address that keeps what is sent to it secret: HTTPS, or this machine.
fn safe(address: &str, name: &str) -> Result<Url> {
    let url = Url::parse(address)
        .with_context(|| format!("[daily_push] {name}: \"{address}\" is not an address"))?;
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() != "https" && !(url.scheme() == "http" && here) {
        bail!("[daily_push] {name}: \"{address}\" must begin with https://");
    }
    Ok(url)
}

fn secret(path: &std::path::Path) -> Result<String> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("The secret {} could not be read", path.display()))?;
    let text = text.trim().to_owned();
    if text.is_empty() {
        bail!("The secret {} is empty", path.display());
    }
    Ok(text)
}
