// SPDX-License-Identifier: Apache-2.0
/* Databases on the server that a test may use: PINGHU_DATABASE_SERVER tells its address, when there is one. */
#pragma once

#include "db/engine.h"

#include <libpq-fe.h>
#include <unistd.h>

/* The address of a database on the server of PINGHU_DATABASE_SERVER, where {} stands for its name. Owned by the caller. */
static inline char *server_address(const char *server, const char *database)
{
    g_auto(GStrv) parts = g_strsplit(server, "{}", 2);
    return g_strconcat(parts[0], database, parts[1], NULL);
}

static inline void server_order(const char *address, const char *sql)
{
    PGconn *link = PQconnectdb(address);
    PGresult *result = PQexec(link, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        g_error("%s: %s", sql, PQerrorMessage(link));
    PQclear(result);
    PQfinish(link);
}

/* The first value of the first row; owned by the caller. */
static inline char *server_value(const char *address, const char *sql)
{
    PGconn *link = PQconnectdb(address);
    PGresult *result = PQexec(link, sql);
    g_assert_cmpint(PQntuples(result), >, 0);
    char *value = g_strdup(PQgetvalue(result, 0, 0));
    PQclear(result);
    PQfinish(link);
    return value;
}

static inline void order_database(const char *server, const char *order, const char *name)
{
    g_autofree char *address = server_address(server, "postgres"), *sql = g_strdup_printf(order, name);
    server_order(address, sql);
}

static inline char *make_database(const char *server)
{
    static unsigned made = 0;
    g_autofree char *name = g_strdup_printf("t%d_%u", (int)getpid(), ++made);
    order_database(server, "CREATE DATABASE %s", name);
    return server_address(server, name);
}

static inline void drop_database(const char *server, const char *address)
{
    g_autofree char *name = postgres_name(address);
    order_database(server, "DROP DATABASE %s WITH (FORCE)", name);
}
