// SPDX-License-Identifier: Apache-2.0
// Every page in English.
import { pages } from './pages.mjs';

pages('en');
