// SPDX-License-Identifier: Apache-2.0
/* The documents of a case, and the beginning of a case. */
#pragma once

#include "cases/life.h"

/* SubjectKind.begun: {"papers": those scanned before it was handed in, by material, type, size and hash}. */
char *papers_begun(const Context *context, const void *draft, GError **error);
/* The papers scanned for a case, as files_papers; not looked for where there can be none. */
json_t *papers_of(const Context *context, const Case *self, GError **error);
/* Is the material at a place (case_material) noted as held? */
bool papers_are_held(const Case *self, const Item *item, size_t place);
/* Is the name one of a list of papers? */
bool papers_name(const json_t *list, const char *name);
/* The English name of a material; its name where the item does not say. */
const char *papers_english(const Case *self, const Item *item, const char *name);
/* Is it promised for later, so that the decision waits for it? An entry of papers_offered. */
bool papers_is_due(const json_t *offered, const Case *self);

/* ---- promise.c ---- */
/* The papers that are promised and have not come, as a notice names them: vouched for, and to follow by a day. */
typedef struct Promised {
    GString *names[2], *names_en[2]; /* [0] vouched for, [1] to follow */
    Day until_day;
} Promised;
bool promised_find(const Context *context, const Case *self, const Item *item, Promised *out, GError **error);
void promised_clear(Promised *self);

/* The facts a document is written from (files.h), after the action: canonical JSON. Owned by the caller. */
char *paper_content(const SubjectTurn *turn, void *record, GError **error);

/* SubjectKind.differs. */
const char *paper_differs(const void *then, const void *kept, const Event *event, const json_t *facts, const json_t *content);

/* Takes over what the item says: code, version, names, organ and limits. */
void case_pin(Case *self, const Item *item);
