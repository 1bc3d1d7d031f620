import type { AuditEvent } from './audit-event.ts';
import { VendingError } from './errors.ts';
import type { AuditLog } from './ports.ts';

/** What is known of an attempt so far. */
export type Facts = Partial<Omit<AuditEvent, 'operation' | 'code' | 'vendId' | 'milliseconds' | 'cause'>>;

/** Adds to what is known. */
export type Note = (facts: Facts) => void;

/** Does the work of one attempt, and leaves its one audit event. Throws `VendingError` alone. */
export type Audited = <T>(
  operation: AuditEvent['operation'],
  vendId: string,
  work: (note: Note) => Promise<T>,
) => Promise<T>;

/** What happens in between is written down with what was noted until then, whether it ends well or badly. */
export function createAudited(auditLog: AuditLog): Audited {
  return async (operation, vendId, work) => {
    const startedAt = performance.now();
    let facts: Facts = {};
    const record = (code: AuditEvent['code'], cause?: unknown) => {
      const milliseconds = Math.round((performance.now() - startedAt) * 10) / 10;
      auditLog.record({
        operation,
        code,
        vendId,
        milliseconds,
        ...facts,
        ...(cause === undefined ? {} : { cause }),
      });
    };
    try {
      const answer = await work((more) => {
        facts = { ...facts, ...more };
      });
      // Before the answer leaves: what cannot be written down is not handed out.
      record('granted');
      return answer;
    } catch (error) {
      const failure =
        error instanceof VendingError ? error : new VendingError('internal_error', { cause: error });
      record(failure.code, failure.cause);
      throw failure;
    }
  };
}
