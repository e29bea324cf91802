// SPDX-License-Identifier: Apache-2.0
/* Scanned papers (扫描件) kept by the hash of their content, and the documents (文书) that the centre
 * itself writes: notices, decisions, licences, each with a page that verifies it. */
#pragma once

#include "base/base.h"
#include "db/db.h"
#include "http/http.h"
#include "identity/identity.h"
#include "timers/timers.h"

extern const Room files_room; /* /verify, /verify/{code}, /documents/{code}.pdf */

enum { PAPER_MOST = 20 * 1024 * 1024 }; /* bytes of one paper */

/* An S3 store for papers, in place of the folder. */
typedef struct Bucket Bucket;
/* At "https://host/bucket" or "https://host/bucket/prefix"; by http only on this machine itself. Asks nothing of it yet.
 * BAD_INPUT "files.store_address", "files.store_keys" when a key is not there. `region` may be NULL: us-east-1. */
Bucket *bucket_open(const char *address, const char *key, const char *secret, const char *region, GError **error);
/* Puts an object there, reads it back and removes it. CONFLICT "files.store_refuses" names the cause. */
bool bucket_try(const Bucket *self, GError **error);
void bucket_close(Bucket *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bucket, bucket_close)

/* A virus scanner that speaks clamd's protocol. */
typedef struct Scanner Scanner;
/* At "unix:/run/clamav/clamd.ctl" or "127.0.0.1:3310", on this machine alone. A file that it does not judge within so many seconds is let in and
 * marked as unscanned, or refused, as `lets_in` says. Asks nothing of it yet. BAD_INPUT "files.scanner_address". */
Scanner *scanner_open(const char *address, bool lets_in, int seconds, GError **error);
void scanner_close(Scanner *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scanner, scanner_close)
/* Does it answer? Waits two seconds at most; the log says when it goes and when it is back. */
bool scanner_try(Scanner *self);

/* Files: where papers lie, <database>.files/ab/cdef…, or in a county's part of a store, 330482/ab/cdef…; opened once at
 * start, in Context.files. `bucket`, which outlives it, may be NULL: there is no store. */
Files *files_open(const char *folder, int64_t county, const Bucket *bucket, GError **error);
/* The same for one who only looks at what lies there: no folder is made. */
Files *files_look_at(const char *folder, int64_t county, const Bucket *bucket);
void files_close(Files *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Files, files_close)
/* Has a scanner, which outlives it, judge what is handed in. To be called before anybody hands anything in. */
void files_scan_by(Files *self, Scanner *scanner);
/* The key of a sentence for whoever looks after the server, while something is wrong with what papers need; else NULL. */
const char *files_trouble(const Files *self);
/* The folder for uploads under way, on the same file system. Owned by `self`. */
const char *files_incoming(const Files *self);

/* The media type by the first bytes, of which 1,024 are enough: image/jpeg, image/png, image/webp, image/heic, image/avif, image/tiff,
 * application/pdf (its header may begin anywhere in them), application/ofd (any ZIP package); NULL for anything else. */
const char *files_sniff(const unsigned char *head, size_t length);
/* The name with the ending of that type: a wrong one is replaced, a missing one is added; "3.15申请书" becomes "3.15申请书.pdf". Owned by
 * the caller. */
char *files_name(const char *name, const char *type);

/* Do browsers show files of that type? Of others they show the pages (files_answer). */
bool files_is_shown(const char *type);

/* Exit status of the process that decodes papers (reader/): how it found one. */
enum paper_finding {
    PAPER_WELL,
    PAPER_UNREAD = 10, /* the process could not begin */
    PAPER_ENCRYPTED,   /* it asks for a password */
    PAPER_TRUNCATED,   /* its end is missing */
    PAPER_EMPTY,       /* it has no page */
    PAPER_DAMAGED,
    PAPER_TOO_LARGE,   /* more pixels or pages than are opened */
    PAPER_TOO_HEAVY,   /* it takes more time or memory than a process has */
    PAPER_NOT_OFD,     /* a ZIP package, but no OFD */
    PAPER_NO_PAGE,     /* it has not that many pages, or its kind cannot be drawn */
};
enum { PAPER_JUDGED = 0 }; /* in place of a page from 1 */

/* Route.blocking of a route that takes papers: has each judged by the virus scanner, if there is one, and opened by a process of its own, and where
 * there is a store puts them there. BUSY "files.scanner_away" where the scanner does not answer and lets nothing in.
 * NOT_FITTING names the paper and says what to do: "files.encrypted", "files.truncated", "files.no_pages", "files.damaged",
 * "files.too_many_pixels", "files.too_heavy", "files.not_ofd", "files.infected", "files.too_large_to_scan", and those of files_keep. */
bool files_put(Request *r, GError **error);
/* Takes an uploaded file into the folder (fsync, then renamed by its hash; the same content is kept
 * once), or relies on files_put where there is a store, and records it as a paper of a subject. Refuses NOT_FITTING: "files.empty", "files.too_large",
 * "files.not_a_paper" (with name and what is accepted). Returns {paper, name, type, size, hash}.
 * To be called inside a write; safe to run again. */
json_t *files_keep(const Context *context, const Upload *upload, const char *subject,
                   const char *material, GError **error);
/* In a write: the same paper, one of files_papers of a subject, becomes another subject's too; its
 * bytes are kept once. */
bool files_repeat(const Context *context, const json_t *paper, const char *subject, GError **error);
/* Outside of any write: bytes that the program has made, as an upload that files_keep takes; in the
 * store already where there is one. `name` is borrowed. To be cleared, kept or not. FULL
 * "files.no_room", BUSY as the store says. */
bool files_make(const Files *self, const char *name, const void *bytes, size_t length, Upload *out,
                GError **error);
void files_made_clear(Upload *self);
/* Papers of a subject: [{paper, material, name, type, paper_size, hash, is_unscanned (1: let in without being judged by the virus scanner), made_at}]. */
json_t *files_papers(Db *db, int64_t county, const char *subject, GError **error);
/* In a write: takes a paper out of its subject. It `stays` with the subject, so that nobody sees it and erasure finds it; else its row goes, and
 * its bytes where nothing else names them. NOT_FOUND "files.no_paper". Returns {paper, type, paper_size, hash}. */
json_t *files_take_out(const Context *context, const char *subject, int64_t paper, bool stays, GError **error);
/* Reads into the bool `any` whether bytes wait to be removed. */
bool files_have_gone(const Context *context, void *any, GError **error);
/* Removes the bytes of papers that were erased and that no other subject has: at once from a folder; from a store it waits for the
 * network outside of any write. BUSY as the store, or as the write, says. */
bool files_sweep(const Files *files, TimerWrite *write, void *writer, GError **error);
/* For `pinghu verify --papers`: reads every paper and every sealed document, where Context.files has them, and holds each against its hash; tells
 * those that are others or gone. *count becomes their number. BUSY as the store says. */
bool files_examine(const Context *context, const VerifyReport *told, int64_t *count, GError **error);
/* Reads into the int64_t `count` how many there are. */
bool files_count(const Context *context, void *count, GError **error);
/* A paper's bytes by its hash, wherever papers lie. Owned by the caller. */
GBytes *files_paper_bytes(const Files *self, const char *hash, GError **error);
/* Answers with a paper's bytes after the caller has judged the right to see it; where the path names a page behind the paper, with that page's
 * picture: {paper_name, page_number, page_count, picture (data:…; none where its kind cannot be drawn), before, after, whole, holder}. Such a
 * route is `slow` and shows "{{> files/sheet}}". NOT_FOUND "files.no_page". */
json_t *files_answer(Request *r, const char *subject, int64_t paper, GError **error);

/* ---- the seal on documents ---- */

/* Makes a new SM2 key (PEM, PKCS#8) in a file that only its owner may read. CONFLICT "base.secret_there". */
bool seal_make(const char *file, GError **error);
/* Reads it; *out is NULL when there is no such file. Refuses CONFLICT "base.secret_open" when others may read the
 * file, BAD_INPUT "files.seal_form" when it holds none. Owned by the caller. */
bool seal_read(const char *file, Seal **out, GError **error);
/* The public halves in a file of PEM, one or several, which can judge but not seal: of Seal. BAD_INPUT "files.seal_form" where there is
 * none. Owned by the caller. */
GPtrArray *seals_read_public(const char *file, GError **error);
void seal_free(Seal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Seal, seal_free)
/* The key's name, 16 hexadecimal digits; owned by `self`. */
const char *seal_key(const Seal *self);
/* The public half as PEM, for everybody; owned by the caller. */
char *seal_public(const Seal *self);

enum { SEAL_KEY_TEXT = 17, DOCUMENT_CODE_TEXT = 17, DOCUMENT_MOST = 4 * 1024 * 1024 }; /* bytes of a document judged */
enum seal_finding { SEAL_GENUINE, SEAL_ALTERED, SEAL_OTHER_KEY, SEAL_NONE, SEAL_NOT_PDF, SEAL_NOT_KEPT /* of the page alone: its document has another sealed file */ };
extern const char *const seal_finding_names[]; /* the words are "files.codes.finding.<name>" */

typedef struct SealJudgement {
    enum seal_finding finding;
    char key[SEAL_KEY_TEXT];       /* that the seal names; "" where none can be read */
    char code[DOCUMENT_CODE_TEXT]; /* of the document; "" unless genuine */
} SealJudgement;

/* Judges a file that claims to be a document, whatever its bytes. Without a seal (NULL) what others have sealed is told to be so. */
SealJudgement seal_judge(const Seal *self, const void *bytes, size_t length);
/* The same by the key that it names, where an organ of the county has or had it, else as `said` before. */
bool seal_judge_by_organs(Db *db, int64_t county, const void *bytes, size_t length, SealJudgement *said, GError **error);

/* ---- the seals of organs (印章) ---- */

/* In a write: makes the organ a new key and ends the one in force, both as events of the public ledger. From then on what the organ issues
 * names this key (files_issuer), and is sealed by it once and kept (files_seal_waiting). `picture` is a PNG in base64 that stands on
 * papers (view_seal_picture_fits), or NULL: a round seal is drawn. NOT_FOUND for an organ that is none; NOT_FITTING "files.seal_reason" where the seal in force would be
 * ended without a `reason`. */
bool files_seal_organ(const Context *context, int64_t organ, const char *picture, const char *reason, GError **error);
/* The organs of today that have no seal in force, as identity_organs lists them. Owned by the caller. */
json_t *files_organs_without_seal(const Context *context, GError **error);
/* Seals documents of the last month that wait for it, and begins none after `until` (g_get_monotonic_time(), µs); the others are sealed when
 * they are first asked for. `context` reads and knows its public_url. */
bool files_seal_waiting(const Context *context, const View *view, int64_t until, TimerWrite *write, void *writer, GError **error);

/* ---- documents ---- */

/* A kind of document: Room.documents. What it says are the words "<room>.document.<kind>.title", ".body" and, below the list, ".after"; of
 * documents without an issuer, which older programs wrote, those of "<room>.document_before.<kind>". Beside the facts they may name
 * is_license (there is no "act"), and write {{> t.files.you}} and {{> t.files.remedies}}. */
typedef struct DocumentKind {
    const char *name;   /* once in the program, as its mark */
    const char *mark;   /* the character in its number: 受 */
    /* *is: whether the document of a subject is for context->actor. NULL: for everybody who knows its code, which is printed
     * on it. Only a document with this carries the salt of its event. */
    bool (*is_for)(const Context *context, const char *subject, bool *is, GError **error);
    bool lists;         /* the papers handed in, or asked for */
    bool table;         /* label|value, line by line */
    bool is_certificate; /* shown to others, without its issuer's address and telephone; original and duplicate (正本, 副本) where it "has_duplicate" */
    /* *stays: whether the document of a subject that is erased has to be kept (PIPL art. 47). NULL: it is erased. */
    bool (*stays)(const Context *context, const char *subject, bool *stays, GError **error);
    bool is_applicants; /* the applicant's own, who signs it: neither organ, nor its address, nor seal stands below */
    bool recorded;      /* carries the proof of the event that wrote it */
    /* *is: whether context->actor is the person whom the document of a subject names and may see all of his data, or prints it for him: his copy has the whole
     * "id_number" of its facts, that of others "id_masked". NULL: nobody's has. */
    bool (*is_own)(const Context *context, const char *subject, bool *is, GError **error);
} DocumentKind;         /* a table ends with { 0 } */

/* The issuer of a document, as it is to be recorded in "issuer": canonical JSON {seal_key (of the organ's seal, where it has one), organ_name, organ_name_en (in full), organ_address,
 * organ_address_en, organ_telephone, is_demo}, and what one can do against it by the law of that day: {government, to_superior, superior,
 * either, court, court_months}, or where the organ is none of the administration, or the document no administrative act (`is_act`), {centre,
 * centre_telephone}. Owned by the caller. */
char *files_issuer(const Context *context, int64_t organ, bool is_act, GError **error);
/* A town or zone that acts in place of the organ (Licensing Law arts. 22–24). */
typedef struct IssuerBelow {
    int64_t division;
    bool in_own_name;  /* then the document has its name, seal and remedies; else the organ's, and names it as entrusted (受委托机关) */
    bool is_entrusted;
    const char *basis; /* of its power */
} IssuerBelow;
/* The same where it acts; beside the members above {power_basis}, and {entrusted_name, entrusted_name_en} where it is entrusted, or, in its own
 * name, {organ: the number of the organ whose seal and numbers the document has}. */
char *files_issuer_below(const Context *context, int64_t organ, bool is_act, const IssuerBelow *below, GError **error);
/* Records a document of a subject, written by the subject's event of that sequence, made from the event's facts (`content`, canonical JSON, among them "issuer" and, of what is no licence, "act", the item's type; shown by the
 * template of its kind in the "language" that it names, "zh" or "en"), with a verification code of 16 characters without look-alikes: the day in the first four, then 60
 * random bits.
 * Returns {code, document_kind, number}. */
json_t *files_document(const Context *context, const char *kind, const char *subject, int64_t sequence, int64_t organ,
                       const char *content, GError **error);
/* The document with this code in full: the one PDF that its organ's seal was put on, or the centre's where the organ had
 * none; where there was neither, as it is drawn for context->actor. Owned by the caller. NOT_FOUND "files.no_document"; what /documents/{code}
 * refuses to the actor is refused here too. */
GBytes *files_document_pdf(const Request *r, const char *code, GError **error);
/* The public halves of all seals of the county, the centre's and those that were ended too: [{key, public (PEM)}]. Owned by the caller. */
json_t *files_seals(const Context *context, GError **error);
/* *is: whether documents of this kind are for some people only (DocumentKind.is_for). */
bool files_is_private(const Context *context, const char *kind, bool *is, GError **error);
/* Room.forgets: takes away the subject's papers, and of its documents all but code, kind, number, day and organ. */
bool files_forget(const Context *context, const char *subject, GError **error);
/* The code in capitals without blanks and hyphens; false when it cannot be one. */
bool document_code_read(const char *text, char code[static DOCUMENT_CODE_TEXT]);
/* The facts that the document with this code was drawn from (files_document), as an object; NULL where there is none, or it was erased.
 * False with a FAULT for one that was damaged. */
bool files_document_content(Db *db, int64_t county, const char *code, json_t **content, GError **error);
/* Documents of a subject that were not erased: [{code, document_kind, number, organ, made_at}]. */
json_t *files_documents(Db *db, int64_t county, const char *subject, GError **error);
