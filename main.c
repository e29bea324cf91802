// SPDX-License-Identifier: Apache-2.0
/* Verbs; lists the rooms. */
#include "base/base.h"

int main(void)
{
    base_start();
    return 0;
}
