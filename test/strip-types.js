// Jest transform: type stripping by Node itself, so that line numbers stay exact and no compiler is needed.
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
