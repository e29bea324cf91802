// SPDX-License-Identifier: Apache-2.0
/* Agents and joint applicants (Licensing Law art. 29): what is typed of them, what is asked of them, and who reads their names. */
#include "cases/bench_test.h"

#define AGENT "{\"agent\":{\"id_number\":\"330499198505050043\",\"name\":\"钱代理\",\"scope\":\"提交材料\"},"
#define OTHER "\"with\":[{\"id_number\":\"330499199007070038\",\"is_person\":true,\"name\":\"李同伴\"}]}"

/* ---- what is typed ---- */

/* The text made of these fields; NULL with the reason and the field of the refusal. Owned by the caller. */
static char *typed(const char *fields, const char **reason, const char **field)
{
    char *others = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) given = json_loads(fields, 0, NULL);
    const Party party = villager();
    bool fits = case_others_of(given, day_from(2014, 9, 3), &party, &others, &error);
    g_autoptr(json_t) details = fits ? NULL : trouble_details(error);
    *reason = details ? g_intern_string(json_text(details, "reason")) : NULL;
    *field = details ? g_intern_string(json_text(details, "field")) : NULL;
    return others;
}

static void assert_typed(const char *fields, const char *expected)
{
    const char *reason, *field;
    g_autofree char *others = typed(fields, &reason, &field);
    g_assert_cmpstr(reason, ==, NULL);
    g_assert_cmpstr(others, ==, expected);
}

static void assert_wrong(const char *fields, const char *expected)
{
    const char *reason, *field;
    g_autofree char *others = typed(fields, &reason, &field);
    g_assert_null(others);
    g_assert_cmpstr(reason, ==, expected);
}

#define LINES(text) "{\"co_applicants\": \"" text "\"}"

static void each_line_names_one_more(void)
{
    assert_typed("{}", "");
    assert_typed(LINES(" \\r\\n\\t"), "");
    assert_typed(LINES("李同伴 330499199007070038"), "{" OTHER);
    assert_typed(LINES("\\r\\n李同伴\\t330499199007070038\\r\\n"), "{" OTHER);
    assert_typed(LINES("平湖 示例 磨坊 92330482MAXXXX090B"), "{\"with\":[{\"id_number\":\"92330482MAXXXX090B\",\"is_person\":false,\"name\":\"平湖 示例 磨坊\"}]}");
    static const char *const parted[] = { LINES("李同伴　330499199007070038"), LINES("李同伴, 330499199007070038"), LINES("李同伴，330499199007070038") };
    for (size_t i = 0; i < G_N_ELEMENTS(parted); i++)
        assert_typed(parted[i], "{" OTHER);
    assert_typed(LINES("约翰・史密斯 护照 USA 000000001"), "{\"with\":[{\"id_number\":\"USA 000000001\",\"is_person\":true,\"name\":\"约翰·史密斯\"}]}");
    assert_typed(LINES("示例有限公司 foreign_company 德国 HRB00001"), "{\"with\":[{\"id_number\":\"DEU HRB00001\",\"is_person\":false,\"name\":\"示例有限公司\"}]}");
    static const char *const wrong[] = { LINES("李同伴"), LINES("330499199007070038"), LINES("李同伴 330499199007070031"), LINES("李同伴 驾驶证 330499199007070038X"),
                                         LINES("李同伴\\u202e 330499199007070038"), LINES("李同伴\\u200b330499199007070038") };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_wrong(wrong[i], "cases.co_applicant_form");
    assert_wrong(LINES("张示例 330499198001010013"), "cases.co_applicant_twice"); /* who applies */
    assert_wrong(LINES("李同伴 330499199007070038\\n李同伴 330499199007070038"), "cases.co_applicant_twice");
}

static void an_agent_is_another_person_and_is_ticked(void)
{
    assert_typed("{\"by_agent\": true, \"agent_name\": \"钱代理\", \"agent_id\": \"330499198505050043\", \"agent_scope\": \"提交材料\","
                 " \"co_applicants\": \"李同伴 330499199007070038\"}", AGENT OTHER);
    assert_wrong("{\"agent_name\": \"钱代理\"}", "cases.agent_unticked");
    assert_wrong("{\"by_agent\": true, \"agent_name\": \"张示例\", \"agent_id\": \"330499198001010013\", \"agent_scope\": \"全部\"}", "cases.agent_is_applicant");
}

/* ---- what follows ---- */

static bool begin(Bench *b, const char *others, Case *out, GError **error)
{
    Drafting d = { { .item = "CY", .place = village, .channel = AT_VILLAGE, .party = villager(), .others = others }, out };
    return write_as(b, &people[VILLAGE_CLERK], at("2014-08-18", 9), draft_work, &d, error);
}

static int64_t begun(Bench *b)
{
    g_auto(Case) made = { 0 };
    g_autoptr(GError) error = NULL;
    begin(b, AGENT OTHER, &made, &error);
    g_assert_no_error(error);
    return made.number;
}

/* The facts of the case's last document. Owned by the caller. */
static json_t *last_paper(Bench *b, int64_t number)
{
    json_t *content = NULL;
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) all = files_documents(db, COUNTY, subject, NULL);
    g_assert_true(files_document_content(db, COUNTY, json_text(json_array_get(all, json_array_size(all) - 1), "code"), &content, NULL));
    store_return(b->store, db);
    return content;
}

static void an_agent_brings_his_authorisation(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = begun(&b), alone = drafted(&b, "2014-08-18");
    g_autoptr(json_t) papers = necessary_papers(), letter = json_pack("[s]", "授权委托书");
    refused(&b, &people[VILLAGE_CLERK], alone, "2014-08-18", SUBMIT, (SubjectInput){ .materials = letter }, "cases.no_such_material");
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ .materials = papers }, RECEIVED);
    g_autoptr(json_t) receipt = last_paper(&b, n);
    g_assert_cmpstr(json_text(receipt, "agent_name"), ==, "钱代理");
    g_assert_cmpstr(json_text(receipt, "co_applicants"), ==, "李同伴");
    const json_t *lacking = json_object_get(receipt, "lacking");
    g_assert_cmpuint(json_array_size(lacking), ==, 1);
    g_assert_cmpstr(json_text(json_array_get(lacking, 0), "name"), ==, "授权委托书");
    g_assert_cmpstr(json_text(json_array_get(lacking, 0), "name_en"), ==, "Letter of authorisation");
    done(&b, &people[TOWN_REVIEWER], n, "2014-08-18", PASS, (SubjectInput){ .opinion = "已核对" }, RECEIVED);
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-18", ACCEPT, (SubjectInput){ 0 }, "cases.incomplete");
    /* The letter stays where it is when the item gets another paper. */
    attach(&b, &people[VILLAGE_CLERK], n, "2014-08-18", "授权委托书");
    CHANGE(&b, "2014-08-19", "申请书;Application form;required;1;0;applicant|", "照片;Photograph;optional;1;0;applicant|申请书;Application form;required;1;0;applicant|");
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    g_auto(Case) found = present(&b, n);
    g_assert_cmpint(found.held, ==, 1 << 1 | 1 << 2 | INT64_C(1) << ITEM_MATERIALS);
    bench_close(&b);
}

static void what_one_must_do_in_person_no_agent_does(void)
{
    Bench b;
    bench_open(&b);
    CHANGE(&b, "2014-08-01", "keywords,origin\n", "keywords,origin,in_person\n", "made up\n", "made up,yes\n");
    g_auto(Case) made = { 0 }, other = { 0 };
    g_autoptr(GError) error = NULL, none = NULL;
    g_assert_false(begin(&b, AGENT OTHER, &made, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, "cases.in_person");
    g_assert_true(begin(&b, "{" OTHER, &other, &none));
    bench_close(&b);
}

static void a_couple_applies_together(void)
{
    Bench b;
    bench_open(&b);
    CHANGE(&b, "2014-08-01", "keywords,origin\n", "keywords,origin,applicants\n", "made up\n", "made up,2\n");
    g_auto(Case) made = { 0 }, other = { 0 };
    g_autoptr(GError) error = NULL, none = NULL;
    g_assert_false(begin(&b, "", &made, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, "cases.applicants_few");
    g_assert_true(begin(&b, "{" OTHER, &other, &none));
    bench_close(&b);
}

static void their_names_are_masked_as_the_applicants(void)
{
    Bench b;
    bench_open(&b);
    g_auto(Case) self = present(&b, begun(&b));
    g_autoptr(json_t) masked = case_applicant(&self, true), clear = case_applicant(&self, false);
    const json_t *agent = json_object_get(masked, "agent"), *other = json_array_get(json_object_get(masked, "others"), 0);
    g_assert_cmpstr(json_text(agent, "name"), ==, "钱*理");
    g_assert_cmpstr(json_text(agent, "id_number"), ==, "330499********0043");
    g_assert_cmpstr(json_text(other, "name"), ==, "李*伴");
    g_assert_cmpstr(json_text(other, "id_number"), ==, "330499********0038");
    g_assert_cmpstr(json_text(json_object_get(clear, "agent"), "name"), ==, "钱代理");
    self.restricted_until = day_parse("2024-01-01");
    g_autoptr(json_t) restricted = case_applicant(&self, true);
    g_assert_true(!json_object_get(restricted, "agent") && !json_object_get(restricted, "others"));
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add_func("/others/each line names one more", each_line_names_one_more);
    g_test_add_func("/others/an agent is another person and is ticked", an_agent_is_another_person_and_is_ticked);
    g_test_add_func("/others/an agent brings his authorisation", an_agent_brings_his_authorisation);
    g_test_add_func("/others/what one must do in person no agent does", what_one_must_do_in_person_no_agent_does);
    g_test_add_func("/others/a couple applies together", a_couple_applies_together);
    g_test_add_func("/others/their names are masked as the applicant's", their_names_are_masked_as_the_applicants);
    return g_test_run();
}
