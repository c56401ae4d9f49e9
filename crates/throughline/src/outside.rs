//! Asking other servers: web addresses that the directory names, and feeds.
//! Addresses come from strangers, so that none may lead to a host inside: every
//! name is looked up once, and only public addresses are connected to, also
//! after a redirect.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use casework::services::{LinkAsked, ToAsk};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between two questions to one host.
const PAUSE: Duration = Duration::from_secs(1);
/// Hosts asked at the same time.
const AT_ONCE: usize = 4;
/// The most that is read of one page of a feed.
const MOST: u64 = 64 << 20;
/// The most pages of a feed.
const PAGES: u64 = 10_000;

/// Looks names up and refuses those that lead inside.
#[derive(Debug)]
struct OnlyOutside {
    inner: DefaultResolver,
    /// Hosts that may be asked wherever they are.
    allowed: Vec<String>,
}

impl Resolver for OnlyOutside {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or_default();
        let allowed = self.allowed.iter().any(|a| a == host);
        if !allowed && found.iter().any(|at| !is_public(at.ip())) {
            let message = "it leads to an address inside a private network";
            return Err(Error::Io(io::Error::new(
                io::ErrorKind::PermissionDenied,
                message,
            )));
        }
        Ok(found)
    }
}

/// Whether anybody on the internet has this address: no private, local,
/// reserved or test network.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let special = (a, b, c) == (192, 0, 0) || a == 198 && (18..20).contains(&b);
    !(a == 0
        || a >= 224
        || shared
        || special
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let within = |high: u16, low: u16| {
        let [w, x] = high.to_be_bytes();
        let [y, z] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(w, x, y, z))
    };
    // Addresses of the older kind, written in the newer.
    if [a, b, c, d, e] == [0; 5] && (f == 0xffff || f == 0) {
        return f == 0xffff && within(g, h);
    }
    if (a, b) == (0x64, 0xff9b) {
        return within(g, h);
    }
    if a == 0x2002 {
        return within(b, c);
    }
    // Only this eighth is given out; of it one block is for documents.
    (0x2000..0x4000).contains(&a) && !(a == 0x2001 && (b == 0xdb8 || b == 0))
}

/// Whoever asks. `allowed` names hosts inside that may be asked all the same.
pub fn agent(allowed: &[String]) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(5)
        // A proxy would look names up where nobody checks them.
        .proxy(None)
        .user_agent(concat!(
            "Throughline/",
            env!("CARGO_PKG_VERSION"),
            " (services directory)"
        ))
        .build();
    let resolver = OnlyOutside {
        inner: DefaultResolver::default(),
        allowed: allowed.to_vec(),
    };
    Agent::with_parts(config, DefaultConnector::default(), resolver)
}

/// Asks every address, one at a time for each host and a few hosts at once.
pub fn ask_all(
    addresses: Vec<ToAsk>,
    allowed: &[String],
    each: impl Fn() + Sync,
) -> Vec<LinkAsked> {
    let agent = agent(allowed);
    let mut hosts: BTreeMap<String, Vec<ToAsk>> = BTreeMap::new();
    for address in addresses {
        let host = url::Url::parse(&address.url)
            .ok()
            .and_then(|u| u.host_str().map(str::to_owned));
        hosts
            .entry(host.unwrap_or_default())
            .or_default()
            .push(address);
    }
    let waiting = Mutex::new(hosts.into_values().collect::<Vec<_>>());
    let done = Mutex::new(Vec::new());
    std::thread::scope(|threads| {
        for _ in 0..AT_ONCE {
            threads.spawn(|| {
                loop {
                    let next = lock(&waiting).pop();
                    let Some(host) = next else { break };
                    for (number, what) in host.into_iter().enumerate() {
                        if number > 0 {
                            std::thread::sleep(PAUSE);
                        }
                        let (answers, words) = ask(&agent, &what.url);
                        lock(&done).push(LinkAsked {
                            what,
                            answers,
                            words,
                        });
                        each();
                    }
                }
            });
        }
    });
    done.into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Whether a page is there, in words. First only its head is asked for; some
/// servers know no such question, so that a no is asked again in full.
fn ask(agent: &Agent, url: &str) -> (bool, String) {
    if let Ok(answer) = agent.head(url).call()
        && answer.status().is_success()
    {
        return (true, "It answers".into());
    }
    match agent.get(url).call() {
        Ok(answer) => {
            let code = answer.status().as_u16();
            match code {
                // It is there, and wants to know who asks or how often.
                401 | 403 | 429 => (true, format!("It answers, but not to programs ({code})")),
                404 | 410 => (false, format!("There is no such page ({code})")),
                500.. => (false, format!("Its server is broken ({code})")),
                _ if answer.status().is_success() => (true, "It answers".into()),
                _ => (false, format!("It does not answer with a page ({code})")),
            }
        }
        Err(problem) => (false, plain(&problem)),
    }
}

fn plain(problem: &Error) -> String {
    match problem {
        Error::HostNotFound => "There is no such server".into(),
        Error::Timeout(_) => "It does not answer in time".into(),
        Error::TooManyRedirects => "It leads from one address to the next without end".into(),
        Error::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            "It leads to an address inside a private network, which is not asked".into()
        }
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            "Its server does not answer".into()
        }
        // The words of the system for a name that nobody has.
        Error::Io(error) if error.to_string().contains("lookup") => {
            "There is no such server".into()
        }
        other => format!("It cannot be reached: {other}"),
    }
}

/// A feed of Open Referral UK 3.0 by its address, page by page. Gives each page
/// as it came; services that are listed in short are asked for one by one.
///
/// # Errors
/// When a page cannot be read; what came before it is lost, so that a feed is
/// never half taken.
pub fn feed(
    from: &str,
    allowed: &[String],
    mut page_read: impl FnMut(u64, u64),
) -> Result<Vec<Vec<u8>>> {
    let agent = agent(allowed);
    let base = list_of(from)?;
    let mut pages = Vec::new();
    let mut number = 1;
    loop {
        let mut address = base.clone();
        address
            .query_pairs_mut()
            .append_pair("page", &number.to_string())
            .append_pair("full", "true");
        let bytes = read(&agent, address.as_str())?;
        let page: serde_json::Value =
            serde_json::from_slice(&bytes).with_context(|| format!("{address}: it is no JSON"))?;
        let total = page["total_pages"].as_u64().unwrap_or(1);
        page_read(number, total);
        match shortened(&page) {
            Some(ids) => {
                for id in ids {
                    let mut one = base.clone();
                    one.path_segments_mut()
                        .map_err(|()| anyhow::anyhow!("{base} has no path"))?
                        .push(&id);
                    pages.push(read(&agent, one.as_str())?);
                }
            }
            None => pages.push(bytes),
        }
        if number >= total {
            return Ok(pages);
        }
        number += 1;
        if number > PAGES {
            bail!("{from} says that it has {total} pages: that is no directory of services");
        }
    }
}

/// The address of the list of services: a feed is named by its base, too.
fn list_of(from: &str) -> Result<url::Url> {
    let mut url = url::Url::parse(from).with_context(|| {
        format!("“{from}” is no address. Write it like https://feed.example.org")
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        bail!("“{from}” must begin with https://");
    }
    if !url.path().trim_end_matches('/').ends_with("/services") {
        url.path_segments_mut()
            .map_err(|()| anyhow::anyhow!("{from} has no path"))?
            .pop_if_empty()
            .push("services");
    }
    Ok(url)
}

/// The ids of a page whose services are listed in short; none when they are
/// whole.
fn shortened(page: &serde_json::Value) -> Option<Vec<String>> {
    let all = page["contents"].as_array()?;
    let parts = [
        "service_at_locations",
        "schedules",
        "phones",
        "contacts",
        "attributes",
        "cost_options",
    ];
    let whole = |one: &serde_json::Value| parts.iter().any(|p| !one[*p].is_null());
    if all.is_empty() || all.iter().any(whole) {
        return None;
    }
    let ids = all.iter().filter_map(|one| one["id"].as_str());
    Some(ids.map(str::to_owned).collect())
}

fn read(agent: &Agent, address: &str) -> Result<Vec<u8>> {
    let mut answer = agent
        .get(address)
        .call()
        .map_err(|problem| anyhow::anyhow!("{address}: {}", plain(&problem)))?;
    let status = answer.status();
    if !status.is_success() {
        bail!("{address} answers {status}");
    }
    let body = answer.body_mut().with_config().limit(MOST).read_to_vec();
    body.with_context(|| format!("{address} could not be read to its end"))
}

#[cfg(test)]
#[path = "outside_tests.rs"]
mod tests;
