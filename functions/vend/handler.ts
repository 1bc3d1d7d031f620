import { Logger } from '@aws-lambda-powertools/logger';
import { handle } from 'hono/aws-lambda';
import { profileDefinitions, shadowProfileDefinitions } from '../../profiles/index.ts';
import { createAuditLog } from '../adapters/log/audit-log.ts';
import { createVendApp } from './app.ts';
import { readVendEnvironment } from './environment.ts';
import { wireVending } from './wiring.ts';

const environment = readVendEnvironment(process.env);

const vending = wireVending({
  environment,
  profileDefinitions,
  shadowProfileDefinitions,
  auditLog: createAuditLog(new Logger({ serviceName: 'latchkey-vend', logLevel: 'INFO' })),
  clock: () => new Date(),
});

/** The Lambda entry: API Gateway REST events (payload version 1) into the app. */
export const handler = handle(createVendApp(vending, environment));
