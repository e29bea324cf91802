// SPDX-License-Identifier: Apache-2.0
#include "cases/archive.h"

#include "cases/erase.h"
#include "cases/fields.h"
#include "cases/papers.h"
#include "cases/store.h"

#include <string.h>

/* ---- the file of a case ---- */

static Day ended_on(const Case *self)
{
    return self->mark_count ? day_of(self->marks[self->mark_count - 1].at) : 0;
}

bool archive_hear(const Context *context, const SubjectChange *change, GError **error)
{
    const Case *before = change->before, *after = change->after;
    bool ends = change->kind == &case_kind && after->state >= CLOSED && (!before || before->state < CLOSED);
    return !ends || case_over_insert(context, ended_on(after), after->number, error);
}

bool archive_settle(const Context *context, GError **error)
{
    bool first;
    const Case *each;
    g_auto(RecordWalk) walk = { .db = context->db, .county = context->county, .record = &case_record };
    if (!db_once(context->db, context->county, "case_over_filled", &first, error))
        return false;
    while (first && (each = record_next(&walk, error)))
        if (each->state >= CLOSED && !case_over_insert(context, ended_on(each), each->number, error))
            return false;
    return !walk.failed;
}

/* 档号: county, kind and year, term of keeping (Y: for good), organ, and what tells the case from all others of the county. */
static char *file_number(const Context *context, const Case *self, const Item *item, int64_t years)
{
    enum { WITHIN_COUNTY = 1000000 };
    int year, month, of_month;
    int64_t serial = self->number % ((int64_t)WITHIN_COUNTY * WITHIN_COUNTY);
    g_autofree char *term = years == KEEPING_FOR_GOOD ? g_strdup("Y") : g_strdup_printf("D%" PRId64, years);
    day_split(ended_on(self), &year, &month, &of_month);
    return g_strdup_printf("%" PRId64 "-%s%d-%s-%03" PRId64 "-%012" PRId64, context->county, item->kind->mark, year, term, self->organ, serial);
}

static const char *extension_of(const char *type)
{
    static const struct { const char *type, *extension; } kinds[] = {
        { "application/pdf", "pdf" }, { "application/ofd", "ofd" }, { "image/jpeg", "jpg" }, { "image/png", "png" },
        { "image/webp", "webp" }, { "image/heic", "heic" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(type, kinds[i].type) == 0)
            return kinds[i].extension;
    return "bin";
}

static void put_papers(json_t *list, const json_t *papers)
{
    size_t i;
    json_t *paper;
    json_array_foreach((json_t *)(uintptr_t)papers, i, paper)
        json_array_append_new(list, json_pack("{s:O, s:s, s:O, s:O, s:O}", "title", json_object_get(paper, "material"), "number", "", "made_at",
                                              json_object_get(paper, "made_at"), "type", json_object_get(paper, "type"), "hash",
                                              json_object_get(paper, "hash")));
}

/* A private document, as the receipt with its salt, is the applicant's and no part of the file. */
static bool put_documents(json_t *list, const Context *context, const View *view, const json_t *documents, GError **error)
{
    size_t i;
    bool is_private;
    json_t *document;
    json_array_foreach((json_t *)(uintptr_t)documents, i, document) {
        const char *kind = json_text(document, "document_kind");
        if (!files_is_private(context, kind, &is_private, error))
            return false;
        if (is_private)
            continue;
        g_autofree char *title = view_code(view, CHINESE, "document_kind", kind);
        json_array_append_new(list, json_pack("{s:s, s:O, s:O, s:s, s:O}", "title", title, "number", json_object_get(document, "number"),
                                              "made_at", json_object_get(document, "made_at"), "type", "application/pdf", "code",
                                              json_object_get(document, "code")));
    }
    return true;
}

static int by_instant(const void *a, const void *b)
{
    const json_t *const *x = a, *const *y = b;
    int64_t one = json_number(*x, "made_at"), other = json_number(*y, "made_at");
    return one != other ? (one < other ? -1 : 1) : strcmp(json_text(*x, "number"), json_text(*y, "number"));
}

/* Papers stand in the order in which they came about, which is that of the procedure. */
static json_t *in_order(const json_t *list)
{
    size_t i, count = json_array_size(list);
    json_t *sorted = json_array(), *one;
    g_autofree json_t **all = g_new(json_t *, count + 1);
    json_array_foreach((json_t *)(uintptr_t)list, i, one)
        all[i] = one;
    qsort(all, count, sizeof *all, by_instant);
    for (i = 0; i < count; i++) {
        json_object_set_new(all[i], "order", json_integer((json_int_t)i + 1));
        json_object_set_new(all[i], "file", json_sprintf("papers/%03zu.%s", i + 1, extension_of(json_text(all[i], "type"))));
        json_put_day(all[i], "made_day", day_of(json_number(all[i], "made_at")));
        json_array_append(sorted, all[i]);
    }
    return sorted;
}

static json_t *papers_in_order(const Context *context, const View *view, const Case *self, GError **error)
{
    g_autofree char *subject = subject_text(&case_kind, self);
    g_autoptr(json_t) list = json_array(), papers = files_papers(context->db, context->county, subject, error);
    g_autoptr(json_t) documents = papers ? files_documents(context->db, context->county, subject, error) : NULL;
    if (!documents)
        return NULL;
    put_papers(list, papers);
    return put_documents(list, context, view, documents, error) ? in_order(list) : NULL;
}

/* A file as pages tell it: the name of a person in part. */
static json_t *file_json(const Context *context, const View *view, const Case *self, GError **error)
{
    g_autoptr(Item) item = catalogue_item(context->db, context->county, self->item, self->item_version, error);
    g_autoptr(json_t) organ = item ? identity_organ(context->db, context->county, self->organ, error) : NULL;
    g_autoptr(json_t) papers = organ ? papers_in_order(context, view, self, error) : NULL;
    if (!papers)
        return NULL;
    int64_t years = case_keeping_years(context, item);
    bool is_person = strcmp(self->applicant_kind, party_kind_names[ENTERPRISE]) != 0;
    g_autofree char *number = file_number(context, self, item, years), *grouped = subject_number_grouped(self->number);
    g_autofree char *name = mask_party_name(is_person, self->applicant);
    json_t *file = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:O, s:O, s:s, s:I, s:b, s:i, s:O}", "file_number", number, "number",
                             DECIMAL(self->number), "number_grouped", grouped, "item", self->item, "item_name", self->item_name,
                             "item_name_en", self->item_name_en, "organ_name", json_object_get(organ, "name"), "organ_name_en",
                             json_object_get(organ, "name_en"), "applicant", name, "keeping_years", years, "is_for_good",
                             years == KEEPING_FOR_GOOD, "count", (int)json_array_size(papers), "papers", papers);
    json_put_day(file, "decided_day", self->decided_on ? (Day)self->decided_on : DAY_NONE);
    json_put_day(file, "ended_day", ended_on(self));
    json_put_day(file, "kept_until_day", years && years != KEEPING_FOR_GOOD ? day_years_on(ended_on(self), (int)years) : DAY_NONE);
    return file;
}

/* A case that is not closed is no file yet; one that was erased, or is restricted, is handed to nobody. */
static bool is_file(const Case *self, GError **error)
{
    if (self->state < CLOSED)
        return refuse(error, CONFLICT, "cases.archive_open", NULL);
    if (!*self->applicant)
        return refuse(error, CONFLICT, "cases.archive_erased", NULL);
    return !self->restricted_until || refuse(error, CONFLICT, "cases.restricted", NULL);
}

json_t *archive_show(Request *r, GError **error)
{
    g_auto(Case) found = { 0 };
    return case_load_visible(r, &found, error) && is_file(&found, error) ? file_json(&r->context, r->view, &found, error) : NULL;
}

/* ---- tables ---- */

enum { COLUMNS_MOST = 10 };

/* A member of each row, under the word cases.archive.<member>. */
typedef struct ArchiveColumn {
    const char *member;
    enum cell_kind kind;
} ArchiveColumn;

typedef struct ArchiveTable {
    const char *titles[COLUMNS_MOST];
    enum cell_kind kinds[COLUMNS_MOST];
    GPtrArray *rows;
    ViewTable table; /* of these */
} ArchiveTable;

static void archive_table_clear(ArchiveTable *self)
{
    g_clear_pointer(&self->rows, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ArchiveTable, archive_table_clear)

static void fill(ArchiveTable *self, const View *view, enum language language, const json_t *rows, const ArchiveColumn *columns, size_t count)
{
    size_t i;
    json_t *row;
    for (i = 0; i < count; i++) {
        g_autofree char *word = g_strconcat("cases.archive.", columns[i].member, NULL);
        self->titles[i] = view_word(view, language, word);
        self->kinds[i] = columns[i].kind;
    }
    self->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
        char **cells = g_new0(char *, count + 1);
        for (size_t at = 0; at < count; at++) {
            char *cell = json_as_text(json_object_get(row, columns[at].member));
            cells[at] = cell ? cell : g_strdup("");
        }
        g_ptr_array_add(self->rows, cells);
    }
    self->table = (ViewTable){ count, self->titles, self->kinds, self->rows };
}

/* ---- the package ---- */

enum { TAR_BLOCK = 512, PACKAGE_MOST = 256 * 1024 * 1024 };

typedef struct Package {
    GByteArray *tar;
    GString *sums;      /* as sha256sum reads it */
    char *folder;       /* in which all of it stands */
    Instant made;
} Package;

static void package_clear(Package *self)
{
    g_clear_pointer(&self->tar, g_byte_array_unref);
    g_string_free(self->sums, TRUE);
    g_free(self->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Package, package_clear)

/* A header of POSIX.1-1988 (ustar); names are short and ASCII. */
static void put_header(Package *self, const char *name, size_t length)
{
    unsigned sum = 0;
    char header[TAR_BLOCK + 1] = { 0 };
    g_snprintf(header, 100, "%s/%s", self->folder, name);
    g_snprintf(header + 100, 8, "0000644");
    g_snprintf(header + 108, 8, "0000000");
    g_snprintf(header + 116, 8, "0000000");
    g_snprintf(header + 124, 12, "%011zo", length);
    g_snprintf(header + 136, 12, "%011" PRIo64, (uint64_t)self->made / 1000);
    memset(header + 148, ' ', 8);
    header[156] = '0';
    g_snprintf(header + 257, 9, "ustar");
    g_snprintf(header + 263, 3, "00");
    for (size_t i = 0; i < TAR_BLOCK; i++)
        sum += (unsigned char)header[i];
    g_snprintf(header + 148, 8, "%06o", sum);
    g_byte_array_append(self->tar, (const guint8 *)header, TAR_BLOCK);
}

static void put_entry(Package *self, const char *name, const void *bytes, size_t length)
{
    static const guint8 nothing[TAR_BLOCK];
    put_header(self, name, length);
    g_byte_array_append(self->tar, bytes, (guint)length);
    g_byte_array_append(self->tar, nothing, (guint)((TAR_BLOCK - length % TAR_BLOCK) % TAR_BLOCK));
}

static bool put_file(Package *self, const char *name, const void *bytes, size_t length, GError **error)
{
    if (self->tar->len + length > PACKAGE_MOST)
        return refuse(error, CONFLICT, "cases.archive_large", NULL);
    g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, length);
    g_string_append_printf(self->sums, "%s  %s\n", sum, name);
    put_entry(self, name, bytes, length);
    return true;
}

static bool put_text(Package *self, const char *name, char *text, GError **error)
{
    g_autofree char *owned = text;
    return owned && put_file(self, name, owned, strlen(owned), error);
}

/* The list of papers in order, with the hash of each: index.csv. */
static bool put_index(Package *self, const View *view, const json_t *papers, GError **error)
{
    static const ArchiveColumn columns[] = { { "order", CELL_NUMBER }, { "file", CELL_TEXT }, { "title", CELL_TEXT }, { "number", CELL_TEXT },
                                             { "made_day", CELL_PLAIN }, { "size", CELL_NUMBER }, { "sha256", CELL_TEXT } };
    g_auto(ArchiveTable) made = { 0 };
    fill(&made, view, CHINESE, papers, columns, G_N_ELEMENTS(columns));
    g_autoptr(GBytes) csv = view_csv(&made.table);
    return put_file(self, "index.csv", g_bytes_get_data(csv, NULL), g_bytes_get_size(csv), error);
}

static bool put_one_paper(Package *self, const Request *r, json_t *paper, GError **error)
{
    size_t length;
    const char *code = json_text(paper, "code");
    g_autoptr(GBytes) bytes = *code ? files_document_pdf(r, code, error)
                                    : files_paper_bytes(r->context.files, json_text(paper, "hash"), error);
    if (!bytes)
        return false;
    const void *data = g_bytes_get_data(bytes, &length);
    json_object_set_new(paper, "size", json_integer((json_int_t)length));
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    json_object_set_new(paper, "sha256", json_string(sum));
    return put_file(self, json_text(paper, "file"), data, length, error);
}

static bool put_all_papers(Package *self, const Request *r, const json_t *file, GError **error)
{
    size_t i;
    json_t *paper, *papers = json_object_get(file, "papers");
    json_array_foreach(papers, i, paper)
        if (!put_one_paper(self, r, paper, error))
            return false;
    return put_index(self, r->view, papers, error) && put_text(self, "file.json", json_dumps(file, JSON_INDENT(1) | JSON_SORT_KEYS), error);
}

/* The numbers of the events, and the texts that their commitments bind. */
typedef struct Texts {
    GArray *numbers;
    GPtrArray *texts;
} Texts;

static bool take_text(const Event *event, void *data, GError **error)
{
    Texts *self = data;
    (void)error;
    g_array_append_val(self->numbers, event->number);
    g_ptr_array_add(self->texts, ledger_committed(event));
    return true;
}

static bool put_event(Package *self, const Context *context, int64_t number, const char *text, GError **error)
{
    g_autofree char *of_text = g_strdup_printf("events/%" PRId64 ".txt", number), *of_proof = g_strdup_printf("events/%" PRId64 ".tlog-proof", number);
    return put_file(self, of_text, text, strlen(text), error) && put_text(self, of_proof, ledger_proof(context, number, error), error);
}

/* Every event as the ledger binds it: its text, and the proof that its leaf is in the signed tree. The salt of the commitments stays out,
 * for a copy of it would outlive its erasure. */
static bool put_events(Package *self, const Context *context, const Case *of, GError **error)
{
    g_autofree char *subject = subject_text(&case_kind, of);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(json_t) ledger = ledger_now(context, error);
    if (!ledger || !ledger_walk_subject(context->db, context->county, subject, take_text, &(Texts){ numbers, texts }, error))
        return false;
    if (!json_object_size(ledger)) /* the centre has no key yet */
        return true;
    for (guint i = 0; i < numbers->len; i++)
        if (!put_event(self, context, g_array_index(numbers, int64_t, i), texts->pdata[i], error))
            return false;
    return put_text(self, "ledger.pub", g_strdup(json_text(ledger, "key")), error);
}

static bool put_seals(Package *self, const Context *context, GError **error)
{
    size_t i;
    json_t *seal;
    g_autoptr(json_t) seals = files_seals(context, error);
    json_array_foreach(seals, i, seal) {
        g_autofree char *name = g_strdup_printf("seals/%s.pem", json_text(seal, "key"));
        if (!put_text(self, name, g_strdup(json_text(seal, "public")), error))
            return false;
    }
    return seals;
}

static bool pack(Package *self, const Request *r, const Case *of, const json_t *file, GError **error)
{
    static const guint8 end[2 * TAR_BLOCK];
    if (!put_all_papers(self, r, file, error) || !put_events(self, &r->context, of, error) || !put_seals(self, &r->context, error))
        return false;
    put_entry(self, "SHA256SUMS", self->sums->str, self->sums->len);
    g_byte_array_append(self->tar, end, sizeof end);
    return true;
}

json_t *archive_package(Request *r, GError **error)
{
    g_auto(Case) found = { 0 };
    if (!case_load_visible(r, &found, error) || !is_file(&found, error) ||
        !case_note_access(r, &found, SECURITY_EXPORT, SECURITY_EACH, "archive", error))
        return NULL;
    g_autoptr(json_t) file = file_json(&r->context, r->view, &found, error);
    g_auto(Package) package = { g_byte_array_new(), g_string_new(NULL), g_strdup(json_text(file, "file_number")), r->context.now };
    if (!file || !pack(&package, r, &found, file, error))
        return NULL;
    g_autofree char *name = g_strconcat(package.folder, ".tar", NULL);
    return answer_bytes(r, g_byte_array_free_to_bytes(g_steal_pointer(&package.tar)), "application/x-tar", name, true);
}

/* ---- the list with which files are handed over (移交清单) ---- */

static const char *const formats[] = { "csv", "xlsx", NULL };
enum { FILES_MOST = 2000 };

const Field archive_fields[] = {
    { .name = "from", .kind = FIELD_DAY, .value = "from_day" },
    { .name = "to", .kind = FIELD_DAY, .value = "to_day" },
    { .name = "format", .kind = FIELD_CHOICE, .choices = formats, .look = LOOK_NONE },
    { 0 },
};

/* Appends the file of a case that is one and that the actor may see. */
static bool append_file(const Request *r, json_t *files, int64_t number, GError **error)
{
    g_auto(Case) of = { 0 };
    g_autoptr(GError) none = NULL;
    if (!subject_load(r->context.db, r->context.county, &case_kind, number, &of, error))
        return false;
    if (!case_may_see(r->context.actor, &of) || !is_file(&of, &none))
        return true;
    return json_array_append_new(files, file_json(&r->context, r->view, &of, error)) == 0;
}

static bool append_day(const Request *r, json_t *files, Day day, GError **error)
{
    g_autoptr(GArray) numbers = case_over_on(r->context.db, r->context.county, day, error);
    for (guint i = 0; numbers && i < numbers->len && json_array_size(files) <= FILES_MOST; i++)
        if (!append_file(r, files, g_array_index(numbers, int64_t, i), error))
            return false;
    return numbers != NULL;
}

static json_t *files_between(const Request *r, Day from, Day to, GError **error)
{
    Day day, after = from - 1;
    g_autoptr(json_t) files = json_array();
    do {
        if (!case_next_over(r->context.db, r->context.county, after, &day, error) ||
            (day != DAY_NONE && day <= to && !append_day(r, files, day, error)))
            return NULL;
        after = day;
    } while (day != DAY_NONE && day <= to && json_array_size(files) <= FILES_MOST);
    return g_steal_pointer(&files);
}

static json_t *as_table(Request *r, const json_t *files, GError **error)
{
    static const ArchiveColumn columns[] = {
        { "file_number", CELL_TEXT }, { "item_name", CELL_TEXT }, { "applicant", CELL_TEXT }, { "number", CELL_PLAIN },
        { "organ_name", CELL_TEXT }, { "decided_day", CELL_PLAIN }, { "ended_day", CELL_PLAIN }, { "keeping_years", CELL_NUMBER },
        { "kept_until_day", CELL_PLAIN }, { "count", CELL_NUMBER },
    };
    g_auto(ArchiveTable) made = { 0 };
    fill(&made, r->view, r->language, files, columns, G_N_ELEMENTS(columns));
    return answer_table(r, &made.table, "archive", json_text(r->fields, "format"), error);
}

/* The period asked for: without any day the last month that is over, to a day that of its month, from a day until today. */
static bool read_period(const Request *r, Day *first, Day *last, GError **error)
{
    int year, month, of_month;
    const char *from = json_text(r->fields, "from"), *to = json_text(r->fields, "to");
    Day today = day_of(r->context.now);
    day_split(today, &year, &month, &of_month);
    *last = *to ? day_parse(to) : *from ? today : day_from(year, month, 1) - 1;
    day_split(*last, &year, &month, &of_month);
    *first = *from ? day_parse(from) : day_from(year, month, 1);
    return *first <= *last || refuse_field(error, "from", "lists.from_after_to", NULL);
}

/* A list that is taken along is whole, and the security log has it first. */
static json_t *take_along(Request *r, const json_t *files, GError **error)
{
    if (json_array_size(files) > FILES_MOST)
        return refuse_field(error, "to", "cases.archive_too_many", "most", DECIMAL(FILES_MOST), NULL);
    return http_security(r, &(SecurityEntry){ SECURITY_EXPORT, .purpose = "archive" }, error) ? as_table(r, files, error) : NULL;
}

json_t *archive_list(Request *r, GError **error)
{
    Day first, last;
    g_autoptr(json_t) files = read_period(r, &first, &last, error) ? files_between(r, first, last, error) : NULL;
    if (!files || *json_text(r->fields, "format"))
        return files ? take_along(r, files, error) : NULL;
    bool is_cut = json_array_size(files) > FILES_MOST;
    if (is_cut)
        json_array_remove(files, FILES_MOST);
    size_t count = json_array_size(files);
    return json_pack("{s:s, s:s, s:O, s:I, s:b, s:b}", "from_day", DAY_WRITTEN(first), "to_day", DAY_WRITTEN(last), "files", files, "total",
                     (json_int_t)count, "none", count == 0, "is_cut", is_cut);
}
