import type { Workflows } from '../messages/workflows';
import type * as workflows from './index';

/** Fails to compile when a workflow is missing, or is not started with what those who start it give. */
export type Implemented<All extends Workflows = typeof workflows> = All;
