// SPDX-License-Identifier: Apache-2.0
/* The writer: one thread that takes all writes waiting, runs them in one transaction and makes
 * them durable by one commit, so that its cost is shared. */
#include "db/engine.h"


enum {
    LOG_PAGES = 20000, /* measured: 80 MB of log cost half of what SQLite's 4 MB do */
    LOG_AGAIN = LOG_PAGES / 8, /* more, after a reader prevented a checkpoint */
    READERS_MS = 50,   /* how long a full log waits for its readers */
    IDLE_MS = 500,     /* without a write, before the log is checkpointed */
    TRIES = 8,         /* of the same writes, when the engine asks for a retry */
    GROUP_MOST = 200,  /* jobs: a larger group is not joined */
};

typedef struct Job Job;
struct Job {
    Job *next;
    WriteFunction *work;
    void *data;
    WriteDone *done;
    int64_t county;
    GError *error;
};

struct Writer {
    Db *db;
    pthread_t thread;
    int checkpoint_at;    /* pages of log */
    bool stuck;           /* the last checkpoint failed */
    bool is_full;         /* the last group found no room */
    bool adopts;          /* jobs may join the running group */
    bool uses_savepoints; /* because a write was refused lately */
    /* The fields below are shared under the lock. */
    pthread_mutex_t lock;
    pthread_cond_t wanted;
    Job *first, **last;
    bool ending;
    WriterCounts counts;
};

/* The outcome of a group that was run in one transaction. */
enum outcome { ENDED /* every job has its own */, AGAIN /* to be run once more */, FAILED };

static Job *take_all(Writer *self)
{
    Job *jobs = self->first;
    self->first = NULL;
    self->last = &self->first;
    return jobs;
}

/* ---- a group ---- */

/* Moves the queued jobs of the counties whose write locks are held to the end of the group, unless it is large, or a write of it
 * keeps the transaction to itself. So the jobs that arrive while the group waits for the lock, or runs, share its commit:
 * otherwise the first job after each commit would have a commit of its own, and the rest wait for the next. A file's commit is
 * short, and requests are read and answered while it lasts: if all waiting clients shared one commit, both would stand still by
 * turns (measured with 16 and 64 clients: 0.8 of the rate). */
static void adopt_waiting(Writer *self, Job *jobs)
{
    unsigned size = 1;
    for (; jobs->next; size++)
        jobs = jobs->next;
    if (!self->db->server || !self->adopts || self->db->exclusive || self->db->status != TRANSACTION_OK || size >= GROUP_MOST)
        return;
    pthread_mutex_lock(&self->lock);
    self->last = &self->first;
    for (Job *job = *self->last; job; job = *self->last) {
        if (!engine_has_county(self->db, job->county)) {
            self->last = &job->next;
            continue;
        }
        *self->last = job->next;
        job->next = NULL;
        jobs = jobs->next = job;
    }
    pthread_mutex_unlock(&self->lock);
}

static bool begin(Writer *self, Job *jobs, GError **error)
{
    g_autoptr(GArray) counties = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (const Job *job = jobs; job; job = job->next)
        g_array_append_val(counties, job->county);
    engine_set_counties(self->db, counties);
    if (!engine_begin(self->db, error))
        return false;
    adopt_waiting(self, jobs);
    return true;
}

static bool is_fault(const Job *job)
{
    return job->error && trouble_status(job->error) >= FAULT;
}

static void perform(Writer *self, Job *job)
{
    self->db->in_write = true;
    if (!job->work(self->db, job->data, &job->error) && !job->error)
        fault(&job->error, "a write failed without saying why");
    self->db->in_write = false;
    engine_end_async_writer(self->db, job->error ? NULL : &job->error);
    if (!engine_end_rows(self->db) && !job->error)
        fault(&job->error, "a write left rows open");
}

static bool undo(Db *db)
{
    transaction_state_restore(db);
    return db_run(db, "ROLLBACK TO work", NULL, NULL);
}

/* False when the whole group has to be rolled back. */
static bool run_with_savepoint(Writer *self, Job *job)
{
    if (!db_run(self->db, "SAVEPOINT work", NULL, NULL))
        return false;
    transaction_state_savepoint(self->db);
    perform(self, job);
    if (is_fault(job) || self->db->status != TRANSACTION_OK)
        return false;
    if (job->error && !undo(self->db))
        return false;
    return db_run(self->db, "RELEASE work", NULL, NULL);
}

/* Savepoints cost a server a sixth of what a write does, so a group first runs without them: a refusal rolls it back, and it is
 * run again with them. */
static bool run_without_savepoint(Writer *self, Job *job)
{
    perform(self, job);
    return !job->error && self->db->status == TRANSACTION_OK;
}

/* While writes are refused, the next group uses savepoints too. A write that begins alone needs none; those that join it run
 * behind one, so that it need not be run again for them. */
static enum outcome run_all(Writer *self, Job *jobs, GError **error)
{
    bool refused = false;
    for (Job *job = jobs; job; job = job->next) {
        bool uses_savepoint = self->uses_savepoints && jobs->next;
        self->db->alone = job == jobs && !job->next;
        g_clear_error(&job->error);
        if (!(uses_savepoint ? run_with_savepoint : run_without_savepoint)(self, job) && (jobs->next || job->error)) {
            bool again = !uses_savepoint && jobs->next && job->error && !is_fault(job);
            self->uses_savepoints |= again;
            return again ? AGAIN : FAILED;
        }
        refused |= job->error != NULL;
        if (!job->next)
            adopt_waiting(self, jobs);
    }
    if (jobs->next)
        self->uses_savepoints = refused;
    return engine_commit(self->db, error) ? ENDED : FAILED;
}

static void refuse_all(Job *jobs, const GError *error)
{
    for (Job *job = jobs; job; job = job->next) {
        g_clear_error(&job->error);
        job->error = g_error_copy(error);
    }
}

/* The error of a job alone is its outcome. */
static enum outcome try_together(Writer *self, Job *jobs)
{
    g_autoptr(GError) error = NULL;
    bool begun = begin(self, jobs, &error);
    enum outcome outcome = begun ? run_all(self, jobs, &error) : FAILED;
    if (outcome == ENDED)
        return ENDED;
    engine_rollback(self->db);
    bool ended = !begun || !jobs->next || self->db->status == TRANSACTION_IN_DOUBT;
    if (ended && error)
        refuse_all(jobs, error);
    return self->db->status == TRANSACTION_RETRY ? AGAIN : ended ? ENDED : outcome;
}

static bool run_together(Writer *self, Job *jobs)
{
    enum outcome outcome = AGAIN;
    for (int i = 0; i < TRIES && outcome == AGAIN; i++)
        outcome = try_together(self, jobs);
    return outcome == ENDED;
}

/* Each in a transaction of its own. */
static void run_one_by_one(Writer *self, Job *jobs)
{
    self->adopts = false;
    for (Job *job = jobs, *next; job; job = next) {
        next = job->next;
        job->next = NULL;
        run_together(self, job);
        job->next = next;
    }
    self->adopts = true;
}

static void count(Writer *self, const Job *jobs)
{
    pthread_mutex_lock(&self->lock);
    self->counts.transactions++;
    for (const Job *job = jobs; job; job = job->next) {
        self->counts.writes++;
        self->counts.faults += is_fault(job);
    }
    pthread_mutex_unlock(&self->lock);
}

static bool found_no_room(const Job *jobs)
{
    while (jobs && !g_error_matches(jobs->error, TROUBLE, FULL))
        jobs = jobs->next;
    return jobs != NULL;
}

static void answer(Job *job)
{
    while (job) {
        Job *next = job->next;
        job->done(job->data, job->error);
        g_clear_error(&job->error);
        g_free(job);
        job = next;
    }
}

static void run(Writer *self, Job *jobs)
{
    if (!run_together(self, jobs) && jobs->next)
        run_one_by_one(self, jobs);
    count(self, jobs);
    self->is_full = found_no_room(jobs);
    answer(jobs);
}

/* ---- the log ---- */

/* Warns once until a checkpoint succeeds again. Readers that prevent one are no fault. */
static void complain(Writer *self, const GError *error)
{
    bool stuck = error && error->code != BUSY;
    if (stuck && !self->stuck)
        g_message("the log of the database grows, it cannot be put away: %s", error->message);
    self->stuck = stuck;
}

/* Runs after the answers, so that no writer waits for it. Where a disk is full, the log's own room is given back: a database that is
 * asked all the time is never idle. */
static void checkpoint(Writer *self, bool idle)
{
    int pages = self->db->log_pages;
    bool shrinks = pages > 0 && (idle || self->is_full);
    if (pages < self->checkpoint_at && !shrinks)
        return;
    g_autoptr(GError) error = NULL;
    bool clean = self->db->engine->checkpoint(self->db, shrinks, idle ? 0 : READERS_MS, &error);
    self->checkpoint_at = clean ? LOG_PAGES : pages + LOG_AGAIN;
    complain(self, error);
}

/* ---- the thread ---- */

/* All queued jobs; NULL with *idle after IDLE_MS without one, NULL without *idle at the end. */
static Job *take(Writer *self, bool *idle)
{
    *idle = false;
    pthread_mutex_lock(&self->lock);
    while (!self->first && !self->ending && !*idle) {
        if (self->db->log_pages > 0)
            *idle = !monotonic_wait(&self->wanted, &self->lock, g_get_monotonic_time() + IDLE_MS * 1000);
        else
            pthread_cond_wait(&self->wanted, &self->lock);
    }
    Job *jobs = take_all(self);
    pthread_mutex_unlock(&self->lock);
    return jobs;
}

static void *write_on(void *data)
{
    Writer *self = data;
    bool idle;
    for (Job *jobs = take(self, &idle); jobs || idle; jobs = take(self, &idle)) {
        if (jobs)
            run(self, jobs);
        checkpoint(self, !jobs);
    }
    return NULL;
}

Writer *writer_start(Db *db)
{
    Writer *self = g_new0(Writer, 1);
    self->db = db;
    self->last = &self->first;
    self->adopts = true;
    self->checkpoint_at = LOG_PAGES;
    monotonic_init(&self->wanted);
    pthread_mutex_init(&self->lock, NULL);
    if (pthread_create(&self->thread, NULL, write_on, self) != 0)
        g_error("no thread for the writer");
    return self;
}

void writer_end(Writer *self)
{
    pthread_mutex_lock(&self->lock);
    self->ending = true;
    pthread_cond_signal(&self->wanted);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
    pthread_cond_destroy(&self->wanted);
    pthread_mutex_destroy(&self->lock);
    engine_close(self->db);
    g_free(self);
}

/* ---- what others ask ---- */

void store_submit(Store *self, WriteFunction *work, void *data, WriteDone *done)
{
    Writer *writer = self->writer;
    if (!writer) {
        g_autoptr(GError) error = NULL;
        fault(&error, "%s is open for reading only", self->name);
        done(data, error);
        return;
    }
    Job *job = g_new0(Job, 1);
    *job = (Job){ .work = work, .data = data, .done = done, .county = self->county };
    pthread_mutex_lock(&writer->lock);
    *writer->last = job;
    writer->last = &job->next;
    pthread_cond_signal(&writer->wanted);
    pthread_mutex_unlock(&writer->lock);
}

typedef struct Waiting {
    WriteFunction *work;
    void *data;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done;
    GError *error;
} Waiting;

static bool work_for(Db *db, void *data, GError **error)
{
    Waiting *self = data;
    return self->work(db, self->data, error);
}

static void wake(void *data, const GError *error)
{
    Waiting *self = data;
    pthread_mutex_lock(&self->lock);
    self->done = true;
    self->error = error ? g_error_copy(error) : NULL;
    pthread_cond_signal(&self->answered);
    pthread_mutex_unlock(&self->lock);
}

bool store_write(Store *self, WriteFunction *work, void *data, GError **error)
{
    if (self->writer && pthread_equal(pthread_self(), self->writer->thread))
        return fault(error, "a write waits for a write on the writer's own thread");
    Waiting waiting = { .work = work,
                        .data = data,
                        .lock = PTHREAD_MUTEX_INITIALIZER,
                        .answered = PTHREAD_COND_INITIALIZER };
    store_submit(self, work_for, &waiting, wake);
    pthread_mutex_lock(&waiting.lock);
    while (!waiting.done)
        pthread_cond_wait(&waiting.answered, &waiting.lock);
    pthread_mutex_unlock(&waiting.lock);
    if (waiting.error)
        g_propagate_error(error, waiting.error);
    return !waiting.error;
}

WriterCounts store_writer_counts(Store *self)
{
    pthread_mutex_lock(&self->writer->lock);
    WriterCounts counts = self->writer->counts;
    pthread_mutex_unlock(&self->writer->lock);
    return counts;
}
