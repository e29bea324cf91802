// SPDX-License-Identifier: Apache-2.0
#include "custody/room.h"

#include "outbox/outbox.h"

#include <string.h>

const char *const custody_state_names[CUSTODY_STATES + 1] = { "in_custody", "handed_back" };

/* ---- the record ---- */

#define OF(member, ...) RECORD_COLUMN(Custody, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(back_day, RECORD_DAY, .group = STATE_COLUMNS),
    OF(case_number, RECORD_INTEGER, .flags = RECORD_NUMBER),
    OF(depositor, RECORD_TEXT, .group = PERSONAL_COLUMNS, .flags = RECORD_PERSONAL),
    OF(desk_division, RECORD_INTEGER, NULL),
    OF(desk_organ, RECORD_INTEGER, NULL),
    OF(events, RECORD_INTEGER, .group = STATE_COLUMNS, .flags = RECORD_UNRECORDED),
    OF(is_person, RECORD_FLAG, NULL),
    OF(is_restricted, RECORD_FLAG, .group = STATE_COLUMNS),
    OF(item, RECORD_TEXT, NULL),
    OF(item_name, RECORD_TEXT, NULL),
    OF(item_name_en, RECORD_TEXT, NULL),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY | RECORD_NUMBER),
    OF(organ, RECORD_INTEGER, NULL),
    OF(originals, RECORD_TEXT, .group = PERSONAL_COLUMNS, .flags = RECORD_PERSONAL),
    OF(pieces, RECORD_INTEGER, NULL),
    OF(receiver, RECORD_TEXT, .group = PERSONAL_COLUMNS, .flags = RECORD_PERSONAL),
    OF(since_day, RECORD_DAY, NULL),
    OF(state, RECORD_WORD, custody_state_names, STATE_COLUMNS),
};

static const Record record = { "custody", sizeof(Custody), columns, G_N_ELEMENTS(columns), NULL, NULL, 0, "custody.personal" };

void custody_clear(Custody *self)
{
    record_clear(&record, self);
}

/* ---- the rules ---- */

/* The receiver, who signs, is named. */
static bool is_signed_for(const SubjectTurn *turn, GError **error)
{
    return *json_text(turn->input->fields, "receiver") || refuse_field(error, "receiver", "custody.needed", NULL);
}

static bool hand_back(const SubjectTurn *turn, void *made, GError **error)
{
    Custody *next = made;
    (void)error;
    record_set(&next->receiver, json_text(turn->input->fields, "receiver"));
    next->back_day = day_of(turn->context->now);
    next->unwritten |= PERSONAL_COLUMNS;
    return true;
}

#define IN(state) (1u << (state))
enum { ANY_STATE = IN(CUSTODY_STATES) - 1 };

const SubjectRule custody_rules[CUSTODY_ACTIONS] = {
    [CUSTODY_HAND_BACK] = { "hand-back", "custody.handed_back", IN(CUSTODY_KEPT), BY_CUSTODIAN, 0, CUSTODY_BACK, CUSTODY_NEEDS_RECEIVER,
                            "custody_return", true, is_signed_for, hand_back },
    [CUSTODY_ERASE] = SUBJECT_ERASED_AS("erase-custody", ANY_STATE),
    [CUSTODY_RESTRICT] = SUBJECT_RESTRICTED_AS("restrict-custody", ANY_STATE),
};

static bool keeps(const Actor *actor, const Custody *self)
{
    return identity_may(actor, CLERK, self->desk_organ, self->desk_division);
}

static bool is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county)
{
    return subject_is_entitled(actor, &custody_kind, present, rule, county) ||
           (actor->kind == STAFF && (rule->relations & BY_CUSTODIAN) && keeps(actor, present));
}

/* It is seen by the desk that keeps them, the organ that decides, supervisors and auditors, and the holder of the case. */
static bool may_see(const Actor *actor, const void *present)
{
    const Custody *self = present;
    if (actor->kind != STAFF)
        return actor->kind == SYSTEM || identity_holds(actor, self->case_number);
    for (size_t i = 0; i < actor->post_count; i++)
        if (actor->posts[i].organ == self->organ || (actor->posts[i].roles & (SUPERVISOR | AUDITOR)))
            return true;
    return keeps(actor, self);
}

/* ---- the papers ---- */

json_t *custody_lines(const char *text)
{
    json_t *list = json_array();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (*g_strstrip(*line))
            json_array_append_new(list, json_pack("{s:s}", "name", *line));
    return list;
}

/* Where they lie: 新仓镇三叉河村便民服务点. */
static char *place_of(const Context *context, const Custody *self, GError **error)
{
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, self->desk_organ, error);
    g_autoptr(json_t) division = organ ? identity_division(context->db, context->county, self->desk_division, error) : NULL;
    bool is_local = division_level(self->desk_division) != COUNTY_LEVEL;
    return division ? g_strconcat(is_local ? json_text(division, "path") : "", json_text(organ, is_local ? "name" : "full_name"), NULL) : NULL;
}

static char *document(const SubjectTurn *turn, void *next, GError **error)
{
    const Custody *self = next;
    const Context *context = turn->context;
    g_autofree char *place = place_of(context, self, error), *issuer = place ? files_issuer(context, self->organ, false, error) : NULL;
    g_autofree char *number = subject_number_grouped(self->number), *of_case = subject_number_grouped(self->case_number);
    if (!issuer)
        return NULL;
    g_autoptr(json_t) content = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:b, s:s, s:s, s:o, s:o}", "act", "other", "applicant_name", self->depositor,
        "number", number, "case_grouped", of_case, "item_name", self->item_name, "item_name_en", self->item_name_en, "pieces", self->pieces,
        "is_person", self->is_person, "place_kept", place, "clerk_name", context->actor->name, "materials", custody_lines(self->originals), "issuer",
        json_loads(issuer, 0, NULL));
    static const char *const reached[] = { "organ_address", "organ_address_en", "organ_telephone" };
    for (size_t i = 0; self->desk_organ != self->organ && i < G_N_ELEMENTS(reached); i++) /* they are not to be fetched at the organ */
        json_object_del(json_object_get(content, "issuer"), reached[i]);
    json_put_day(content, "day", day_of(context->now));
    json_put_day(content, "since_day", (Day)self->since_day);
    json_put_text(content, "receiver", self->receiver);
    return json_canonical(content);
}

static const char *differs(const void *then, const void *kept, const Event *event, const json_t *facts, const json_t *content)
{
    const Custody *self = then;
    (void)kept, (void)event, (void)facts;
    return strcmp(json_text(content, "item_name"), self->item_name) != 0 ? "item_name" : NULL;
}

/* ---- beginning ---- */

/* The actor's post of a desk that has the case in sight; NULL: none. */
static const Post *post_for(const Actor *actor, const Case *of)
{
    for (size_t i = 0; actor->kind == STAFF && i < actor->post_count; i++) {
        const Actor alone = { .kind = STAFF, .id = actor->id, .name = actor->name, .posts = &actor->posts[i], .post_count = 1 };
        if ((actor->posts[i].roles & CLERK) && case_may_see(&alone, of))
            return &actor->posts[i];
    }
    return NULL;
}

static bool is_under_way(const Case *of)
{
    return of->state > DRAFT && of->state < CLOSED;
}

static bool may_begin(const Context *context, const void *of)
{
    return is_under_way(of) && post_for(context->actor, of);
}

bool custody_may_keep(const Context *context, const Case *of, const Post **post, GError **error)
{
    *post = post_for(context->actor, of);
    if (!*post)
        return refuse(error, NOT_ALLOWED, "custody.not_your_desk", NULL);
    return is_under_way(of) || refuse(error, CONFLICT, "custody.case_over", NULL);
}

static void take(const Deposit *deposit, const Case *of, const Post *post, Day today, Custody *out)
{
    out->case_number = of->number;
    out->organ = of->organ;
    out->desk_organ = post->organ;
    out->desk_division = post->division;
    out->is_person = case_is_of_person(of);
    out->pieces = deposit->pieces;
    out->since_day = today;
    record_set(&out->item, of->item);
    record_set(&out->item_name, of->item_name);
    record_set(&out->item_name_en, of->item_name_en);
    record_set(&out->originals, deposit->originals);
    record_set(&out->depositor, deposit->depositor && *deposit->depositor ? deposit->depositor : of->applicant);
}

bool custody_begin(const Context *context, const Deposit *deposit, Custody *out, GError **error)
{
    const Post *post;
    g_auto(Case) of = { 0 };
    record_init(&record, out);
    if (!subject_load(context->db, context->county, &case_kind, deposit->case_number, &of, error) ||
        !custody_may_keep(context, &of, &post, error) ||
        !subject_draw_number(context, &custody_kind, day_of(context->now), &out->number, error))
        return false;
    take(deposit, &of, post, day_of(context->now), out);
    g_autofree char *subject = subject_text(&custody_kind, out);
    g_autofree char *content = document(&(SubjectTurn){ .context = context }, out, error);
    json_t *made = content ? files_document(context, "custody_receipt", subject, 1, out->organ, content, error) : NULL;
    g_autoptr(json_t) facts = made ? json_pack("{s:o}", "document", made) : NULL;
    g_autofree char *text = facts ? json_canonical(facts) : NULL;
    return text && subject_begin(context, &custody_kind, out, "custody.taken", text, error) && subject_save(context, &custody_kind, out, error);
}

/* ---- when the case ends ---- */

static const char *const message_names[] = { "item_name", "number_grouped", "state", NULL };
const MessageTemplate custody_messages[] = { { "custody.messages.left", message_names, NULL }, { 0 } };

static bool remind(const Context *context, int64_t number, const Case *of, GError **error)
{
    g_auto(Custody) self = { 0 };
    if (!subject_load(context->db, context->county, &custody_kind, number, &self, error))
        return false;
    g_autofree char *path = subject_path(&custody_kind, number, STAFF), *grouped = subject_number_grouped(of->number);
    g_autoptr(json_t) data = json_pack("{s:s, s:s, s:s, s:s, s:s}", "path", path, "item_name", of->item_name, "item_name_en", of->item_name_en,
                                       "number_grouped", grouped, "state", case_state_names[of->state]);
    const MessageTo to = to_desk(self.desk_organ, self.desk_division, CLERK);
    return notify(context, &to, &custody_messages[0], data, error);
}

bool custody_hear(const Context *context, const SubjectChange *change, GError **error)
{
    const Case *before = change->before, *after = change->after;
    if (change->kind != &case_kind || !before || before->state == after->state || after->state < CLOSED || context->actor->kind == LOADER)
        return true;
    g_autoptr(GArray) kept = custody_kept(context, after->number, error);
    if (!kept)
        return false;
    g_autofree char *grouped = kept->len ? subject_number_grouped(g_array_index(kept, int64_t, 0)) : NULL;
    if (grouped && after->state == CLOSED)
        return refuse(error, CONFLICT, "custody.originals_here", "number_grouped", grouped, NULL);
    for (guint i = 0; i < kept->len; i++)
        if (!remind(context, g_array_index(kept, int64_t, i), after, error))
            return false;
    return true;
}

const SubjectKind custody_kind = {
    .name = "custody", .words = "custody", .none = "custody.no_custody", .is_of_person = true, .is_beside = true,
    .paths = { [HOLDER] = "/custody", [STAFF] = "/desk/custody" }, .record = &record, .states = custody_state_names,
    .rules = custody_rules, .rule_size = sizeof(SubjectRule), .rule_count = CUSTODY_ACTIONS,
    .state = offsetof(Custody, state), .events = offsetof(Custody, events), .head = offsetof(Custody, head),
    .unwritten = offsetof(Custody, unwritten), .always_group = STATE_COLUMNS, .item = offsetof(Custody, item),
    .organ = offsetof(Custody, organ), .division = offsetof(Custody, desk_division), .holder = offsetof(Custody, case_number), .restricted = offsetof(Custody, is_restricted),
    .relations = (const char *const[]){ "custodian", NULL }, .is_entitled = is_entitled, .may_see = may_see, .may_begin = may_begin,
    .fields = custody_act_fields, .document = document, .differs = differs, .answer = custody_answer,
};
