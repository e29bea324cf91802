// SPDX-License-Identifier: Apache-2.0
/* The list of accounts, and the list of who may do what where (人员权限清单), which an auditor prints. */
#include "people/room.h"

static const char *const states[] = { "active", "locked", "ended", NULL };

const Field member_list_fields[] = { LIST_FIELDS, { .name = "state", .kind = FIELD_CHOICE, .choices = states }, { 0 } };

const ListSpec member_list = {
    .name = "members", .room = "people", .path = "/desk/people", .table = "member", .key = "number", .fields = member_list_fields,
    .columns = (const ListColumn[]){
        { "account", LIST_FOLDED, .is_head = true }, { "name", LIST_TEXT }, { "state", LIST_WORD },
        { "leave_from_day", LIST_DAY_NUMBER }, { "leave_to_day", LIST_DAY_NUMBER }, { "sought", LIST_FOLDED, LIST_UNSHOWN },
        { "asked", LIST_WORD, LIST_EXPORTED }, { "number", LIST_NUMBER, LIST_UNSHOWN }, { 0 } },
    .filters = (const ListFilter[]){ { "state", "state", LIST_EQUAL }, { 0 } },
    .orders = (const ListOrder[]){ { "account", { "account", "number" } }, { "name", { "sought", "number" }, .head = "name" }, { 0 } },
    .tabs = (const ListTab[]){ { "all" }, { "resets", .scopes = { { .also = "asked <> 'none'" } }, .counted = true }, { 0 } }, .bound = 5000, .search = { .begins = { "account", "name" } },
    .link = "/desk/people/{number}",
};

const Field duty_list_fields[] = {
    LIST_FIELDS, { .name = "role", .kind = FIELD_CHOICE, .choices = role_names }, { .name = "organ", .kind = FIELD_INTEGER, .most = 999999 },
    { .name = "division", .kind = FIELD_INTEGER, .most = INT64_MAX }, { 0 },
};

const ListSpec duty_list = {
    .name = "duties", .room = "people", .path = "/desk/duties", .table = "duty", .key = "number", .fields = duty_list_fields,
    .columns = (const ListColumn[]){
        { "account", LIST_FOLDED, .is_head = true }, { "name", LIST_TEXT }, { "role", LIST_WORD }, { "organ", LIST_ORGAN }, { "division", LIST_DIVISION },
        { "from_day", LIST_DAY_NUMBER }, { "to_day", LIST_DAY_NUMBER }, { "for_account", LIST_TEXT }, { "sought", LIST_FOLDED, LIST_UNSHOWN },
        { "member", LIST_NUMBER, LIST_UNSHOWN }, { "number", LIST_NUMBER, LIST_UNSHOWN }, { 0 } },
    .filters = (const ListFilter[]){ { "role", "role", LIST_EQUAL }, { "organ", "organ", LIST_EQUAL }, { "division", "division", LIST_WITHIN }, { 0 } },
    .orders = (const ListOrder[]){ { "organ", { "organ", "division", "number" } }, { "account", { "account", "number" } },
                                   { "name", { "sought", "number" }, .head = "name" }, { "role", { "role", "number" } }, { 0 } },
    .tabs = (const ListTab[]){ { .orders = 0 }, { 0 } }, .bound = 20000, .page = 100, .search = { .begins = { "account", "name" } },
    .link = "/desk/people/{member}",
};
