import { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { profileDefinitions } from '../../profiles/index.ts';
import { createEventAnnouncer } from '../adapters/administration/event-announcer.ts';
import { createAuditLog } from '../adapters/log/audit-log.ts';
import { readAdministrationEnvironment } from '../tenants/environment.ts';
import { wireAdministration } from '../tenants/wiring.ts';
import { readOnboardingEnvironment } from './environment.ts';
import { createEventConsumer } from './event-consumer.ts';

const environment = readAdministrationEnvironment(process.env);
const { region, credentials, eventBus, eventBridgeEndpoint } = environment;
const auditLog = createAuditLog(new Logger({ serviceName: 'latchkey-onboarding', logLevel: 'INFO' }));

const consume = createEventConsumer({
  administration: wireAdministration({ environment, profileDefinitions, auditLog, clock: () => new Date() }),
  announcer: createEventAnnouncer({ region, credentials, eventBus, endpoint: eventBridgeEndpoint }),
  auditLog,
  ...readOnboardingEnvironment(process.env),
});

/** The Lambda entry: batches of the queue of tenant events, with `ReportBatchItemFailures`. */
export const handler = ({ Records }: SQSEvent): Promise<SQSBatchResponse> => consume(Records);
