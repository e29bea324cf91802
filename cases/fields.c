// SPDX-License-Identifier: Apache-2.0
#include "cases/fields.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

static const char *const units[] = { "working", "calendar", NULL };
static const char *const decisions[] = { [UNDECIDED] = "", [GRANTED_IT] = "granted", [REFUSED_IT] = "refused", NULL };

#define NUMBER_OF(member, part) { #member, NUMBER, offsetof(Case, member), NULL, part }
#define WORD_OF(member, words, part) { #member, WORD, offsetof(Case, member), words, part }
#define TEXT_OF(member, part) { #member, TEXT, offsetof(Case, member), NULL, part }

const Member case_members[CASE_MEMBERS] = {
    NUMBER_OF(number, 0),
    WORD_OF(state, case_state_names, PRESENT_PART),
    NUMBER_OF(step, PRESENT_PART),
    NUMBER_OF(desk_organ, PRESENT_PART),
    NUMBER_OF(desk_division, PRESENT_PART),
    NUMBER_OF(desk_role, PRESENT_PART),
    NUMBER_OF(corrected, PRESENT_PART),
    NUMBER_OF(extended, PRESENT_PART),
    NUMBER_OF(overdue, PRESENT_PART),
    NUMBER_OF(rated, PRESENT_PART),
    NUMBER_OF(returned, PRESENT_PART),
    TEXT_OF(missing, PRESENT_PART),
    TEXT_OF(special, PRESENT_PART),
    NUMBER_OF(due_at, PRESENT_PART),
    NUMBER_OF(alarm_at, PRESENT_PART),
    NUMBER_OF(events, PRESENT_PART),
    TEXT_OF(item, PINNED_PART),
    NUMBER_OF(item_version, PINNED_PART),
    TEXT_OF(item_name, PINNED_PART),
    TEXT_OF(item_name_en, PINNED_PART),
    NUMBER_OF(organ, PINNED_PART),
    NUMBER_OF(place, PINNED_PART),
    WORD_OF(channel, channel_names, PINNED_PART),
    NUMBER_OF(party, PINNED_PART),
    NUMBER_OF(promised_days, PINNED_PART),
    WORD_OF(promised_unit, units, PINNED_PART),
    NUMBER_OF(statutory_days, PINNED_PART),
    WORD_OF(statutory_unit, units, PINNED_PART),
    NUMBER_OF(from_receipt, PINNED_PART),
    NUMBER_OF(accepted_on, PINNED_PART),
    NUMBER_OF(accepted_hour, PINNED_PART),
    NUMBER_OF(decided_on, DECIDED_PART),
    WORD_OF(decision, decisions, DECIDED_PART),
    NUMBER_OF(spent, DECIDED_PART),
    NUMBER_OF(kept, DECIDED_PART),
};

/* The same by their names, as canonical JSON has them. */
static const unsigned char by_name[CASE_MEMBERS] = {
    30, 29, 14, 22, 6, 31, 32, 4, 3, 5, 13, 15, 7, 28, 16, 18, 19, 17, 34, 11, 0, 20, 8, 23, 21, 24, 25,
    9, 10, 12, 33, 1, 26, 27, 2,
};

int64_t *member_number(Case *self, const Member *member)
{
    return (int64_t *)(void *)((char *)self + member->place);
}

char **member_text(Case *self, const Member *member)
{
    return (char **)(void *)((char *)self + member->place);
}

static int64_t number_in(const Case *self, const Member *member)
{
    return *(const int64_t *)(const void *)((const char *)self + member->place);
}

static const char *text_in(const Case *self, const Member *member)
{
    return *(char *const *)(const void *)((const char *)self + member->place);
}

int64_t member_word(const Member *member, const char *word)
{
    for (int64_t i = 0; member->words[i]; i++)
        if (word && strcmp(member->words[i], word) == 0)
            return i;
    return -1;
}

json_t *member_json(const Case *self, const Member *member)
{
    int64_t number = member->kind == TEXT ? 0 : number_in(self, member);
    switch (member->kind) {
    case NUMBER: return json_integer(number);
    case WORD: return number < 0 ? json_null() : json_string(member->words[number]);
    default: return json_string(text_in(self, member));
    }
}

static bool is_same(const Case *a, const Case *b, const Member *member)
{
    return member->kind == TEXT ? strcmp(text_in(a, member), text_in(b, member)) == 0
                                : number_in(a, member) == number_in(b, member);
}

static const Member *member_named(const char *name)
{
    for (size_t i = 0; i < CASE_MEMBERS; i++)
        if (strcmp(case_members[i].name, name) == 0)
            return &case_members[i];
    return NULL;
}

void members_empty(Case *self)
{
    *self = (Case){ 0 };
    for (size_t i = 0; i < CASE_MEMBERS; i++)
        if (case_members[i].kind == TEXT)
            *member_text(self, &case_members[i]) = g_strdup("");
}

void case_copy(const Case *from, Case *to)
{
    *to = *from;
    for (size_t i = 0; i < CASE_MEMBERS; i++)
        if (case_members[i].kind == TEXT)
            *member_text(to, &case_members[i]) = g_strdup(text_in(from, &case_members[i]));
    to->password = g_strdup(from->password);
    to->applicant = g_strdup(from->applicant);
    to->applicant_id = g_strdup(from->applicant_id);
}

static void write_value(GString *out, const Case *self, const Member *member)
{
    int64_t number = member->kind == TEXT ? 0 : number_in(self, member);
    if (member->kind == NUMBER)
        json_write_number(out, number);
    else if (member->kind == WORD && number < 0)
        g_string_append(out, "null");
    else
        json_write_text(out, member->kind == WORD ? member->words[number] : text_in(self, member));
}

void members_write(GString *out, const Case *before, const Case *after)
{
    g_string_append_c(out, '{');
    for (size_t i = 0; i < CASE_MEMBERS; i++) {
        const Member *member = &case_members[by_name[i]];
        bool counted_by_ledger = member->place == offsetof(Case, events);
        if (counted_by_ledger || is_same(before, after, member))
            continue;
        json_write_key(out, member->name);
        write_value(out, after, member);
    }
    g_string_append_c(out, '}');
}

static bool apply_one(Case *self, const Member *member, const json_t *value)
{
    if (member->kind == TEXT) {
        if (!json_is_string(value))
            return false;
        g_free(*member_text(self, member));
        *member_text(self, member) = g_strdup(json_string_value(value));
        return true;
    }
    int64_t number = member->kind == WORD ? member_word(member, json_string_value(value)) : json_integer_value(value);
    *member_number(self, member) = number;
    return member->kind == WORD ? number >= 0 : json_is_integer(value);
}

bool members_apply(Case *self, const json_t *change)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)change, name, value) {
        const Member *member = member_named(name);
        if (!member || !apply_one(self, member, value))
            return false;
    }
    return true;
}

/* ---- marks ---- */

static void append_all(GString *line, const char *const *texts)
{
    for (; *texts; texts++)
        g_string_append(line, *texts);
}

char *marks_write(const ClockMark *marks, size_t count)
{
    GString *line = g_string_new(NULL);
    for (size_t i = 0; i < count; i++) {
        char day[DAY_TEXT];
        const ClockMark *m = &marks[i];
        json_write_number(line, m->at);
        append_all(line, (const char *const[]){ ",", day_text(m->day, day), ",", holder_names[m->holder], ",", NULL });
        json_write_number(line, m->extra);
        append_all(line, (const char *const[]){ m->stop ? ",1," : ",0,", m->why, ";", NULL });
    }
    return g_string_free(line, FALSE);
}

static bool holder_named(const char *name, enum holder *holder)
{
    for (int i = 0; i < HOLDERS_COUNT; i++) {
        if (strcmp(holder_names[i], name) == 0) {
            *holder = (enum holder)i;
            return true;
        }
    }
    return false;
}

/* What stands before `end`; goes on behind it. By hand, since sscanf took a tenth of a list's time. */
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

bool marks_read(Case *self, const char *line)
{
    while (*line) {
        if (self->mark_count == CASE_MARKS || !read_mark(&line, &self->marks[self->mark_count]))
            return false;
        self->mark_count++;
    }
    return true;
}
