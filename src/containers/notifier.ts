/**
 * The seccomp notifier of one container: opened before the runtime creates it, and again by a daemon that starts over a
 * living one, so that its execs still find somebody to send their filters to.
 */
import { access, rm, stat } from 'node:fs/promises';
import { failedPrecondition } from '../base/errors.ts';
import { readBounded } from '../base/files.ts';
import { joinPath, type AbsolutePath, type ContainerId } from '../base/ids.ts';
import type { Rollback } from '../base/rollback.ts';
import type { Handler } from '../runtime/handlers/handlers.ts';
import type { NotifierRequest } from '../runtime/security/seccomp-notifiers.ts';
import type { Services } from '../services.ts';
import type { PodMaterial } from '../spec/container-spec.ts';
import { notifierAnnotation, parseNotifierAction } from '../spec/seccomp/seccomp-notify.ts';
import type { ContainerRecord } from '../store/container-record.ts';

type NotifierServices = Pick<Services, 'config' | 'paths' | 'seccompNotifiers'>;

/** Whom it is for: the pod asks, the handler allows. */
type Notified = {
  readonly id: ContainerId;
  readonly pod: Pick<PodMaterial, 'config'>;
  readonly handler: Handler;
};

/** What the pod asks for and the handler allows; null: none. @throws InvalidAnnotation */
export function notifierOf(
  services: Pick<NotifierServices, 'config' | 'paths'>,
  { id, pod, handler }: Notified,
): Pick<NotifierRequest, 'path' | 'action'> | null {
  const allowed = services.config.current.runtimes.get(handler.report.name)?.allowedAnnotations ?? [];
  const action = parseNotifierAction(pod.config.annotations, allowed);
  return action === null ? null : { path: socketOf(services, id), action };
}

function socketOf(services: Pick<NotifierServices, 'paths'>, id: ContainerId): AbsolutePath {
  return joinPath(services.paths.container(id).dir, 'seccomp');
}

/** Listens before the runtime is started: it sends the filter while it creates the container. */
export async function openNotifier(
  services: NotifierServices,
  request: Notified,
  { errno, rollback }: { readonly errno: number | null; readonly rollback: Rollback },
): Promise<void> {
  const notifier = notifierOf(services, request);
  if (notifier === null || errno === null) return;
  const { id } = request;
  rollback.defer('close seccomp notifier', async () => await services.seccompNotifiers.close(id));
  await services.seccompNotifiers.open({ id, ...notifier, errno });
}

/** A profile of the node may name a listener of the node's own. @throws NoSeccompListener when nobody is there */
export async function checkListener(path: string): Promise<void> {
  const info = await stat(path).catch(() => null);
  if (info?.isSocket() === true) return;
  throw failedPrecondition(
    'NoSeccompListener',
    `seccomp profile: listenerPath "${path}": expected the socket of a listener`,
  );
}

const maxSpecBytes = 16 * 1024 * 1024;
const eperm = 1;

/** For a container that lives on from before the daemon's start; those without a notifier cost one look. */
export async function reopenNotifier(
  services: Pick<Services, 'paths' | 'seccompNotifiers' | 'store'>,
  { id, podId }: ContainerRecord,
): Promise<void> {
  const path = socketOf(services, id);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  const annotations = services.store.pods.get(podId)?.config.annotations;
  if (!isThere || annotations === undefined) return;
  const action = parseNotifierAction(annotations, [notifierAnnotation]) ?? 'log';
  const errno = await errnoOfSpec(services.paths.container(id).spec);
  await rm(path, { force: true });
  await services.seccompNotifiers.open({ id, path, action, errno });
}

/** What the container's own profile returns where it refuses. */
async function errnoOfSpec(path: AbsolutePath): Promise<number> {
  const content = await readBounded(path, maxSpecBytes);
  const found = /"defaultErrnoRet":(\d{1,4})\b/.exec(content?.toString('utf8') ?? '');
  return found === null ? eperm : Number(found[1]);
}
