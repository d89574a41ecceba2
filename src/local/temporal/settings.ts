/**
 * By default each history shard looks for new tasks at most 20 times a second, and the development server has one shard:
 * every hop of every task then waits up to 50 ms. With eager execution a worker has the activities that a workflow task
 * schedules with the answer to that task, with no trip through matching
 * (https://typescript.temporal.io/api/interfaces/common.ActivityOptions#alloweagerdispatch); the histories stay the same. The
 * same settings are in docker/temporal-dynamic-config.yml.
 */
export const DYNAMIC_CONFIG: Readonly<Record<string, number | boolean>> = {
  'history.transferProcessorMaxPollRPS': 2000,
  'history.transferProcessorMaxPollHostRPS': 5000,
  'history.timerProcessorMaxPollRPS': 2000,
  'system.enableActivityEagerExecution': true,
};

/** How long closed runs can be looked at, in days. The development server's own default is one. */
export const RETENTION_DAYS = 30;
