import type { Told } from './stories';
import type { Violation } from './violations';

/** What a whole check found, in numbers and in words. */
export interface Report {
  specVersion: string;
  /** `checked` distinct shapes of `recorded` requests, sent to stripe-mock. */
  requests: { checked: number; rejected: number; recorded: number; ofProduct: number; operations: number };
  /** Requests to OAuth, which the specification does not cover, against the documented parameters. */
  oauth: { checked: number; rejected: number };
  objects: { checked: number; invalid: number; types: number };
  events: { checked: number; invalid: number; types: number };
  /** Bad requests that stripe-mock refused, and how many of them the emulator did not refuse for the same reason. */
  refusals: { checked: number; accepted: number; operations: number };
  /** Checks on purpose of something wrong: `failed` is how many found it. */
  controls: { checked: number; failed: number };
}

/** The report with what a person wants to know besides the numbers. */
export interface Findings extends Told {
  report: Report;
  /** Whether a product's requests were to be found in the recordings. */
  withProduct: boolean;
  violations: { requests: Violation[]; objects: Violation[]; events: Violation[]; refusals: Violation[] };
  /** Negative controls that did not find what they should have found. */
  blind: string[];
  objectTypes: [string, number][];
  eventTypes: [string, number][];
  /** Operations of the emulator that nobody has called with success. */
  neverCalled: string[];
}

/** With less than this a check would say little. To be raised with every type of object that the emulator learns. */
const ENOUGH = { operations: 60, objectTypes: 20, eventTypes: 40 };

/** One thing that a check vouches for, and what stands against it if it cannot. */
export interface Verdict {
  name: string;
  objection: string | undefined;
}

/** What can be said of the findings. Everything is as Stripe specifies it when no verdict has an objection. */
export function verdicts({ report, withProduct, blind, broken }: Findings): Verdict[] {
  const { requests, oauth, objects, events, refusals } = report;
  const none = (name: string, count: number, what: string): Verdict => ({
    name,
    objection: count === 0 ? undefined : `${count} ${what}`,
  });
  const enough = (name: string, seen: number, least: number): Verdict => ({
    name,
    objection: seen >= least ? undefined : `only ${seen} ${name} of at least ${least}`,
  });
  return [
    none('requests', requests.rejected, 'requests rejected'),
    none('OAuth requests', oauth.rejected, 'OAuth requests with undocumented parameters'),
    none('answers', objects.invalid, 'answers invalid'),
    none('events', events.invalid, 'events invalid'),
    none('refusals', refusals.accepted, 'bad requests not refused'),
    none('controls', blind.length, 'controls that found nothing'),
    none('stories', broken.length, 'stories that broke off'),
    enough('operations seen', requests.operations, ENOUGH.operations),
    enough('types of objects seen', objects.types, ENOUGH.objectTypes),
    enough('types of events seen', events.types, ENOUGH.eventTypes),
    enough('refusals seen', refusals.checked, 1),
    ...(withProduct ? [enough('requests of the product seen', requests.ofProduct, 1)] : []),
  ];
}

/** The objections of the verdicts. */
export function objections(findings: Findings): string[] {
  return verdicts(findings).flatMap(({ objection }) => (objection === undefined ? [] : [objection]));
}

/** More violations than this of one kind have one cause. */
const SHOWN = 50;

/** The findings for a person to read. */
export function describe(findings: Findings): string {
  const { report, violations, blind, broken } = findings;
  const { requests, oauth, objects, events, refusals, controls } = report;
  const lines = [
    `Stripe API ${report.specVersion}`,
    `requests: ${requests.checked} shapes of ${requests.recorded} requests (${requests.ofProduct} of the product) to ` +
      `${requests.operations} operations, ${requests.rejected} rejected by stripe-mock`,
    `OAuth:    ${oauth.checked} requests, ${oauth.rejected} with undocumented parameters`,
    `objects:  ${objects.checked} of ${objects.types} types, ${objects.invalid} answers invalid`,
    `events:   ${events.checked} of ${events.types} types, ${events.invalid} invalid`,
    `refusals: ${refusals.checked} bad requests to ${refusals.operations} operations, ${refusals.accepted} not refused`,
    `controls: ${controls.failed} of ${controls.checked} found what was wrong`,
    '',
    `object types: ${counted(findings.objectTypes)}`,
    `event types: ${counted(findings.eventTypes)}`,
  ];
  if (findings.neverCalled.length > 0)
    lines.push(`never called with success: ${findings.neverCalled.join(', ')}`);
  if (findings.untold.length > 0)
    lines.push(`stories of what the emulator does not have: ${findings.untold.join(', ')}`);
  for (const [kind, list] of Object.entries(violations)) {
    if (list.length === 0) continue;
    lines.push('', `${kind}:`);
    for (const { subject, at, message, times } of list.slice(0, SHOWN)) {
      lines.push(`  ${subject}${at} ${message}${times > 1 ? ` (${times} times)` : ''}`);
    }
    if (list.length > SHOWN) lines.push(`  … and ${list.length - SHOWN} more`);
  }
  if (blind.length > 0) lines.push('', 'controls that found nothing:', ...blind.map((name) => `  ${name}`));
  for (const { story, reason } of broken) lines.push('', `The story "${story}" broke off: ${reason}`);
  const against = objections(findings);
  lines.push(
    '',
    against.length === 0
      ? 'Everything is as Stripe specifies it.'
      : `NOT as Stripe specifies it: ${against.join(', ')}.`,
  );
  return lines.join('\n');
}

function counted(entries: [string, number][]): string {
  return [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, times]) => `${name} ${times}`)
    .join(', ');
}
