import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts the words and the stack of a failure into a payload, which is encrypted like any other; what is left in the clear is
 * "Encoded failure". https://docs.temporal.io/failure-converter
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
