import { Logger } from '@aws-lambda-powertools/logger';
import { profileDefinitions } from '../../profiles/index.ts';
import { createAuditLog } from '../adapters/log/audit-log.ts';
import { readAdministrationEnvironment } from '../tenants/environment.ts';
import { wireAdministration } from '../tenants/wiring.ts';
import { createTenantResource } from './tenant-resource.ts';

const administration = wireAdministration({
  environment: readAdministrationEnvironment(process.env),
  profileDefinitions,
  auditLog: createAuditLog(new Logger({ serviceName: 'latchkey-tenant-resource', logLevel: 'INFO' })),
  clock: () => new Date(),
});

/** The Lambda entry: `onEvent` of the CDK's provider framework for custom resources. */
export const handler = createTenantResource(administration);
