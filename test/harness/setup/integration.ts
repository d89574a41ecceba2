import { startParts } from '../parts';

export default (): Promise<void> => startParts('postgres', 'temporal', 'workflowBundle');
