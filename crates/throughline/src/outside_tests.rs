//! Against a real small server on this machine, which must be allowed by name.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::*;

/// Answers by path until the test ends; gives where it listens.
fn server(answers: fn(&str, &str) -> (u16, String)) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0u8; 1];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                head.push(byte[0]);
            }
            let text = String::from_utf8_lossy(&head);
            let mut words = text.split_whitespace();
            let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
            let (code, body) = answers(method, path);
            let location = match code {
                302 => format!("location: {body}\r\n"),
                _ => String::new(),
            };
            let sent = if method == "HEAD" { "" } else { body.as_str() };
            let answer = format!(
                "HTTP/1.1 {code} X\r\nconnection: close\r\n{location}content-length: {}\r\n\r\n{sent}",
                sent.len()
            );
            if stream.write_all(answer.as_bytes()).is_err() {
                continue;
            }
        }
    });
    port
}

fn here() -> Vec<String> {
    vec!["127.0.0.1".to_owned()]
}

fn to_ask(url: String) -> ToAsk {
    ToAsk {
        url,
        entry: "service/x".into(),
        name: "X".into(),
        field: "url",
    }
}

#[test]
fn an_address_inside_is_never_asked() {
    for inside in [
        "10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.7",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ] {
        assert!(!is_public(inside.parse().unwrap()), "{inside}");
    }
    for outside in [
        "93.184.216.34",
        "8.8.8.8",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
    ] {
        assert!(is_public(outside.parse().unwrap()), "{outside}");
    }
    // For real: the same server, not allowed and allowed.
    let port = server(|_, _| (200, "fine".into()));
    let url = format!("http://127.0.0.1:{port}/");
    let (answers, words) = ask(&agent(&[]), &url);
    assert!(!answers && words.contains("private network"), "{words}");
    let (answers, words) = ask(&agent(&[]), &format!("http://localhost:{port}/"));
    assert!(!answers && words.contains("private network"), "{words}");
    assert!(ask(&agent(&here()), &url).0);
}

#[test]
fn a_redirect_to_the_inside_is_not_followed() {
    let port = server(|_, path| match path {
        "/away" => (302, "http://localhost:9/admin".into()),
        _ => (200, "fine".into()),
    });
    let (answers, words) = ask(&agent(&here()), &format!("http://127.0.0.1:{port}/away"));
    assert!(!answers && words.contains("private network"), "{words}");
}

#[test]
fn dead_links_are_told_from_those_that_only_refuse_programs() {
    let port = server(|method, path| match (method, path) {
        (_, "/fine") => (200, "fine".into()),
        ("HEAD", "/no-head") => (405, String::new()),
        (_, "/no-head") => (200, "fine".into()),
        (_, "/gone") => (410, String::new()),
        (_, "/closed") => (403, String::new()),
        (_, "/broken") => (500, String::new()),
        _ => (404, String::new()),
    });
    let names = ["fine", "no-head", "closed", "gone", "broken", "nothing"];
    let all = names.map(|n| to_ask(format!("http://127.0.0.1:{port}/{n}")));
    let mut asked = ask_all(all.to_vec(), &here(), || {});
    asked.sort_by_key(|a| names.iter().position(|n| a.what.url.ends_with(n)));
    let told: Vec<bool> = asked.iter().map(|a| a.answers).collect();
    assert_eq!(told, [true, true, true, false, false, false], "{asked:?}");
}

#[test]
fn a_feed_is_read_page_by_page() {
    let port = server(|_, path| {
        let one = |n: u32| format!(r#"{{"id":"{n}","name":"S{n}","status":"active","phones":[]}}"#);
        match path.split('&').next().unwrap_or("") {
            "/or/services?page=1" => (
                200,
                format!(r#"{{"total_pages":2,"contents":[{}]}}"#, one(1)),
            ),
            "/or/services?page=2" => (
                200,
                format!(r#"{{"total_pages":2,"contents":[{}]}}"#, one(2)),
            ),
            "/short/services?page=1" => (
                200,
                r#"{"total_pages":1,"contents":[{"id":"7","name":"S7","status":"active"}]}"#.into(),
            ),
            "/short/services/7" => (200, one(7)),
            _ => (404, String::new()),
        }
    });
    let read = |base: &str| {
        feed(
            &format!("http://127.0.0.1:{port}{base}"),
            &here(),
            |_, _| {},
        )
    };
    let names = |pages: Vec<Vec<u8>>| -> Vec<String> {
        let each = pages
            .iter()
            .map(|p| ::directory::import::feed(p.as_slice(), "x").unwrap());
        each.flat_map(|i| i.services)
            .map(|t| t.service.name)
            .collect()
    };
    assert_eq!(names(read("/or").unwrap()), ["S1", "S2"]);
    assert_eq!(names(read("/or/services").unwrap()), ["S1", "S2"]);
    assert_eq!(
        names(read("/short/").unwrap()),
        ["S7"],
        "listed in short, asked one by one"
    );
    assert!(read("/none").unwrap_err().to_string().contains("404"));
    assert!(feed(&format!("http://127.0.0.1:{port}/or"), &[], |_, _| {}).is_err());
}
