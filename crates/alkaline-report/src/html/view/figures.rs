//! Figures on the page, and the genes that its script points out.

use crate::figures::Figure;

/// A figure with its caption.
pub(super) struct FigureView {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) caption: String,
    pub(super) svg: String,
}

impl FigureView {
    /// The title up to its first colon: `MA plot`.
    pub(super) fn short_title(&self) -> &str {
        self.title.split(':').next().unwrap_or_default()
    }
}

pub(super) fn figure_view(figure: Figure) -> FigureView {
    let title = figure.content.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
    FigureView {
        title: unescaped(title.unwrap_or(&figure.name)),
        name: figure.name,
        caption: figure.caption,
        svg: figure.content,
    }
}

/// The figure's own title, out of its XML: the template escapes it again.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Takes the figures whose name (after the contrast) begins with one of `prefixes` out of `all`.
pub(super) fn take(all: &mut Vec<Figure>, id: &str, prefixes: &[&str]) -> Vec<FigureView> {
    let wanted = |figure: &Figure| {
        figure.name.strip_prefix(id).and_then(|rest| rest.strip_prefix('.')).is_some_and(|name| {
            prefixes
                .iter()
                .any(|prefix| prefix.strip_suffix('*').map_or(name == *prefix, |stem| name.starts_with(stem)))
        })
    };
    let (taken, rest) = std::mem::take(all).into_iter().partition(wanted);
    *all = rest;
    taken.into_iter().map(figure_view).collect()
}

/// Genes as the script reads them from an attribute: separated by tabs, which no name holds.
pub(super) fn marks<S: AsRef<str>>(genes: &[S]) -> String {
    genes.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("\t")
}
