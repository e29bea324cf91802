// SPDX-License-Identifier: Apache-2.0
/* The papers of a case, from the receipt to the proof of delivery, as they are written along the whole way. */
#include "licences/bench_test.h"

/* The facts of the newest document of that kind. Owned by the caller. */
static json_t *content_of(Bench *b, int64_t number, const char *kind)
{
    json_t *content = NULL;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, NULL);
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    g_autoptr(json_t) documents = files_documents(db, COUNTY, subject, &error);
    for (size_t i = json_array_size(documents); i-- > 0 && !content;) {
        const json_t *one = json_array_get(documents, i);
        if (strcmp(json_text(one, "document_kind"), kind) == 0)
            files_document_content(db, COUNTY, json_text(one, "code"), &content, &error);
    }
    store_return(b->store, db);
    g_assert_no_error(error);
    g_assert_nonnull(content);
    return content;
}

static const Party mill = { .kind = ENTERPRISE, .name = "平湖示例厂", .id_number = "92330482MAXXXX090B", .telephone = "0573-85550100",
                            .contact = "周示例", .representative = "吴示例", .address = "新仓镇示例路8号" };

static int64_t applied(Bench *b, const Party *party)
{
    g_auto(Case) made = { 0 };
    g_autoptr(GError) error = NULL;
    Drafting d = { { "CY", village, AT_VILLAGE, *party }, &made };
    write_as(b, &people[VILLAGE_CLERK], at("2014-09-15", 9), draft_work, &d, &error);
    g_assert_no_error(error);
    return made.number;
}

static int64_t decided_for(Bench *b, const Party *party, enum case_action how, SubjectInput input)
{
    int64_t number = applied(b, party);
    g_autoptr(json_t) materials = json_pack("[s, s]", "申请书", "身份证");
    done(b, &people[VILLAGE_CLERK], number, "2014-09-15", SUBMIT, (SubjectInput){ .materials = materials }, RECEIVED);
    done(b, &people[TOWN_REVIEWER], number, "2014-09-15", PASS, (SubjectInput){ .opinion = "材料齐全" }, RECEIVED);
    done(b, &people[ORGAN_REVIEWER], number, "2014-09-15", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    done(b, &people[ORGAN_REVIEWER], number, "2014-09-15", PASS, (SubjectInput){ .opinion = "符合条件" }, REVIEW);
    done(b, &people[ORGAN_APPROVER], number, "2014-09-16", how, input, how == GRANT ? GRANTED : REFUSED);
    return number;
}

static int64_t decided(Bench *b, enum case_action how, SubjectInput input)
{
    return decided_for(b, &mill, how, input);
}

static int64_t granted(Bench *b)
{
    g_autoptr(json_t) fields = json_pack("{s:s}", "granted", "面积120平方米，不含生食");
    int64_t number = decided(b, GRANT, (SubjectInput){ .opinion = "同意", .fields = fields });
    done(b, &people[TOWN_REVIEWER], number, "2014-09-18", ISSUE, (SubjectInput){ 0 }, ISSUED);
    return number;
}

static void a_decision_says_what_it_grants_and_to_whom(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = granted(&b);
    g_autoptr(json_t) decision = content_of(&b, number, "decision"), licence = content_of(&b, number, "licence");
    const json_t *const both[] = { decision, licence };
    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        g_assert_cmpstr(json_text(both[i], "address"), ==, "新仓镇示例路8号");
        g_assert_cmpstr(json_text(both[i], "representative"), ==, "吴示例");
        g_assert_cmpstr(json_text(both[i], "id_masked"), ==, "92330482MAXXXX090B");
        g_assert_cmpstr(json_text(json_object_get(both[i], "issuer"), "organ_name"), ==, "平湖市市场监督管理局");
    }
    g_assert_cmpstr(json_text(decision, "granted"), ==, "面积120平方米，不含生食");
    g_assert_cmpstr(json_text(decision, "item_basis"), ==, "食品安全法");
    g_assert_cmpint(json_number(decision, "validity_years"), ==, 3);
    g_assert_cmpstr(json_text(licence, "content"), ==, "面积120平方米，不含生食");
    close_bench(&b);
}

static bool is_own(Bench *b, enum actor_kind kind, int64_t id, const char *subject)
{
    bool is;
    g_autoptr(GError) error = NULL;
    const Actor actor = { .kind = kind, .id = id, .name = "" };
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    context.actor = &actor;
    g_assert_true(licence_paper_is_own(&context, subject, &is, &error));
    g_assert_no_error(error);
    store_return(b->store, context.db);
    return is;
}

/* A person's number stands whole on his own copy alone. */
static void a_licence_names_its_holder_and_shows_him_all(void)
{
    Bench b;
    open_bench(&b);
    const Party someone = villager();
    int64_t number = decided_for(&b, &someone, GRANT, (SubjectInput){ .opinion = "同意" });
    done(&b, &people[TOWN_REVIEWER], number, "2014-09-18", ISSUE, (SubjectInput){ 0 }, ISSUED);
    g_autoptr(json_t) licence = content_of(&b, number, "licence");
    g_autofree char *of_case = g_strdup_printf("case/%" PRId64, number);
    g_assert_cmpstr(json_text(licence, "id_masked"), ==, "330499********0013");
    g_assert_cmpstr(json_text(licence, "id_number"), ==, "330499198001010013");
    g_assert_true(is_own(&b, HOLDER, number, of_case));
    g_assert_false(is_own(&b, HOLDER, number + 1, of_case));
    g_assert_false(is_own(&b, STAFF, number, of_case));
    g_assert_false(is_own(&b, VISITOR, 0, of_case));
    close_bench(&b);
}

static void a_receipt_says_what_came_where(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = applied(&b, &mill);
    attach(&b, &people[VILLAGE_CLERK], number, "2014-09-15", "申请书");
    attach(&b, &people[VILLAGE_CLERK], number, "2014-09-15", "申请书");
    g_autoptr(json_t) materials = json_pack("[s]", "身份证");
    done(&b, &people[VILLAGE_CLERK], number, "2014-09-15", SUBMIT, (SubjectInput){ .materials = materials }, RECEIVED);
    g_autoptr(json_t) receipt = content_of(&b, number, "receipt");
    g_autofree char *list = json_canonical(json_object_get(receipt, "materials"));
    g_assert_cmpstr(list, ==, "[{\"name\":\"申请书\",\"name_en\":\"Application form\",\"scans\":2},"
                              "{\"copies\":1,\"name\":\"身份证\",\"name_en\":\"Identity card\"}]");
    g_assert_true(g_str_has_suffix(json_text(receipt, "window"), "便民服务点"));
    g_assert_cmpstr(json_text(receipt, "receiver_name"), ==, "工作人员");
    close_bench(&b);
}

static void numbers_are_those_of_the_organ_without_zeros(void)
{
    Bench b;
    open_bench(&b);
    granted(&b);
    int64_t number = granted(&b);
    g_autoptr(json_t) documents = documents_of(&b, "case", number);
    for (size_t i = 0; i < json_array_size(documents); i++) {
        const json_t *one = json_array_get(documents, i);
        if (strcmp(json_text(one, "document_kind"), "decision") == 0)
            g_assert_cmpstr(json_text(one, "number"), ==, "平市监许〔2014〕2号");
    }
    close_bench(&b);
}

/* ---- delivery ---- */

static void a_delivery_is_proved(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = granted(&b);
    g_autoptr(json_t) fields = json_pack("{s:s, s:s, s:s}", "manner", "left", "receiver", "郑示例", "delivery_note", "拒收，村干部见证");
    done(&b, &people[VILLAGE_CLERK], number, "2014-09-19", DELIVER, (SubjectInput){ .fields = fields }, DELIVERED);
    g_autoptr(json_t) proof = content_of(&b, number, "delivery");
    g_autofree char *served = json_canonical(json_object_get(proof, "materials"));
    g_assert_cmpstr(served, ==, "[{\"document_kind\":\"decision\",\"number\":\"平市监许〔2014〕1号\"},"
                                "{\"document_kind\":\"licence\",\"number\":\"平市监证〔2014〕1号\"}]");
    g_assert_cmpstr(json_text(proof, "manner"), ==, "left");
    g_assert_cmpstr(json_text(proof, "receiver"), ==, "郑示例");
    g_assert_cmpstr(json_text(proof, "delivery_note"), ==, "拒收，村干部见证");
    g_assert_cmpstr(json_text(proof, "address"), ==, "新仓镇示例路8号");
    g_auto(Case) after = present(&b, number);
    g_assert_cmpstr(delivery_names[after.delivered_by], ==, "left");
    close_bench(&b);
}

/* Received, corrected and decided on one day: only what is handed over stands on the proof. */
static void notices_of_the_same_day_are_not_served(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = applied(&b, &mill);
    g_autoptr(json_t) materials = json_pack("[s, s]", "申请书", "身份证");
    done(&b, &people[VILLAGE_CLERK], number, "2014-09-15", SUBMIT, (SubjectInput){ .materials = materials }, RECEIVED);
    done(&b, &people[TOWN_REVIEWER], number, "2014-09-15", PASS, (SubjectInput){ .opinion = "材料齐全" }, RECEIVED);
    done(&b, &people[ORGAN_REVIEWER], number, "2014-09-15", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    done(&b, &people[ORGAN_REVIEWER], number, "2014-09-15", PASS, (SubjectInput){ .opinion = "符合条件" }, REVIEW);
    done(&b, &people[ORGAN_APPROVER], number, "2014-09-15", REFUSE, (SubjectInput){ .reason = "没有场所" }, REFUSED);
    done(&b, &people[VILLAGE_CLERK], number, "2014-09-15", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    g_autoptr(json_t) proof = content_of(&b, number, "delivery");
    g_autofree char *served = json_canonical(json_object_get(proof, "materials"));
    g_assert_cmpstr(served, ==, "[{\"document_kind\":\"refusal\",\"number\":\"平市监不许〔2014〕1号\"}]");
    close_bench(&b);
}

static void a_refusal_is_handed_over(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = decided(&b, REFUSE, (SubjectInput){ .reason = "没有场所" });
    done(&b, &people[VILLAGE_CLERK], number, "2014-09-19", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    g_autoptr(json_t) proof = content_of(&b, number, "delivery");
    g_assert_cmpstr(json_text(proof, "manner"), ==, "direct");
    g_assert_true(g_str_has_suffix(json_text(proof, "window"), "便民服务点"));
    g_assert_cmpstr(json_text(json_array_get(json_object_get(proof, "materials"), 0), "document_kind"), ==, "refusal");
    close_bench(&b);
}

static void some_ways_want_more(void)
{
    static const struct { const char *manner, *reason; } ways[] = {
        { "left", "cases.delivery_note_needed" }, { "post", "cases.delivery_note_needed" }, { "courier", "cases.delivery_note_needed" },
        { "notice", "cases.delivery_note_needed" }, { "electronic", "cases.delivery_consent" },
    };
    Bench b;
    open_bench(&b);
    int64_t number = granted(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(json_t) fields = json_pack("{s:s}", "manner", ways[i].manner);
        g_assert_false(take_as(&b, &people[VILLAGE_CLERK], number, "2014-09-19", DELIVER, (SubjectInput){ .fields = fields }, NULL, &error));
        g_assert_nonnull(strstr(error->message, ways[i].reason));
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) agreed = json_pack("{s:s, s:b}", "manner", "electronic", "consent", true);
    g_assert_false(take_as(&b, &people[VILLAGE_CLERK], number, "2014-09-19", DELIVER, (SubjectInput){ .fields = agreed }, NULL, &error));
    g_assert_nonnull(strstr(error->message, "cases.delivery_address_needed"));
    json_object_set_new(agreed, "electronic_address", json_string("zhang@example.cn"));
    done(&b, &people[VILLAGE_CLERK], number, "2014-09-19", DELIVER, (SubjectInput){ .fields = agreed }, DELIVERED);
    g_autoptr(json_t) proof = content_of(&b, number, "delivery");
    g_assert_true(json_flag(proof, "consent"));
    g_assert_cmpstr(json_text(proof, "electronic_address"), ==, "zhang@example.cn");
    g_assert_null(json_object_get(proof, "address"));
    close_bench(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/papers/a decision says what it grants and to whom", a_decision_says_what_it_grants_and_to_whom);
    g_test_add_func("/papers/a licence names its holder and shows him all", a_licence_names_its_holder_and_shows_him_all);
    g_test_add_func("/papers/a receipt says what came where", a_receipt_says_what_came_where);
    g_test_add_func("/papers/numbers are those of the organ without zeros", numbers_are_those_of_the_organ_without_zeros);
    g_test_add_func("/papers/a delivery is proved", a_delivery_is_proved);
    g_test_add_func("/papers/notices of the same day are not served", notices_of_the_same_day_are_not_served);
    g_test_add_func("/papers/a refusal is handed over", a_refusal_is_handed_over);
    g_test_add_func("/papers/some ways want more", some_ways_want_more);
    return g_test_run();
}
