import type { SessionRevoker } from '../../core/administration/administrative-ports.ts';
import { VendingError } from '../../core/errors.ts';
import { readRevocationAnswer } from '../../core/revocation/revocation-request.ts';
import type { FunctionInvoker } from './function-invoker.ts';

/** Which function cuts off sessions, and how it is invoked. */
export interface RemoteRevokerOptions {
  readonly invoke: FunctionInvoker;
  readonly functionName: string;
}

/** Cuts off sessions by the function that alone may change the tenant role. */
export function createRemoteRevoker({ invoke, functionName }: RemoteRevokerOptions): SessionRevoker {
  return {
    async revoke(revocation) {
      try {
        readRevocationAnswer(await invoke(functionName, { operation: 'revoke', ...revocation }));
      } catch (cause) {
        if (cause instanceof VendingError) throw cause;
        throw new VendingError('revocation_failed', { cause });
      }
    },
  };
}
