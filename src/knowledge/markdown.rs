//! Markdown parser: one section for each heading with text of its own, as plain text and as HTML. Text above the first
//! heading is a section of the document's title.

use pulldown_cmark::{BrokenLink, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::chunks::chunks;
use crate::domain::knowledge::Section;

mod body;
mod html;
mod slug;

use body::Body;
use slug::Slugs;

const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_HEADING_ATTRIBUTES);

/// What is known of a document besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub title: Option<String>,
    pub description: Option<String>,
}

/// The sections of a document; `file` is its path in their ids.
pub fn sections(file: &str, markdown: &str) -> Vec<Section> {
    described_sections(file, &About::default(), markdown)
}

/// The sections of a document of which more is known than its text.
pub fn described_sections(file: &str, about: &About, markdown: &str) -> Vec<Section> {
    let mut outline = Outline::new(file, about.title.clone());
    for event in Parser::new_with_broken_link_callback(markdown, EXTENSIONS, Some(without_target)) {
        outline.read(event);
    }
    outline.finish(about)
}

/// One section of this id, whose own headings are paragraphs of it.
pub(super) fn article(id: &str, heading_path: Vec<String>, markdown: &str) -> Section {
    let file = id.split('#').next().unwrap_or(id);
    let (mut body, mut events) = (Body::default(), Vec::new());
    for event in Parser::new_with_broken_link_callback(markdown, EXTENSIONS, Some(without_target)) {
        let flat = if matches!(event, Event::Start(Tag::Heading { .. })) {
            vec![Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)]
        } else if matches!(event, Event::End(TagEnd::Heading(_))) {
            vec![Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)]
        } else {
            vec![event]
        };
        for event in flat {
            body.read(event.clone());
            events.push(event);
        }
    }
    let title = heading_path.last().cloned().unwrap_or_default();
    section(id.to_owned(), title, heading_path, body.finish(), html::render(file, events))
}

/// The slug of a heading alone.
pub(super) fn slug_of(heading: &str) -> String {
    slug::plain(heading)
}

/// A link to a name that the document does not define (`[directory][config.dir]`), which tools resolve elsewhere: only its
/// text is kept. Two numbers in brackets are an index.
fn without_target<'a>(link: BrokenLink<'a>) -> Option<(CowStr<'a>, CowStr<'a>)> {
    let is_full = matches!(
        link.link_type,
        LinkType::Reference | LinkType::ReferenceUnknown | LinkType::Collapsed | LinkType::CollapsedUnknown
    );
    let is_name = link.reference.len() > 1 && link.reference.contains(char::is_alphabetic);
    (is_full && is_name).then(|| ("".into(), "".into()))
}

struct Outline<'a> {
    file: &'a str,
    /// What is below the current heading.
    events: Vec<Event<'a>>,
    /// What is above the first heading.
    introduction_events: Vec<Event<'a>>,
    slugs: Slugs,
    sections: Vec<Section>,
    /// Headings of the current section, outermost first.
    path: Vec<(HeadingLevel, String)>,
    /// Id of the current section.
    id: Option<String>,
    /// The current heading.
    heading: Option<String>,
    /// The anchor that the current heading names itself: `# Title {#anchor}`.
    anchor: Option<String>,
    /// The text above the first heading.
    introduction: Option<String>,
    /// The first heading of the first level.
    main_heading: Option<String>,
    body: Body,
}

impl<'a> Outline<'a> {
    fn new(file: &'a str, title: Option<String>) -> Self {
        Self {
            file,
            events: Vec::new(),
            introduction_events: Vec::new(),
            slugs: Slugs::default(),
            sections: Vec::new(),
            path: title.into_iter().map(|title| (HeadingLevel::H1, title)).collect(),
            id: None,
            heading: None,
            anchor: None,
            introduction: None,
            main_heading: None,
            body: Body::default(),
        }
    }

    fn read(&mut self, event: Event<'a>) {
        match (event, &mut self.heading) {
            (Event::Start(Tag::Heading { id, .. }), _) => {
                self.close_section();
                self.heading = Some(String::new());
                self.anchor = id.map(CowStr::into_string);
            }
            (Event::End(TagEnd::Heading(level)), heading) => {
                let title = heading.take().unwrap_or_default();
                self.open_section(level, title.trim().replace('\0', ""));
            }
            (Event::Text(text) | Event::Code(text), Some(heading)) => heading.push_str(&text),
            (Event::SoftBreak | Event::HardBreak, Some(heading)) => heading.push(' '),
            (_within_heading, Some(_)) => {}
            (event, None) => {
                self.events.push(event.clone());
                self.body.read(event);
            }
        }
    }

    fn open_section(&mut self, level: HeadingLevel, title: String) {
        let slug = match self.anchor.take() {
            Some(anchor) => self.slugs.unique(&anchor.replace('\0', "")),
            None => self.slugs.slug(&title),
        };
        if level == HeadingLevel::H1 && self.main_heading.is_none() {
            self.main_heading = Some(title.clone());
        }
        self.id = Some(format!("{}#{slug}", self.file));
        self.path.retain(|(above, _)| *above < level);
        self.path.push((level, title));
    }

    fn close_section(&mut self) {
        let text = std::mem::take(&mut self.body).finish();
        let events = std::mem::take(&mut self.events);
        let (Some(id), Some((_, title))) = (self.id.take(), self.path.last()) else {
            if self.introduction.is_none() {
                self.introduction = Some(text);
                self.introduction_events = events;
            }
            return;
        };
        if text.is_empty() {
            return;
        }
        let heading_path = self.path.iter().map(|(_, title)| title.clone()).collect();
        let html = html::render(self.file, events);
        self.sections.push(section(id, title.clone(), heading_path, text, html));
    }

    fn finish(mut self, about: &About) -> Vec<Section> {
        self.close_section();
        let introduction = self.introduction.take().unwrap_or_default();
        let description = about.description.as_deref().unwrap_or_default();
        if introduction.is_empty() && self.describes_first_section(description) {
            return self.numbered();
        }
        let text = match (description, introduction.as_str()) {
            ("", text) | (text, "") => text.to_owned(),
            (description, text) if text.contains(description) => text.to_owned(),
            (description, text) => format!("{description}\n\n{text}"),
        };
        if !text.is_empty() {
            let events = std::mem::take(&mut self.introduction_events);
            let mut html = html::render(self.file, events);
            if text != introduction {
                html.insert_str(0, &html::paragraph(description));
            }
            let title = about.title.clone().or_else(|| self.main_heading.take());
            let title = title.unwrap_or_else(|| title_of(self.file));
            let id = self.introduction_id(&title);
            self.sections.insert(0, section(id, title.clone(), vec![title], text, html));
        }
        self.numbered()
    }

    /// Puts the description above the text of the main heading. Returns whether there is such a section.
    fn describes_first_section(&mut self, description: &str) -> bool {
        let main = self.main_heading.as_deref();
        let Some(first) = self
            .sections
            .first_mut()
            .filter(|first| first.heading_path.len() == 1 && main.is_some_and(|main| first.title == main))
        else {
            return false;
        };
        if !first.text.contains(description) {
            first.text = format!("{description}\n\n{}", first.text);
            first.chunks = chunks(&first.heading_path, &first.text);
            first.html.insert_str(0, &html::paragraph(description));
        }
        true
    }

    fn numbered(mut self) -> Vec<Section> {
        for (section, position) in self.sections.iter_mut().zip(0..) {
            section.position = position;
        }
        self.sections
    }

    /// The anchor of the title's heading, unless that heading has a section of its own.
    fn introduction_id(&mut self, title: &str) -> String {
        let wished = format!("{}#{}", self.file, slug::plain(title));
        if self.sections.iter().any(|section| section.id == wished) {
            format!("{}#{}", self.file, self.slugs.slug(title))
        } else {
            wished
        }
    }
}

fn section(id: String, title: String, heading_path: Vec<String>, text: String, html: String) -> Section {
    Section { id, title, chunks: chunks(&heading_path, &text), heading_path, text, html, position: 0 }
}

/// A title from a file's name; from its folder's if the file is the folder's index.
fn title_of(file: &str) -> String {
    let mut parts = file.rsplit('/');
    let name = parts.next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_index = ["index", "readme", "_index"].contains(&stem.to_lowercase().as_str());
    let words = parts.next().filter(|_| is_index).unwrap_or(stem).replace(['-', '_'], " ");
    let mut chars = words.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    first + chars.as_str()
}

#[cfg(test)]
mod tests;
