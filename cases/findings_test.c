// SPDX-License-Identifier: Apache-2.0
/* Findings of officers by the item's form, and fields that a notice opens again. */
#include "cases/bench_test.h"
#include "cases/findings.h"
#include "db/server_test.h"
#include "versioned/versioned.h"

/* Functions of catalogue/room.h, whose columns have names that this room's bench has too. */
bool item_newest(Db *db, int64_t county, const char *code, Version *out, GError **error);
bool item_form_fits(const json_t *fields, const json_t *definition, GError **error);
bool item_redraft(const Context *context, const json_t *fields, const Version *base, Version *newest, GError **error);
bool item_enforce(const Context *context, const Version *newest, Day day, int64_t *retired, GError **error);

#define FIELD(name, kind, more) "{'name':'" name "','kind':'" kind "','label':'" name "中','label_en':'" name "'" more "}"
#define OPTIONS(a, b) ",'required':true,'options':[{'code':'" a "','label':'甲','label_en':'A'},{'code':'" b "','label':'乙','label_en':'B'}]"
#define GROUP(name, more, fields) "{'name':'" name "','label':'组','label_en':'Group'" more ",'fields':[" fields "]}"
static const char form[] = "{'groups':["
    GROUP("g", "", FIELD("daily", "number", ",'required':true,'unit':'立方米','unit_en':'m³'") "," FIELD("yearly", "number", ",'formula':'daily * 365','most':'36500'") ","
                   FIELD("source", "choice", OPTIONS("river", "well")) "," FIELD("depth", "number", ",'required':true,'when':'source = \\\"well\\\"'") "," FIELD("note", "text", "") ","
                   FIELD("returns", "flag", "")) ","
    GROUP("a", ",'step':'accept'", FIELD("seen", "flag", "")) ","
    GROUP("r", ",'step':'review','when':'daily > 1'", FIELD("granted", "number", ",'required':true,'most':'100','public':true,'prefill':'answers.daily','unit':'立方米','unit_en':'m³'") ","
                   FIELD("opinion", "choice", OPTIONS("agree", "refuse")) "," FIELD("why", "long_text", ",'required':true,'when':'opinion = \\\"refuse\\\"'")) ","
    GROUP("d", ",'step':'decide'", FIELD("years", "number", ",'required':true,'public':true")) "]}";

static json_t *json_of(const char *text)
{
    g_autofree char *quoted = g_strdelimit(g_strdup(text), "'", '"');
    json_t *made = json_loads(quoted, 0, NULL);
    g_assert_nonnull(made);
    return made;
}

static bool set_form(const Context *context, void *data, GError **error)
{
    int64_t retired;
    g_auto(Version) newest = { 0 };
    g_autoptr(json_t) definition = json_of(form);
    (void)data;
    if (!item_newest(context->db, context->county, "CY", &newest, error))
        return false;
    g_autoptr(json_t) fields = json_copy(newest.fields);
    json_object_set(fields, "form", definition);
    return item_form_fits(fields, definition, error) && item_redraft(context, fields, &newest, &newest, error) &&
           item_enforce(context, &newest, day_of(context->now), &retired, error);
}

/* On a file, or in a database of its own on the server; the item has a form. */
static char *open_on(Bench *b, const char *server)
{
    g_autoptr(GError) error = NULL;
    char *address = server ? make_database(server) : NULL;
    bench_open_at(b, address);
    write_as(b, &the_system, at("2014-08-01", 9), set_form, NULL, &error);
    g_assert_no_error(error);
    return address;
}

static void close_on(Bench *b, const char *server, const char *address)
{
    bench_close(b);
    if (address)
        drop_database(server, address);
}

/* ---- acting with a form ---- */

/* An action's input, and the fields that it borrows. */
typedef struct Filled {
    json_t *fields;
    SubjectInput input;
} Filled;

static Filled filled(const char *fields)
{
    json_t *given = json_of(fields);
    return (Filled){ given, { .opinion = "符合条件", .reason = "填错了", .fields = given, .materials = json_object_get(given, "materials") } };
}

static Case then(Bench *b, const Actor *actor, int64_t number, enum case_action action, const char *fields)
{
    Filled with = filled(fields);
    Case made = after(b, actor, number, "2014-08-18", action, with.input);
    json_decref(with.fields);
    return made;
}

static void go(Bench *b, const Actor *actor, int64_t number, enum case_action action, const char *fields)
{
    Case made = then(b, actor, number, action, fields);
    case_clear(&made);
}

static void not_so(Bench *b, const Actor *actor, int64_t number, enum case_action action, const char *fields, const char *reason)
{
    Filled with = filled(fields);
    g_auto(Case) before = present(b, number);
    refused(b, actor, number, "2014-08-18", action, with.input, reason);
    g_auto(Case) unchanged = present(b, number);
    g_assert_true(unchanged.events == before.events && strcmp(unchanged.findings, before.findings) == 0 && strcmp(unchanged.applicant_answers, before.applicant_answers) == 0);
    json_decref(with.fields);
}

/* It is refused with exactly these faults, "field reason" each. */
static void faulty(Bench *b, const Actor *actor, int64_t number, enum case_action action, const char *fields, const char *faults)
{
    size_t i;
    json_t *one;
    Filled with = filled(fields);
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) told = g_string_new(NULL);
    g_assert_false(take_as(b, actor, number, "2014-08-18", action, with.input, NULL, &error));
    g_autoptr(json_t) details = trouble_details(error), wrong = json_loads(json_text(details, "answers"), 0, NULL);
    json_array_foreach(wrong, i, one)
        g_string_append_printf(told, "%s%s %s", i ? ", " : "", json_text(one, "field"), json_text(one, "reason"));
    g_assert_cmpstr(told->str, ==, faults);
    json_decref(with.fields);
}

#define ANSWERS "{'answers':{'daily':'50','source':'river','note':'河边','returns':'true'}}"
#define TICKED "{'materials':['申请书','身份证']}"
static const Actor *const clerk = &people[VILLAGE_CLERK], *const town = &people[TOWN_REVIEWER], *const reviewer = &people[ORGAN_REVIEWER], *const approver = &people[ORGAN_APPROVER];

/* Waits to be accepted, with answers to the form or, for NULL, with one on paper. */
static int64_t handed_in(Bench *b, const char *answers)
{
    int64_t number = drafted(b, "2014-08-18");
    if (answers)
        go(b, clerk, number, ANSWER, answers);
    go(b, clerk, number, SUBMIT, TICKED);
    go(b, town, number, PASS, "{'answers':{}}");
    return number;
}

/* The content of its newest document of that kind; NULL: there is none. Owned by the caller. */
static json_t *document_of(Bench *b, int64_t number, const char *kind)
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
    return content;
}

static void assert_json(const char *kept, const char *wanted)
{
    g_autofree char *text = g_strdelimit(g_strdup(wanted), "'", '"');
    g_assert_cmpstr(kept, ==, text);
}

/* ---- what officers find ---- */

static void each_step_asks_what_its_officer_finds(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    int64_t n = handed_in(&b, ANSWERS);
    faulty(&b, reviewer, n, ACCEPT, "{'answers':{'granted':'40'}}", "granted forms.unknown"); /* another officer is asked that */
    go(&b, reviewer, n, ACCEPT, "{'answers':{'seen':'true'}}");
    faulty(&b, reviewer, n, PASS, "{'answers':{'granted':'400','opinion':'refuse'}}", "granted forms.out_of_bounds, why forms.required");
    not_so(&b, reviewer, n, PASS, "{'answers':{}}", "http.check_fields");
    g_auto(Case) reviewed = then(&b, reviewer, n, PASS, "{'answers':{'granted':'40.5','opinion':'agree'}}");
    assert_json(reviewed.findings, "{'accept':{'seen':true},'review':{'granted':'40.5','opinion':'agree'}}");
    go(&b, approver, n, RETURN_BACK, "{}");
    go(&b, reviewer, n, PASS, "{'answers':{'granted':'30','opinion':'agree'}}");
    faulty(&b, approver, n, GRANT, "{'answers':{'years':'x'}}", "years forms.not_a_number");
    g_auto(Case) granted = then(&b, approver, n, GRANT, "{'answers':{'years':'5'}}");
    assert_json(granted.findings, "{'accept':{'seen':true},'decide':{'years':'5'},'review':{'granted':'30','opinion':'agree'}}");
    g_autoptr(json_t) decision = document_of(&b, n, "decision"), wanted = json_of("[{'label':'granted中','label_en':'granted','said':'30 立方米','said_en':'30 m³'},"
                                                                                  "{'label':'years中','label_en':'years','said':'5','said_en':'5'}]");
    g_assert_true(json_equal(json_object_get(decision, "findings"), wanted));
    close_on(&b, server, address);
}

/* On paper the officer's part stands where the applicant's does; a group whose condition does not hold asks nothing. */
static void nothing_is_asked_without_answers(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    int64_t on_paper = handed_in(&b, NULL), small = handed_in(&b, "{'answers':{'daily':'1','source':'river'}}");
    go(&b, reviewer, on_paper, ACCEPT, "{}");
    not_so(&b, reviewer, on_paper, PASS, "{'answers':{'granted':'1'}}", "cases.no_findings");
    go(&b, reviewer, on_paper, PASS, "{}");
    g_auto(Case) granted = then(&b, approver, on_paper, GRANT, "{'answers':{}}");
    g_assert_cmpstr(granted.findings, ==, "");
    g_autoptr(json_t) decision = document_of(&b, on_paper, "decision");
    g_assert_nonnull(decision);
    g_assert_null(json_object_get(decision, "findings"));
    go(&b, reviewer, small, ACCEPT, "{'answers':{}}");
    g_auto(Case) passed = then(&b, reviewer, small, PASS, "{}");
    assert_json(passed.findings, "{'accept':{'seen':false}}");
    close_on(&b, server, address);
}

static void many_at_once_refuse_a_case_whose_step_asks(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    int64_t n = handed_in(&b, ANSWERS);
    not_so(&b, reviewer, n, ACCEPT, "{'joint':true}", "cases.findings_first");
    go(&b, reviewer, n, ACCEPT, "{'answers':{}}");
    close_on(&b, server, address);
}

/* There is nothing to grant, so that nothing must be found; what is given must fit. */
static void who_refuses_may_leave_fields_open(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    int64_t n = handed_in(&b, ANSWERS);
    go(&b, reviewer, n, ACCEPT, "{'answers':{}}");
    go(&b, reviewer, n, PASS, "{'answers':{'granted':'2','opinion':'refuse','why':'水量不够'}}");
    faulty(&b, approver, n, REFUSE, "{'answers':{'years':'many'}}", "years forms.not_a_number");
    g_auto(Case) over = then(&b, approver, n, REFUSE, "{'answers':{'years':''}}");
    g_assert_cmpint(over.state, ==, REFUSED);
    g_autoptr(json_t) refusal = document_of(&b, n, "refusal");
    g_assert_nonnull(refusal);
    g_assert_null(json_object_get(refusal, "findings"));
    close_on(&b, server, address);
}

static bool erase_work(const Context *context, void *data, GError **error)
{
    bool did;
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, *(int64_t *)data);
    return subject_erase_again(context, subject, 0, false, &did, error) && did;
}

static void an_erasure_takes_what_was_found(const void *server)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    g_autofree char *address = open_on(&b, server);
    int64_t n = handed_in(&b, ANSWERS);
    go(&b, reviewer, n, ACCEPT, "{'answers':{'seen':'on'}}");
    write_as(&b, &the_system, at("2014-08-19", 9), erase_work, &n, &error);
    g_assert_no_error(error);
    g_auto(Case) erased = present(&b, n);
    g_assert_true(!*erased.findings && !*erased.applicant_answers && !*erased.asked_fields);
    close_on(&b, server, address);
}

/* ---- fields that are asked for again ---- */

static void a_notice_names_fields_and_they_alone_open(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    int64_t n = handed_in(&b, ANSWERS);
    const Actor holder = { .kind = HOLDER, .id = n, .name = "", .cases = &n, .case_count = 1 };
    not_so(&b, reviewer, n, CORRECT, "{}", "cases.needed");
    faulty(&b, reviewer, n, CORRECT, "{'ask':{'daily':['true'],'yearly':['true'],'depth':['true']}}", "yearly forms.unknown, depth forms.unknown, daily cases.remark_needed");
    g_auto(Case) asked = then(&b, reviewer, n, CORRECT, "{'ask':{'daily':['true'],'source':['true']},'remark':{'daily':['与水表不符'],'source':['是井水吧']}}");
    g_assert_cmpstr(asked.missing, ==, "");
    g_assert_true(asked.state == CORRECTION && asked.correct_by && asked.corrected);
    g_autoptr(json_t) notice = document_of(&b, n, "correction"), wanted = json_of("[{'is_field':true,'name':'daily中','name_en':'daily','remark':'与水表不符'},"
                                                                                  "{'is_field':true,'name':'source中','name_en':'source','remark':'是井水吧'}]");
    g_assert_true(json_equal(json_object_get(notice, "materials"), wanted));

    faulty(&b, &holder, n, SUPPLY, "{}", "daily cases.field_awaited, source cases.field_awaited");
    faulty(&b, &holder, n, SUPPLY, "{'answers':{'daily':'60','source':'river','note':'改了'}}", "note cases.field_closed");
    faulty(&b, &holder, n, SUPPLY, "{'answers':{'daily':'600','source':'well'}}", "yearly forms.out_of_bounds, depth forms.required");
    g_auto(Case) back = then(&b, &holder, n, SUPPLY, "{'answers':{'daily':'60','source':'well','depth':'30'}}");
    assert_json(back.applicant_answers, "{'daily':'60','depth':'30','note':'河边','returns':true,'source':'well','yearly':'21900'}"); /* computed anew */
    g_assert_true(back.state == RECEIVED && !*back.asked_fields);
    not_so(&b, reviewer, n, CORRECT, "{'remark':{'note':['还有']}}", "cases.corrected_already"); /* once, art. 32 */
    close_on(&b, server, address);
}

static void what_was_before_and_after_is_in_the_event(const void *server)
{
    Bench b;
    g_autofree char *address = open_on(&b, server);
    int64_t n = handed_in(&b, ANSWERS);
    go(&b, reviewer, n, CORRECT, "{'remark':{'note':['写明地点'],'returns':['核对']},'materials':['身份证']}");
    not_so(&b, clerk, n, SUPPLY, "{'answers':{'note':'村东'}}", "cases.still_missing"); /* papers and fields together */
    go(&b, clerk, n, SUPPLY, "{'answers':{'note':'村东'},'materials':['身份证']}"); /* a box that is not ticked is not sent */
    Db *db = store_reader(b.store, NULL);
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, n);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, subject, 0, NULL);
    const json_t *last = json_array_get(events, json_array_size(events) - 1), *facts = json_object_get(json_object_get(last, "payload"), "facts");
    g_autoptr(json_t) wanted = json_of("[{'after':'村东','before':'河边','corrected_field':'note'},{'after':false,'before':true,'corrected_field':'returns'}]");
    g_assert_true(json_equal(json_object_get(facts, "corrected"), wanted));
    store_return(b.store, db);
    close_on(&b, server, address);
}

int main(int argc, char **argv)
{
    static const struct { const char *name; void (*test)(const void *server); } tests[] = {
        { "each step asks what its officer finds", each_step_asks_what_its_officer_finds },
        { "nothing is asked without answers", nothing_is_asked_without_answers },
        { "many at once refuse a case whose step asks", many_at_once_refuse_a_case_whose_step_asks },
        { "who refuses may leave fields open", who_refuses_may_leave_fields_open },
        { "an erasure takes what was found", an_erasure_takes_what_was_found },
        { "a notice names fields and they alone open", a_notice_names_fields_and_they_alone_open },
        { "what was before and after is in the event", what_was_before_and_after_is_in_the_event },
    };
    const char *servers[] = { NULL, g_getenv("PINGHU_DATABASE_SERVER") };
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    for (size_t i = 0; i < G_N_ELEMENTS(tests) * G_N_ELEMENTS(servers); i++) {
        const char *server = servers[i % 2];
        g_autofree char *path = g_strdup_printf("/findings/%s%s", server ? "postgresql/" : "", tests[i / 2].name);
        if (server || i % 2 == 0)
            g_test_add_data_func(path, server, tests[i / 2].test);
    }
    return g_test_run();
}
