// SPDX-License-Identifier: Apache-2.0
/* A room that only this test has, added as any other: its declaration, one line in the list, its migration and words
 * (tests/tiny). */
#include "rooms.h"

#include "calendar/calendar.h"
#include "cases/cases.h"
#include "demo/demo.h"
#include "files/files.h"
#include "http/bench_test.h"
#include "identity/identity.h"
#include "indicators/indicators.h"
#include "ledger/ledger.h"
#include "subject/subject.h"
#include "tests/tiny/thing.h"
#include "timers/timers.h"
#include "verbs/verbs.h"

/* ---- the room ---- */

static bool add_row(const Context *context, const char *word, GError **error)
{
    int64_t id;
    return db_next_id(context->db, context->county, "tiny", &id, error) &&
           db_run(context->db, "INSERT INTO tiny (county, id, word) VALUES (:county, :id, :word)",
                  WITH(db_int("county", context->county), db_int("id", id), db_text("word", word)), error);
}

static bool count_rows(Db *db, int64_t county, const char *word, int64_t *count, GError **error)
{
    bool found;
    return db_integer(db, "SELECT COUNT(*) FROM tiny WHERE county = :county AND word = :word",
                      WITH(db_int("county", county), db_text("word", word)), count, &found, error);
}

static json_t *show(Request *r, GError **error)
{
    int64_t count;
    return count_rows(r->context.db, r->context.county, "day", &count, error) ? json_pack("{s:I}", "days", (json_int_t)count) : NULL;
}

static json_t *enter(Request *r, GError **error)
{
    return session_begin(r, STAFF, CLERK, error) ? json_object() : NULL;
}

static bool ring(const Context *context, const char *subject, Instant at, GError **error)
{
    (void)at;
    return add_row(context, subject, error);
}

static bool hear(const Context *context, const SubjectChange *change, GError **error)
{
    if (change->kind == &thing_kind && change->rule)
        return timer_clear(context, change->event->subject, THING_WAIT, error);
    return g_str_has_prefix(change->event->subject, "member/") ? add_row(context, "heard", error) : true;
}

static size_t count_begun(const SubjectChange *change, Count *out)
{
    out->day = day_of(change->event->at);
    out->by[0] = !change->before;
    return 1;
}

static bool live_a_day(const Context *context, Day day, GError **error)
{
    return add_row(context, "day", error) && timer_set(context, "tiny/1", "tiny.ring", instant_at(day, 60), error);
}

static bool verify(const Context *context, const VerifyReport *told, int64_t *count, GError **error)
{
    int64_t wrong;
    return count_rows(context->db, context->county, "day", count, error) && count_rows(context->db, context->county, "wrong", &wrong, error) &&
           (!wrong || report_difference(told, "tiny", "1", "db.found_sum", "", error));
}

static const Route routes[] = {
    { "GET", "/desk/tiny", CLERK, show, NULL, NULL, NULL, NULL, "How many days there are" },
    { "GET", "/desk/tiny/things", CLERK, thing_list_show, NULL, thing_list_fields, NULL, NULL, "The things" },
    { "POST", "/desk/tiny/things", CLERK, thing_begin, NULL, thing_begin_fields, NULL, NULL, "Begins a thing" },
    { "GET", "/desk/tiny/things/{number}", CLERK, thing_show, "tiny/thing", NULL, NULL, NULL, "A thing and its history" },
    { "POST", "/desk/tiny/things/{number}/{action}", CLERK, thing_act, NULL, thing_act_fields, NULL, NULL, "Takes an action on a thing" },
    { "POST", "/tiny/enter", ANYONE, enter, NULL, NULL, NULL, NULL, "Signs in" },
    { 0 },
};
static const Tab tabs[] = { { "tiny", "/desk/tiny", "/desk/tiny/", CLERK, 35 }, { 0 } };
static const TimerKind timers[] = { { "tiny.ring", ring }, { THING_WAIT, thing_waited }, { 0 } };
static const SubjectKind *const kinds[] = { &thing_kind, NULL };
static const ListSpec *const lists[] = { &thing_list, NULL };
static const char *const measure_names[] = { "tiny.begun", NULL };
static const Measures measures[] = { { &case_kind, measure_names, count_begun }, { 0 } };

static const Figure figures[] = { { "tiny.begun", "cases", STANDING_OF, measures, 0, .path = "/desk/tiny?on={day}" }, { 0 } };

static const Room tiny_room = {
    .name = "tiny", .routes = routes, .tabs = tabs, .subjects = kinds, .lists = lists, .documents = thing_documents, .timers = timers,
    .listens = hear, .measures = measures, .figures = figures, .verify = verify, .demo = live_a_day,
};

/* In place of rooms.c. */
const Room *const rooms[] = { ROOMS(ROOM_LISTED) &tiny_room, NULL };

/* ---- it is there ---- */

static void make_city(Bench *b)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *accounts = NULL, *papers = g_strconcat(b->database, ".files", NULL);
    const DemoSettings settings = { .seed = 1, .today = day_parse("2014-09-03"), .cases = 2 }; /* the first stays a draft */
    Context context = b->world;
    context.calendar = calendar_built_in();
    Files *files = files_open(papers, COUNTY, NULL, &error);
    context.files = files;
    demo_make(b->store, &context, &settings, &accounts, &error);
    g_assert_no_error(error);
    files_close(files);
    calendar_unref((Calendar *)(uintptr_t)context.calendar);
    remove_tree(papers);
}

static int64_t counted(const Bench *b, const char *word)
{
    int64_t count;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(count_rows(db, COUNTY, word, &count, NULL));
    store_return(b->store, db);
    return count;
}

/* The header of a clerk's session. Owned by the caller. */
static char *signed_in(Bench *b)
{
    g_autofree char *answer = post_json(b, "/tiny/enter", "1", "{}");
    const char *cookie = strstr(answer, "pinghu=");
    return g_strdup_printf("Cookie: %.*s\r\n", (int)strcspn(cookie, ";"), cookie);
}

static void its_route_is_served_to_its_role(Bench *b)
{
    g_autofree char *header = signed_in(b);
    ASSERT_ANSWER(ask(b, "GET", "/desk/tiny", "", ""), 401, "http.sign_in");
    ASSERT_ANSWER(ask(b, "GET", "/api", "", ""), 200, "\"/desk/tiny\"");
    g_autofree char *days = g_strdup_printf("\"days\":%" PRId64 "}", counted(b, "day"));
    ASSERT_ANSWER(ask(b, "GET", "/desk/tiny", header, ""), 200, days);
}

static void its_tab_is_shown_to_its_role(const Bench *b, unsigned roles, bool shown)
{
    const Post post = { 1, INT64_C(330482000000), roles };
    g_autoptr(json_t) about = json_object();
    const Actor actor = { .kind = STAFF, .name = "", .posts = &post, .post_count = 1, .shown = about };
    Request r = { .context = b->world, .route = "/desk/tiny" };
    r.context.actor = &actor;
    g_autoptr(json_t) described = identity_describe_actor(&r);
    g_autofree char *text = json_canonical(json_object_get(described, "rooms"));
    g_assert_true(shown == (strstr(text, "{\"is_here\":true,\"path\":\"/desk/tiny\",\"room\":\"tiny\"}") != NULL));
    g_autofree char *word = view_sentence(b->view, CHINESE, "tiny.codes.room.tiny", NULL);
    g_assert_cmpstr(word, ==, "小屋");
}

static bool spoil(Db *db, void *data, GError **error)
{
    const Context context = { .db = db, .county = COUNTY };
    (void)data;
    return add_row(&context, "wrong", error);
}

/* The report of verify goes to standard output, where the test's own results are. */
static bool verified(const App *app, const char *beside, GError **error)
{
    fflush(stdout);
    int own = dup(STDOUT_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    bool well = app_verify(app, beside, false, error);
    fflush(stdout);
    dup2(own, STDOUT_FILENO);
    close(own);
    return well;
}

static void its_rows_are_verified(Bench *b)
{
    g_autoptr(GError) error = NULL;
    const App app = { .store = b->store, .context = b->world };
    g_autofree char *beside = g_build_filename(b->folder, "test", NULL);
    g_assert_true(verified(&app, beside, &error));
    g_assert_no_error(error);
    store_write(b->store, spoil, NULL, NULL);
    g_assert_false(verified(&app, beside, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
}

/* ---- its counters ---- */

static void note(void *found, const char *table, const char *row, const char *reason, const char *detail)
{
    g_string_append_printf(found, "%s %s %s %s;", table, row, reason, detail);
}

static void go_on(void *found, int64_t more)
{
    (void)found, (void)more;
}

static void assert_found(const Bench *b, const char *wanted)
{
    int64_t count;
    g_autoptr(GString) found = g_string_new(NULL);
    const VerifyReport told = { note, go_on, found };
    Context context = b->world;
    context.db = store_reader(b->store, NULL);
    g_assert_true(subject_verify_all(&context, &told, &count, NULL));
    store_return(b->store, context.db);
    if (*wanted ? !strstr(found->str, wanted) : found->len > 0)
        g_error("wanted \"%s\", found \"%s\"", wanted, found->str);
}

static bool run_sql(Db *db, void *sql, GError **error)
{
    return db_run(db, sql, WITH(db_int("county", COUNTY)), error);
}

/* Counts that the same write made before are counted anew with the rest. */
static bool settle(Db *db, void *data, GError **error)
{
    const Case begun = { 0 };
    const Event event = { .at = 0 };
    const SubjectChange unrecorded = { &event, &case_kind, NULL, NULL, &begun };
    Context context = ((const Bench *)data)->world;
    context.db = db;
    return indicators_follow(&context, &unrecorded, error) && indicators_settle(&context, error);
}

static void write_down(Bench *b, WriteFunction *work, void *data)
{
    g_autoptr(GError) error = NULL;
    store_write(b->store, work, data, &error);
    g_assert_no_error(error);
}

static void its_measures_are_counted_and_verified(Bench *b)
{
    assert_found(b, "");
    write_down(b, run_sql, (char[]){ "UPDATE measured SET value = value + 1 WHERE county = :county AND measure = 'tiny.begun'" });
    assert_found(b, "measured tiny.begun every_key");
    assert_found(b, "indicators.found_differs tiny.begun 2 ≠ 1");
    write_down(b, settle, b);
    assert_found(b, ""); /* a measure that was not counted before is, from the first event on */
    write_down(b, run_sql, (char[]){ "DELETE FROM measured WHERE county = :county AND measure = 'tiny.begun'" });
    write_down(b, settle, b);
    assert_found(b, "indicators.found_missing"); /* one that was, is not */
    assert_found(b, "measured tiny.begun every_key 1970-01-01"); /* and what this write has counted stands */
    write_down(b, run_sql, (char[]){ "DELETE FROM counted_measure WHERE county = :county" });
    write_down(b, settle, b);
    assert_found(b, "");
}

/* ---- its kind of subject ---- */

static char *post(const Bench *b, const char *session, const char *path, const char *key, const char *body)
{
    g_autofree char *headers = g_strdup_printf("%sContent-Type: application/json\r\nIdempotency-Key: %s\r\n", session, key);
    return ask(b, "POST", path, headers, body);
}

static int64_t private_parts(const Bench *b)
{
    bool found;
    int64_t count;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(db_integer(db, "/* all rows */ SELECT COUNT(*) FROM subject_private WHERE county = 330482 AND subject LIKE 'thing/%'", NULL, &count, &found, NULL));
    store_return(b->store, db);
    return count;
}

static json_t *about(const Bench *b, const char *subject, const Actor *actor)
{
    Context context = b->world;
    context.actor = actor;
    context.db = store_reader(b->store, NULL);
    json_t *told = subject_about(&context, subject, NULL);
    store_return(b->store, context.db);
    g_assert_nonnull(told);
    return told;
}

/* Everybody is told what it is; the way to its page is for who may open it. */
static void a_thing_is_named_to_whoever_asks(const Bench *b, const char *path)
{
    const Post post = { 1, INT64_C(330482000000), CLERK };
    const Actor clerk = { .kind = STAFF, .name = "", .posts = &post, .post_count = 1 }, visitor = { .name = "" };
    g_autofree char *subject = g_strconcat("thing/", path + strlen("/desk/tiny/things/"), NULL);
    g_autoptr(json_t) to_clerk = about(b, subject, &clerk), to_visitor = about(b, subject, &visitor), other = about(b, "key/a", &clerk);
    g_assert_cmpstr(json_text(to_clerk, "subject_path"), ==, path);
    g_assert_null(json_object_get(to_visitor, "subject_path"));
    g_assert_cmpuint(strlen(json_text(to_visitor, "subject_number")), ==, strlen("330482 140903 000001"));
    g_assert_cmpstr(json_text(to_visitor, "about"), ==, "thing");
    g_assert_cmpstr(json_text(other, "about"), ==, "key");
    g_assert_null(json_object_get(other, "subject_number"));
}

static void a_thing_lives(const Bench *b, const char *session, const char *path)
{
    g_autofree char *finish = g_strconcat(path, "/finish", NULL), *forget = g_strconcat(path, "/forget", NULL), *dance = g_strconcat(path, "/dance", NULL);
    g_autofree char *as_page = g_strconcat(session, "Accept: text/html\r\nAccept-Language: en\r\n", NULL);
    ASSERT_ANSWER(ask(b, "GET", path, session, ""), 200, "\"law\":\"《示例法》第一条\"");
    ASSERT_ANSWER(post(b, session, dance, "2", "{\"seen\":1}"), 404, "tiny.no_action");
    ASSERT_ANSWER(post(b, session, forget, "3", "{\"seen\":1,\"reason\":\"-\"}"), 409, "tiny.not_now");
    ASSERT_ANSWER(post(b, session, finish, "4", "{\"seen\":7}"), 409, "tiny.stale");
    ASSERT_ANSWER(post(b, session, finish, "5", "{\"seen\":1}"), 201, "\"state\":\"done\"");
    ASSERT_ANSWER(post(b, session, finish, "6", "{\"seen\":2}"), 409, "《示例法》第一条");
    ASSERT_ANSWER(ask(b, "GET", path, session, ""), 200, "\"document_kind\":\"tiny_note\"");
    ASSERT_ANSWER(ask(b, "GET", path, as_page, ""), 200, "Thing finished");
    ASSERT_ANSWER(ask(b, "GET", "/desk/tiny/things?sort=label&state=done", session, ""), 200, "\"label\":\"石头\",\"owner\":\"王*明\",\"state\":\"done\"");
    ASSERT_ANSWER(ask(b, "GET", "/desk/tiny/things?format=csv", session, ""), 200, "王*明");
    assert_found(b, "");
    g_assert_cmpint(private_parts(b), ==, 1);
    ASSERT_ANSWER(post(b, session, forget, "7", "{\"seen\":2,\"reason\":\"本人要求\"}"), 201, "\"seen\":3");
    g_assert_cmpint(private_parts(b), ==, 0);
    assert_found(b, "");
}

/* The address of a new thing. Owned by the caller. */
static char *begin_thing(const Bench *b, const char *session, const char *label)
{
    g_autofree char *body = g_strdup_printf("{\"label\":\"%s\",\"owner\":\"王小明\"}", label);
    g_autofree char *begun = post(b, session, "/desk/tiny/things", label, body);
    g_assert_cmpint(status(begun), ==, 201);
    g_autoptr(json_t) answer = json_loads(body_of(begun), 0, NULL);
    return g_strconcat("/desk/tiny/things/", json_text(answer, "number"), NULL);
}

static bool take_timers(Db *db, void *data, GError **error)
{
    int64_t done;
    Context context = *(const Context *)data;
    context.db = db;
    return timers_take(&context, 10, &done, error);
}

static void a_thing_that_waits_is_finished_by_its_timer(const Bench *b, const char *session)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = begin_thing(b, session, "木头");
    Context tomorrow = b->world;
    tomorrow.now = time_now + DAY_MS;
    store_write(b->store, take_timers, &tomorrow, &error);
    g_assert_no_error(error);
    ASSERT_ANSWER(ask(b, "GET", path, session, ""), 200, "\"actor_kind\":\"system\"");
    assert_found(b, "");
}

static void its_subjects_live_by_their_tables(Bench *b)
{
    g_autofree char *session = signed_in(b);
    g_autofree char *path = begin_thing(b, session, "石头");
    a_thing_is_named_to_whoever_asks(b, path);
    a_thing_lives(b, session, path);
    a_thing_that_waits_is_finished_by_its_timer(b, session);
    write_down(b, run_sql, (char[]){ "/* all rows */ UPDATE tiny_thing SET label = '金子' WHERE county = :county AND label = '木头'" });
    assert_found(b, "tiny.found_differs");
    write_down(b, run_sql, (char[]){ "/* all rows */ UPDATE tiny_thing SET label = '木头' WHERE county = :county AND label = '金子'" });
    assert_found(b, "");
}

/* ---- what is beside a case ---- */

static int64_t some_case(const Bench *b)
{
    int64_t number = 0;
    const Case *each;
    Db *db = store_reader(b->store, NULL);
    g_auto(RecordWalk) walk = { .db = db, .county = COUNTY, .record = case_kind.record };
    while ((each = record_next(&walk, NULL)))
        number = each->events ? each->number : number;
    store_return(b->store, db);
    g_assert_cmpint(number, >, 0);
    return number;
}

/* The part of the case's answer that tells such an actor what is beside it, as canonical JSON. Owned by the caller. */
static char *beside_for(const Bench *b, const Actor *actor, int64_t number)
{
    Context context = b->world;
    const Case of = { .number = number };
    g_autoptr(json_t) answer = json_object();
    context.actor = actor;
    context.db = store_reader(b->store, NULL);
    g_assert_true(subject_put_beside(&context, &of, number, answer, NULL));
    store_return(b->store, context.db);
    return json_canonical(answer);
}

static bool erase_case(Db *db, void *number, GError **error)
{
    static const Actor the_system = { .kind = SYSTEM, .name = "" };
    const Context context = { .db = db, .county = COUNTY, .actor = &the_system, .now = time_now, .rooms = rooms, .random = random_secure };
    g_autoptr(Calendar) calendar = calendar_built_in();
    Context with = context;
    with.calendar = calendar;
    return case_act(&with, *(int64_t *)number, ERASE_AGAIN, &(SubjectInput){ .seen = -1, .reason = "restored" }, NULL, error);
}

static void what_is_beside_a_case_is_told_on_its_page_and_erased_with_it(Bench *b)
{
    static const Post desk = { 1, INT64_C(330482000000), CLERK };
    const Actor clerk = { .kind = STAFF, .name = "", .posts = &desk, .post_count = 1 }, visitor = { .name = "" };
    int64_t number = some_case(b), before = private_parts(b);
    g_autofree char *session = signed_in(b), *none = beside_for(b, &clerk, number);
    g_assert_null(strstr(none, "{\"about\":\"thing\",")); /* what other rooms have beside it is none of this test's */
    g_autofree char *body = g_strdup_printf("{\"label\":\"旁物\",\"owner\":\"王小明\",\"case_number\":%" PRId64 "}", number);
    g_autofree char *begun = post(b, session, "/desk/tiny/things", "beside", body);
    g_assert_cmpint(status(begun), ==, 201);
    g_autofree char *to_clerk = beside_for(b, &clerk, number), *to_visitor = beside_for(b, &visitor, number), *other = beside_for(b, &clerk, number + 1);
    g_assert_nonnull(strstr(to_clerk, "{\"about\":\"thing\",\"state\":\"open\",\"subject_number\":\"330482 "));
    g_assert_nonnull(strstr(to_clerk, "\"subject_path\":\"/desk/tiny/things/330482"));
    g_assert_nonnull(strstr(to_clerk, "{\"beginning\":\"thing\",\"path\":\"/desk/tiny/things/of/330482"));
    g_assert_cmpstr(to_visitor, ==, "{\"beside\":[],\"beside_offers\":[],\"has_beside\":false}");
    g_assert_nonnull(strstr(other, "\"beside\":[],"));
    g_assert_cmpint(private_parts(b), ==, before + 1);
    write_down(b, erase_case, &number);
    g_assert_cmpint(private_parts(b), ==, before);
    assert_found(b, "");
}

/* Figures of a period: what stands is all of it, and the list behind is of the present. */
static void its_figure_is_shown(const Bench *b)
{
    g_autoptr(GError) error = NULL;
    const IndicatorAsk late = { .from = day_parse("2014-02-01"), .to = day_parse("2014-12-31"), .is_to_the_end = true },
                       early = { .from = day_parse("2014-01-01"), .to = day_parse("2014-01-31") };
    Context context = b->world;
    context.now = instant_at(late.to, 0);
    context.db = store_reader(b->store, NULL);
    g_autoptr(json_t) all = indicators_of_room(&context, &late, &tiny_room, &error), before = indicators_of_room(&context, &early, &tiny_room, &error);
    g_autofree char *text = json_canonical(json_array_get(all, 0)), *other = json_canonical(json_array_get(before, 0));
    store_return(b->store, context.db);
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, "{\"formula\":\"count\",\"is_known\":true,\"key\":\"tiny.begun\",\"owner\":\"tiny\",\"path\":\"/desk/tiny?on=2014-12-31\","
                              "\"top\":1,\"unit\":\"cases\",\"value\":1,\"words\":\"tiny_begun\"}");
    g_assert_cmpstr(other, ==, "{\"formula\":\"count\",\"is_known\":true,\"key\":\"tiny.begun\",\"owner\":\"tiny\",\"top\":0,\"unit\":\"cases\","
                               "\"value\":0,\"words\":\"tiny_begun\"}");
}

static void every_figure_has_its_words(const Bench *b)
{
    for (const Room *const *room = rooms; *room; room++)
        for (const Figure *each = (*room)->figures; each && each->key; each++) {
            g_autofree char *words = g_strdelimit(g_strdup(each->key), ".", '_'), *name = g_strconcat((*room)->name, ".figures.", words, NULL),
                            *unit = g_strconcat("indicators.units.", each->unit, NULL);
            if (!view_has_word(b->view, name) || !view_has_word(b->view, unit))
                g_error("no words %s or %s", name, unit);
        }
}

static void a_room_is_its_folder_and_a_line_in_the_list(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    rooms_fit(rooms, &error);
    g_assert_no_error(error);
    bench_open_rooms(&b, rooms); /* with its migration */
    make_city(&b);
    g_assert_cmpint(counted(&b, "day"), >, 1); /* its part of the demo city */
    g_assert_cmpint(counted(&b, "tiny/1"), ==, counted(&b, "day") - 1); /* its timer, set each day for the next */
    g_assert_cmpint(counted(&b, "heard"), >, 0);
    its_route_is_served_to_its_role(&b);
    its_tab_is_shown_to_its_role(&b, CLERK, true);
    its_tab_is_shown_to_its_role(&b, APPROVER, false);
    its_measures_are_counted_and_verified(&b);
    its_figure_is_shown(&b);
    every_figure_has_its_words(&b);
    its_subjects_live_by_their_tables(&b);
    what_is_beside_a_case_is_told_on_its_page_and_erased_with_it(&b);
    its_rows_are_verified(&b);
    bench_close(&b);
}

/* ---- the law ---- */

static void assert_law_is_named(const View *view, const SubjectRule *rule)
{
    for (enum language language = CHINESE; rule->law && language < LANGUAGES; language++)
        if (!view_code_word(view, language, "law", rule->law))
            g_error("no word for %s", rule->law);
}

/* An English sentence cites a law by its English name. */
static void every_law_that_a_rule_rests_on_is_named_in_both_languages(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(View) view = view_open(&error);
    g_assert_no_error(error);
    for (const Room *const *room = rooms; *room; room++)
        for (const SubjectKind *const *kind = (*room)->subjects; kind && *kind; kind++)
            for (size_t i = 0; i < (*kind)->rule_count; i++)
                assert_law_is_named(view, (const void *)((const char *)(*kind)->rules + i * (*kind)->rule_size));
}

/* ---- what clashes ---- */

static void refused(const Room *extra, const char *culprit)
{
    g_autoptr(GError) error = NULL;
    const Room *const list[] = { ROOMS(ROOM_LISTED) &tiny_room, extra, NULL };
    if (rooms_fit(list, &error))
        g_error("%s is not refused", culprit);
    if (!strstr(error->message, culprit))
        g_error("wanted %s, got %s", culprit, error->message);
}

static void clashing_declarations_are_refused_by_name(void)
{
    static const Route same[] = { { "GET", "/desk/tiny", ANYONE, show }, { 0 } }, overlap[] = { { "GET", "/desk/{any}", ANYONE, show }, { 0 } },
        tail[] = { { "POST", "/tiny/{rest...}", ANYONE, show }, { 0 } },
        hidden[] = { { "GET", "/other/{a}", ANYONE, show }, { "GET", "/other/b", ANYONE, show }, { 0 } },
        beside[] = { { "GET", "/other", ANYONE, show }, { 0 } };
    static const Tab named[] = { { "tiny", "/other", "/other/", CLERK, 1 }, { 0 } }, led[] = { { "other", "/desk/tiny", "/x", CLERK, 1 }, { 0 } },
        lost[] = { { "other", "/nowhere", "/x", CLERK, 1 }, { 0 } };
    static const DocumentKind papers[] = { { .name = "receipt", .mark = "甲" }, { 0 } }, marks[] = { { .name = "other", .mark = "收" }, { 0 } };
    static const char *const few[] = { "draft", NULL };
    SubjectKind twin = *cases_room.subjects[0];
    const SubjectKind *const subjects[] = { &twin, NULL };
    refused(&(Room){ .name = "tiny" }, "tiny");
    refused(&(Room){ .name = "other", .routes = same }, "GET /desk/tiny of the room other");
    refused(&(Room){ .name = "other", .routes = overlap }, "GET /desk/{any} of the room other");
    refused(&(Room){ .name = "other", .routes = tail }, "POST /tiny/{rest...} of the room other");
    refused(&(Room){ .name = "other", .routes = hidden }, "GET /other/b of the room other");
    refused(&(Room){ .name = "other", .region_routes = (const Route[]){ { "GET", "/", ANYONE, show }, { 0 } } }, "GET / of the room other");
    refused(&(Room){ .name = "other", .routes = beside, .tabs = named }, "the tab tiny (/other) of the room other");
    refused(&(Room){ .name = "other", .tabs = led }, "the tab other (/desk/tiny) of the room other");
    refused(&(Room){ .name = "other", .tabs = lost }, "the tab other of the room other leads to /nowhere");
    refused(&(Room){ .name = "other", .documents = papers }, "receipt");
    refused(&(Room){ .name = "other", .documents = marks }, "收");
    refused(&(Room){ .name = "other", .timers = timers }, "timers of the kind tiny.ring of the room other");
    refused(&(Room){ .name = "other", .measures = measures }, "the measure tiny.begun of the room other");
    refused(&(Room){ .name = "other", .figures = figures }, "the figure tiny.begun of the room other");
    refused(&(Room){ .name = "other", .figures = (const Figure[]){ { "other.one", "cases", COUNT_OF, measures, 1 }, { 0 } } }, "the figure other.one");
    refused(&(Room){ .name = "other", .figures = (const Figure[]){ { "other.one", "cases", COUNT_OF }, { 0 } } }, "the figure other.one");
    refused(&(Room){ .name = "other", .subjects = subjects }, "subjects of the kind case of the room other");
    twin.name = "other";
    twin.states = few;
    refused(&(Room){ .name = "other", .subjects = subjects }, "kind other: rule");
    twin = thing_kind;
    twin.name = "other";
    twin.holder = 0;
    refused(&(Room){ .name = "other", .subjects = subjects }, "kind other is beside a case, but names none");
    twin.holder = thing_kind.holder;
    twin.rule_count = 2; /* without those that erase and restrict */
    refused(&(Room){ .name = "other", .subjects = subjects }, "kind other is beside a case and tells of persons");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rooms/every law that a rule rests on is named in both languages", every_law_that_a_rule_rests_on_is_named_in_both_languages);
    bench_add("/rooms/a room is its folder and a line in the list", a_room_is_its_folder_and_a_line_in_the_list);
    g_test_add_func("/rooms/clashing declarations are refused by name", clashing_declarations_are_refused_by_name);
    return g_test_run();
}
