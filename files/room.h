// SPDX-License-Identifier: Apache-2.0
/* Declarations that the files of this room share. */
#pragma once

#include "files/files.h"

extern const Route files_routes[];
#define SEALS_SUBJECT "seal/organs"
#define SEAL_MADE "seal.made"
#define SEAL_ENDED "seal.ended"

/* The path of the bytes with this hash; owned by the caller. */
char *files_path(const Files *self, const char *hash);
const Bucket *files_bucket(const Files *self); /* NULL: papers lie in the folder */
int64_t files_county(const Files *self);
Scanner *files_scanner(const Files *self); /* NULL: there is none */

/* ---- judging.c ---- */
/* The media type of an upload by its first bytes; NULL when it is no paper, which is refused as files_keep says. */
const char *paper_type(const Upload *upload, GError **error);
/* Has the scanner judge an upload, where there is one; notes in the security log what was found, and marks what is let in without being judged. */
bool paper_is_harmless(Request *r, Upload *upload, GError **error);
/* Has an upload opened by the reader; refuses what cannot be. */
bool paper_opens(const Files *files, const Upload *upload, GError **error);
/* Has the reader read an open file of that type. What it writes behind the number of pages is appended to `picture`, which may be NULL.
 * False only with *error: BUSY "files.reader_away" when there is no such process. */
bool paper_read(const Files *files, int file, const char *type, int page, enum paper_finding *finding, int *pages, GString *picture, GError **error);
/* Takes and gives back one of the places for such processes; waits while all are taken that are for its kind of work. */
void files_reader_begin(const Files *files, bool draws);
void files_reader_end(const Files *files, bool draws);

/* Keeps bytes that the program made itself, as a paper is kept; their SHA-256, owned by the caller. */
char *paper_keep_bytes(const Files *self, const char *bytes, size_t length, GError **error);

/* ---- gone_store.c ---- */
/* In a write: bytes that nothing names any more are to be removed. */
bool paper_goes(const Context *context, const char *hash, GError **error);
/* Are bytes with this hash being removed? */
bool paper_is_going(const Context *context, const char *hash, bool *is, GError **error);

/* ---- store.c ---- */
bool paper_insert(const Context *context, const char *subject, const char *material, const Upload *upload, const char *upload_name,
                  const char *type, int64_t *paper, GError **error);
/* The next hashes of papers behind that one, each with one subject that has it: [{hash, subject}], `most` at most. */
json_t *paper_hashes_after(Db *db, int64_t county, const char *hash, int64_t most, GError **error);
json_t *paper_row(Db *db, int64_t county, const char *subject, int64_t paper, GError **error);
bool document_insert(const Context *context, const char *code, const char *subject, int64_t sequence,
                     const char *kind, const char *number, int64_t organ, const char *content, GError **error);
/* The document with its content as an object, the key of its organ's seal ("": none) in "seal", {} and "is_erased" where it was erased; NOT_FOUND "files.no_document". */
json_t *document_row(Db *db, int64_t county, const char *code, GError **error);

/* ---- seal.c ---- */
/* SM3, lower-case hexadecimal; owned by the caller. */
char *seal_digest(const void *bytes, size_t length);
/* Is this the key's signature (SM2, DER) over the bytes? */
bool seal_holds(const Seal *self, const void *bytes, size_t length, const void *signature, size_t size);
/* The PDF with the seal behind its end. Takes over `pdf`; the answer is the caller's. */
GBytes *seal_document(const Seal *self, GBytes *pdf, const char *code, GError **error);

enum { SEAL_SECRET = 32 };
/* From a number of 256 bits, drawn at random; NULL for the few that are none of the curve. Owned by the caller. */
Seal *seal_of_secret(const unsigned char secret[SEAL_SECRET]);
/* NULL where the text holds no such key. Owned by the caller. */
Seal *seal_of_public(const char *pem);
/* A signature over a text, in base64; owned by the caller. */
char *seal_text(const Seal *self, const char *text, GError **error);
bool seal_holds_text(const Seal *self, const char *text, const char *signature);

/* ---- seals_store.c ---- */
/* A key of an organ; `organ`, `public` and `picture` say what it is. The secret is SEAL_SECRET bytes in hexadecimal. */
bool organ_seal_insert(const Context *context, const char *key, int64_t organ, const char *public, const char *secret, const char *picture, GError **error);
bool organ_seal_end(const Context *context, const char *key, const char *reason, GError **error);
/* *key is that of the organ's seal in force, NULL where it has none; owned by the caller. */
bool organ_seal_in_force(Db *db, int64_t county, int64_t organ, char **key, GError **error);
/* *was: the organ had been given a seal until then, whether or not that was ended. */
bool organ_seal_was(Db *db, int64_t county, int64_t organ, Instant at, bool *was, GError **error);
/* {organ, public, picture, made_at, ended_at (0: in force), reason}; NULL in *row where there is no such key. Owned by the caller. */
bool organ_seal_row(Db *db, int64_t county, const char *key, json_t **row, GError **error);
/* Reads the key with its secret half; owned by the caller. */
Seal *organ_seal_open(Db *db, int64_t county, const char *key, GError **error);
/* All of them, those in force first: [{key, organ, public, has_picture, made_at, ended_at, reason}]. */
json_t *organ_seals(Db *db, int64_t county, GError **error);
/* The sealed file of a document: {key, hash, kept, signature}; NULL in *row where there is none yet. Owned by the caller. */
bool document_seal_row(Db *db, int64_t county, const char *code, json_t **row, GError **error);
bool document_seal_insert(const Context *context, const char *code, const json_t *row, GError **error);
bool document_seal_delete(const Context *context, const char *code, GError **error);
/* Codes from the first to before the last of documents that are to be sealed, by their organs or, for organs without a seal, by the centre:
 * [{code}], `most` at most. */
json_t *documents_unsealed(Db *db, int64_t county, bool by_centre, const char *first, const char *last, int64_t most, GError **error);
/* The sealed files behind that code, in the order of codes: [{code, key, hash, kept, signature}], `most` at most. */
json_t *document_seals_after(Db *db, int64_t county, const char *code, int64_t most, GError **error);

/* ---- sealing.c ---- */
/* The one sealed file of a document, made now where it was not yet: by the key of its organ, or by the centre's where that has none. Owned by
 * the caller. */
GBytes *document_sealed(const Context *context, const View *view, const json_t *document, TimerWrite *write, void *writer, GError **error);
/* *is: whether the document has one file that is made once and kept: its organ had been given a seal when it was written, or the centre has
 * one. */
bool document_is_kept(const Context *context, const json_t *document, bool *is, GError **error);
/* Room.verify */
bool seals_verify(const Context *context, const VerifyReport *told, int64_t *count, GError **error);

/* ---- seals.c ---- */
extern const Field seal_make_fields[], seal_make_all_fields[], seal_end_fields[];
json_t *seals_show(Request *r, GError **error);
json_t *seals_make(Request *r, GError **error);
json_t *seals_make_all(Request *r, GError **error);
json_t *seals_end(Request *r, GError **error);

/* ---- issuer.c ---- */
int issuer_court_months(Day day);

/* ---- documents.c ---- */
/* The kind of that name, and (when it is not NULL) the room that declares it. Documents of a kind that no room has
 * any more are not to be drawn: FAULT. */
const DocumentKind *document_kind(const Context *context, const char *name, const Room **room, GError **error);
/* Room.fits: a name and a mark mean one kind. */
bool documents_fit(const Room *const *rooms, GError **error);
/* "ABCD-EFGH-…" for people; owned by the caller. */
char *document_code_grouped(const char *code);
/* The language in which a document was written, as document_row has it. */
enum language document_language(const json_t *document);
/* A document with its organ's seal has one original, and copies without seal for others, which leave out what its holder alone may have;
 * of an older one each reader has his own. A reprint shows all that the paper has but what its holder alone may have; round it, and nowhere in it,
 * stands that it is one. */
enum document_edition { DOCUMENT_FOR_READER, DOCUMENT_ORIGINAL, DOCUMENT_REPRINT };
/* The paper object for view_pdf. In another language than the document's it is a translation, which names no seal. */
json_t *document_paper(const Context *context, const View *view, enum language language, enum document_edition edition, const json_t *document,
                       GError **error);
/* The first characters of all codes of a day. */
enum { CODE_DAY_TEXT = 5 };
void document_code_day(Day day, char out[static CODE_DAY_TEXT]);
