// SPDX-License-Identifier: Apache-2.0
/* From the cells of a table to the fields of an item. Each column has a row in a table that says how its cell is read and
 * within which bounds; then the laws (laws.c) are held against the whole. Every fault of the row is told, not only the first. */
#include "catalogue/row.h"

#include <string.h>

struct Reader {
    TellFault *tell;
    void *data;
    size_t column;
    unsigned faults;
    const char *entry, *part; /* where in a list the reader is; NULL outside lists */
};

/* ---- faults ---- */

/* One more pair of name and value may say what was expected; inside a list, where the fault is. */
static json_t *tell(Reader *reader, const char *reason, const char *value, const char *name, const char *expected)
{
    GError *why = NULL;
    refuse(&why, NOT_FITTING, reason, "value", value, name ? name : "value", name ? expected : value,
           reader->entry ? "entry" : NULL, reader->entry, reader->part ? "part" : NULL, reader->part, NULL);
    reader->faults++;
    reader->tell(reader->data, reader->column, why);
    return NULL;
}

static json_t *tell_bounds(Reader *reader, const Column *column, const char *reason, const char *value)
{
    g_autofree char *bounds = g_strdup_printf("%" PRId64 "–%" PRId64, column->least, column->most);
    return tell(reader, reason, value, "bounds", bounds);
}

/* ---- single cells ---- */

static json_t *read_text(Reader *reader, const Column *column, const char *cell)
{
    int64_t length = g_utf8_strlen(cell, -1);
    if (!length && column->least)
        return tell(reader, "catalogue.import_empty", cell, NULL, NULL);
    if (length < column->least || length > column->most)
        return tell_bounds(reader, column, "catalogue.import_length", cell);
    return json_string(cell);
}

/* A code stands in addresses and in the ledger. */
static json_t *read_code(Reader *reader, const Column *column, const char *cell)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (cell[strspn(cell, letters)])
        return tell(reader, "catalogue.import_code", cell, NULL, NULL);
    return read_text(reader, column, cell);
}

/* An empty cell is none, where none is allowed. */
static json_t *read_number(Reader *reader, const Column *column, const char *cell)
{
    guint64 number = 0;
    g_autofree char *plain = number_plain(cell);
    if (!*cell && column->least)
        return tell(reader, "catalogue.import_empty", cell, NULL, NULL);
    if (*cell && !g_ascii_string_to_unsigned(plain ? plain : cell, 10, (guint64)column->least, (guint64)column->most, &number, NULL))
        return tell_bounds(reader, column, "catalogue.import_number", cell);
    return json_integer((json_int_t)number);
}

static json_t *read_choice(Reader *reader, const Column *column, const char *cell)
{
    if (g_strv_contains(column->choices, cell))
        return json_string(cell);
    g_autofree char *choices = g_strjoinv(", ", (char **)(void *)column->choices);
    return tell(reader, "catalogue.import_choice", cell, "choices", choices);
}

static json_t *read_flag(Reader *reader, const Column *column, const char *cell)
{
    g_autoptr(json_t) word = read_choice(reader, column, cell);
    return word ? json_boolean(strcmp(cell, column->choices[1]) == 0) : NULL;
}

/* ---- rows and lists ---- */

/* Reads each of the cells by its column into an object; NULL when one is at fault. */
static json_t *read_object(Reader *reader, const Column *columns, const char *const *cells)
{
    g_autoptr(json_t) object = json_object();
    unsigned before = reader->faults;
    for (size_t i = 0; columns[i].name; i++) {
        if (reader->entry)
            reader->part = columns[i].name;
        else
            reader->column = i;
        if (columns[i].may_lack && !*cells[i])
            continue;
        json_object_set_new(object, columns[i].name, columns[i].read(reader, &columns[i], cells[i]));
    }
    reader->part = NULL;
    return reader->faults == before ? g_steal_pointer(&object) : NULL;
}

/* The number of parts; *least that of those that must be written. Appends "name;name_en[;issuer]". */
static size_t describe_parts(const Column *parts, size_t *least, GString *form)
{
    size_t count = 0;
    for (*least = 0; parts[count].name; count++) {
        const Column *part = &parts[count];
        g_string_append_printf(form, part->may_lack ? "[%s%s]" : "%s%s", count ? ";" : "", part->name);
        *least += !part->may_lack;
    }
    return count;
}

static json_t *read_entry(Reader *reader, const Column *column, const char *text)
{
    size_t least;
    g_auto(GStrv) cells = g_strsplit(text, ";", -1);
    g_autoptr(GString) form = g_string_new(NULL);
    size_t most = describe_parts(column->parts, &least, form), given = g_strv_length(cells);
    if (given < least || given > most)
        return tell(reader, "catalogue.import_parts", text, "form", form->str);
    g_autofree const char **parts = g_new(const char *, most);
    for (size_t i = 0; i < most; i++)
        parts[i] = i < given ? g_strstrip(cells[i]) : "";
    return read_object(reader, column->parts, parts);
}

static bool is_in(const json_t *list, const json_t *entry, const char *key)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one)
        if (strcmp(json_text(one, key), json_text(entry, key)) == 0)
            return true;
    return false;
}

static json_t *read_list(Reader *reader, const Column *column, const char *cell)
{
    g_auto(GStrv) entries = g_strsplit(cell, column->between, -1);
    g_autoptr(json_t) list = json_array();
    unsigned before = reader->faults;
    const char *outer = reader->entry;
    int64_t count = g_strv_length(entries);
    if (!count && column->least)
        return tell(reader, "catalogue.import_empty", cell, NULL, NULL);
    if (count > column->most)
        return tell_bounds(reader, column, "catalogue.import_entries", cell);
    for (int64_t i = 0; i < count; i++) {
        g_autofree char *number = g_strdup_printf("%" PRId64, i + 1);
        reader->entry = outer ? outer : number;
        json_t *entry = read_entry(reader, column, entries[i]);
        if (entry && column->single && is_in(list, entry, column->parts[0].name))
            tell(reader, "catalogue.import_twice", entries[i], NULL, NULL);
        json_array_append_new(list, entry);
        reader->entry = outer;
    }
    return reader->faults == before ? g_steal_pointer(&list) : NULL;
}

/* ---- the columns ---- */

const char *const item_objects[] = { "person", "enterprise", "institution", "social_organisation", "state_organ", NULL };

static const char *const statutory_units[] = { "working", "calendar", "months", "none", NULL }; /* none: no law sets a limit */
static const char *const starts[] = { "acceptance", "receipt", "submission", NULL };
static const char *const demands[] = { "optional", "required", NULL };
static const char *const sources[] = { "applicant", "organ", "agency", NULL };
static const char *const result_kinds[] = { "licence", "approval", "certificate", "record", NULL };
static const char *const no_yes[] = { "no", "yes", NULL };
/* Licensing Law art. 45. */
static const char *const specials[] = { "hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal",
                                        "expert_review", NULL };

/* 权力来源: the organ's own by law, given by a law to what is no organ, entrusted by an organ, done by one posted here. */
static const char *const power_sources[] = { "statutory", "authorised", "entrusted", "stationed", NULL };
/* Below the item's organ also: a law has it examine first (初审), and it decides nothing. A village is an agent and has none. */
static const char *const powers_below[] = { "statutory", "authorised", "entrusted", "stationed", "examines", NULL };
static const char *const levels_above[] = { "prefecture", "province", NULL };
static const char *const power_levels[] = { "town", "zone", NULL };
static const char *const body_kinds[] = { "organ", "authorised_body", "entrusted_body", "other_body", NULL }; /* 实施主体性质 */
/* 办件类型: decided at once, within the promise, with other organs, or sent on to a higher level. */
static const char *const handlings[] = { "instant", "promised", "joint", "forwarded", NULL };
/* 网办深度: to read about it, to apply, to bring the originals but once, to bring nothing at all. */
static const char *const online_depths[] = { "inform", "apply", "check", "whole", NULL };
static const char *const ranges[] = { "county", "prefecture", "province", "nation", NULL }; /* 通办范围 */
static const char *const periods[] = { "year", "month", NULL };
static const char *const paper_forms[] = { "paper", "electronic", "either", NULL };         /* 材料形式 */

static const Column object_parts[] = { { "object", read_choice, .choices = item_objects }, { 0 } };
static const Column level_parts[] = { { "level", read_choice, .choices = item_levels }, { 0 } };
static const Column step_parts[] = {
    { "kind", read_choice, .choices = step_kind_names },
    { "levels", read_list, 1, 4, .parts = level_parts, .between = "/", .single = true },
    { "role", read_choice, .choices = role_names },
    { 0 },
};
static const Column material_parts[] = {
    { "name", read_text, 1, 100 },
    { "name_en", read_text, 1, 200 },
    { "required", read_flag, .choices = demands },
    { "originals", read_number, 0, 20 },
    { "copies", read_number, 0, 20 },
    { "source", read_choice, .choices = sources },
    { "paper_form", read_choice, .choices = paper_forms, .may_lack = true },
    { "issuer", read_text, 1, 100, .may_lack = true },
    { "paper_basis", read_text, 1, 200, .may_lack = true },
    { "blank", read_text, 1, 200, .may_lack = true },  /* where the empty form is, and a filled one */
    { "sample", read_text, 1, 200, .may_lack = true },
    { "may_follow", read_flag, .choices = no_yes, .may_lack = true },  /* 容缺 */
    { "may_promise", read_flag, .choices = no_yes, .may_lack = true }, /* 告知承诺 */
    { "shared_by", read_code, 1, 40, .may_lack = true }, /* 数据共享: the register or connector from which it comes by itself */
    { 0 },
};
/* 设定依据, article by article. */
static const Column basis_parts[] = {
    { "statute", read_text, 1, 100 },
    { "document_number", read_text, 0, 60 },
    { "article", read_text, 0, 60 },
    { 0 },
};
static const Column name_parts[] = { { "name", read_text, 1, 100 }, { 0 } };
static const Column agency_parts[] = { { "name", read_text, 1, 100 }, { "name_en", read_text, 1, 200 }, { 0 } };
/* The steps that may wait for a fee; where none is named, issue and delivery do. */
static const char *const fee_steps[] = { "accept", "decide", "issue", "deliver", NULL };
/* A charge is an amount, or else a formula in words. */
static const Column fee_parts[] = {
    { "name", read_text, 1, 100 },
    { "name_en", read_text, 1, 200 },
    { "amount_fen", read_number, 0, 100000000000, .may_lack = true },
    { "formula", read_text, 1, 200, .may_lack = true },
    { "line_basis", read_text, 1, 200, .may_lack = true },
    { "reducible", read_flag, .choices = no_yes, .may_lack = true },
    { "per", read_text, 1, 40, .may_lack = true }, /* the unit of which it is the price, where it is not the case: 本, 平方米 */
    { "per_en", read_text, 1, 80, .may_lack = true },
    { "due_before", read_choice, .choices = fee_steps, .may_lack = true },
    { 0 },
};
static const Column special_parts[] = {
    { "special", read_choice, .choices = specials },
    { "days", read_number, 1, 365 },
    { "basis", read_text, 1, 200 },
    { "mandatory", read_flag, .choices = no_yes, .may_lack = true }, /* its law demands it of every case */
    { 0 },
};

static const Column power_parts[] = {
    { "level", read_choice, .choices = power_levels },
    { "power_source", read_choice, .choices = powers_below },
    { "power_basis", read_text, 1, 300 },
    { 0 },
};

static const Column above_parts[] = {
    { "above_level", read_choice, .choices = levels_above },
    { "above_organ", read_text, 1, 100 },
    { "above_organ_en", read_text, 1, 200 },
    { "days", read_number, 1, 365 },
    { "unit", read_choice, .choices = day_unit_names },
    { "basis", read_text, 1, 200 },
    { 0 },
};

static const Column extension_parts[] = {
    { "days", read_number, 0, 365 },
    { "unit", read_choice, .choices = day_unit_names },
    { "basis", read_text, 1, 200 },
    { 0 },
};

static const Column quota_parts[] = {
    { "number", read_number, 1, 1000000 },
    { "quota_period", read_choice, .choices = periods },
    { "quota_basis", read_text, 1, 200, .may_lack = true },
    { 0 },
};

static const Column columns[] = {
    [CODE] = { "code", read_code, 1, 40 },
    [NAME] = { "name", read_text, 1, 100 },
    [NAME_EN] = { "name_en", read_text, 1, 200 },
    [ORGAN] = { "organ", read_text, 1, 100 },
    [TYPE] = { "type", read_choice, .choices = item_kind_names },
    [LEVEL] = { "level", read_choice, .choices = level_names },
    [SUMMARY] = { "summary", read_text, 1, 500 },
    [SUMMARY_EN] = { "summary_en", read_text, 1, 1000 },
    [WHO] = { "who", read_text, 1, 500 },
    [WHO_EN] = { "who_en", read_text, 1, 1000 },
    [BASIS] = { "basis", read_text, 1, 1000 },
    [BASIS_EN] = { "basis_en", read_text, 0, 2000 },
    [STATUTORY_DAYS] = { "statutory_days", read_number, 0, 730 },
    [STATUTORY_UNIT] = { "statutory_unit", read_choice, .choices = statutory_units },
    [START] = { "start", read_choice, .choices = starts },
    [PROMISED_DAYS] = { "promised_days", read_number, 0, 730 },
    [PROMISED_UNIT] = { "promised_unit", read_choice, .choices = day_unit_names },
    [OBJECTS] = { "objects", read_list, 1, 5, .parts = object_parts, .between = "|", .single = true },
    [MATERIALS] = { "materials", read_list, 1, ITEM_MATERIALS, .parts = material_parts, .between = "|", .single = true },
    [FEE] = { "fee", read_text, 1, 500 },
    [FEE_EN] = { "fee_en", read_text, 1, 1000 },
    [FEE_BASIS] = { "fee_basis", read_text, 0, 500 },
    [STEPS] = { "steps", read_list, 1, ITEM_STEPS, .parts = step_parts, .between = "|" },
    [SPECIALS] = { "specials", read_list, 0, ITEM_SPECIALS, .parts = special_parts, .between = "|", .single = true },
    [VISITS] = { "visits", read_number, 0, 20 },
    [VISIT_REASON] = { "visit_reason", read_text, 0, 200 },
    [VISIT_REASON_EN] = { "visit_reason_en", read_text, 0, 400 },
    [ONLINE] = { "online", read_flag, .choices = no_yes },
    [RESULT] = { "result", read_text, 1, 100 },
    [RESULT_EN] = { "result_en", read_text, 1, 200 },
    [VALIDITY_YEARS] = { "validity_years", read_number, 0, 99 },
    [RESULT_KIND] = { "result_kind", read_choice, .choices = result_kinds },
    [INSTANT] = { "instant", read_flag, .choices = no_yes },
    [KEYWORDS] = { "keywords", read_text, 0, 500 },
    [ORIGIN] = { "origin", read_text, 0, 500 },
    [KEEPING_YEARS] = { "keeping_years", read_number, 0, 99, .may_lack = true },
    [EXTENSION] = { "extension", read_list, 1, 1, .parts = extension_parts, .between = "|", .may_lack = true },
    [HANDLING] = { "handling", read_choice, .choices = handlings, .may_lack = true },
    [ONLINE_DEPTH] = { "online_depth", read_choice, .choices = online_depths, .may_lack = true },
    { "bases", read_list, 1, 20, .parts = basis_parts, .between = "|", .may_lack = true },
    { "power_source", read_choice, .choices = power_sources, .may_lack = true },
    { "body_kind", read_choice, .choices = body_kinds, .may_lack = true },
    { "co_organs", read_list, 1, 20, .parts = name_parts, .between = "|", .single = true, .may_lack = true },
    { "conditions", read_text, 1, 2000, .may_lack = true },
    { "conditions_en", read_text, 1, 4000, .may_lack = true },
    { "prohibitions", read_text, 1, 2000, .may_lack = true },
    { "prohibitions_en", read_text, 1, 4000, .may_lack = true },
    { "quantity", read_text, 1, 500, .may_lack = true },
    { "quantity_en", read_text, 1, 1000, .may_lack = true },
    { "range", read_choice, .choices = ranges, .may_lack = true },
    { "appointment", read_flag, .choices = no_yes, .may_lack = true },
    { "by_post", read_flag, .choices = no_yes, .may_lack = true },
    { "result_sample", read_text, 1, 200, .may_lack = true },
    { "consulting_telephone", read_text, 1, 40, .may_lack = true },
    { "supervision_telephone", read_text, 1, 40, .may_lack = true },
    { "review_organ", read_text, 1, 200, .may_lack = true },
    { "court", read_text, 1, 200, .may_lack = true },
    { "agencies", read_list, 1, 20, .parts = agency_parts, .between = "|", .single = true, .may_lack = true },
    { "fees", read_list, 1, 30, .parts = fee_parts, .between = "|", .single = true, .may_lack = true },
    { "annual_check", read_text, 1, 500, .may_lack = true },
    { "annual_check_en", read_text, 1, 1000, .may_lack = true },
    { "renewal_days", read_number, 1, 365, .may_lack = true }, /* before the last day a renewal is to be asked for */
    { "correction_days", read_number, ITEM_CORRECTION_LEAST, ITEM_CORRECTION_MOST, .may_lack = true },
    { "quota", read_list, 1, 1, .parts = quota_parts, .between = "|", .may_lack = true },
    { "in_person", read_flag, .choices = no_yes, .may_lack = true }, /* no agent may apply (Licensing Law art. 29) */
    [POWERS] = { "powers", read_list, 1, 2, .parts = power_parts, .between = "|", .single = true, .may_lack = true },
    [ABOVE] = { "above", read_list, 1, 1, .parts = above_parts, .between = "|", .may_lack = true },
    { "site_check", read_text, 1, 200, .may_lack = true }, /* 现场核查: the article that demands it */
    { "applicants", read_number, 2, 20, .may_lack = true }, /* how many have to apply together, such as a couple */
    { 0 },
};
G_STATIC_ASSERT(G_N_ELEMENTS(columns) == ITEM_COLUMNS + 1);
const Column *const item_table = columns;
const size_t item_singles[ITEM_SINGLES] = { EXTENSION, ABOVE };

/* ---- the whole ---- */

void item_columns(const char *names[static ITEM_COLUMNS + 1])
{
    for (size_t i = 0; i <= ITEM_COLUMNS; i++)
        names[i] = columns[i].name;
}

/* The columns of days and unit become one limit. */
static void join_limit(json_t *fields, const char *name, size_t days, size_t unit)
{
    json_t *limit = json_pack("{s:O, s:O}", "days", json_object_get(fields, columns[days].name),
                              "unit", json_object_get(fields, columns[unit].name));
    json_object_del(fields, columns[days].name);
    json_object_del(fields, columns[unit].name);
    json_object_set_new(fields, name, limit);
}

json_t *item_read_row(const char *const cells[static ITEM_COLUMNS], TellFault *tell_fault, void *data)
{
    Reader reader = { .tell = tell_fault, .data = data };
    g_autoptr(json_t) fields = read_object(&reader, columns, cells);
    if (!fields)
        return NULL;
    join_limit(fields, "statutory", STATUTORY_DAYS, STATUTORY_UNIT);
    join_limit(fields, "promised", PROMISED_DAYS, PROMISED_UNIT);
    for (size_t i = 0; i < G_N_ELEMENTS(item_singles); i++) {
        const char *name = columns[item_singles[i]].name;
        json_t *one = json_incref(json_array_get(json_object_get(fields, name), 0));
        json_object_del(fields, name);
        json_object_set_new(fields, name, one);
    }
    for (const ItemLaw *law = item_laws; law->reason; law++) {
        reader.column = law->column;
        if (!law->fits(fields))
            tell(&reader, law->reason, cells[law->column], NULL, NULL);
    }
    return reader.faults ? NULL : g_steal_pointer(&fields);
}
