// SPDX-License-Identifier: Apache-2.0
/* The public site (政务服务网): the front page, applying from home, following one's case. Searching and the
 * guide of an item are the catalogue's, verifying a document is of the room files. */
#pragma once

#include "joint/joint.h"
#include "licences/licences.h"

extern const Room portal_room; /* /, /apply/…, /track/… */
