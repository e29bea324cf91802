// SPDX-License-Identifier: Apache-2.0
/* The rooms of the program, from left to right as in meson.build: migrations, routes, navigation, documents, `verify`,
 * `migrate` and the demo city all follow from this list. For the program and its tests alone: a room is handed the list. */
#pragma once

#include "base/base.h"

/* A line for each: ROOM(name) is the name of its folder. */
#define ROOMS(ROOM)                                                                                \
    ROOM(db)                                                                                       \
    ROOM(http)                                                                                     \
    ROOM(ledger)                                                                                   \
    ROOM(calendar)                                                                                 \
    ROOM(timers)                                                                                   \
    ROOM(identity)                                                                                 \
    ROOM(credentials)                                                                              \
    ROOM(lists)                                                                                    \
    ROOM(outbox)                                                                                   \
    ROOM(files)                                                                                    \
    ROOM(subject)                                                                                  \
    ROOM(security)                                                                                 \
    ROOM(catalogue)                                                                                \
    ROOM(cases)                                                                                    \
    ROOM(licences)                                                                                 \
    ROOM(custody)                                                                                  \
    ROOM(hearings)                                                                                 \
    ROOM(visits)                                                                                   \
    ROOM(consultations)                                                                            \
    ROOM(promises)                                                                                 \
    ROOM(sources)                                                                                  \
    ROOM(joint)                                                                                    \
    ROOM(fees)                                                                                     \
    ROOM(indicators)                                                                               \
    ROOM(load)                                                                                     \
    ROOM(portal)                                                                                   \
    ROOM(people)

#define ROOM_DECLARED(name) extern const Room name##_room;
#define ROOM_LISTED(name) &name##_room,

ROOMS(ROOM_DECLARED)
extern const Room *const rooms[]; /* NULL ended */
