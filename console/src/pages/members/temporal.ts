/** A run in the Temporal Web UI, for operators: https://docs.temporal.io/web-ui */
export function runAddress(runsUrl: string, workflowId: string): string {
  return `${runsUrl}/${encodeURIComponent(workflowId)}`;
}
