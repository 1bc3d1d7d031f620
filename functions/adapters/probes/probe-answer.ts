import type { ProbeAnswer } from '../../core/verification/probe-ports.ts';

/** How S3 and DynamoDB say no; by name, since `instanceof` fails across two copies of the SDK. */
const REFUSED = new Set(['AccessDenied', 'AccessDeniedException']);

/** What AWS made of the work; of its errors the name alone, which holds nothing of the request. */
export async function probeAnswer(work: () => Promise<unknown>): Promise<ProbeAnswer> {
  try {
    await work();
    return { kind: 'let_through' };
  } catch (error) {
    const { name = 'Error', code } = error as { readonly name?: string; readonly code?: unknown };
    if (REFUSED.has(name)) return { kind: 'refused' };
    return { kind: 'unknown', reason: name === 'Error' && typeof code === 'string' ? code : name };
  }
}

/** One attempt and another: a verification has many calls to make. */
export const PROBE_ATTEMPTS = 2;
/** For one attempt; see `AwsTimeouts`. */
export const PROBE_TIMEOUTS = { connectMilliseconds: 300, answerMilliseconds: 1000 };
