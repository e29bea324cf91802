// SPDX-License-Identifier: Apache-2.0
// Every page in Chinese.
import { pages } from './pages.mjs';

pages('zh');
