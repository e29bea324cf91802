// SPDX-License-Identifier: Apache-2.0
/* The columns of a licence, and what follows from them: its identifier, its holder as the register lists him, its JSON. */
#include "licences/life.h"

#include "lists/lists.h"

#include <string.h>

const char *const licence_state_names[LICENCE_STATES + 1] = { "valid", "withheld", "expired", "revoked", "annulled", "replaced" };
const char *const licence_ground_names[] = { "", "expiry", "death", "dissolution", "revoked", "force_majeure", NULL };

#define OF(member, ...) RECORD_COLUMN(Licence, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(case_number, RECORD_INTEGER, NULL),
    OF(code_sought, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_UNRECORDED),
    OF(content, RECORD_TEXT, .group = CONTENT_COLUMNS),
    OF(events, RECORD_INTEGER, .group = STATE_COLUMNS, .flags = RECORD_UNRECORDED),
    OF(former, RECORD_TEXT, NULL),
    OF(former_sought, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_UNRECORDED),
    OF(ground, RECORD_WORD, licence_ground_names, STATE_COLUMNS),
    OF(holder, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL),
    OF(id_number, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL),
    OF(identifier, RECORD_TEXT, .group = CONTENT_COLUMNS),
    OF(is_person, RECORD_FLAG, NULL),
    OF(issued_day, RECORD_DAY, NULL),
    OF(item, RECORD_TEXT, NULL),
    OF(item_name, RECORD_TEXT, NULL),
    OF(item_name_en, RECORD_TEXT, NULL),
    OF(item_sought, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_UNRECORDED),
    OF(listed, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL | RECORD_UNRECORDED),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY),
    OF(organ, RECORD_INTEGER, NULL),
    OF(party, RECORD_INTEGER, NULL),
    OF(renewal_day, RECORD_DAY, .group = STATE_COLUMNS),
    OF(replaced_by, RECORD_INTEGER, .group = STATE_COLUMNS),
    OF(replaces, RECORD_INTEGER, NULL),
    OF(result_name, RECORD_TEXT, NULL),
    OF(result_name_en, RECORD_TEXT, NULL),
    OF(since_day, RECORD_DAY, .group = STATE_COLUMNS),
    OF(sought, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL | RECORD_UNRECORDED),
    OF(state, RECORD_WORD, licence_state_names, STATE_COLUMNS),
    OF(valid_from_day, RECORD_DAY, .group = CONTENT_COLUMNS),
    OF(valid_to_day, RECORD_DAY, .group = CONTENT_COLUMNS),
    OF(version, RECORD_INTEGER, .group = CONTENT_COLUMNS),
};

const Record licence_record = { "licence", sizeof(Licence), columns, G_N_ELEMENTS(columns), NULL, NULL };

void licence_clear(Licence *self)
{
    record_clear(&licence_record, self);
}

/* ---- the identifier (GB/T 36904) ---- */

char licence_check_character(const char *text)
{
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    enum { MODULUS = 36 };
    int product = MODULUS;
    for (; *text; text++) {
        if (*text == '.') /* between the parts of an identifier */
            continue;
        int sum = (product + (int)(strchr(alphabet, *text) - alphabet)) % MODULUS;
        product = (sum ? sum : MODULUS) * 2 % (MODULUS + 1);
    }
    return alphabet[(MODULUS + 1 - product) % MODULUS];
}

/* The organ numbers the types of its licences as it numbers its items: SJJ-03 is type 003. Owned by the caller. */
static char *identifier_of(const Licence *self, const char *organ)
{
    enum { CREDIT_CODE = 18, TYPES = 1000 };
    const char *digits = self->item + strcspn(self->item, "0123456789");
    uint64_t type = g_ascii_strtoull(digits, NULL, 10);
    if (strlen(organ) != CREDIT_CODE || type == 0 || type >= TYPES)
        return g_strdup("");
    g_autofree char *parts = g_strdup_printf("%s%03" PRIu64 ".%s.%" PRId64 ".%03" PRId64, organ, type, organ, self->number, self->version);
    return g_strdup_printf("1.2.156.3005.2.%s.%c", parts, licence_check_character(parts));
}

void licence_fold(Licence *self)
{
    char **const texts[][2] = { { &self->sought, &self->holder }, { &self->code_sought, &self->item },
                                { &self->item_sought, &self->item_name }, { &self->former_sought, &self->former } };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *folded = list_fold(*texts[i][1]);
        record_set(texts[i][0], folded);
    }
}

bool licence_settle(const Context *context, Licence *self, GError **error)
{
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, self->organ, error);
    if (!organ)
        return false;
    g_autofree char *identifier = identifier_of(self, json_text(organ, "code"));
    g_autofree char *listed = self->is_person ? mask_name(self->holder) : g_strdup(self->holder);
    record_set(&self->identifier, identifier);
    record_set(&self->listed, listed);
    licence_fold(self);
    return true;
}

/* ---- as JSON ---- */

static void put_number(json_t *json, const RecordColumn *column, const Licence *self)
{
    static const char *const numbers[] = { "case_number", "number", "replaced_by", "replaces", NULL };
    json_t *value = record_json(column, self);
    if (json_is_integer(value) && g_strv_contains(numbers, column->name) && json_integer_value(value)) {
        g_autofree char *grouped = subject_number_grouped(json_integer_value(value)), *name = g_strconcat(column->name, "_grouped", NULL);
        json_object_set_new(json, name, json_string(grouped));
        json_object_set_new(json, column->name, json_sprintf("%" PRId64, (int64_t)json_integer_value(value)));
    } else if (json_is_integer(value) ? json_integer_value(value) : !json_is_string(value) || *json_string_value(value))
        json_object_set(json, column->name, value);
    json_decref(value);
}

json_t *licence_json(const Licence *self)
{
    json_t *json = json_object();
    g_autofree char *masked = self->is_person ? mask_id(self->id_number) : g_strdup(self->id_number);
    for (size_t i = 0; i < licence_record.count; i++)
        if (!(columns[i].flags & (RECORD_PERSONAL | RECORD_UNRECORDED)))
            put_number(json, &columns[i], self);
    json_object_set_new(json, "holder", json_string(self->listed));
    json_object_set_new(json, "id_masked", json_string(masked));
    json_object_del(json, "party");
    return json;
}

json_t *licence_today(const Licence *self, Day day)
{
    char text[DAY_TEXT];
    enum licence_state state = licence_state_on(self, day);
    bool begins_later = state == LICENCE_VALID && self->since_day > day;
    bool holds = state == LICENCE_VALID && !begins_later, is_late = state == LICENCE_EXPIRED && self->state != LICENCE_EXPIRED;
    Day told = holds ? (Day)self->valid_to_day : is_late ? (Day)self->valid_to_day + 1 : (Day)self->since_day;
    g_autofree char *by = self->replaced_by ? subject_number_grouped(self->replaced_by) : NULL;
    g_autofree char *path = subject_path(&licence_kind, self->number, VISITOR);
    return json_pack("{s:s, s:b, s:s, s:s*, s:s*}", "path", path, "holds", holds, "state",
                     begins_later ? "not_yet" : licence_state_names[state], holds ? "until_day" : begins_later ? "from_day" : "over_day", told ? day_text(told, text) : NULL,
                     "replaced_by_grouped", by);
}
