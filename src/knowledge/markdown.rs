//! Markdown parser: one section for each heading with text of its own, as plain text and as HTML. Text above the first
//! heading belongs to no section.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::chunks::chunks;
use crate::domain::knowledge::Section;

mod body;
mod html;
mod slug;

use body::Body;
use slug::Slugs;

/// The sections of a document; `file` is its path in their ids.
pub fn sections(file: &str, markdown: &str) -> Vec<Section> {
    let mut outline = Outline::new(file);
    for event in Parser::new_ext(markdown, OPTIONS) {
        outline.read(event);
    }
    outline.close_section();
    outline.sections
}

/// The extensions of Markdown that documents may use.
const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH);

struct Outline<'a> {
    file: &'a str,
    /// What is below the current heading.
    events: Vec<Event<'a>>,
    slugs: Slugs,
    sections: Vec<Section>,
    /// Headings of the current section, outermost first.
    path: Vec<(HeadingLevel, String)>,
    /// Id of the current section.
    id: Option<String>,
    /// The current heading.
    heading: Option<String>,
    body: Body,
}

impl<'a> Outline<'a> {
    fn new(file: &'a str) -> Self {
        Self {
            file,
            events: Vec::new(),
            slugs: Slugs::default(),
            sections: Vec::new(),
            path: Vec::new(),
            id: None,
            heading: None,
            body: Body::default(),
        }
    }

    fn read(&mut self, event: Event<'a>) {
        match (event, &mut self.heading) {
            (Event::Start(Tag::Heading { .. }), _) => {
                self.close_section();
                self.heading = Some(String::new());
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
        self.id = Some(format!("{}#{}", self.file, self.slugs.slug(&title)));
        self.path.retain(|(above, _)| *above < level);
        self.path.push((level, title));
    }

    fn close_section(&mut self) {
        let text = std::mem::take(&mut self.body).finish();
        let events = std::mem::take(&mut self.events);
        let (Some(id), Some((_, title))) = (self.id.take(), self.path.last()) else {
            return;
        };
        if text.is_empty() {
            return;
        }
        let heading_path: Vec<String> = self.path.iter().map(|(_, title)| title.clone()).collect();
        self.sections.push(Section {
            id,
            title: title.clone(),
            chunks: chunks(&heading_path, &text),
            heading_path,
            text,
            html: html::render(self.file, events),
            position: i32::try_from(self.sections.len()).unwrap_or(i32::MAX),
        });
    }
}

#[cfg(test)]
mod tests;
