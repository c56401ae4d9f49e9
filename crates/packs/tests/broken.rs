//! Broken packs say what is wrong, in which file and on which line.

use packs::{Layer, Pack, Problem};

const HEAD: &str = "version = 2026-01-01\nsource = \"Local\"\nstrength = \"LOCAL\"\n";

fn pack() -> Layer {
    Layer::new("test").with(
        "pack.toml",
        format!("id = \"test\"\ntitle = \"Test\"\n{HEAD}"),
    )
}

fn file(id: &str, rest: &str) -> String {
    format!("id = \"{id}\"\ntitle = \"A {id}\"\n{HEAD}{rest}")
}

/// A form whose section begins on line 6 and whose first field on line 9.
fn form(fields: &str) -> String {
    file(
        "f",
        &format!("[[section]]\nid = \"s\"\ntitle = \"S\"\n{fields}"),
    )
}

fn problems(layer: Layer) -> Vec<Problem> {
    Pack::from_layers(&[layer]).expect_err("the pack is broken")
}

/// The problems as "file:line: message".
fn told(layer: Layer) -> Vec<String> {
    let line = |p: Problem| format!("{}:{}: {}", p.file, p.line, p.message);
    problems(layer).into_iter().map(line).collect()
}

#[test]
fn a_good_pack_has_none() {
    let field = "[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"text\"\n";
    assert!(Pack::from_layers(&[pack().with("forms/f.toml", form(field))]).is_ok());
}

#[test]
fn each_mistake_is_pointed_at() {
    let cases: &[(&str, String, &str)] = &[
        (
            "forms/f.toml",
            form(
                "[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"text\"\nrequird = \"yes\"\n",
            ),
            "test/forms/f.toml:13: there is no key “requird” here",
        ),
        (
            "forms/f.toml",
            form("[[section.field]]\nname = \"a\"\nlabel = \"A\"\n"),
            "test/forms/f.toml:9: the key “kind” is missing",
        ),
        (
            "forms/f.toml",
            form("[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"txt\"\n"),
            "test/forms/f.toml:12: “txt” is not a kind of field",
        ),
        (
            "forms/f.toml",
            form("[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"select\"\n"),
            "test/forms/f.toml:12: “a” has no options to choose from",
        ),
        (
            "forms/f.toml",
            form(
                "[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"select\"\ncodes = \"gone\"\n",
            ),
            "test/forms/f.toml:13: there is no code set “gone”",
        ),
        (
            "forms/f.toml",
            form(
                "[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"text\"\n[[section.field]]\nname = \"a\"\nlabel = \"B\"\nkind = \"date\"\n",
            ),
            "test/forms/f.toml:14: field “a” is here twice",
        ),
        (
            "forms/f.toml",
            form(
                "[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"text\"\nshow_if = { field = \"b\", equals = \"yes\" }\n",
            ),
            "test/forms/f.toml:10: it is shown after the answer to “b”, which is not asked",
        ),
        (
            "forms/f.toml",
            form(
                "[[section.field]]\nname = \"b\"\nlabel = \"B\"\nkind = \"yes_no\"\n[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"text\"\nshow_if = { field = \"b\", equals = \"maybe\" }\n",
            ),
            "test/forms/f.toml:14: it is shown when “b” is “maybe”, which cannot be answered",
        ),
        (
            "forms/f.toml",
            form(
                "[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"text\"\nfact = \"x\"\n[[section.field]]\nname = \"b\"\nlabel = \"B\"\nkind = \"date\"\nfact = \"x\"\n",
            ),
            "test/forms/f.toml:15: the fact “x” holds date here and text elsewhere",
        ),
        (
            "forms/f.toml",
            form(
                "[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"narrative\"\nrequired = \"warn\"\n",
            ),
            "test/forms/f.toml:13: a field that warns must ask something",
        ),
        (
            "forms/f.toml",
            file(
                "f",
                "budget = 0\n[[section]]\nid = \"s\"\ntitle = \"S\"\n[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"text\"\nrequired = \"yes\"\n",
            ),
            "test/forms/f.toml:6: the form insists on 1 answers in codes, its budget is 0",
        ),
        (
            "steps/s.toml",
            file(
                "s",
                "form = \"gone\"\nsubjects = \"child\"\n[[outcome]]\nid = \"o\"\ntitle = \"O\"\n",
            ),
            "test/steps/s.toml:6: there is no form “gone”",
        ),
        (
            "clocks/c.toml",
            file(
                "c",
                "rule = \"soon\"\nstep = \"gone\"\ntrigger = \"referral.made\"\nstop = \"assessment.authorised\"\namount = 1\nunit = \"weeks\"\n",
            ),
            "test/clocks/c.toml:7: there is no step “gone”",
        ),
        (
            "clocks/c.toml",
            file(
                "c",
                "rule = \"soon\"\ntrigger = \"referal.made\"\nstop = \"assessment.authorised\"\namount = 1\nunit = \"weeks\"\n",
            ),
            "test/clocks/c.toml:7: nothing that happens is called “referal.made”",
        ),
        (
            "clocks/c.toml",
            file(
                "c",
                "rule = \"soon\"\ntrigger = \"referral.made\"\nstop = \"assessment.authorised\"\namount = 0\nunit = \"weeks\"\n",
            ),
            "test/clocks/c.toml:9: 0 cannot be the amount",
        ),
        (
            "clocks/c.toml",
            file(
                "c",
                "rule = \"soon\"\ntrigger = [\"referral.made\", \"s.gone\"]\nstop = \"assessment.authorised\"\namount = 1\nunit = \"weeks\"\n",
            ),
            "test/clocks/c.toml:7: nothing that happens is called “s.gone”",
        ),
        (
            "clocks/c.toml",
            file(
                "c",
                "rule = \"soon\"\ntrigger = \"referral.made\"\nstop = \"assessment.authorised\"\nwhen = { weather = \"wet\" }\namount = 1\nunit = \"weeks\"\n",
            ),
            "test/clocks/c.toml:9: a clock cannot depend on “weather”",
        ),
        (
            "clocks/c.toml",
            file(
                "c",
                "rule = \"soon\"\ntrigger = \"referral.made\"\nstop = \"assessment.authorised\"\nwhen = { plan = \"gone\" }\namount = 1\nunit = \"weeks\"\n",
            ),
            "test/clocks/c.toml:9: “plan” is never “gone”",
        ),
        (
            "clocks/c.toml",
            file(
                "c",
                "rule = \"soon\"\ntrigger = 3\nstop = \"assessment.authorised\"\namount = 1\nunit = \"weeks\"\n",
            ),
            "test/clocks/c.toml:7: this must be a text or a list of texts",
        ),
        (
            "steps/s.toml",
            file(
                "s",
                "form = \"f\"\nsubjects = \"child\"\n[[outcome]]\nid = \"o\"\ntitle = \"O\"\nstart = [\"s\"]\n",
            ),
            "test/steps/s.toml:11: “s” begins here but may not follow",
        ),
        (
            "steps/s.toml",
            file(
                "s",
                "form = \"f\"\nsubjects = \"child\"\n[[outcome]]\nid = \"finished\"\ntitle = \"O\"\n",
            ),
            "test/steps/s.toml:9: “finished” cannot be an outcome",
        ),
        (
            "meetings/m.toml",
            file(
                "m",
                "[[partner]]\nid = \"p\"\ntitle = \"P\"\nagencies = [\"gone\"]\nneed = \"reason\"\n",
            ),
            "test/meetings/m.toml:9: there is no agency “gone”",
        ),
        (
            "meetings/m.toml",
            file(
                "m",
                "[[partner]]\nid = \"p\"\ntitle = \"P\"\nagencies = []\nneed = \"maybe\"\n",
            ),
            "test/meetings/m.toml:10: “maybe” is not a need",
        ),
        (
            "meetings/m.toml",
            file("m", "quorum = { agencies = 0, rule = \"none\" }\n"),
            "test/meetings/m.toml:6: 0 agencies cannot be a quorum",
        ),
        (
            "meetings/m.toml",
            file("m", ""),
            "test/meetings/m.toml:1: there is no kind of meeting “m”",
        ),
        (
            "processes/p.toml",
            file("p", "steps = [\"gone\"]\n"),
            "test/processes/p.toml:6: there is no step “gone”",
        ),
        (
            "processes/p.toml",
            file("p", "steps = []\nmeetings = [\"gone\"]\n"),
            "test/processes/p.toml:7: there is no meeting “gone”",
        ),
        (
            "standards/x.toml",
            file("x", "rule = \"enough\"\namount = 3\nunit = \"moons\"\n"),
            "test/standards/x.toml:8: “moons” is not a unit",
        ),
        (
            "roles.toml",
            file(
                "roles",
                "block = [{ id = \"a\", title = \"A\" }]\n[[role]]\nid = \"r\"\ntitle = \"R\"\nhome = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\"]\n",
            ),
            "test/roles.toml:8: the home page of “r” has 8 blocks",
        ),
        (
            "letters/l.toml",
            file("l", "subject = \"Hello {name}\"\nbody = \"\"\n"),
            "test/letters/l.toml:6: the letter uses {name}, which is not among its gaps",
        ),
        (
            "letters/l.toml",
            "id = \n".into(),
            "test/letters/l.toml:1: this cannot be read",
        ),
        (
            "extra/x.toml",
            file("x", ""),
            "test/extra/x.toml:0: no pack has a file here",
        ),
        (
            "codes/c.toml",
            file(
                "c",
                "[[code]]\ncode = \"a\"\nlabel = \"A\"\ninverse = \"b\"\n",
            ),
            "test/codes/c.toml:9: there is no code “b” here",
        ),
    ];
    for (path, text, expected) in cases {
        let told = told(pack().with(*path, text));
        assert!(
            told.iter().any(|line| line.starts_with(expected)),
            "wanted {expected}\ngot {told:#?}"
        );
    }
}

#[test]
fn two_definitions_of_one_id_name_both_places() {
    let codes = file("c", "[[code]]\ncode = \"a\"\nlabel = \"A\"\n");
    let found = problems(
        pack()
            .with("codes/a.toml", &codes)
            .with("codes/b.toml", &codes),
    );
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].file.as_str(), found[0].line),
        ("test/codes/b.toml", 1)
    );
    assert!(found[0].help.contains("test/codes/a.toml:1"));
}

#[test]
fn a_step_and_its_form_have_the_same_outcomes() {
    let field = "[[section.field]]\nname = \"outcome\"\nlabel = \"O\"\nkind = \"radios\"\noptions = [{ value = \"go\", label = \"Go\" }]\n";
    let step = file(
        "s",
        "form = \"f\"\nsubjects = \"child\"\n[[outcome]]\nid = \"stop\"\ntitle = \"Stop\"\n",
    );
    let told = told(
        pack()
            .with("forms/f.toml", form(field))
            .with("steps/s.toml", step),
    );
    assert_eq!(told.len(), 2, "{told:#?}");
}

#[test]
fn problems_are_written_for_a_terminal() {
    let found = problems(pack().with(
        "forms/f.toml",
        form("[[section.field]]\nname = \"a\"\nlabel = \"A\"\nkind = \"txt\"\n"),
    ));
    let text = Pack::problems_text(&found);
    assert!(
        text.starts_with(
            "test/forms/f.toml:12:8: “txt” is not a kind of field\n    Use one of: text, "
        ),
        "{text}"
    );
    assert!(text.ends_with("\n\n1 problem.\n"), "{text}");
}

#[test]
fn a_folder_that_is_not_there_is_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    let found = Pack::load(dir.path().join("gone")).unwrap_err();
    assert!(found[0].message.starts_with("cannot be read"));
}

#[test]
fn a_folder_without_pack_toml_is_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("forms")).unwrap();
    std::fs::write(dir.path().join("forms/f.toml"), form("")).unwrap();
    let found = Pack::load(dir.path()).unwrap_err();
    assert!(found[0].file.ends_with("pack.toml"), "{found:?}");
}
