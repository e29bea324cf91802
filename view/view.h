// SPDX-License-Identifier: Apache-2.0
/* How answers become pages, sentences and papers: Mustache over the answer's JSON, the rooms'
 * words in Chinese and English, dates and amounts written out, PDF, QR. A page decides nothing,
 * and nothing here reads a database or a clock.
 *
 * Pages are ROOM/pages/NAME.mustache, named "ROOM/NAME"; words are ROOM/words/zh.json and
 * ROOM/words/en.json, nested objects that stand under the room's name: {{t.cases.title}}.
 *
 * A tag {{X_text}} whose name is not in the data is X written out in the reader's language:
 *   X ends in _day      "2014-09-03"          -> 2014年9月3日(周三)      | 3 September 2014
 *   X ends in _at       instant (ms)          -> 2014年9月3日(周三)14:05 | 3 September 2014, 14:05
 *   X ends in _fen      123450                -> 1,234.50 元             | CNY 1,234.50
 *   X ends in _size     bytes                 -> 2.4 MB
 *   X is an object with "days" and "unit"     -> 5个工作日 | 5 working days (1 working day);
 *                                             0 days: 当日 | the same day; unit "none": 没有规定期限 | no limit is set
 *   X_en stands beside X                      -> X_en for an English reader when not empty, else X
 *   words "codes.<X>.<value>" exist in any room -> that word (state, action, unit, level, …)
 *   X is a number                             -> 1,234,567
 *   anything else                             -> X itself
 * A mere "day", "at", "fen" or "size" is written like X_day and so on. Codes may be text, numbers
 * or true and false; two rooms may share a code only when they say the same of it.
 * A partial {{> t.room.key}} renders a word as a template with the present data, so sentences
 * carry their own tags and each language its own order: "最迟 {{due_day_text}} 办结". A word with
 * tags can be used in no other way. A section is closed to null, false, 0, "" and [].
 * {{page.parts.NAME}} is HTML that was rendered before, and alone stands as it is.
 * {{.}}, dotted names, sections, inverted sections, partials, comments; no lambdas, no other
 * delimiters, and no unescaped tag. */
#pragma once

#include "base/base.h"

enum language { CHINESE, ENGLISH, LANGUAGES };
extern const char *const language_tags[LANGUAGES]; /* "zh", "en" */

/* All pages and words, compiled when opened, unchanging and shared between threads. */
typedef struct View View;

/* Compiles everything embedded; FAULT names the file and place of a page that does not parse, a
 * partial that is missing, a key that stands in one language only. Builds with sanitizers tell in the log, with its file, of a
 * page's tag whose name is nowhere in the data ("no data fills"): one that may be without stands in a section of its own. */
View *view_open(GError **error);
/* The same pages and words, of which a county may say some in its own way; `base` outlives it. Owned by the caller. */
View *view_own(const View *base);
/* Says in one language what a JSON object holds, nested as in words/zh.json with the rooms outermost; what is said already
 * is said anew. Refuses BAD_INPUT, naming `file` and the word: "view.own_form" what is no object, "view.own_unknown" a word
 * that the program does not have or that is no text, "view.own_broken" a text whose tags do not parse, "view.own_tag" one
 * that names what the program's word does not. Before it is shared between threads. */
bool view_say(View *self, enum language language, const char *file, const char *bytes, size_t length, GError **error);
/* The same of one word. */
bool view_say_word(View *self, enum language language, const char *key, const char *text, GError **error);
void view_close(View *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(View, view_close)

/* The page "cases/case" over `answer`; `page` is a second object under the tag {{page.…}} (who is
 * signed in, tokens, language switch). Owned by the caller; *length may be NULL. */
char *view_page(const View *self, const char *name, enum language language, const json_t *answer,
                const json_t *page, size_t *length, GError **error);

bool view_has_page(const View *self, const char *name);
bool view_has_word(const View *self, const char *key);
/* The names of the forms, {{page.forms.NAME}}, that the page shows: of char *; NULL where there is no such page. */
const GPtrArray *view_forms(const View *self, const char *name);

/* The word at `key` ("cases.accepted_already") rendered over `data` (may be NULL) without HTML
 * escaping. The key itself when there is no such word. Owned by the caller. */
char *view_sentence(const View *self, enum language language, const char *key, const json_t *data);

/* The name of an object in the asker's language: its "name_en" in English, if it has one, else its "name"; "" for none. */
const char *view_name(enum language language, const json_t *object);
/* The word of a code, "review" of "state"; the code itself when there is none. Owned by the caller. */
char *view_code(const View *self, enum language language, const char *of, const char *code);
/* Does the word at `key` say something in every language, with nothing but the data of `names` (NULL ended; {{X_text}} is of
 * the name X)? FAULT names the file, the word and the tag that would stay empty. */
bool view_word_fits(const View *self, const char *key, const char *const *names, GError **error);
/* The word at `key` as it stands, where it has no tags; NULL when there is no such word. It lives as long as the view. */
const char *view_word(const View *self, enum language language, const char *key);
/* The same of the word "codes.<codes>.<value>" of any room. */
const char *view_code_word(const View *self, enum language language, const char *codes, const char *value);

/* Single values written out as the tags above do; owned by the caller. */
char *view_day(enum language language, Day day);      /* 2014年9月3日(周三) */
char *view_formal_day(enum language language,
                      Day day); /* the same without the day of the week, which official documents do
                                   not name (GB/T 9704) */
char *view_instant(enum language language, Instant at);
char *view_amount(enum language language, int64_t fen);
char *view_number(int64_t number);                    /* 1,234,567 */

/* A QR code as the address of a picture ("data:image/svg+xml;base64,…"), for <img src>. Owned by the caller. */
char *view_qr_picture(const char *text, GError **error);

/* ---- papers ---- */

/* A4 as PDF with Chinese text, from an object of finished sentences:
 *   {"title", "number", "lines": ["…"], "table": [["label", "value"], …] (optional),
 *    "list": ["…"], "after": ["…"] and "copies": ["正本", "副本"], one after the other (optional), "organ", "day" (written out), "seal": "text round the seal mark", "seal_name" and
 *    "seal_mark": within it, "seal_picture": PNG in base64 in its place (optional),
 *    "is_english": true (optional; without it the text is Chinese),
 *    "code": {"text" (drawn as QR), "note"} (optional),
 *    "link": "https://… (drawn as QR, printed below)", "link_note", "foot", "margin" (optional: outside a frame round all of a page),
 *    "record": {"title", "link" and "proof" (drawn as QR), "note", "proof_note", "salt", "salt_note"} (optional)}
 * A Chinese line is set two characters in, unless it is the first and ends in a colon (the address, 张三:). Long
 * papers go on over as many pages as they need. The seal mark is plain and our own: a red ring with
 * text, no star, no emblem. The same object gives the same bytes, always. Owned by the caller. */
GBytes *view_pdf(const json_t *paper, GError **error);
/* Can a paper say this text? Refuses NOT_FITTING, with the "character" and its "code", one that no font of the machine has
 * ("view.no_glyph"), and what text_is_visible refuses. */
bool view_prints(const char *text, GError **error);

/* Can a file be the picture of a seal: PNG, both sides within these bounds in pixels, and neither half as long again as the other? */
enum { SEAL_PICTURE_LEAST = 200, SEAL_PICTURE_MOST = 1200 };
bool view_seal_picture_fits(const void *png, size_t length);

/* A bulletin (简报) as PDF, in the manner of such papers: {"mark" (large and red), "issue", "organ", "day", "title", "period", "foot",
 *   "blocks": [{"heading"} or {"subheading"} or {"note": text in small print} or
 *              {"pieces": [{"text", "note": number of a note, in small raised print (optional)}]} or
 *              {"table": {"caption", "columns": [{"title", "share": of the width, "is_number"}], "rows": [["…"]]}}]}.
 * A table's head stands again on each page it goes on to. The same object gives the same bytes. Owned by the caller. */
GBytes *view_bulletin_pdf(const json_t *paper, GError **error);

/* An official form (申请表) as PDF, one table of boxes: {"title", "title_en" (optional), "number"
 * (above the table), "rows": [{"heading"} or {"text", "lines": at least so many,
 * "stays": with the row above} or {"pairs":
 * [[label, value]] of one or two, "lines"} or {"table": {"caption", "columns": [{"title", "share":
 * of the width}], "rows":
 * [["…"]]}}], "notes": small print below, "foot"}. The same object gives the same bytes. Owned by
 * the caller. */
GBytes *view_form_pdf(const json_t *paper, GError **error);

/* ---- tables for spreadsheets ---- */

enum cell_kind {
    CELL_TEXT,   /* never taken for a formula, whatever it begins with */
    CELL_PLAIN,  /* a day or a number that is a name: as it is written */
    CELL_NUMBER,
    CELL_MONEY,  /* "1234.50" */
};
/* Borrowed. */
typedef struct ViewTable {
    size_t count;                /* of columns */
    const char *const *titles;
    const enum cell_kind *kinds;
    const GPtrArray *rows;       /* of char **, with a cell for each column */
} ViewTable;
/* With a byte-order mark, without which spreadsheets take it for another encoding. Owned by the caller. */
GBytes *view_csv(const ViewTable *table);
GBytes *view_xlsx(const ViewTable *table, GError **error);
