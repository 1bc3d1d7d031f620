import type { AdministrativeOperation } from '../audit-event.ts';
import { type Audited, createAudited, type Facts, type Note } from '../audited.ts';
import type { AuditLog } from '../ports.ts';
import type { Act } from './administration.ts';

/** Does what somebody administers, and leaves its one audit event. Throws `VendingError` alone. */
export type AuditedAct = <T>(
  operation: AdministrativeOperation,
  act: Act,
  /** What it is about, known before it begins. */
  subject: Facts,
  work: (note: Note) => Promise<T>,
) => Promise<T>;

/** See `AuditedAct`. */
export function createAuditedAct(auditLog: AuditLog): AuditedAct {
  const audited: Audited = createAudited(auditLog);
  return (operation, { requestId, actor }, subject, work) =>
    audited(operation, requestId, (note) => {
      note({ actor, ...subject });
      return work(note);
    });
}
