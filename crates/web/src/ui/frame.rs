//! The frame around a page: who is signed in, where they can go, the title,
//! the notice after something was done, and what is wrong with what was typed.

use std::borrow::Cow;

use super::Notice;

/// So many links of the navigation are shown: more than seven are not read.
const SHOWN: usize = 7;

/// Everything `ui/base.html` needs. Build one with [`Frame::public`] or
/// [`Frame::signed_in`] and add to it with the `with_` functions.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The page's own title, as in its `h1`; the service's name is added.
    pub title: String,
    /// The name in the header, such as "Larkmere children's services".
    pub service: String,
    /// Who is signed in; `None` on public pages, which then show neither
    /// search nor navigation.
    pub who: Option<Who>,
    /// The service navigation: at most seven are shown.
    pub nav: Vec<NavItem>,
    /// What was just done, shown once.
    pub notice: Option<Notice>,
    /// What is wrong with the form, shown on top with links to the fields.
    pub errors: Vec<FieldError>,
    /// The words in the search field, when the page shows their result.
    pub search: String,
    /// The link above the page that leads back.
    pub back: Option<Link>,
    /// The "Exit this page" button of public pages about safety.
    pub exit: Option<Exit>,
    /// Until when a record is open in an emergency: repeated on every page.
    pub emergency: Option<String>,
    /// After how many idle minutes the sign-in ends; the script warns five
    /// minutes before. Zero on public pages: nothing to warn about.
    pub session_minutes: u32,
    /// The language of the page, "pl"; empty for English.
    pub language: String,
    /// The page is written from right to left.
    pub right_to_left: bool,
    /// The frame's own words, in the language of the page.
    pub words: FrameWords,
}

/// The words of the frame around public pages. Those who sign in read English.
#[derive(Debug, Clone)]
pub struct FrameWords {
    /// The link past the header.
    pub skip: Cow<'static, str>,
    /// The button that leaves at once.
    pub exit: Cow<'static, str>,
    /// What is said of that button to those who hear it.
    pub emergency: Cow<'static, str>,
    /// The title of what is wrong.
    pub problem: Cow<'static, str>,
    /// The link to help.
    pub help: Cow<'static, str>,
    /// The link to what is known of accessibility.
    pub accessibility: Cow<'static, str>,
    /// The link to how information is looked after.
    pub privacy: Cow<'static, str>,
}

impl Default for FrameWords {
    fn default() -> Self {
        Self {
            skip: "Skip to main content".into(),
            exit: "Exit this page".into(),
            emergency: "Emergency".into(),
            problem: "There is a problem".into(),
            help: "Help".into(),
            accessibility: "Accessibility".into(),
            privacy: "How we look after your information".into(),
        }
    }
}

/// The person signed in, as the header names them.
#[derive(Debug, Clone)]
pub struct Who {
    /// Their name.
    pub name: String,
    /// Their post, such as "Social worker, North".
    pub post: String,
}

/// One link of the service navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// The words of the link.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Whether the page shown belongs to it.
    pub current: bool,
}

/// A link with its words.
#[derive(Debug, Clone)]
pub struct Link {
    /// The words of the link.
    pub text: String,
    /// Where it leads.
    pub href: String,
}

/// Where "Exit this page" leads: an everyday page that explains itself when
/// somebody looks over the shoulder.
#[derive(Debug, Clone)]
pub struct Exit {
    /// The address, on another site.
    pub href: String,
}

/// One thing wrong with what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The id of the input the message links to; for a form this is the
    /// field's name.
    pub field: String,
    /// What is wrong and what to do, in plain words.
    pub message: String,
}

impl FieldError {
    /// A message for the input with this id.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

impl Frame {
    /// A page anyone may open, without sign-in.
    pub fn public(service: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            service: service.into(),
            title: title.into(),
            ..Self::default()
        }
    }

    /// A page of someone signed in. Sessions end after 60 idle minutes.
    pub fn signed_in(
        service: impl Into<String>,
        title: impl Into<String>,
        who: Who,
        nav: Vec<NavItem>,
    ) -> Self {
        Self {
            who: Some(who),
            nav,
            session_minutes: 60,
            ..Self::public(service, title)
        }
    }

    /// Shows what was just done.
    #[must_use]
    pub fn with_notice(mut self, notice: Option<Notice>) -> Self {
        self.notice = notice;
        self
    }

    /// Shows what is wrong: the summary on top and "Error:" in the title.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// Adds the link back.
    #[must_use]
    pub fn with_back(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.back = Some(Link {
            text: text.into(),
            href: href.into(),
        });
        self
    }

    /// Adds "Exit this page".
    #[must_use]
    pub fn with_exit(mut self, href: impl Into<String>) -> Self {
        self.exit = Some(Exit { href: href.into() });
        self
    }

    /// The message at one field, for a form that is not a pack's; empty if none.
    pub fn error_at(&self, field: &str) -> &str {
        let found = self.errors.iter().find(|error| error.field == field);
        found.map_or("", |error| error.message.as_str())
    }

    /// The title of the browser's tab: an error is announced first.
    pub fn full_title(&self) -> String {
        let error = if self.errors.is_empty() {
            ""
        } else {
            "Error: "
        };
        match (self.title.is_empty(), self.service.is_empty()) {
            (true, _) => format!("{error}{}", self.service),
            (false, true) => format!("{error}{}", self.title),
            (false, false) => format!("{error}{} - {}", self.title, self.service),
        }
    }

    /// The navigation as shown: never more than seven links.
    pub fn nav_shown(&self) -> &[NavItem] {
        &self.nav[..self.nav.len().min(SHOWN)]
    }

    /// The links that found no room in the navigation: the page of boards
    /// shows them, so that no post loses its way to a page.
    pub fn nav_rest(&self) -> &[NavItem] {
        &self.nav[self.nav.len().min(SHOWN)..]
    }

    /// The language of the page for the browser and for those who hear it.
    pub fn lang(&self) -> &str {
        if self.language.is_empty() {
            "en"
        } else {
            &self.language
        }
    }

    /// The built stylesheet's address, if it was built.
    pub fn style(&self) -> Option<String> {
        super::assets::address("app.css")
    }

    /// The built script's address, if it was built.
    pub fn script(&self) -> Option<String> {
        super::assets::address("app.js")
    }

    /// The icon's address, if it was built.
    pub fn icon(&self) -> Option<String> {
        super::assets::address("favicon.svg")
    }
}
