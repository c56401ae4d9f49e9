//! Writes the genogram of an invented family as a page to standard output:
//! `cargo run -p genogram --example family > family.html`.

use genogram::{Bond, BondKind, Family, Partnership, PartnershipKind, Person, STYLE, Shape, draw};

fn person(id: &str, name: &str, shape: Shape, words: &str, born: i64) -> Person {
    Person {
        id: id.into(),
        name: name.into(),
        shape,
        words: words.into(),
        born: Some(born),
        died: words.contains("died"),
        unborn: words.starts_with("due"),
    }
}

fn main() {
    use Shape::{Circle, Diamond, Square};
    let people = vec![
        person("maya", "Maya Testerton-Larkmere", Circle, "13 years", 2013),
        person("idris", "Idris Larkmere", Square, "10 years", 2016),
        person("sami", "Sami Larkmere", Diamond, "7 years", 2019),
        person("baby", "Baby Quill", Circle, "due in 6 weeks", 2027),
        person("olu", "Olu Larkmere", Square, "17 years", 2009),
        person("dana", "Dana Testerton", Circle, "36 years", 1990),
        person("kofi", "Kofi Larkmere", Square, "39 years", 1987),
        person("reece", "Reece Quill", Square, "33 years", 1993),
        person("bea", "Bea Formerly", Circle, "40 years", 1986),
        person("june", "June Testerton", Circle, "61 years", 1965),
        person("alf", "Alf Testerton", Square, "died 2019", 1960),
        person("efua", "Efua Larkmere", Circle, "66 years", 1960),
        person("kwame", "Kwame Larkmere", Square, "70 years", 1956),
        person("pat", "Pat Testerton", Circle, "31 years", 1995),
        person("lee", "Lee Otherwise", Square, "32 years", 1994),
        person("nell", "Nell Otherwise", Circle, "2 years", 2024),
        person("yaw", "Yaw Larkmere", Square, "35 years", 1991),
        person("tansy", "Tansy Quill", Circle, "8 years", 2018),
    ];
    let pairs = [
        ("dana", "maya"),
        ("kofi", "maya"),
        ("dana", "idris"),
        ("kofi", "idris"),
        ("dana", "sami"),
        ("dana", "baby"),
        ("reece", "baby"),
        ("kofi", "olu"),
        ("bea", "olu"),
        ("june", "dana"),
        ("alf", "dana"),
        ("june", "pat"),
        ("alf", "pat"),
        ("efua", "kofi"),
        ("kwame", "kofi"),
        ("efua", "yaw"),
        ("kwame", "yaw"),
        ("pat", "nell"),
        ("lee", "nell"),
        ("reece", "tansy"),
    ];
    let couple = |a: &str, b: &str, kind| Partnership {
        a: a.into(),
        b: b.into(),
        kind,
    };
    let bond = |a: &str, b: &str, kind| Bond {
        a: a.into(),
        b: b.into(),
        kind,
    };
    let family = Family {
        people,
        index: "maya".into(),
        parents: pairs
            .iter()
            .map(|(p, c)| ((*p).to_owned(), (*c).to_owned()))
            .collect(),
        partnerships: vec![
            couple("kofi", "dana", PartnershipKind::Divorced),
            couple("dana", "reece", PartnershipKind::Cohabiting),
            couple("bea", "kofi", PartnershipKind::Separated),
            couple("june", "alf", PartnershipKind::Married),
            couple("efua", "kwame", PartnershipKind::Married),
            couple("pat", "lee", PartnershipKind::Married),
        ],
        bonds: vec![
            bond("maya", "reece", BondKind::Conflict),
            bond("maya", "idris", BondKind::Close),
            bond("kofi", "kwame", BondKind::Distant),
        ],
        household: ["maya", "idris", "sami", "dana", "reece"]
            .map(str::to_owned)
            .to_vec(),
    };
    let picture = draw(&family);
    println!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Genogram</title><style>{STYLE}</style>"
    );
    println!("{}<table>", picture.svg);
    for row in &picture.rows {
        println!(
            "<tr><td>{}<td>{}<td>{}<td>{}</tr>",
            row.generation, row.name, row.relation, row.notes
        );
    }
    println!("</table></html>");
}
