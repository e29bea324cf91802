// SPDX-License-Identifier: Apache-2.0
#include "cases/fields.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

static const char *const decisions[] = { [UNDECIDED] = "", [GRANTED_IT] = "granted", [REFUSED_IT] = "refused", NULL };

#define OF(member, ...) RECORD_COLUMN(Case, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(accepted_hour, RECORD_INTEGER, NULL, PINNED_PART),
    OF(accepted_on, RECORD_INTEGER, NULL, PINNED_PART),
    OF(act, RECORD_TEXT, NULL, PINNED_PART),
    OF(alarm_at, RECORD_INSTANT, NULL, PRESENT_PART),
    OF(applicant, RECORD_TEXT, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_ADOPTED),
    OF(applicant_address, RECORD_TEXT, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_ADOPTED),
    OF(applicant_answers, RECORD_JSON, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_ADOPTED),
    OF(applicant_contact, RECORD_TEXT, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_ADOPTED),
    OF(applicant_division, RECORD_INTEGER, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_ADOPTED),
    OF(applicant_id, RECORD_TEXT, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_ADOPTED),
    OF(applicant_kind, RECORD_TEXT, NULL, APPLICANT_PART, RECORD_ADOPTED),
    OF(applicant_nonce, RECORD_TEXT, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_UNRECORDED),
    OF(applicant_others, RECORD_JSON, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_ADOPTED),
    OF(applicant_representative, RECORD_TEXT, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_ADOPTED),
    OF(applicant_telephone, RECORD_TEXT, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_ADOPTED),
    OF(asked_fields, RECORD_JSON, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_ADOPTED),
    OF(channel, RECORD_WORD, channel_names, PINNED_PART),
    OF(code_hash, RECORD_TEXT, NULL, CODE_PART, RECORD_UNRECORDED),
    OF(correct_by, RECORD_DAY, NULL, PRESENT_PART),
    OF(corrected, RECORD_INTEGER, NULL, PRESENT_PART),
    OF(decided_on, RECORD_INTEGER, NULL, DECIDED_PART),
    OF(decision, RECORD_WORD, decisions, DECIDED_PART),
    OF(delivered_by, RECORD_WORD, delivery_names, DELIVERED_PART),
    OF(desk_division, RECORD_INTEGER, NULL, PRESENT_PART),
    OF(desk_organ, RECORD_INTEGER, NULL, PRESENT_PART),
    OF(desk_role, RECORD_INTEGER, NULL, PRESENT_PART),
    OF(draft_at, RECORD_INSTANT, NULL, DRAFT_PART, RECORD_UNRECORDED),
    OF(draft_revision, RECORD_INTEGER, NULL, DRAFT_PART, RECORD_UNRECORDED),
    OF(draft_staff, RECORD_INTEGER, NULL, DRAFT_PART, RECORD_UNRECORDED),
    OF(due_at, RECORD_INSTANT, NULL, PRESENT_PART),
    OF(events, RECORD_INTEGER, NULL, PRESENT_PART, RECORD_UNRECORDED),
    OF(extended, RECORD_INTEGER, NULL, PRESENT_PART),
    OF(findings, RECORD_JSON, NULL, APPLICANT_PART, RECORD_PERSONAL | RECORD_ADOPTED),
    OF(from_receipt, RECORD_INTEGER, NULL, PINNED_PART),
    OF(granted, RECORD_TEXT, NULL, DECIDED_PART),
    OF(held, RECORD_INTEGER, NULL, PRESENT_PART),
    OF(item, RECORD_TEXT, NULL, PINNED_PART),
    OF(item_name, RECORD_TEXT, NULL, PINNED_PART),
    OF(item_name_en, RECORD_TEXT, NULL, PINNED_PART),
    OF(item_version, RECORD_INTEGER, NULL, PINNED_PART),
    OF(joint, RECORD_FLAG, NULL, PINNED_PART),
    OF(kept, RECORD_INTEGER, NULL, DECIDED_PART),
    OF(missing, RECORD_JSON, NULL, PRESENT_PART),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY),
    OF(organ, RECORD_INTEGER, NULL, PINNED_PART),
    OF(overdue, RECORD_INTEGER, NULL, PRESENT_PART),
    OF(party, RECORD_INTEGER, NULL, PINNED_PART),
    OF(place, RECORD_INTEGER, NULL, PINNED_PART),
    OF(promised_days, RECORD_INTEGER, NULL, PINNED_PART),
    OF(promised_unit, RECORD_WORD, day_unit_names, PINNED_PART),
    OF(rated, RECORD_INTEGER, NULL, PRESENT_PART),
    OF(restricted_until, RECORD_DAY, NULL, RESTRICTED_PART),
    OF(returned, RECORD_INTEGER, NULL, PRESENT_PART),
    OF(reviewers, RECORD_TEXT, NULL, PRESENT_PART),
    OF(special, RECORD_TEXT, NULL, PRESENT_PART),
    OF(special_until, RECORD_DAY, NULL, PRESENT_PART),
    OF(spent, RECORD_INTEGER, NULL, DECIDED_PART),
    OF(state, RECORD_WORD, case_state_names, PRESENT_PART),
    OF(statutory_days, RECORD_INTEGER, NULL, PINNED_PART),
    OF(statutory_unit, RECORD_WORD, day_unit_names, PINNED_PART),
    OF(step, RECORD_INTEGER, NULL, PRESENT_PART),
};

static char *write_trail(const void *before, const void *after);
static void copy_marks(const void *from, void *to);
static void clear_marks(void *record);
static const RecordTrail trail = { "marks", write_trail, marks_read, copy_marks, clear_marks };

const Record case_record = { "case_now", sizeof(Case), columns, G_N_ELEMENTS(columns), &trail, NULL, offsetof(Case, applicant_nonce),
                             "case_now.personal" };

void case_clear(Case *self)
{
    record_clear(&case_record, self);
}

/* ---- marks ---- */

char *marks_write(const ClockMark *marks, size_t from, size_t end)
{
    GString *line = g_string_new(NULL);
    for (size_t i = from; i < end; i++) {
        char day[DAY_TEXT];
        const ClockMark *m = &marks[i];
        json_write_number(line, m->at);
        text_append_all(line, (const char *const[]){ ",", day_text(m->day, day), ",", holder_names[m->holder], ",", NULL });
        json_write_number(line, m->extra);
        text_append_all(line, (const char *const[]){ m->stop ? ",1," : ",0,", m->why, ";", NULL });
    }
    return g_string_free(line, FALSE);
}

static bool holder_named(const char *name, enum holder *holder)
{
    for (*holder = 0; *holder < HOLDERS_COUNT && strcmp(holder_names[*holder], name) != 0;)
        ++*holder;
    return *holder < HOLDERS_COUNT;
}

/* Takes the text before `end` and goes on behind it. It is read by hand, since sscanf took a tenth of a list's time. */
static bool take_text(const char **at, char end, char *out, size_t size)
{
    const char *stop = strchr(*at, end);
    size_t length = stop ? (size_t)(stop - *at) : size;
    if (length >= size)
        return false;
    memcpy(out, *at, length);
    out[length] = '\0';
    *at = stop + 1;
    return length > 0;
}

static bool take_number(const char **at, int64_t least, int64_t most, int64_t *number)
{
    char text[24], *rest;
    if (!take_text(at, ',', text, sizeof text))
        return false;
    *number = g_ascii_strtoll(text, &rest, 10);
    return !*rest && *number >= least && *number <= most;
}

static bool read_mark(const char **at, ClockMark *m)
{
    char day[DAY_TEXT], holder[24];
    int64_t extra, stop;
    if (!take_number(at, INT64_MIN, INT64_MAX, &m->at) || !take_text(at, ',', day, sizeof day) ||
        !take_text(at, ',', holder, sizeof holder) || !take_number(at, INT_MIN, INT_MAX, &extra) ||
        !take_number(at, 0, 1, &stop) || !take_text(at, ';', m->why, sizeof m->why))
        return false;
    m->extra = (int)extra;
    m->stop = stop;
    m->day = day_parse(day);
    return m->day != DAY_NONE && holder_named(holder, &m->holder);
}

ClockMark *marks_add(Case *self)
{
    self->marks = g_renew(ClockMark, self->marks, self->mark_count + 1);
    return &self->marks[self->mark_count++];
}

bool marks_read(void *record, const char *line)
{
    ClockMark read;
    while (*line) {
        if (!read_mark(&line, &read))
            return false;
        *marks_add(record) = read;
    }
    return true;
}

static char *write_trail(const void *before, const void *after)
{
    const Case *earlier = before, *later = after;
    size_t known = earlier ? earlier->mark_count : 0;
    return marks_write(later->marks, known, later->mark_count);
}

static void copy_marks(const void *from, void *to)
{
    Case *self = to;
    self->marks = g_memdup2(((const Case *)from)->marks, self->mark_count * sizeof *self->marks);
}

static void clear_marks(void *record)
{
    Case *self = record;
    g_clear_pointer(&self->marks, g_free);
    self->mark_count = 0;
}
