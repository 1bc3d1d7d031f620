import type { AuditEvent } from '../../functions/core/audit-event.ts';
import type { Check, Shown } from './check.ts';

/** Whether credentials were vended so often, and nothing else was asked for. */
export function countVends(shows: Shown, vends: readonly AuditEvent[], expected: number): Check {
  const granted = vends.filter(({ code }) => code === 'granted').length;
  const isRight = granted === expected && vends.length === expected;
  const fault = `got ${granted} vends in ${vends.length} requests, expected ${expected}`;
  return { shows, title: 'no more fetches than it takes', ...(isRight ? {} : { fault }) };
}
