// SPDX-License-Identifier: Apache-2.0
/* A recursive descent over the text makes a tree; kinds are checked on the way, so that a value is computed without asking again. */
#include "forms/expression.h"

#include <string.h>

enum { DEPTH_MOST = 20, NODES_MOST = 200, DECIMALS = 6, LISTED_MOST = 50 };

enum op { OP_OR, OP_AND, OP_NOT, OP_EQUAL, OP_UNEQUAL, OP_AT_MOST, OP_AT_LEAST, OP_LESS, OP_MORE, OP_IN, OP_ADD, OP_SUBTRACT, OP_MULTIPLY,
          OP_DIVIDE, OP_NEGATE, OP_NUMBER, OP_TEXT, OP_NAME };

typedef struct Node {
    enum op op;
    enum value_kind kind; /* of its value */
    size_t left, right;   /* nodes */
    int64_t number;
    char *text;           /* of a text, the name of a name */
    json_t *listed;       /* the texts of OP_IN */
} Node;

struct Expression {
    GArray *nodes; /* Node */
    size_t top;
};

static void clear_node(gpointer data)
{
    Node *node = data;
    g_free(node->text);
    json_decref(node->listed);
}

void expression_free(Expression *self)
{
    if (self)
        g_array_unref(self->nodes);
    g_free(self);
}

/* ---- numbers ---- */

char *form_number_text(int64_t millionths)
{
    uint64_t size = millionths < 0 ? 0 - (uint64_t)millionths : (uint64_t)millionths;
    char *text = g_strdup_printf("%s%" PRIu64 ".%06" PRIu64, millionths < 0 ? "-" : "", size / FORM_ONE, size % FORM_ONE);
    size_t end = strlen(text);
    while (text[end - 1] == '0')
        end--;
    text[text[end - 1] == '.' ? end - 1 : end] = '\0';
    return text;
}

/* Steps over the digits, and over commas between thousands. */
static bool take_whole(const char **at, int64_t *number)
{
    const char *begin = *at;
    for (; g_ascii_isdigit(**at) || (**at == ',' && *at > begin && strspn(*at + 1, "0123456789") == 3); ++*at)
        if (**at != ',' && (__builtin_mul_overflow(*number, 10, number) || __builtin_add_overflow(*number, **at - '0', number)))
            return false;
    return *at > begin;
}

static bool take_number(const char **at, int64_t *millionths)
{
    int decimals = 0;
    *millionths = 0;
    if (!take_whole(at, millionths))
        return false;
    if (**at == '.' && g_ascii_isdigit((*at)[1]))
        for (++*at; g_ascii_isdigit(**at); ++*at, decimals++)
            if (decimals == DECIMALS || __builtin_mul_overflow(*millionths, 10, millionths) || __builtin_add_overflow(*millionths, **at - '0', millionths))
                return false;
    for (; decimals < DECIMALS; decimals++)
        if (__builtin_mul_overflow(*millionths, 10, millionths))
            return false;
    return true;
}

bool form_number_read(const char *text, int64_t *millionths)
{
    const char *at = text + (*text == '-');
    if (!take_number(&at, millionths) || *at)
        return false;
    *millionths = *text == '-' ? -*millionths : *millionths;
    return true;
}

/* ---- reading ---- */

typedef struct Reader {
    const char *at;
    GArray *nodes;
    NameKind *kind;
    const void *data;
    int depth;
    GError **error;
} Reader;

static Node *node_at(const Reader *self, size_t node)
{
    return &g_array_index(self->nodes, Node, node);
}

static bool refuse_at(const Reader *self, const char *reason)
{
    refuse(self->error, NOT_FITTING, reason, "at", *self->at ? self->at : "…", NULL);
    return false;
}

static bool add(const Reader *self, Node node, size_t *made)
{
    if (self->nodes->len == NODES_MOST) {
        clear_node(&node);
        return refuse_at(self, "forms.expression_long");
    }
    *made = self->nodes->len;
    g_array_append_val(self->nodes, node);
    return true;
}

static bool is_in_name(char c)
{
    return g_ascii_islower(c) || g_ascii_isdigit(c) || c == '_';
}

/* Steps over the word or sign where it stands next; a word ends where a name would. */
static bool take(Reader *self, const char *word)
{
    size_t length = strlen(word);
    while (g_ascii_isspace(*self->at))
        self->at++;
    if (strncmp(self->at, word, length) != 0 || (is_in_name(*word) && is_in_name(self->at[length])))
        return false;
    self->at += length;
    return true;
}

static bool read_or(Reader *self, size_t *made);

/* A text between straight quotes, or between those of a Chinese keyboard. NULL: none stands here; owned by the caller. */
static char *take_text(Reader *self)
{
    static const char *const quotes[][2] = { { "\"", "\"" }, { "“", "”" } };
    for (size_t i = 0; i < G_N_ELEMENTS(quotes); i++) {
        const char *begin = self->at;
        if (!take(self, quotes[i][0]))
            continue;
        const char *end = strstr(self->at, quotes[i][1]);
        if (end) {
            char *text = g_strndup(self->at, (size_t)(end - self->at));
            self->at = end + strlen(quotes[i][1]);
            return text;
        }
        self->at = begin;
    }
    return NULL;
}

static size_t name_length(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
}

/* Takes over `name`, for which `length` bytes stand in the text. */
static bool add_name(Reader *self, char *name, size_t length, size_t *made)
{
    enum value_kind kind = self->kind(self->data, name, self->error);
    if (kind == VALUE_NONE) {
        g_free(name);
        return false;
    }
    self->at += length;
    return add(self, (Node){ .op = OP_NAME, .kind = kind, .text = name }, made);
}

static bool read_name(Reader *self, size_t *made)
{
    size_t length = name_length(self->at);
    return length ? add_name(self, g_strndup(self->at, length), length, made)
                  : refuse_at(self, "forms.expression_value");
}

/* The sum of a column stands for the name "wells.depth", the count of rows for "wells.". */
static bool read_rows(Reader *self, bool is_sum, size_t *made)
{
    while (g_ascii_isspace(*self->at))
        self->at++;
    size_t table = name_length(self->at),
           column = table && self->at[table] == '.' ? name_length(self->at + table + 1) : 0;
    if (!table || is_sum != (column > 0))
        return refuse_at(self, "forms.expression_rows");
    char *name = g_strdup_printf("%.*s.%.*s", (int)table, self->at, (int)column,
                                 column ? self->at + table + 1 : "");
    return add_name(self, name, table + (column ? column + 1 : 0), made) &&
           (take(self, ")") || refuse_at(self, "forms.expression_bracket"));
}

/* Does "sum(" or "count(" stand next? A field may have that name too. */
static bool take_function(Reader *self, const char *name)
{
    const char *begin = self->at;
    if (take(self, name) && take(self, "("))
        return true;
    self->at = begin;
    return false;
}

static bool read_closed(Reader *self, size_t *made)
{
    if (++self->depth > DEPTH_MOST)
        return refuse_at(self, "forms.expression_deep");
    bool is_read = read_or(self, made) && (take(self, ")") || refuse_at(self, "forms.expression_bracket"));
    self->depth--;
    return is_read;
}

static bool read_primary(Reader *self, size_t *made)
{
    int64_t number;
    if (take(self, "("))
        return read_closed(self, made);
    char *text = take_text(self);
    if (text)
        return add(self, (Node){ .op = OP_TEXT, .kind = VALUE_TEXT, .text = text }, made);
    bool is_sum = take_function(self, "sum");
    if (is_sum || take_function(self, "count"))
        return read_rows(self, is_sum, made);
    if (!g_ascii_isdigit(*self->at))
        return read_name(self, made);
    if (!take_number(&self->at, &number))
        return refuse_at(self, "forms.expression_number");
    return add(self, (Node){ .op = OP_NUMBER, .kind = VALUE_NUMBER, .number = number }, made);
}

static bool is_of(const Reader *self, size_t node, enum value_kind kind)
{
    return node_at(self, node)->kind == kind || refuse_at(self, kind == VALUE_NUMBER ? "forms.expression_no_number" : "forms.expression_no_condition");
}

static bool read_unary(Reader *self, size_t *made)
{
    size_t inner = 0;
    if (!take(self, "-"))
        return read_primary(self, made);
    return read_primary(self, &inner) && is_of(self, inner, VALUE_NUMBER) &&
           add(self, (Node){ .op = OP_NEGATE, .kind = VALUE_NUMBER, .left = inner }, made);
}

/* Signs of one rank, from left to right. */
typedef struct Rank {
    struct { const char *sign; enum op op; } signs[2];
    enum value_kind kind; /* of both sides and of the value */
    bool (*inner)(Reader *self, size_t *made);
} Rank;

static bool read_rank(Reader *self, const Rank *rank, size_t *made)
{
    if (!rank->inner(self, made))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(rank->signs);) {
        size_t right;
        if (!rank->signs[i].sign || !take(self, rank->signs[i].sign)) {
            i++;
            continue;
        }
        if (!is_of(self, *made, rank->kind) || !rank->inner(self, &right) || !is_of(self, right, rank->kind) ||
            !add(self, (Node){ .op = rank->signs[i].op, .kind = rank->kind, .left = *made, .right = right }, made))
            return false;
        i = 0;
    }
    return true;
}

static bool read_product(Reader *self, size_t *made)
{
    static const Rank rank = { { { "*", OP_MULTIPLY }, { "/", OP_DIVIDE } }, VALUE_NUMBER, read_unary };
    return read_rank(self, &rank, made);
}

static bool read_sum(Reader *self, size_t *made)
{
    static const Rank rank = { { { "+", OP_ADD }, { "-", OP_SUBTRACT } }, VALUE_NUMBER, read_product };
    return read_rank(self, &rank, made);
}

/* A text beside a day is one, and beside a list it is looked for in it. */
static bool may_compare(const Reader *self, enum op op, size_t left, size_t right)
{
    enum value_kind one = node_at(self, left)->kind, other = node_at(self, right)->kind;
    bool is_equality = op == OP_EQUAL || op == OP_UNEQUAL, is_text = other == VALUE_TEXT;
    bool fits = one == other ? one != VALUE_TEXTS && (is_equality || one == VALUE_NUMBER || one == VALUE_DAY)
                             : is_text && (one == VALUE_DAY || (is_equality && one == VALUE_TEXTS));
    return fits || refuse_at(self, "forms.expression_compare");
}

static bool read_list(Reader *self, size_t left, size_t *made)
{
    json_t *listed = json_array();
    enum value_kind kind = node_at(self, left)->kind;
    if ((kind != VALUE_TEXT && kind != VALUE_TEXTS) || !take(self, "(")) {
        json_decref(listed);
        return refuse_at(self, "forms.expression_list");
    }
    do {
        g_autofree char *text = take_text(self);
        if (text)
            json_array_append_new(listed, json_string(text));
    } while (take(self, ",") && json_array_size(listed) < LISTED_MOST);
    if (!json_array_size(listed) || !take(self, ")")) {
        json_decref(listed);
        return refuse_at(self, "forms.expression_list");
    }
    return add(self, (Node){ .op = OP_IN, .kind = VALUE_FLAG, .left = left, .listed = listed }, made);
}

static bool read_comparison(Reader *self, size_t *made)
{
    /* A sign that begins with another stands before it. */
    static const struct { const char *sign; enum op op; } signs[] = { { "!=", OP_UNEQUAL }, { "<=", OP_AT_MOST }, { ">=", OP_AT_LEAST }, { "=", OP_EQUAL },
                                                                      { "<", OP_LESS }, { ">", OP_MORE } };
    size_t left, right;
    if (!read_sum(self, &left))
        return false;
    if (take(self, "in"))
        return read_list(self, left, made);
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        if (take(self, signs[i].sign))
            return read_sum(self, &right) && may_compare(self, signs[i].op, left, right) &&
                   add(self, (Node){ .op = signs[i].op, .kind = VALUE_FLAG, .left = left, .right = right }, made);
    *made = left;
    return true;
}

static bool read_not(Reader *self, size_t *made)
{
    size_t inner;
    if (!take(self, "not"))
        return read_comparison(self, made);
    return (take(self, "(") || refuse_at(self, "forms.expression_bracket")) && read_closed(self, &inner) && is_of(self, inner, VALUE_FLAG) &&
           add(self, (Node){ .op = OP_NOT, .kind = VALUE_FLAG, .left = inner }, made);
}

static bool read_and(Reader *self, size_t *made)
{
    static const Rank rank = { { { "and", OP_AND } }, VALUE_FLAG, read_not };
    return read_rank(self, &rank, made);
}

static bool read_or(Reader *self, size_t *made)
{
    static const Rank rank = { { { "or", OP_OR } }, VALUE_FLAG, read_and };
    return read_rank(self, &rank, made);
}

Expression *expression_read(const char *text, enum value_kind wanted, NameKind *kind, const void *data, GError **error)
{
    g_autoptr(Expression) self = g_new0(Expression, 1);
    self->nodes = g_array_new(FALSE, TRUE, sizeof(Node));
    g_array_set_clear_func(self->nodes, clear_node);
    Reader reader = { .at = text, .nodes = self->nodes, .kind = kind, .data = data, .error = error };
    if (!read_or(&reader, &self->top) || !is_of(&reader, self->top, wanted))
        return NULL;
    take(&reader, "");
    return *reader.at ? (refuse_at(&reader, "forms.expression_rest"), NULL) : g_steal_pointer(&self);
}

/* ---- computing ---- */

typedef struct Run {
    const Expression *expression;
    NameValue *value;
    const void *data;
} Run;

static Value flag(bool holds)
{
    return (Value){ .kind = VALUE_FLAG, .number = holds };
}

static bool lists(const json_t *texts, const char *text)
{
    for (size_t i = 0; i < json_array_size(texts); i++)
        if (g_strcmp0(json_string_value(json_array_get(texts, i)), text) == 0)
            return true;
    return false;
}

static bool is_listed(const json_t *listed, Value value)
{
    for (size_t i = 0; value.kind == VALUE_TEXTS && i < json_array_size(value.texts); i++)
        if (lists(listed, json_string_value(json_array_get(value.texts, i))))
            return true;
    return value.kind == VALUE_TEXT && lists(listed, value.text);
}

static bool compare(enum op op, Value left, Value right)
{
    if (left.kind == VALUE_NONE || right.kind == VALUE_NONE)
        return false;
    if (left.kind == VALUE_TEXTS)
        return lists(left.texts, right.text) == (op == OP_EQUAL);
    bool is_number = left.kind == VALUE_NUMBER || left.kind == VALUE_FLAG;
    int order = is_number ? (left.number > right.number) - (left.number < right.number) : strcmp(left.text, right.text);
    switch (op) {
    case OP_EQUAL: return order == 0;
    case OP_UNEQUAL: return order != 0;
    case OP_AT_MOST: return order <= 0;
    case OP_AT_LEAST: return order >= 0;
    case OP_LESS: return order < 0;
    default: return order > 0;
    }
}

__extension__ typedef __int128 Wide; /* of two numbers of 64 bits it holds the product */

/* Rounded to the nearest millionth, halves away from zero; false: it is too large. */
static bool divide(Wide number, int64_t by, int64_t *made)
{
    Wide half = (by < 0 ? -(Wide)by : by) / 2, rounded = (number < 0 ? number - half : number + half) / by;
    *made = (int64_t)rounded;
    return *made == rounded;
}

static bool reckon(enum op op, int64_t left, int64_t right, int64_t *made)
{
    switch (op) {
    case OP_ADD: return !__builtin_add_overflow(left, right, made);
    case OP_SUBTRACT: return !__builtin_sub_overflow(left, right, made);
    case OP_NEGATE: return !__builtin_sub_overflow((int64_t)0, left, made);
    case OP_MULTIPLY: return divide((Wide)left * right, FORM_ONE, made);
    default: return right != 0 && divide((Wide)left * FORM_ONE, right, made);
    }
}

static Value run(const Run *self, size_t at)
{
    const Node *node = &g_array_index(self->expression->nodes, Node, at);
    switch (node->op) {
    case OP_NUMBER: return (Value){ .kind = VALUE_NUMBER, .number = node->number };
    case OP_TEXT: return (Value){ .kind = VALUE_TEXT, .text = node->text };
    case OP_NAME: return self->value(self->data, node->text);
    case OP_OR: return flag(run(self, node->left).number || run(self, node->right).number);
    case OP_AND: return flag(run(self, node->left).number && run(self, node->right).number);
    case OP_NOT: return flag(!run(self, node->left).number);
    case OP_IN: return flag(is_listed(node->listed, run(self, node->left)));
    default: break;
    }
    Value left = run(self, node->left), right = node->op == OP_NEGATE ? left : run(self, node->right), made = { .kind = VALUE_NUMBER };
    if (node->kind == VALUE_FLAG)
        return flag(compare(node->op, left, right));
    bool is_known = left.kind == VALUE_NUMBER && right.kind == VALUE_NUMBER && reckon(node->op, left.number, right.number, &made.number);
    return is_known ? made : (Value){ 0 };
}

Value expression_value(const Expression *self, NameValue *value, const void *data)
{
    return run(&(Run){ self, value, data }, self->top);
}

bool expression_holds(const Expression *self, NameValue *value, const void *data)
{
    return !self || expression_value(self, value, data).number != 0;
}

bool expression_names_only(const Expression *self, NameTest *is, const void *data)
{
    for (guint i = 0; i < self->nodes->len; i++) {
        const Node *node = &g_array_index(self->nodes, Node, i);
        if (node->op == OP_NAME && !is(data, node->text))
            return false;
    }
    return true;
}
