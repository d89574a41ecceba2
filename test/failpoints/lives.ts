import { AsyncLocalStorage } from 'node:async_hooks';

/** One place at which a process can die: beside which effect, of whom, in which part of a story. */
export interface Gap {
  step: string;
  /** Who is at work: an activity, a request or the relay. */
  who: string;
  /** What it does to the world outside. */
  effect: string;
}

/** The effect has not happened; it has, and whoever asked for it will never know. */
export type Side = 'before' | 'after';

/** Told of each effect, in order; says whether the one who asks for it dies there. */
export type Watch = (who: string, effect: string, side: Side) => boolean;

/** Nobody hears of it any more: what awaits this goes on no further, no `catch` and no `finally` of it runs. */
const silence = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * Somebody at work who can be killed as by `kill -9`: one attempt of an activity, the API's process, a relay. After its death
 * nothing that it began goes on: whatever it asks for next is never answered.
 */
export class Life {
  private readonly ends = new Set<() => void>();
  private over = false;

  constructor(
    readonly who: string,
    private readonly watch: Watch,
  ) {}

  get dead(): boolean {
    return this.over;
  }

  /**
   * What the operating system does for a process that is gone: its connections are closed, its timers are no more. Answers
   * how it is taken back, for what is over before.
   */
  onDeath(end: () => void): () => void {
    if (this.over) end();
    else this.ends.add(end);
    return () => {
      this.ends.delete(end);
    };
  }

  die(): void {
    if (this.over) return;
    this.over = true;
    const ends = [...this.ends];
    this.ends.clear();
    for (const end of ends) end();
  }

  async effect<T>(effect: string, perform: () => Promise<T>): Promise<T> {
    if (this.over) return silence();
    if (this.watch(this.who, effect, 'before')) {
      this.die();
      return silence();
    }
    const result = await this.read(perform);
    if (this.watch(this.who, effect, 'after')) {
      this.die();
      return silence();
    }
    return result;
  }

  async read<T>(perform: () => Promise<T>): Promise<T> {
    if (this.over) return silence();
    try {
      const result = await perform();
      return this.dead ? await silence() : result;
    } catch (error) {
      if (this.dead) return silence();
      throw error;
    }
  }
}

const lives = new AsyncLocalStorage<Life>();

/** Has all that this begins belong to a life. */
export const within = <T>(life: Life, work: () => T): T => lives.run(life, work);
/** Has it belong to nobody: what all of them share. */
export const outside = <T>(work: () => T): T => lives.exit(work);
export const presentLife = (): Life | undefined => lives.getStore();

/** Changes the world outside; whoever asks may die before or after. Who has no life (a test's own hand) just does it. */
export const effect = <T>(what: string, perform: () => Promise<T>): Promise<T> =>
  lives.getStore()?.effect(what, perform) ?? perform();
/** Changes nothing outside, but the dead are not answered. */
export const read = <T>(perform: () => Promise<T>): Promise<T> =>
  lives.getStore()?.read(perform) ?? perform();

/** Has the timers that somebody sets, to do something again and again, end with their life. Answers how it is undone. */
export function watchIntervals(): () => void {
  const { setInterval } = globalThis;
  globalThis.setInterval = ((...args: Parameters<typeof setInterval>) => {
    const timer = setInterval(...args);
    lives.getStore()?.onDeath(() => {
      clearInterval(timer);
    });
    return timer;
  }) as typeof setInterval;
  return () => {
    globalThis.setInterval = setInterval;
  };
}
