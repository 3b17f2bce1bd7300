/** Emits `generated/methods.ts`: the table of the calls of both services. */
import { type MethodSchema, type Schema, type ServiceSchema, packageName } from '../schema.ts';
import { banner, docComment } from './text.ts';

export function methodsSource(schema: Schema): string {
  const rpcs = schema.services.flatMap((service) => service.methods);
  const codecs = [...new Set(rpcs.flatMap((rpc) => [rpc.request, rpc.response]))].toSorted();
  return `${banner}import { defineMethod } from '../wire/method.ts';
import {
${codecs.map((name) => `  ${name},\n`).join('')}} from './codecs.ts';

/** Every call of the CRI by its name; the names are unique over both services. */
export const methods = {
${schema.services.map(serviceSource).join('')}} as const;
`;
}

function serviceSource(service: ServiceSchema): string {
  return service.methods.map((method) => methodSource(service, method)).join('');
}

function methodSource(service: ServiceSchema, method: MethodSchema): string {
  return `${docComment(method.comment, '  ')}  ${method.name}: defineMethod({
    service: '${packageName}.${service.name}',
    rpc: '${method.name}',
    request: ${method.request},
    response: ${method.response},
    isServerStreaming: ${method.isServerStreaming},
  }),
`;
}
