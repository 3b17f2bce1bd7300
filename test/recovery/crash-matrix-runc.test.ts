/**
 * The daemon dies at every named step, with runc. One file a handler, so that both run at the same time.
 */
import { describeCrashMatrix } from '../harness/crash-matrix.ts';

describeCrashMatrix('runc');
