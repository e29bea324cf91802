// SPDX-License-Identifier: Apache-2.0
/* The columns of a source, what an administrator may say in them, and what its page shows. */
#include "sources/life.h"

#include <string.h>

const char *const source_state_names[SOURCE_STATES + 1] = { "source_in_use", "source_ended" };

#define OF(member, ...) RECORD_COLUMN(Source, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(address, RECORD_TEXT, .group = SOURCE_DATA),
    OF(answer, RECORD_TEXT, .group = SOURCE_DATA),
    OF(basis, RECORD_TEXT, .group = SOURCE_DATA),
    OF(code, RECORD_TEXT, NULL),
    OF(events, RECORD_INTEGER, .group = SOURCE_PRESENT, .flags = RECORD_UNRECORDED),
    OF(found, RECORD_TEXT, .group = SOURCE_DATA),
    OF(name, RECORD_TEXT, .group = SOURCE_DATA),
    OF(name_en, RECORD_TEXT, .group = SOURCE_DATA),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY | RECORD_NUMBER),
    OF(organ_name, RECORD_TEXT, .group = SOURCE_DATA),
    OF(organ_name_en, RECORD_TEXT, .group = SOURCE_DATA),
    OF(purpose, RECORD_TEXT, .group = SOURCE_DATA),
    OF(purpose_en, RECORD_TEXT, .group = SOURCE_DATA),
    OF(request, RECORD_TEXT, .group = SOURCE_DATA),
    OF(seconds, RECORD_INTEGER, .group = SOURCE_DATA),
    OF(secret, RECORD_TEXT, .group = SOURCE_DATA, .flags = RECORD_UNRECORDED),
    OF(state, RECORD_WORD, source_state_names, SOURCE_PRESENT),
    OF(tries, RECORD_INTEGER, .group = SOURCE_DATA),
};

const Record source_record = { "source", sizeof(Source), columns, G_N_ELEMENTS(columns), NULL, NULL, 0, NULL };

void source_clear(Source *self)
{
    record_clear(&source_record, self);
}

/* ---- what may be said ---- */

static const char *given(const json_t *fields, const char *name)
{
    return json_text(fields, name);
}

/* A purpose, a basis and an organ are what the law has the centre state (PIPL arts. 17, 35), so none of them may lack. */
static bool says_all(const json_t *fields, GError **error)
{
    static const struct { const char *field, *reason; } needed[] = {
        { "purpose", "sources.purpose_missing" }, { "purpose_en", "sources.purpose_missing" }, { "basis", "sources.needed" }, { "name", "sources.needed" },
        { "name_en", "sources.needed" }, { "organ_name", "sources.needed" }, { "organ_name_en", "sources.needed" }, { "address", "sources.needed" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
        if (!*given(fields, needed[i].field))
            return refuse_field(error, needed[i].field, needed[i].reason, NULL);
    return true;
}

static bool take_secret(const Context *context, const char *secret, bool is_new, Source *next, GError **error)
{
    if (!*secret && !is_new)
        return true;
    if (strlen(secret) < SIGNING_SECRET_LEAST)
        return refuse_field(error, "secret", "sources.secret_short", "least", DECIMAL(SIGNING_SECRET_LEAST), NULL);
    char *sealed = personal_seal(context->db, context->county, SECRET_PLACE, DECIMAL(next->number), secret, error);
    if (!sealed)
        return false;
    g_free(next->secret);
    next->secret = sealed;
    return true;
}

bool source_take(const Context *context, const json_t *fields, bool is_new, Source *next, GError **error)
{
    const struct { char **text; const char *name; } texts[] = {
        { &next->name, "name" }, { &next->name_en, "name_en" }, { &next->organ_name, "organ_name" }, { &next->organ_name_en, "organ_name_en" },
        { &next->purpose, "purpose" }, { &next->purpose_en, "purpose_en" }, { &next->basis, "basis" }, { &next->address, "address" },
        { &next->request, "request" }, { &next->answer, "answer" }, { &next->found, "found" },
    };
    if (!says_all(fields, error))
        return false;
    if (!call_address_fits(given(fields, "address")))
        return refuse_field(error, "address", "sources.address_form", NULL);
    if (!mapping_request_fits(given(fields, "request"), error) || !mapping_answer_fits(given(fields, "answer"), error) ||
        !mapping_found_fits(given(fields, "found"), error) || !take_secret(context, given(fields, "secret"), is_new, next, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        record_set(texts[i].text, given(fields, texts[i].name));
    next->seconds = json_number(fields, "seconds");
    next->tries = json_number(fields, "tries");
    next->unwritten |= SOURCE_DATA;
    return true;
}

/* ---- its page ---- */

/* The number of the case is masked: whose it is, is no matter of the administrator's. */
static bool put_askings(const Context *context, const Source *self, json_t *answer, GError **error)
{
    enum { SHOWN = 20 };
    size_t i;
    json_t *one;
    g_autoptr(json_t) rows = askings_last(context->db, context->county, self->number, SHOWN, error);
    json_array_foreach(rows, i, one) {
        g_autofree char *grouped = subject_number_grouped(json_number(one, "case_number")), *masked = mask_id(grouped);
        json_object_set_new(one, "case_masked", json_string(masked));
        json_object_del(one, "case_number");
        json_object_set(one, "asking", json_object_get(one, "sharing"));
    }
    json_object_set_new(answer, "has_askings", json_boolean(json_array_size(rows)));
    json_object_set(answer, "askings", rows);
    return rows != NULL;
}

json_t *source_answer(const Context *context, const void *present, bool is_inside, GError **error)
{
    const Source *self = present;
    (void)is_inside;
    g_autoptr(json_t) answer = record_public(&source_record, self);
    json_object_set(answer, "legal_basis", json_object_get(answer, "basis")); /* lines of the history have a "basis" of their own */
    json_object_del(answer, "basis");
    json_object_set_new(answer, "is_in_use", json_boolean(self->state == SOURCE_IN_USE));
    return put_askings(context, self, answer, error) ? g_steal_pointer(&answer) : NULL;
}
