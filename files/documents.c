// SPDX-License-Identifier: Apache-2.0
/* The documents the centre writes: how they are numbered and drawn. Which kinds there are, and what each says, is told by
 * the room that writes them. */
#include "files/room.h"

#include "ledger/ledger.h"

#include <string.h>

const DocumentKind *document_kind(const Context *context, const char *name, const Room **room, GError **error)
{
    for (const Room *const *each = context->rooms; *each; each++)
        for (const DocumentKind *kind = (*each)->documents; kind && kind->name; kind++) {
            if (strcmp(kind->name, name) != 0)
                continue;
            if (room)
                *room = *each;
            return kind;
        }
    return fault(error, "no room has documents of the kind %s", name);
}

bool documents_fit(const Room *const *rooms, GError **error)
{
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
    for (const Room *const *room = rooms; *room; room++)
        for (const DocumentKind *kind = (*room)->documents; kind && kind->name; kind++) {
            bool is_new = g_hash_table_add(taken, (char *)(uintptr_t)kind->name);
            if (!g_hash_table_add(taken, (char *)(uintptr_t)kind->mark) || !is_new)
                return fault(error, "documents of the kind %s (%s) of the room %s are there already", kind->name, kind->mark, (*room)->name);
        }
    return true;
}

/* ---- codes: 16 characters of 5 bit, without I, L, O and U, which are misread ---- */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { CODE_LENGTH = 16, GROUP = 4, BITS = 5 };

/* The first group is the day's, so that what is written on one day lies together in the index; the other 60 bits nobody
 * can guess. */
static void draw_code(const Context *context, char code[static CODE_LENGTH + 1])
{
    unsigned char random[CODE_LENGTH];
    context_random(context, random, sizeof random);
    document_code_day(day_of(context->now), code);
    for (int i = GROUP; i < CODE_LENGTH; i++)
        code[i] = alphabet[random[i] & 31];
    code[CODE_LENGTH] = '\0';
}

void document_code_day(Day day, char out[static CODE_DAY_TEXT])
{
    for (int i = 0; i < GROUP; i++)
        out[i] = alphabet[(unsigned)day >> BITS * (GROUP - 1 - i) & 31];
    out[GROUP] = '\0';
}

static char read_as(char c)
{
    c = g_ascii_toupper(c);
    if (c == 'O')
        return '0';
    if (c == 'I' || c == 'L')
        return '1';
    return c;
}

bool document_code_read(const char *text, char code[static DOCUMENT_CODE_TEXT])
{
    int length = 0;
    for (; *text; text++) {
        char c = read_as(*text);
        if (c == ' ' || c == '-')
            continue;
        if (length == CODE_LENGTH || !strchr(alphabet, c))
            return false;
        code[length++] = c;
    }
    code[length] = '\0';
    return length == CODE_LENGTH;
}

char *document_code_grouped(const char *code)
{
    return g_strdup_printf("%.4s-%.4s-%.4s-%.4s", code, code + GROUP, code + 2 * GROUP, code + 3 * GROUP);
}

/* ---- writing one ---- */

/* 平水许〔2014〕12号: each organ counts the documents of a kind from one in each year (GB/T 9704). */
static char *draw_number(const Context *context, const DocumentKind *kind, int64_t organ, GError **error)
{
    int year, month, day;
    int64_t serial;
    day_split(day_of(context->now), &year, &month, &day);
    g_autoptr(json_t) issuer = identity_organ(context->db, context->county, organ, error);
    g_autofree char *series = g_strdup_printf("document-%s-%d-%" PRId64, kind->name, year, organ);
    if (!issuer || !db_next_id(context->db, context->county, series, &serial, error))
        return NULL;
    return g_strdup_printf("%s%s〔%d〕%" PRId64 "号", json_text(issuer, "mark"), kind->mark, year, serial);
}

/* Where a town acts in its own name, its centre's. */
static int64_t issuing_organ(const char *content, int64_t organ)
{
    size_t length;
    const char *issuer = json_member(content, "issuer", &length), *own = issuer ? json_member(issuer, "organ", &length) : NULL;
    return own ? g_ascii_strtoll(own, NULL, 10) : organ;
}

/* Time itself cannot be told to write a character in another way: what happens by law happens. */
static bool may_print(const Context *context, const char *content, GError **error)
{
    return !context->actor || context->actor->kind == SYSTEM || view_prints(content, error);
}

json_t *files_document(const Context *context, const char *kind_name, const char *subject, int64_t sequence,
                       int64_t organ, const char *content, GError **error)
{
    char code[CODE_LENGTH + 1];
    const DocumentKind *kind = document_kind(context, kind_name, NULL, error);
    /* A paper about what an organ did that has ended since is its successor's. */
    bool is_found = kind && identity_acting(context->db, context->county, ABOUT_ORGAN, issuing_organ(content, organ), &organ, error);
    g_autofree char *number = is_found ? draw_number(context, kind, organ, error) : NULL;
    draw_code(context, code);
    if (!number || !may_print(context, content, error) || !document_insert(context, code, subject, sequence, kind_name, number, organ, content, error))
        return NULL;
    return json_pack("{s:s, s:s, s:s}", "code", code, "document_kind", kind_name, "number", number);
}

/* ---- drawing one ---- */

/* A document that is being drawn: from what was recorded of it and from settings, never from a request. */
typedef struct Drawing {
    const Context *context;
    const View *view;
    enum language language;
    enum document_edition edition;
    const json_t *document;
    const Room *room;
    const DocumentKind *kind;
    bool is_kept;   /* there is one original, the same bytes for everybody (document_is_kept) */
    bool is_before; /* written by a program before documents recorded their issuer: its words stay as they were */
} Drawing;

/* Documents of older programs do not say it: they are Chinese. */
enum language document_language(const json_t *document)
{
    const char *tag = json_text(json_object_get(document, "content"), "language");
    return strcmp(tag, language_tags[ENGLISH]) == 0 ? ENGLISH : CHINESE;
}

static bool is_translation(const Drawing *self)
{
    return self->language != document_language(self->document);
}

static bool is_original(const Drawing *self)
{
    return self->edition == DOCUMENT_ORIGINAL;
}

/* A copy of a document that has one original. */
static bool is_copy(const Drawing *self)
{
    return self->edition == DOCUMENT_FOR_READER && !is_translation(self) && self->is_kept;
}

/* "" where the kind does not say it. */
static char *word(const Drawing *self, const char *part, const json_t *data)
{
    g_autofree char *key = g_strdup_printf("%s.document%s.%s.%s", self->room->name, self->is_before ? "_before" : "", self->kind->name, part);
    return view_has_word(self->view, key) ? view_sentence(self->view, self->language, key, data) : g_strdup("");
}

/* In a table a bar ends the label: those in what people have typed become wide ones. */
static void widen_bars(json_t *data)
{
    const char *name;
    json_t *value;
    json_object_foreach(data, name, value) {
        if (!json_is_string(value) || !strchr(json_string_value(value), '|'))
            continue;
        g_auto(GStrv) parts = g_strsplit(json_string_value(value), "|", -1);
        g_autofree char *wide = g_strjoinv("｜", parts);
        json_string_set(value, wide);
    }
}

/* The body is one word with a line feed between its paragraphs; what the case did not have leaves an
 * empty one. In a table each is label|value. */
static void put_body(json_t *paper, const Drawing *self, const json_t *data)
{
    json_t *lines = json_array(), *table = json_array();
    g_autofree char *body = word(self, "body", data);
    g_auto(GStrv) parts = g_strsplit(body, "\n", -1);
    for (char **part = parts; *part; part++) {
        char *value = self->kind->table ? strchr(*part, '|') : NULL;
        if (value) {
            *value = '\0';
            json_array_append_new(table, json_pack("[s, s]", *part, value + 1));
        } else if (*g_strstrip(*part))
            json_array_append_new(lines, json_string(*part));
    }
    json_object_set_new(paper, "lines", lines);
    json_object_set_new(paper, "table", table);
}

/* Behind the list: the kind's own last line, and how to reach the issuer. */
static void put_end(json_t *paper, const Drawing *self, const json_t *data)
{
    json_t *after = json_array();
    g_autofree char *last = word(self, "after", data);
    g_autofree char *contact = self->is_before || self->kind->is_certificate || self->kind->is_applicants ? NULL : view_sentence(self->view, self->language, "files.contact", data);
    g_autofree char *end = g_strjoin("\n", last, contact, NULL);
    g_auto(GStrv) lines = g_strsplit(end, "\n", -1);
    for (char **line = lines; *line; line++)
        if (**line)
            json_array_append_new(after, json_string(*line));
    json_object_set_new(paper, "after", after);
}

static void put_copies(json_t *paper, const Drawing *self, const json_t *data)
{
    if (is_copy(self))
        json_object_set_new(paper, "copies", json_pack("[s]", view_word(self->view, self->language, "files.copy")));
    else if (self->kind->is_certificate && json_flag(data, "has_duplicate"))
        json_object_set_new(paper, "copies", json_pack("[s, s]", view_word(self->view, self->language, "files.original"),
                                                       view_word(self->view, self->language, "files.duplicate")));
}

/* Papers by name, as older programs recorded them, or {name, name_en, originals, copies, scans}. */
static void put_list(json_t *paper, const Drawing *self, const json_t *data)
{
    size_t i;
    json_t *one, *list = json_array();
    json_array_foreach(json_object_get(data, "materials"), i, one) {
        g_autofree char *line = json_is_string(one) ? g_strdup(json_string_value(one)) : view_sentence(self->view, self->language, "files.paper_line", one);
        json_array_append_new(list, json_string(line));
    }
    json_object_set_new(paper, "list", list);
}

/* Official documents name no day of the week (GB/T 9704): "2014年9月3日", "2014年9月3日14:05". */
static char *formal(const Drawing *self, const char *name, const json_t *value)
{
    bool is_instant = json_is_integer(value) && g_str_has_suffix(name, "_at");
    if (!is_instant && !(json_is_string(value) && g_str_has_suffix(name, "day")))
        return NULL;
    if (!is_instant)
        return view_formal_day(self->language, day_parse(json_string_value(value)));
    g_autofree char *written = view_instant(self->language, json_integer_value(value));
    char *weekday = strchr(written, '('), *behind = weekday ? strchr(weekday, ')') : NULL;
    return behind ? g_strdup_printf("%.*s%s", (int)(weekday - written), written, behind + 1) : g_strdup(written);
}

static void put_days(json_t *data, const Drawing *self, json_t *content)
{
    const char *name;
    json_t *value;
    json_object_foreach(content, name, value) {
        g_autofree char *key = g_strconcat(name, "_text", NULL), *written = formal(self, name, value);
        if (written)
            json_object_set_new(data, key, json_string(written));
    }
}

/* The facts of the issuer stand beside the other facts; older programs recorded nothing of the ways of review. */
static void put_issuer(json_t *data, const Drawing *self)
{
    if (self->is_before)
        json_object_set_new(data, "court_months", json_integer(issuer_court_months(day_parse(json_text(data, "day")))));
    else
        json_object_update_missing(data, json_object_get(data, "issuer"));
    json_object_set_new(data, "is_license", json_boolean(!*json_text(data, "act")));
}

/* The picture of the organ's seal, where it has one. */
static bool put_picture(json_t *paper, const Drawing *self, GError **error)
{
    json_t *found = NULL;
    const Context *context = self->context;
    if (self->edition != DOCUMENT_FOR_READER && !organ_seal_row(context->db, context->county, json_text(self->document, "seal"), &found, error))
        return false;
    g_autoptr(json_t) seal = found;
    json_put_text(paper, "seal_picture", json_text(seal, "picture"));
    return true;
}

/* Whether the centre's key signs for an organ that has no seal of its own (代章), as draw() of
 * sealing.c has it. */
static bool centre_stands_in(const Drawing *self)
{
    return self->context->seal && !self->is_before && !*json_text(self->document, "seal");
}

/* The ring round a seal that is drawn: for acts of this kind, where it is the organ's own. */
static void put_ring(json_t *paper, const Drawing *self, const json_t *data, const char *text)
{
    const char *act = json_text(data, "act"), *named = NULL;
    json_put_text(paper, "seal", text);
    if (self->is_before)
        return;
    if (!centre_stands_in(self))
        named = view_code_word(self->view, CHINESE, "act_seal", *act ? act : "license");
    json_put_text(paper, "seal_name", named ? named : view_word(self->view, CHINESE, "files.seal_of_business"));
    json_put_text(paper, "seal_mark", json_flag(data, "is_demo") ? view_word(self->view, CHINESE, "files.seal_of_demo") : NULL);
}

/* A paper shows the seal of who signs it: the organ, or the centre in its place, which it says
 * below the organ's name. Without either it shows none; nor does a translation or a copy. */
static bool put_seal(json_t *paper, const Drawing *self, json_t *data, GError **error)
{
    if (self->language != CHINESE || is_translation(self) || is_copy(self) ||
        self->kind->is_applicants)
        return true;
    if (!centre_stands_in(self)) {
        if (self->is_before || *json_text(self->document, "seal"))
            put_ring(paper, self, data, json_text(data, "organ_name"));
        return true;
    }
    g_autoptr(json_t) centre =
        identity_organ(self->context->db, self->context->county, CENTRE_ORGAN, error);
    if (!centre)
        return false;
    put_ring(paper, self, data, json_text(centre, "full_name"));
    if (json_number(self->document, "organ") == CENTRE_ORGAN)
        return true;
    json_object_set(data, "centre_name", json_object_get(centre, "full_name"));
    g_autofree char *signs = view_sentence(self->view, CHINESE, "files.stands_in", data);
    return json_object_set_new(paper, "organ", json_string(signs)) == 0;
}

static void put_link(json_t *paper, const Drawing *self)
{
    const char *code = json_text(self->document, "code");
    g_autofree char *link = g_strdup_printf("%s/verify/%s", self->context->public_url, code);
    g_autofree char *grouped = document_code_grouped(code);
    g_autoptr(json_t) data = json_pack("{s:s}", "code", grouped);
    g_autofree char *note = view_sentence(self->view, self->language, "files.link_note", data);
    json_object_set_new(paper, "link", json_string(link));
    json_object_set_new(paper, "link_note", json_string(note));
}

static void put_foot(json_t *paper, const Drawing *self, bool is_demo)
{
    g_autoptr(json_t) data = json_pack("{s:b}", "is_demo", is_demo);
    const char *own = json_text(self->document, "seal"), *centre = self->context->seal ? seal_key(self->context->seal) : "";
    if (is_original(self) || (self->edition == DOCUMENT_FOR_READER && !self->is_kept && !is_translation(self)))
        json_object_set_new(data, "seal_key", json_string(*own ? own : centre));
    g_autofree char *foot = view_sentence(self->view, self->language, self->is_before ? "files.foot_before" : "files.foot", data);
    json_object_set_new(paper, "foot", json_string(foot));
}

/* When and by which organ it was printed again, and when it was issued. */
static bool put_margin(json_t *paper, const Drawing *self, GError **error)
{
    const Context *context = self->context;
    if (self->edition != DOCUMENT_REPRINT)
        return true;
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, context->actor->post_count ? context->actor->posts[0].organ : CENTRE_ORGAN, error);
    if (!organ)
        return false;
    g_autoptr(json_t) data = json_pack("{s:O, s:O*}", "organ_name", json_object_get(organ, "full_name"), "organ_name_en", json_object_get(organ, "full_name_en"));
    json_put_day(data, "day", day_of(context->now));
    json_put_day(data, "made_day", day_of(json_number(self->document, "made_at")));
    g_autofree char *margin = view_sentence(self->view, self->language, "files.reprint", data);
    return json_object_set_new(paper, "margin", json_string(margin)) == 0;
}

/* A copy for the staff carries nothing by which a person proves to be the applicant: neither the salt nor the password that the receipts
 * of older programs have. */
static bool is_for_staff(const Drawing *self)
{
    return !is_original(self) && self->context->actor && self->context->actor->kind == STAFF;
}

/* The number of the event that wrote it, where everybody may look it up, and its proof; on the applicant's copy of a private
 * document the salt. There is none while the centre has no key. */
static bool put_record(json_t *paper, const Drawing *self, GError **error)
{
    const json_t *document = self->document;
    const char *public_url = self->context->public_url;
    g_autoptr(json_t) record = ledger_printed(self->context, json_text(document, "subject"), json_number(document, "sequence"), error);
    if (!self->kind->recorded || !json_object_size(record))
        return record != NULL;
    g_autofree char *link = g_strconcat(public_url, json_text(record, "path"), NULL);
    json_object_set_new(record, "link", json_string(link));
    json_object_set(record, "document", json_object_get(document, "number"));
    json_object_set_new(record, "about", json_sprintf("%s/ledger", public_url));
    if (!self->kind->is_for || is_for_staff(self))
        json_object_del(record, "salt");
    static const char *const said[] = { "title", "note", "proof_note", "salt_note" };
    for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
        g_autofree char *key = g_strconcat("files.record.", said[i], NULL), *text = view_sentence(self->view, self->language, key, record);
        json_object_set_new(record, said[i], json_string(text));
    }
    return json_object_set(paper, "record", record) == 0;
}

static bool put_own(json_t *data, const Drawing *self, GError **error)
{
    bool is = is_original(self), asks = !is && self->kind->is_own && self->context->actor && *json_text(data, "id_number");
    if (asks && !self->kind->is_own(self->context, json_text(self->document, "subject"), &is, error))
        return false;
    if (is && *json_text(data, "id_number"))
        json_object_set(data, "id_masked", json_object_get(data, "id_number"));
    return true;
}

/* The code of a payment, which another program reads. */
static void put_code(json_t *paper, const Drawing *self, const json_t *data)
{
    const char *code = json_text(data, "pay_code");
    g_autofree char *note = *code ? word(self, "code_note", data) : NULL;
    if (*code)
        json_object_set_new(paper, "code", json_pack("{s:s, s:s}", "text", code, "note", note));
}

static json_t *draw(const Drawing *self, GError **error)
{
    json_t *content = json_object_get(self->document, "content");
    g_autoptr(json_t) data = json_deep_copy(content);
    if (is_for_staff(self))
        json_object_del(data, "query_password");
    if (!put_own(data, self, error))
        return NULL;
    put_issuer(data, self);
    put_days(data, self, content);
    if (self->kind->table && !self->is_before)
        widen_bars(data);
    json_object_set_new(data, "has_materials", json_boolean(json_array_size(json_object_get(data, "materials"))));
    g_autofree char *title = word(self, "title", data);
    bool zh = self->language == CHINESE;
    const char *organ = json_text(data, zh || !*json_text(data, "organ_name_en") ? "organ_name" : "organ_name_en");
    g_autoptr(json_t) paper = json_pack("{s:s, s:s, s:s, s:s}", "title", title, "number", json_text(self->document, "number"), "organ",
                                        organ, "day", json_text(data, "day_text"));
    json_object_set_new(paper, "is_english", json_boolean(!zh));
    put_body(paper, self, data);
    if (self->kind->lists)
        put_list(paper, self, data);
    put_end(paper, self, data);
    put_copies(paper, self, data);
    put_code(paper, self, data);
    if (self->kind->is_applicants)
        json_object_set_new(paper, "organ", json_string(""));
    else
        put_foot(paper, self, json_flag(data, "is_demo"));
    put_link(paper, self);
    return put_seal(paper, self, data, error) && put_picture(paper, self, error) && put_margin(paper, self, error) && put_record(paper, self, error) ? g_steal_pointer(&paper) : NULL;
}

json_t *document_paper(const Context *context, const View *view, enum language language, enum document_edition edition, const json_t *document,
                       GError **error)
{
    Drawing self = { .context = context, .view = view, .language = language, .edition = edition, .document = document };
    self.kind = document_kind(context, json_text(document, "document_kind"), &self.room, error);
    self.is_before = !json_object_get(json_object_get(document, "content"), "issuer");
    return self.kind && self.room && document_is_kept(context, document, &self.is_kept, error) ? draw(&self, error) : NULL;
}
