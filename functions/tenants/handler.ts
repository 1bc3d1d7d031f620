import { Logger } from '@aws-lambda-powertools/logger';
import { handle } from 'hono/aws-lambda';
import { profileDefinitions } from '../../profiles/index.ts';
import { createAuditLog } from '../adapters/log/audit-log.ts';
import { createTenantsApp } from './app.ts';
import { readAdministrationEnvironment } from './environment.ts';
import { wireAdministration } from './wiring.ts';

const administration = wireAdministration({
  environment: readAdministrationEnvironment(process.env),
  profileDefinitions,
  auditLog: createAuditLog(new Logger({ serviceName: 'latchkey-tenants', logLevel: 'INFO' })),
  clock: () => new Date(),
});

/** The Lambda entry: API Gateway REST events (payload version 1) of methods that IAM authorises, into the app. */
export const handler = handle(createTenantsApp(administration));
