import type { VerificationReport } from '../../functions/core/verification/verification.ts';
import { defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderVerification } from '../operators/render-verification.ts';
import { withTenantId } from '../options.ts';
import { withProgress } from '../terminal.ts';

/** Every probe waits for AWS, some behind others. */
const TIMEOUT_SECONDS = 60;

/** `latchkey tenant verify` */
export const tenantVerify = defineCommand({
  command: 'verify <tenantId>',
  describe: "Try whether a tenant's roles do what they must and refuse what they must",
  options: (yargs) =>
    withTenantId(yargs).epilogue(
      'Completes an onboarding that waits for it, when every probe passes. Ends with 1 when one does not.',
    ),
  run: async ({ tenantId }, context) => {
    const { document, text } = await withProgress(context.terminal, `verifying ${tenantId}`, () =>
      context.api({
        method: 'POST',
        path: ['tenants', tenantId, 'verify'],
        timeoutSeconds: TIMEOUT_SECONDS,
      }),
    );
    const report = document as VerificationReport;
    printAnswer(context, text, () => renderVerification(report));
    return report.passed ? EXIT.done : EXIT.no;
  },
});
