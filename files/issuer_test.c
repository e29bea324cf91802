// SPDX-License-Identifier: Apache-2.0
/* Papers name who issues them and what one can do against them; those of older programs stay as they were. */
#include "files/room.h"
#include "rooms_test.h"
#include "view/view.h"

#include <string.h>

enum { COUNTY = 330482, WATER = 15, FIRE = 6, JUSTICE = 8, STATE_TAX = 22, LOCAL_TAX = 23, HOUSING_FUND = 28 };

static const char more_organs[] =
    "number,code,name,name_en,short_name,kind,valid_from,valid_to,successor,address,address_en,telephone,hours,hours_en,full_name,court\n"
    "70,-,水务局,Water Office,水务,department,2014-01-01,,,,,,,,,\n"
    "71,-,新区管委会,New Area,新区,department,2014-01-01,,,一路1号,1 Road,0573-85000000,,,平湖新区管理委员会,嘉兴市南湖区人民法院\n";

/* ---- the bench ---- */

typedef struct Bench {
    char *folder;
    Store *store;
    View *view;
    Context context; /* of a reader */
} Bench;

static bool import_all(Db *db, void *data, GError **error)
{
    const Embedded *divisions = embedded_find("data/divisions.csv"), *organs = embedded_find("data/organs.csv");
    const Context context = { .db = db, .county = COUNTY };
    (void)data;
    return identity_import_divisions(&context, divisions->bytes, divisions->size, error) &&
           identity_import_organs(&context, organs->bytes, organs->size, error) &&
           identity_import_organs(&context, more_organs, sizeof more_organs - 1, error);
}

static void bench_open(Bench *b)
{
    g_autoptr(GError) error = NULL;
    b->folder = g_dir_make_tmp("issuer-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(b->folder, "test.db", NULL);
    b->store = store_with_rooms(file, 1);
    store_write(b->store, import_all, NULL, &error);
    g_assert_no_error(error);
    b->view = view_open(&error);
    g_assert_no_error(error);
    b->context = (Context){ .db = store_reader(b->store, NULL), .county = COUNTY, .public_url = "https://centre.example", .rooms = rooms };
}

static void bench_close(Bench *b)
{
    store_return(b->store, b->context.db);
    store_close(b->store);
    view_close(b->view);
    remove_tree(b->folder);
    g_free(b->folder);
}

static json_t *issuer_on(Bench *b, int64_t organ, const char *day, bool is_act)
{
    g_autoptr(GError) error = NULL;
    b->context.now = instant_at(day_parse(day), 600);
    g_autofree char *text = files_issuer(&b->context, organ, is_act, &error);
    g_assert_no_error(error);
    return json_loads(text, 0, NULL);
}

/* ---- a paper ---- */

static const char facts[] =
    "{'number': '330482 140903 000123', 'item_name': '取水许可审批', 'item_name_en': 'Water abstraction', 'result_name': '取水许可证',"
    " 'result_name_en': 'Abstraction permit', 'reason': '取水口在保护区内', 'other_organ': '平湖市环境保护局', 'basis': '第六十九条第一款第一项', 'ground': 'expiry', 'special_kind': 'expert_review', 'special_days': 10,"
    " 'special_basis': '《水法》第四十八条', 'special_from_day': '2014-09-19', 'special_until_day': '2014-10-10', 'extended': {'days': 10, 'unit': 'working'}, 'extension_basis': '《行政许可法》第四十二条第一款',"
    " 'day': '2014-09-18', 'received_day': '2014-09-03', 'accepted_day': '2014-09-05', 'deadline_day': '2014-10-18',"
    " 'due_day': '2014-09-19', 'statutory_day': '2014-10-11', 'promised': {'days': 10, 'unit': 'working'},"
    " 'statutory': {'days': 20, 'unit': 'working'}, 'valid_from_day': '2014-09-18', 'valid_to_day': '2019-09-17', 'validity_years': 5,"
    " 'id_masked': '91330482MAXXXX066X', 'applicant_name': '示例|纺织有限公司', 'address': '新仓镇三叉河村', 'content': '取水量10万立方米/年',"
    " 'number_grouped': '330482 140918 000001', 'item_basis': '《水法》第四十八条', 'item_basis_en': 'Water Law, art. 48', 'window': '新仓镇便民服务中心', 'window_en': 'Centre', 'receiver_name': '陈示例',"
    " 'materials': [{'name': '申请书', 'name_en': 'Application', 'originals': 2}, {'name': '身份证', 'name_en': 'Identity card', 'scans': 3}]}";

static json_t *content_of(Bench *b, int64_t organ, const char *day, const char *act)
{
    g_auto(GStrv) parts = g_strsplit(facts, "'", -1);
    g_autofree char *text = g_strjoinv("\"", parts);
    json_t *content = json_loads(text, 0, NULL);
    g_assert_nonnull(content);
    json_object_set_new(content, "day", json_string(day));
    json_put_text(content, "act", act);
    json_object_set_new(content, "issuer", issuer_on(b, organ, day, strcmp(act, "service") != 0));
    return content;
}

/* All that the paper says, as one text. Owned by the caller. */
static char *said(Bench *b, const char *kind, const json_t *content, enum language language)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) document = json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:O}", "code", "0123456789ABCDEF", "subject", "case/330482140903000123",
                                           "sequence", 1, "document_kind", kind, "number", "平水许〔2014〕12号", "seal", json_object_get(content, "issuer") ? "the organ's own" : "", "content", content);
    g_autoptr(json_t) paper = document_paper(&b->context, b->view, language, DOCUMENT_ORIGINAL, document, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(json_text(paper, "title"), !=, "");
    return json_dumps(paper, JSON_SORT_KEYS);
}

static void assert_says(const char *text, const char *what)
{
    if (!strstr(text, what))
        g_error("“%s” is not in: %s", what, text);
}

/* ---- tests ---- */

static const struct Said {
    const char *kind, *says[8];
} kinds[] = {
    { "receipt", { "新仓镇便民服务中心", "陈示例", "申请书，原件2份", "身份证，扫描件3件", "第三十二条第一款第四项", "你单位于2014年9月3日" } },
    { "correction", { "第三十二条第一款第四项", "2014年10月18日以前", "视为撤回申请", "签收：", "申请书，原件2份" } },
    { "acceptance", { "第三十二条第一款第五项", "20个工作日", "2014年10月11日", "2014年9月19日", "下一步", "第四十五条" } },
    { "not_accepted", { "第三十二条第一款第二项", "取水口在保护区内", "六十日内向平湖市人民政府或者嘉兴市水利局申请行政复议", "三个月内依法直接向平湖市人民法院" } },
    { "not_needed", { "不受理告知书", "第三十二条第一款第一项", "不需要取得行政许可", "行政复议" } },
    { "special", { "专家评审", "《水法》第四十八条", "10个工作日", "自2014年9月19日起至2014年10月10日止" } },
    { "extension", { "第四十二条第一款", "10个工作日", "2014年10月11日", "取水口在保护区内" } },
    { "decision", { "准予行政许可", "第三十八条第一款", "《水法》第四十八条", "91330482MAXXXX066X", "新仓镇三叉河村", "[\"准予内容\", \"取水许可审批\"]", "颁发之日起5年", "第四十四条" } },
    { "refusal", { "第三十八条第二款", "经审查查明：取水口在保护区内", "《水法》第四十八条", "行政复议", "平湖市人民法院" } },
    { "deemed", { "第三十二条第一款第四项", "自收到申请材料之日", "2014年10月11日" } },
    { "lapse", { "视为撤回申请", "2014年10月18日", "行政复议", "平湖市人民法院" } },
    { "termination", { "取水口在保护区内", "行政复议", "平湖市人民法院" } },
    { "licence", { "第三十九条第一款", "[\"统一社会信用代码\", \"91330482MAXXXX066X\"]", "[\"范围\", \"取水量10万立方米/年\"]", "[\"住所（地址）\", \"新仓镇三叉河村\"]", "2014年9月18日至2019年9月17日", "[\"发证机关\", \"平湖市水利局\"]" } },
    { "renewal_receipt", { "第五十条第二款", "你单位" } },
    { "renewal_refusal", { "第五十条第二款", "行政复议" } },
    { "withholding", { "第六十九条第一款第一项", "行政复议" } },
    { "giving_back", { "解除对你单位的取水许可证" } },
    { "revocation", { "第六十九条", "行政复议" } },
    { "annulment", { "第七十条", "行政复议" } },
};

static void every_kind_says_what_it_must(void)
{
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(json_t) content = content_of(&b, WATER, "2014-09-18", "");
        g_autofree char *text = said(&b, kinds[i].kind, content, CHINESE), *english = said(&b, kinds[i].kind, content, ENGLISH);
        g_test_message("%s", kinds[i].kind);
        for (size_t j = 0; j < G_N_ELEMENTS(kinds[i].says) && kinds[i].says[j]; j++)
            assert_says(text, kinds[i].says[j]);
        assert_says(text, "\"organ\": \"平湖市水利局\"");
        assert_says(text, "\"seal\": \"平湖市水利局\", \"seal_mark\": \"演示\", \"seal_name\": \"行政许可专用章\"");
        assert_says(text, "演示城市文书，不具法律效力");
        assert_says(english, "Water Resources Bureau of Pinghu");
        bool is_certificate = strcmp(kinds[i].kind, "licence") == 0;
        g_assert_true((strstr(text, "联系电话：0573-0000 0115") != NULL) == !is_certificate);
        g_assert_null(strstr(text, "您"));
        g_assert_null(strstr(english, "\"seal\""));
    }
    bench_close(&b);
}

/* A bar in a name makes no row of a table. */
static void people_and_enterprises_are_addressed_as_they_are(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) content = content_of(&b, WATER, "2014-09-18", "");
    g_autofree char *enterprise = said(&b, "decision", content, CHINESE);
    assert_says(enterprise, "示例｜纺织有限公司：");
    assert_says(enterprise, "你单位于");
    assert_says(enterprise, "统一社会信用代码");
    json_object_set_new(content, "is_person", json_true());
    g_autofree char *person = said(&b, "decision", content, CHINESE);
    assert_says(person, "\"你于");
    assert_says(person, "公民身份号码");
    bench_close(&b);
}

/* An act that is no licence cites no article of the Licensing Law, and is sealed otherwise. */
static void other_acts_are_no_licences(void)
{
    static const char *const checked[] = { "receipt", "correction", "acceptance", "not_accepted", "not_needed", "special", "decision", "refusal", "licence" };
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(checked); i++) {
        g_autoptr(json_t) content = content_of(&b, WATER, "2014-09-18", "confirmation");
        g_autofree char *text = said(&b, checked[i], content, CHINESE), *english = said(&b, checked[i], content, ENGLISH);
        g_assert_null(strstr(text, "行政许可法"));
        g_assert_null(strstr(english, "Licensing Law"));
        assert_says(text, "业务专用章");
    }
    bench_close(&b);
}

static void assert_silent(const char *text, const char *of)
{
    if (strstr(text, of))
        g_error("“%s” is in: %s", of, text);
}

static void what_is_no_licence_promises_no_procedure_of_one(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) content = content_of(&b, WATER, "2014-09-18", "confirmation");
    g_autofree char *acceptance = said(&b, "acceptance", content, CHINESE), *bare = said(&b, "confirmation_granted", content, CHINESE);
    assert_silent(acceptance, "听证");
    assert_silent(acceptance, "两名");
    assert_says(acceptance, "下一步：本机关对申请材料进行审查；作出决定后通知你单位");
    assert_silent(bare, "内容");
    assert_silent(bare, "颁发、");
    json_object_set_new(content, "granted", json_string("面积120平方米"));
    g_autofree char *full = said(&b, "confirmation_granted", content, CHINESE);
    assert_says(full, "[\"确认内容\", \"面积120平方米\"]");
    bench_close(&b);
}

static void a_reply_is_no_certificate(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) content = content_of(&b, WATER, "2014-09-18", "");
    json_object_set_new(content, "is_notice", json_true());
    g_autofree char *reply = said(&b, "licence", content, CHINESE);
    json_object_set_new(content, "replaces_grouped", json_string("330482 140101 000001"));
    g_autofree char *again = said(&b, "licence", content, CHINESE);
    assert_says(reply, "特发此件。");
    assert_says(reply, "[\"制发机关\", \"平湖市水利局\"]");
    assert_says(again, "本件为补发，原件 330482 140101 000001 作废");
    assert_silent(reply, "证照");
    assert_silent(again, "本证");
    bench_close(&b);
}

static void a_receipt_without_papers_lists_none(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) content = content_of(&b, WATER, "2014-09-18", "");
    g_autofree char *full = said(&b, "receipt", content, CHINESE);
    assert_says(full, "\"已收材料如下：\"");
    json_object_set_new(content, "materials", json_array());
    g_autofree char *empty = said(&b, "receipt", content, CHINESE), *english = said(&b, "receipt", content, ENGLISH);
    assert_says(empty, "\"提交时没有收到申请材料。\"");
    assert_silent(empty, "已收材料");
    assert_silent(english, "Papers received:");
    bench_close(&b);
}

/* ---- below the organ (Licensing Law arts. 22–24) ---- */

static json_t *issued_below(Bench *b, int64_t division, bool in_own_name)
{
    g_autoptr(GError) error = NULL;
    const IssuerBelow below = { division, in_own_name, !in_own_name, "平政发〔2013〕8号" };
    b->context.now = instant_at(day_parse("2014-09-18"), 600);
    g_autofree char *text = files_issuer_below(&b->context, WATER, true, &below, &error);
    g_assert_no_error(error);
    return json_loads(text, 0, NULL);
}

static void who_is_entrusted_acts_in_the_name_of_the_organ(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) content = content_of(&b, WATER, "2014-09-18", "");
    json_object_set_new(content, "issuer", issued_below(&b, 330482103000, false));
    g_autofree char *text = said(&b, "refusal", content, CHINESE), *english = said(&b, "refusal", content, ENGLISH);
    assert_says(text, "\"seal\": \"平湖市水利局\"");
    assert_says(text, "向平湖市人民政府或者嘉兴市水利局申请行政复议");
    assert_says(text, "（受委托机关：平湖市新仓镇人民政府，委托依据：平政发〔2013〕8号）");
    assert_says(english, "(Entrusted authority: People's Government of Xincang Town, Pinghu");
    bench_close(&b);
}

static const struct {
    int64_t division;
    const char *name;
} own_names[] = { { 330482103000, "平湖市新仓镇人民政府" }, { 330482001000, "平湖市当湖街道办事处" } };

static void who_has_a_power_of_its_own_acts_in_its_name(void)
{
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(own_names); i++) {
        g_autoptr(json_t) content = content_of(&b, WATER, "2014-09-18", "");
        json_object_set_new(content, "issuer", issued_below(&b, own_names[i].division, true));
        g_autofree char *text = said(&b, "refusal", content, CHINESE), *seal = g_strdup_printf("\"seal\": \"%s\"", own_names[i].name);
        assert_says(text, seal);
        assert_says(text, "六十日内向平湖市人民政府申请行政复议");
        assert_silent(text, "受委托机关");
        assert_silent(text, "水利局");
    }
    bench_close(&b);
}

/* ---- remedies ---- */

static const struct Remedy {
    int64_t organ;
    const char *day, *government, *superior;
    int months; /* 0: no court */
} remedies[] = {
    { WATER, "2014-09-18", "平湖市人民政府", "嘉兴市水利局", 3 }, { WATER, "2015-04-30", "平湖市人民政府", "嘉兴市水利局", 3 },
    { WATER, "2015-05-01", "平湖市人民政府", "嘉兴市水利局", 6 }, { WATER, "2023-12-31", "平湖市人民政府", "嘉兴市水利局", 6 },
    { WATER, "2024-01-01", "平湖市人民政府", "", 6 },            { STATE_TAX, "2014-09-18", "", "嘉兴市国家税务局", 3 },
    { LOCAL_TAX, "2014-09-18", "平湖市人民政府", "嘉兴市地方税务局", 3 }, { LOCAL_TAX, "2024-01-01", "", "嘉兴市地方税务局", 6 },
    { JUSTICE, "2014-09-18", "平湖市人民政府", "嘉兴市司法局", 3 }, { JUSTICE, "2024-01-01", "平湖市人民政府", "嘉兴市司法局", 6 },
    { FIRE, "2014-09-18", "", "平湖市公安局", 3 },               { FIRE, "2024-01-01", "平湖市人民政府", "", 6 },
    { HOUSING_FUND, "2014-09-18", "", "", 0 },
};

static void remedies_are_those_of_the_day(void)
{
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(remedies); i++) {
        const struct Remedy *remedy = &remedies[i];
        g_autoptr(json_t) issuer = issuer_on(&b, remedy->organ, remedy->day, true);
        g_test_message("organ %" PRId64 " on %s", remedy->organ, remedy->day);
        g_assert_cmpstr(json_text(issuer, "government"), ==, remedy->government);
        g_assert_cmpstr(json_text(issuer, "superior"), ==, remedy->superior);
        g_assert_cmpint(json_number(issuer, "court_months"), ==, remedy->months);
        g_assert_cmpstr(json_text(issuer, "court"), ==, remedy->months ? "平湖市人民法院" : "");
        g_assert_cmpint(json_flag(issuer, "either"), ==, *remedy->government && *remedy->superior);
    }
    bench_close(&b);
}

static void what_is_no_act_tells_where_to_complain(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) fund = content_of(&b, HOUSING_FUND, "2014-09-18", "service"), notary = content_of(&b, JUSTICE, "2014-09-18", "service");
    const json_t *const both[] = { fund, notary };
    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        g_autofree char *text = said(&b, "refusal", both[i], CHINESE), *english = said(&b, "refusal", both[i], ENGLISH);
        g_assert_null(strstr(text, "行政复议"));
        g_assert_null(strstr(text, "法院"));
        assert_says(text, "向平湖市行政服务中心反映（电话：0573-0000 0199）");
        assert_says(english, "Administrative Service Centre of Pinghu");
        g_assert_null(strstr(english, "court"));
    }
    bench_close(&b);
}

/* ---- what is usual, and what is not ---- */

static void an_organ_says_what_is_unusual_of_it(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) usual = content_of(&b, 70, "2014-09-18", ""), unusual = content_of(&b, 71, "2014-09-18", "");
    g_autofree char *one = said(&b, "refusal", usual, CHINESE), *other = said(&b, "refusal", unusual, CHINESE);
    g_autoptr(json_t) organ = identity_organ(b.context.db, COUNTY, 70, NULL);
    g_assert_cmpstr(json_text(organ, "mark"), ==, "平水务");
    assert_says(one, "平湖市水务局");
    assert_says(one, "平湖市人民政府或者上一级主管部门");
    g_assert_null(strstr(one, "演示"));
    g_assert_null(strstr(one, "联系"));
    assert_says(other, "平湖新区管理委员会");
    assert_says(other, "嘉兴市南湖区人民法院");
    assert_says(other, "\"联系地址：一路1号\", \"联系电话：0573-85000000\"");
    bench_close(&b);
}

/* A licence (许可证) hangs on the wall and is carried along. */
static void a_licence_has_an_original_and_a_duplicate(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) content = content_of(&b, WATER, "2014-09-18", "");
    g_autofree char *certificate = said(&b, "licence", content, CHINESE);
    json_object_set_new(content, "has_duplicate", json_true());
    g_autofree char *licence = said(&b, "licence", content, CHINESE), *decision = said(&b, "decision", content, CHINESE);
    g_assert_null(strstr(certificate, "copies"));
    assert_says(licence, "\"copies\": [\"（正本）\", \"（副本）\"]");
    g_assert_null(strstr(decision, "copies"));
    bench_close(&b);
}

/* Two organs with one mark would give out one number twice. */
static void no_two_organs_have_one_mark(void)
{
    size_t i;
    json_t *organ;
    Bench b;
    bench_open(&b);
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(json_t) organs = identity_organs(b.context.db, COUNTY, NULL);
    json_array_foreach(organs, i, organ)
        if (json_number(organ, "is_demo"))
            g_assert_true(g_hash_table_add(taken, (char *)(uintptr_t)json_text(organ, "mark")));
    g_assert_cmpuint(g_hash_table_size(taken), ==, 38);
    bench_close(&b);
}

/* Without an issuer, as they were recorded, papers read as they did. */
static void papers_of_older_programs_stay(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) content = content_of(&b, WATER, "2014-09-18", "");
    json_object_del(content, "issuer");
    json_object_del(content, "act");
    json_object_set_new(content, "organ_name", json_string("水利局"));
    json_object_set_new(content, "materials", json_pack("[s]", "申请书"));
    g_autofree char *refusal = said(&b, "refusal", content, CHINESE), *receipt = said(&b, "receipt", content, CHINESE);
    assert_says(refusal, "\"seal\": \"水利局\"");
    assert_says(refusal, "向本级人民政府或者上一级主管部门申请行政复议，也可以自收到之日起三个月内");
    assert_says(refusal, "\"after\": []");
    g_assert_null(strstr(refusal, "seal_name"));
    g_assert_null(strstr(refusal, "copies"));
    assert_says(receipt, "您于2014年9月3日");
    assert_says(receipt, "\"list\": [\"申请书\"]");
    assert_says(receipt, "演示城市文书，不具法律效力");
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/issuer/every kind says what it must", every_kind_says_what_it_must);
    g_test_add_func("/issuer/people and enterprises are addressed as they are", people_and_enterprises_are_addressed_as_they_are);
    g_test_add_func("/issuer/other acts are no licences", other_acts_are_no_licences);
    g_test_add_func("/issuer/what is no licence promises no procedure of one", what_is_no_licence_promises_no_procedure_of_one);
    g_test_add_func("/issuer/a reply is no certificate", a_reply_is_no_certificate);
    g_test_add_func("/issuer/a receipt without papers lists none", a_receipt_without_papers_lists_none);
    g_test_add_func("/issuer/who is entrusted acts in the name of the organ", who_is_entrusted_acts_in_the_name_of_the_organ);
    g_test_add_func("/issuer/who has a power of its own acts in its name", who_has_a_power_of_its_own_acts_in_its_name);
    g_test_add_func("/issuer/remedies are those of the day", remedies_are_those_of_the_day);
    g_test_add_func("/issuer/what is no act tells where to complain", what_is_no_act_tells_where_to_complain);
    g_test_add_func("/issuer/an organ says what is unusual of it", an_organ_says_what_is_unusual_of_it);
    g_test_add_func("/issuer/a licence has an original and a duplicate", a_licence_has_an_original_and_a_duplicate);
    g_test_add_func("/issuer/no two organs have one mark", no_two_organs_have_one_mark);
    g_test_add_func("/issuer/papers of older programs stay", papers_of_older_programs_stay);
    return g_test_run();
}
