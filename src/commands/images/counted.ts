/**
 * An archive on its way, and an observer who is told how much of it has passed.
 */
import type { Observer, ProgressEvent } from '../../images/progress.ts';

export type Counting = Pick<ProgressEvent & { readonly kind: 'archive' }, 'what' | 'totalBytes'> & {
  readonly observe: Observer;
};

export async function* counted(
  stream: AsyncIterable<Buffer>,
  { observe, what, totalBytes }: Counting,
): AsyncGenerator<Buffer> {
  let doneBytes = 0;
  for await (const chunk of stream) {
    doneBytes += chunk.length;
    observe({ kind: 'archive', what, doneBytes, totalBytes });
    yield chunk;
  }
}
