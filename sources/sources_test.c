// SPDX-License-Identifier: Apache-2.0
/* Papers that come by themselves: asked for, got, not got, brought meanwhile; sources that hang, lie, talk too much or lead elsewhere; on a file
 * and on a server. */
#include "sources/life.h"

#include "licences/bench_test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>

/* ---- a source on loopback ---- */

typedef struct Gateway {
    int listener, held; /* the link that is left without an answer; -1 */
    char *address;
    pthread_t thread;
    pthread_mutex_t lock;
    const char *answer; /* the whole response; NULL: none */
    unsigned asked;
    char *body, *signature;
} Gateway;

static bool is_whole(const GString *request)
{
    const char *body = strstr(request->str, "\r\n\r\n"), *length = strstr(request->str, "Content-Length: ");
    return body && length && request->len - (size_t)(body + 4 - request->str) >= (size_t)g_ascii_strtoull(length + 16, NULL, 10);
}

static void keep_asked(Gateway *self, const GString *request)
{
    const char *signature = strstr(request->str, "X-Pinghu-Signature: ");
    self->asked++;
    g_free(self->body);
    g_free(self->signature);
    self->body = g_strdup(strstr(request->str, "\r\n\r\n") + 4);
    self->signature = signature ? g_strndup(signature + 20, strcspn(signature + 20, "\r")) : NULL;
}

static void take(Gateway *self, int link)
{
    char bytes[4096];
    g_autoptr(GString) request = g_string_new(NULL);
    for (ssize_t got = 1; got > 0 && !is_whole(request);) {
        got = recv(link, bytes, sizeof bytes, 0);
        g_string_append_len(request, bytes, MAX(got, 0));
    }
    if (!is_whole(request)) {
        close(link);
        return;
    }
    pthread_mutex_lock(&self->lock);
    keep_asked(self, request);
    const char *answer = self->answer;
    pthread_mutex_unlock(&self->lock);
    size_t length = answer ? strlen(answer) : 0;
    for (ssize_t sent = 1; sent > 0 && length; answer += sent, length -= (size_t)sent)
        if ((sent = send(link, answer, length, MSG_NOSIGNAL)) < 0)
            break;
    if (answer)
        close(link);
    else
        self->held = link;
}

static void *serve(void *data)
{
    Gateway *self = data;
    for (int link = accept(self->listener, NULL, NULL); link >= 0; link = accept(self->listener, NULL, NULL))
        take(self, link);
    return NULL;
}

static void gateway_open(Gateway *self, const char *answer)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof here;
    *self = (Gateway){ .listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .held = -1, .answer = answer };
    g_assert_cmpint(bind(self->listener, (struct sockaddr *)&here, size), ==, 0);
    g_assert_cmpint(listen(self->listener, 8), ==, 0);
    getsockname(self->listener, (struct sockaddr *)&here, &size);
    self->address = g_strdup_printf("http://127.0.0.1:%u/ask", ntohs(here.sin_port));
    pthread_mutex_init(&self->lock, NULL);
    pthread_create(&self->thread, NULL, serve, self);
}

static void gateway_close(Gateway *self)
{
    shutdown(self->listener, SHUT_RDWR);
    pthread_join(self->thread, NULL);
    close(self->listener);
    if (self->held >= 0)
        close(self->held);
    g_free(self->address);
    g_free(self->body);
    g_free(self->signature);
}

/* ---- the bench ---- */

#define FOUND "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"code\":0,\"data\":{\"name\":\"张示例\",\"address\":\"新仓镇\"}}"
#define SECRET "a secret of tests"
static const Post centre = { CENTRE_ORGAN, 330482000000, SYSTEM_ADMINISTRATOR };
static const Actor administrator = { STAFF, 41, "系统管理员", &centre, 1, NULL };

static Instant present_at; /* of the test's clock */
static Instant clock_of_test(void)
{
    return present_at;
}

typedef struct Asked {
    Bench b;
    Gateway gateway;
    View *view;
    Asker *asker;
    SourceSite site;
    int64_t source;
} Asked;

static bool write_by_system(void *bench, TimerWork *work, void *data, GError **error)
{
    return write_as(bench, &the_system, present_at, work, data, error);
}

static json_t *fields_for(const char *address, int tries)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:s}", "code", "household", "name", "户籍信息", "name_en",
                     "Household register", "organ_name", "示例公安局", "organ_name_en", "Example police", "purpose", "核对身份", "purpose_en", "to check who applies",
                     "basis", "示例办法第三条", "address", address, "request", "idNumber = id_number\nwho = name", "answer",
                     "姓名 | /data/name = name\n住址 | /data/address", "found", "/code = 0", "seconds", 1, "tries", tries, "secret", SECRET);
}

typedef struct Setting {
    const json_t *fields;
    int64_t number;
} Setting;

static bool begin_work(const Context *context, void *data, GError **error)
{
    Setting *self = data;
    g_auto(Source) made = { 0 };
    bool begun = source_begin(context, self->fields, &made, error);
    self->number = made.number;
    return begun;
}

/* A source in use, and an item that has the identity card come from it. */
static void open_asked(Asked *a, const char *answer, const char *address, int tries)
{
    g_autoptr(GError) error = NULL;
    open_bench(&a->b);
    gateway_open(&a->gateway, answer);
    g_autoptr(json_t) fields = fields_for(address ? address : a->gateway.address, tries);
    Setting setting = { fields, 0 };
    write_as(&a->b, &administrator, at("2014-07-31", 9), begin_work, &setting, &error);
    g_assert_no_error(error);
    a->source = setting.number;
    CHANGE(&a->b, "2014-08-01", "身份证;Identity card;required;0;1;applicant", "身份证;Identity card;required;0;1;organ;;;;;;;;household");
    a->view = view_open(&error);
    g_assert_no_error(error);
    a->asker = asker_open(clock_of_test);
    a->site = (SourceSite){ a->b.store, &a->b.context, a->view, write_by_system, &a->b };
}

static void close_asked(Asked *a)
{
    asker_close(a->asker);
    view_close(a->view);
    close_bench(&a->b);
    gateway_close(&a->gateway);
}

static int64_t handed_in(Asked *a)
{
    g_autoptr(json_t) names = json_pack("[s]", "申请书");
    int64_t number = drafted(&a->b, "2014-08-18");
    done(&a->b, &people[VILLAGE_CLERK], number, "2014-08-18", SUBMIT, (SubjectInput){ .materials = names }, RECEIVED);
    return number;
}

static void go_round(Asked *a, Instant now)
{
    g_autoptr(GError) error = NULL;
    present_at = now;
    asker_round(a->asker, &a->site, &error);
    g_assert_no_error(error);
}

static json_t *sharings(Asked *a, int64_t number)
{
    Context context = a->b.context;
    json_t *papers = json_array();
    context.db = store_reader(a->b.store, NULL);
    g_assert_true(sources_asks_papers(&context, number, papers, NULL));
    store_return(a->b.store, context.db);
    return papers;
}

static void assert_sharing(Asked *a, int64_t number, const char *sharing)
{
    g_autoptr(json_t) papers = sharings(a, number);
    g_assert_cmpstr(json_text(json_array_get(papers, 0), "sharing"), ==, sharing);
    g_assert_cmpuint(json_array_size(papers), ==, *sharing ? 1 : 0);
}

static void assert_trouble(Asked *a, const char *trouble)
{
    Db *db = store_reader(a->b.store, NULL);
    g_autoptr(json_t) last = askings_last(db, COUNTY, a->source, 1, NULL);
    store_return(a->b.store, db);
    g_assert_cmpstr(json_text(json_array_get(last, 0), "trouble"), ==, trouble);
}

static json_t *papers_of_case(Asked *a, int64_t number)
{
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(a->b.store, NULL);
    json_t *papers = files_papers(db, COUNTY, subject, NULL);
    store_return(a->b.store, db);
    return papers;
}

/* ---- tests ---- */

static void a_paper_comes_from_its_source(void)
{
    Asked a;
    open_asked(&a, FOUND, NULL, 4);
    int64_t number = handed_in(&a);
    assert_sharing(&a, number, "waits");
    go_round(&a, at("2014-08-18", 11));
    assert_sharing(&a, number, "came");
    g_autoptr(json_t) papers = papers_of_case(&a, number), body = json_loads(a.gateway.body, 0, NULL);
    g_assert_cmpstr(json_text(json_array_get(papers, 0), "material"), ==, "身份证");
    g_assert_cmpstr(json_text(json_array_get(papers, 0), "type"), ==, "application/pdf");
    g_assert_cmpstr(json_text(body, "purpose"), ==, "核对身份");
    g_assert_cmpstr(json_text(json_object_get(body, "subject"), "idNumber"), ==, "330499198001010013");
    g_autofree char *signature = call_signature(SECRET, present_at, a.gateway.body);
    g_assert_cmpstr(a.gateway.signature, ==, signature);
    done(&a.b, &people[TOWN_REVIEWER], number, "2014-08-18", PASS, (SubjectInput){ .opinion = "材料齐全" }, RECEIVED);
    done(&a.b, &people[ORGAN_REVIEWER], number, "2014-08-18", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    go_round(&a, at("2014-08-19", 11));
    g_assert_cmpuint(a.gateway.asked, ==, 1);
    close_asked(&a);
}

static void what_is_not_there_is_asked_of_the_applicant(void)
{
    static const struct { const char *answer, *sharing, *trouble; } cases[] = {
        { "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"code\":7}", "none", "" },
        { "HTTP/1.1 404 None\r\nConnection: close\r\n\r\n", "none", "HTTP 404" },
        { "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"code\":0,\"data\":{\"name\":\"李四\"}}", "differs", "" },
        { "HTTP/1.1 403 No\r\nConnection: close\r\n\r\n", "refused", "HTTP 403" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Asked a;
        open_asked(&a, cases[i].answer, NULL, 4);
        int64_t number = handed_in(&a);
        go_round(&a, at("2014-08-18", 11));
        assert_sharing(&a, number, cases[i].sharing);
        assert_trouble(&a, cases[i].trouble);
        g_auto(Case) self = present(&a.b, number);
        g_assert_cmpint(self.state, ==, RECEIVED);
        attach(&a.b, &people[VILLAGE_CLERK], number, "2014-08-18", "身份证");
        close_asked(&a);
    }
}

static void a_source_that_misbehaves_gives_nothing(void)
{
    g_autofree char *much = g_strnfill(5 * 1024 * 1024, 'x'), *whole = g_strconcat("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", much, NULL);
    const struct { const char *answer, *trouble; } cases[] = {
        { "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>", "its answer is no JSON" },
        { "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nConnection: close\r\n\r\n", "HTTP 302" },
        { "HTTP/1.1 500 Bad\r\nConnection: close\r\n\r\n", "HTTP 500" },
        { whole, "its answer is longer than 1 MB" },
        { NULL, "Timeout was reached" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Asked a;
        open_asked(&a, cases[i].answer, NULL, 1);
        int64_t number = handed_in(&a);
        go_round(&a, at("2014-08-18", 11));
        assert_sharing(&a, number, "away");
        assert_trouble(&a, cases[i].trouble);
        g_autoptr(json_t) papers = papers_of_case(&a, number);
        g_assert_cmpuint(json_array_size(papers), ==, 0);
        close_asked(&a);
    }
}

/* Port 9 of loopback has no listener. */
static void a_source_that_is_away_is_asked_again_and_then_the_applicant(void)
{
    Asked a;
    open_asked(&a, FOUND, "http://127.0.0.1:9/", 2);
    int64_t number = handed_in(&a);
    Instant now = at("2014-08-18", 11);
    go_round(&a, now);
    assert_sharing(&a, number, "waits");
    go_round(&a, now + MINUTE_MS - 1);
    assert_sharing(&a, number, "waits");
    go_round(&a, now + MINUTE_MS);
    assert_sharing(&a, number, "away");
    close_asked(&a);
}

static void what_was_brought_meanwhile_is_not_asked_for(void)
{
    Asked a;
    open_asked(&a, FOUND, NULL, 4);
    int64_t number = handed_in(&a);
    attach(&a.b, &people[VILLAGE_CLERK], number, "2014-08-18", "身份证");
    go_round(&a, at("2014-08-18", 11));
    g_assert_cmpuint(a.gateway.asked, ==, 0);
    assert_sharing(&a, number, "");
    int64_t other = handed_in(&a);
    done(&a.b, &people[VILLAGE_CLERK], other, "2014-08-18", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    go_round(&a, at("2014-08-18", 12));
    g_assert_cmpuint(a.gateway.asked, ==, 0);
    close_asked(&a);
}

typedef struct Doing {
    int64_t number;
    enum source_action action;
    SubjectInput input;
} Doing;

static bool do_work(const Context *context, void *data, GError **error)
{
    Doing *self = data;
    g_auto(Source) after = { 0 };
    return subject_act(context, &source_kind, self->number, &source_rules[self->action], &self->input, &after, error);
}

static void a_source_that_ended_is_not_asked(void)
{
    Asked a;
    g_autoptr(GError) error = NULL;
    open_asked(&a, FOUND, NULL, 4);
    int64_t number = handed_in(&a);
    Doing ending = { a.source, SOURCE_END, { .seen = -1, .reason = "对方停用接口" } };
    write_as(&a.b, &administrator, at("2014-08-18", 10), do_work, &ending, &error);
    g_assert_no_error(error);
    go_round(&a, at("2014-08-18", 11));
    g_assert_cmpuint(a.gateway.asked, ==, 0);
    assert_sharing(&a, number, "ended");
    assert_sharing(&a, handed_in(&a), "");
    close_asked(&a);
}

static void an_erased_case_leaves_nothing_asked(void)
{
    Asked a;
    open_asked(&a, FOUND, NULL, 4);
    int64_t number = handed_in(&a);
    go_round(&a, at("2014-08-18", 11));
    done(&a.b, &people[VILLAGE_CLERK], number, "2014-08-19", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    done(&a.b, &the_system, number, "2014-08-20", ERASE, (SubjectInput){ .reason = "asked" }, WITHDRAWN);
    assert_sharing(&a, number, "");
    g_autoptr(json_t) papers = papers_of_case(&a, number);
    g_assert_cmpuint(json_array_size(papers), ==, 0);
    close_asked(&a);
}

static void refused_without(Bench *b, const Actor *actor, const char *field, const char *value, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) fields = fields_for("https://source.example/ask", 4);
    json_object_set_new(fields, field, json_string(value));
    Setting setting = { fields, 0 };
    g_assert_false(write_as(b, actor, at("2014-07-31", 9), begin_work, &setting, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

static void a_source_without_a_purpose_is_refused(void)
{
    Bench b;
    open_bench(&b);
    refused_without(&b, &administrator, "purpose", "", "sources.purpose_missing");
    refused_without(&b, &administrator, "basis", "", "sources.needed");
    refused_without(&b, &administrator, "address", "http://source.example/ask", "sources.address_form");
    refused_without(&b, &administrator, "address", "https://me@source.example/ask", "sources.address_form");
    refused_without(&b, &administrator, "address", "file:///etc/passwd", "sources.address_form");
    refused_without(&b, &administrator, "secret", "short", "sources.secret_short");
    refused_without(&b, &administrator, "request", "telephone", "sources.line_request");
    refused_without(&b, &administrator, "code", "licences", "sources.code_taken");
    refused_without(&b, &administrator, "code", "户籍", "sources.code_form");
    refused_without(&b, &people[ORGAN_HEAD], "purpose", "核对", "sources.not_yours_to_begin");
    close_bench(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    add("/sources/a paper comes from its source", a_paper_comes_from_its_source);
    add("/sources/what is not there is asked of the applicant", what_is_not_there_is_asked_of_the_applicant);
    add("/sources/a source that misbehaves gives nothing", a_source_that_misbehaves_gives_nothing);
    add("/sources/a source that is away is asked again and then the applicant", a_source_that_is_away_is_asked_again_and_then_the_applicant);
    add("/sources/what was brought meanwhile is not asked for", what_was_brought_meanwhile_is_not_asked_for);
    add("/sources/a source that ended is not asked", a_source_that_ended_is_not_asked);
    add("/sources/an erased case leaves nothing asked", an_erased_case_leaves_nothing_asked);
    add("/sources/a source without a purpose is refused", a_source_without_a_purpose_is_refused);
    return g_test_run();
}
