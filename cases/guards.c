// SPDX-License-Identifier: Apache-2.0
/* Guards of a case's actions: what the table of life.c alone cannot tell. */
#include "cases/code.h"
#include "cases/findings.h"
#include "cases/life.h"
#include "cases/succession.h"

#include <string.h>

const Item *life_item(const SubjectTurn *turn)
{
    const CaseWork *work = turn->work;
    return work->item;
}

enum case_action life_action(const SubjectTurn *turn)
{
    return (enum case_action)((const CaseRule *)(const void *)turn->rule - case_rules);
}

bool guard_is_over(const SubjectTurn *turn, enum case_clock which)
{
    g_autoptr(ClockReading) reading = case_clock(turn->present, which, turn->context->calendar, turn->context->now);
    return reading && reading->overdue;
}

/* Art. 32: all that is missing is told at once, and once only, within five working days. Art. 42: the limit is extended once,
 * before it has run out. NULL: nothing is against it. */
static const char *reason_against(const SubjectTurn *turn)
{
    const Case *self = turn->present;
    switch (life_action(turn)) {
    case CORRECT: return self->corrected ? "cases.corrected_already" : guard_is_over(turn, INTAKE_CLOCK) ? "cases.intake_over" : NULL;
    case DEEM: return item_kind(self->act)->is_licence && guard_is_over(turn, INTAKE_CLOCK) ? NULL : "cases.intake_not_over";
    case EXTEND: return self->extended ? "cases.extended_already" : guard_is_over(turn, STATUTORY_CLOCK) ? "cases.limit_over" : NULL;
    case OUTLAST: return day_of(turn->context->now) > self->special_until ? NULL : "cases.special_not_over";
    case LAPSE: return self->correct_by && day_of(turn->context->now) > self->correct_by ? NULL : "cases.wait_not_over";
    case OVERDUE: return !self->overdue && guard_is_over(turn, STATUTORY_CLOCK) ? NULL : "cases.not_overdue";
    case RATE: return self->rated ? "cases.rated_already" : NULL;
    default: return NULL;
    }
}

bool guard_time(const SubjectTurn *turn, GError **error)
{
    const char *reason = reason_against(turn);
    return !reason || refuse(error, CONFLICT, reason, NULL);
}

/* The papers may still lack something when they are handed in; a form that was begun may not. */
bool guard_hand_in(const SubjectTurn *turn, GError **error)
{
    return succession_lets_in(turn, error) && answers_are_whole(turn, error);
}

bool hand_in(const SubjectTurn *turn, void *record, GError **error)
{
    answers_hand_in(turn, record);
    return succession_take(turn, record, error);
}

bool guard_ask(const SubjectTurn *turn, GError **error)
{
    bool asks = json_array_size(turn->input->materials) || reopened_is_asked(turn->input);
    return guard_time(turn, error) && (asks || refuse_field(error, "materials", "cases.needed", NULL)) && case_asks_all(turn, error);
}

/* As long as the item's law lets at the most; a refusal names the bound with its unit. */
static bool is_within(int64_t days, int most, enum day_unit unit, const char *reason, GError **error)
{
    return days <= most || refuse_field(error, "days", reason, "most", DECIMAL(most), day_unit_names[unit], "1", NULL);
}

bool guard_extend(const SubjectTurn *turn, GError **error)
{
    const ItemExtension *most = &life_item(turn)->extension;
    if (!most->days)
        return refuse(error, CONFLICT, "cases.no_extension", NULL);
    return guard_time(turn, error) && is_within(turn->input->days, most->days, most->unit, "cases.extension_too_long", error);
}

/* Art. 47: a hearing that was asked for is held within twenty working days, whether or not the item lists it. */
const ItemSpecial *life_special(const Item *item, const char *kind)
{
    static const ItemSpecial any_hearing = { SPECIAL_HEARING, 20, "《中华人民共和国行政许可法》第四十五条", false };
    for (size_t i = 0; i < item->special_count; i++)
        if (g_strcmp0(item->specials[i].kind, kind) == 0)
            return &item->specials[i];
    return item->kind->is_licence && g_strcmp0(kind, SPECIAL_HEARING) == 0 ? &any_hearing : NULL;
}

bool life_is_hearing(const ItemSpecial *special)
{
    return strcmp(special->kind, SPECIAL_HEARING) == 0;
}

/* A hearing has a course of its own beside the case (the room hearings), which alone stops the clocks for it and lets them go on. A case that an
 * older program stopped for one has nothing beside it. */
bool guard_resume(const SubjectTurn *turn, GError **error)
{
    const Case *self = turn->present;
    if (turn->context->actor->kind != STAFF || strcmp(self->special, SPECIAL_HEARING) != 0)
        return true;
    g_autoptr(GPtrArray) beside = subject_beside_of(turn->context, self->number, error);
    return beside && (beside->len == 0 || refuse(error, CONFLICT, "cases.hearing_apart", NULL));
}

bool guard_special(const SubjectTurn *turn, GError **error)
{
    enum actor_kind actor = turn->context->actor->kind;
    const ItemSpecial *special = life_special(life_item(turn), turn->input->special);
    bool is_hearing = special && life_is_hearing(special);
    if (is_hearing && actor == STAFF)
        return refuse(error, CONFLICT, "cases.hearing_apart", NULL);
    if (is_hearing && actor == SYSTEM) /* as long as the law gives it */
        return true;
    if (special)
        return is_within(turn->input->days, special->days, WORKING_DAYS, "cases.special_too_long", error);
    return refuse_field(error, "special", "cases.special_unknown", "special", turn->input->special, NULL);
}

/* Events after an erasure have a new salt, which may be erased in its turn. */
static bool is_not_erased(const SubjectTurn *turn, GError **error)
{
    bool erased;
    if (!case_is_erased(turn->context, turn->present, &erased, error))
        return false;
    return !erased || refuse(error, CONFLICT, "cases.erased_already", NULL);
}

/* Where a term of keeping runs, use is restricted instead. The system erases when it is over, or again what a backup has brought back. */
bool guard_erase(const SubjectTurn *turn, GError **error)
{
    Day until = 0;
    bool is_system = turn->context->actor->kind == SYSTEM;
    if (!is_not_erased(turn, error) || (!is_system && !case_kept_until(turn->context, turn->present, &until, error)))
        return false;
    return until <= day_of(turn->context->now) || refuse(error, CONFLICT, "cases.kept_still", "until_day", DAY_WRITTEN(until), NULL);
}

/* The day is that of the term, which the security administrator's page computes, or that of the list beside a restored backup. */
bool guard_restrict(const SubjectTurn *turn, GError **error)
{
    Day until = turn->input->day;
    bool is_system = turn->context->actor->kind == SYSTEM;
    if (!is_not_erased(turn, error) || (!is_system && !case_kept_until(turn->context, turn->present, &until, error)))
        return false;
    if (until != turn->input->day || until <= day_of(turn->context->now))
        return is_system || refuse(error, CONFLICT, "cases.no_term", NULL);
    return !((const Case *)turn->present)->restricted_until || refuse(error, CONFLICT, "cases.restricted_already", NULL);
}

/* For what the law asks an auditor still sees them, and says why. */
bool guard_in_use(const SubjectTurn *turn, GError **error)
{
    return !((const Case *)turn->present)->restricted_until || identity_has_role(turn->context->actor, AUDITOR) ||
           refuse(error, CONFLICT, "cases.restricted", NULL);
}

/* A member of the staff who prints a slip knows its code too. */
bool guard_holder_alone(const SubjectTurn *turn, GError **error)
{
    const Actor *actor = turn->context->actor;
    return code_is_own(actor, turn->present) ||
           refuse(error, NOT_ALLOWED, code_opens_all(actor, turn->present) ? "cases.agent_looks" : "cases.code_was_shown", NULL);
}

bool guard_rate(const SubjectTurn *turn, GError **error)
{
    return guard_in_use(turn, error) && guard_holder_alone(turn, error) && guard_time(turn, error);
}

/* Only the handler that makes the slip brings along what is to be kept of its code. */
bool guard_slip(const SubjectTurn *turn, GError **error)
{
    if (!json_object_get(turn->input->fields, CODE_HASH))
        return refuse(error, NOT_FOUND, "cases.no_action", NULL);
    return is_not_erased(turn, error) && guard_in_use(turn, error);
}
