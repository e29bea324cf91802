// SPDX-License-Identifier: Apache-2.0
/* Rows and rules, without a database. */
#include "catalogue/bench_test.h"

/* ---- reading a row ---- */

typedef struct Told {
    unsigned count;
    size_t column;
    char reason[64], entry[8], part[16];
} Told;

static void note_fault(void *data, size_t column, GError *why)
{
    Told *told = data;
    g_autoptr(GError) owned = why;
    g_autoptr(json_t) details = trouble_details(owned);
    g_assert_error(owned, TROUBLE, NOT_FITTING);
    told->count++;
    told->column = column;
    g_strlcpy(told->reason, json_text(details, "reason"), sizeof told->reason);
    g_strlcpy(told->entry, json_text(details, "entry"), sizeof told->entry);
    g_strlcpy(told->part, json_text(details, "part"), sizeof told->part);
}

static Item *sample_item(void)
{
    const char *cells[ITEM_COLUMNS];
    copy_sample(cells);
    Told told = { 0 };
    json_t *fields = item_read_row(cells, note_fault, &told);
    g_assert_cmpuint(told.count, ==, 0);
    json_object_set_new(fields, "organ", json_integer(27));
    return item_of(fields, 4);
}

static void a_row_becomes_an_item(void)
{
    g_autoptr(Item) item = sample_item();
    g_assert_cmpstr(item->code, ==, "CYFW");
    g_assert_cmpstr(item->result_en, ==, "Catering licence");
    g_assert_cmpint(item->version, ==, 4);
    g_assert_cmpint(item->organ, ==, 27);
    g_assert_cmpint(item->statutory.days, ==, 20);
    g_assert_cmpint(item->promised.days, ==, 8);
    g_assert_true(item->promised.unit == WORKING_DAYS);
    g_assert_true(item->online && item->for_person && item->for_enterprise);
    g_assert_false(item->instant || item->from_receipt);
    g_assert_cmpint(item->validity_years, ==, 3);
    g_assert_cmpuint(item->step_count, ==, 7);
    g_assert_true(item->steps[0].kind == STEP_RECEIVE && item->steps[6].kind == STEP_DELIVER);
    g_assert_cmpuint(item->steps[5].levels, ==, 1u << COUNTY_LEVEL | 1u << TOWN_LEVEL);
    g_assert_cmpuint(item->steps[4].role, ==, APPROVER);
    g_assert_cmpuint(item->material_count, ==, 3);
    g_assert_cmpstr(item->materials[1].name_en, ==, "Identity card");
    g_assert_true(item->materials[1].required && item->materials[1].copies == 1);
    g_assert_false(item->materials[2].required);
    g_assert_cmpstr(item->materials[2].source, ==, "agency");
    g_assert_cmpuint(item->special_count, ==, 1);
    g_assert_cmpstr(item->specials[0].kind, ==, "expert_review");
    g_assert_cmpint(item->specials[0].days, ==, 10);
}

static void calendar_days_from_receipt_are_read(void)
{
    const char *cells[ITEM_COLUMNS];
    Told told = { 0 };
    copy_sample(cells);
    cells[STATUTORY_UNIT] = "calendar";
    cells[START] = "receipt";
    cells[OBJECTS] = "institution";
    cells[SPECIALS] = "";
    cells[VALIDITY_YEARS] = "";
    g_autoptr(Item) item = item_of(item_read_row(cells, note_fault, &told), 1);
    g_assert_cmpuint(told.count, ==, 0);
    g_assert_true(item->statutory.unit == CALENDAR_DAYS && item->promised.unit == WORKING_DAYS);
    g_assert_true(item->from_receipt && item->for_enterprise && !item->for_person);
    g_assert_cmpuint(item->special_count, ==, 0);
    g_assert_cmpint(item->validity_years, ==, 0);
}

/* Where no law sets a limit any promise betters it. */
static void a_limit_may_be_none(void)
{
    const char *cells[ITEM_COLUMNS];
    Told told = { 0 };
    copy_sample(cells);
    cells[STATUTORY_DAYS] = "";
    cells[STATUTORY_UNIT] = "none";
    cells[PROMISED_DAYS] = "90";
    g_autoptr(Item) item = item_of(item_read_row(cells, note_fault, &told), 1);
    g_assert_cmpuint(told.count, ==, 0);
    g_assert_cmpint(item->statutory.days, ==, 0);
    g_assert_cmpint(item->promised.days, ==, 90);
}

#define LONG_TEXT                                                                                                                                \
    "很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长" \
    "很长很长很长"                                                                                                                         \
    "很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长" \
    "很长很长很长"

static const struct {
    size_t column;
    const char *cell, *reason, *entry, *part;
} faults[] = {
    { CODE, "", "catalogue.import_empty", "", "" },
    { CODE, "A B", "catalogue.import_code", "", "" },
    { CODE, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNO", "catalogue.import_length", "", "" },
    { NAME, LONG_TEXT, "catalogue.import_length", "", "" },
    { NAME_EN, "", "catalogue.import_empty", "", "" },
    { TYPE, "licence", "catalogue.import_choice", "", "" },
    { LEVEL, "县级", "catalogue.import_choice", "", "" },
    { STATUTORY_DAYS, "", "catalogue.import_statutory", "", "" },
    { STATUTORY_DAYS, "0", "catalogue.import_statutory", "", "" },
    { STATUTORY_DAYS, "731", "catalogue.import_number", "", "" },
    { STATUTORY_DAYS, "20天", "catalogue.import_number", "", "" },
    { STATUTORY_DAYS, "99999999999999999999", "catalogue.import_number", "", "" },
    { STATUTORY_UNIT, "days", "catalogue.import_choice", "", "" },
    { START, "", "catalogue.import_choice", "", "" },
    { PROMISED_DAYS, "-1", "catalogue.import_number", "", "" },
    { PROMISED_DAYS, "21", "catalogue.import_promise", "", "" },
    { OBJECTS, "", "catalogue.import_empty", "", "" },
    { OBJECTS, "person|people", "catalogue.import_choice", "2", "object" },
    { OBJECTS, "person|person", "catalogue.import_twice", "2", "" },
    { MATERIALS, "", "catalogue.import_empty", "", "" },
    { MATERIALS, "申请书;Form;required;1;0", "catalogue.import_parts", "1", "" },
    { MATERIALS, "申请书;Form;required;1;0;applicant|", "catalogue.import_parts", "2", "" },
    { MATERIALS, "申请书;Form;must;1;0;applicant", "catalogue.import_choice", "1", "required" },
    { MATERIALS, "申请书;Form;required;x;0;applicant", "catalogue.import_number", "1",
      "originals" },
    { MATERIALS, "申请书;Form;required;1;21;applicant", "catalogue.import_number", "1", "copies" },
    { MATERIALS, "申请书;Form;required;1;0;shop", "catalogue.import_choice", "1", "source" },
    { MATERIALS, ";Form;required;1;0;applicant", "catalogue.import_empty", "1", "name" },
    { STEPS, "receive;county;clerk", "catalogue.import_steps_missing", "", "" },
    { STEPS,
      "receive;county;clerk|decide;county;approver|accept;county;reviewer|deliver;county;clerk",
      "catalogue.import_steps_order", "", "" },
    { STEPS,
      "accept;county;reviewer|receive;county;clerk|decide;county;approver|deliver;county;clerk",
      "catalogue.import_steps_order", "", "" },
    { STEPS,
      "receive;city;clerk|accept;county;reviewer|decide;county;approver|deliver;county;clerk",
      "catalogue.import_choice", "1", "level" },
    { STEPS, "receive;;clerk|accept;county;reviewer|decide;county;approver|deliver;county;clerk",
      "catalogue.import_empty", "1", "levels" },
    { STEPS,
      "receive;town/town;clerk|accept;county;reviewer|decide;county;approver|deliver;county;clerk",
      "catalogue.import_twice", "1", "" },
    { STEPS,
      "receive;county;boss|accept;county;reviewer|decide;county;approver|deliver;county;clerk",
      "catalogue.import_choice", "1", "role" },
    { STEPS, "take;county;clerk", "catalogue.import_choice", "1", "kind" },
    { SPECIALS, "dance;10;法", "catalogue.import_choice", "1", "special" },
    { SPECIALS, "hearing;0;法", "catalogue.import_number", "1", "days" },
    { SPECIALS, "hearing;10;", "catalogue.import_empty", "1", "basis" },
    { SPECIALS, "hearing;10;法|hearing;20;法", "catalogue.import_twice", "2", "" },
    { VISITS, "21", "catalogue.import_number", "", "" },
    { VISIT_REASON, "", "catalogue.import_visits", "", "" },
    { ONLINE, "true", "catalogue.import_choice", "", "" },
    { RESULT_KIND, "", "catalogue.import_choice", "", "" },
    { INSTANT, "yes", "catalogue.import_instant", "", "" },
    { HANDLING, "at once", "catalogue.import_choice", "", "" },
    { HANDLING, "instant", "catalogue.import_handling", "", "" },
    { ONLINE_DEPTH, "inform", "catalogue.import_depth", "", "" },
    { MATERIALS, "申请书;Form;required;1;0;applicant;stone", "catalogue.import_choice", "1", "paper_form" },
    { MATERIALS, "申请书;Form;required;1;0;applicant;paper;局;法;网上;网上;yes;no;licences;more", "catalogue.import_parts", "1", "" },
};

/* The law of instant items blames the promise that contradicts it. */
static size_t blamed(size_t column)
{
    return column == INSTANT ? PROMISED_DAYS : column;
}

static void each_fault_is_told_with_its_column(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
        const char *cells[ITEM_COLUMNS];
        Told told = { 0 };
        copy_sample(cells);
        cells[faults[i].column] = faults[i].cell;
        g_test_message("%zu: %s", i, faults[i].cell);
        g_assert_null(item_read_row(cells, note_fault, &told));
        g_assert_cmpuint(told.count, ==, 1);
        g_assert_cmpuint(told.column, ==, blamed(faults[i].column));
        g_assert_cmpstr(told.reason, ==, faults[i].reason);
        g_assert_cmpstr(told.entry, ==, faults[i].entry);
        g_assert_cmpstr(told.part, ==, faults[i].part);
    }
}

/* ---- powers (Licensing Law arts. 22–24) ---- */

static const int64_t county = 330482000000, town = 330482103000, village = 330482103201,
                     zone = 330482400000;
static const int64_t village_of_town = 330482103200;

/* One that `at` accepts and decides, of that type, with these powers; NULL with the reason. */
static Item *decided_by(const char *at, const char *type, const char *powers, Told *told)
{
    const char *cells[ITEM_COLUMNS];
    copy_sample(cells);
    g_autofree char *steps = g_strdup_printf("receive;%s;clerk|accept;%s;reviewer|review;%s;reviewer|decide;%s;approver|deliver;%s;clerk", at, at, at, at, at);
    cells[STEPS] = steps;
    cells[TYPE] = type;
    cells[POWERS] = powers;
    *told = (Told){ 0 };
    json_t *fields = item_read_row(cells, note_fault, told);
    return fields ? item_of(fields, 1) : NULL;
}

static const struct {
    const char *at, *type, *powers;
    bool is_lawful;
} competences[] = {
    { "county/town", "license", "", false },
    { "county/town", "license", "town;entrusted;《森林法》第三十二条", true },
    { "county/town", "license", "town;examines;《森林法》第三十二条", false },
    { "county/town", "license", "zone;entrusted;《森林法》第三十二条", false },
    { "county/zone", "license", "zone;authorised;条例", true },
    { "county/zone", "payment", "", false },
    { "county/village", "license", "town;entrusted;条例|zone;entrusted;条例", false },
    { "county/village", "confirmation", "", false },
    { "county/village", "service", "", true },
    { "county/town/zone", "service", "", true },
};

static void nobody_decides_without_a_power(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(competences); i++) {
        Told told;
        g_autoptr(Item) item = decided_by(competences[i].at, competences[i].type, competences[i].powers, &told);
        g_test_message("%zu: %s, %s", i, competences[i].at, competences[i].powers);
        g_assert_true((item != NULL) == competences[i].is_lawful);
        g_assert_cmpstr(told.reason, ==, item ? "" : "catalogue.import_powers");
        g_assert_true(item || told.column == STEPS);
    }
}

static void a_power_says_in_whose_name(void)
{
    Told told;
    g_autoptr(Item) item = decided_by("county/town/zone", "license", "town;entrusted;平政发〔2013〕8号|zone;authorised;条例", &told);
    size_t decide = catalogue_step(item, STEP_DECIDE, 0);
    const ItemPower *of_town = catalogue_power(item, decide, village_of_town), *of_zone = catalogue_power(item, decide, zone);
    g_assert_cmpstr(of_town->source, ==, "entrusted");
    g_assert_cmpstr(of_town->basis, ==, "平政发〔2013〕8号");
    g_assert_true(!of_town->in_own_name && of_zone->in_own_name);
    g_assert_null(catalogue_power(item, decide, 330482000000));
    g_assert_null(catalogue_power(item, 0, town)); /* taking in needs none */
}

static const struct {
    const char *handling, *above, *steps;
    bool is_lawful;
} forwarded[] = {
    { "forwarded", "prefecture;嘉兴市公安局;Jiaxing Public Security Bureau;15;working;《护照法》第四条", "", true },
    { "forwarded", "", "", false },
    { "promised", "province;浙江省公安厅;Zhejiang Public Security Department;15;calendar;《护照法》第四条", "", false },
    { "forwarded", "province;浙江省公安厅;Zhejiang Public Security Department;15;calendar;《护照法》第四条", "issue;county;issuer|", false },
};

static void what_is_decided_above_is_forwarded(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forwarded); i++) {
        const char *cells[ITEM_COLUMNS];
        Told told = { 0 };
        copy_sample(cells);
        g_autofree char *steps = g_strdup_printf("receive;county;clerk|accept;county;reviewer|decide;county;approver|%sdeliver;county;clerk", forwarded[i].steps);
        cells[STEPS] = steps;
        cells[HANDLING] = forwarded[i].handling;
        cells[ABOVE] = forwarded[i].above;
        json_t *fields = item_read_row(cells, note_fault, &told);
        g_assert_true((fields != NULL) == forwarded[i].is_lawful);
        g_assert_cmpstr(told.reason, ==, fields ? "" : "catalogue.import_above");
        if (!fields)
            continue;
        g_auto(GStrv) written = item_write_row(fields);
        g_assert_cmpstr(written[ABOVE], ==, forwarded[i].above);
        g_autoptr(Item) item = item_of(fields, 1);
        g_assert_cmpstr(item->above.organ, ==, "嘉兴市公安局");
        g_assert_cmpint(item->above.days, ==, 15);
    }
}

/* A version of an older program lets towns decide and says by no power. */
static void without_a_power_the_county_decides(void)
{
    Told told;
    g_autoptr(Item) lawful = decided_by("village/town", "license", "", &told);
    g_assert_null(lawful);
    g_autoptr(Item) old = decided_by("town/village", "service", "", &told);
    json_t *fields = json_deep_copy(old->details);
    json_object_set_new(fields, "type", json_string("license"));
    g_autoptr(Item) item = item_of(fields, 1);
    size_t decide = catalogue_step(item, STEP_DECIDE, 0);
    g_assert_cmpint(catalogue_step_holder(item, decide, 330482, village_of_town).division, ==, 330482000000);
    g_assert_cmpint(catalogue_step_holder(item, 0, 330482, village_of_town).division, ==, village_of_town);
}

static void all_faults_of_a_row_are_told(void)
{
    const char *cells[ITEM_COLUMNS];
    Told told = { 0 };
    copy_sample(cells);
    cells[TYPE] = "x";
    cells[NAME] = "";
    cells[MATERIALS] = "a;b;c;d;e;f|only one";
    g_assert_null(item_read_row(cells, note_fault, &told));
    g_assert_cmpuint(told.count, ==, 1 + 1 + 4 + 1);
}

static void an_extension_is_of_the_items_law(void)
{
    static const struct {
        const char *cell, *type, *days, *start;
        int extended;
        enum day_unit unit;
    } rows[] = {
        { "", "license", "20", "acceptance", 10, WORKING_DAYS }, { "", "license", "15", "acceptance", 0, WORKING_DAYS },
        { "", "license", "20", "receipt", 0, WORKING_DAYS },     { "", "other", "20", "acceptance", 0, WORKING_DAYS },
        { "40;working;甲法第一条", "license", "20", "acceptance", 40, WORKING_DAYS }, { "0;working;乙法", "license", "20", "acceptance", 0, WORKING_DAYS },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *cells[ITEM_COLUMNS];
        Told told = { 0 };
        copy_sample(cells);
        cells[EXTENSION] = rows[i].cell;
        cells[TYPE] = rows[i].type;
        cells[STATUTORY_DAYS] = rows[i].days;
        cells[START] = rows[i].start;
        g_autoptr(Item) item = item_of(item_read_row(cells, note_fault, &told), 1);
        g_assert_cmpuint(told.count, ==, 0);
        g_assert_cmpint(item->extension.days, ==, rows[i].extended);
        g_assert_true(item->extension.unit == rows[i].unit);
    }
}

static void an_extension_has_the_unit_of_the_limits(void)
{
    const char *cells[ITEM_COLUMNS];
    Told told = { 0 };
    copy_sample(cells);
    cells[EXTENSION] = "30;calendar;甲法第一条";
    g_assert_null(item_read_row(cells, note_fault, &told));
    g_assert_cmpstr(told.reason, ==, "catalogue.import_extension");
}

static void a_promise_is_compared_across_units(void)
{
    static const struct {
        const char *promised, *promised_unit, *statutory, *statutory_unit;
        bool fits;
    } pairs[] = {
        { "20", "working", "20", "working", true },   { "21", "working", "20", "working", false },
        { "21", "working", "30", "calendar", true },  { "22", "working", "30", "calendar", false },
        { "28", "calendar", "20", "working", true },  { "29", "calendar", "20", "working", false },
        { "30", "calendar", "30", "calendar", true }, { "0", "working", "1", "working", true },
        { "90", "calendar", "3", "months", true },    { "91", "calendar", "3", "months", false },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        const char *cells[ITEM_COLUMNS];
        Told told = { 0 };
        copy_sample(cells);
        cells[PROMISED_DAYS] = pairs[i].promised;
        cells[PROMISED_UNIT] = pairs[i].promised_unit;
        cells[STATUTORY_DAYS] = pairs[i].statutory;
        cells[STATUTORY_UNIT] = pairs[i].statutory_unit;
        g_autoptr(json_t) fields = item_read_row(cells, note_fault, &told);
        g_assert_true((fields != NULL) == pairs[i].fits);
        g_assert_cmpstr(told.reason, ==, pairs[i].fits ? "" : "catalogue.import_promise");
    }
}

static size_t column_named(const char *name)
{
    const char *names[ITEM_COLUMNS + 1];
    item_columns(names);
    return name_place(names, name);
}

static void what_is_known_becomes_fields_and_cells_again(void)
{
    static const struct { const char *column, *cell; } known[] = {
        { "materials", "申请书;Form;required;1;0;applicant;either;本局;示例办法第一条;/blank.pdf;/sample.pdf;yes|图;Plan;optional;0;1;agency;;测绘院" },
        { "keeping_years", "10" }, { "handling", "promised" }, { "online_depth", "check" },
        { "bases", "食品安全法;;第二十九条|示例办法;示例令第1号;" }, { "power_source", "entrusted" }, { "co_organs", "发改局|环保局" },
        { "appointment", "no" }, { "fees", "换证;Renewal;2000;;示例标准;no|检测;Test;;按面积计算" }, { "renewal_days", "30" },
        { "quota", "3;month;示例条例第一条" }, { "in_person", "yes" },
    };
    const char *cells[ITEM_COLUMNS];
    Told told = { 0 };
    copy_sample(cells);
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        cells[column_named(known[i].column)] = known[i].cell;
    g_autoptr(json_t) fields = item_read_row(cells, note_fault, &told);
    g_assert_cmpuint(told.count, ==, 0);
    g_assert_null(json_object_get(fields, "conditions"));
    g_assert_true(json_is_false(json_object_get(fields, "appointment")));
    const json_t *paper = json_array_get(json_object_get(fields, "materials"), 1);
    g_assert_cmpstr(json_text(paper, "issuer"), ==, "测绘院");
    g_assert_null(json_object_get(paper, "paper_form"));
    g_auto(GStrv) written = item_write_row(fields);
    g_assert_cmpstr(written[ORGAN], ==, "");
    for (size_t i = 0; i < ITEM_COLUMNS; i++)
        if (i != ORGAN)
            g_assert_cmpstr(written[i], ==, cells[i]);
}

/* ---- who takes a step ---- */

static void a_step_goes_to_the_lowest_desk_that_may_take_it(void)
{
    enum {
        AT_VILLAGE = 1 << VILLAGE_LEVEL,
        AT_TOWN = 1 << TOWN_LEVEL,
        AT_COUNTY = 1 << COUNTY_LEVEL,
        AT_ZONE = 1 << ZONE_LEVEL
    };
    const struct {
        unsigned levels;
        int64_t place, organ, division;
    } rows[] = {
        { AT_VILLAGE | AT_TOWN | AT_COUNTY, village, VILLAGE_POINT_ORGAN, village },
        { AT_VILLAGE | AT_TOWN | AT_COUNTY, town, TOWN_CENTRE_ORGAN, town },
        { AT_VILLAGE | AT_TOWN | AT_COUNTY, zone, TOWN_CENTRE_ORGAN, zone },
        { AT_VILLAGE | AT_TOWN | AT_COUNTY, county, 27, county },
        { AT_TOWN, village, TOWN_CENTRE_ORGAN, town },
        { AT_TOWN | AT_COUNTY, village, TOWN_CENTRE_ORGAN, town },
        { AT_COUNTY, village, 27, county },
        { AT_COUNTY, zone, 27, county },
        { AT_VILLAGE | AT_COUNTY, town, 27, county },
        { AT_ZONE | AT_COUNTY, zone, TOWN_CENTRE_ORGAN, zone },
        { AT_ZONE | AT_COUNTY, town, 27, county },
        { AT_ZONE | AT_TOWN | AT_COUNTY, town, TOWN_CENTRE_ORGAN, town },
        /* who hands in above the desks that may take it keeps to where he is */
        { AT_VILLAGE, town, TOWN_CENTRE_ORGAN, town },
        { AT_TOWN, county, 27, county },
    };
    Item item = { .organ = 27, .step_count = 1 };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        item.steps[0] = (ItemStep){ STEP_REVIEW, rows[i].levels, REVIEWER };
        StepHolder holder = catalogue_step_holder(&item, 0, COUNTY, rows[i].place);
        g_test_message("%zu", i);
        g_assert_cmpint(holder.organ, ==, rows[i].organ);
        g_assert_cmpint(holder.division, ==, rows[i].division);
        g_assert_cmpuint(holder.role, ==, REVIEWER);
    }
}

static void a_step_is_found_by_its_kind(void)
{
    g_autoptr(Item) item = sample_item();
    g_assert_cmpuint(catalogue_step(item, STEP_RECEIVE, 0), ==, 0);
    g_assert_cmpuint(catalogue_step(item, STEP_ACCEPT, 0), ==, 2);
    g_assert_cmpuint(catalogue_step(item, STEP_DELIVER, 6), ==, 6);
    g_assert_true(catalogue_step(item, STEP_ACCEPT, 3) == SIZE_MAX);
    g_assert_true(catalogue_step(item, STEP_DELIVER, 7) == SIZE_MAX);
}

/* ---- versions ---- */

static void a_change_names_the_fields_that_differ(void)
{
    g_autoptr(json_t) before = json_pack("{s:s, s:i, s:[i]}", "name", "a", "visits", 1, "list", 1);
    g_autoptr(json_t) after = json_pack("{s:s, s:i, s:[i]}", "name", "a", "visits", 2, "list", 3);
    g_autoptr(json_t) changes = versioned_changes(before, after);
    g_autofree char *text = json_canonical(changes);
    g_assert_cmpstr(text, ==,
                    "{\"list\":{\"from\":[1],\"to\":[3]},\"visits\":{\"from\":1,\"to\":2}}");
    g_autoptr(json_t) first = versioned_changes(NULL, before);
    g_assert_cmpuint(json_object_size(first), ==, 3);
    g_assert_true(json_is_null(json_object_get(json_object_get(first, "name"), "from")));
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/catalogue/a row becomes an item", a_row_becomes_an_item);
    g_test_add_func("/catalogue/calendar days from receipt are read",
                    calendar_days_from_receipt_are_read);
    g_test_add_func("/catalogue/each fault is told with its column",
                    each_fault_is_told_with_its_column);
    g_test_add_func("/catalogue/all faults of a row are told", all_faults_of_a_row_are_told);
    g_test_add_func("/catalogue/nobody decides without a power", nobody_decides_without_a_power);
    g_test_add_func("/catalogue/what is decided above is forwarded", what_is_decided_above_is_forwarded);
    g_test_add_func("/catalogue/a power says in whose name", a_power_says_in_whose_name);
    g_test_add_func("/catalogue/without a power the county decides", without_a_power_the_county_decides);
    g_test_add_func("/catalogue/an extension is of the item's law", an_extension_is_of_the_items_law);
    g_test_add_func("/catalogue/an extension has the unit of the limits", an_extension_has_the_unit_of_the_limits);
    g_test_add_func("/catalogue/a promise is compared across units",
                    a_promise_is_compared_across_units);
    g_test_add_func("/item/a limit may be none", a_limit_may_be_none);
    g_test_add_func("/item/what is known becomes fields, and cells again", what_is_known_becomes_fields_and_cells_again);
    g_test_add_func("/catalogue/a step goes to the lowest desk that may take it",
                    a_step_goes_to_the_lowest_desk_that_may_take_it);
    g_test_add_func("/catalogue/a step is found by its kind", a_step_is_found_by_its_kind);
    g_test_add_func("/catalogue/a change names the fields that differ",
                    a_change_names_the_fields_that_differ);
    return g_test_run();
}
