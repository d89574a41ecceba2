import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '../src/index';
import { EndpointTable } from '../src/http/endpoint';
import { endpoints } from '../src/resources';
import { promisedFields } from './client-types';
import { runControls } from './controls';
import { EventCheck } from './events';
import { ObjectCheck } from './objects';
import { pathOf, readRecordings } from './recordings';
import { RefusalCheck, type GoodRequest } from './refusals';
import type { Findings } from './report';
import { paramsOf, RequestCheck } from './requests';
import { Schemas } from './schemas';
import { Specification } from './specification';
import { tellStories, type Told } from './stories';
import { startStripeMock, targetAt, type Target } from './stripe-mock';
import type { Tools } from './tools';

export interface CheckOptions {
  tools: Tools;
  /** A folder of recordings to check besides the stories. */
  recordings?: string;
  /** The name by which the client of the product introduces itself; all that it sends is checked, accepted or not. */
  product?: string;
}

/** Tells the stories, and checks their traffic, recordings and the emulator's refusals by Stripe's own measures. */
export async function check({ tools, recordings, product }: CheckOptions): Promise<Findings> {
  const stories = mkdtempSync(join(tmpdir(), 'stripe-emulator-stories-'));
  try {
    const told = await tellStories(stories);
    const folders = [stories, ...(recordings === undefined ? [] : [recordings])];
    return { ...(await checkRecordings(tools, folders, product)), ...told };
  } finally {
    rmSync(stories, { recursive: true, force: true });
  }
}

async function checkRecordings(
  tools: Tools,
  folders: string[],
  product: string | undefined,
): Promise<Omit<Findings, keyof Told>> {
  const specification = Specification.load(tools.specification);
  const schemas = new Schemas(specification, promisedFields());
  const events = new EventCheck(specification, schemas);
  const objects = new ObjectCheck(specification, schemas, events);
  const requests = new RequestCheck(specification, product);
  const refusals = new RefusalCheck(specification);
  for (const folder of folders) {
    for await (const recorded of readRecordings(folder)) {
      if (recorded.kind === 'event') events.take(recorded);
      else {
        requests.take(recorded);
        if (!pathOf(recorded).startsWith('/oauth/')) objects.take(recorded);
      }
    }
  }
  const operations = new EndpointTable(endpoints).operations();
  const stripeMock = await startStripeMock(tools.stripeMock);
  try {
    await requests.replay(stripeMock.send);
    await withEmulator(async (emulator) => {
      await refusals.run(operations, goodRequests(requests, specification), stripeMock.send, emulator);
    });
    const { checked, blind } = await runControls(specification, schemas, stripeMock.send);
    const objectTypes = new Map([...events.carried, ...objects.types]);
    return {
      withProduct: product !== undefined,
      report: {
        specVersion: specification.version,
        requests: {
          checked: requests.checked,
          rejected: requests.rejected,
          recorded: requests.recorded,
          ofProduct: requests.ofProduct,
          operations: requests.operations.size,
        },
        oauth: requests.oauth,
        objects: { checked: objects.checked, invalid: objects.invalid, types: objectTypes.size },
        events: { checked: events.checked, invalid: events.invalid, types: events.types.size },
        refusals: {
          checked: refusals.checked,
          accepted: refusals.accepted,
          operations: refusals.operations.size,
        },
        controls: { checked, failed: checked - blind.length },
      },
      violations: {
        requests: requests.violations.all(),
        objects: objects.violations.all(),
        events: events.violations.all(),
        refusals: refusals.violations.all(),
      },
      blind,
      objectTypes: [...objectTypes],
      eventTypes: [...events.types],
      neverCalled: operations.filter((name) => !requests.operations.has(name)),
    };
  } finally {
    await stripeMock.stop();
  }
}

/** An empty emulator that is not recorded. */
async function withEmulator(work: (emulator: Target) => Promise<void>): Promise<void> {
  const emulator = await startEmulator({ port: 0, recordTo: '' });
  const target = targetAt(emulator.url, 'sk_test_emulator');
  try {
    await work(target.send);
  } finally {
    target.close();
    await emulator.close();
  }
}

/** For each operation the accepted request with the most parameters, to spoil it. */
function goodRequests(requests: RequestCheck, specification: Specification): Map<string, GoodRequest> {
  const out = new Map<string, GoodRequest>();
  for (const exchange of requests.samples()) {
    const operation = specification.find(exchange.method, pathOf(exchange));
    if (!operation || exchange.status >= 300) continue;
    const params = paramsOf(exchange);
    const known = out.get(operation.name);
    if (known && Object.keys(known.params).length >= Object.keys(params).length) continue;
    out.set(operation.name, { path: pathOf(exchange), params });
  }
  return out;
}
