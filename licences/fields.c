// SPDX-License-Identifier: Apache-2.0
/* The columns of a licence, and what follows from them: its identifier, its holder as the register lists him, its JSON. */
#include "licences/life.h"

#include "lists/lists.h"

#include <string.h>

const char *const licence_state_names[LICENCE_STATES + 1] = { "valid", "withheld", "expired", "revoked", "annulled", "replaced", "withdrawn" };
const char *const licence_ground_names[] = { "", "expiry", "death", "dissolution", "revoked", "force_majeure", "withdrawn", NULL };

#define OF(member, ...) RECORD_COLUMN(Licence, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(address, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL),
    OF(case_number, RECORD_INTEGER, .flags = RECORD_NUMBER),
    OF(co_holders, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL),
    OF(code_sought, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_UNRECORDED, .folds = "item"),
    OF(content, RECORD_TEXT, .group = CONTENT_COLUMNS),
    OF(events, RECORD_INTEGER, .group = STATE_COLUMNS, .flags = RECORD_UNRECORDED),
    OF(findings, RECORD_JSON, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL),
    OF(former, RECORD_TEXT, NULL),
    OF(former_sought, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_UNRECORDED, .folds = "former"),
    OF(ground, RECORD_WORD, licence_ground_names, STATE_COLUMNS),
    OF(holder, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL),
    OF(id_number, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL),
    OF(identifier, RECORD_TEXT, .group = CONTENT_COLUMNS),
    OF(is_person, RECORD_FLAG, NULL),
    OF(issued_day, RECORD_DAY, NULL),
    OF(item, RECORD_TEXT, NULL),
    OF(item_name, RECORD_TEXT, NULL),
    OF(item_name_en, RECORD_TEXT, NULL),
    OF(item_sought, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_UNRECORDED, .folds = "item_name"),
    OF(listed, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL | RECORD_UNRECORDED | RECORD_UNSEALED),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY | RECORD_NUMBER),
    OF(organ, RECORD_INTEGER, NULL),
    OF(party, RECORD_INTEGER, NULL),
    OF(renewal_day, RECORD_DAY, .group = STATE_COLUMNS),
    OF(replaced_by, RECORD_INTEGER, .group = STATE_COLUMNS, .flags = RECORD_NUMBER),
    OF(replaces, RECORD_INTEGER, .flags = RECORD_NUMBER),
    OF(representative, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL),
    OF(result_name, RECORD_TEXT, NULL),
    OF(result_name_en, RECORD_TEXT, NULL),
    OF(since_day, RECORD_DAY, .group = STATE_COLUMNS),
    OF(sought, RECORD_TEXT, .group = CONTENT_COLUMNS, .flags = RECORD_PERSONAL | RECORD_UNRECORDED | RECORD_UNSEALED),
    OF(state, RECORD_WORD, licence_state_names, STATE_COLUMNS),
    OF(valid_from_day, RECORD_DAY, .group = CONTENT_COLUMNS),
    OF(valid_to_day, RECORD_DAY, .group = CONTENT_COLUMNS),
    OF(version, RECORD_INTEGER, .group = CONTENT_COLUMNS),
};

const Record licence_record = { "licence", sizeof(Licence), columns, G_N_ELEMENTS(columns), NULL, NULL, 0, "licence.personal" };

void licence_clear(Licence *self)
{
    record_clear(&licence_record, self);
}

const char licence_sought_as[] = "licence.sought";

/* The name of an enterprise is public (art. 40); that of a person is found by its letters, and read by nobody. */
static bool settle_sought(const Context *context, Licence *self, GError **error)
{
    g_autofree char *folded = list_fold(self->holder);
    g_autofree char *hash = self->is_person ? list_hash(context->db, context->county, licence_sought_as, folded, error) : NULL;
    record_set(&self->sought, self->is_person ? hash : folded);
    return hash || !self->is_person;
}

bool licence_settle_sought(const Context *context, GError **error)
{
    Licence *each;
    g_auto(RecordWalk) walk = { .db = context->db, .county = context->county, .record = &licence_record,
                                .empty = record_column(&licence_record, "sought") };
    while ((each = record_next(&walk, error)))
        if (*each->holder && *each->listed && !(settle_sought(context, each, error) && record_update(context->db, context->county, &licence_record, CONTENT_COLUMNS, each, error)))
            return false;
    return !walk.failed;
}

/* The identifier is that of GB/T 36904; the organ numbers the types of its licences as it numbers its items: SJJ-03 is type 003. */
bool licence_settle(const Context *context, Licence *self, GError **error)
{
    enum { CREDIT_CODE = 18, TYPES = 1000 };
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, self->organ, error);
    const char *code = json_text(organ, "code");
    uint64_t type = g_ascii_strtoull(self->item + strcspn(self->item, "0123456789"), NULL, 10);
    g_autofree char *parts = g_strdup_printf("%s%03" PRIu64 ".%s.%" PRId64 ".%03" PRId64, code, type, code, self->number,
                                             self->version);
    bool is_coded = strlen(code) == CREDIT_CODE && type && type < TYPES;
    g_autofree char *identifier = is_coded ? g_strdup_printf("1.2.156.3005.2.%s.%c", parts, identity_check_character(parts)) : NULL;
    g_autofree char *listed = mask_party_name(self->is_person, self->holder);
    record_set(&self->identifier, identifier ? identifier : "");
    record_set(&self->listed, listed);
    return organ && settle_sought(context, self, error);
}

json_t *licence_json(const Licence *self)
{
    json_t *json = record_public(&licence_record, self);
    g_autofree char *masked = mask_party_id(self->is_person, self->id_number);
    json_object_set_new(json, "holder", json_string(self->listed));
    json_object_set_new(json, "id_masked", json_string(*self->listed ? masked : ""));
    json_object_del(json, "party");
    json_t *findings = *self->listed && *self->findings ? json_loads(self->findings, 0, NULL) : NULL;
    if (findings)
        json_object_set_new(json, "findings", findings);
    return json;
}

const char *licence_word_on(const Licence *self, Day day)
{
    enum licence_state state = licence_state_on(self, day);
    return state == LICENCE_VALID && self->since_day > day ? "not_yet" : licence_state_names[state];
}

json_t *licence_today(const Licence *self, Day day)
{
    char text[DAY_TEXT];
    const char *word = licence_word_on(self, day);
    bool holds = strcmp(word, "valid") == 0, is_late = licence_state_on(self, day) != self->state;
    int64_t told = holds ? self->valid_to_day : is_late ? self->valid_to_day + 1 : self->since_day;
    g_autofree char *by = self->replaced_by ? subject_number_grouped(self->replaced_by) : NULL;
    g_autofree char *path = subject_path(&licence_kind, self->number, VISITOR);
    return json_pack("{s:s, s:b, s:s, s:s*, s:s*}", "path", path, "holds", holds, "state", word,
                     holds ? "until_day" : strcmp(word, "not_yet") == 0 ? "from_day" : "over_day",
                     told ? day_text((Day)told, text) : NULL, "replaced_by_grouped", by);
}
