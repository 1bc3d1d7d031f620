import type { AuditEvent } from '../../functions/core/audit-event.ts';
import type { Check } from './check.ts';
import type { Run } from './client.ts';
import type { Operation } from './errand.ts';
import type { InteropLatchkey } from './start-interop.ts';

/** A situation that a client is brought into, and what it must make of it. */
export interface Scenario {
  /** Prepares Latchkey, and says what the client is told beside the addresses. */
  readonly prepare: (
    latchkey: InteropLatchkey,
    tokenFile: string,
  ) => Promise<Readonly<Record<string, string>>>;
  /** By default the SDK finds its provider itself. */
  readonly provider?: 'named';
  /** In order: the later read what the earlier wrote. */
  readonly operations: readonly Operation[];
  /** What the run shows, and what was audited of vends meanwhile. */
  readonly judge: (run: Run, vends: readonly AuditEvent[]) => readonly Check[];
}
