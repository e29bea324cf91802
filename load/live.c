// SPDX-License-Identifier: Apache-2.0
/* A history lived again: every step by the state machine, and between them what the system itself would have done. */
#include "load/room.h"

#include <string.h>

/* ---- before it begins ---- */

static bool names_organ(const json_t *organ, const char *text)
{
    g_autofree char *number = g_strdup_printf("%" PRId64, json_number(organ, "number"));
    return strcmp(text, number) == 0 || strcmp(text, json_text(organ, "name")) == 0 ||
           strcmp(text, json_text(organ, "short_name")) == 0;
}

/* The organ that the old system names has to be the one that decides here, or one with whose work that one goes on. */
static bool is_its_organ(const Context *context, const char *text, int64_t organ, GError **error)
{
    size_t i;
    json_t *one;
    int64_t acting;
    g_autoptr(json_t) organs = *text ? identity_organs(context->db, context->county, error) : json_array();
    json_array_foreach(organs, i, one)
        if (names_organ(one, text))
            return identity_acting(context->db, context->county, ABOUT_ORGAN, json_number(one, "number"), &acting, error) &&
                   (acting == organ || refuse(error, NOT_FITTING, "load.other_organ", "value", text, NULL));
    return organs && (!*text || refuse(error, NOT_FITTING, "load.no_organ", "value", text, NULL));
}

static bool has_centre(const Context *context, int64_t place, GError **error)
{
    g_autoptr(GError) none = NULL;
    g_autofree char *code = g_strdup_printf("%" PRId64, place);
    g_autoptr(json_t) division = identity_division(context->db, context->county, place, &none);
    if (division && (json_flag(division, "centre") || division_level(place) == COUNTY_LEVEL))
        return true;
    if (!division && !trouble_is(&none, NOT_FOUND, error))
        return false;
    return refuse(error, NOT_FITTING, division ? "load.no_centre" : "load.no_place", "value", code, NULL);
}

static bool begin(const Context *context, History *self, Case *out, GError **error)
{
    const LoadRow *row = &g_array_index(self->rows, LoadRow, 0);
    self->column = COLUMN_PLACE;
    if (!has_centre(context, self->draft.place, error))
        return false;
    self->column = COLUMN_ITEM;
    if (!case_begin(context, &self->draft, out, error))
        return false;
    self->column = COLUMN_ORGAN;
    return is_its_organ(context, row->cells[COLUMN_ORGAN], out->organ, error);
}

/* ---- by itself ---- */

/* Deadlines that have passed by then take effect, each at its own instant (deemed acceptance, art. 32; overdue). */
static bool ring(const Context *context, History *self, Case *now, Instant until, GError **error)
{
    Context then = *context;
    const SubjectRule *rule;
    SubjectInput input = { .seen = -1, .loaded = self->loaded };
    while (now->alarm_at && now->alarm_at <= until) {
        then.now = now->alarm_at;
        case_kind.due(now, &rule);
        if (!case_take(&then, now, (enum case_action)subject_rule_place(&case_kind, rule), &input, error))
            return false;
    }
    return true;
}

/* ---- step by step ---- */

/* The pages offer what is possible; whoever mends a file has to be told what is awaited. */
static void *refuse_order(const Context *context, const History *self, const Case *now, GError **error)
{
    char day[DAY_TEXT];
    bool is_deemed = now->mark_count && strcmp(now->marks[now->mark_count - 1].why, "deemed_accepted") == 0;
    g_autoptr(Item) item = catalogue_item(context->db, context->county, now->item, now->item_version, error);
    if (!item)
        return NULL;
    return refuse(error, CONFLICT, is_deemed ? "load.deemed" : "load.order", "value",
                  g_array_index(self->rows, LoadRow, self->row).cells[COLUMN_STEP], "state", case_state_names[now->state], "step",
                  step_kind_names[item->steps[now->step].kind], "deemed_day", is_deemed ? day_text(day_of(now->marks[now->mark_count - 1].at), day) : "", NULL);
}

static bool take(const Context *context, History *self, Case *now, LoadStep *step, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(json_t) asked = step->action == SUPPLY && !step->materials ? json_loads(now->missing, 0, NULL) : NULL;
    SubjectInput input = step->input;
    input.loaded = self->loaded;
    if (asked) /* 补齐 without a list: all that was asked for */
        input.materials = asked;
    if (case_take(context, now, step->action, &input, &why))
        return true;
    g_autoptr(json_t) details = trouble_details(why);
    if (strcmp(json_text(details, "reason"), "cases.not_now") == 0)
        return refuse_order(context, self, now, error);
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

static bool take_all(Context *then, History *self, Case *now, Instant until, GError **error)
{
    for (self->row = 0; self->row < self->steps->len; self->row++) {
        LoadStep *step = &g_array_index(self->steps, LoadStep, self->row);
        self->column = COLUMN_STEP;
        then->now = step->at;
        if (!ring(then, self, now, step->at, error) || !take(then, self, now, step, error))
            return false;
    }
    self->row--;
    return ring(then, self, now, until, error);
}

bool load_is_over(const Case *self)
{
    return self->state == CLOSED || self->state >= NOT_NEEDED;
}

static bool live(const Context *context, History *self, Instant now, GError **error)
{
    g_auto(Case) made = { 0 };
    Context then = *context;
    self->row = 0;
    self->draft.loaded = self->loaded;
    then.now = g_array_index(self->steps, LoadStep, 0).at;
    if (!begin(&then, self, &made, error) || !take_all(&then, self, &made, now, error))
        return false;
    if (!load_is_over(&made))
        case_draw_code(context, &made, self->code);
    if (!subject_save(&then, &case_kind, &made, error))
        return false;
    self->number = made.number;
    return true;
}

/* A refusal of the state machine is told of the column that it is about. */
static enum load_column column_of(const json_t *details, enum load_column otherwise)
{
    static const struct { const char *name; enum load_column column; } named[] = {
        { "party_kind", COLUMN_KIND },
        { "cases.not_online", COLUMN_CHANNEL }, { "cases.not_here", COLUMN_CHANNEL },
        { "cases.still_missing", COLUMN_MATERIALS }, { "reason", COLUMN_OPINION }, { "opinion", COLUMN_OPINION },
        { "materials", COLUMN_MATERIALS }, { "special", COLUMN_SPECIAL }, { "days", COLUMN_DAYS }, { "level", COLUMN_LEVEL },
        { "organ", COLUMN_ORGAN },
    };
    const char *field = json_text(details, "field"), *key = *field ? field : json_text(details, "reason");
    for (size_t i = 0; i < G_N_ELEMENTS(named); i++)
        if (strcmp(named[i].name, key) == 0)
            return named[i].column;
    return otherwise;
}

bool load_live(const Context *context, History *self, Instant now, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (live(context, self, now, &why))
        return true;
    g_autoptr(json_t) details = trouble_details(why);
    self->column = column_of(details, self->column);
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

/* ---- a licence ---- */

static void take_term(Licence *made, const LoadTerm *term)
{
    made->valid_from_day = term->from;
    made->valid_to_day = term->to;
    made->state = term->state == LICENCE_EXPIRED ? LICENCE_VALID : term->state; /* it ends by its term */
    made->since_day = term->since ? term->since : MAX(term->issued, term->from);
}

static bool take_licence(const Context *context, History *self, const Item *item, Licence *made, GError **error)
{
    const LoadRow *row = &g_array_index(self->rows, LoadRow, 0);
    licence_take_item(made, item, self->term.issued);
    take_term(made, &self->term);
    record_set(&made->former, history_number(self));
    record_set(&made->holder, self->draft.party.name);
    record_set(&made->id_number, self->id_number);
    if (*row->cells[COLUMN_CONTENT])
        record_set(&made->content, row->cells[COLUMN_CONTENT]);
    made->organ = item->organ;
    made->is_person = self->draft.party.kind == PERSON;
    return identity_party(context, &self->draft.party, &made->party, error) &&
           licence_begin(context, made, &(LicenceOrigin){ .loaded = self->loaded }, error);
}

bool load_live_licence(const Context *context, History *self, Instant now, GError **error)
{
    g_auto(Licence) made;
    const LoadRow *row = &g_array_index(self->rows, LoadRow, 0);
    record_init(licence_kind.record, &made);
    self->row = 0;
    self->column = COLUMN_ITEM;
    g_autoptr(Item) item = catalogue_item_on(context->db, context->county, row->cells[COLUMN_ITEM], day_of(now), error);
    if (!item)
        return false;
    if (!*item->result)
        return refuse(error, NOT_FITTING, "load.no_result", "value", item->code, NULL);
    self->column = COLUMN_ORGAN;
    if (!is_its_organ(context, row->cells[COLUMN_ORGAN], item->organ, error))
        return false;
    self->column = COLUMN_NUMBER;
    bool entered = take_licence(context, self, item, &made, error);
    self->number = made.number;
    return entered;
}
