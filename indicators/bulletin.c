// SPDX-License-Identifier: Apache-2.0
/* The bulletin as one object: chapters of sentences in which every figure knows its key. A sentence stands only where all its
 * figures are known; what is not known is told plainly at the end. */
#include "indicators/figures.h"
#include "indicators/report.h"

#include <stdlib.h>
#include <string.h>

/* How a figure stands in a sentence until it is cut into pieces: KEY key TEXT text END; UNKNOWN where it has no value. */
#define KEY "\001"
#define TEXT "\002"
#define END "\003"
#define UNKNOWN "\004"

enum { SECTIONS = 4 };

typedef struct Section {
    const char *name;                  /* its words: indicators.report.<chapter>.<name>.title, .says_1 … */
    int sentences;
    enum report_grid grid;
    bool of_county;                    /* left out where a part of the county is asked for */
} Section;

typedef struct Chapter {
    const char *name;
    Section sections[SECTIONS];
} Chapter;

static const Chapter chapters[] = {
    { "overview", { { "volume", 3, NO_GRID, false }, { "results", 2, NO_GRID, false }, { "comparison", 2, GRID_COMPARISON, false } } },
    { "items", { { "cut", 2, NO_GRID, true }, { "moved", 3, NO_GRID, true }, { "entered", 1, NO_GRID, true }, { "busy", 1, GRID_ITEMS, false } } },
    { "cases", { { "organs", 3, GRID_ORGANS, false } } },
    { "towns", { { "levels", 4, GRID_TOWNS, false } } },
    { "online", { { "channels", 2, GRID_CHANNELS, false } } },
    { "deadlines", { { "months", 3, GRID_MONTHS, false } } },
    { "satisfaction", { { "rated", 1, GRID_SATISFACTION, false } } },
};

static char *numeral(const Report *self, size_t index)
{
    g_autofree char *all = report_word(self, "report.numerals", NULL);
    return g_utf8_substring(all, (long)index, (long)index + 1);
}

/* A heading with its numeral: 一、总体情况, （一）办件规模. */
static char *heading(const Report *self, const char *form, size_t index, const char *title_key)
{
    g_autofree char *number = numeral(self, index), *title = report_word(self, title_key, NULL);
    g_autoptr(json_t) data = json_pack("{s:s, s:s}", "number", number, "title", title);
    return report_word(self, form, data);
}

/* ---- figures ---- */

/* {number, key, name, definition, text, unit_text, value, formula, top, bottom, path}: as notes and the annex show it. */
static json_t *annexed(const Report *self, const json_t *figure, size_t number)
{
    g_autofree char *name = figure_name(figure, self->view, self->language), *unit = figure_unit(figure, self->view, self->language);
    g_autofree char *known = figure_text(figure), *text = g_strconcat(known, figure_is_percent(figure) && *known ? "%" : "", NULL);
    json_t *made = json_copy((json_t *)figure);
    g_autofree char *definition = figure_definition(figure, self->view, self->language);
    json_t *more = json_pack("{s:I, s:s, s:s, s:s, s:s}", "number", (json_int_t)number, "name", name, "text", text, "unit_text", unit,
                             "definition", definition);
    json_object_update_new(made, more);
    if (!*text)
        json_object_del(made, "path"); /* nothing to point at it */
    return made;
}

/* ---- what other periods give ---- */

static const char *const period_names[PERIODS] = { [BEFORE] = "before", [YEAR_BEFORE] = "year" };

static int64_t top_of(const Report *self, enum report_period period)
{
    return json_number(figure_at(self->spoken[period], "all.accepted"), "top");
}

static json_t *other_figure(const char *period, const char *what, const char *unit, json_t *more)
{
    g_autofree char *key = g_strconcat(period, ".", what, NULL), *words = g_strconcat(period, "_", what, NULL);
    json_t *figure = json_pack("{s:s, s:s, s:s, s:s}", "key", key, "words", words, "owner", "indicators", "unit", unit);
    json_object_update_new(figure, more);
    return figure;
}

/* Appends the cases accepted in another period, and by how much they have grown; nothing where there were none. */
static void append_period(const Report *self, json_t *annex, enum report_period period)
{
    const json_t *was = figure_at(self->spoken[period], "all.accepted");
    int64_t before = top_of(self, period), now = top_of(self, NOW);
    if (!before)
        return;
    int64_t hundredths = indicators_hundredths(SHARE_OF, llabs(now - before), before);
    g_autofree char *rate = g_strdup_printf("%s%" PRId64 ".%02" PRId64, now < before ? "−" : "+", hundredths / 100, hundredths % 100);
    g_autofree char *said = g_strconcat(rate + strcspn(rate, "0123456789"), "%", NULL);
    g_autoptr(json_t) cases = other_figure(period_names[period], "accepted", "cases",
        json_pack("{s:I, s:I, s:s, s:O}", "value", before, "top", before, "formula", "count", "path", json_object_get(was, "path")));
    g_autoptr(json_t) grown = other_figure(period_names[period], "growth", "percent",
        json_pack("{s:f, s:I, s:I, s:s, s:s, s:s, s:O}", "value", (double)(now < before ? -hundredths : hundredths) / 100, "top", now, "bottom",
                  before, "formula", "growth", "percent", rate, "said", said, "path", json_object_get(was, "path")));
    json_array_append_new(annex, annexed(self, cases, json_array_size(annex) + 1));
    json_array_append_new(annex, annexed(self, grown, json_array_size(annex) + 1));
}

/* The published figures first, in their order, then what else the sentences tell. */
static json_t *annex_json(const Report *self)
{
    size_t spoken;
    json_t *figure, *annex = json_array();
    for (size_t i = 0; i < json_array_size(self->figures); i++)
        json_array_append_new(annex, annexed(self, json_array_get(self->figures, i), i + 1));
    json_array_foreach(self->spoken[NOW], spoken, figure)
        if (!figure_at(self->figures, json_text(figure, "key")))
            json_array_append_new(annex, annexed(self, figure, json_array_size(annex) + 1));
    append_period(self, annex, BEFORE);
    append_period(self, annex, YEAR_BEFORE);
    return annex;
}

static void put_marked(json_t *data, const json_t *figure)
{
    const char *said = json_text(figure, "said"), *text = *said ? said : json_text(figure, "text");
    g_autofree char *marked = *text ? g_strconcat(KEY, json_text(figure, "key"), TEXT, text, END, NULL) : g_strdup(UNKNOWN);
    json_object_set_new(data, json_text(figure, "words"), json_string(marked));
}

/* ---- what sentences say of the periods ---- */

static void put_day(const Report *self, json_t *data, const char *name, Day day)
{
    g_autofree char *text = report_day(self, day);
    json_object_set_new(data, name, json_string(text));
}

static void put_period(const Report *self, json_t *data, enum report_period period)
{
    g_autofree char *from = g_strconcat(period_names[period], "_from", NULL), *to = g_strconcat(period_names[period], "_to", NULL);
    put_day(self, data, from, self->ask[period].from);
    put_day(self, data, to, self->ask[period].to);
    g_autofree char *grew = g_strconcat(period_names[period], "_grew", NULL);
    json_object_set_new(data, grew, json_boolean(top_of(self, NOW) >= top_of(self, period)));
}

static json_t *sentence_data(const Report *self, const json_t *annex)
{
    json_t *data = json_object();
    for (size_t i = 0; i < json_array_size(annex); i++)
        put_marked(data, json_array_get(annex, i));
    json_object_set_new(data, "place", json_string(self->place));
    put_day(self, data, "from", self->ask[NOW].from);
    put_day(self, data, "to", self->ask[NOW].to);
    put_period(self, data, BEFORE);
    put_period(self, data, YEAR_BEFORE);
    return data;
}

/* ---- sentences ---- */

/* The text before a key is plain; the figure itself carries all that its note and its link need. */
static const char *cut_figure(json_t *pieces, const char *at, const json_t *annex)
{
    const char *text = strstr(at, TEXT), *end = strstr(at, END);
    g_autofree char *key = g_strndup(at + 1, (gsize)(text - at - 1)), *said = g_strndup(text + 1, (gsize)(end - text - 1));
    json_t *piece = json_copy((json_t *)figure_at(annex, key));
    json_object_set_new(piece, "text", json_string(said));
    json_array_append_new(pieces, piece);
    return end + 1;
}

static void cut(json_t *pieces, const char *sentence, const json_t *annex)
{
    for (const char *at = sentence; *at;) {
        size_t plain = strcspn(at, KEY);
        if (plain)
            json_array_append_new(pieces, json_pack("{s:s#}", "text", at, (int)plain));
        at += plain;
        if (*at)
            at = cut_figure(pieces, at, annex);
    }
}

static json_t *pieces_json(const Report *self, const char *words, int sentences, const json_t *data, const json_t *annex)
{
    g_autoptr(GString) said = g_string_new(NULL);
    for (int i = 1; i <= sentences; i++) {
        g_autofree char *key = g_strdup_printf("%s.says_%d", words, i);
        g_autofree char *sentence = report_word(self, key, data);
        bool is_known = !strstr(sentence, UNKNOWN);
        if (is_known && *sentence && said->len && self->language == ENGLISH)
            g_string_append_c(said, ' ');
        g_string_append(said, is_known ? sentence : "");
    }
    json_t *pieces = json_array();
    cut(pieces, said->str, annex);
    return pieces;
}

/* ---- chapters ---- */

static json_t *grids_json(const Report *self, enum report_grid which, GError **error)
{
    json_t *grid = which == NO_GRID ? NULL : report_grid(self, which, error);
    return which == NO_GRID ? json_array() : grid ? json_pack("[o]", grid) : NULL;
}

typedef struct Writing {
    const Report *report;
    const json_t *data, *annex;
} Writing;

static json_t *section_json(const Writing *self, const Chapter *chapter, const Section *section, size_t index, GError **error)
{
    g_autofree char *words = g_strdup_printf("report.%s.%s", chapter->name, section->name);
    g_autofree char *title = g_strconcat(words, ".title", NULL);
    g_autofree char *head = heading(self->report, "report.section", index, title);
    json_t *grids = grids_json(self->report, section->grid, error);
    json_t *pieces = grids ? pieces_json(self->report, words, section->sentences, self->data, self->annex) : NULL;
    return !grids ? NULL : json_pack("{s:s, s:b, s:o, s:o}", "heading", head, "says", json_array_size(pieces) > 0, "pieces", pieces, "grids", grids);
}

/* The figures that a chapter names, each once. */
static json_t *figures_of_sections(const json_t *sections, const json_t *annex)
{
    json_t *named = json_object(), *figures = json_array();
    for (size_t i = 0; i < json_array_size(sections); i++) {
        const json_t *pieces = json_object_get(json_array_get(sections, i), "pieces");
        for (size_t p = 0; p < json_array_size(pieces); p++)
            json_object_set_new(named, json_text(json_array_get(pieces, p), "key"), json_true());
    }
    for (size_t i = 0; i < json_array_size(annex); i++)
        if (json_object_get(named, json_text(json_array_get(annex, i), "key")))
            json_array_append(figures, json_array_get(annex, i));
    json_decref(named);
    return figures;
}

static json_t *chapter_json(const Writing *self, const Chapter *chapter, size_t index, GError **error)
{
    g_autoptr(json_t) sections = json_array();
    g_autofree char *title_key = g_strdup_printf("report.%s.title", chapter->name);
    g_autofree char *head = heading(self->report, "report.chapter", index, title_key), *name = report_word(self->report, title_key, NULL);
    for (const Section *each = chapter->sections; each < chapter->sections + SECTIONS && each->name; each++) {
        if (each->of_county && self->report->ask[NOW].division)
            continue;
        json_t *section = section_json(self, chapter, each, json_array_size(sections), error);
        if (!section)
            return NULL;
        if (json_flag(section, "says") || json_array_size(json_object_get(section, "grids")))
            json_array_append_new(sections, section);
        else
            json_decref(section);
    }
    return json_pack("{s:s, s:s, s:s, s:O, s:o}", "name", chapter->name, "title", name, "heading", head, "sections", sections, "figures",
                     figures_of_sections(sections, self->annex));
}

static json_t *chapters_json(const Writing *self, GError **error)
{
    g_autoptr(json_t) all = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(chapters); i++) {
        json_t *chapter = chapter_json(self, &chapters[i], i, error);
        if (!chapter)
            return NULL;
        json_array_append_new(all, chapter);
    }
    return g_steal_pointer(&all);
}

/* ---- what is not there ---- */

/* The name of the room that will own the figure, or the words that there is nothing to count. */
static char *owner_of(const Report *self, const json_t *figure)
{
    const char *room = json_text(figure, "room");
    g_autofree char *key = *room ? g_strconcat("rooms.", room, NULL) : g_strdup("report.no_data");
    return report_word(self, key, NULL);
}

static json_t *missing_of(json_t *missing, const char *owner)
{
    for (size_t i = 0; i < json_array_size(missing); i++)
        if (strcmp(json_text(json_array_get(missing, i), "room_name"), owner) == 0)
            return json_object_get(json_array_get(missing, i), "figures");
    json_t *made = json_pack("{s:s, s:[]}", "room_name", owner, "figures");
    json_array_append_new(missing, made);
    return json_object_get(made, "figures");
}

static json_t *missing_json(const Report *self, const json_t *annex)
{
    json_t *missing = json_array();
    for (size_t i = 0; i < json_array_size(annex); i++) {
        json_t *figure = json_array_get(annex, i);
        if (!json_is_null(json_object_get(figure, "value")))
            continue;
        g_autofree char *owner = owner_of(self, figure);
        json_array_append(missing_of(missing, owner), figure);
    }
    return missing;
}

/* ---- the whole ---- */

/* Bulletins are numbered by the month in which their period ends. */
static void put_head(const Report *self, json_t *bulletin, const json_t *data)
{
    int year, month, of_month;
    char from[DAY_TEXT], to[DAY_TEXT];
    day_split(self->ask[NOW].to, &year, &month, &of_month);
    g_autoptr(json_t) number = json_pack("{s:i, s:i}", "year", year, "month", month);
    g_autofree char *issue = report_word(self, "report.issue", number), *made = report_day(self, day_of(self->context->now));
    g_autofree char *title = report_word(self, "report.heading", data), *mark = report_word(self, "report.mark", NULL);
    int64_t part = self->ask[NOW].division;
    g_autofree char *division = part ? g_strdup_printf("%" PRId64, part) : g_strdup("");
    static const char *const words[] = { "missing_title", "missing_lead", "annex_title", "annex_lead", "note", "number", "key", "name",
                                         "value", "unit", "top", "bottom", "definition", "colon", "comma" };
    g_autofree char *period = report_word(self, "report.period", data);
    json_t *said = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "mark", mark, "issue", issue, "title", title, "period", period, "organ", self->organ,
                             "made", made, "from_day", day_text(self->ask[NOW].from, from), "to_day", day_text(self->ask[NOW].to, to),
                             "division", division);
    json_object_update_new(bulletin, said);
    json_t *labels = json_object();
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autofree char *key = g_strconcat("report.", words[i], NULL), *word = report_word(self, key, data);
        json_object_set_new(labels, words[i], json_string(word));
    }
    json_object_set_new(bulletin, "labels", labels);
}

json_t *bulletin_json(Report *self, GError **error)
{
    g_autoptr(json_t) annex = annex_json(self), data = sentence_data(self, annex);
    const Writing writing = { self, data, annex };
    json_t *said = chapters_json(&writing, error);
    if (!said)
        return NULL;
    json_t *missing = missing_json(self, annex);
    json_t *bulletin = json_pack("{s:o, s:b, s:o, s:O}", "chapters", said, "is_missing", json_array_size(missing) > 0, "missing", missing,
                                 "annex", annex);
    put_head(self, bulletin, data);
    return bulletin;
}
