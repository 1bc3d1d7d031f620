import { Logger } from '@aws-lambda-powertools/logger';
import { profileDefinitions } from '../../profiles/index.ts';
import { createOutcomeLog } from '../adapters/log/outcome-log.ts';
import { readVerifyEnvironment } from './environment.ts';
import { wireVerifying } from './wiring.ts';

const logger = new Logger({ serviceName: 'latchkey-verify', logLevel: 'INFO' });

/** The Lambda entry: invoked by the functions that administer, and by nobody else. */
export const handler = wireVerifying({
  environment: readVerifyEnvironment(process.env),
  profileDefinitions,
  log: createOutcomeLog('verification', logger),
  clock: () => new Date(),
});
