import { Logger } from '@aws-lambda-powertools/logger';
import { handle } from 'hono/aws-lambda';
import { profileDefinitions, shadowProfileDefinitions } from '../../profiles/index.ts';
import { createAuditLog } from '../adapters/log/audit-log.ts';
import { createSamlApp } from './app.ts';
import { readSamlEnvironment } from './environment.ts';
import { wireSamlVending } from './wiring.ts';

const environment = readSamlEnvironment(process.env);

const vending = wireSamlVending({
  environment,
  profileDefinitions,
  shadowProfileDefinitions,
  auditLog: createAuditLog(new Logger({ serviceName: 'latchkey-saml', logLevel: 'INFO' })),
  clock: () => new Date(),
});

/** The Lambda entry: API Gateway REST events (payload version 1) into the app. */
export const handler = handle(createSamlApp(vending, environment));
