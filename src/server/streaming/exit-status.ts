/**
 * How the end of a command is told on the error channel. Pure.
 * Source: cri.md 2.9; metav1.Status of Kubernetes, as the v4 protocol sends it.
 */

export type Outcome =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'failed'; readonly message: string };

const maxMessageBytes = 4096;

/** The JSON of v4 and v5. */
export function statusJson(outcome: Outcome): Buffer {
  return Buffer.from(JSON.stringify(statusOf(outcome)));
}

/** v1 to v3: words on failure, nothing on success. */
export function statusText(outcome: Outcome): Buffer {
  const status = statusOf(outcome);
  return Buffer.from(status.message ?? '');
}

type Status = {
  readonly metadata: Record<string, never>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes: readonly { readonly reason?: string; readonly message: string }[] };
  readonly code?: number;
};

function statusOf(outcome: Outcome): Status {
  if (outcome.kind === 'failed') {
    const cause = outcome.message.slice(0, maxMessageBytes);
    return {
      metadata: {},
      status: 'Failure',
      message: `Internal error occurred: error executing command in container: ${cause}`,
      reason: 'InternalError',
      details: { causes: [{ message: `error executing command in container: ${cause}` }] },
      code: 500,
    };
  }
  const { exitCode } = outcome;
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}
