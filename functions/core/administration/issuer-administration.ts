import { VendingError } from '../errors.ts';
import { parseSharedIssuer } from '../issuer/issuer.ts';
import { isSameData } from '../same-data.ts';
import type { Administration } from './administration.ts';
import type { SharedIssuerRecord, TenantStore } from './administrative-ports.ts';
import type { AuditedAct } from './audited-act.ts';
import { keySetFaults } from './key-set-url.ts';
import { writeOptimistically } from './optimistic-write.ts';
import { assertPrecondition } from './precondition.ts';
import { parseRequested, refuseFaults } from './request-invalid.ts';

/** What operators do to shared issuers, with what has been put together for it. */
export interface IssuerAdministrationOptions {
  readonly audited: AuditedAct;
  readonly store: Pick<TenantStore, 'readIssuer' | 'listIssuers' | 'writeIssuer' | 'deleteIssuer'>;
  /** Whether keys may be fetched by http from this very machine: for development alone. */
  readonly allowLoopbackIssuers: boolean;
}

type Operations = 'putIssuer' | 'getIssuer' | 'listIssuers' | 'deleteIssuer';

/** The part of `Administration` that is about shared issuers. */
export function createIssuerAdministration({
  audited,
  store,
  allowLoopbackIssuers,
}: IssuerAdministrationOptions): Pick<Administration, Operations> {
  function parseWritten(written: unknown): SharedIssuerRecord['issuer'] {
    const issuer = parseRequested(() => parseSharedIssuer(written));
    refuseFaults('issuer', keySetFaults(issuer, allowLoopbackIssuers));
    // parseSharedIssuer makes no other binding.
    return issuer as SharedIssuerRecord['issuer'];
  }

  return {
    putIssuer: (act, written, precondition) =>
      audited('issuer.put', act, {}, async (note) => {
        const issuer = parseWritten(written);
        note({ issuer: issuer.url });
        const { before, record } = await writeOptimistically({
          read: () => store.readIssuer(issuer.url),
          decide: (stored: SharedIssuerRecord | undefined) => {
            assertPrecondition(precondition, stored?.version);
            return { record: next(issuer, stored) };
          },
          write: (written, stored) => store.writeIssuer(written, stored),
        });
        note({ version: record.version });
        return { record, created: before === undefined };
      }),

    getIssuer: (act, url) =>
      audited('issuer.get', act, { issuer: url }, async () => found(await store.readIssuer(url))),

    listIssuers: (act, page) => audited('issuer.list', act, {}, () => store.listIssuers(page)),

    deleteIssuer: (act, url, precondition) =>
      audited('issuer.delete', act, { issuer: url }, async () => {
        await writeOptimistically<SharedIssuerRecord | undefined, { readonly record: undefined }>({
          read: () => store.readIssuer(url),
          decide: (stored) => {
            assertPrecondition(precondition, found(stored).version);
            return { record: undefined };
          },
          write: (_none, stored) => store.deleteIssuer(found(stored)),
        });
      }),
  };
}

function found(record: SharedIssuerRecord | undefined): SharedIssuerRecord {
  if (record === undefined) throw new VendingError('issuer_not_found');
  return record;
}

/** The next version of the record; the record itself when the issuer is the same. */
function next(
  issuer: SharedIssuerRecord['issuer'],
  stored: SharedIssuerRecord | undefined,
): SharedIssuerRecord {
  if (stored !== undefined && isSameData(stored.issuer, issuer)) return stored;
  return { issuer, version: (stored?.version ?? 0) + 1 };
}
