import { LocalError } from './local-error';
import { freePorts, isPortFree } from './ports';

/** A port that is needed: for what, and the variable that sets another one. */
export interface NeededPort {
  number: number;
  variable: string;
  what: string;
}

/**
 * Looks at every port that is needed before anything is started.
 * @throws LocalError that names all that are taken, with a way out: told one at a time, each would cost a start.
 */
export async function expectFreePorts(needed: readonly NeededPort[]): Promise<void> {
  const busy: NeededPort[] = [];
  for (const port of needed) if (!(await isPortFree(port.number))) busy.push(port);
  const [first, ...more] = busy;
  if (first === undefined) return;
  if (more.length === 0)
    throw new LocalError(
      `Port ${first.number}, for ${first.what}, is in use by another program: stop that one, or set ${first.variable} to a free port.`,
    );
  const free = await freePorts(busy.length);
  const ways = busy.map(({ variable }, i) => `${variable}=${free[i]}`).join(' ');
  throw new LocalError(
    [
      `${busy.length} ports are in use by other programs, perhaps by another copy of this one:`,
      ...busy.map(({ number, what, variable }) => `  ${number}  ${what} (${variable})`),
      `Stop those programs, or use other ports: ${ways} npm start`,
    ].join('\n'),
  );
}
