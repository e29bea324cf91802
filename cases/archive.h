// SPDX-License-Identifier: Apache-2.0
/* Archiving (归档, DA/T 85): the file of a case that has ended, its number, papers in order and term of keeping; the list with which
 * files are handed over; and a package of a file that can be verified without this program (docs/archive.md). */
#pragma once

#include "cases/life.h"

/* The roles that hand files over; each sees the files of the cases that it sees. */
enum { ARCHIVISTS = HEAD | AUDITOR };

/* Listener: notes the day on which a case comes to its end, whichever it is. */
bool archive_hear(const Context *context, const SubjectChange *change, GError **error);
/* Room.settle: enters the cases of an older program, once. */
bool archive_settle(const Context *context, GError **error);

extern const Field archive_fields[];
/* GET /desk/archive: {from_day, to_day, files: [{file_number, number, item_name, …}], total, is_cut}; as a file the hand-over list. */
Handler archive_list;
/* GET /desk/cases/{number}/archive: {file_number, …, papers: [{order, title, number, day, file, …}]} */
Handler archive_show;
/* GET /desk/cases/{number}/archive.tar */
Handler archive_package;
