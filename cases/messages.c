// SPDX-License-Identifier: Apache-2.0
/* The messages of a case: its applicant hears that papers are asked for and what was decided, its desk that they have come
 * and that the limit has passed. */
#include "cases/life.h"

#include "outbox/outbox.h"

static const char *const correction_names[] = { "item_name", "number_grouped", "materials", "has_materials", "has_fields", "until_day", NULL };
static const char *const decided_names[] = { "item_name", "number_grouped", "state", NULL };
static const char *const missed_names[] = { "item_name", "number_grouped", "materials", NULL };
static const char *const desk_names[] = { "item_name", "number_grouped", NULL };

char *case_telephone(Db *db, int64_t county, int64_t number, GError **error)
{
    g_auto(Case) self = { 0 };
    return subject_load(db, county, &case_kind, number, &self, error) ? g_strdup(self.restricted_until ? "" : self.applicant_telephone) : NULL;
}

const MessageTemplate case_messages[] = {
    [CORRECTION_MESSAGE - 1] = { "cases.messages.correction", correction_names, case_telephone },
    [DECIDED_MESSAGE - 1] = { "cases.messages.decided", decided_names, case_telephone },
    [TRANSFERRED_MESSAGE - 1] = { "cases.messages.transferred", decided_names, case_telephone },
    [SENT_UP_MESSAGE - 1] = { "cases.messages.sent_up", decided_names, case_telephone },
    [MISSED_MESSAGE - 1] = { "cases.messages.missed", missed_names, case_telephone },
    [OVERDUE_MESSAGE - 1] = { "cases.messages.overdue", desk_names },
    [SUPPLIED_MESSAGE - 1] = { "cases.messages.supplied", desk_names },
    [OUTLASTED_MESSAGE - 1] = { "cases.messages.outlasted", desk_names },
    { 0 },
};

static json_t *data_of(const Case *self, bool at_desk)
{
    char until[DAY_TEXT];
    g_autofree char *path = subject_path(&case_kind, self->number, at_desk ? STAFF : HOLDER);
    g_autofree char *grouped = subject_number_grouped(self->number);
    json_t *data = json_pack("{s:s, s:s, s:s, s:s, s:s}", "path", path, "item_name", self->item_name, "item_name_en", self->item_name_en,
                             "number_grouped", grouped, "state", case_state_names[self->state]);
    if (self->state == CORRECTION) {
        json_t *missing = json_loads(self->missing, 0, NULL);
        json_object_set_new(data, "materials", missing ? missing : json_array());
        json_object_set_new(data, "has_materials", json_boolean(missing != NULL));
        json_object_set_new(data, "has_fields", json_boolean(*self->asked_fields));
        json_object_set_new(data, "until_day", json_string(day_text(life_wait_ends(self), until)));
    }
    return data;
}

/* The papers that an event names. Owned by the caller. */
static json_t *materials_of(const Event *event)
{
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL);
    return json_incref(json_object_get(json_object_get(payload, "facts"), "materials"));
}

/* An action that another system took long ago is no news. */
bool case_tell_people(const Context *context, const SubjectChange *change, GError **error)
{
    const Case *self = change->after;
    const CaseRule *rule = (const void *)change->rule;
    if (change->kind != &case_kind || !rule || !rule->message || context->actor->kind == LOADER)
        return true;
    bool at_desk = rule->message >= OVERDUE_MESSAGE;
    g_autoptr(json_t) data = data_of(self, at_desk);
    if (rule->message == MISSED_MESSAGE)
        json_object_set_new(data, "materials", materials_of(change->event));
    const MessageTo to = at_desk ? to_desk(self->desk_organ, self->desk_division, (unsigned)self->desk_role) : to_holder(self->number);
    return notify(context, &to, &case_messages[rule->message - 1], data, error);
}
