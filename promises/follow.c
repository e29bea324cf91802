// SPDX-License-Identifier: Apache-2.0
/* Promises go with their case: given with it, fulfilled when its papers come, checked once it is granted, dropped when it ends. */
#include "promises/life.h"

#include <string.h>

int promise_days(const Context *context, const Case *of, const Item *item)
{
    int64_t promised = case_working_days(of->promised_days, (enum day_unit)of->promised_unit);
    return (int)CLAMP(promised, 1, case_correction_days(context, item));
}

static size_t place_of(const Item *item, const char *name)
{
    size_t i = 0;
    while (i < item->material_count && strcmp(item->materials[i].name, name) != 0)
        i++;
    return i;
}

static json_t *names_of(const Item *item, const json_t *names, enum promise_kind kind)
{
    size_t i;
    json_t *name, *list = json_array();
    json_array_foreach((json_t *)names, i, name) {
        size_t place = place_of(item, json_string_value(name));
        if (place < item->material_count && item->materials[place].may_follow == (kind == PROMISE_FOLLOWS))
            json_array_append(list, name);
    }
    return list;
}

static bool begin_one(const Context *context, const Case *of, const Item *item, const SubjectChange *change, Promise *made, GError **error)
{
    static const char *const letters[] = { "following_letter", "vouching_letter" };
    Day today = day_of(context->now);
    record_set(&made->item, of->item);
    record_set(&made->item_name, of->item_name);
    record_set(&made->item_name_en, of->item_name_en);
    made->case_number = of->number;
    made->organ = of->organ;
    made->division = of->place;
    made->is_ticked = context->actor->kind == HOLDER;
    made->due_day = made->promise == PROMISE_FOLLOWS ? calendar_add(context->calendar, today, promise_days(context, of, item)) : 0;
    g_autofree char *content = promise_letter(context, made, of, error);
    g_autoptr(json_t) letter = content ? files_document(context, letters[made->promise], change->event->subject, change->event->sequence, of->organ,
                                                        content, error) : NULL;
    g_autoptr(json_t) facts = json_pack("{s:O*}", "document", letter);
    g_autofree char *text = json_canonical(facts);
    return letter && subject_draw_number(context, &promise_kind, today, &made->number, error) &&
           subject_begin(context, &promise_kind, made, "promise.given", text, error) && subject_save(context, &promise_kind, made, error);
}

static bool begin(const Context *context, const SubjectChange *change, GError **error)
{
    const Case *of = change->after;
    g_autoptr(json_t) payload = json_loads(change->event->payload, 0, NULL);
    const json_t *named = json_object_get(json_object_get(payload, "facts"), "materials");
    g_autoptr(Item) item = catalogue_item(context->db, context->county, of->item, of->item_version, error);
    for (enum promise_kind kind = PROMISE_FOLLOWS; item && kind <= PROMISE_VOUCHED; kind++) {
        g_auto(Promise) made;
        record_init(&promise_record, &made);
        g_autoptr(json_t) names = names_of(item, named, kind);
        g_free(made.materials);
        made.materials = json_canonical(names);
        made.promise = kind;
        if (json_array_size(names) && !begin_one(context, of, item, change, &made, error))
            return false;
    }
    return item != NULL;
}

static bool is_all_held(const Promise *self, const Case *of, const Item *item)
{
    size_t i;
    json_t *name;
    bool all = true;
    g_autoptr(json_t) names = json_loads(self->materials, 0, NULL);
    json_array_foreach(names, i, name)
        all &= (of->held & INT64_C(1) << place_of(item, json_string_value(name))) != 0;
    return all;
}

/* PROMISE_ACTIONS: none. */
static enum promise_action follows_from(enum case_action action, const Promise *self, const Case *of, const Item *item)
{
    bool is_ended = of->state == REFUSED || of->state >= NOT_NEEDED || action == TRANSFER || action == CHANGE_APPLICANT; /* to another's papers, by another who promised nothing */
    if (action == ATTACH || action == FETCH_PAPER)
        return is_all_held(self, of, item) ? PROMISE_FULFIL : PROMISE_ACTIONS;
    if (action == GRANT)
        return self->promise == PROMISE_FOLLOWS ? PROMISE_FULFIL : PROMISE_CHECK;
    if (action == UNACCEPT && self->promise == PROMISE_FOLLOWS) /* it has done so itself */
        return PROMISE_ACTIONS;
    return is_ended ? PROMISE_DROP : PROMISE_ACTIONS;
}

static bool go_on(const Context *context, enum case_action action, const Case *of, GError **error)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    const SubjectInput input = { .seen = -1 };
    Context as_system = *context;
    as_system.actor = &system;
    g_autoptr(GArray) numbers = promises_of(context, of->number, 1u << PROMISE_GIVEN, error);
    g_autoptr(Item) item = numbers ? catalogue_item(context->db, context->county, of->item, of->item_version, error) : NULL;
    for (guint i = 0; item && i < numbers->len; i++) {
        g_auto(Promise) self = { 0 }, after = { 0 };
        int64_t number = g_array_index(numbers, int64_t, i);
        if (!subject_load(context->db, context->county, &promise_kind, number, &self, error))
            return false;
        enum promise_action next = follows_from(action, &self, of, item);
        if (next != PROMISE_ACTIONS && !subject_act(&as_system, &promise_kind, number, &promise_rules[next], &input, &after, error))
            return false;
    }
    return item != NULL;
}

bool promise_hear(const Context *context, const SubjectChange *change, GError **error)
{
    const Case *of = change->after, *before = change->before;
    if (change->kind != &case_kind || !change->rule || !((of->held | (before ? before->held : 0)) & CASE_PROMISED))
        return true;
    enum case_action action = (enum case_action)subject_rule_place(&case_kind, change->rule);
    return action == PROMISE ? begin(context, change, error) : go_on(context, action, of, error);
}

bool promise_give(const Context *context, int64_t case_number, const SubjectInput *input, bool consent, Case *out, GError **error)
{
    SubjectInput given = *input;
    g_autoptr(json_t) fields = json_pack("{s:b}", "promise", true);
    given.fields = fields;
    if (!consent)
        return refuse_field(error, "consent", "promises.consent", NULL);
    return case_act(context, case_number, PROMISE, &given, out, error);
}

bool promise_offers_papers(const Context *context, int64_t party, int64_t case_number, json_t *papers, GError **error)
{
    (void)party;
    const unsigned states = 1u << PROMISE_GIVEN | 1u << PROMISE_CHECKING | 1u << PROMISE_KEPT;
    g_autoptr(GArray) numbers = case_number ? promises_of(context, case_number, states, error) : g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; numbers && i < numbers->len; i++) {
        size_t each;
        json_t *name;
        g_auto(Promise) self = { 0 };
        if (!subject_load(context->db, context->county, &promise_kind, g_array_index(numbers, int64_t, i), &self, error))
            return false;
        g_autoptr(json_t) names = json_loads(self.materials, 0, NULL);
        json_array_foreach(names, each, name) {
            json_t *paper = json_pack("{s:O, s:s, s:b}", "material", name, "promise", promise_kind_names[self.promise], "waits", self.state != PROMISE_KEPT);
            json_put_day(paper, "until_day", self.due_day ? (Day)self.due_day : DAY_NONE);
            json_array_append_new(papers, paper);
        }
    }
    return numbers != NULL;
}
