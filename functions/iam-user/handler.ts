import { Logger } from '@aws-lambda-powertools/logger';
import { handle } from 'hono/aws-lambda';
import { profileDefinitions, shadowProfileDefinitions } from '../../profiles/index.ts';
import { createAuditLog } from '../adapters/log/audit-log.ts';
import { createIamUserApp } from './app.ts';
import { readIamUserEnvironment } from './environment.ts';
import { wireIamUserVending } from './wiring.ts';

const environment = readIamUserEnvironment(process.env);

const vending = wireIamUserVending({
  environment,
  profileDefinitions,
  shadowProfileDefinitions,
  auditLog: createAuditLog(new Logger({ serviceName: 'latchkey-iam-user', logLevel: 'INFO' })),
  clock: () => new Date(),
});

/** The Lambda entry: API Gateway REST events (payload version 1) into the app. */
export const handler = handle(createIamUserApp(vending, environment));
