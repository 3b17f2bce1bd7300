/**
 * jest runs tests in a context with an `Error` of its own, so that failures of Node's own modules are no `instanceof Error`
 * there, as they are in the daemon. Tests import this to see errors as the daemon does.
 */
import { types } from 'node:util';

const isInstance: (this: unknown, value: unknown) => boolean = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  configurable: true,
  value(this: unknown, value: unknown): boolean {
    if (this === Error) return types.isNativeError(value) || isInstance.call(this, value);
    return isInstance.call(this, value);
  },
});
