// SPDX-License-Identifier: Apache-2.0
/* Acts of several levels: who decides in whose name, what is examined below, sent up, transferred, and taken over by another applicant. */
#include "cases/bench_test.h"

/* The facts of the case's last document of this kind. Owned by the caller. */
static json_t *last_paper(Bench *b, int64_t number, const char *kind)
{
    json_t *content = NULL;
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) all = files_documents(db, COUNTY, subject, NULL);
    for (size_t i = json_array_size(all); i-- > 0 && !content;)
        if (strcmp(json_text(json_array_get(all, i), "document_kind"), kind) == 0)
            g_assert_true(files_document_content(db, COUNTY, json_text(json_array_get(all, i), "code"), &content, NULL));
    store_return(b->store, db);
    g_assert_nonnull(content);
    return content;
}

/* The number of the case's last document of this kind. Owned by the caller. */
static char *number_of_paper(Bench *b, int64_t number, const char *kind)
{
    char *found = NULL;
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) all = files_documents(db, COUNTY, subject, NULL);
    for (size_t i = json_array_size(all); i-- > 0 && !found;)
        if (strcmp(json_text(json_array_get(all, i), "document_kind"), kind) == 0)
            found = g_strdup(json_text(json_array_get(all, i), "number"));
    store_return(b->store, db);
    return found;
}

/* ---- competence (Licensing Law arts. 22–24) ---- */

static const Post town_posts[] = { { TOWN_CENTRE_ORGAN, 330482103000, APPROVER } };
static const Actor town_approver = { STAFF, PEOPLE + 5, "镇负责人", town_posts, 1, NULL };

/* Decided by the town with this power. */
static int64_t granted_by_town(Bench *b, const char *power)
{
    bench_open(b);
    CHANGE(b, "2014-08-01", "keywords,origin\n", "keywords,origin,powers\n", "made up\n", power, "decide;county;", "decide;town/county;");
    int64_t n = to_decide(b, "2014-08-18");
    refused(b, &people[ORGAN_APPROVER], n, "2014-08-19", GRANT, (SubjectInput){ .opinion = "同意" }, "cases.not_yours");
    done(b, &town_approver, n, "2014-08-19", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    return n;
}

static void an_entrusted_town_decides_in_the_name_of_the_organ(void)
{
    Bench b;
    int64_t n = granted_by_town(&b, "made up,town;entrusted;平政发〔2013〕8号\n");
    g_autoptr(json_t) paper = last_paper(&b, n, "decision"), receipt = last_paper(&b, n, "receipt");
    const json_t *issuer = json_object_get(paper, "issuer");
    g_autofree char *number = number_of_paper(&b, n, "decision");
    g_assert_cmpstr(json_text(issuer, "organ_name"), ==, "平湖市市场监督管理局");
    g_assert_cmpstr(json_text(issuer, "entrusted_name"), ==, "平湖市新仓镇人民政府");
    g_assert_cmpstr(json_text(issuer, "power_basis"), ==, "平政发〔2013〕8号");
    g_assert_true(g_str_has_prefix(number, "平市监"));
    g_assert_null(json_object_get(json_object_get(receipt, "issuer"), "entrusted_name"));
    bench_close(&b);
}

static void an_authorised_town_decides_in_its_own_name(void)
{
    Bench b;
    int64_t n = granted_by_town(&b, "made up,town;authorised;《条例》第五条\n");
    g_autoptr(json_t) paper = last_paper(&b, n, "decision");
    const json_t *issuer = json_object_get(paper, "issuer");
    g_autofree char *number = number_of_paper(&b, n, "decision");
    g_assert_cmpstr(json_text(issuer, "organ_name"), ==, "平湖市新仓镇人民政府");
    g_assert_cmpstr(json_text(issuer, "government"), ==, "平湖市人民政府");
    g_assert_cmpstr(json_text(issuer, "entrusted_name"), ==, "");
    g_assert_true(g_str_has_prefix(number, "平镇便"));
    bench_close(&b);
}

static SubjectInput to_item(json_t **fields, const char *code)
{
    *fields = json_pack("{s:s}", "to_item", code);
    return (SubjectInput){ .reason = "取水属于水利局职权", .basis = "《水法》第四十八条", .fields = *fields };
}

/* ---- examined below first (arts. 35, 43) ---- */

/* Accepted by the town, which examines it first by law. */
static int64_t accepted_below(Bench *b, const char *day)
{
    bench_open(b);
    CHANGE(b, "2014-08-01", "keywords,origin\n", "keywords,origin,powers\n", "made up\n", "made up,town;examines;《条例》第五条\n",
           "prereview;town;reviewer|accept;county;reviewer|review", "accept;town/county;reviewer|review;town;reviewer|review");
    int64_t n = drafted(b, day);
    g_autoptr(json_t) papers = necessary_papers();
    done(b, &people[VILLAGE_CLERK], n, day, SUBMIT, (SubjectInput){ .materials = papers }, RECEIVED);
    done(b, &people[TOWN_REVIEWER], n, day, ACCEPT, (SubjectInput){ 0 }, REVIEW);
    return n;
}

static void a_lower_organ_examines_within_its_own_twenty_days(void)
{
    Bench b;
    int64_t n = accepted_below(&b, "2014-08-18");
    g_autoptr(json_t) acceptance = last_paper(&b, n, "acceptance");
    g_assert_cmpstr(json_text(json_object_get(acceptance, "issuer"), "organ_name"), ==, "平湖市新仓镇人民政府");
    g_assert_cmpstr(json_text(acceptance, "below_day"), ==, "2014-09-16");
    g_assert_cmpstr(json_text(acceptance, "below_for"), ==, "平湖市市场监督管理局");
    assert_due(&b, n, BELOW_CLOCK, "2014-08-18", "2014-09-16"); /* twenty working days: the Mid-Autumn Festival rests */
    g_auto(Case) waiting = present(&b, n);
    g_assert_cmpint(waiting.desk_organ, ==, TOWN_CENTRE_ORGAN);
    g_assert_cmpint(day_of(waiting.due_at), ==, day_from(2014, 9, 16));
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-20", PASS, (SubjectInput){ .opinion = "x" }, "cases.not_yours");
    g_autoptr(json_t) fields = NULL;
    refused(&b, &people[TOWN_REVIEWER], n, "2014-08-20", TRANSFER, to_item(&fields, "CY"), "cases.not_now"); /* the deciding organ's to do */
    g_auto(Case) sent = after(&b, &people[TOWN_REVIEWER], n, "2014-09-02", PASS, (SubjectInput){ .opinion = "初审同意" });
    g_assert_cmpstr(sent.marks[sent.mark_count - 1].why, ==, "sent_on");
    assert_due(&b, n, PROMISE_CLOCK, "2014-09-02", "2014-09-17"); /* the county's ten working days begin when the file comes */
    g_auto(Case) back = after(&b, &people[ORGAN_REVIEWER], n, "2014-09-03", RETURN_BACK, (SubjectInput){ .reason = "请补充初审意见" });
    g_assert_true(back.marks[back.mark_count - 1].holder == LOWER_ORGAN && !back.corrected);
    refused(&b, &people[TOWN_REVIEWER], n, "2014-09-03", CORRECT, (SubjectInput){ .reason = "x" }, "cases.not_now");
    done(&b, &people[TOWN_REVIEWER], n, "2014-09-04", PASS, (SubjectInput){ .opinion = "已补充" }, REVIEW);
    done(&b, &people[ORGAN_REVIEWER], n, "2014-09-05", PASS, (SubjectInput){ .opinion = "符合条件" }, REVIEW);
    g_auto(Case) granted = after(&b, &people[ORGAN_APPROVER], n, "2014-09-05", GRANT, (SubjectInput){ .opinion = "同意" });
    g_assert_cmpint(granted.spent, ==, 2); /* 3 and 5 September: the rest was the town's */
    g_autoptr(json_t) paper = last_paper(&b, n, "decision");
    g_assert_cmpstr(json_text(json_object_get(paper, "issuer"), "organ_name"), ==, "平湖市市场监督管理局");
    bench_close(&b);
}

static void what_a_village_lacks_uses_no_correction_up(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) one = json_pack("[s]", "申请书"), other = json_pack("[s]", "身份证");
    int64_t n = drafted(&b, "2014-08-18");
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ .materials = one }, RECEIVED);
    g_auto(Case) back = after(&b, &people[TOWN_REVIEWER], n, "2014-08-18", RETURN_BACK, (SubjectInput){ .reason = "缺身份证" });
    g_assert_true(back.state == RECEIVED && back.desk_organ == VILLAGE_POINT_ORGAN && !back.corrected && !back.returned);
    attach(&b, &people[VILLAGE_CLERK], n, "2014-08-19", "身份证");
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-19", PASS, (SubjectInput){ .opinion = "已补齐" }, RECEIVED);
    done(&b, &people[TOWN_REVIEWER], n, "2014-08-19", CORRECT, (SubjectInput){ .materials = other, .reason = "复印件不清" }, CORRECTION);
    bench_close(&b);
}

/* ---- sent up (上报) ---- */

static SubjectInput result_of(json_t **fields, const char *number)
{
    *fields = json_pack("{s:s}", "above_number", number);
    return (SubjectInput){ .opinion = "上级已准予", .reason = "上级不予", .fields = *fields };
}

static int64_t sent_up(Bench *b)
{
    int64_t n = to_decide(b, "2014-08-18");
    refused(b, &people[ORGAN_APPROVER], n, "2014-08-19", GRANT, (SubjectInput){ .opinion = "同意" }, "cases.not_now");
    done(b, &people[ORGAN_APPROVER], n, "2014-08-19", SEND_UP, (SubjectInput){ .opinion = "拟同意" }, REVIEW);
    return n;
}

static void what_is_decided_above_is_sent_up(void)
{
    Bench b;
    bench_open(&b);
    CHANGE(&b, "2014-08-01", "keywords,origin\n", "keywords,origin,handling,above\n", "made up\n",
           "made up,forwarded,prefecture;嘉兴市市场监督管理局;Jiaxing Market Supervision Bureau;15;working;《条例》第六条\n", "issue;town;issuer|", "");
    g_autoptr(json_t) none = NULL, granted = NULL, denied = NULL;
    int64_t n = sent_up(&b), other = sent_up(&b), given_up = sent_up(&b);
    g_auto(Case) up = present(&b, n);
    g_assert_cmpint(day_of(up.due_at), ==, day_from(2014, 9, 10));
    g_assert_cmpint(up.alarm_at, ==, 0); /* the county's limit stands still */
    g_autoptr(json_t) letter = last_paper(&b, n, "send_up");
    g_assert_cmpstr(json_text(letter, "above_organ"), ==, "嘉兴市市场监督管理局");
    g_assert_cmpuint(json_array_size(json_object_get(letter, "materials")), ==, 2);
    refused(&b, &people[ORGAN_APPROVER], n, "2014-08-20", SEND_UP, (SubjectInput){ .opinion = "x" }, "cases.not_now");
    refused(&b, &people[ORGAN_APPROVER], n, "2014-08-20", RETURN_BACK, (SubjectInput){ .reason = "x" }, "cases.not_now");
    refused(&b, &people[ORGAN_APPROVER], n, "2014-08-20", GRANT, result_of(&none, ""), "cases.above_number_needed");
    refused(&b, &people[ORGAN_APPROVER], n, "2014-08-20", REFUSE, (SubjectInput){ .reason = "x" }, "cases.above_number_needed");
    g_auto(Case) done_so = after(&b, &people[ORGAN_APPROVER], n, "2014-09-10", GRANT, result_of(&granted, "嘉市监许〔2014〕7号"));
    g_assert_true(done_so.state == GRANTED && done_so.spent == 1 && done_so.kept && !*done_so.special && !done_so.overdue);
    done(&b, &people[ORGAN_APPROVER], other, "2014-09-10", REFUSE, result_of(&denied, "嘉市监许〔2014〕8号"), REFUSED);
    g_autoptr(json_t) result = last_paper(&b, n, "above_result"), refusal = last_paper(&b, other, "above_result");
    g_assert_true(json_flag(result, "is_granted") && !json_flag(refusal, "is_granted"));
    g_assert_cmpstr(json_text(result, "above_number"), ==, "嘉市监许〔2014〕7号");
    g_auto(Case) gone = after(&b, &people[VILLAGE_CLERK], given_up, "2014-08-21", WITHDRAW, (SubjectInput){ .reason = "不办了" });
    g_assert_cmpstr(gone.special, ==, "");
    bench_close(&b);
}

/* ---- transferred (移送) ---- */

static const char other_item[] =
    "SL,取水许可,Abstraction licence,15,license,county,可以取水,To take water,个人和单位,Anyone,"
    "水法,Water Law,45,working,acceptance,20,working,person|enterprise,"
    "申请书;Application form;required;1;0;applicant|取水图;Map of the intake;required;1;0;applicant,"
    "不收费,Free,,receive;county;clerk|accept;county;reviewer|decide;county;approver|deliver;county;clerk,,0,,,no,"
    "取水许可证,Abstraction licence,5,licence,no,取水,made up\n";
static const Post water_posts[] = { { 15, 330482000000, REVIEWER }, { 15, 330482000000, APPROVER } };
static const Actor water_reviewer = { STAFF, PEOPLE + 6, "水利审核", &water_posts[0], 1, NULL };

/* It is counted no more where it was accepted. */
static void assert_taken_back(const Case *before, const Case *sent)
{
    Count counts[COUNTS_MOST] = { { 0 } };
    const SubjectChange change = { .kind = &case_kind, .before = before, .after = sent };
    g_assert_cmpuint(case_measures[0].counts(&change, counts), ==, 1);
    g_assert_cmpint(counts[0].organ, ==, ORGAN);
    g_assert_cmpint(counts[0].day, ==, before->accepted_on);
    g_assert_cmpint(counts[0].by[ACCEPTED_CASES], ==, -1);
    g_assert_cmpint(counts[0].by[OPEN_CASES], ==, -1);
    g_assert_cmpint(counts[0].by[DECIDED_CASES], ==, 0);
    Case at_window = *before;
    at_window.channel = AT_COUNTY;
    g_assert_cmpuint(case_measures[0].counts(&(SubjectChange){ .kind = &case_kind, .before = &at_window, .after = sent }, counts), ==, 2);
    g_assert_true(counts[1].is_by_hour && counts[1].hour == before->accepted_hour && counts[1].by[ACCEPTED_CASES] == -1);
}

static void a_case_goes_to_the_organ_that_has_the_power(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    g_autofree char *table = g_strconcat(items, other_item, NULL);
    write_as(&b, &the_system, at("2014-08-01", 8), import_table, table, &error);
    g_assert_no_error(error);
    g_autoptr(json_t) own = NULL, unknown = NULL, water = NULL, asked = json_pack("[s, s]", "申请书", "取水图"), lacking = json_pack("[s]", "取水图");
    int64_t n = under_review(&b, "2014-08-18");
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-25", TRANSFER, to_item(&own, "CY"), "cases.transfer_item");
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-25", TRANSFER, to_item(&unknown, "NOTHING"), "cases.transfer_item");
    refused(&b, &people[OTHER_ORGAN], n, "2014-08-25", TRANSFER, to_item(&water, "SL"), "cases.not_yours");
    g_autoptr(json_t) again = water; /* to_item makes another */
    (void)again;
    g_auto(Case) before = present(&b, n);
    g_auto(Case) sent = after(&b, &people[ORGAN_REVIEWER], n, "2014-08-25", TRANSFER, to_item(&water, "SL"));
    g_assert_true(sent.state == RECEIVED && sent.organ == 15 && !sent.accepted_on && sent.statutory_days == 45);
    g_assert_cmpstr(sent.item, ==, "SL");
    assert_taken_back(&before, &sent);
    assert_due(&b, n, INTAKE_CLOCK, "2014-08-25", "2014-09-01");
    g_autoptr(json_t) letter = last_paper(&b, n, "transfer");
    g_autofree char *number = number_of_paper(&b, n, "transfer");
    g_assert_cmpstr(json_text(json_object_get(letter, "issuer"), "organ_name"), ==, "平湖市市场监督管理局");
    g_assert_cmpstr(json_text(letter, "to_organ"), ==, "平湖市水利局");
    g_assert_cmpstr(json_text(letter, "item_before"), ==, "餐饮服务许可");
    g_assert_cmpuint(json_array_size(json_object_get(letter, "materials")), ==, 2);
    g_assert_true(g_str_has_prefix(number, "平市监"));
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-26", ACCEPT, (SubjectInput){ 0 }, "cases.not_yours");
    refused(&b, &water_reviewer, n, "2014-08-26", CORRECT, (SubjectInput){ .materials = asked, .reason = "缺图" }, "cases.is_there_already");
    done(&b, &water_reviewer, n, "2014-08-26", CORRECT, (SubjectInput){ .materials = lacking, .reason = "缺图" }, CORRECTION);
    attach(&b, &people[VILLAGE_CLERK], n, "2014-08-27", "取水图");
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-27", SUPPLY, (SubjectInput){ 0 }, RECEIVED);
    done(&b, &water_reviewer, n, "2014-08-28", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    assert_due(&b, n, STATUTORY_CLOCK, "2014-08-28", "2014-11-04");
    bench_close(&b);
}

static void a_transfer_launders_no_lateness(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    g_autofree char *table = g_strconcat(items, other_item, NULL);
    write_as(&b, &the_system, at("2014-08-01", 8), import_table, table, &error);
    g_autoptr(json_t) late = NULL, noted = NULL;
    int64_t n = under_review(&b, "2014-08-18");
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-09-29", TRANSFER, to_item(&late, "SL"), "cases.transfer_late");
    ring_until(&b, "2014-09-30", 3);
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-09-30", TRANSFER, to_item(&noted, "SL"), "cases.transfer_late");
    bench_close(&b);
}

/* ---- another applicant ---- */

static SubjectInput new_applicant(json_t **fields, Upload *proof, const char *name, const char *id_number)
{
    *fields = json_pack("{s:s, s:s, s:s, s:s}", "party_kind", "person", "name", name, "id_number", id_number, "telephone", "13900000000");
    return (SubjectInput){ .reason = "店面转让", .material = "变更申请人的证明", .uploads = proof, .upload_count = proof ? 1 : 0, .fields = *fields };
}

static bool print_slip(const Context *context, void *number, GError **error)
{
    char code[CASE_CODE_TEXT];
    return case_renew_code(context, *(const int64_t *)number, code, error);
}

static void another_applicant_takes_a_case_over(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) same = NULL, bare = NULL, other = NULL;
    Upload proof = paper(&b, "%PDF-1.4 contract");
    int64_t n = under_review(&b, "2014-08-18");
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-20", CHANGE_APPLICANT, new_applicant(&same, &proof, "张示例", "330499198001010013"), "cases.same_applicant");
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-20", CHANGE_APPLICANT, new_applicant(&bare, NULL, "李接替", "33049919790202002X"), "cases.needed");
    g_autoptr(GError) error = NULL;
    write_as(&b, &people[VILLAGE_CLERK], at("2014-08-20", 9), print_slip, &n, &error);
    g_assert_no_error(error);
    g_auto(Case) before = present(&b, n);
    g_assert_cmpstr(before.code_hash, !=, "");
    g_auto(Case) changed = after(&b, &people[ORGAN_REVIEWER], n, "2014-08-20", CHANGE_APPLICANT, new_applicant(&other, &proof, "李接替", "33049919790202002X"));
    g_assert_cmpstr(changed.applicant, ==, "李接替");
    g_assert_cmpstr(changed.code_hash, ==, "");
    g_assert_cmpint(changed.party, !=, before.party);
    g_assert_cmpint(changed.due_at, ==, before.due_at); /* the clocks go on */
    const Actor holder = { .kind = HOLDER, .id = n, .name = "" };
    Instant then = life_mark(&changed, "applicant_changed")->at;
    g_assert_true(life_is_of_former(&holder, &changed, then - 1) && !life_is_of_former(&holder, &changed, then));
    g_assert_false(life_is_of_former(&people[ORGAN_REVIEWER], &changed, then - 1));
    g_autoptr(json_t) notice = last_paper(&b, n, "new_applicant"), receipt = last_paper(&b, n, "receipt");
    g_assert_cmpstr(json_text(notice, "applicant_name"), ==, "李接替");
    g_assert_cmpstr(json_text(notice, "applicant_before"), ==, "张示例");
    g_assert_cmpstr(json_text(receipt, "applicant_name"), ==, "张示例"); /* what was written stays */
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-21", PASS, (SubjectInput){ .opinion = "符合条件" }, REVIEW);
    done(&b, &people[ORGAN_APPROVER], n, "2014-08-21", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    g_autoptr(json_t) decision = last_paper(&b, n, "decision");
    g_assert_cmpstr(json_text(decision, "applicant_name"), ==, "李接替");
    g_free((char *)(uintptr_t)proof.path);
    bench_close(&b);
}

/* While a special procedure or a correction is under way the clocks stand as they stood. */
static void a_standstill_survives_a_new_applicant(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) first = NULL, second = NULL, one = json_pack("[s]", "身份证");
    Upload proof = paper(&b, "%PDF-1.4 contract"), other = paper(&b, "%PDF-1.4 will");
    int64_t n = under_review(&b, "2014-08-18"), asked = at_the_organ(&b, "2014-08-18");
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", SUSPEND, (SubjectInput){ .special = "expert_review", .days = 5 }, SUSPENDED);
    g_auto(Case) before = present(&b, n);
    g_auto(Case) still = after(&b, &people[ORGAN_REVIEWER], n, "2014-08-20", CHANGE_APPLICANT, new_applicant(&first, &proof, "李接替", "33049919790202002X"));
    g_assert_true(still.alarm_at == before.alarm_at && still.due_at == before.due_at && still.state == SUSPENDED);
    done(&b, &people[ORGAN_REVIEWER], asked, "2014-08-19", CORRECT, (SubjectInput){ .materials = one, .reason = "不清" }, CORRECTION);
    attach(&b, &people[VILLAGE_CLERK], asked, "2014-08-20", "身份证");
    done(&b, &people[ORGAN_REVIEWER], asked, "2014-08-21", CHANGE_APPLICANT, new_applicant(&second, &other, "李接替", "33049919790202002X"), CORRECTION);
    done(&b, &people[VILLAGE_CLERK], asked, "2014-08-21", SUPPLY, (SubjectInput){ 0 }, RECEIVED);
    g_free((char *)(uintptr_t)proof.path);
    g_free((char *)(uintptr_t)other.path);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add_func("/levels/an entrusted town decides in the name of the organ", an_entrusted_town_decides_in_the_name_of_the_organ);
    g_test_add_func("/levels/an authorised town decides in its own name", an_authorised_town_decides_in_its_own_name);
    g_test_add_func("/levels/a lower organ examines within its own twenty days", a_lower_organ_examines_within_its_own_twenty_days);
    g_test_add_func("/levels/what a village lacks uses no correction up", what_a_village_lacks_uses_no_correction_up);
    g_test_add_func("/levels/what is decided above is sent up", what_is_decided_above_is_sent_up);
    g_test_add_func("/levels/a case goes to the organ that has the power", a_case_goes_to_the_organ_that_has_the_power);
    g_test_add_func("/levels/a transfer launders no lateness", a_transfer_launders_no_lateness);
    g_test_add_func("/levels/another applicant takes a case over", another_applicant_takes_a_case_over);
    g_test_add_func("/levels/a standstill survives a new applicant", a_standstill_survives_a_new_applicant);
    return g_test_run();
}
