// SPDX-License-Identifier: Apache-2.0
/* The request to a source, the outcome of its answer, and the paper that is made of it. */
#include "sources/life.h"

#include <curl/curl.h>
#include <string.h>

enum { ANSWER_MOST = 1024 * 1024 };

Asking *asking_new(int64_t id, int64_t case_number, int64_t source)
{
    Asking *self = g_new0(Asking, 1);
    *self = (Asking){ .id = id, .case_number = case_number, .source = source };
    record_init(&source_record, &self->from);
    return self;
}

void asking_reset(Asking *self)
{
    self->is_claimed = false;
    record_clear(&source_record, &self->from);
    record_init(&source_record, &self->from);
    g_clear_pointer(&self->secret, secret_free);
    g_clear_pointer(&self->body, g_free);
    g_clear_pointer(&self->facts, json_decref);
}

void asking_free(Asking *self)
{
    asking_reset(self);
    record_clear(&source_record, &self->from);
    call_clear(&self->call);
    g_free(self->material);
    g_free(self);
}

char *asking_name(int64_t county, int64_t id)
{
    return g_strdup_printf("%" PRId64 ".%" PRId64, county, id);
}

/* ---- what is sent ---- */

json_t *source_facts(const char *id_number, const char *name, const char *party_kind, const char *representative, const char *answers)
{
    json_t *given = json_loads(answers, 0, NULL);
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "id_number", id_number, "name", name, "party_kind", party_kind, "representative", representative,
                     "answers", given ? given : json_object());
}

char *source_body(const Context *context, const Source *source, const char *request, const char *material, const json_t *facts)
{
    g_autoptr(json_t) body = json_pack("{s:I, s:s, s:I, s:s, s:s, s:s, s:s, s:o}", "asked_at", context->now, "basis", source->basis, "county", context->county,
                                       "paper", material, "purpose", source->purpose, "request", request, "source", source->code, "subject",
                                       mapping_request(source->request, facts));
    return json_canonical(body);
}

void asking_call(Asking *self, int64_t county, Instant now)
{
    g_autofree char *name = asking_name(county, self->id);
    const CallRequest request = { .address = self->from.address, .secret = self->secret, .key = name, .body = self->body, .now = now,
                                  .seconds = (int)self->from.seconds, .most = ANSWER_MOST };
    call_begin(&self->call, &request);
}

/* ---- what came ---- */

/* A redirection is not followed: the address is what the administrator has set. */
static enum asked by_status(long status)
{
    static const struct { long first, last; enum asked is; } statuses[] = {
        { 404, 404, NONE_THERE }, { 408, 408, FAILED }, { 429, 429, FAILED }, { 400, 499, REFUSED_THERE }, { 502, 504, AWAY },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
        if (status >= statuses[i].first && status <= statuses[i].last)
            return statuses[i].is;
    return FAILED;
}

enum asked asking_outcome(const Asking *self, int result, json_t **lines, char **trouble)
{
    static const enum asked read_as[] = { [READ_FOUND] = CAME, [READ_NONE] = NONE_THERE, [READ_DIFFERS] = DIFFERS, [READ_BROKEN] = FAILED };
    const char *why = "";
    long status = call_status(&self->call, result);
    *lines = NULL;
    if (result != CURLE_OK) {
        *trouble = g_strdup(self->call.is_too_long ? "its answer is longer than 1 MB" : curl_easy_strerror((CURLcode)result));
        return self->call.is_too_long ? FAILED : AWAY;
    }
    enum asked asked = status == 200 ? read_as[mapping_read(&self->from, self->facts, self->call.answer->str, self->call.answer->len, lines, &why)] : by_status(status);
    *trouble = status == 200 ? g_strdup(asked == FAILED ? why : "") : g_strdup_printf("HTTP %ld", status);
    return asked;
}

/* ---- the paper ---- */

/* A word of the paper, which is Chinese as all that organs write. Owned by the caller. */
static char *said(const View *view, const char *key, const json_t *data)
{
    g_autofree char *whole = g_strconcat("sources.paper.", key, NULL);
    return view_sentence(view, CHINESE, whole, data);
}

GBytes *asking_paper(const Asking *self, int64_t county, Instant now, const json_t *lines, GError **error)
{
    const View *view = self->site->view;
    const Source *from = &self->from;
    g_autofree char *name = asking_name(county, self->id), *day = view_day(CHINESE, day_of(now));
    g_autofree char *hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)self->call.answer->str, self->call.answer->len);
    g_autoptr(json_t) data = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s}", "organ_name", from->organ_name, "name", from->name, "purpose", from->purpose,
                                       "basis", from->basis, "request", name, "got_at", now, "hash", hash, "material", self->material);
    g_autofree char *number = said(view, "number", data), *lead = said(view, "lead", data), *ground = said(view, "basis", data), *foot = said(view, "foot", data), *by = said(view, "by", data);
    g_autoptr(json_t) paper = json_pack("{s:s, s:s, s:[s], s:O, s:[s], s:s, s:s, s:s}", "title", self->material, "number", number, "lines", lead, "table", lines,
                                        "after", ground, "organ", by, "day", day, "foot", foot);
    return view_pdf(paper, error);
}
