"""What the block editor's script says, by the keys it uses; each sentence goes through the catalogue."""

from core.i18n import gettext as _

__all__ = ["editor_words"]


def editor_words() -> dict[str, str]:
    """Return the sentences in the reader's language. `%(name)s` in them is filled by the script."""
    return {**_deeds(), **_blocks(), **_tools(), **_dialogs(), **_fields(), **_pictures()}


def _deeds() -> dict[str, str]:
    """Return what is read out."""
    return {
        "text": _("Text"),
        "no_connection": _("There is no connection. Try again in a moment."),
        "not_here": _("This is not available on this site."),
        "did_not_work": _("That did not work."),
        "moved": _("Moved to place %(at)s of %(of)s."),
        "at_top": _("It is at the top already."),
        "at_bottom": _("It is at the end already."),
        "duplicated": _("Duplicated."),
        "removed": _("Removed. Ctrl+Z brings it back."),
        "inserted": _("Inserted: %(what)s."),
        "chosen": _("Chosen: %(what)s. Enter changes it, Backspace removes it."),
        "converted": _("The text is now made of blocks."),
        "embedded": _("The address became an embed."),
        "uploading": _("Uploading %(name)s…"),
        "uploaded": _("Uploaded: %(name)s."),
    }


def _blocks() -> dict[str, str]:
    """Return the names of blocks, and what stands in empty ones."""
    return {
        "blocks": _("Blocks"),
        "group_text": _("Text"),
        "group_media": _("Media"),
        "group_layout": _("Layout"),
        "group_reuse": _("Reuse and code"),
        "block_paragraph": _("Paragraph"),
        "heading": _("Heading"),
        "block_heading_2": _("Heading 2"),
        "block_heading_3": _("Heading 3"),
        "block_heading_4": _("Heading 4"),
        "block_heading_5": _("Heading 5"),
        "block_heading_6": _("Heading 6"),
        "block_heading": _("Heading"),
        "block_bullet_list": _("Bulleted list"),
        "block_ordered_list": _("Numbered list"),
        "block_list_item": _("List item"),
        "block_quote": _("Quote"),
        "block_callout": _("Callout"),
        "block_code": _("Code"),
        "block_image": _("Picture"),
        "block_gallery": _("Gallery"),
        "block_embed": _("Embed"),
        "block_table": _("Table"),
        "block_table_row": _("Table row"),
        "block_table_cell": _("Cell"),
        "block_columns": _("Columns"),
        "block_column": _("Column"),
        "block_button": _("Button"),
        "block_separator": _("Separator"),
        "block_more": _("“Read more” mark"),
        "block_page_break": _("Page break"),
        "block_pattern": _("Pattern"),
        "block_shortcode": _("Shortcode"),
        "block_html": _("HTML"),
    }


def _tools() -> dict[str, str]:
    """Return the words of the toolbar."""
    return {
        "add_below": _("Add a block below"),
        "move_block": _("Move: drag, or choose for more"),
        "hint_first": _("Write, or type / for blocks…"),
        "hint": _("Type / for blocks"),
        "turn": _("Kind of block"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "link": _("Link"),
        "more_marks": _("More formatting"),
        "mark_underline": _("Underline"),
        "mark_strike": _("Strikethrough"),
        "mark_highlight": _("Highlight"),
        "mark_inline_code": _("Code in the text"),
        "mark_sup": _("Superscript"),
        "mark_sub": _("Subscript"),
        "mark_lang": _("Language of these words"),
        "bullet_list": _("Bulleted list"),
        "ordered_list": _("Numbered list"),
        "align": _("Alignment"),
        "align_left": _("Left"),
        "align_center": _("Centred"),
        "align_right": _("Right"),
        "insert": _("Insert a block"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "block": _("This block"),
        "up": _("Move up"),
        "down": _("Move down"),
        "duplicate": _("Duplicate"),
        "settings": _("Settings of the block"),
        "remove": _("Remove"),
    }


def _dialogs() -> dict[str, str]:
    """Return the words of dialogs, and what stands in blocks that wait for something."""
    return {
        "link_hint": _("Address, or words of a text of this site"),
        "link_address": _("Leads to"),
        "link_hits": _("Texts of this site"),
        "link_title": _("Title, shown under the pointer"),
        "link_off": _("Remove the link"),
        "link_set": _("Set the link"),
        "link_wrong": _(
            "This is no address. Choose a text of the list, or type one such as https://example.org or /contact/."
        ),
        "cancel": _("Cancel"),
        "lang_code": _("Code of the language"),
        "lang_help": _("Such as en or es. Empty takes it off."),
        "lang_set": _("Set the language"),
        "lang_wrong": _("A code has letters and hyphens, such as en or pt-BR."),
        "picture": _("picture"),
        "picture_missing": _("The picture can't be shown"),
        "picture_elsewhere": _("This picture lies at %(host)s, whose pictures this site does not show."),
        "image_empty": _("Choose a picture"),
        "linked": _("With a link"),
        "caption": _("Caption"),
        "embed_empty": _("Paste the address of a video, a sound or a post"),
        "button_empty": _("Button without words"),
        "shortcode_empty": _("Choose a shortcode"),
        "pattern_empty": _("Choose a pattern"),
        "pattern_of": _("Pattern %(number)s"),
        "gallery_empty": _("Gallery without pictures"),
    }


def _fields() -> dict[str, str]:
    """Return the words of the panel."""
    return {
        "nothing_to_set": _("Nothing can be set about this block."),
        "back_to_text": _("Back to the text"),
        "choose": _("Choose…"),
        "field_level": _("Level"),
        "field_anchor": _("Anchor"),
        "anchor_help": _("Links can lead here with # and these words: small letters, digits, hyphens."),
        "field_align": _("Alignment"),
        "field_cell_align": _("Alignment of the cell"),
        "field_start": _("First number"),
        "field_citation": _("Source"),
        "citation_help": _("Who said it, or where it stands."),
        "field_language": _("Language of the code"),
        "field_tone": _("Tone"),
        "tone_info": _("Information"),
        "tone_success": _("Good news"),
        "tone_warning": _("Caution"),
        "tone_danger": _("Danger"),
        "field_title": _("Title"),
        "field_header_row": _("The first row holds headings"),
        "field_header_column": _("The first column holds headings"),
        "field_caption": _("Caption"),
        "row_above": _("Row above"),
        "row_below": _("Row below"),
        "row_off": _("Remove row"),
        "column_before": _("Column before"),
        "column_after": _("Column after"),
        "column_off": _("Remove column"),
        "cells_merge": _("Merge cells"),
        "cell_split": _("Split cell"),
        "table_off": _("Remove table"),
    }


def _pictures() -> dict[str, str]:
    """Return the words of the panel about pictures, columns and what comes from elsewhere, and of the outline."""
    return {
        "picture_choose": _("Choose a picture"),
        "picture_other": _("Another picture"),
        "field_alt": _("Alternative text"),
        "alt_help": _("What the picture says, for those who can't see it. Empty takes the library's."),
        "field_decorative": _("Only decoration: screen readers skip it"),
        "field_size": _("Size and place"),
        "size_none": _("As wide as the text"),
        "size_left": _("At the left, beside the text"),
        "size_right": _("At the right, beside the text"),
        "size_wide": _("Wider than the text"),
        "size_full": _("From edge to edge"),
        "field_link": _("Link of the picture"),
        "picture_of": _("Picture %(at)s of %(of)s"),
        "picture_up": _("Move this picture forward"),
        "picture_down": _("Move this picture back"),
        "picture_off": _("Take this picture out"),
        "pictures_add": _("Add pictures"),
        "field_columns": _("Columns"),
        "field_crop": _("Crop to the same shape"),
        "field_url": _("Address"),
        "embed_help": _("The address of its page, such as https://www.youtube.com/watch?v=…"),
        "field_button_text": _("Words on the button"),
        "field_style": _("Style"),
        "style_filled": _("Filled"),
        "style_outline": _("Outline"),
        "field_count": _("Number of columns"),
        "field_widths": _("Widths"),
        "equal": _("Equal"),
        "field_name": _("Shortcode"),
        "field_attrs_text": _("Attributes"),
        "attrs_help": _('As typed in a shortcode, such as id="3".'),
        "field_body": _("Text inside"),
        "shortcodes_none": _("No plugin of this site brings shortcodes."),
        "field_pattern": _("Pattern"),
        "patterns_none": _("There is no pattern yet."),
        "field_html": _("HTML"),
        "html_help": _("Cleaned like all HTML of the site. Scripts and styles go."),
        "reading": _("%(words)s words, about %(minutes)s min to read"),
        "heading_empty": _("Empty heading"),
        "heading_empty_hint": _("A heading needs words."),
        "heading_skips": _("Level %(level)s skips one: screen readers miss it."),
    }
