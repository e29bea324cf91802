// SPDX-License-Identifier: Apache-2.0
/* The application form in a case: what is kept of a draft, when it is whole, what follows from it, by which version, and how it is corrected. */
#include "cases/bench_test.h"
#include "cases/papers.h"
#include "db/server_test.h"

static const Post cataloguing = { CENTRE_ORGAN, 330482000000, CATALOGUER }, keeping = { CENTRE_ORGAN, 330482000000, SECURITY_ADMINISTRATOR };
static const Actor cataloguer = { STAFF, PEOPLE + 1, "王五", &cataloguing, 1, NULL }, keeper = { STAFF, PEOPLE + 2, "工作人员", &keeping, 1, NULL };

#define OPTION(code) "{\"code\":\"" code "\",\"label\":\"" code "\",\"label_en\":\"" code "\"}"
#define FIELD(name, kind, more) "{\"name\":\"" name "\",\"kind\":\"" kind "\",\"label\":\"栏目" name "\",\"label_en\":\"field " name "\",\"required\":true" more "}"
#define WHEN(condition) ",\"when\":\"" condition "\""
#define IS(value) "kind = \\\"" value "\\\""
#define FORM(further) "{\"source\":\"made up\",\"situation\":[" FIELD("kind", "choice", ",\"options\":[" OPTION("new") "," OPTION("rename") "," OPTION("home") "," OPTION("stall") "]") "]," \
    "\"groups\":[{\"name\":\"g\",\"label\":\"申请人\",\"label_en\":\"applicant\",\"fields\":[" FIELD("owner", "text", ",\"prefill\":\"applicant.name\"") "," \
    FIELD("opens", "day", WHEN(IS("new"))) "," FIELD("rent", "money", WHEN(IS("new"))) "," FIELD("former", "text", WHEN(IS("rename"))) further "]}]," \
    "\"papers\":[{\"name\":\"身份证\"" WHEN(IS("new")) "}],\"steps\":[{\"name\":\"prereview\"" WHEN(IS("new")) "}]," \
    "\"ends\":[{\"name\":\"home\",\"kind\":\"no_need\"" WHEN(IS("home")) ",\"text\":\"不用办。\",\"text_en\":\"no need\"}]}"
#define NEWER FORM("," FIELD("seats", "number", ",\"decimals\":0"))

/* ---- the item's form ---- */

typedef struct Asked {
    const char *route; /* POST of the catalogue */
    json_t *fields;
    int64_t version;
} Asked;

static bool run_route(const Context *context, void *data, GError **error)
{
    Asked *asked = data;
    static const char *const path[] = { "CY", NULL };
    Request r = { .context = *context, .path = path, .fields = asked->fields };
    const Route *route = catalogue_room.routes;
    while (strcmp(route->method, "POST") != 0 || strcmp(route->path, asked->route) != 0)
        route++;
    g_autoptr(json_t) answer = route->run(&r, error);
    asked->version = json_number(answer, "version");
    return answer != NULL;
}

static int64_t asked(Bench *b, const char *day, const char *route, json_t *fields)
{
    g_autoptr(GError) error = NULL;
    Asked ask = { route, fields, 0 };
    write_as(b, &cataloguer, at(day, 8), run_route, &ask, &error);
    g_assert_no_error(error);
    json_decref(fields);
    return ask.version;
}

/* The item has that form from the day on. */
static int64_t set_form(Bench *b, const char *day, int64_t newest, const char *definition)
{
    int64_t version = asked(b, day, "/desk/items/{code}/form", json_pack("{s:I, s:s}", "version", newest, "definition", definition));
    return asked(b, day, "/desk/items/{code}/publish", json_pack("{s:I}", "version", version));
}

static char *open_on(Bench *b, const char *server)
{
    char *address = server ? make_database(server) : NULL;
    bench_open_at(b, address);
    set_form(b, "2014-02-10", 1, FORM(""));
    return address;
}

static void close_on(Bench *b, const char *server, const char *address)
{
    bench_close(b);
    if (address)
        drop_database(server, address);
}

/* ---- acting ---- */

static int64_t begun(Bench *b, const char *day, const char *kind)
{
    g_auto(Case) made = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) situation = kind ? json_pack("{s:[s]}", "kind", kind) : NULL;
    Drafting d = { { .item = "CY", .place = village, .channel = AT_VILLAGE, .party = villager(), .situation = situation }, &made };
    write_as(b, &people[VILLAGE_CLERK], at(day, 9), draft_work, &d, &error);
    g_assert_no_error(error);
    return made.number;
}

/* Takes over `answers`, JSON text. */
static SubjectInput said(json_t **fields, const char *answers)
{
    *fields = json_pack("{s:o}", "answers", json_loads(answers, 0, NULL));
    g_assert_nonnull(*fields);
    return (SubjectInput){ .fields = *fields, .reason = "核对材料" };
}

static void answered(Bench *b, int64_t number, const char *day, const char *answers, const char *kept)
{
    g_autoptr(json_t) fields = NULL;
    g_auto(Case) next = after(b, &people[VILLAGE_CLERK], number, day, ANSWER, said(&fields, answers));
    g_assert_cmpstr(next.applicant_answers, ==, kept);
}

static void not_answered(Bench *b, int64_t number, const char *day, enum case_action action, const char *answers, const char *reason)
{
    g_autoptr(json_t) fields = NULL;
    refused(b, &people[VILLAGE_CLERK], number, day, action, said(&fields, answers), reason);
}

static bool asks(Bench *b, int64_t number, const char *about, const char *name)
{
    g_auto(Case) self = present(b, number);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(Item) item = catalogue_item(db, COUNTY, self.item, self.item_version, NULL);
    bool is_asked = case_asks(&self, item, about, name);
    store_return(b->store, db);
    return is_asked;
}

static int64_t events_with(Bench *b, const char *pattern)
{
    bool any;
    int64_t count = -1;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(db_integer(db, "/* all rows */ SELECT COUNT(*) FROM event WHERE county = :county AND payload LIKE :pattern",
                             WITH(db_int("county", COUNTY), db_text("pattern", pattern)), &count, &any, NULL));
    store_return(b->store, db);
    return count;
}

#define RENAMED "{\"former\":\"旧名饭店\",\"kind\":\"rename\",\"owner\":\"张示例\"}"
#define BETTER "{\"former\":\"老店\",\"kind\":\"rename\",\"owner\":\"张示例\"}"
#define OPENED "{\"kind\":\"new\",\"opens\":\"2014-09-01\",\"owner\":\"张示例\",\"rent\":123450}"

/* ---- the tests ---- */

static void a_form_is_filled_in_by_and_by(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    int64_t n = begun(&b, "2014-08-18", "new");
    g_auto(Case) first = present(&b, n);
    g_assert_cmpstr(first.applicant_answers, ==, "{\"kind\":\"new\"}");
    not_answered(&b, n, "2014-08-18", ANSWER, "{\"kind\":[\"new\"],\"opens\":[\"soon\"]}", "http.check_fields");
    not_answered(&b, n, "2014-08-18", ANSWER, "{\"kind\":[\"new\"],\"nowhere\":[\"1\"]}", "http.check_fields");
    answered(&b, n, "2014-08-18", "{\"kind\":[\"new\"],\"opens\":[\"\"],\"owner\":[\"张示例\"]}", "{\"kind\":\"new\",\"owner\":\"张示例\"}");
    refused(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, "cases.answers_open");
    answered(&b, n, "2014-08-18", "{\"kind\":[\"new\"],\"opens\":[\"2014-09-01\"],\"owner\":[\"张示例\"],\"rent\":[\"1234.50\"]}", OPENED);
    g_auto(Case) before = present(&b, n);
    g_assert_true(before.events == 0 && before.draft_revision == first.draft_revision + 2);
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    g_auto(Case) handed_in = present(&b, n);
    g_assert_cmpstr(handed_in.applicant_answers, ==, OPENED);
    not_answered(&b, n, "2014-08-18", ANSWER, RENAMED, "cases.not_now");
    close_on(&b, server, address);
}

static void what_the_answers_leave_out_is_not_asked(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    g_autoptr(json_t) one = json_pack("[s]", "申请书");
    int64_t n = begun(&b, "2014-08-18", "rename"), whole = begun(&b, "2014-08-18", "new"), on_paper = begun(&b, "2014-08-18", NULL);
    answered(&b, n, "2014-08-18", RENAMED, RENAMED);
    g_assert_true(!asks(&b, n, "papers", "身份证") && asks(&b, n, "papers", "申请书") && asks(&b, n, "fees", "工本费"));
    g_assert_true(asks(&b, whole, "papers", "身份证") && asks(&b, on_paper, "papers", "身份证"));
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ .materials = one }, RECEIVED);
    done(&b, &people[VILLAGE_CLERK], on_paper, "2014-08-18", SUBMIT, (SubjectInput){ .materials = one }, RECEIVED);
    g_auto(Case) sent = present(&b, n);
    g_assert_cmpint(sent.desk_organ, ==, ORGAN); /* without the town's examination */
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    done(&b, &people[TOWN_REVIEWER], on_paper, "2014-08-19", PASS, (SubjectInput){ .opinion = "已核对" }, RECEIVED);
    refused(&b, &people[ORGAN_REVIEWER], on_paper, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, "cases.incomplete");
    close_on(&b, server, address);
}

static void who_need_not_apply_hands_nothing_in(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    int64_t n = begun(&b, "2014-08-18", "home");
    refused(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, "cases.answers_end");
    answered(&b, n, "2014-08-18", RENAMED, RENAMED);
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    close_on(&b, server, address);
}

static void a_draft_answers_the_newest_form_and_a_case_keeps_its_own(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    g_autoptr(json_t) papers = necessary_papers();
    int64_t draft = begun(&b, "2014-08-18", "rename"), running = begun(&b, "2014-08-18", "rename");
    answered(&b, draft, "2014-08-18", RENAMED, RENAMED);
    answered(&b, running, "2014-08-18", RENAMED, RENAMED);
    int64_t plain = at_the_organ(&b, "2014-08-18");
    done(&b, &people[VILLAGE_CLERK], running, "2014-08-18", SUBMIT, (SubjectInput){ .materials = papers }, RECEIVED);
    int64_t newest = set_form(&b, "2014-08-19", 2, NEWER);
    refused(&b, &people[VILLAGE_CLERK], draft, "2014-08-19", SUBMIT, (SubjectInput){ 0 }, "cases.answers_anew");
    answered(&b, draft, "2014-08-19", "{\"former\":\"旧名饭店\",\"kind\":\"rename\",\"owner\":\"张示例\",\"seats\":[\"12\"]}",
             "{\"former\":\"旧名饭店\",\"kind\":\"rename\",\"owner\":\"张示例\",\"seats\":\"12\"}");
    done(&b, &people[VILLAGE_CLERK], draft, "2014-08-19", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    done(&b, &people[ORGAN_REVIEWER], running, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    done(&b, &people[ORGAN_REVIEWER], plain, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    g_auto(Case) on = present(&b, running), anew = present(&b, draft), without = present(&b, plain);
    g_assert_cmpint(on.item_version, ==, 2);
    g_assert_cmpint(anew.item_version, ==, newest);
    g_assert_cmpint(without.item_version, ==, newest); /* where nothing was answered, acceptance pins the newest as ever */
    close_on(&b, server, address);
}

static void a_newer_form_that_asks_less_takes_the_draft_as_it_is(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    set_form(&b, "2014-02-11", 2, NEWER);
    int64_t n = begun(&b, "2014-08-18", "rename");
    answered(&b, n, "2014-08-18", "{\"former\":\"旧名饭店\",\"kind\":\"rename\",\"owner\":\"张示例\",\"seats\":[\"12\"]}",
             "{\"former\":\"旧名饭店\",\"kind\":\"rename\",\"owner\":\"张示例\",\"seats\":\"12\"}");
    int64_t newest = set_form(&b, "2014-08-19", 3, FORM(""));
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-19", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    g_auto(Case) self = present(&b, n);
    g_assert_cmpint(self.item_version, ==, newest);
    g_assert_cmpstr(self.applicant_answers, ==, RENAMED);
    close_on(&b, server, address);
}

static void a_form_is_corrected_for_a_reason(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    g_autoptr(json_t) stranger = NULL, better = NULL;
    int64_t n = begun(&b, "2014-08-18", "rename");
    answered(&b, n, "2014-08-18", RENAMED, RENAMED);
    not_answered(&b, n, "2014-08-18", CORRECT_ANSWERS, OPENED, "cases.not_now");
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    not_answered(&b, n, "2014-08-19", CORRECT_ANSWERS, RENAMED, "cases.nothing_corrected");
    not_answered(&b, n, "2014-08-19", CORRECT_ANSWERS, "{\"kind\":\"rename\",\"owner\":\"张示例\"}", "http.check_fields"); /* it stays whole */
    refused(&b, &people[OTHER_ORGAN], n, "2014-08-19", CORRECT_ANSWERS, said(&stranger, OPENED), "cases.not_yours");
    not_answered(&b, n, "2014-08-19", CORRECT_ANSWERS, OPENED, "cases.other_situation"); /* papers and steps rest on it */
    not_answered(&b, n, "2014-08-19", CORRECT_ANSWERS, "{\"kind\":\"home\",\"owner\":\"张示例\"}", "cases.other_situation");
    g_auto(Case) next = after(&b, &people[VILLAGE_CLERK], n, "2014-08-19", CORRECT_ANSWERS, said(&better, BETTER));
    g_assert_cmpstr(next.applicant_answers, ==, BETTER);
    g_assert_cmpint(events_with(&b, "%corrected_answers%栏目former%"), ==, 1);
    g_assert_cmpint(events_with(&b, "%旧名饭店%"), ==, 0); /* it is in the personal parts alone */
    g_assert_false(asks(&b, n, "papers", "身份证"));
    close_on(&b, server, address);
}

static void another_applicant_keeps_what_is_said_of_the_matter(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    Upload proof = paper(&b, "%PDF-1.4 proof");
    g_autoptr(json_t) fields = json_pack("{s:s, s:s, s:s, s:s}", "party_kind", "person", "name", "李四", "id_number", "33049919790202002X", "telephone", "13900000000");
    int64_t n = begun(&b, "2014-08-18", "rename");
    answered(&b, n, "2014-08-18", RENAMED, RENAMED);
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    g_auto(Case) next = after(&b, &people[VILLAGE_CLERK], n, "2014-08-19", CHANGE_APPLICANT,
                              (SubjectInput){ .fields = fields, .reason = "转让", .material = "变更申请人的证明", .uploads = &proof, .upload_count = 1 });
    g_assert_cmpstr(next.applicant_answers, ==, "{\"former\":\"旧名饭店\",\"kind\":\"rename\"}");
    g_free((char *)(uintptr_t)proof.path);
    close_on(&b, server, address);
}

static void answers_are_erased_with_the_person(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    int64_t n = begun(&b, "2014-08-18", "rename");
    answered(&b, n, "2014-08-18", RENAMED, RENAMED);
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-19", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    g_auto(Case) before = present(&b, n);
    g_assert_cmpstr(before.applicant_answers, ==, RENAMED);
    done(&b, &keeper, n, "2014-08-20", ERASE, (SubjectInput){ .reason = "本人书面申请" }, WITHDRAWN);
    g_auto(Case) self = present(&b, n);
    g_assert_cmpstr(self.applicant_answers, ==, "");
    close_on(&b, server, address);
}

int main(int argc, char **argv)
{
    static const struct { const char *name; void (*test)(const void *server); } tests[] = {
        { "a form is filled in by and by", a_form_is_filled_in_by_and_by },
        { "what the answers leave out is not asked", what_the_answers_leave_out_is_not_asked },
        { "who need not apply hands nothing in", who_need_not_apply_hands_nothing_in },
        { "a draft answers the newest form, and a case keeps its own", a_draft_answers_the_newest_form_and_a_case_keeps_its_own },
        { "a newer form that asks less takes the draft as it is", a_newer_form_that_asks_less_takes_the_draft_as_it_is },
        { "a form is corrected for a reason", a_form_is_corrected_for_a_reason },
        { "another applicant keeps what is said of the matter", another_applicant_keeps_what_is_said_of_the_matter },
        { "answers are erased with the person", answers_are_erased_with_the_person },
    };
    const char *servers[] = { NULL, g_getenv("PINGHU_DATABASE_SERVER") };
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    for (size_t i = 0; i < G_N_ELEMENTS(tests) * G_N_ELEMENTS(servers); i++) {
        const char *server = servers[i % 2];
        g_autofree char *path = g_strdup_printf("/answers/%s%s", server ? "postgresql/" : "", tests[i / 2].name);
        if (server || i % 2 == 0)
            g_test_add_data_func(path, server, tests[i / 2].test);
    }
    return g_test_run();
}
