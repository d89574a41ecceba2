/** A run in the Temporal Web UI, for operators: https://docs.temporal.io/web-ui */
export function runAddress(uiUrl: string, workflowId: string): string {
  return `${uiUrl.replace(/\/+$/, '')}/namespaces/default/workflows/${encodeURIComponent(workflowId)}`;
}
