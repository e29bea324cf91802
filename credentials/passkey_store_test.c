// SPDX-License-Identifier: Apache-2.0
/* The passkeys that are kept, on a file and on a server. */
#include "credentials/passkeys.h"
#include "fixture_test.h"

enum { COUNTY = 330482, OTHER_COUNTY = 330481, OWNER = 3, COLLEAGUE = 4 };

typedef struct Job {
    bool (*work)(const Context *context, const void *data, GError **error);
    const void *data;
    int64_t county;
} Job;

static bool run_job(Db *db, void *data, GError **error)
{
    const Job *job = data;
    const Context context = { .db = db, .county = job->county, .now = 1000, .rooms = rooms };
    return job->work(&context, job->data, error);
}

/* The trouble that the write ends with, or 0. */
static unsigned write_at(Fixture *f, int64_t county, bool work(const Context *, const void *, GError **), const void *data)
{
    g_autoptr(GError) error = NULL;
    Job job = { work, data, county };
    store_write(f->store, run_job, &job, &error);
    return error ? trouble_status(error) : 0;
}

static unsigned write_by(Fixture *f, bool work(const Context *, const void *, GError **), const void *data)
{
    return write_at(f, COUNTY, work, data);
}

static bool add(const Context *context, const void *credential, GError **error)
{
    g_autoptr(json_t) made = json_pack("{s:s, s:s, s:i, s:i}", "credential", (const char *)credential, "public_key", "key", "algorithm", -7, "count", 5);
    return passkey_add(context, OWNER, "blue", made, error);
}

typedef struct Use {
    int number, before, count;
} Use;

static bool use(const Context *context, const void *data, GError **error)
{
    const Use *it = data;
    g_autoptr(json_t) noted = json_pack("{s:i, s:i, s:i}", "number", it->number, "before", it->before, "count", it->count);
    return passkey_note_use(context, noted, error);
}

static bool drop(const Context *context, const void *owner, GError **error)
{
    return passkey_remove(context, *(const int64_t *)owner, 1, error);
}

static bool forget(const Context *context, const void *owner, GError **error)
{
    return passkeys_forget(context, *(const int64_t *)owner, error);
}

static void assert_kept(Fixture *f, int64_t staff, int64_t wanted)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(f->store, &error);
    g_autoptr(json_t) all = passkeys_of(db, COUNTY, staff, &error);
    g_assert_true(passkeys_count(db, COUNTY, staff, &count, &error));
    store_return(f->store, db);
    g_assert_no_error(error);
    g_assert_cmpint((int64_t)json_array_size(all), ==, wanted);
    g_assert_cmpint(count, ==, wanted);
}

/* How often a passkey was used, as it counts; -1 where it is not found. */
static int64_t count_of(Fixture *f, const char *credential)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(f->store, NULL);
    g_autoptr(json_t) found = passkey_find(db, COUNTY, credential, &error);
    store_return(f->store, db);
    g_assert_cmpuint(found ? NOT_FITTING : trouble_status(error), ==, NOT_FITTING);
    return found ? json_number(found, "count") : -1;
}

static const int64_t owner = OWNER, colleague = COLLEAGUE;

static void a_use_is_noted_once(Fixture *f, const void *data)
{
    (void)data;
    g_assert_cmpuint(write_by(f, add, "one"), ==, 0);
    g_assert_cmpint(count_of(f, "one"), ==, 5);
    g_assert_cmpint(count_of(f, "none"), ==, -1);
    g_assert_cmpuint(write_by(f, use, &(Use){ 1, 5, 6 }), ==, 0);
    g_assert_cmpuint(write_by(f, use, &(Use){ 1, 5, 6 }), ==, CONFLICT);
    g_assert_cmpint(count_of(f, "one"), ==, 6);
}

static void one_that_was_removed_stays_known(Fixture *f, const void *data)
{
    (void)data;
    g_assert_cmpuint(write_by(f, add, "one"), ==, 0);
    g_assert_cmpuint(write_by(f, add, "one"), ==, CONFLICT);
    g_assert_cmpuint(write_at(f, OTHER_COUNTY, add, "one"), ==, 0);
    g_assert_cmpuint(write_by(f, drop, &colleague), ==, NOT_FOUND);
    assert_kept(f, OWNER, 1);
    g_assert_cmpuint(write_by(f, drop, &owner), ==, 0);
    g_assert_cmpuint(write_by(f, drop, &owner), ==, NOT_FOUND);
    assert_kept(f, OWNER, 0);
    g_assert_cmpint(count_of(f, "one"), ==, -1);
    g_assert_cmpuint(write_by(f, use, &(Use){ 1, 5, 6 }), ==, CONFLICT);
    g_assert_cmpuint(write_by(f, add, "one"), ==, CONFLICT);
}

static void all_of_one_person_are_forgotten(Fixture *f, const void *data)
{
    (void)data;
    g_assert_cmpuint(write_by(f, add, "one"), ==, 0);
    g_assert_cmpuint(write_by(f, add, "two"), ==, 0);
    assert_kept(f, OWNER, 2);
    g_assert_cmpuint(write_by(f, forget, &colleague), ==, 0);
    assert_kept(f, OWNER, 2);
    g_assert_cmpuint(write_by(f, forget, &owner), ==, 0);
    assert_kept(f, OWNER, 0);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    fixture_add("passkeys", "a use is noted once", a_use_is_noted_once);
    fixture_add("passkeys", "one that was removed stays known", one_that_was_removed_stays_known);
    fixture_add("passkeys", "all of one person are forgotten", all_of_one_person_are_forgotten);
    return g_test_run();
}
