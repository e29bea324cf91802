// SPDX-License-Identifier: Apache-2.0
/* Sources of papers (数据共享): another organ that holds a paper is asked for it by the number of the applicant's identity paper, once he has handed
 * in, for a stated purpose. What it answers becomes the paper. Where it has none, or does not answer, the applicant is asked; he may bring
 * the paper himself at any time. A source is data: its address, what it is told, and which values of its answer the paper has. */
#pragma once

#include "cases/cases.h"

extern const Room sources_room; /* /desk/sources */

enum source_state { SOURCE_IN_USE, SOURCE_ENDED, SOURCE_STATES };
enum source_action { SOURCE_SET, SOURCE_END, SOURCE_ACTIONS };

/* A source as it is now. Texts are owned, never NULL. */
typedef struct Source {
    int64_t number;                       /* subject_draw_number */
    char *code;                           /* ItemMaterial.shared_by */
    char *name, *name_en;
    char *organ_name, *organ_name_en;     /* that answers */
    char *purpose, *purpose_en, *basis;
    char *address;                        /* call_address_fits */
    char *request, *answer, *found;       /* docs/sources.md */
    int64_t seconds;                      /* 1 to 30 */
    int64_t tries;                        /* 1 to 5 */
    char *secret;                         /* sealed */
    int64_t state;                        /* enum source_state */
    int64_t events;                       /* not in the ledger, as all below: its version */
    SubjectHead head;
    unsigned unwritten;
} Source;
void source_clear(Source *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Source, source_clear)

extern const SubjectKind source_kind;
/* By enum source_action, for subject_act. */
extern const SubjectRule source_rules[SOURCE_ACTIONS];

/* In a write by the system administrator: begins a source with these fields, as the form has them. Refuses NOT_FITTING, at the field, what it does
 * not say or what does not fit, among it a missing purpose ("sources.purpose_missing"). `out` is to be cleared by the caller. */
bool source_begin(const Context *context, const json_t *fields, Source *out, GError **error);

/* ---- asking ---- */

typedef struct SourceSite {
    Store *store;
    const Context *world;
    const View *view;
    TimerWrite *write; /* a write of the county by the system */
    void *writer;
} SourceSite;

typedef struct Asker Asker;
/* `clock` tells the present. */
Asker *asker_open(Instant (*clock)(void));
/* Begins the thread that asks. `sites` are counties; what they point to is borrowed until it is closed. */
void asker_run(Asker *self, const SourceSite *sites, size_t count);
/* Ends what is under way: it is asked again by the next program. NULL is let be. */
void asker_close(Asker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Asker, asker_close)
/* One round over one county, until all that is due by now has been answered or has failed; for an Asker that does not run. */
bool asker_round(Asker *self, const SourceSite *site, GError **error);
