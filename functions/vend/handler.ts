import { Logger } from '@aws-lambda-powertools/logger';
import { handle } from 'hono/aws-lambda';
import * as profileIndex from '../../profiles/index.ts';
import { createAuditLog } from '../adapters/log/audit-log.ts';
import { createVendApp } from './app.ts';
import { readVendEnvironment } from './environment.ts';
import { wireVending } from './wiring.ts';

// Shadows come and go with a change: an index need not have any.
const profiles: {
  readonly profileDefinitions: readonly unknown[];
  readonly shadowProfileDefinitions?: readonly unknown[];
} = profileIndex;

const environment = readVendEnvironment(process.env);

const vending = wireVending({
  environment,
  ...profiles,
  auditLog: createAuditLog(new Logger({ serviceName: 'latchkey-vend', logLevel: 'INFO' })),
  clock: () => new Date(),
});

/** The Lambda entry: API Gateway REST events (payload version 1) into the app. */
export const handler = handle(createVendApp(vending, environment));
