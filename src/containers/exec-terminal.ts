/** placeholder */
import type { ExecPlan, ExecServices } from './exec.ts';
export async function runInTerminal(_services: ExecServices, _plan: ExecPlan): Promise<number> {
  throw new Error('no terminals yet');
}
