// SPDX-License-Identifier: Apache-2.0
/* The life of a source as a table, and what a case's hand-in has it asked for.
 *
 *   IN_USE --set-source--> IN_USE: its data change, which makes another version
 *   IN_USE --end-source--> ENDED: nobody is asked any more; papers that name it are asked of the applicants
 */
#include "sources/life.h"

#include <string.h>

/* ---- the kind ---- */

static bool set(const SubjectTurn *turn, void *next, GError **error)
{
    return source_take(turn->context, turn->input->fields, false, next, error) && db_reference_changed(turn->context->db, turn->context->county, error);
}

static bool end(const SubjectTurn *turn, void *next, GError **error)
{
    (void)next;
    return db_reference_changed(turn->context->db, turn->context->county, error);
}

#define IN(state) (1u << (state))

/* name, event, states, relations, roles, next state, needs, document, main */
const SubjectRule source_rules[SOURCE_ACTIONS] = {
    [SOURCE_SET] = { "set-source", "source.source_changed", IN(SOURCE_IN_USE), BY_ADMINISTRATOR, 0, SUBJECT_STAYS, NEED_SOURCE | TAKES_SOURCE, NULL, true, .effect = set,
                     .inner = true },
    [SOURCE_END] = { "end-source", "source.source_ended", IN(SOURCE_IN_USE), BY_ADMINISTRATOR, 0, SOURCE_ENDED, NEED_REASON, NULL, false, .effect = end },
};

static bool may_administer(const Actor *actor, int64_t county)
{
    return actor->kind == STAFF && identity_may(actor, SYSTEM_ADMINISTRATOR, CENTRE_ORGAN, division_county(county));
}

static bool is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county)
{
    (void)present, (void)rule;
    return may_administer(actor, county);
}

static bool may_see(const Actor *actor, const void *present)
{
    (void)present;
    return actor->kind == SYSTEM || (actor->kind == STAFF && identity_has_role(actor, SYSTEM_ADMINISTRATOR | SECURITY_ADMINISTRATOR | AUDITOR));
}

const SubjectKind source_kind = {
    .name = "source", .words = "sources", .none = "sources.none", .paths = { [STAFF] = "/desk/sources" }, .may_see = may_see, .record = &source_record,
    .states = source_state_names, .rules = source_rules, .rule_size = sizeof(SubjectRule), .rule_count = SOURCE_ACTIONS, .state = offsetof(Source, state),
    .events = offsetof(Source, events), .head = offsetof(Source, head), .unwritten = offsetof(Source, unwritten), .always_group = SOURCE_PRESENT,
    .relations = (const char *const[]){ "source_keeper", NULL }, .is_entitled = is_entitled, .answer = source_answer, .fields = source_act_fields,
};

/* ---- beginning ---- */

static bool is_free(const Context *context, const char *code, GError **error)
{
    size_t i;
    json_t *source;
    g_autoptr(json_t) known = json_array();
    for (const Room *const *room = context->rooms; room && *room; room++)
        if ((*room)->shares && !(*room)->shares(context, known, error))
            return false;
    json_array_foreach(known, i, source)
        if (strcmp(json_text(source, "code"), code) == 0)
            return refuse_field(error, "code", "sources.code_taken", NULL);
    return true;
}

bool source_begin(const Context *context, const json_t *fields, Source *out, GError **error)
{
    const char *code = json_text(fields, "code");
    record_init(&source_record, out);
    record_set(&out->code, code);
    if (!may_administer(context->actor, context->county))
        return refuse(error, NOT_ALLOWED, "sources.not_yours_to_begin", NULL);
    if (!*code || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != strlen(code))
        return refuse_field(error, "code", "sources.code_form", NULL);
    return is_free(context, code, error) && subject_draw_number(context, &source_kind, day_of(context->now), &out->number, error) &&
           source_take(context, fields, true, out, error) && subject_begin(context, &source_kind, out, "source.source_begun", NULL, error) &&
           subject_save(context, &source_kind, out, error) && db_reference_changed(context->db, context->county, error);
}

char *source_secret(Db *db, int64_t county, const Source *self, GError **error)
{
    char *secret = NULL;
    return personal_open(db, county, SECRET_PLACE, DECIMAL(self->number), self->secret, &secret, error) ? secret : NULL;
}

/* ---- what is to be asked ---- */

/* The source in use of that code; 0: there is none, so that the applicant brings the paper. */
static int64_t source_of(const json_t *sources, const char *code)
{
    size_t i;
    json_t *source;
    json_array_foreach((json_t *)sources, i, source)
        if (strcmp(json_text(source, "code"), code) == 0 && strcmp(json_text(source, "state"), source_state_names[SOURCE_IN_USE]) == 0)
            return json_number(source, "number");
    return 0;
}

static bool ask_for(const Context *context, const Case *of, int64_t source, const char *material, GError **error)
{
    bool waits;
    return asking_waits(context, of->number, material, &waits, error) && (waits || asking_insert(context, of->number, source, material, error));
}

static bool ask_for_all(const Context *context, const Case *of, const Item *item, GError **error)
{
    g_autoptr(json_t) sources = NULL;
    for (size_t i = 0; i < item->material_count; i++) {
        const ItemMaterial *material = &item->materials[i];
        if (!*material->shared_by || (of->held & INT64_C(1) << i) || !case_asks(of, item, "papers", material->name))
            continue;
        sources = sources ? sources : sources_all(context->db, context->county, error);
        int64_t source = sources ? source_of(sources, material->shared_by) : 0;
        if (!sources || (source && !ask_for(context, of, source, material->name, error)))
            return false;
    }
    return true;
}

bool sources_hear(const Context *context, const SubjectChange *change, GError **error)
{
    const Case *of = change->after;
    if (change->kind != &case_kind || !change->rule || context->actor->kind == LOADER)
        return true;
    size_t action = subject_rule_place(&case_kind, change->rule);
    if (action != SUBMIT && action != TRANSFER && action != CHANGE_APPLICANT)
        return true;
    g_autoptr(Item) item = catalogue_item(context->db, context->county, of->item, of->item_version, error);
    return item && ask_for_all(context, of, item, error);
}
