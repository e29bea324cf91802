// SPDX-License-Identifier: Apache-2.0
/* Hearings beside a case: each rule, each guard, who may and who may not, and the clocks of the case meanwhile. */
#include "cases/bench_test.h"
#include "hearings/hearings.h"

/* ---- the bench ---- */

static bool add_people(const Context *context, void *data, GError **error)
{
    (void)data;
    for (int i = 0; i < PEOPLE; i++) {
        int64_t id;
        g_autofree char *account = g_strdup_printf("staff%d", i);
        const StaffEntry entry = { .account = account, .name = "工作人员", .posts = people[i].posts, .post_count = 1 };
        if (!identity_add_staff(context, &entry, &id, error))
            return false;
        g_assert_cmpint(id, ==, people[i].id);
    }
    return true;
}

static void open_bench(Bench *b)
{
    g_autoptr(GError) error = NULL;
    bench_open(b);
    write_as(b, &the_system, at("2014-01-03", 9), add_people, NULL, &error);
    g_assert_no_error(error);
}

static void close_bench(Bench *b)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    subject_verify(&context, &hearing_kind, NULL, NULL, &count, &error);
    g_assert_no_error(error);
    store_return(b->store, context.db);
    bench_close(b);
}

typedef struct Beginning {
    HearingOrder order;
    Hearing *out;
} Beginning;

static bool begin_work(const Context *context, void *data, GError **error)
{
    Beginning *beginning = data;
    return hearing_begin(context, &beginning->order, beginning->out, error);
}

static bool try_begin(Bench *b, const Actor *actor, int64_t of_case, const char *day, enum hearing_ground ground, Hearing *out, GError **error)
{
    Beginning beginning = { { of_case, ground, "邻居的通行", ground == GROUND_LAW ? "《示例法》第一条" : "" }, out };
    return write_as(b, actor, at(day, 9), begin_work, &beginning, error);
}

static int64_t begun(Bench *b, int64_t of_case, const char *day, enum hearing_ground ground)
{
    g_auto(Hearing) made = { 0 };
    g_autoptr(GError) error = NULL;
    try_begin(b, &people[ORGAN_REVIEWER], of_case, day, ground, &made, &error);
    g_assert_no_error(error);
    return made.number;
}

static void not_begun(Bench *b, const Actor *actor, int64_t of_case, const char *day, const char *reason)
{
    g_auto(Hearing) made = { 0 };
    g_autoptr(GError) error = NULL;
    g_assert_false(try_begin(b, actor, of_case, day, GROUND_PUBLIC, &made, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

typedef struct Step {
    int64_t number;
    enum hearing_action action;
    SubjectInput input;
    Hearing *out;
} Step;

static bool step_work(const Context *context, void *data, GError **error)
{
    Step *step = data;
    return subject_act(context, &hearing_kind, step->number, &hearing_rules[step->action], &step->input, step->out, error);
}

/* `fields` as JSON; NULL: none. */
static bool try_step(Bench *b, const Actor *actor, int64_t number, const char *now, enum hearing_action action, const char *day, const char *fields,
                     Hearing *out, GError **error)
{
    g_autoptr(json_t) given = json_loads(fields ? fields : "{}", 0, NULL);
    Step step = { number, action, { .seen = -1, .day = day ? day_parse(day) : 0, .fields = given, .reason = json_string_value(json_object_get(given, "reason")) }, out };
    return write_as(b, actor, at(now, 10), step_work, &step, error);
}

static void takes(Bench *b, const Actor *actor, int64_t number, const char *now, enum hearing_action action, const char *day, const char *fields,
                  enum hearing_state state)
{
    g_auto(Hearing) out = { 0 };
    g_autoptr(GError) error = NULL;
    try_step(b, actor, number, now, action, day, fields, &out, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(hearing_state_names[out.state], ==, hearing_state_names[state]);
}

static void refuses(Bench *b, const Actor *actor, int64_t number, const char *now, enum hearing_action action, const char *day, const char *fields,
                    const char *reason)
{
    g_auto(Hearing) out = { 0 };
    g_autoptr(GError) error = NULL;
    g_assert_false(try_step(b, actor, number, now, action, day, fields, &out, &error));
    g_autoptr(json_t) details = trouble_details(error);
    if (strcmp(json_text(details, "reason"), reason) != 0)
        g_error("wanted %s, got %s", reason, error->message);
}

static Hearing now_of(Bench *b, int64_t number)
{
    Hearing found;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(subject_load(db, COUNTY, &hearing_kind, number, &found, NULL));
    store_return(b->store, db);
    return found;
}

/* The facts of the last document of that kind of a subject. Owned by the caller. */
static json_t *paper_of(Bench *b, const SubjectKind *kind, int64_t number, const char *named)
{
    size_t i;
    json_t *each, *content = NULL;
    g_autofree char *subject = g_strdup_printf("%s/%" PRId64, kind->name, number);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) all = files_documents(db, COUNTY, subject, NULL);
    json_array_foreach(all, i, each)
        if (strcmp(json_text(each, "document_kind"), named) == 0) {
            json_decref(content);
            content = NULL;
            g_assert_true(files_document_content(db, COUNTY, json_text(each, "code"), &content, NULL));
        }
    store_return(b->store, db);
    g_assert_nonnull(content);
    return content;
}

#define CHAIR(who) "\"chair\": " G_STRINGIFY(who)
#define CALL_FIELDS(chair) "{\"time\": \"09:30\", \"place\": \"三楼听证室\", \"chair\": " chair "}"
#define APPROVER_ID "4"
#define REVIEWER_ID "3"
#define HEAD_ID "5"
#define MINUTES "{\"minutes\": \"申请人陈述，邻居质证。\", \"signed_by\": \"申请人、邻居、主持人\", \"unsigned_by\": \"王某，认为记录不全\"}"
static const char party[] = "{\"name\": \"李邻居\", \"address\": \"示例路2号\"}";

/* ---- from the telling to the decision ---- */

static void a_hearing_goes_from_the_telling_to_a_decision_on_its_minutes(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-08-18");
    const Actor holder = { .kind = HOLDER, .id = number, .name = "" };
    assert_due(&b, number, STATUTORY_CLOCK, "2014-08-19", "2014-09-16"); /* twenty working days after the 18th, without 中秋 */
    int64_t hearing = begun(&b, number, "2014-08-19", GROUND_INTEREST);
    g_auto(Hearing) told = now_of(&b, hearing);
    g_assert_cmpint(told.ask_by_day, ==, day_parse("2014-08-26"));
    g_autoptr(json_t) right = paper_of(&b, &hearing_kind, hearing, "hearing_right");
    g_assert_cmpstr(json_text(right, "ask_by_day"), ==, "2014-08-26");
    g_assert_cmpstr(json_text(right, "applicant_name"), ==, villager().name);
    g_auto(Case) stands = present(&b, number);
    g_assert_cmpstr(stands.special, ==, SPECIAL_HEARING);
    refused(&b, &people[ORGAN_APPROVER], number, "2014-08-20", GRANT, (SubjectInput){ .opinion = "同意" }, "cases.not_now");
    refused(&b, &people[ORGAN_APPROVER], number, "2014-08-20", RESUME, (SubjectInput){ .opinion = "继续" }, "cases.hearing_apart");
    takes(&b, &holder, hearing, "2014-08-26", HEARING_ASK, NULL, NULL, HEARING_ASKED);
    g_auto(Hearing) asked = now_of(&b, hearing);
    g_assert_cmpint(asked.hold_by_day, ==, day_parse("2014-09-24"));
    takes(&b, &people[ORGAN_REVIEWER], hearing, "2014-08-27", HEARING_CALL, "2014-09-05", CALL_FIELDS(HEAD_ID), HEARING_CALLED);
    g_autoptr(json_t) notice = paper_of(&b, &hearing_kind, hearing, "hearing_notice");
    g_assert_cmpstr(json_text(notice, "hearing_day"), ==, "2014-09-05");
    refuses(&b, &people[ORGAN_HEAD], hearing, "2014-09-04", HEARING_HOLD, NULL, MINUTES, "hearings.day_not_come");
    takes(&b, &people[ORGAN_HEAD], hearing, "2014-09-05", HEARING_HOLD, NULL, MINUTES, HEARING_HELD);
    /* From the 19th of August to the 5th of September thirteen working days did not count. */
    assert_due(&b, number, STATUTORY_CLOCK, "2014-09-05", "2014-10-09");
    done(&b, &people[ORGAN_APPROVER], number, "2014-09-09", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    g_autofree char *grouped = subject_number_grouped(hearing);
    g_autoptr(json_t) decision = paper_of(&b, &case_kind, number, "decision"), minutes = paper_of(&b, &hearing_kind, hearing, "hearing_minutes");
    g_assert_cmpstr(json_text(decision, "heard"), ==, grouped);
    g_assert_cmpstr(json_text(minutes, "unsigned_by"), ==, "王某，认为记录不全");
    close_bench(&b);
}

static void who_does_not_ask_in_time_has_no_hearing(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-08-18"), hearing = begun(&b, number, "2014-08-19", GROUND_INTEREST);
    const Actor holder = { .kind = HOLDER, .id = number, .name = "" };
    refuses(&b, &the_system, hearing, "2014-08-26", HEARING_NOT_ASKED, NULL, NULL, "hearings.asking_not_over");
    refuses(&b, &holder, hearing, "2014-08-27", HEARING_ASK, NULL, NULL, "hearings.asking_over");
    refuses(&b, &people[ORGAN_REVIEWER], hearing, "2014-08-27", HEARING_RECORD_ASK, NULL, "{\"asker\": \"applicant\"}", "hearings.asking_over");
    g_assert_cmpint(ring_until(&b, "2014-08-26", 23), ==, 0);
    g_assert_cmpint(ring_until(&b, "2014-08-27", 0), ==, 1);
    g_auto(Hearing) after_it = now_of(&b, hearing);
    g_assert_cmpint(after_it.state, ==, HEARING_WAIVED);
    refuses(&b, &holder, hearing, "2014-08-27", HEARING_ASK, NULL, NULL, "hearings.not_now");
    g_auto(Hearing) again = { 0 };
    g_autoptr(GError) error = NULL;
    g_assert_false(try_begin(&b, &people[ORGAN_REVIEWER], number, "2014-08-27", GROUND_INTEREST, &again, &error));
    g_assert_nonnull(strstr(error->message, "hearings.told_already")); /* nor do the clocks stop a second time */
    done(&b, &people[ORGAN_APPROVER], number, "2014-08-27", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    g_autoptr(json_t) decision = paper_of(&b, &case_kind, number, "decision");
    g_assert_cmpstr(json_text(decision, "heard"), ==, "");
    close_bench(&b);
}

static void an_applicant_gives_up_what_is_his_alone(void)
{
    Bench b;
    open_bench(&b);
    int64_t one = to_decide(&b, "2014-08-18"), other = to_decide(&b, "2014-08-18"), third = to_decide(&b, "2014-08-18");
    const Actor holder = { .kind = HOLDER, .id = one, .name = "" }, second = { .kind = HOLDER, .id = other, .name = "" },
                ordered = { .kind = HOLDER, .id = third, .name = "" };
    int64_t his = begun(&b, one, "2014-08-19", GROUND_INTEREST), shared = begun(&b, other, "2014-08-19", GROUND_INTEREST),
            public = begun(&b, third, "2014-08-19", GROUND_PUBLIC);
    takes(&b, &people[ORGAN_REVIEWER], shared, "2014-08-19", HEARING_NAME_PARTY, NULL, party, HEARING_TOLD);
    refuses(&b, &second, his, "2014-08-20", HEARING_GIVE_UP, NULL, NULL, "hearings.not_yours");
    takes(&b, &holder, his, "2014-08-20", HEARING_GIVE_UP, NULL, NULL, HEARING_WAIVED);
    refuses(&b, &second, shared, "2014-08-20", HEARING_GIVE_UP, NULL, NULL, "hearings.not_yours_alone");
    refuses(&b, &ordered, public, "2014-08-20", HEARING_GIVE_UP, NULL, NULL, "hearings.not_yours_alone");
    refuses(&b, &people[ORGAN_HEAD], public, "2014-08-20", HEARING_END_UNHEARD, NULL, "{\"cause\": \"gave_up\", \"reason\": \"x\"}", "hearings.must_be_held");
    g_auto(Case) goes_on = present(&b, one);
    g_assert_cmpint(goes_on.state, ==, REVIEW);
    close_bench(&b);
}

/* ---- calling and chairing ---- */

static void the_chair_has_not_reviewed_the_case(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-08-18"), hearing = begun(&b, number, "2014-08-19", GROUND_PUBLIC);
    const Actor holder = { .kind = HOLDER, .id = number, .name = "" }, *head = &people[ORGAN_HEAD];
    refuses(&b, head, hearing, "2014-08-19", HEARING_CALL, "2014-09-01", CALL_FIELDS(REVIEWER_ID), "hearings.chair_reviewed");
    refuses(&b, head, hearing, "2014-08-19", HEARING_CALL, "2014-09-01", CALL_FIELDS("7"), "hearings.chair_unknown"); /* of another organ */
    refuses(&b, head, hearing, "2014-08-19", HEARING_CALL, "2014-09-01", CALL_FIELDS("99999"), "hearings.chair_unknown");
    refuses(&b, head, hearing, "2014-08-19", HEARING_CALL, "2014-09-01", "{\"time\": \"09:30\", \"place\": \"三楼\"}", "hearings.needed");
    takes(&b, head, hearing, "2014-08-19", HEARING_CALL, "2014-09-01", CALL_FIELDS(APPROVER_ID), HEARING_CALLED);
    refuses(&b, head, hearing, "2014-08-20", HEARING_KEEP_CHAIR, NULL, "{\"reason\": \"无利害关系\"}", "hearings.nobody_objected");
    takes(&b, &holder, hearing, "2014-08-20", HEARING_OBJECT, NULL, "{\"reason\": \"与邻居是亲戚\"}", HEARING_CALLED);
    refuses(&b, &holder, hearing, "2014-08-20", HEARING_OBJECT, NULL, "{\"reason\": \"再次\"}", "hearings.objected_already");
    refuses(&b, head, hearing, "2014-09-01", HEARING_HOLD, NULL, MINUTES, "hearings.chair_undecided");
    refuses(&b, head, hearing, "2014-08-21", HEARING_CHANGE_CHAIR, NULL, "{" CHAIR(4) "}", "hearings.chair_same");
    refuses(&b, &people[ORGAN_APPROVER], hearing, "2014-08-21", HEARING_KEEP_CHAIR, NULL, "{\"reason\": \"我没有利害关系\"}", "hearings.head_decides");
    refuses(&b, &people[ORGAN_REVIEWER], hearing, "2014-08-21", HEARING_CHANGE_CHAIR, NULL, "{" CHAIR(5) "}", "hearings.not_yours");
    takes(&b, head, hearing, "2014-08-21", HEARING_CHANGE_CHAIR, NULL, "{" CHAIR(5) "}", HEARING_CALLED);
    takes(&b, head, hearing, "2014-09-01", HEARING_HOLD, NULL, MINUTES, HEARING_HELD);
    close_bench(&b);
}

static bool appoint(const Context *context, void *data, GError **error)
{
    static const Term terms[] = { { .post = { ORGAN, 330482000000, HEAD } }, { .post = { ORGAN, 330482000000, REVIEWER } } };
    (void)data;
    return identity_hold(context, people[ORGAN_HEAD].id, terms, G_N_ELEMENTS(terms), error);
}

/* Not yet, nor afterwards. */
static void whoever_holds_the_review_neither_chairs_nor_the_chair_reviews(void)
{
    static const Post both[] = { { ORGAN, 330482000000, HEAD }, { ORGAN, 330482000000, REVIEWER } };
    const Actor promoted = { STAFF, ORGAN_HEAD + 1, "工作人员", both, 2, NULL }, *approver = &people[ORGAN_APPROVER];
    Bench b;
    open_bench(&b);
    g_autoptr(GError) error = NULL;
    int64_t number = under_review(&b, "2014-08-18"), hearing = begun(&b, number, "2014-08-19", GROUND_PUBLIC);
    g_auto(Case) unreviewed = present(&b, number);
    g_assert_null(strstr(unreviewed.reviewers, "," REVIEWER_ID ","));
    refuses(&b, approver, hearing, "2014-08-19", HEARING_CALL, "2014-09-01", CALL_FIELDS(REVIEWER_ID), "hearings.chair_reviewed");
    takes(&b, approver, hearing, "2014-08-19", HEARING_CALL, "2014-09-01", CALL_FIELDS(HEAD_ID), HEARING_CALLED);
    write_as(&b, &the_system, at("2014-08-20", 9), appoint, NULL, &error);
    g_assert_no_error(error);
    takes(&b, approver, hearing, "2014-09-01", HEARING_HOLD, NULL, MINUTES, HEARING_HELD);
    refused(&b, &promoted, number, "2014-09-02", PASS, (SubjectInput){ .opinion = "符合条件" }, "hearings.chair_reviews");
    done(&b, &people[ORGAN_REVIEWER], number, "2014-09-02", PASS, (SubjectInput){ .opinion = "符合条件" }, REVIEW);
    close_bench(&b);
}

static void the_chair_does_not_decide(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-08-18"), hearing = begun(&b, number, "2014-08-19", GROUND_PUBLIC);
    takes(&b, &people[ORGAN_HEAD], hearing, "2014-08-19", HEARING_CALL, "2014-09-01", CALL_FIELDS(APPROVER_ID), HEARING_CALLED);
    takes(&b, &people[ORGAN_HEAD], hearing, "2014-09-01", HEARING_HOLD, NULL, MINUTES, HEARING_HELD);
    refused(&b, &people[ORGAN_APPROVER], number, "2014-09-02", GRANT, (SubjectInput){ .opinion = "同意" }, "hearings.chair_reviews");
    refused(&b, &people[ORGAN_APPROVER], number, "2014-09-02", REFUSE, (SubjectInput){ .reason = "不符" }, "hearings.chair_reviews");
    close_bench(&b);
}

static void all_who_may_want_a_hearing_give_it_up(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-08-18"), hearing = begun(&b, number, "2014-08-19", GROUND_INTEREST);
    const Actor holder = { .kind = HOLDER, .id = number, .name = "" }, *head = &people[ORGAN_HEAD];
    takes(&b, &people[ORGAN_REVIEWER], hearing, "2014-08-19", HEARING_NAME_PARTY, NULL, party, HEARING_TOLD);
    takes(&b, &holder, hearing, "2014-08-20", HEARING_ASK, NULL, NULL, HEARING_ASKED);
    static const char *const too_few[] = { "", "张示例", "李邻居" };
    for (size_t i = 0; i < G_N_ELEMENTS(too_few); i++) {
        g_autofree char *fields = g_strdup_printf("{\"cause\": \"gave_up\", \"reason\": \"已协商\", \"given_up_by\": \"%s\"}", too_few[i]);
        refuses(&b, head, hearing, "2014-08-21", HEARING_END_UNHEARD, NULL, fields, "hearings.not_all_gave_up");
    }
    takes(&b, head, hearing, "2014-08-21", HEARING_END_UNHEARD, NULL, "{\"cause\": \"gave_up\", \"reason\": \"已协商\", \"given_up_by\": \"张示例、李邻居\"}",
          HEARING_WAIVED);
    close_bench(&b);
}

static void it_is_told_seven_working_days_before_and_held_within_twenty(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-08-18"), hearing = begun(&b, number, "2014-08-19", GROUND_PUBLIC);
    const Actor *head = &people[ORGAN_HEAD];
    refuses(&b, head, hearing, "2014-08-19", HEARING_CALL, "2014-08-27", CALL_FIELDS(HEAD_ID), "hearings.notice_short");
    refuses(&b, head, hearing, "2014-08-19", HEARING_CALL, "2014-08-31", CALL_FIELDS(HEAD_ID), "hearings.day_off");
    refuses(&b, head, hearing, "2014-08-19", HEARING_CALL, "2014-09-18", CALL_FIELDS(HEAD_ID), "hearings.day_late");
    takes(&b, head, hearing, "2014-08-19", HEARING_CALL, "2014-08-28", CALL_FIELDS(HEAD_ID), HEARING_CALLED); /* the seventh */
    takes(&b, head, hearing, "2014-08-19", HEARING_CALL, "2014-09-17", CALL_FIELDS(HEAD_ID), HEARING_CALLED); /* the twentieth */
    refuses(&b, &people[OTHER_ORGAN], hearing, "2014-08-19", HEARING_CALL, "2014-09-01", CALL_FIELDS(HEAD_ID), "hearings.not_yours");
    close_bench(&b);
}

/* ---- third parties ---- */

static void a_third_party_is_told_and_may_ask(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-08-18"), hearing = begun(&b, number, "2014-08-19", GROUND_INTEREST);
    const Actor *reviewer = &people[ORGAN_REVIEWER];
    refuses(&b, reviewer, hearing, "2014-08-20", HEARING_RECORD_ASK, NULL, "{\"asker\": \"third_party\"}", "hearings.no_party");
    refuses(&b, reviewer, hearing, "2014-08-20", HEARING_NAME_PARTY, NULL, "{\"name\": \"李邻居\"}", "hearings.needed");
    takes(&b, reviewer, hearing, "2014-08-20", HEARING_NAME_PARTY, NULL, party, HEARING_TOLD);
    g_auto(Hearing) told = now_of(&b, hearing);
    g_assert_cmpint(told.ask_by_day, ==, day_parse("2014-08-27")); /* five after the last was told */
    g_autoptr(json_t) notice = paper_of(&b, &hearing_kind, hearing, "third_party_notice");
    g_assert_cmpstr(json_text(notice, "party_name"), ==, "李邻居");
    g_assert_null(strstr(json_text(notice, "party_names"), "示例路"));
    takes(&b, reviewer, hearing, "2014-08-27", HEARING_RECORD_ASK, NULL, "{\"asker\": \"third_party\"}", HEARING_ASKED);
    takes(&b, &people[ORGAN_HEAD], hearing, "2014-08-27", HEARING_CALL, "2014-09-05", CALL_FIELDS(HEAD_ID), HEARING_CALLED);
    refuses(&b, &the_system, hearing, "2014-09-05", HEARING_NOTE_MISSED, NULL, "{}", "hearings.day_not_come");
    refuses(&b, &people[ORGAN_HEAD], hearing, "2014-09-04", HEARING_END_UNHEARD, NULL, "{\"cause\": \"absent\", \"reason\": \"未到场\"}", "hearings.not_absent_yet");
    takes(&b, &people[ORGAN_HEAD], hearing, "2014-09-05", HEARING_END_UNHEARD, NULL, "{\"cause\": \"absent\", \"reason\": \"未到场\"}", HEARING_WAIVED);
    done(&b, &people[ORGAN_APPROVER], number, "2014-09-05", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    close_bench(&b);
}

static int64_t number_of_reminders(Bench *b)
{
    bool found;
    int64_t count;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(db_integer(db, "/* all rows */ SELECT COUNT(*) FROM message WHERE county = :county AND template = 'hearings.messages.missed'",
                             WITH(db_int("county", COUNTY)), &count, &found, NULL));
    store_return(b->store, db);
    return count;
}

static void a_day_without_minutes_is_told_once(void)
{
    Bench b;
    const SubjectRule *rule;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-08-18"), hearing = begun(&b, number, "2014-08-19", GROUND_LAW);
    takes(&b, &people[ORGAN_HEAD], hearing, "2014-08-20", HEARING_CALL, "2014-09-05", CALL_FIELDS(HEAD_ID), HEARING_CALLED);
    g_auto(Hearing) called = now_of(&b, hearing);
    g_assert_cmpint(hearing_kind.due(&called, &rule), ==, instant_at(day_parse("2014-09-06"), 0));
    g_assert_true(rule == &hearing_rules[HEARING_NOTE_MISSED]);
    takes(&b, &the_system, hearing, "2014-09-06", HEARING_NOTE_MISSED, NULL, "{}", HEARING_CALLED);
    g_auto(Hearing) reminded = now_of(&b, hearing);
    g_assert_cmpint(hearing_kind.due(&reminded, &rule), ==, 0);
    g_assert_cmpint(number_of_reminders(&b), ==, 1);
    close_bench(&b);
}

/* A decision under another item, after a transfer, does not rest on it. */
static void only_a_hearing_for_the_item_is_cited(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-08-18"), hearing = begun(&b, number, "2014-08-19", GROUND_LAW);
    takes(&b, &people[ORGAN_HEAD], hearing, "2014-08-20", HEARING_CALL, "2014-09-05", CALL_FIELDS(HEAD_ID), HEARING_CALLED);
    takes(&b, &people[ORGAN_HEAD], hearing, "2014-09-05", HEARING_HOLD, NULL, MINUTES, HEARING_HELD);
    Context context = b.context;
    g_autofree char *own = NULL, *other = NULL;
    context.db = store_reader(b.store, NULL);
    g_assert_true(subject_cited(&context, number, "CY", &own, NULL) && subject_cited(&context, number, "SL", &other, NULL));
    store_return(b.store, context.db);
    g_assert_true(own && !other);
    close_bench(&b);
}

static void it_ends_with_its_case_and_is_erased_with_it(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-08-18"), hearing = begun(&b, number, "2014-08-19", GROUND_INTEREST);
    const Actor holder = { .kind = HOLDER, .id = number, .name = "" };
    static const Post keeping = { CENTRE_ORGAN, 330482000000, SECURITY_ADMINISTRATOR };
    const Actor keeper = { STAFF, PEOPLE + 1, "工作人员", &keeping, 1, NULL };
    takes(&b, &people[ORGAN_REVIEWER], hearing, "2014-08-20", HEARING_NAME_PARTY, NULL, party, HEARING_TOLD);
    done(&b, &holder, number, "2014-08-21", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    g_auto(Hearing) ended = now_of(&b, hearing);
    g_assert_cmpint(ended.state, ==, HEARING_CANCELLED);
    g_assert_cmpstr(ended.matter, ==, "邻居的通行");
    g_assert_cmpint(ring_until(&b, "2014-08-28", 3), ==, 0); /* nobody waits for a request any more */
    b.context.keeping_years = 10;
    done(&b, &keeper, number, "2014-08-22", RESTRICT, (SubjectInput){ .reason = "本人要求删除", .day = day_parse("2024-08-21") }, WITHDRAWN);
    g_auto(Hearing) kept = now_of(&b, hearing);
    g_assert_cmpint(kept.events, ==, ended.events + 1);
    g_assert_cmpstr(kept.parties, ==, ended.parties);
    g_assert_cmpint(ring_until(&b, "2024-08-21", 3), ==, 1); /* the term of keeping is over */
    g_auto(Hearing) erased = now_of(&b, hearing);
    g_assert_cmpstr(erased.matter, ==, "");
    g_assert_cmpstr(erased.parties, ==, "");
    close_bench(&b);
}

/* ---- who may, and beside which case ---- */

static void only_the_organ_begins_one_beside_a_case_in_review(void)
{
    Bench b;
    open_bench(&b);
    int64_t early = at_the_organ(&b, "2014-08-18"), number = to_decide(&b, "2014-08-18");
    not_begun(&b, &people[ORGAN_REVIEWER], early, "2014-08-19", "hearings.case_not_in_review");
    not_begun(&b, &people[OTHER_ORGAN], number, "2014-08-19", "hearings.not_yours_to_begin");
    not_begun(&b, &people[VILLAGE_CLERK], number, "2014-08-19", "hearings.not_yours_to_begin");
    not_begun(&b, &visitor, number, "2014-08-19", "hearings.not_yours_to_begin");
    not_begun(&b, &people[ORGAN_REVIEWER], number + 77, "2014-08-19", "cases.no_case");
    begun(&b, number, "2014-08-19", GROUND_PUBLIC);
    not_begun(&b, &people[ORGAN_HEAD], number, "2014-08-19", "hearings.one_already");
    CHANGE(&b, "2014-08-20", ",license,", ",service,");
    int64_t service = to_decide(&b, "2014-08-20");
    not_begun(&b, &people[ORGAN_REVIEWER], service, "2014-08-21", "hearings.for_licences");
    close_bench(&b);
}

/* The item's own law demands it (娱乐场所管理条例 art. 10). */
static void what_must_be_heard_is_not_granted_unheard(void)
{
    Bench b;
    open_bench(&b);
    CHANGE(&b, "2014-08-01", "expert_review;10;行政许可法第四十五条", "hearing;20;《示例法》第一条;yes");
    int64_t number = to_decide(&b, "2014-08-18"), denied = to_decide(&b, "2014-08-18");
    refused(&b, &people[ORGAN_APPROVER], number, "2014-08-19", SUSPEND, (SubjectInput){ .special = "hearing", .days = 5 }, "cases.hearing_apart");
    refused(&b, &people[ORGAN_APPROVER], number, "2014-08-19", GRANT, (SubjectInput){ .opinion = "同意" }, "cases.hearing_first");
    int64_t told = begun(&b, number, "2014-08-19", GROUND_INTEREST); /* being told of a right is no hearing */
    g_assert_cmpint(ring_until(&b, "2014-08-27", 0), ==, 1);
    g_auto(Hearing) unasked = now_of(&b, told);
    g_assert_cmpint(unasked.state, ==, HEARING_WAIVED);
    refused(&b, &people[ORGAN_APPROVER], number, "2014-08-27", GRANT, (SubjectInput){ .opinion = "同意" }, "cases.hearing_first");
    int64_t hearing = begun(&b, number, "2014-08-27", GROUND_LAW);
    takes(&b, &people[ORGAN_HEAD], hearing, "2014-08-27", HEARING_CALL, "2014-09-05", CALL_FIELDS(HEAD_ID), HEARING_CALLED);
    takes(&b, &people[ORGAN_HEAD], hearing, "2014-09-05", HEARING_HOLD, NULL, MINUTES, HEARING_HELD);
    done(&b, &people[ORGAN_APPROVER], number, "2014-09-05", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    done(&b, &people[ORGAN_APPROVER], denied, "2014-08-19", REFUSE, (SubjectInput){ .reason = "不符" }, REFUSED);
    close_bench(&b);
}

/* An older program stopped cases for a hearing by an action of their own: they have nothing beside them. */
static void a_case_stopped_before_there_were_hearings_goes_on_by_hand(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-08-18");
    done(&b, &the_system, number, "2014-08-19", SUSPEND, (SubjectInput){ .special = SPECIAL_HEARING, .days = 20 }, SUSPENDED);
    done(&b, &people[ORGAN_APPROVER], number, "2014-08-20", RESUME, (SubjectInput){ .opinion = "听证已结束" }, REVIEW);
    close_bench(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hearings/from the telling to a decision on its minutes", a_hearing_goes_from_the_telling_to_a_decision_on_its_minutes);
    g_test_add_func("/hearings/who does not ask in time has no hearing", who_does_not_ask_in_time_has_no_hearing);
    g_test_add_func("/hearings/an applicant gives up what is his alone", an_applicant_gives_up_what_is_his_alone);
    g_test_add_func("/hearings/the chair has not reviewed the case", the_chair_has_not_reviewed_the_case);
    g_test_add_func("/hearings/whoever holds the review neither chairs, nor the chair reviews", whoever_holds_the_review_neither_chairs_nor_the_chair_reviews);
    g_test_add_func("/hearings/the chair does not decide", the_chair_does_not_decide);
    g_test_add_func("/hearings/all who may want a hearing give it up", all_who_may_want_a_hearing_give_it_up);
    g_test_add_func("/hearings/it is told seven working days before and held within twenty", it_is_told_seven_working_days_before_and_held_within_twenty);
    g_test_add_func("/hearings/a third party is told and may ask", a_third_party_is_told_and_may_ask);
    g_test_add_func("/hearings/a day without minutes is told once", a_day_without_minutes_is_told_once);
    g_test_add_func("/hearings/only a hearing for the item is cited", only_a_hearing_for_the_item_is_cited);
    g_test_add_func("/hearings/it ends with its case and is erased with it", it_ends_with_its_case_and_is_erased_with_it);
    g_test_add_func("/hearings/only the organ begins one beside a case in review", only_the_organ_begins_one_beside_a_case_in_review);
    g_test_add_func("/hearings/what must be heard is not granted unheard", what_must_be_heard_is_not_granted_unheard);
    g_test_add_func("/hearings/a case stopped before there were hearings goes on by hand", a_case_stopped_before_there_were_hearings_goes_on_by_hand);
    return g_test_run();
}
