/**
 * After this silence Temporal takes a worker for lost and gives its activity to another: every activity beats by itself
 * (src/worker/heartbeats.ts). https://docs.temporal.io/encyclopedia/detecting-activity-failures#heartbeat-timeout
 */
export const HEARTBEAT_TIMEOUT = '15 seconds';
