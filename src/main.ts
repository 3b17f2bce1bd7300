#!/usr/bin/env node
/**
 * The executable `cri-ts`. Everything it can do stands in commands/.
 */
import { runProgram } from './commands/program.ts';

process.exitCode = await runProgram(process.argv.slice(2));
