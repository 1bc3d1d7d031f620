import { ConfigurationError } from '../functions/core/errors.ts';
import type { Step } from './demo-steps.ts';

/** AWS's names for the same refusal, in S3 and in DynamoDB, and Latchkey's for what a suspension refuses, and for another tenant's message. */
const DENIALS = new Set(['AccessDenied', 'AccessDeniedException', 'tenant_inactive', 'message_foreign']);

/** Runs steps one after another and tells each outcome; throws `ConfigurationError` at the end if any was wrong. */
export async function runSteps(steps: readonly Step[], tell: (line: string) => void): Promise<void> {
  let wrong = 0;
  for (const { title, expected, run } of steps) {
    const outcome = await run().then(
      () => 'allowed',
      (error: Error) => (DENIALS.has(error.name) ? 'denied' : `${error.name}: ${error.message}`),
    );
    if (outcome !== expected) wrong += 1;
    tell(`${outcome === expected ? 'ok   ' : 'WRONG'} ${title}: ${outcome}`);
  }
  if (wrong > 0) throw new ConfigurationError(`${wrong} of ${steps.length} outcomes were wrong`);
}
