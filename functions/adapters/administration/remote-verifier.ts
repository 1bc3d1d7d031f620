import type { TenantVerifier } from '../../core/administration/administrative-ports.ts';
import { VendingError } from '../../core/errors.ts';
import { readVerificationAnswer } from '../../core/verification/verification-report.ts';
import type { FunctionInvoker } from './function-invoker.ts';

/** Which function verifies, and how it is invoked. */
export interface RemoteVerifierOptions {
  readonly invoke: FunctionInvoker;
  readonly functionName: string;
}

/** Verifies by the function that runs under the role which tenants' roles trust. */
export function createRemoteVerifier({ invoke, functionName }: RemoteVerifierOptions): TenantVerifier {
  return {
    async verify(tenantId) {
      try {
        const report = readVerificationAnswer(await invoke(functionName, { tenantId }));
        if (report.tenantId === tenantId) return report;
      } catch (cause) {
        if (cause instanceof VendingError) throw cause;
        throw new VendingError('verification_unavailable', { cause });
      }
      throw new VendingError('verification_unavailable', { cause: 'the report is of another tenant' });
    },
  };
}
