// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases/cases.h"

/* Puts the forms of a case's page (http.h, form_put) into its answer: "form" of each of "actions" and of each line of
 * "recorded" that has its text, and "reveal": {"form"} where personal data is masked. Nothing for a program. */
void case_forms_put(const Request *r, const Case *self, json_t *answer);
/* Puts "reveal": {"form"} alone. */
void case_put_reveal(const Request *r, json_t *answer);
