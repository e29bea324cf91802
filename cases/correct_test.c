// SPDX-License-Identifier: Apache-2.0
/* Mistakes put right: what a draft says, an applicant's details later, a paper that was the wrong one. */
#include "cases/bench_test.h"
#include "cases/papers.h"
#include "db/server_test.h"

#define PERSON "\"party_kind\":\"person\",\"contact\":\"\",\"representative\":\"\",\"address\":\"\""
static const Post keeping = { CENTRE_ORGAN, 330482000000, SECURITY_ADMINISTRATOR };
static const Actor keeper = { STAFF, PEOPLE + 1, "工作人员", &keeping, 1, NULL };

/* On a file, or in a database of its own on the server. */
static char *open_on(Bench *b, const char *server)
{
    char *address = server ? make_database(server) : NULL;
    bench_open_at(b, address);
    return address;
}

static void close_on(Bench *b, const char *server, const char *address)
{
    bench_close(b);
    if (address)
        drop_database(server, address);
}

static SubjectInput said(json_t **fields, const char *text)
{
    *fields = json_loads(text, 0, NULL);
    g_assert_nonnull(*fields);
    return (SubjectInput){ .fields = *fields, .reason = "核对身份证" };
}

#define SAID(name, id, telephone) "{" PERSON ",\"name\":\"" name "\",\"id_number\":\"" id "\",\"telephone\":\"" telephone "\"}"
#define OWN_ID "330499198001010013"
#define OTHER_ID "33049919790202002X"

/* How many rows a statement counts. */
static int64_t counted(Bench *b, const char *sql)
{
    bool any;
    int64_t count = -1;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(db_integer(db, sql, WITH(db_int("county", COUNTY)), &count, &any, NULL));
    store_return(b->store, db);
    return count;
}

/* The newest document of that kind names this applicant. */
static void assert_named(Bench *b, int64_t number, const char *kind, const char *name)
{
    size_t i;
    json_t *one, *content = NULL;
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) all = files_documents(db, COUNTY, subject, NULL);
    json_array_foreach(all, i, one)
        if (strcmp(json_text(one, "document_kind"), kind) == 0) {
            json_decref(content);
            g_assert_true(files_document_content(db, COUNTY, json_text(one, "code"), &content, NULL));
        }
    store_return(b->store, db);
    g_assert_cmpstr(json_text(content, "applicant_name"), ==, name);
    json_decref(content);
}

static void a_draft_is_edited_without_a_trace(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    g_autoptr(json_t) fields = NULL, same = NULL;
    int64_t n = drafted(&b, "2014-08-18");
    g_auto(Case) before = present(&b, n);
    g_auto(Case) edited = after(&b, &people[VILLAGE_CLERK], n, "2014-08-18", EDIT, said(&fields, SAID("李更正", OTHER_ID, "13900000000")));
    g_assert_cmpstr(edited.applicant, ==, "李更正");
    g_assert_true(edited.party != before.party && edited.events == 0 && edited.draft_revision == before.draft_revision + 1);
    g_assert_cmpint(counted(&b, "/* all rows */ SELECT COUNT(*) FROM party WHERE county = :county"), ==, 1); /* the former one is forgotten */
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    assert_named(&b, n, "receipt", "李更正");
    refused(&b, &people[VILLAGE_CLERK], n, "2014-08-18", EDIT, said(&same, SAID("李更正", OTHER_ID, "13900000000")), "cases.not_now");
    close_on(&b, server, address);
}

static void a_correction_is_an_event_and_later_papers_follow(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    g_autoptr(json_t) name = NULL, same = NULL, other = NULL, enterprise = NULL, number = NULL, late = NULL, stranger = NULL;
    int64_t n = under_review(&b, "2014-08-18");
    g_auto(Case) before = present(&b, n);
    const Actor *desk = &people[VILLAGE_CLERK];
    refused(&b, &people[OTHER_ORGAN], n, "2014-08-19", CORRECT_APPLICANT, said(&stranger, SAID("张示列", OWN_ID, "13800000000")), "cases.not_yours");
    refused(&b, desk, n, "2014-08-19", CORRECT_APPLICANT, said(&same, SAID("张示例", OWN_ID, "13800000000")), "cases.nothing_corrected");
    refused(&b, desk, n, "2014-08-19", CORRECT_APPLICANT, said(&other, SAID("李四", OTHER_ID, "13800000000")), "cases.correct_other");
    refused(&b, desk, n, "2014-08-19", CORRECT_APPLICANT, said(&enterprise, "{\"party_kind\":\"enterprise\",\"name\":\"张示例\",\"id_number\":\"91350100M000100Y43\","
                                                               "\"telephone\":\"13800000000\"}"), "cases.correct_other");
    g_auto(Case) named = after(&b, desk, n, "2014-08-19", CORRECT_APPLICANT, said(&name, SAID("张示列", OWN_ID, "13900000000")));
    g_assert_true(named.party == before.party && named.due_at == before.due_at && named.state == REVIEW);
    g_assert_cmpint(counted(&b, "/* all rows */ SELECT COUNT(*) FROM event WHERE county = :county AND kind = 'case.applicant_corrected'"
                                " AND payload LIKE '%张示列%张示例%'"), ==, 1);
    g_auto(Case) numbered = after(&b, &people[ORGAN_REVIEWER], n, "2014-08-20", CORRECT_APPLICANT, said(&number, SAID("张示列", OTHER_ID, "13900000000")));
    g_assert_true(numbered.party != before.party);
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-21", PASS, (SubjectInput){ .opinion = "符合条件" }, REVIEW);
    done(&b, &people[ORGAN_APPROVER], n, "2014-08-21", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    assert_named(&b, n, "receipt", "张示例"); /* what was written stays */
    assert_named(&b, n, "decision", "张示列");
    done(&b, &people[TOWN_REVIEWER], n, "2014-08-22", ISSUE, (SubjectInput){ 0 }, ISSUED);
    g_assert_cmpint(counted(&b, "/* all rows */ SELECT COUNT(*) FROM licence WHERE county = :county AND listed = '张*列'"), ==, 1); /* the register follows */
    done(&b, desk, n, "2014-08-22", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    refused(&b, desk, n, "2014-08-23", CORRECT_APPLICANT, said(&late, SAID("张示例", OTHER_ID, "13900000000")), "cases.not_now");
    close_on(&b, server, address); /* documents, hashes and private parts are verified */
}

/* ---- papers ---- */

static SubjectInput of_paper(json_t **fields, int64_t paper, Upload *upload)
{
    *fields = json_pack("{s:I}", "paper", paper);
    return (SubjectInput){ .fields = *fields, .uploads = upload, .upload_count = upload ? 1 : 0 };
}

static bool is_lacking(Bench *b, int64_t number, const char *material)
{
    g_auto(Case) found = present(b, number);
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    g_autoptr(Item) item = catalogue_item(context.db, COUNTY, found.item, found.item_version, NULL);
    g_autoptr(json_t) lacking = papers_lacking(&context, &found, item, NULL), name = json_string(material);
    bool is = false;
    for (size_t i = 0; i < json_array_size(lacking); i++)
        is |= json_equal(json_array_get(lacking, i), name);
    store_return(b->store, context.db);
    return is;
}

#define PAPERS "/* all rows */ SELECT COUNT(*) FROM paper WHERE county = :county"
#define GONE "/* all rows */ SELECT COUNT(*) FROM paper_gone WHERE county = :county AND removed_at = 0"

static void a_paper_of_a_draft_goes_with_its_bytes(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    g_autoptr(json_t) first = NULL, again = NULL, second = NULL;
    const Actor *desk = &people[VILLAGE_CLERK];
    Upload better = paper(&b, "%PDF-1.4 better");
    int64_t n = drafted(&b, "2014-08-18"), other = drafted(&b, "2014-08-18");
    attach(&b, desk, n, "2014-08-18", "身份证");
    g_assert_false(is_lacking(&b, n, "身份证"));
    refused(&b, desk, other, "2014-08-18", REMOVE_PAPER, of_paper(&again, 1, NULL), "cases.no_paper");
    done(&b, desk, n, "2014-08-18", REPLACE_PAPER, of_paper(&first, 1, &better), DRAFT);
    g_assert_false(is_lacking(&b, n, "身份证"));
    g_assert_cmpint(counted(&b, PAPERS), ==, 1);
    g_assert_cmpint(counted(&b, GONE), ==, 1);
    done(&b, desk, n, "2014-08-18", REMOVE_PAPER, of_paper(&second, counted(&b, "/* all rows */ SELECT paper FROM paper WHERE county = :county"), NULL), DRAFT);
    g_assert_true(is_lacking(&b, n, "身份证"));
    g_assert_cmpint(counted(&b, PAPERS), ==, 0);
    g_assert_cmpint(counted(&b, GONE), ==, 2);
    g_free((char *)(uintptr_t)better.path);
    close_on(&b, server, address);
}

static void after_the_receipt_the_desk_replaces_and_the_applicant_what_is_asked(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    g_autoptr(json_t) one = json_pack("[s]", "身份证"), own = NULL, desks = NULL, asked = NULL, unasked = NULL, late = NULL;
    int64_t n = drafted(&b, "2014-08-18");
    const Actor *desk = &people[VILLAGE_CLERK], holder = { .kind = HOLDER, .id = n, .name = "" };
    attach(&b, desk, n, "2014-08-18", "申请书");
    attach(&b, desk, n, "2014-08-18", "身份证");
    attach(&b, desk, n, "2014-08-18", "申请书");
    done(&b, desk, n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    refused(&b, &holder, n, "2014-08-18", REMOVE_PAPER, of_paper(&own, 1, NULL), "cases.paper_stays");
    done(&b, desk, n, "2014-08-18", REMOVE_PAPER, of_paper(&desks, 3, NULL), RECEIVED);
    g_assert_false(is_lacking(&b, n, "申请书")); /* another scan is there */
    g_assert_cmpint(counted(&b, PAPERS " AND removed_at > 0"), ==, 1); /* the file keeps it */
    g_assert_cmpint(counted(&b, GONE), ==, 0);
    done(&b, &people[TOWN_REVIEWER], n, "2014-08-18", PASS, (SubjectInput){ .opinion = "已核对" }, RECEIVED);
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", CORRECT, (SubjectInput){ .materials = one, .reason = "不清" }, CORRECTION);
    refused(&b, &holder, n, "2014-08-20", REMOVE_PAPER, of_paper(&unasked, 1, NULL), "cases.paper_not_asked");
    Upload clear = paper(&b, "%PDF-1.4 clear");
    done(&b, &holder, n, "2014-08-20", REPLACE_PAPER, of_paper(&asked, 2, &clear), CORRECTION);
    done(&b, &holder, n, "2014-08-20", SUPPLY, (SubjectInput){ 0 }, RECEIVED);
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-21", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-22", REMOVE_PAPER, of_paper(&late, 1, NULL), "cases.not_now");
    done(&b, desk, n, "2014-08-22", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    done(&b, &keeper, n, "2014-08-23", ERASE, (SubjectInput){ .reason = "本人书面申请" }, WITHDRAWN);
    g_assert_cmpint(counted(&b, PAPERS), ==, 0); /* also the one that nobody saw any more */
    g_free((char *)(uintptr_t)clear.path);
    close_on(&b, server, address);
}

/* ---- the same application twice ---- */

/* The case of which the actor is told beside that one; 0: none. */
static int64_t twin_told(Bench *b, const Actor *actor, int64_t number)
{
    int64_t told = 0;
    g_auto(Case) self = present(b, number);
    g_autoptr(json_t) answer = json_object();
    Context context = b->context;
    context.actor = actor;
    context.db = store_reader(b->store, NULL);
    g_assert_true(twin_put(&context, &self, answer, NULL));
    store_return(b->store, context.db);
    subject_number_read(json_text(json_object_get(answer, "same"), "number"), &told);
    return told;
}

static void the_same_application_twice_is_told(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    g_autoptr(json_t) fields = NULL;
    const Actor *desk = &people[VILLAGE_CLERK];
    int64_t first = drafted(&b, "2014-08-18"), second = drafted(&b, "2014-08-18");
    const Actor holder = { .kind = HOLDER, .id = second, .name = "" };
    g_assert_cmpint(twin_told(&b, desk, second), ==, first);
    g_assert_cmpint(twin_told(&b, &people[OTHER_TOWN], second), ==, 0); /* who may not see the first */
    g_assert_cmpint(twin_told(&b, &holder, second), ==, 0);
    done(&b, desk, second, "2014-08-18", EDIT, said(&fields, SAID("李更正", OTHER_ID, "13900000000")), DRAFT);
    g_assert_cmpint(twin_told(&b, desk, second), ==, 0);
    int64_t third = drafted(&b, "2014-08-19");
    done(&b, desk, first, "2014-08-19", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    g_assert_cmpint(twin_told(&b, desk, third), ==, 0); /* what has ended is no twin */
    close_on(&b, server, address);
}

int main(int argc, char **argv)
{
    static const struct { const char *name; void (*test)(const void *server); } tests[] = {
        { "a draft is edited without a trace", a_draft_is_edited_without_a_trace },
        { "a correction is an event and later papers follow", a_correction_is_an_event_and_later_papers_follow },
        { "the same application twice is told", the_same_application_twice_is_told },
        { "a paper of a draft goes with its bytes", a_paper_of_a_draft_goes_with_its_bytes },
        { "after the receipt the desk replaces, and the applicant what is asked", after_the_receipt_the_desk_replaces_and_the_applicant_what_is_asked },
    };
    const char *servers[] = { NULL, g_getenv("PINGHU_DATABASE_SERVER") };
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    for (size_t i = 0; i < G_N_ELEMENTS(tests) * G_N_ELEMENTS(servers); i++) {
        const char *server = servers[i % 2];
        g_autofree char *path = g_strdup_printf("/correct/%s%s", server ? "postgresql/" : "", tests[i / 2].name);
        if (server || i % 2 == 0)
            g_test_add_data_func(path, server, tests[i / 2].test);
    }
    return g_test_run();
}
