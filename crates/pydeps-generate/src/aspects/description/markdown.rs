//! Markdown, as CommonMark and GitHub read it.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::blocks::Block;

/// The blocks of a text.
pub(super) fn read(text: &str) -> Vec<Block> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader::default();
    for event in Parser::new_ext(text, options) {
        reader.take(event);
    }
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    /// Words of what is being read.
    words: String,
    /// Within so many lists.
    lists: usize,
    items: Vec<String>,
    /// Within so many things whose text is not wanted.
    dropped: usize,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) if self.dropped == 0 => {
                self.words.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => self.words.push(' '),
            Event::Rule => self.blocks.push(Block::Other),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::List(_) => {
                self.paragraph();
                self.lists += 1;
            }
            Tag::Item if self.lists == 1 => self.words.clear(),
            Tag::Paragraph | Tag::Heading { .. } if self.lists == 0 => self.words.clear(),
            tag if is_dropped(tag) => self.dropped += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::List(_) => {
                self.lists = self.lists.saturating_sub(1);
                if self.lists == 0 {
                    self.blocks
                        .push(Block::List(std::mem::take(&mut self.items)));
                }
            }
            TagEnd::Item if self.lists == 1 => self.item(),
            TagEnd::Item => self.words.push_str(". "),
            TagEnd::Paragraph if self.lists == 0 => self.paragraph(),
            TagEnd::Paragraph => self.words.push(' '),
            TagEnd::Heading(_) => {
                let words = std::mem::take(&mut self.words);
                self.blocks.push(Block::Heading(words.trim().to_owned()));
            }
            tag if is_dropped_end(tag) => {
                self.dropped = self.dropped.saturating_sub(1);
                match tag {
                    TagEnd::Image => {}
                    TagEnd::CodeBlock => self.blocks.push(Block::Code),
                    _ => self.blocks.push(Block::Other),
                }
            }
            _ => {}
        }
    }

    fn item(&mut self) {
        let words = std::mem::take(&mut self.words);
        self.items.push(words.trim().to_owned());
    }

    /// Text of a list item before an inner list belongs to the item.
    fn paragraph(&mut self) {
        if self.lists > 0 || self.dropped > 0 {
            return;
        }
        let words = std::mem::take(&mut self.words);
        if !words.trim().is_empty() {
            self.blocks.push(Block::Paragraph(words.trim().to_owned()));
        }
    }
}

fn is_dropped(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::Image { .. }
            | Tag::Table(_)
            | Tag::FootnoteDefinition(_)
            | Tag::BlockQuote(_)
    )
}

fn is_dropped_end(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::Image
            | TagEnd::Table
            | TagEnd::FootnoteDefinition
            | TagEnd::BlockQuote(_)
    )
}
