//! The envelope of a page. All eight fields always: the schema requires one,
//! clients need the rest, and the earlier validator checked the flags.

use serde_json::{Value, json};

use super::{Later, Params};

/// Items on a page when nobody says how many.
pub const USUAL: usize = 50;
/// Items on a page at most; for everything there is `format=ndjson`.
pub const MOST: usize = 1000;
/// On a page of only ids: the specification wants all on one.
pub const MOST_MINIMAL: usize = 100_000;

/// Makes the page that was asked for. A page after the last is empty.
pub fn envelope(params: &Params, items: Vec<Later<'_>>) -> Value {
    let most = if params.minimal { MOST_MINIMAL } else { MOST };
    let usual = if params.minimal { most } else { USUAL };
    let per_page = params.per_page.unwrap_or(usual).min(most);
    let total = items.len();
    let pages = total.div_ceil(per_page);
    let number = params.page;
    let from = (number - 1).saturating_mul(per_page);
    let contents: Vec<Value> = items
        .into_iter()
        .skip(from)
        .take(per_page)
        .map(|make| make())
        .collect();
    json!({
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": contents.len(),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": contents.is_empty(),
        "contents": contents,
    })
}
