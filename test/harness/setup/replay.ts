import { startParts } from '../parts';

export default (): Promise<void> => startParts('workflowBundle');
