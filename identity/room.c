// SPDX-License-Identifier: Apache-2.0
#include "identity/store.h"

const Room identity_room = {
    .name = "identity",
    .settle = identity_hash_parties,
};
