// SPDX-License-Identifier: Apache-2.0
/* An S3 store of papers on a network: objects by the hash of their content. Its functions wait for the network; any thread
 * may call them, several at once. */
#pragma once

#include "files/files.h"

/* Puts a file's content there, under its hash and in a county's part of the store; what is there already stays as it is.
 * BUSY "files.store_away" when the store does not answer or asks for patience, a fault when it refuses. */
bool bucket_put(const Bucket *self, int64_t county, const char *hash, const char *path, GError **error);
/* Removes an object; it need not be there. As bucket_put. */
bool bucket_remove(const Bucket *self, int64_t county, const char *hash, GError **error);
/* Writes an object into an open file, and holds it against its hash: a fault when it is another, or not there. */
bool bucket_get(const Bucket *self, int64_t county, const char *hash, int file, GError **error);
