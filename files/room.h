// SPDX-License-Identifier: Apache-2.0
/* Declarations that the files of this room share. */
#pragma once

#include "files/files.h"

extern const Route files_routes[];

/* The path of the bytes with this hash; owned by the caller. */
char *files_path(const Files *self, const char *hash);
const Bucket *files_bucket(const Files *self); /* NULL: papers lie in the folder */
int64_t files_county(const Files *self);

/* ---- gone_store.c ---- */
/* Are bytes with this hash being removed? */
bool paper_is_going(const Context *context, const char *hash, bool *is, GError **error);

/* ---- store.c ---- */
bool paper_insert(const Context *context, const char *subject, const char *material, const Upload *upload,
                  const char *type, int64_t *paper, GError **error);
json_t *paper_row(Db *db, int64_t county, const char *subject, int64_t paper, GError **error);
bool document_insert(const Context *context, const char *code, const char *subject, int64_t sequence,
                     const char *kind, const char *number, int64_t organ, const char *content, GError **error);
/* The document with its content as an object, {} and "is_erased" where it was erased; NOT_FOUND "files.no_document". */
json_t *document_row(Db *db, int64_t county, const char *code, GError **error);

/* ---- seal.c ---- */
/* SM3, lower-case hexadecimal; owned by the caller. */
char *seal_digest(const void *bytes, size_t length);
/* Is this the key's signature (SM2, DER) over the bytes? */
bool seal_holds(const Seal *self, const void *bytes, size_t length, const void *signature, size_t size);
/* The PDF with the seal behind its end. Takes over `pdf`; the answer is the caller's. */
GBytes *seal_document(const Seal *self, GBytes *pdf, const char *code, GError **error);

/* ---- issuer.c ---- */
int issuer_court_months(Day day);

/* ---- documents.c ---- */
/* The kind of that name, and (when it is not NULL) the room that declares it. Documents of a kind that no room has
 * any more are not to be drawn: FAULT. */
const DocumentKind *document_kind(const Context *context, const char *name, const Room **room, GError **error);
/* Room.fits: a name and a mark mean one kind. */
bool documents_fit(const Room *const *rooms, GError **error);
/* The code in capitals without blanks and hyphens; false when it cannot be one. */
bool document_code_read(const char *text, char code[static DOCUMENT_CODE_TEXT]);
/* "ABCD-EFGH-…" for people; owned by the caller. */
char *document_code_grouped(const char *code);
/* The language in which a document was written, as document_row has it. */
enum language document_language(const json_t *document);
/* The paper object for view_pdf. In another language than the document's it is a translation, which names no seal. */
json_t *document_paper(const Context *context, const View *view, enum language language, const json_t *document, GError **error);
