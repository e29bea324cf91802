// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases/cases.h"

/* Puts the forms of a case's page (http.h, form_put) into its answer: "form" of each of "actions" and of each line of
 * "recorded" that has its text, "reveal": {"form"} where personal data is masked, and "paper_tools" with the forms for papers that may be taken out, which
 * "removable" [{paper, name, material, material_en}] lists for programs too. */
void case_forms_put(const Request *r, const Case *self, json_t *answer);
/* Puts "reveal": {"form"} alone, whose end is that page of the case ("edit"); NULL: the case's own. */
void case_put_reveal(const Request *r, const char *page, json_t *answer);
