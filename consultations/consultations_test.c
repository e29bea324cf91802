// SPDX-License-Identifier: Apache-2.0
/* Opinions of other organs: who is asked, who reads what meanwhile, and how long a decision waits. */
#include "consultations/life.h"
#include "licences/bench_test.h"

enum { OTHER = 7 }; /* the organ of people[OTHER_ORGAN] */

/* ---- the bench ---- */

static void close_sound(Bench *b)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    subject_verify(&context, &consultation_kind, NULL, NULL, &count, &error);
    g_assert_no_error(error);
    store_return(b->store, context.db);
    close_bench(b);
}

typedef struct Asking {
    int64_t of, number;
    SubjectInput input;
} Asking;

static bool ask_work(const Context *context, void *data, GError **error)
{
    Asking *self = data;
    g_auto(Case) of = { 0 };
    g_auto(Consultation) made = { 0 };
    bool asked = subject_load(context->db, context->county, &case_kind, self->of, &of, error) && consultation_ask(context, &of, &self->input, &made, error);
    self->number = made.number;
    return asked;
}

/* The number; 0 where it is refused for that reason. */
static int64_t asked(Bench *b, int64_t of, int64_t organ, const char *by, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) fields = json_pack("{s:I, s:s, s:[s]}", "asked", organ, "question", "该处可否经营餐饮？", "shared", "平面图");
    Asking self = { .of = of, .input = { .seen = -1, .day = day_parse(by), .fields = fields } };
    if (write_as(b, &people[ORGAN_REVIEWER], at("2014-09-16", 10), ask_work, &self, &error)) {
        g_assert_null(reason);
        return self.number;
    }
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    return 0;
}

typedef struct Doing {
    int64_t number;
    enum consultation_action action;
    SubjectInput input;
} Doing;

static bool do_work(const Context *context, void *data, GError **error)
{
    Doing *d = data;
    g_auto(Consultation) out = { 0 };
    d->input.seen = -1;
    return subject_act(context, &consultation_kind, d->number, &consultation_rules[d->action], &d->input, &out, error);
}

static Consultation now(Bench *b, int64_t number)
{
    Consultation found;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, NULL);
    subject_load(db, COUNTY, &consultation_kind, number, &found, &error);
    g_assert_no_error(error);
    store_return(b->store, db);
    return found;
}

static void acts(Bench *b, const Actor *actor, int64_t number, enum consultation_action action, SubjectInput input, const char *outcome)
{
    Doing d = { number, action, input };
    g_autoptr(GError) error = NULL;
    if (write_as(b, actor, at("2014-09-17", 10), do_work, &d, &error)) {
        g_auto(Consultation) found = now(b, number);
        g_assert_cmpstr(consultation_state_names[found.state], ==, outcome);
        return;
    }
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, outcome);
}

static void answers(Bench *b, const Actor *actor, int64_t number, const char *agreement, const char *text, const char *outcome)
{
    g_autoptr(json_t) fields = json_pack("{s:s, s:s}", "agreement", agreement, "answer", text);
    acts(b, actor, number, CONSULTATION_ANSWER, (SubjectInput){ .fields = fields }, outcome);
}

static const SubjectInput agrees = { .opinion = "符合条件" };

/* ---- tests ---- */

static void another_organ_answers_within_the_limit(void)
{
    Bench b;
    open_bench(&b);
    int64_t of = to_decide(&b, "2014-09-15");
    asked(&b, of, ORGAN, "2014-09-19", "consultations.which_organ");
    asked(&b, of, CENTRE_ORGAN, "2014-09-19", "consultations.which_organ");
    asked(&b, of, OTHER, "2014-09-16", "consultations.day_past");
    asked(&b, of, OTHER, "2015-09-16", "consultations.day_beyond");
    asked(&b, of, OTHER, "2014-09-20", "consultations.day_rests");
    int64_t number = asked(&b, of, OTHER, "2014-09-19", NULL);
    asked(&b, of, OTHER, "2014-09-19", "consultations.asked_already");
    answers(&b, &people[OTHER_ORGAN], number, "", "随便", "consultations.needed");
    refused(&b, &people[ORGAN_APPROVER], of, "2014-09-17", GRANT, agrees, "consultations.is_awaited");
    answers(&b, &people[ORGAN_REVIEWER], number, "agrees", "", "consultations.not_yours");
    answers(&b, &people[OTHER_ORGAN], number, "objects", "", "consultations.reasons_needed");
    answers(&b, &people[OTHER_ORGAN], number, "agrees_if", "须设隔油池", "agrees_if");
    answers(&b, &people[OTHER_ORGAN], number, "agrees", "", "consultations.not_now");
    done(&b, &people[ORGAN_APPROVER], of, "2014-09-17", GRANT, agrees, GRANTED);
    g_autoptr(json_t) papers = documents_of(&b, "consultation", number);
    g_assert_cmpstr(json_text(json_array_get(papers, 0), "document_kind"), ==, "consultation_letter");
    close_sound(&b);
}

static void who_is_asked_reads_the_named_papers_meanwhile(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = asked(&b, under_review(&b, "2014-09-15"), OTHER, "2014-09-19", NULL);
    g_auto(Consultation) open = now(&b, number);
    g_assert_true(consultation_opens(&people[OTHER_ORGAN], &open));
    g_assert_true(consultation_opens(&people[ORGAN_REVIEWER], &open));
    g_assert_false(consultation_opens(&people[OTHER_TOWN], &open));
    g_assert_true(consultation_names(&open, "平面图"));
    g_assert_false(consultation_names(&open, "身份证"));
    answers(&b, &people[OTHER_ORGAN], number, "agrees", "", "agrees");
    g_auto(Consultation) answered = now(&b, number);
    g_assert_false(consultation_opens(&people[OTHER_ORGAN], &answered));
    close_sound(&b);
}

static void silence(bool agrees_by_rule, const char *state)
{
    Bench b;
    open_bench(&b);
    b.context.silence_agrees = agrees_by_rule;
    int64_t of = to_decide(&b, "2014-09-15"), number = asked(&b, of, OTHER, "2014-09-19", NULL);
    g_assert_cmpint(ring_until(&b, "2014-09-19", 23), ==, 0);
    g_assert_cmpint(ring_until(&b, "2014-09-20", 1), ==, 1);
    g_auto(Consultation) late = now(&b, number);
    g_assert_cmpint(late.late, ==, 1);
    g_assert_cmpstr(consultation_state_names[late.state], ==, state);
    done(&b, &people[ORGAN_APPROVER], of, "2014-09-22", GRANT, agrees, GRANTED); /* nobody waits longer than was told */
    g_auto(Consultation) last = now(&b, number);
    g_assert_cmpstr(consultation_state_names[last.state], ==, agrees_by_rule ? "no_objection" : "taken_back");
    close_sound(&b);
}

static void silence_is_overdue(void)
{
    silence(false, "awaited");
}

static void silence_agrees_by_the_county_s_rule_alone(void)
{
    silence(true, "no_objection");
}

static void what_waits_ends_with_its_case(void)
{
    Bench b;
    open_bench(&b);
    int64_t of = under_review(&b, "2014-09-15"), number = asked(&b, of, OTHER, "2014-09-19", NULL);
    done(&b, &people[VILLAGE_CLERK], of, "2014-09-16", WITHDRAW, (SubjectInput){ .reason = "改变计划" }, WITHDRAWN);
    g_auto(Consultation) ended = now(&b, number);
    g_assert_cmpstr(consultation_state_names[ended.state], ==, "taken_back");
    done(&b, &the_system, of, "2014-09-17", ERASE, (SubjectInput){ .reason = "asked" }, WITHDRAWN);
    g_auto(Consultation) erased = now(&b, number);
    g_assert_cmpstr(erased.question, ==, "");
    close_sound(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    add("/consultations/another organ answers within the limit", another_organ_answers_within_the_limit);
    add("/consultations/who is asked reads the named papers meanwhile", who_is_asked_reads_the_named_papers_meanwhile);
    add("/consultations/silence is overdue", silence_is_overdue);
    add("/consultations/silence agrees by the county's rule alone", silence_agrees_by_the_county_s_rule_alone);
    add("/consultations/what waits ends with its case", what_waits_ends_with_its_case);
    return g_test_run();
}
