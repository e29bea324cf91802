// SPDX-License-Identifier: Apache-2.0
/* Every kind of document, asked for over a socket, read back from its PDF and verified by its code. */
#include "files/room.h"
#include "http/bench_test.h"
#include "rooms.h"

static const char subject[] = "case/330482140903000123";
static const int64_t holder = 330482140903000123, organ = 21;

/* ---- what a case would have handed over ---- */

static const char facts[] =
    "{'number': '330482 140903 000123', 'item_name': '食品流通许可', 'item_name_en': 'Food distribution licence',"
    " 'result_name': '食品流通许可证', 'result_name_en': 'Food distribution licence', 'reason': '经营场所平面图没有标明仓库位置',"
    " 'opinion': '同意', 'special_kind': 'expert_review', 'special_days': 10, 'extended_days': 10,"
    " 'other_organ': '平湖市卫生和计划生育局', 'day': '2014-09-18', 'received_day': '2014-09-03', 'accepted_day': '2014-09-05',"
    " 'decided_day': '2014-09-18', 'due_day': '2014-09-19', 'statutory_day': '2014-10-11',"
    " 'promised': {'days': 10, 'unit': 'working'}, 'statutory': {'days': 20, 'unit': 'working'},"
    " 'valid_from_day': '2014-09-18', 'valid_to_day': '2017-09-17', 'id_masked': '330422********0013',"
    " 'materials': ['食品流通许可申请书', '经营者身份证', '经营场所平面图和使用证明'],"
    " 'applicant_name': '张示例', 'division_name': '新仓镇三叉河村', 'division_name_en': 'Sanchahe Village',"
    " 'organ_name': '平湖市市场监督管理局', 'organ_name_en': 'Market Supervision Bureau', 'organ_telephone': '0573-0000 0124',"
    " 'approver_name': '李示例'}";

static json_t *content_of(const char *kind)
{
    g_auto(GStrv) parts = g_strsplit(facts, "'", -1);
    g_autofree char *text = g_strjoinv("\"", parts);
    json_t *content = json_loads(text, 0, NULL);
    g_assert_nonnull(content);
    if (strcmp(kind, "receipt") == 0)
        json_object_set_new(content, "query_password", json_string("482913"));
    return content;
}

/* The titles of each kind, and what it must say by law; as an older program recorded it, without its issuer (issuer_test.c). */
static const struct Kind {
    const char *name, *title, *title_en;
    const char *says[6];
} kinds[] = {
    { "receipt", "收件回执", "Receipt", { "482913", "2014年9月3日", "五个工作日", "第三十二条", "经营者身份证" } },
    { "correction", "补正材料一次性告知书", "Notice of missing papers", { "一次性告知", "第三十二条", "经营场所平面图和使用证明" } },
    { "acceptance", "受理通知书", "Notice of acceptance", { "2014年9月5日", "20个工作日", "2014年10月11日", "10个工作日", "2014年9月19日", "第四十五条" } },
    { "not_accepted", "不予受理决定书", "Decision not to accept", { "没有标明仓库位置", "卫生和计划生育局", "六十日", "行政复议", "三个月", "行政诉讼" } },
    { "special", "特别程序告知书", "Notice of a special procedure", { "专家评审", "10个工作日", "第四十五条" } },
    { "extension", "延长办理期限告知书", "Notice of extension", { "10个工作日", "负责人批准", "第四十二条", "2014年10月11日", "没有标明仓库位置" } },
    { "decision", "准予行政许可决定书", "Decision granting the application", { "第三十八条", "决定准予", "十个工作日", "食品流通许可证" } },
    { "refusal", "不予行政许可决定书", "Decision refusing the application", { "第三十八条", "没有标明仓库位置", "六十日", "行政复议", "三个月", "行政诉讼" } },
    { "licence", "食品流通许可证", "Food distribution licence", { "张示例", "330422********0013", "2014年9月18日", "2017年9月17日" } },
    { "termination", "终止办理告知书", "Notice of termination", { "没有标明仓库位置", "六十日", "行政复议", "三个月", "行政诉讼" } },
};

/* ---- the bench ---- */

static json_t *enter(Request *r, GError **error)
{
    return session_begin(r, HOLDER, strtoll(r->path[0], NULL, 10), error) ? json_object() : NULL;
}

static const Route door[] = { { "POST", "/enter/{number}", ANYONE, enter, NULL, NULL, NULL, NULL, "" }, { 0 } };
static const Room entrance = { "entrance", .routes = door };
static const Room *const with_door[] = { ROOMS(ROOM_LISTED) &entrance, NULL };

typedef struct Making {
    Context context;
    const char *kind;
    json_t *content, *made;
} Making;

static bool make_work(Db *db, void *data, GError **error)
{
    Making *m = data;
    m->context.db = db;
    g_autofree char *content = json_canonical(m->content);
    m->made = files_document(&m->context, m->kind, subject, 1, organ, content, error);
    return m->made != NULL;
}

static json_t *make_in(const Bench *b, const char *kind, const char *language)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) content = content_of(kind);
    if (language)
        json_object_set_new(content, "language", json_string(language));
    Making m = { b->world, kind, content, NULL };
    m.context.actor = &system;
    m.context.now = time_now;
    store_write(b->store, make_work, &m, &error);
    g_assert_no_error(error);
    return m.made;
}

/* As an older program did, which recorded no language. */
static json_t *make(const Bench *b, const char *kind)
{
    return make_in(b, kind, NULL);
}

/* The case of which the documents are says who may open its receipt. */
static const char the_case[] =
    "INSERT INTO case_now (county, number, item, item_version, item_name, item_name_en, organ, place, channel, party, state, step, desk_organ,"
    " desk_division, desk_role, corrected, extended, overdue, rated, returned, accepted_on, accepted_hour, decided_on, decision, spent, kept,"
    " missing, special, promised_days, promised_unit, statutory_days, statutory_unit, from_receipt, due_at, alarm_at, events, code_hash, marks)"
    " VALUES (:county, :number, '', 0, '', '', 0, 0, 'county', 0, 'received', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', 0, 0, '', '', 0, 'working',"
    " 0, 'working', 0, 0, 0, 1, '', '')";

static bool import_work(Db *db, void *data, GError **error)
{
    const Embedded *organs = embedded_find("data/organs.csv");
    Context context = *(const Context *)data;
    context.db = db;
    return identity_import_organs(&context, organs->bytes, organs->size, error) &&
           db_run(db, the_case, WITH(db_int("county", context.county), db_int("number", holder)), error);
}

static void open_with_organs(Bench *b)
{
    g_autoptr(GError) error = NULL;
    bench_open_rooms(b, with_door);
    store_write(b->store, import_work, &b->world, &error);
    g_assert_no_error(error);
}

static char *enter_as_holder(const Bench *b)
{
    g_autofree char *path = g_strdup_printf("/enter/%" PRId64, holder);
    g_autofree char *answer = post_json(b, path, "in", "{}");
    const char *cookie = strstr(answer, "Set-Cookie: pinghu");
    g_assert_nonnull(cookie);
    return g_strdup_printf("Cookie: %.*s\r\n", (int)strcspn(cookie + strlen("Set-Cookie: "), ";"), cookie + strlen("Set-Cookie: "));
}

/* ---- reading a PDF as a person and a telephone would ---- */

/* The output of a program, without which the test fails. Owned by the caller. */
static char *output_of(const char *const *arguments)
{
    char *out = NULL;
    int how;
    g_autoptr(GError) error = NULL;
    g_spawn_sync(NULL, (char **)(uintptr_t)arguments, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL, &how, &error);
    g_assert_no_error(error);
    g_spawn_check_wait_status(how, &error);
    g_assert_no_error(error);
    return out;
}

/* In the order in which it was written, for the seal lies over organ and day. Poppler sets a blank where the script changes: they are of no account. */
static void drop_blanks(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (!g_ascii_isspace(*from))
            *to++ = *from;
    *to = '\0';
}

static void assert_says(const char *text, const char *what)
{
    g_autofree char *wanted = g_strdup(what);
    drop_blanks(wanted);
    if (!strstr(text, wanted))
        g_error("“%s” is not in: %s", wanted, text);
}

static char *text_of(const char *pdf)
{
    const char *const arguments[] = { "pdftotext", "-raw", pdf, "-", NULL };
    char *text = output_of(arguments);
    drop_blanks(text);
    return text;
}

static char *code_in(const char *pdf)
{
    g_autofree char *stem = g_strconcat(pdf, "-page", NULL), *png = g_strconcat(stem, ".png", NULL);
    const char *const draw[] = { "pdftoppm", "-r", "150", "-png", "-singlefile", pdf, stem, NULL };
    const char *const scan[] = { "zbarimg", "-q", "--raw", png, NULL };
    g_free(output_of(draw));
    char *code = g_strchomp(output_of(scan));
    g_unlink(png);
    return code;
}

/* Asks for a document and leaves it on the disk; the name is owned by the caller. */
static char *fetch_at(const Bench *b, const char *path, const char *headers, const char *kind)
{
    g_autofree char *answer = ask(b, "GET", path, headers, "");
    const char *length = strstr(answer, "Content-Length: ");
    g_assert_cmpint(status(answer), ==, 200);
    g_assert_nonnull(strstr(answer, "Content-Type: application/pdf"));
    char *pdf = g_strdup_printf("%s/%s.pdf", b->folder, kind);
    g_assert_true(g_file_set_contents(pdf, body_of(answer), atoi(length + strlen("Content-Length: ")), NULL));
    return pdf;
}

static char *fetch(const Bench *b, const char *code, const char *headers, const char *kind)
{
    g_autofree char *path = g_strdup_printf("/documents/%s", code);
    return fetch_at(b, path, headers, kind);
}

/* ---- tests ---- */

static void assert_document(const Bench *b, const struct Kind *kind, const json_t *made, const char *cookie)
{
    g_autofree char *pdf = fetch(b, json_text(made, "code"), cookie, kind->name), *text = text_of(pdf), *code = code_in(pdf);
    g_autofree char *link = g_strdup_printf(PUBLIC_URL "/verify/%s", json_text(made, "code"));
    const char *const always[] = { kind->title, json_text(made, "number"), "平湖市市场监督管理局", "2014年9月18日", "张示例" };
    for (size_t i = 0; i < G_N_ELEMENTS(always); i++)
        assert_says(text, always[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(kind->says) && kind->says[i]; i++)
        assert_says(text, kind->says[i]);
    g_assert_cmpstr(code, ==, link);
    bool is_receipt = strcmp(kind->name, "receipt") == 0, lists = is_receipt || strcmp(kind->name, "correction") == 0;
    g_assert_true((strstr(text, "482913") != NULL) == is_receipt);
    g_assert_true((strstr(text, "经营者身份证") != NULL) == lists);
    g_assert_null(strstr(text, "周"));
}

static void assert_translation(const Bench *b, const struct Kind *kind, const json_t *made, const char *cookie)
{
    g_autofree char *path = g_strdup_printf("/translations/%s/en", json_text(made, "code"));
    g_autofree char *pdf = fetch_at(b, path, cookie, kind->name), *text = text_of(pdf);
    assert_says(text, kind->title_en);
    assert_says(text, json_text(made, "number"));
    assert_says(text, "Market Supervision Bureau");
    assert_says(text, "18 September 2014");
    g_assert_null(strstr(text, "{{"));
}

static void every_kind_says_what_the_law_demands(void)
{
    Bench b;
    open_with_organs(&b);
    g_autofree char *cookie = enter_as_holder(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(json_t) made = make(&b, kinds[i].name);
        g_assert_cmpstr(json_text(made, "document_kind"), ==, kinds[i].name);
        g_assert_true(g_str_has_prefix(json_text(made, "number"), "平市监") && g_str_has_suffix(json_text(made, "number"), "〔2014〕1号"));
        assert_document(&b, &kinds[i], made, cookie);
        assert_translation(&b, &kinds[i], made, cookie);
    }
    bench_close(&b);
}

static void codes_are_random_and_easily_read(void)
{
    Bench b;
    open_with_organs(&b);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = 1; i <= 50; i++) {
        char read[17];
        g_autoptr(json_t) made = make(&b, "decision");
        const char *code = json_text(made, "code");
        g_autofree char *number = g_strdup_printf("平市监许〔2014〕%d号", i), *grouped = document_code_grouped(code), *small = g_ascii_strdown(grouped, -1);
        g_assert_cmpstr(json_text(made, "number"), ==, number);
        g_assert_cmpuint(strlen(code), ==, 16);
        g_assert_cmpuint(strspn(code, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), ==, 16);
        g_assert_true(document_code_read(small, read));
        g_assert_cmpstr(read, ==, code);
        g_assert_true(g_hash_table_add(seen, g_strdup(code)));
    }
    bench_close(&b);
}

static void a_code_is_read_as_people_type_it(void)
{
    static const struct { const char *typed, *code; } cases[] = {
        { "0123-4567-89AB-CDEF", "0123456789ABCDEF" }, { " 0123 4567 89ab cdef ", "0123456789ABCDEF" },
        { "oOiIlL0123456789", "0011110123456789" }, { "0123456789ABCDE", NULL }, { "0123456789ABCDEFG", NULL },
        { "0123456789ABCDEU", NULL }, { "0123456789ABCDE_", NULL }, { "０１２３４５６７８９ABCDEF", NULL }, { "", NULL }, { "----", NULL },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char code[17];
        g_assert_cmpint(document_code_read(cases[i].typed, code), ==, cases[i].code != NULL);
        if (cases[i].code)
            g_assert_cmpstr(code, ==, cases[i].code);
    }
}

static void verifying_tells_no_more_than_is_needed(void)
{
    Bench b;
    open_with_organs(&b);
    g_autoptr(json_t) made = make(&b, "licence");
    g_autofree char *path = g_strdup_printf("/verify/%s", json_text(made, "code")), *ask_path = g_strdup_printf("/verify?code=%s", json_text(made, "code"));
    g_autofree char *answer = ask(&b, "GET", path, "", "");
    g_autoptr(json_t) known = json_loads(body_of(answer), 0, NULL);
    g_assert_true(json_flag(known, "is_known"));
    g_assert_cmpstr(json_text(known, "applicant_name"), ==, "张*例");
    g_assert_cmpstr(json_text(known, "number"), ==, json_text(made, "number"));
    g_assert_cmpstr(json_text(known, "valid_to_day"), ==, "2017-09-17");
    g_assert_null(strstr(answer, "张示例"));
    g_assert_null(strstr(answer, "330422"));
    ASSERT_ANSWER(ask(&b, "GET", path, "Accept: text/html\r\n", ""), 200, "张*例");
    ASSERT_ANSWER(ask(&b, "GET", ask_path, "Accept: text/html\r\n", ""), 303, path);
    bench_close(&b);
}

static void what_is_not_ours_is_said_to_be_not_ours(void)
{
    Bench b;
    open_with_organs(&b);
    ASSERT_ANSWER(ask(&b, "GET", "/verify/0123456789ABCDEF", "", ""), 200, "\"is_known\":false");
    ASSERT_ANSWER(ask(&b, "GET", "/verify/0123456789ABCDEF", "Accept: text/html\r\n", ""), 200, "没有这个验证码的文书");
    ASSERT_ANSWER(ask(&b, "GET", "/verify?code=12", "", ""), 422, "十六位");
    ASSERT_ANSWER(ask(&b, "GET", "/documents/0123456789ABCDEF", "", ""), 404, "files.no_document");
    ASSERT_ANSWER(ask(&b, "GET", "/documents/none", "", ""), 404, "files.no_document");
    bench_close(&b);
}

static void a_receipt_is_for_its_applicant(void)
{
    Bench b;
    open_with_organs(&b);
    g_autoptr(json_t) made = make(&b, "receipt");
    g_autofree char *path = g_strdup_printf("/documents/%s", json_text(made, "code")), *cookie = enter_as_holder(&b);
    ASSERT_ANSWER(ask(&b, "GET", path, "", ""), 401, "files.receipt_is_private");
    ASSERT_ANSWER(ask(&b, "GET", path, cookie, ""), 200, "application/pdf");
    g_autofree char *answer = post_json(&b, "/enter/330482140903000124", "other", "{}");
    g_autofree char *other = g_strdup_printf("Cookie: %.*s\r\n", (int)strcspn(strstr(answer, "pinghu-"), ";"), strstr(answer, "pinghu-"));
    ASSERT_ANSWER(ask(&b, "GET", path, other, ""), 403, "files.receipt_is_private");
    bench_close(&b);
}

/* Another room gets no document that the address of it refuses. */
static void a_receipt_goes_into_no_package(void)
{
    Bench b;
    open_with_organs(&b);
    static const Post audits = { 2, 330482000000, AUDITOR };
    static const Actor auditor = { .kind = STAFF, .id = 1, .name = "", .posts = &audits, .post_count = 1 }, applicant = { .kind = HOLDER, .id = holder, .name = "" };
    g_autoptr(json_t) made = make(&b, "receipt");
    g_autoptr(GError) error = NULL;
    Context context = b.world;
    context.db = store_reader(b.store, NULL);
    context.actor = &auditor;
    Request r = { .context = context, .view = b.view };
    g_assert_null(files_document_pdf(&r, json_text(made, "code"), &error));
    g_autoptr(json_t) why = trouble_details(error);
    g_assert_cmpstr(json_text(why, "reason"), ==, "files.receipt_is_private");
    r.context.actor = &applicant;
    g_autoptr(GBytes) own = files_document_pdf(&r, json_text(made, "code"), NULL);
    g_assert_nonnull(own);
    store_return(b.store, context.db);
    bench_close(&b);
}

/* Nobody of the staff learns from his copy of a receipt of an older program what only its applicant may know. */
static void a_copy_for_the_staff_has_no_password(void)
{
    Bench b;
    open_with_organs(&b);
    static const Actor clerk = { .kind = STAFF, .id = 1, .name = "" }, applicant = { .kind = HOLDER, .id = holder, .name = "" };
    g_autoptr(json_t) made = make(&b, "receipt");
    Context context = b.world;
    context.db = store_reader(b.store, NULL);
    g_autoptr(json_t) row = document_row(context.db, COUNTY, json_text(made, "code"), NULL);
    for (int i = 0; i < 2; i++) {
        context.actor = i ? &clerk : &applicant;
        g_autoptr(json_t) paper = document_paper(&context, b.view, CHINESE, DOCUMENT_FOR_READER, row, NULL);
        g_autofree char *text = json_dumps(paper, 0);
        g_assert_true((strstr(text, "482913") == NULL) == (context.actor == &clerk));
    }
    store_return(b.store, context.db);
    bench_close(&b);
}

/* A person can write a character in another way, time cannot: what happens by law is written all the same. */
static void a_character_that_no_font_has_stops_people_alone(void)
{
    Bench b;
    open_with_organs(&b);
    static const Actor actors[] = { { .kind = STAFF, .id = 1, .name = "" }, { .kind = SYSTEM, .name = "" } };
    for (size_t i = 0; i < G_N_ELEMENTS(actors); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(json_t) content = content_of("receipt");
        json_object_set_new(content, "applicant_name", json_string("张\U00030000三"));
        Making m = { b.world, "receipt", content, NULL };
        m.context.actor = &actors[i];
        m.context.now = time_now;
        g_assert_true(store_write(b.store, make_work, &m, &error) == (actors[i].kind == SYSTEM));
        g_autoptr(json_t) why = error ? trouble_details(error) : NULL;
        g_assert_cmpstr(json_text(why, "code"), ==, error ? "U+30000" : "");
        json_decref(m.made);
    }
    bench_close(&b);
}

/* ---- the seal ---- */

static void open_sealed(Bench *b)
{
    Seal *seal = NULL;
    g_autoptr(GError) error = NULL;
    open_with_organs(b);
    g_autofree char *file = g_build_filename(b->folder, "test.db.seal", NULL);
    g_assert_true(seal_make(file, &error) && seal_read(file, &seal, &error));
    b->world.seal = seal;
}

static void close_sealed(Bench *b)
{
    Seal *seal = (Seal *)(uintptr_t)b->world.seal;
    bench_close(b);
    seal_free(seal);
}

/* Hands a file in as the page's form does. */
static char *hand_in(const Bench *b, const char *bytes, size_t length, const char *headers)
{
    static const char head[] = "--frontier\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a.pdf\"\r\n\r\n", tail[] = "\r\n--frontier--\r\n";
    g_autoptr(GString) request = g_string_new(NULL);
    g_string_printf(request, "POST /verify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %zu\r\n%s"
                             "Content-Type: multipart/form-data; boundary=frontier\r\n\r\n%s", strlen(head) + length + strlen(tail), headers, head);
    g_string_append_len(request, bytes, (gssize)length);
    g_string_append(request, tail);
    return ask_bytes(b, request->str, request->len);
}

static void a_document_is_sealed_and_says_so(void)
{
    Bench b;
    open_sealed(&b);
    static const char *const languages[] = { NULL, "zh", "en" }, *const said[] = { "国密算法SM2/SM3签章", "国密算法SM2/SM3签章", "sealed with SM2/SM3" };
    for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
        gsize length;
        g_autoptr(json_t) made = make_in(&b, "decision", languages[i]);
        g_autofree char *bytes = NULL, *pdf = fetch(&b, json_text(made, "code"), "", "decision"), *text = text_of(pdf);
        g_assert_true(g_file_get_contents(pdf, &bytes, &length, NULL));
        SealJudgement judged = seal_judge(b.world.seal, bytes, length);
        g_assert_cmpstr(seal_finding_names[judged.finding], ==, "genuine");
        g_assert_cmpstr(judged.code, ==, json_text(made, "code"));
        assert_says(text, said[i]);
        assert_says(text, seal_key(b.world.seal));
    }
    close_sealed(&b);
}

/* The bytes that the seal covers; owned by the caller. */
static GBytes *sealed_part(const Bench *b, const char *request)
{
    g_autofree char *answer = ask_bytes(b, request, strlen(request));
    const char *body = body_of(answer), *length = strstr(answer, "Content-Length: ");
    g_assert_cmpint(status(answer), ==, 200);
    const char *seal = memmem(body, (size_t)atoi(length + strlen("Content-Length: ")), "%pinghu-seal", strlen("%pinghu-seal"));
    g_assert_nonnull(seal);
    return g_bytes_new(body, (gsize)(seal - body));
}

static void nothing_of_a_request_is_in_a_sealed_document(void)
{
    static const char *const asked[][2] = {
        { "", "Host: localhost\r\n" }, { "?lang=en&size=large", "Host: 127.0.0.1:1\r\n" }, { "", "Host: pinghu.example\r\nAccept-Language: en\r\n" },
        { "", "Host: localhost\r\nCookie: lang=en\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n" },
    };
    Bench b;
    open_sealed(&b);
    g_autoptr(json_t) made = make(&b, "decision");
    g_autoptr(GBytes) first = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autofree char *request = g_strdup_printf("GET /documents/%s%s HTTP/1.1\r\nConnection: close\r\n%s\r\n", json_text(made, "code"),
                                                   asked[i][0], asked[i][1]);
        g_autoptr(GBytes) sealed = sealed_part(&b, request);
        first = first ? first : g_bytes_ref(sealed);
        g_assert_true(g_bytes_equal(first, sealed));
    }
    close_sealed(&b);
}

static void a_translation_is_not_sealed(void)
{
    Bench b;
    gsize length;
    g_autofree char *bytes = NULL;
    open_sealed(&b);
    g_autoptr(json_t) made = make(&b, "decision"), receipt = make(&b, "receipt");
    g_autofree char *path = g_strdup_printf("/translations/%s/en", json_text(made, "code")), *other = g_strdup_printf("/translations/%s/fr", json_text(made, "code"));
    g_autofree char *private_path = g_strdup_printf("/translations/%s/en", json_text(receipt, "code"));
    g_autofree char *pdf = fetch_at(&b, path, "", "decision"), *text = text_of(pdf);
    g_assert_true(g_file_get_contents(pdf, &bytes, &length, NULL));
    g_assert_cmpstr(seal_finding_names[seal_judge(b.world.seal, bytes, length).finding], ==, "no_seal");
    assert_says(text, "Translation for information");
    g_assert_null(strstr(text, "SM2/SM3"));
    ASSERT_ANSWER(ask(&b, "GET", other, "", ""), 404, "files.no_document");
    ASSERT_ANSWER(ask(&b, "GET", private_path, "", ""), 401, "files.receipt_is_private");
    close_sealed(&b);
}

static void without_a_key_nothing_is_sealed(void)
{
    Bench b;
    gsize length;
    g_autofree char *bytes = NULL;
    open_with_organs(&b);
    g_autoptr(json_t) made = make(&b, "decision");
    g_autofree char *pdf = fetch(&b, json_text(made, "code"), "", "decision"), *text = text_of(pdf);
    g_assert_true(g_file_get_contents(pdf, &bytes, &length, NULL));
    g_assert_null(g_strstr_len(bytes, (gssize)length, "%pinghu"));
    g_assert_null(strstr(text, "SM2/SM3")); /* "SM2" alone may stand in a code */
    ASSERT_ANSWER(hand_in(&b, bytes, length, ""), 404, "files.no_seal");
    ASSERT_ANSWER(ask(&b, "GET", "/verify/seal.pem", "", ""), 404, "files.no_seal");
    g_autofree char *page = ask(&b, "GET", "/verify", "Accept: text/html\r\n", "");
    g_assert_null(strstr(page, "multipart/form-data"));
    bench_close(&b);
}

static void a_file_handed_in_is_judged(void)
{
    Bench b;
    gsize length;
    g_autofree char *bytes = NULL;
    open_sealed(&b);
    g_autoptr(json_t) made = make(&b, "licence");
    g_autofree char *pdf = fetch(&b, json_text(made, "code"), "", "licence"), *recorded = g_strdup_printf("\"number\":\"%s\"", json_text(made, "number"));
    g_assert_true(g_file_get_contents(pdf, &bytes, &length, NULL));
    ASSERT_ANSWER(hand_in(&b, bytes, length, ""), 200, "\"finding\":\"genuine\"");
    ASSERT_ANSWER(hand_in(&b, bytes, length, ""), 200, recorded);
    ASSERT_ANSWER(hand_in(&b, bytes, length, ""), 200, "张*例");
    ASSERT_ANSWER(hand_in(&b, bytes, length, "Accept: text/html\r\n"), 200, "真实：由本中心签章");
    ASSERT_ANSWER(hand_in(&b, bytes, length, "Accept: text/html\r\nAccept-Language: en\r\n"), 200, "Genuine: sealed by this centre");
    bytes[length / 2] ^= 1;
    ASSERT_ANSWER(hand_in(&b, bytes, length, ""), 200, "\"finding\":\"altered\"");
    ASSERT_ANSWER(hand_in(&b, bytes, length, "Accept: text/html\r\n"), 200, "签章后被改动");
    ASSERT_ANSWER(hand_in(&b, "%PDF-1.4\n", 9, "Accept: text/html\r\n"), 200, "没有签章");
    ASSERT_ANSWER(hand_in(&b, "GIF89a", 6, "Accept: text/html\r\n"), 200, "不是 PDF 文件");
    ASSERT_ANSWER(hand_in(&b, "", 0, "Accept: text/html\r\n"), 200, "不是 PDF 文件");
    close_sealed(&b); /* no upload is left, see bench_close */
}

/* A sealed document whose record is gone, after a backup of yesterday was put back. */
static void a_genuine_file_may_be_unknown(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    open_sealed(&b);
    g_autoptr(GBytes) sealed = seal_document(b.world.seal, g_bytes_new_static("%PDF-1.4\n", 9), "0123456789ABCDEF", &error);
    gsize length;
    const char *bytes = g_bytes_get_data(sealed, &length);
    ASSERT_ANSWER(hand_in(&b, bytes, length, ""), 200, "\"is_known\":false");
    ASSERT_ANSWER(hand_in(&b, bytes, length, "Accept: text/html\r\n"), 200, "没有登记验证码为 0123456789ABCDEF 的文书");
    close_sealed(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add_func("/documents/every kind says what the law demands", every_kind_says_what_the_law_demands);
    g_test_add_func("/documents/codes are random and easily read", codes_are_random_and_easily_read);
    g_test_add_func("/documents/a code is read as people type it", a_code_is_read_as_people_type_it);
    g_test_add_func("/documents/verifying tells no more than is needed", verifying_tells_no_more_than_is_needed);
    g_test_add_func("/documents/what is not ours is said to be not ours", what_is_not_ours_is_said_to_be_not_ours);
    g_test_add_func("/documents/a receipt is for its applicant", a_receipt_is_for_its_applicant);
    g_test_add_func("/documents/a receipt goes into no package", a_receipt_goes_into_no_package);
    g_test_add_func("/documents/a character that no font has stops people alone", a_character_that_no_font_has_stops_people_alone);
    g_test_add_func("/documents/a copy for the staff has no password", a_copy_for_the_staff_has_no_password);
    g_test_add_func("/documents/a document is sealed and says so", a_document_is_sealed_and_says_so);
    g_test_add_func("/documents/nothing of a request is in a sealed document", nothing_of_a_request_is_in_a_sealed_document);
    g_test_add_func("/documents/a translation is not sealed", a_translation_is_not_sealed);
    g_test_add_func("/documents/without a key nothing is sealed", without_a_key_nothing_is_sealed);
    g_test_add_func("/documents/a file handed in is judged", a_file_handed_in_is_judged);
    g_test_add_func("/documents/a genuine file may be unknown", a_genuine_file_may_be_unknown);
    return g_test_run();
}
