import { Logger } from '@aws-lambda-powertools/logger';
import { handle } from 'hono/aws-lambda';
import { createAuditLog } from '../adapters/log/audit-log.ts';
import { createDecodeApp } from './app.ts';
import { readDecodeEnvironment } from './environment.ts';
import { wireDecoding } from './wiring.ts';

const environment = readDecodeEnvironment(process.env);

const decoding = wireDecoding({
  environment,
  auditLog: createAuditLog(new Logger({ serviceName: 'latchkey-decode', logLevel: 'INFO' })),
  clock: () => new Date(),
});

/** The Lambda entry: API Gateway REST events (payload version 1) into the app. */
export const handler = handle(createDecodeApp(decoding, environment));
