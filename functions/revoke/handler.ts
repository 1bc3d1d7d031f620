import { Logger } from '@aws-lambda-powertools/logger';
import { createOutcomeLog } from '../adapters/log/outcome-log.ts';
import { readRevokeEnvironment } from './environment.ts';
import { wireRevoking } from './wiring.ts';

const logger = new Logger({ serviceName: 'latchkey-revoke', logLevel: 'INFO' });

/** The Lambda entry: invoked by the functions that administer, and by a schedule to sweep. */
export const handler = wireRevoking({
  environment: readRevokeEnvironment(process.env),
  log: createOutcomeLog('revocation', logger),
  clock: () => new Date(),
});
