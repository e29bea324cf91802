// SPDX-License-Identifier: Apache-2.0
/* The life of a licence: each rule, each guard, who may and who may not, on a file and on a server. */
#include "licences/bench_test.h"

static void a_case_that_is_issued_becomes_a_licence(void)
{
    Bench b;
    open_bench(&b);
    int64_t of_case = issued_case(&b), number = licence_of(&b, of_case);
    g_auto(Licence) made = now_of(&b, number);
    g_assert_cmpint(made.number, ==, 330482140918000001);
    g_assert_cmpint(made.case_number, ==, of_case);
    g_assert_cmpint(made.events, ==, 1);
    g_assert_cmpstr(made.result_name, ==, "餐饮服务许可证");
    g_assert_cmpstr(made.holder, ==, "张示例");
    g_assert_cmpstr(made.listed, ==, "张*例");
    g_assert_cmpint(made.is_person, ==, 1);
    assert_day(made.issued_day, "2014-09-18");
    assert_day(made.valid_to_day, "2017-09-17");
    g_autoptr(json_t) documents = documents_of(&b, "case", of_case);
    g_assert_cmpstr(json_text(json_array_get(documents, json_array_size(documents) - 1), "document_kind"), ==, "licence");
    g_autoptr(json_t) json = licence_json(&made);
    g_assert_cmpstr(json_text(json, "number_grouped"), ==, "330482 140918 000001");
    g_assert_cmpstr(json_text(json, "id_masked"), ==, "330499********0013");
    g_assert_null(json_object_get(json, "id_number"));
    close_bench(&b);
}

static void a_case_that_is_refused_becomes_none(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = to_decide(&b, "2014-09-15");
    done(&b, &people[ORGAN_APPROVER], number, "2014-09-16", REFUSE, (SubjectInput){ .reason = "不符合" }, REFUSED);
    g_assert_cmpint(licence_of(&b, number), ==, 0);
    close_bench(&b);
}

/* The check characters of three published samples (GB/T 36904). */
static void an_identifier_is_checked_by_mod_37_36(void)
{
    g_assert_true(identity_check_character("11100000000013338W01111430000006122244L20230000403001") == 'U');
    g_assert_true(identity_check_character("A12425GABC1234002") == 'M'); /* ISO/IEC 7064's own form, as GRid has it */
}

/* ---- the law of art. 50 ---- */

/* The day that a refusal tells; NULL: it tells none. */
static void assert_latest_day(Bench *b, int64_t number, const char *day, enum licence_action action, const char *latest)
{
    g_auto(Licence) out = { 0 };
    g_autoptr(GError) error = NULL;
    const Actor *actor = action == LICENCE_ASK_RENEWAL ? &clerk : &approver;
    g_assert_false(try_at(b, actor, number, day, action, (SubjectInput){ .opinion = "同意" }, &out, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_string_value(json_object_get(details, "latest_day")), ==, latest);
}

/* Two papers: the decision, and what it leads to. */
static void assert_decided_and_printed(Bench *b, int64_t number, const char *decision)
{
    g_autoptr(json_t) documents = documents_of(b, "licence", number);
    size_t count = json_array_size(documents);
    assert_last_document(b, number, "licence");
    g_assert_cmpuint(count, >=, 2);
    g_assert_cmpstr(json_text(json_array_get(documents, count - 2), "document_kind"), ==, decision);
}

static void a_renewal_is_asked_for_thirty_days_before_the_end(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    const SubjectInput none = { 0 };
    refuses(&b, &clerk, number, "2017-08-19", LICENCE_ASK_RENEWAL, none, "licences.renewal_late"); /* the 29th day before */
    refuses(&b, &clerk, number, "2017-09-17", LICENCE_ASK_RENEWAL, none, "licences.renewal_late");
    assert_latest_day(&b, number, "2017-09-17", LICENCE_ASK_RENEWAL, "2017-08-18");
    assert_latest_day(&b, number, "2017-09-17", LICENCE_RENEW, NULL); /* was not asked for */
    takes(&b, &clerk, number, "2017-08-18", LICENCE_ASK_RENEWAL, none, LICENCE_VALID); /* the 30th */
    assert_last_document(&b, number, "renewal_receipt");
    refuses(&b, &clerk, number, "2017-08-18", LICENCE_ASK_RENEWAL, none, "licences.renewal_asked_already");
    takes(&b, &approver, number, "2017-09-01", LICENCE_RENEW, (SubjectInput){ .opinion = "符合条件" }, LICENCE_VALID);
    g_auto(Licence) renewed = now_of(&b, number);
    assert_day(renewed.valid_from_day, "2017-09-18");
    assert_day(renewed.valid_to_day, "2020-09-17");
    assert_day(renewed.issued_day, "2014-09-18");
    g_assert_cmpint(renewed.renewal_day, ==, 0);
    g_assert_cmpint(renewed.version, ==, 2);
    assert_decided_and_printed(&b, number, "renewal");
    close_bench(&b);
}

static int64_t renewals_at(Bench *b, const Post *desk)
{
    int64_t count;
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    g_assert_true(licence_waiting(&context, desk, &count, NULL));
    store_return(b->store, context.db);
    return count;
}

static void a_renewal_waits_at_the_desk_that_decides_it(void)
{
    static const Post desk = { ORGAN, 330482000000, APPROVER };
    static const Post others[] = { { ORGAN, 330482000000, CLERK }, { ORGAN + 1, 330482000000, APPROVER }, { ORGAN, 330482103000, APPROVER } };
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    g_assert_cmpint(renewals_at(&b, &desk), ==, 0);
    takes(&b, &clerk, number, "2017-08-18", LICENCE_ASK_RENEWAL, (SubjectInput){ 0 }, LICENCE_VALID);
    g_assert_cmpint(renewals_at(&b, &desk), ==, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_cmpint(renewals_at(&b, &others[i]), ==, 0);
    takes(&b, &approver, number, "2017-09-01", LICENCE_RENEW, (SubjectInput){ .opinion = "符合条件" }, LICENCE_VALID);
    g_assert_cmpint(renewals_at(&b, &desk), ==, 0);
    close_bench(&b);
}

static void silence_renews_what_was_asked_in_time(void)
{
    Bench b;
    open_bench(&b);
    int64_t of_case = issued_case(&b), number = licence_of(&b, of_case);
    const Actor holder = { .kind = HOLDER, .id = of_case, .name = "" };
    takes(&b, &holder, number, "2017-08-01", LICENCE_ASK_RENEWAL, (SubjectInput){ 0 }, LICENCE_VALID);
    pass_midnight(&b, "2017-09-17", 0); /* still its last day */
    g_auto(Licence) waiting = now_of(&b, number);
    g_assert_cmpint(waiting.events, ==, 2);
    refuses(&b, &the_system, number, "2017-09-17", LICENCE_DEEM_RENEWED, (SubjectInput){ 0 }, "licences.term_not_over");
    refuses(&b, &the_system, number, "2017-09-18", LICENCE_EXPIRE, (SubjectInput){ 0 }, "licences.term_not_over");
    refuses(&b, &approver, number, "2017-09-18", LICENCE_REFUSE_RENEWAL, (SubjectInput){ .reason = "太晚" }, "licences.renewal_deemed");
    pass_midnight(&b, "2017-09-18", 1);
    g_auto(Licence) renewed = now_of(&b, number);
    g_assert_cmpint(renewed.state, ==, LICENCE_VALID);
    assert_day(renewed.valid_to_day, "2020-09-17");
    pass_midnight(&b, "2020-09-17", 0);
    pass_midnight(&b, "2020-09-18", 1); /* the next term has a timer too */
    g_auto(Licence) ended = now_of(&b, number);
    g_assert_cmpint(ended.state, ==, LICENCE_EXPIRED);
    close_bench(&b);
}

static void what_nobody_asked_for_expires(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    g_auto(Licence) before = now_of(&b, number);
    g_assert_cmpint(licence_state_on(&before, day_parse("2017-09-17")), ==, LICENCE_VALID);
    g_assert_cmpint(licence_state_on(&before, day_parse("2017-09-18")), ==, LICENCE_EXPIRED); /* before the timer comes */
    pass_midnight(&b, "2017-09-18", 1);
    g_auto(Licence) ended = now_of(&b, number);
    g_assert_cmpint(ended.state, ==, LICENCE_EXPIRED);
    assert_day(ended.since_day, "2017-09-18");
    refuses(&b, &clerk, number, "2017-09-18", LICENCE_ASK_RENEWAL, (SubjectInput){ 0 }, "licences.not_now");
    close_bench(&b);
}

static void a_renewal_that_is_refused_lets_it_run_out(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    refuses(&b, &approver, number, "2017-08-02", LICENCE_RENEW, (SubjectInput){ .opinion = "同意" }, "licences.renewal_not_asked");
    takes(&b, &clerk, number, "2017-08-01", LICENCE_ASK_RENEWAL, (SubjectInput){ 0 }, LICENCE_VALID);
    refuses(&b, &approver, number, "2017-08-20", LICENCE_REFUSE_RENEWAL, (SubjectInput){ 0 }, "licences.needed");
    takes(&b, &approver, number, "2017-08-20", LICENCE_REFUSE_RENEWAL, (SubjectInput){ .reason = "场所不再符合条件" }, LICENCE_VALID);
    assert_last_document(&b, number, "renewal_refusal");
    pass_midnight(&b, "2017-09-18", 1);
    g_auto(Licence) ended = now_of(&b, number);
    g_assert_cmpint(ended.state, ==, LICENCE_EXPIRED);
    close_bench(&b);
}

static void the_same_term_is_counted_in_years_or_days(void)
{
    static const struct { const char *from, *to, *next; } terms[] = {
        { "2014-09-18", "2017-09-17", "2020-09-17" }, { "2014-01-01", "2014-12-31", "2015-12-31" },
        { "2015-03-01", "2016-02-29", "2017-02-28" }, { "2014-09-18", "2014-12-16", "2015-03-16" },
        { "2016-02-29", "2020-02-28", "2024-02-28" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(terms); i++)
        assert_day(licence_next_end(day_parse(terms[i].from), day_parse(terms[i].to)), terms[i].next);
}

static bool is_found(Bench *b, int64_t number, const char *name)
{
    SoughtWays ways;
    bool found = false;
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(SoughtRow));
    const Sought typed = { .name = name, .id_number = "", .telephone = "" };
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    g_assert_true(sought_ways(&context, LICENCE_SOUGHT, &typed, &ways, NULL) && sought_rows(&context, LICENCE_SOUGHT, number - 1, number, rows, NULL));
    store_return(b->store, context.db);
    for (size_t i = 0; i < ways.count; i++)
        for (guint k = 0; k < rows->len; k++)
            found |= g_array_index(rows, SoughtRow, k).hash == ways.ways[i].hashes[0];
    return found;
}

static void a_correction_tells_before_and_after(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    g_autoptr(json_t) fields = json_pack("{s:s, s:s}", "holder", "张示范", "content", "热食类食品制售");
    g_assert_true(is_found(&b, number, "zhangshili") && is_found(&b, number, "例") && !is_found(&b, number, "范"));
    g_autoptr(json_t) wrong = json_pack("{s:s}", "id_number", "330499198001010014"), same = json_pack("{s:s}", "holder", "张示例");
    refuses(&b, &reviewer, number, "2015-01-05", LICENCE_AMEND, (SubjectInput){ .fields = fields }, "licences.needed");
    refuses(&b, &reviewer, number, "2015-01-05", LICENCE_AMEND, (SubjectInput){ .reason = "笔误", .fields = same }, "licences.nothing_amended");
    refuses(&b, &reviewer, number, "2015-01-05", LICENCE_AMEND, (SubjectInput){ .reason = "笔误", .fields = wrong }, "identity.resident_id_check");
    g_autoptr(json_t) sold = json_pack("{s:s, s:s}", "holder", "李接替", "id_number", "33049919790202002X");
    refuses(&b, &reviewer, number, "2015-01-05", LICENCE_AMEND, (SubjectInput){ .reason = "店面转让", .fields = sold }, "licences.another_holder");
    takes(&b, &reviewer, number, "2015-01-05", LICENCE_AMEND, (SubjectInput){ .reason = "姓名录入有误", .fields = fields }, LICENCE_VALID);
    g_auto(Licence) corrected = now_of(&b, number);
    g_assert_cmpstr(corrected.holder, ==, "张示范");
    g_assert_cmpstr(corrected.listed, ==, "张*范");
    g_assert_true(is_found(&b, number, "zsf") && is_found(&b, number, "范") && !is_found(&b, number, "例"));
    g_assert_cmpstr(corrected.content, ==, "热食类食品制售");
    Db *db = store_reader(b.store, NULL);
    g_autoptr(DbRows) rows = db_query(db, "/* all rows */ SELECT content, code FROM document WHERE county = :county AND document_kind = 'licence'"
                                          " ORDER BY made_at DESC", WITH(db_int("county", COUNTY)), NULL);
    g_assert_true(db_next(rows, NULL));
    g_autofree char *content = personal_column(rows, 0, "document.content", db_column_text(rows, 1), NULL);
    db_rows_end(g_steal_pointer(&rows));
    store_return(b.store, db);
    g_assert_nonnull(strstr(content, "\"holder_before\":\"张示例\""));
    g_assert_nonnull(strstr(content, "\"applicant_name\":\"张示范\""));
    close_bench(&b);
}

static void another_copy_makes_the_old_one_void(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    takes(&b, &issuer, number, "2015-01-05", LICENCE_REPLACE, (SubjectInput){ .reason = "遗失" }, LICENCE_REPLACED);
    g_auto(Licence) old = now_of(&b, number), copy = now_of(&b, old.replaced_by);
    g_assert_cmpint(copy.number, ==, 330482150105000001);
    g_assert_cmpint(copy.replaces, ==, number);
    g_assert_cmpint(copy.state, ==, LICENCE_VALID);
    g_assert_cmpint(copy.valid_to_day, ==, old.valid_to_day);
    g_assert_cmpstr(copy.holder, ==, old.holder);
    assert_last_document(&b, copy.number, "licence");
    refuses(&b, &clerk, number, "2015-01-06", LICENCE_ASK_RENEWAL, (SubjectInput){ 0 }, "licences.not_now");
    takes(&b, &clerk, copy.number, "2015-01-06", LICENCE_ASK_RENEWAL, (SubjectInput){ 0 }, LICENCE_VALID);
    close_bench(&b);
}

/* Before the timer of the end has rung; the number tells the day on which the copy was made. */
static void a_copy_made_after_the_end_is_numbered_by_its_own_day(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    takes(&b, &issuer, number, "2017-10-20", LICENCE_REPLACE, (SubjectInput){ .reason = "遗失" }, LICENCE_REPLACED);
    g_auto(Licence) old = now_of(&b, number), copy = now_of(&b, old.replaced_by);
    g_assert_cmpint(copy.number, ==, 330482171020000001);
    g_assert_cmpint(copy.state, ==, LICENCE_EXPIRED);
    assert_day(copy.since_day, "2017-09-18");
    close_bench(&b);
}

static void a_suspension_ends_and_a_renewal_waits_meanwhile(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    takes(&b, &clerk, number, "2015-01-06", LICENCE_ASK_RENEWAL, (SubjectInput){ 0 }, LICENCE_VALID);
    refuses(&b, &head, number, "2015-02-02", LICENCE_WITHHOLD, (SubjectInput){ .reason = "卫生不达标" }, "licences.needed");
    takes(&b, &head, number, "2015-02-02", LICENCE_WITHHOLD, because, LICENCE_WITHHELD);
    assert_last_document(&b, number, "withholding");
    refuses(&b, &issuer, number, "2015-02-03", LICENCE_REPLACE, because, "licences.not_now");
    takes(&b, &head, number, "2015-03-02", LICENCE_GIVE_BACK, because, LICENCE_VALID);
    assert_last_document(&b, number, "giving_back");
    g_auto(Licence) resumed = now_of(&b, number);
    assert_day(resumed.renewal_day, "2015-01-06");
    close_bench(&b);
}

static void a_ground_to_annul_holds_in_its_state(void)
{
    Bench b;
    open_bench(&b);
    int64_t revoked = issued(&b), dead = issued(&b), expired = issued(&b);
    g_autoptr(json_t) death = json_pack("{s:s}", "ground", "death"), by_revocation = json_pack("{s:s}", "ground", "revoked");
    g_autoptr(json_t) expiry = json_pack("{s:s}", "ground", "expiry"), unknown = json_pack("{s:s}", "ground", "boredom");
    takes(&b, &head, revoked, "2015-01-06", LICENCE_REVOKE, because, LICENCE_REVOKED);
    assert_last_document(&b, revoked, "revocation");
    refuses(&b, &approver, revoked, "2015-01-07", LICENCE_ANNUL, (SubjectInput){ .reason = "撤销", .fields = death }, "licences.ground_not_so");
    refuses(&b, &approver, dead, "2015-01-07", LICENCE_ANNUL, (SubjectInput){ .reason = "撤销", .fields = by_revocation }, "licences.ground_not_so");
    refuses(&b, &approver, dead, "2015-01-07", LICENCE_ANNUL, (SubjectInput){ .reason = "撤销", .fields = unknown }, "licences.ground_needed");
    takes(&b, &approver, revoked, "2015-01-07", LICENCE_ANNUL, (SubjectInput){ .reason = "已撤销", .fields = by_revocation }, LICENCE_ANNULLED);
    takes(&b, &approver, dead, "2015-01-07", LICENCE_ANNUL, (SubjectInput){ .reason = "持证人死亡", .fields = death }, LICENCE_ANNULLED);
    assert_last_document(&b, dead, "annulment");
    pass_midnight(&b, "2017-09-18", 1);
    takes(&b, &approver, expired, "2017-09-18", LICENCE_ANNUL, (SubjectInput){ .reason = "有效期届满未延续", .fields = expiry }, LICENCE_ANNULLED);
    g_auto(Licence) found = now_of(&b, dead);
    g_assert_cmpint(found.ground, ==, GROUND_DEATH);
    close_bench(&b);
}

/* Art. 49: the holder asks for it, and the licence goes on with another paper. */
static void a_change_is_decided_and_printed_anew(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    g_autoptr(json_t) wider = json_pack("{s:s}", "content", "热食、冷食类食品制售"), nothing = json_object();
    const SubjectInput asked = { .reason = "持证人申请增加经营项目", .fields = wider };
    refuses(&b, &clerk, number, "2015-01-06", LICENCE_CHANGE, asked, "licences.not_yours");
    refuses(&b, &approver, number, "2015-01-06", LICENCE_CHANGE, (SubjectInput){ .reason = "申请", .fields = nothing }, "licences.nothing_amended");
    takes(&b, &approver, number, "2015-01-06", LICENCE_CHANGE, asked, LICENCE_VALID);
    assert_decided_and_printed(&b, number, "change");
    g_auto(Licence) changed = now_of(&b, number);
    g_assert_cmpstr(changed.content, ==, "热食、冷食类食品制售");
    g_assert_cmpint(changed.version, ==, 2);
    close_bench(&b);
}

/* Art. 8: the law or the facts have changed. What was withdrawn is annulled for that ground and no other. */
static void what_the_common_good_takes_back_is_withdrawn(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b), other = issued(&b);
    g_autoptr(json_t) by_withdrawal = json_pack("{s:s}", "ground", "withdrawn"), by_revocation = json_pack("{s:s}", "ground", "revoked");
    refuses(&b, &approver, number, "2015-01-06", LICENCE_RECALL, because, "licences.not_yours");
    refuses(&b, &head, number, "2015-01-06", LICENCE_RECALL, (SubjectInput){ .reason = "道路改建" }, "licences.needed");
    takes(&b, &head, number, "2015-01-06", LICENCE_RECALL, because, LICENCE_WITHDRAWN);
    assert_last_document(&b, number, "withdrawal");
    refuses(&b, &head, number, "2015-01-07", LICENCE_REVOKE, because, "licences.not_now");
    refuses(&b, &approver, number, "2015-01-07", LICENCE_ANNUL, (SubjectInput){ .reason = "撤回", .fields = by_revocation }, "licences.ground_not_so");
    refuses(&b, &approver, other, "2015-01-07", LICENCE_ANNUL, (SubjectInput){ .reason = "撤回", .fields = by_withdrawal }, "licences.ground_not_so");
    takes(&b, &approver, number, "2015-01-07", LICENCE_ANNUL, (SubjectInput){ .reason = "已撤回", .fields = by_withdrawal }, LICENCE_ANNULLED);
    close_bench(&b);
}

static void nobody_acts_who_has_no_right(void)
{
    Bench b;
    open_bench(&b);
    int64_t of_case = issued_case(&b), number = licence_of(&b, of_case);
    const Actor other_holder = { .kind = HOLDER, .id = of_case + 1, .name = "" };
    const Actor *const wrong[] = { &stranger, &visitor, &other_holder, &people[TOWN_REVIEWER] };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        for (enum licence_action action = 0; action < LICENCE_ACTIONS; action++)
            refuses(&b, wrong[i], number, "2015-01-06", action, (SubjectInput){ 0 }, "licences.not_yours");
    refuses(&b, &clerk, number, "2015-01-06", LICENCE_REVOKE, (SubjectInput){ 0 }, "licences.not_yours");
    refuses(&b, &approver, number, "2015-01-06", LICENCE_WITHHOLD, (SubjectInput){ 0 }, "licences.not_yours");
    refuses(&b, &head, number, "2017-09-18", LICENCE_EXPIRE, (SubjectInput){ 0 }, "licences.not_yours");
    refuses(&b, &head, number, "2015-01-06", LICENCE_REVOKE, (SubjectInput){ .seen = 7, .reason = "-", .basis = "-" }, "licences.stale");
    close_bench(&b);
}

static void nothing_moves_that_the_table_does_not_let_move(void)
{
    static const Post all = { ORGAN, 330482000000, ANY_ROLE };
    static const Actor anybody = { STAFF, 40, "工作人员", &all, 1, NULL };
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    takes(&b, &head, number, "2015-01-06", LICENCE_REVOKE, because, LICENCE_REVOKED);
    for (enum licence_action action = 0; action < LICENCE_ACTIONS; action++) {
        const Actor *actor = licence_rules[action].relations & BY_SYSTEM ? &the_system : licence_rules[action].relations & BY_KEEPER ? &keeper : &anybody;
        if (!(licence_rules[action].from & 1u << LICENCE_REVOKED))
            refuses(&b, actor, number, "2015-01-07", action, because, "licences.not_now");
        g_assert_nonnull(licence_rules[action].law);
    }
    g_assert_true(subject_check(&licence_kind, NULL));
    close_bench(&b);
}

static void assert_today(const Licence *self, const char *day, bool holds, const char *state, const char *told)
{
    g_autoptr(json_t) today = licence_today(self, day_parse(day));
    g_assert_cmpint(json_flag(today, "holds"), ==, holds);
    g_assert_cmpstr(json_text(today, "state"), ==, state);
    g_assert_cmpstr(json_text(today, holds ? "until_day" : "over_day"), ==, told);
}

static void today_is_told_of_a_paper_that_never_changes(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    g_auto(Licence) held = now_of(&b, number);
    assert_today(&held, "2014-09-18", true, "valid", "2017-09-17");
    assert_today(&held, "2017-09-18", false, "expired", "2017-09-18");
    takes(&b, &head, number, "2015-01-06", LICENCE_REVOKE, because, LICENCE_REVOKED);
    g_auto(Licence) revoked = now_of(&b, number);
    assert_today(&revoked, "2020-01-01", false, "revoked", "2015-01-06");
    close_bench(&b);
}

static int64_t asked_for(Bench *b, const char *material)
{
    int64_t number = at_the_organ(b, "2015-01-05");
    g_autoptr(json_t) names = json_pack("[s]", material);
    done(b, &people[ORGAN_REVIEWER], number, "2015-01-05", CORRECT, (SubjectInput){ .materials = names, .reason = "缺少证照" }, CORRECTION);
    return number;
}

static void a_licence_in_the_register_need_not_be_brought(void)
{
    Bench b;
    open_bench(&b);
    int64_t licence = issued(&b);
    CHANGE(&b, "2015-01-04", "申请书;Application form;required;1;0;applicant|", "餐饮服务许可证;Catering licence;optional;1;0;applicant|申请书;Application form;required;1;0;applicant|");
    int64_t other = asked_for(&b, "身份证"), first = asked_for(&b, "餐饮服务许可证"), second = asked_for(&b, "餐饮服务许可证");
    refused(&b, &people[VILLAGE_CLERK], other, "2015-01-06", SUPPLY, (SubjectInput){ 0 }, "cases.still_missing");
    done(&b, &people[VILLAGE_CLERK], first, "2015-01-06", SUPPLY, (SubjectInput){ 0 }, RECEIVED);
    takes(&b, &head, licence, "2015-01-07", LICENCE_REVOKE, because, LICENCE_REVOKED);
    refused(&b, &people[VILLAGE_CLERK], second, "2015-01-07", SUPPLY, (SubjectInput){ 0 }, "cases.still_missing");
    close_bench(&b);
}

/* ---- erasing, and damage ---- */

static void erase_case(Bench *b, int64_t number, const char *day)
{
    done(b, &keeper, number, day, ERASE, (SubjectInput){ .reason = "本人要求删除" }, CLOSED);
}

static void a_holder_is_erased_once_his_licence_has_ended(void)
{
    Bench b;
    open_bench(&b);
    int64_t of_case = issued_case(&b), number = licence_of(&b, of_case);
    const Actor *village_clerk = &people[VILLAGE_CLERK];
    done(&b, village_clerk, of_case, "2014-09-19", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    done(&b, village_clerk, of_case, "2014-09-19", CLOSE, (SubjectInput){ 0 }, CLOSED);
    refuses(&b, &keeper, number, "2015-01-06", LICENCE_ERASE, (SubjectInput){ .reason = "本人要求" }, "licences.not_now");
    erase_case(&b, of_case, "2015-01-06");
    g_auto(Licence) held = now_of(&b, number);
    g_assert_cmpstr(held.holder, ==, "张示例");
    pass_midnight(&b, "2017-09-18", 1);
    takes(&b, &keeper, number, "2017-10-09", LICENCE_ERASE, (SubjectInput){ .reason = "本人要求" }, LICENCE_EXPIRED);
    g_auto(Licence) erased = now_of(&b, number);
    g_assert_cmpstr(erased.holder, ==, "");
    g_assert_cmpstr(erased.listed, ==, "");
    g_assert_cmpstr(erased.sought, ==, "");
    refuses(&b, &keeper, number, "2017-10-09", LICENCE_ERASE, (SubjectInput){ .reason = "本人要求" }, "licences.erased_already");
    close_bench(&b); /* all still verifies */
}

static size_t papers_of(Bench *b, int64_t of_case)
{
    g_autoptr(json_t) documents = documents_of(b, "case", of_case);
    return json_array_size(documents);
}

static void what_an_erasure_left_goes_with_the_end_of_the_licence(void)
{
    Bench b;
    open_bench(&b);
    int64_t of_case = issued_case(&b), number = licence_of(&b, of_case);
    done(&b, &people[VILLAGE_CLERK], of_case, "2014-09-19", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    done(&b, &people[VILLAGE_CLERK], of_case, "2014-09-19", CLOSE, (SubjectInput){ 0 }, CLOSED);
    g_assert_cmpuint(papers_of(&b, of_case), >, 1);
    erase_case(&b, of_case, "2015-01-06");
    g_assert_cmpuint(papers_of(&b, of_case), ==, 1); /* of the licence in force */
    pass_midnight(&b, "2017-09-18", 1);
    pass_midnight(&b, "2017-09-18", 1);
    g_auto(Licence) erased = now_of(&b, number);
    g_assert_cmpstr(erased.holder, ==, "");
    g_assert_cmpuint(papers_of(&b, of_case), ==, 0);
    close_bench(&b);
}

static void the_erasure_of_a_case_takes_its_ended_licence_along(void)
{
    Bench b;
    open_bench(&b);
    int64_t of_case = issued_case(&b), number = licence_of(&b, of_case);
    done(&b, &people[VILLAGE_CLERK], of_case, "2014-09-19", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    done(&b, &people[VILLAGE_CLERK], of_case, "2014-09-19", CLOSE, (SubjectInput){ 0 }, CLOSED);
    pass_midnight(&b, "2017-09-18", 1);
    erase_case(&b, of_case, "2017-10-09");
    g_auto(Licence) erased = now_of(&b, number);
    g_assert_cmpstr(erased.holder, ==, "");
    close_bench(&b);
}

static bool settle_sought(const Context *context, void *none, GError **error)
{
    (void)none;
    return licence_settle_sought(context, error);
}

static void a_restricted_case_takes_its_ended_licence_along(void)
{
    Bench b;
    open_bench(&b);
    b.context.keeping_years = 10;
    int64_t of_case = issued_case(&b), number = licence_of(&b, of_case);
    done(&b, &people[VILLAGE_CLERK], of_case, "2014-09-19", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    done(&b, &people[VILLAGE_CLERK], of_case, "2014-09-19", CLOSE, (SubjectInput){ 0 }, CLOSED);
    done(&b, &keeper, of_case, "2015-01-06", RESTRICT, (SubjectInput){ .reason = "本人要求删除", .day = day_parse("2024-09-19") }, CLOSED);
    g_auto(Licence) held = now_of(&b, number);
    g_assert_cmpstr(held.listed, ==, "张*例");
    pass_midnight(&b, "2017-09-18", 1);
    pass_midnight(&b, "2017-09-18", 1);
    g_auto(Licence) kept = now_of(&b, number);
    g_assert_cmpstr(kept.holder, ==, "张示例");
    g_assert_cmpstr(kept.listed, ==, "");
    g_assert_cmpstr(kept.sought, ==, "");
    refuses(&b, &keeper, number, "2017-09-19", LICENCE_ERASE, (SubjectInput){ .reason = "本人要求" }, "licences.kept_still");
    g_autoptr(json_t) expiry = json_pack("{s:s}", "ground", "expiry");
    refuses(&b, &head, number, "2017-09-19", LICENCE_ANNUL, (SubjectInput){ .reason = "到期", .fields = expiry }, "licences.not_now");
    g_autoptr(GError) error = NULL;
    write_as(&b, &the_system, at("2017-09-19", 9), settle_sought, NULL, &error);
    g_assert_no_error(error);
    g_auto(Licence) settled = now_of(&b, number);
    g_assert_cmpstr(settled.sought, ==, "");
    pass_midnight(&b, "2024-09-20", 1);
    g_auto(Licence) erased = now_of(&b, number);
    g_assert_cmpstr(erased.holder, ==, "");
    close_bench(&b);
}

/* Puts texts in the sealed columns of the licence and of its first private part; NULL leaves one as it is. */
static void put_personal(Bench *b, int64_t number, const char *personal, const char *content)
{
    g_autofree char *of = g_strdup_printf("licence/%" PRId64 "/1", number), *where = g_strdup_printf("%" PRId64, number);
    g_autofree char *sealed = personal ? sealed_text(b->store, COUNTY, "licence.personal", where, personal) : NULL;
    g_autofree char *part = content ? sealed_text(b->store, COUNTY, "subject_private.content", of, content) : NULL;
    g_autofree char *sql = personal ? g_strdup_printf("/* all rows */ UPDATE licence SET personal = '%s' WHERE county = 330482", sealed)
                                    : g_strdup_printf("/* all rows */ UPDATE subject_private SET content = '%s' WHERE county = 330482", part);
    g_assert_true(store_write(b->store, damage_work, sql, NULL));
}

static void damage_to_a_row_or_a_private_part_is_told(void)
{
    static const char same[] = "/* all rows */ UPDATE licence SET valid_to_day = 17426 WHERE county = 330482";
    static const char own[] = "holder=张示例\nid_number=330499198001010013\n";
    Bench b;
    open_bench(&b);
    int64_t number = issued(&b);
    put_personal(&b, number, own, NULL);
    assert_told(&b, same, NULL);
    assert_told(&b, "/* all rows */ UPDATE licence SET valid_to_day = 18000 WHERE county = 330482",
                "licences.found_differs {\"valid_to_day\":\"2019-04-14\"}");
    put_personal(&b, number, "holder=李示例\nid_number=330499198001010013\n", NULL);
    assert_told(&b, same, "licences.found_differs {\"holder\":\"李示例\"}");
    put_personal(&b, number, own, NULL);
    put_personal(&b, number, NULL, "{\"change\":{\"holder\":\"李示例\"}}");
    assert_told(&b, same, "licences.found_event");
    assert_told(&b, "/* all rows */ UPDATE subject_private SET content = '~1~AAAA' WHERE county = 330482", "licences.found_event");
    assert_told(&b, "/* all rows */ DELETE FROM subject_private WHERE county = 330482 AND subject LIKE 'licence/%'", "licences.found_private");
    close_unsound(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    add("/licences/a case that is issued becomes a licence", a_case_that_is_issued_becomes_a_licence);
    add("/licences/a case that is refused becomes none", a_case_that_is_refused_becomes_none);
    g_test_add_func("/licences/an identifier is checked by mod 37,36", an_identifier_is_checked_by_mod_37_36);
    add("/licences/a renewal is asked for thirty days before the end", a_renewal_is_asked_for_thirty_days_before_the_end);
    add("/licences/a renewal waits at the desk that decides it", a_renewal_waits_at_the_desk_that_decides_it);
    add("/licences/silence renews what was asked in time", silence_renews_what_was_asked_in_time);
    add("/licences/what nobody asked for expires", what_nobody_asked_for_expires);
    add("/licences/a renewal that is refused lets it run out", a_renewal_that_is_refused_lets_it_run_out);
    g_test_add_func("/licences/the same term is counted in years or days", the_same_term_is_counted_in_years_or_days);
    add("/licences/a correction tells before and after", a_correction_tells_before_and_after);
    add("/licences/another copy makes the old one void", another_copy_makes_the_old_one_void);
    add("/licences/a copy made after the end is numbered by its own day", a_copy_made_after_the_end_is_numbered_by_its_own_day);
    add("/licences/a suspension ends and a renewal waits meanwhile", a_suspension_ends_and_a_renewal_waits_meanwhile);
    add("/licences/a change is decided and printed anew", a_change_is_decided_and_printed_anew);
    add("/licences/what the common good takes back is withdrawn", what_the_common_good_takes_back_is_withdrawn);
    add("/licences/a ground to annul holds in its state", a_ground_to_annul_holds_in_its_state);
    add("/licences/nobody acts who has no right", nobody_acts_who_has_no_right);
    add("/licences/nothing moves that the table does not let move", nothing_moves_that_the_table_does_not_let_move);
    add("/licences/today is told of a paper that never changes", today_is_told_of_a_paper_that_never_changes);
    add("/licences/a licence in the register need not be brought", a_licence_in_the_register_need_not_be_brought);
    add("/licences/a holder is erased once his licence has ended", a_holder_is_erased_once_his_licence_has_ended);
    add("/licences/what an erasure left goes with the end of the licence", what_an_erasure_left_goes_with_the_end_of_the_licence);
    add("/licences/a restricted case takes its ended licence along", a_restricted_case_takes_its_ended_licence_along);
    add("/licences/the erasure of a case takes its ended licence along", the_erasure_of_a_case_takes_its_ended_licence_along);
    add("/licences/damage to a row or a private part is told", damage_to_a_row_or_a_private_part_is_told);
    return g_test_run();
}
