// SPDX-License-Identifier: Apache-2.0
/* Rows of load_file and load_case. */
#pragma once

#include "load/room.h"

/* The number of the file with this content and from this system; 0 when it was never seen. */
bool load_file_find(const Context *context, const char *source, const char *hash, int64_t *file, GError **error);
bool load_file_add(const Context *context, const char *source, const char *name, const char *hash, int64_t *file, GError **error);
/* Finds a case of the old system: *number is 0 when it is not here yet; *file is the one it was loaded from. */
bool load_case_find(const Context *context, const char *source, const char *before, int64_t *number, int64_t *file, GError **error);
bool load_case_add(const Context *context, const char *source, const char *before, int64_t number, int64_t file, GError **error);
/* {name, loaded_at} of a file. */
json_t *load_file_json(const Context *context, int64_t file, GError **error);
