// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share. */
#pragma once

#include "lists/lists.h"
#include "outbox/outbox.h"
#include "sources/sources.h"

enum { NEED_SOURCE = NEED_OWN, TAKES_SOURCE = TAKES_OWN, BY_ADMINISTRATOR = BY_OWN };
enum { SOURCE_PRESENT = 1 << 0, SOURCE_DATA = 1 << 1 };
#define SECRET_PLACE "source.secret"

extern const Record source_record;
extern const Route source_routes[];
extern const Field source_act_fields[];
extern const ListSpec source_list;
extern const char *const source_state_names[SOURCE_STATES + 1];

/* ---- fields.c ---- */
/* Puts what the fields say into the source, and checks the whole. `is_new`: it needs a secret. */
bool source_take(const Context *context, const json_t *fields, bool is_new, Source *next, GError **error);
/* SubjectKind.answer: with "askings", the last ones. */
json_t *source_answer(const Context *context, const void *present, bool is_inside, GError **error);

/* ---- mapping.c: pure ---- */
/* Lines NAME = FACT or NAME = "text"; refused are NOT_FITTING "sources.line_…" at that field, with the line's number. */
bool mapping_request_fits(const char *text, GError **error);
/* Lines LABEL | POINTER or LABEL | POINTER = FACT, and the condition POINTER = VALUE ("": the status tells alone). */
bool mapping_answer_fits(const char *text, GError **error);
bool mapping_found_fits(const char *text, GError **error);
/* The object that a request has, by the facts {id_number, name, party_kind, representative, answers: of the item's form, by their names}. Owned
 * by the caller. */
json_t *mapping_request(const char *text, const json_t *facts);
enum reading { READ_FOUND, READ_NONE, READ_DIFFERS, READ_BROKEN };
/* Reads an answer whose status was 200: *lines becomes [[label, value]] where there is the paper, owned by the caller; *why says in English, for the
 * administrator, why it is broken. */
enum reading mapping_read(const Source *source, const json_t *facts, const char *bytes, size_t length, json_t **lines, const char **why);

/* ---- paper.c ---- */
/* One paper that a source is asked for. Owns its texts. */
typedef struct Asking {
    int64_t id, case_number, source, tries;
    Instant next_try;
    char *material;
    const SourceSite *site; /* borrowed */
    bool is_claimed;        /* it is to be asked now; what follows is there then */
    Instant claimed_until;
    Source from;            /* as it is asked */
    char *secret, *body;
    json_t *facts;          /* of the case */
    Call call;
} Asking;
Asking *asking_new(int64_t id, int64_t case_number, int64_t source);
void asking_free(Asking *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Asking, asking_free)
/* Forgets what a claim has put there. */
void asking_reset(Asking *self);
/* The name of the request for the source, the same at each try: "330482.17". Owned by the caller. */
char *asking_name(int64_t county, int64_t id);
/* Begins the call, to be performed by the caller. */
void asking_call(Asking *self, int64_t county, Instant now);
/* The facts of a case that a source may be told; `answers` is JSON, or "". Owned by the caller. */
json_t *source_facts(const char *id_number, const char *name, const char *party_kind, const char *representative, const char *answers);
/* The JSON that is sent; owned by the caller. */
char *source_body(const Context *context, const Source *source, const char *request, const char *material, const json_t *facts);
enum asked { CAME, NONE_THERE, DIFFERS, REFUSED_THERE, FAILED, AWAY };
/* The outcome of the performed call. *lines as mapping_read; *trouble in English, without personal data, owned by the caller. */
enum asked asking_outcome(const Asking *self, int result, json_t **lines, char **trouble);
/* The paper as PDF. Owned by the caller. */
GBytes *asking_paper(const Asking *self, int64_t county, Instant now, const json_t *lines, GError **error);

/* ---- store.c ---- */
/* [{number, code, name, name_en, organ_name, organ_name_en, purpose, purpose_en, state}] of all sources; reference data: shared. */
json_t *sources_all(Db *db, int64_t county, GError **error);
bool asking_insert(const Context *context, int64_t case_number, int64_t source, const char *material, GError **error);
/* Does the case wait for that paper? */
bool asking_waits(const Context *context, int64_t case_number, const char *material, bool *waits, GError **error);
/* Room.asks_papers, Room.shares, Room.forgets */
bool sources_asks_papers(const Context *context, int64_t case_number, json_t *papers, GError **error);
bool sources_shares(const Context *context, json_t *sources, GError **error);
bool sources_forgets(const Context *context, const char *subject, GError **error);
/* Askings of a source that are due: array of Asking *, with what the row says. */
GPtrArray *askings_due(Db *db, int64_t county, int64_t source, Instant now, int64_t most, GError **error);
/* [{case_number, material, sharing, tries, made_at, ended_at, trouble}], the last first. */
json_t *askings_last(Db *db, int64_t county, int64_t source, int64_t most, GError **error);
/* Changes a row that is as `before` says; *done is false when another server has changed it since. */
typedef struct AskingMove { const char *sharing, *trouble; int64_t tries; Instant next_try, ended_at; } AskingMove;
bool asking_move(const Context *context, const Asking *before, const AskingMove *to, bool *done, GError **error);

/* ---- act.c ---- */
/* Room.listens: with the hand-in of a case, or another item or applicant, the sources that its papers name are to be asked. */
Listener sources_hear;
/* Opens the secret. Owned by the caller, freed with secret_free; NULL with an error. */
char *source_secret(Db *db, int64_t county, const Source *self, GError **error);
