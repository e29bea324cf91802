// SPDX-License-Identifier: Apache-2.0
/* Messages: written with their action, claimed before they are sent, tried again, given up; on both engines. */
#include "outbox/room.h"
#include "outbox/store.h"
#include "rooms_test.h"

#include "db/server_test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

enum { COUNTY = 330482, CASE_NUMBER = 77, NOBODYS_NUMBER = 78 };

static const char *const names[] = { "item_name", "number_grouped", "state", NULL };
static char *telephone_of(Db *db, int64_t county, int64_t number, GError **error)
{
    (void)db, (void)county;
    return number == CASE_NUMBER ? g_strdup("13800000000") : refuse(error, NOT_FOUND, "cases.no_case", NULL);
}

static const MessageTemplate decided = { "cases.messages.decided", names, telephone_of };
static const MessageTemplate templates[] = { { "cases.messages.decided", names, telephone_of }, { 0 } };
static const Room telling_room = { .name = "telling", .messages = templates };
static const Room *const telling_rooms[] = { &telling_room, NULL };

static const char some_data[] =
    "{\"path\":\"/track/77\",\"item_name\":\"许可\",\"item_name_en\":\"Permit\",\"number_grouped\":\"3 3\",\"state\":\"granted\"}";

/* ---- a gateway on loopback ---- */

typedef struct Gateway {
    int listener;
    char *address;
    pthread_t thread;
    pthread_mutex_t lock;
    int status;         /* what it answers */
    unsigned asked;
    char *key;          /* of the last */
} Gateway;

/* Headers and body have come when the body is as long as it says. */
static bool is_whole(const GString *request)
{
    const char *body = strstr(request->str, "\r\n\r\n"), *length = strstr(request->str, "Content-Length: ");
    return body && length && request->len - (size_t)(body + 4 - request->str) >= (size_t)g_ascii_strtoull(length + 16, NULL, 10);
}

static void answer(Gateway *self, int link)
{
    char bytes[4096];
    g_autoptr(GString) request = g_string_new(NULL);
    for (ssize_t got = 1; got > 0 && !is_whole(request);) {
        got = recv(link, bytes, sizeof bytes, 0);
        g_string_append_len(request, bytes, MAX(got, 0));
    }
    const char *key = strstr(request->str, "Idempotency-Key: ");
    pthread_mutex_lock(&self->lock);
    self->asked += key != NULL;
    g_free(self->key);
    self->key = key ? g_strndup(key + 17, strcspn(key + 17, "\r")) : NULL;
    g_autofree char *text = g_strdup_printf("HTTP/1.1 %d told\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", self->status);
    pthread_mutex_unlock(&self->lock);
    send(link, text, strlen(text), MSG_NOSIGNAL);
    close(link);
}

static void *serve(void *data)
{
    Gateway *self = data;
    for (int link = accept(self->listener, NULL, NULL); link >= 0; link = accept(self->listener, NULL, NULL))
        answer(self, link);
    return NULL;
}

static void gateway_open(Gateway *self)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof here;
    *self = (Gateway){ .listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .status = 204 };
    g_assert_cmpint(bind(self->listener, (struct sockaddr *)&here, size), ==, 0);
    g_assert_cmpint(listen(self->listener, 8), ==, 0);
    getsockname(self->listener, (struct sockaddr *)&here, &size);
    self->address = g_strdup_printf("http://127.0.0.1:%u/x", ntohs(here.sin_port));
    pthread_mutex_init(&self->lock, NULL);
    pthread_create(&self->thread, NULL, serve, self);
}

static void gateway_close(Gateway *self)
{
    shutdown(self->listener, SHUT_RDWR);
    pthread_join(self->thread, NULL);
    close(self->listener);
    g_free(self->address);
    g_free(self->key);
}

/* ---- the fixture ---- */

typedef struct Fixture {
    const char *server; /* NULL: a file */
    char *folder, *address;
    Store *store;
    Context context;
    View *view;
    OutboxSite site;
    Gateway gateway;
    Outbox *outbox;
} Fixture;

static Instant present; /* of the test's clock */
static Instant clock_of_test(void)
{
    return present;
}

typedef struct Work {
    const Fixture *fixture;
    bool (*act)(const Context *context, const void *data, GError **error);
    const void *data;
} Work;

static bool run(Db *db, void *data, GError **error)
{
    const Work *work = data;
    Context context = work->fixture->context;
    context.db = db;
    context.now = present;
    return work->act(&context, work->data, error);
}

static bool write_with(Fixture *f, bool (*act)(const Context *, const void *, GError **), const void *data, GError **error)
{
    Work work = { f, act, data };
    return store_write(f->store, run, &work, error);
}

static bool record(const Context *context, const void *data, GError **error)
{
    return outbox_record(data, context, error);
}

static void open_outbox(Fixture *f, const OutboxSettings *settings)
{
    g_autoptr(GError) error = NULL;
    g_clear_pointer(&f->outbox, outbox_close);
    f->outbox = outbox_open(settings, &error);
    g_assert_no_error(error);
    g_assert_true(write_with(f, record, f->outbox, &error));
}

/* With a gateway and no mail. */
static void open_gate(Fixture *f)
{
    open_outbox(f, &(OutboxSettings){ .hook = f->gateway.address, .hook_secret = "sixteen letters or more", .clock = clock_of_test });
}

static void fixture_open(Fixture *f, const char *server)
{
    static const Actor visitor = { .kind = VISITOR, .name = "" };
    g_autoptr(GError) error = NULL;
    *f = (Fixture){ .server = server, .folder = g_dir_make_tmp("outbox-XXXXXX", NULL), .view = view_open(&error),
                    .context = { .county = COUNTY, .actor = &visitor, .rooms = telling_rooms } };
    f->address = server ? make_database(server) : g_build_filename(f->folder, "test.db", NULL);
    f->store = store_with_rooms(f->address, 4);
    f->site = (OutboxSite){ f->store, &f->context, f->view };
    present = instant_at(day_parse("2014-03-03"), 9 * 60);
    gateway_open(&f->gateway);
}

static void fixture_close(Fixture *f)
{
    outbox_close(f->outbox);
    gateway_close(&f->gateway);
    store_close(f->store);
    view_close(f->view);
    if (f->server)
        drop_database(f->server, f->address);
    remove_tree(f->folder);
    g_free(f->folder);
    g_free(f->address);
}

/* ---- telling and looking ---- */

typedef struct Telling {
    MessageTo to;
    const char *data;
    bool refused; /* after it was told */
} Telling;

static bool tell(const Context *context, const void *data, GError **error)
{
    const Telling *telling = data;
    g_autoptr(json_t) facts = json_loads(telling->data, 0, NULL);
    return notify(context, &telling->to, &decided, facts, error) && (!telling->refused || refuse(error, CONFLICT, "base.not_found", NULL));
}

static void tell_holder(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    write_with(f, tell, &(Telling){ to_holder(CASE_NUMBER), some_data, false }, &error);
    g_assert_no_error(error);
}

static json_t *message(Fixture *f, int64_t id)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(f->store, &error);
    json_t *found = message_load(db, COUNTY, id, &error);
    g_assert_no_error(error);
    store_return(f->store, db);
    return found;
}

static unsigned asked(Fixture *f)
{
    pthread_mutex_lock(&f->gateway.lock);
    unsigned asked = f->gateway.asked;
    pthread_mutex_unlock(&f->gateway.lock);
    return asked;
}

static void answer_from_now(Fixture *f, int status)
{
    pthread_mutex_lock(&f->gateway.lock);
    f->gateway.status = status;
    pthread_mutex_unlock(&f->gateway.lock);
}

static void assert_message(Fixture *f, int64_t id, const char *state, int64_t tries)
{
    g_autoptr(json_t) found = message(f, id);
    g_assert_cmpstr(json_text(found, "state"), ==, state);
    g_assert_cmpint(json_number(found, "tries"), ==, tries);
}

static void send_due(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(outbox_send_due(f->outbox, &f->site, &error));
    g_assert_no_error(error);
}

/* ---- templates ---- */

static void a_template_with_a_hole_is_refused(Fixture *f)
{
    static const char *const fewer[] = { "item_name", "number_grouped", NULL };
    const MessageTemplate whole[] = { decided, { 0 } }, hole[] = { { decided.key, fewer }, { 0 } }, absent[] = { { "cases.messages.none", names }, { 0 } };
    g_autoptr(GError) none = NULL, empty = NULL, missing = NULL;
    g_assert_true(outbox_check(f->view, whole, &none));
    g_assert_false(outbox_check(f->view, hole, &empty));
    g_assert_nonnull(strstr(empty->message, "cases.messages.decided.title: nothing fills {{state_text}}"));
    g_assert_false(outbox_check(f->view, absent, &missing));
    g_assert_nonnull(strstr(missing->message, "cases.messages.none.name"));
}

static void a_message_without_its_data_is_a_fault(Fixture *f)
{
    static const char *const lacking[] = { "{\"item_name\":\"a\",\"number_grouped\":\"b\",\"state\":\"granted\"}", "{\"path\":\"/x\",\"item_name\":\"a\",\"state\":\"b\"}" };
    for (size_t i = 0; i < G_N_ELEMENTS(lacking); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(write_with(f, tell, &(Telling){ to_staff(1), lacking[i], false }, &error));
        g_assert_error(error, TROUBLE, FAULT);
    }
}

/* ---- one row for each ---- */

static void an_action_that_is_refused_tells_nobody(Fixture *f)
{
    g_autoptr(GError) refused = NULL, none = NULL;
    g_assert_false(write_with(f, tell, &(Telling){ to_holder(CASE_NUMBER), some_data, true }, &refused));
    tell_holder(f);
    Db *db = store_reader(f->store, NULL);
    g_autoptr(json_t) inbox = message_inbox(db, COUNTY, "holder/77", INT64_MAX, 10, &none);
    store_return(f->store, db);
    g_assert_cmpuint(json_array_size(inbox), ==, 1);
}

static void without_a_way_out_a_message_is_only_shown(Fixture *f)
{
    tell_holder(f);
    assert_message(f, 1, "shown", 0);
    open_gate(f);
    tell_holder(f);
    assert_message(f, 2, "waiting", 0);
    open_outbox(f, &(OutboxSettings){ .clock = clock_of_test });
    tell_holder(f);
    assert_message(f, 3, "shown", 0);
}

static void each_kind_of_recipient_has_its_way(Fixture *f)
{
    static const struct { MessageTo to; const char *channel, *recipient; } ways[] = {
        { { .kind = TO_STAFF, .id = 5 }, "mail", "staff/5" },
        { { .kind = TO_DESK, .desk = { 3, 330482000000, REVIEWER } }, "mail", "desk/3/330482000000/2" },
        { { .kind = TO_HOLDER, .id = CASE_NUMBER }, "hook", "holder/77" },
    };
    open_outbox(f, &(OutboxSettings){ .hook = f->gateway.address, .hook_secret = "sixteen letters or more", .smtp = "smtp://127.0.0.1:1",
                                      .mail_from = "a@b.cn", .clock = clock_of_test });
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_assert_true(write_with(f, tell, &(Telling){ ways[i].to, some_data, false }, NULL));
        g_autoptr(json_t) told = message(f, (int64_t)i + 1);
        g_assert_cmpstr(json_text(told, "channel"), ==, ways[i].channel);
        g_assert_cmpstr(json_text(told, "recipient"), ==, ways[i].recipient);
    }
}

/* ---- sending ---- */

static void a_message_is_sent_once(Fixture *f)
{
    open_gate(f);
    tell_holder(f);
    send_due(f);
    send_due(f);
    assert_message(f, 1, "sent", 1);
    g_assert_cmpuint(asked(f), ==, 1);
}

static void nobody_with_an_address_is_sent_nothing(Fixture *f)
{
    open_outbox(f, &(OutboxSettings){ .smtp = "smtp://127.0.0.1:1", .mail_from = "a@b.cn", .clock = clock_of_test });
    g_assert_true(write_with(f, tell, &(Telling){ to_staff(5), some_data, false }, NULL));
    send_due(f);
    assert_message(f, 1, "shown", 1);
}

static void what_fails_is_tried_again_more_and_more_seldom(Fixture *f)
{
    static const int minutes[] = { 1, 5, 30, 120, 720 };
    open_gate(f);
    answer_from_now(f, 500);
    tell_holder(f);
    send_due(f);
    for (size_t i = 0; i < G_N_ELEMENTS(minutes); i++) {
        assert_message(f, 1, "waiting", (int64_t)i + 1);
        present += minutes[i] * (Instant)MINUTE_MS - 1;
        send_due(f);
        g_assert_cmpuint(asked(f), ==, i + 1);
        present++;
        send_due(f);
        g_assert_cmpuint(asked(f), ==, i + 2);
    }
    assert_message(f, 1, "failed", G_N_ELEMENTS(minutes) + 1);
    g_autoptr(json_t) failed = message(f, 1);
    g_assert_cmpstr(json_text(failed, "trouble"), ==, "HTTP 500");
    g_assert_cmpint(json_number(failed, "next_try"), ==, 0);
}

static void what_is_refused_for_good_is_not_tried_again(Fixture *f)
{
    open_gate(f);
    answer_from_now(f, 404);
    tell_holder(f);
    send_due(f);
    assert_message(f, 1, "failed", 1);
}

/* The messages behind the first one keep their tries. */
static void a_way_that_is_away_is_left_alone_for_a_while(Fixture *f)
{
    open_outbox(f, &(OutboxSettings){ .hook = "http://127.0.0.1:1/x", .hook_secret = "sixteen letters or more", .clock = clock_of_test });
    tell_holder(f);
    tell_holder(f);
    send_due(f);
    assert_message(f, 1, "waiting", 1);
    assert_message(f, 2, "waiting", 0);
    present += MINUTE_MS / 2;
    send_due(f);
    assert_message(f, 2, "waiting", 1);
}

/* ---- messages that must not hold up others ---- */

static void messages_of_a_closed_channel_hold_up_no_other(Fixture *f)
{
    enum { MORE_THAN_A_ROUND = 60 };
    open_gate(f);
    for (int i = 0; i < MORE_THAN_A_ROUND; i++)
        tell_holder(f);
    open_outbox(f, &(OutboxSettings){ .smtp = "smtp://127.0.0.1:1", .mail_from = "a@b.cn", .clock = clock_of_test });
    present++;
    g_assert_true(write_with(f, tell, &(Telling){ to_staff(5), some_data, false }, NULL));
    send_due(f);
    assert_message(f, MORE_THAN_A_ROUND + 1, "shown", 1);
    assert_message(f, 1, "waiting", 0);
}

static void an_address_that_cannot_be_read_costs_no_try(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    open_gate(f);
    g_assert_true(write_with(f, tell, &(Telling){ to_holder(NOBODYS_NUMBER), some_data, false }, NULL));
    tell_holder(f);
    g_assert_false(outbox_send_due(f->outbox, &f->site, &error));
    g_assert_error(error, TROUBLE, NOT_FOUND);
    assert_message(f, 1, "waiting", 0);
    assert_message(f, 2, "sent", 1);
}

/* ---- what the log is told ---- */

static bool execute(const Context *context, const void *sql, GError **error)
{
    return db_run(context->db, sql, NULL, error);
}

static void take_messages_away(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    write_with(f, execute, "ALTER TABLE message RENAME TO message_away", &error);
    g_assert_no_error(error);
}

static void sending_that_fails_is_logged_once_and_its_end_too(Fixture *f)
{
    bool is_failing = false;
    open_gate(f);
    take_messages_away(f);
    g_test_expect_message("pinghu", G_LOG_LEVEL_WARNING, "messages of 330482 cannot be sent: *");
    for (int i = 0; i < 2; i++)
        outbox_round(f->outbox, &f->site, &is_failing);
    g_test_assert_expected_messages();
    g_assert_true(write_with(f, execute, "ALTER TABLE message_away RENAME TO message", NULL));
    g_test_expect_message("pinghu", G_LOG_LEVEL_MESSAGE, "messages of 330482 are sent again");
    for (int i = 0; i < 2; i++)
        outbox_round(f->outbox, &f->site, &is_failing);
    g_test_assert_expected_messages();
}

static void a_count_that_fails_is_logged(Fixture *f)
{
    static const Actor clerk = { .kind = STAFF, .id = 5, .name = "" };
    take_messages_away(f);
    Request r = { .context = { .db = store_reader(f->store, NULL), .county = COUNTY, .actor = &clerk } };
    g_test_expect_message("pinghu", G_LOG_LEVEL_WARNING, "unread messages cannot be counted: *");
    g_autoptr(json_t) shown = outbox_describe_actor(&r);
    g_test_assert_expected_messages();
    store_return(f->store, r.context.db);
    g_assert_null(json_object_get(shown, "messages"));
}

/* ---- when a server ends while it sends ---- */

static bool claim_only(const Context *context, const void *data, GError **error)
{
    bool done;
    const json_t *before = data;
    g_autoptr(json_t) claim = json_pack("{s:s, s:I, s:I}", "state", "sending", "next_try", context->now + 5 * MINUTE_MS, "tries",
                                        json_number(before, "tries") + 1);
    return message_move(context, before, claim, &done, error) && (done || fault(error, "somebody was first"));
}

static void a_lost_message_is_sent_once_more_and_no_more(Fixture *f)
{
    g_autoptr(json_t) first = (open_gate(f), tell_holder(f), message(f, 1));
    g_assert_true(write_with(f, claim_only, first, NULL));
    send_due(f);
    g_assert_cmpuint(asked(f), ==, 0); /* its sender may still be at it */
    present += 5 * MINUTE_MS;
    answer_from_now(f, 500);
    g_test_expect_message("pinghu", G_LOG_LEVEL_MESSAGE, "message 1 of 330482 may have been sent*");
    send_due(f);
    g_test_assert_expected_messages();
    g_autofree char *id = g_strdup_printf("330482.1.%" PRId64, json_number(first, "made_at"));
    g_assert_cmpstr(f->gateway.key, ==, id);
    assert_message(f, 1, "waiting", 2);

    g_autoptr(json_t) again = message(f, 1);
    g_assert_true(write_with(f, claim_only, again, NULL));
    present += 5 * MINUTE_MS;
    send_due(f);
    assert_message(f, 1, "failed", 3);
    g_assert_cmpuint(asked(f), ==, 1);
}

static void of_two_servers_one_has_it(Fixture *f)
{
    open_gate(f);
    tell_holder(f);
    g_autoptr(json_t) seen = message(f, 1);
    g_autoptr(GError) second = NULL;
    g_assert_true(write_with(f, claim_only, seen, NULL));
    g_assert_false(write_with(f, claim_only, seen, &second));
    g_assert_nonnull(strstr(second->message, "somebody was first"));
}

/* ---- reading ---- */

static bool read_until(const Context *context, const void *data, GError **error)
{
    return message_read(context, data, 2, error);
}

static void what_is_read_is_not_counted(Fixture *f)
{
    int64_t unread;
    const char *const recipients[RECIPIENTS_AT_ONCE] = { "staff/5", "holder/77", "", "", "", "", "", "" };
    for (int i = 0; i < 3; i++)
        tell_holder(f);
    g_assert_true(write_with(f, read_until, "holder/77", NULL));
    g_assert_true(write_with(f, tell, &(Telling){ to_staff(5), some_data, false }, NULL));
    Db *db = store_reader(f->store, NULL);
    g_assert_true(message_unread(db, COUNTY, recipients, 10, &unread, NULL));
    g_assert_cmpint(unread, ==, 2);
    g_assert_true(message_unread(db, COUNTY, recipients, 1, &unread, NULL));
    g_assert_cmpint(unread, ==, 1);
    store_return(f->store, db);
}

/* ---- the administrator's list ---- */

static json_t *list_of(Fixture *f, const char *tab)
{
    static const Post post = { .roles = SYSTEM_ADMINISTRATOR };
    static const Actor administrator = { .kind = STAFF, .id = 1, .name = "", .posts = &post, .post_count = 1 };
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) fields = json_pack("{s:s}", "list", tab);
    Request r = { .view = f->view, .fields = fields,
                  .context = { .db = store_reader(f->store, NULL), .county = COUNTY, .actor = &administrator, .now = present } };
    json_t *answer = list_show(&r, &outbox_list, &error);
    store_return(f->store, r.context.db);
    g_assert_no_error(error);
    return answer;
}

static void each_message_stands_in_one_list(Fixture *f)
{
    static const struct { int answer; const char *list, *state; } ends[] = { { 204, "sent", "sent" }, { 404, "failed", "failed" }, { 500, "waiting", "waiting" } };
    open_gate(f);
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        answer_from_now(f, ends[i].answer);
        tell_holder(f);
        send_due(f);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autoptr(json_t) answer = list_of(f, ends[i].list);
        const json_t *rows = json_object_get(answer, "messages"), *row = json_array_get(rows, 0);
        g_assert_cmpuint(json_array_size(rows), ==, 1);
        g_assert_cmpint(json_number(answer, "total"), ==, 1);
        g_assert_cmpint(json_number(row, "id"), ==, (int64_t)i + 1);
        g_assert_cmpstr(json_text(row, "message_state"), ==, ends[i].state);
        g_assert_cmpint(json_number(row, "at"), ==, present + (i == 2 ? MINUTE_MS : 0));
    }
}

/* ---- all of them on both engines ---- */

typedef void Test(Fixture *f);
static const struct {
    const char *name;
    Test *test;
} tests[] = {
#define T(test) { #test, test }
    T(a_template_with_a_hole_is_refused), T(a_message_without_its_data_is_a_fault), T(an_action_that_is_refused_tells_nobody),
    T(without_a_way_out_a_message_is_only_shown), T(each_kind_of_recipient_has_its_way), T(a_message_is_sent_once),
    T(nobody_with_an_address_is_sent_nothing), T(what_fails_is_tried_again_more_and_more_seldom),
    T(what_is_refused_for_good_is_not_tried_again), T(a_way_that_is_away_is_left_alone_for_a_while),
    T(a_lost_message_is_sent_once_more_and_no_more), T(of_two_servers_one_has_it), T(what_is_read_is_not_counted),
    T(each_message_stands_in_one_list),
    T(messages_of_a_closed_channel_hold_up_no_other), T(an_address_that_cannot_be_read_costs_no_try),
    T(sending_that_fails_is_logged_once_and_its_end_too), T(a_count_that_fails_is_logged),
#undef T
};

static void on_file(gconstpointer test)
{
    Fixture f;
    fixture_open(&f, NULL);
    ((Test *)(uintptr_t)test)(&f);
    fixture_close(&f);
}

static void on_server(gconstpointer test)
{
    Fixture f;
    fixture_open(&f, g_getenv("PINGHU_DATABASE_SERVER"));
    ((Test *)(uintptr_t)test)(&f);
    fixture_close(&f);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *file = g_strconcat("/outbox/", tests[i].name, NULL), *server = g_strconcat("/outbox/server/", tests[i].name, NULL);
        g_test_add_data_func(file, (gconstpointer)(uintptr_t)tests[i].test, on_file);
        if (g_getenv("PINGHU_DATABASE_SERVER"))
            g_test_add_data_func(server, (gconstpointer)(uintptr_t)tests[i].test, on_server);
    }
    return g_test_run();
}
