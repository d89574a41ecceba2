import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

// Jest gives every test file a realm of its own, whose every look at a global (`Promise`, `Object`, `Buffer`) goes through a proxy. Ours run
// in the realm of their worker, as the product does; what a file leaves behind there is taken away. See docs/decisions/0038.

const { compileFunction } = vm;
const { runInContext } = vm.Script.prototype;
// The realm of a worker is no context that can be named: Jest names `globalThis`, and means the realm that it is in.
vm.compileFunction = (code, parameters, { parsingContext, ...options } = {}) =>
  compileFunction(code, parameters, {
    ...options,
    ...(parsingContext === undefined || parsingContext === globalThis ? {} : { parsingContext }),
  });
vm.Script.prototype.runInContext = function (context, options) {
  return context === globalThis ? this.runInThisContext(options) : runInContext.call(this, context, options);
};

/** The realm of the worker. What a test file adds to it, the way Jest does, is taken away after the file. */
export default class OwnRealm extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.context = globalThis;
    this.global = globalThis;
    this.moduleMocker = new this.moduleMocker.constructor(globalThis);
    this.fakeTimersModern = new this.fakeTimersModern.constructor({
      config: config.projectConfig,
      global: globalThis,
    });
    this.before = {
      globals: Object.getOwnPropertyDescriptors(globalThis),
      listeners: listeners(),
      exit: process.exit,
    };
    Object.assign(globalThis, config.projectConfig.globals);
  }

  async teardown() {
    // What several test files of a share have used together; see at-end.ts.
    for (const end of globalThis.sessionAtEnd ?? []) await end();
    await super.teardown();
    // Jest puts one of its own in its place that complains.
    process.exit = this.before.exit;
    for (const [name, listener] of listeners())
      if (!this.before.listeners.some((known) => known[0] === name && known[1] === listener))
        process.off(name, listener);
    for (const key of Reflect.ownKeys(globalThis)) restore(key, this.before.globals);
  }
}

/** Everybody who listens to the process, each with the event's name. */
function listeners() {
  return process.eventNames().flatMap((name) => process.listeners(name).map((listener) => [name, listener]));
}

/** A global is again what it was, if it was. */
function restore(key, before) {
  const now = Object.getOwnPropertyDescriptor(globalThis, key);
  if (!now.configurable) return;
  if (!Object.hasOwn(before, key)) delete globalThis[key];
  else if (now.value !== before[key].value) Object.defineProperty(globalThis, key, before[key]);
}
