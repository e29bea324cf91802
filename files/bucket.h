// SPDX-License-Identifier: Apache-2.0
/* An S3 store of papers on a network: objects by the hash of their content. Its functions wait for the network; any thread
 * may call them, several at once. */
#pragma once

#include "files/files.h"

/* Puts a file's content there, under its hash and in a county's part of the store; what is there already stays as it is.
 * It counts only when the store then tells its length and its checksum, or gives it back as it was. BUSY "files.store_away" when the store does not
 * answer, asks for patience or holds something else, a fault when it refuses; the log has the cause. */
bool bucket_put(const Bucket *self, int64_t county, const char *hash, const char *path, GError **error);
/* Is an object there? As bucket_put. */
bool bucket_has(const Bucket *self, int64_t county, const char *hash, bool *is, GError **error);
/* Removes an object; it need not be there. As bucket_put. */
bool bucket_remove(const Bucket *self, int64_t county, const char *hash, GError **error);
/* Writes an object into an open file, and holds it against its hash: a fault when it is another, or not there. */
bool bucket_get(const Bucket *self, int64_t county, const char *hash, int file, GError **error);
