import type { ErrorCode } from '../../core/errors.ts';
import { previewRequest } from '../../core/preview/preview-request.ts';
import {
  revocationAnswer,
  roleTemplateAnswer,
  tenantAnswer,
  tenantBody,
  tenantList,
  verificationAnswer,
} from '../answers.ts';
import { previewAnswer } from '../preview-answers.ts';
import { BODY_FAILURES, ifChanged, ifMatch, ifNew, operation, paging, WRITE_FAILURES } from './operation.ts';

const tenantId = { name: 'tenantId', in: 'path', required: true, schema: { type: 'string' } } as const;
const tenant = { description: 'the tenant', schema: tenantAnswer, tagged: true };

const READ_FAILURES: readonly ErrorCode[] = ['tenant_not_found', 'record_invalid', 'registry_unavailable'];
const ANNOUNCED_WRITE_FAILURES: readonly ErrorCode[] = [...WRITE_FAILURES, 'events_unavailable'];
const CHANGE_FAILURES: readonly ErrorCode[] = ['tenant_not_found', ...ANNOUNCED_WRITE_FAILURES];
const GRANT_FAILURES: readonly ErrorCode[] = [
  'scope_invalid',
  'duration_out_of_range',
  'insufficient_scope',
  'profile_not_granted',
  'policy_unrenderable',
  'policy_too_large',
];
const REVOCATION_FAILURES: readonly ErrorCode[] = ['revocation_failed', 'revocations_full'];

/** The operations under /tenants. */
export const tenantPaths = {
  '/tenants': {
    get: operation('listTenants', 'Tenants by id, in parts', {
      parameters: paging,
      answers: { 200: { description: 'a part of the list', schema: tenantList } },
      failures: ['record_invalid', 'registry_unavailable'],
    }),
  },
  '/tenants/{tenantId}': {
    parameters: [tenantId],
    get: operation('getTenant', 'A tenant', {
      parameters: [ifChanged],
      answers: { 200: tenant, 304: { description: 'it has not changed', tagged: true } },
      failures: READ_FAILURES,
    }),
    put: operation('putTenant', 'Creates a tenant, or replaces what is written of it', {
      parameters: [ifMatch, ifNew],
      body: tenantBody,
      answers: { 200: tenant, 201: { ...tenant, description: 'a new tenant', located: true } },
      failures: [
        ...ANNOUNCED_WRITE_FAILURES,
        ...BODY_FAILURES,
        'binding_taken',
        'issuer_not_found',
        'tenant_offboarded',
      ],
    }),
    delete: operation(
      'offboardTenant',
      'For good: no new credentials, sessions cut off, bindings freed; its id is never used again',
      {
        parameters: [ifMatch],
        answers: { 200: { ...tenant, description: 'what is kept of the tenant' } },
        failures: [...CHANGE_FAILURES, ...REVOCATION_FAILURES],
      },
    ),
  },
  '/tenants/{tenantId}/suspend': {
    parameters: [tenantId],
    post: operation('suspendTenant', 'No new credentials, everywhere within 30 seconds', {
      parameters: [ifMatch],
      answers: { 200: tenant },
      failures: [...CHANGE_FAILURES, 'tenant_offboarded'],
    }),
  },
  '/tenants/{tenantId}/resume': {
    parameters: [tenantId],
    post: operation('resumeTenant', 'Lifts what an operator or an event has put on', {
      parameters: [ifMatch],
      answers: { 200: tenant },
      failures: [...CHANGE_FAILURES, 'tenant_offboarded'],
    }),
  },
  '/tenants/{tenantId}/revoke': {
    parameters: [tenantId],
    post: operation('revokeSessions', "Cuts off the tenant's outstanding sessions, and no other's", {
      answers: { 200: { description: 'from when on, and on which roles', schema: revocationAnswer } },
      failures: [...READ_FAILURES, ...REVOCATION_FAILURES, 'write_conflict', 'events_unavailable'],
    }),
  },
  '/tenants/{tenantId}/verify': {
    parameters: [tenantId],
    post: operation('verifyTenant', 'Vends once for each profile and tries to break out of each role', {
      answers: { 200: { description: 'every probe, passed or not', schema: verificationAnswer } },
      failures: [
        ...READ_FAILURES,
        'tenant_offboarded',
        'write_conflict',
        'verification_unavailable',
        'events_unavailable',
      ],
    }),
  },
  '/tenants/{tenantId}/preview': {
    parameters: [tenantId],
    post: operation('previewTenant', 'What a vend would give, and what the session could do; vends nothing', {
      body: previewRequest,
      answers: { 200: { description: 'the grant, and a verdict for each request', schema: previewAnswer } },
      failures: [...READ_FAILURES, ...BODY_FAILURES, ...GRANT_FAILURES, 'tenant_offboarded'],
    }),
  },
  '/tenants/{tenantId}/role-template': {
    parameters: [tenantId],
    get: operation('getRoleTemplate', "CloudFormation for a role in the customer's own account", {
      answers: { 200: { description: 'the template', schema: roleTemplateAnswer } },
      failures: [...READ_FAILURES, 'tenant_offboarded'],
    }),
  },
};
