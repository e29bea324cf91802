// SPDX-License-Identifier: Apache-2.0
/* Shared by this room's files: rows on their way into and out of the store. */
#pragma once

#include "identity/identity.h"

bool division_exists(Db *db, int64_t county, int64_t division, bool *exists, GError **error);
/* Adds or renews a row, given as the statement's parameters. */
bool division_put(const Context *context, const DbArg *row, GError **error);
bool organ_put(const Context *context, const DbArg *row, GError **error);
/* 0 when it has none. */
bool organ_successor(Db *db, int64_t county, int64_t organ, int64_t *successor, bool *exists,
                     GError **error);

/* The fields of a staff member that signing in needs; cleared by credentials_clear. */
typedef struct Credentials {
    int64_t id; /* 0: nobody by that account, or closed, or without a password */
    char *account, *hash;
} Credentials;
/* By one of the two: no account is "", and nobody's id is 0. */
bool credentials_find(Db *db, int64_t county, const char *account, int64_t id, Credentials *out, GError **error);
void credentials_clear(Credentials *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Credentials, credentials_clear)
/* ---- routes.c ---- */
extern const Route identity_routes[]; /* /sign-in, /sign-out, /desk/me, /desk/password */

bool staff_set_password(const Context *context, int64_t id, const char *hash, GError **error);
/* The reason why the password is against the rule; NULL when it is not. */
const char *password_fault(const char *password, const char *account);
