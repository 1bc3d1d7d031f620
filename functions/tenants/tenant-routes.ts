import type { Context } from 'hono';
import type { Administration } from '../core/administration/administration.ts';
import { refuseFaults } from '../core/administration/request-invalid.ts';
import { VendingError } from '../core/errors.ts';
import type { TenantRecord } from '../core/tenant/tenant-record.ts';
import { isTenantId } from '../core/tenant-id.ts';
import { readJsonObject, refuseBody } from './json-object.ts';
import {
  changePrecondition,
  etagOf,
  knownVersion,
  putPrecondition,
  refusePreconditions,
} from './preconditions.ts';
import { presentList, presentRoleTemplate, presentTenant, TENANT_READ_ONLY } from './present.ts';
import { pageOf, readQuery } from './query.ts';
import { preconditionOfStated, splitReadOnly } from './read-only.ts';
import { knownTenantId, newTenantId, type OperatorsApp, type OperatorsEnv } from './request.ts';

/** The routes under /tenants. */
export function addTenantRoutes(app: OperatorsApp, administration: Administration): void {
  app.get('/tenants', async (c) => {
    const page = pageOf(readQuery(c.req.url, ['limit', 'after']));
    refusePreconditions(c.req.raw.headers);
    if (page.after !== undefined && !isTenantId(page.after))
      throw new VendingError('request_invalid', { detail: 'after: expected a tenant id' });
    return c.json(presentList(await administration.listTenants(c.get('act'), page), (summary) => summary));
  });

  app.put('/tenants/:tenantId', (c) => putTenant(c, administration));

  app.get('/tenants/:tenantId', async (c) => {
    readQuery(c.req.url, []);
    const known = knownVersion(c.req.raw.headers);
    const record = await administration.getTenant(c.get('act'), knownTenantId(c));
    if (record.version === known) return c.body(null, 304, { ETag: etagOf(record.version) });
    return answerTenant(c, record);
  });

  addChanges(app, administration);
  addWorks(app, administration);
}

async function putTenant(c: Context<OperatorsEnv>, administration: Administration): Promise<Response> {
  readQuery(c.req.url, []);
  const tenantId = newTenantId(c);
  const demanded = putPrecondition(c.req.raw.headers);
  const { definition, stated } = splitReadOnly(await readJsonObject(c.req.raw), TENANT_READ_ONLY);
  const { tenantId: named = tenantId, ...rest } = stated;
  if (named !== tenantId)
    refuseFaults('tenant', [{ path: ['tenantId'], message: `got another one, expected ${tenantId}` }]);
  const act = c.get('act');
  const precondition = await preconditionOfStated(rest, demanded, async () =>
    presentTenant(await administration.getTenant(act, tenantId)),
  );
  const { record, created } = await administration.putTenant(act, tenantId, definition, precondition);
  // Relative to the request, since a stage or a custom domain puts more in front of the path than is known here.
  return created ? answerTenant(c, record, 201, { Location: tenantId }) : answerTenant(c, record);
}

/** What changes a tenant and answers it as it is then. */
function addChanges(app: OperatorsApp, administration: Administration): void {
  type Change = 'suspendTenant' | 'resumeTenant' | 'offboardTenant';
  const change = (method: Change) => async (c: Context<OperatorsEnv>) => {
    readQuery(c.req.url, []);
    const precondition = changePrecondition(c.req.raw.headers);
    await refuseBody(c.req.raw);
    return answerTenant(c, await administration[method](c.get('act'), knownTenantId(c), precondition));
  };
  app.delete('/tenants/:tenantId', change('offboardTenant'));
  app.post('/tenants/:tenantId/suspend', change('suspendTenant'));
  app.post('/tenants/:tenantId/resume', change('resumeTenant'));
}

/** What is done about a tenant, and answers what came of it. */
function addWorks(app: OperatorsApp, administration: Administration): void {
  const admit = async (c: Context<OperatorsEnv>) => {
    readQuery(c.req.url, []);
    refusePreconditions(c.req.raw.headers);
    await refuseBody(c.req.raw);
    return knownTenantId(c);
  };
  app.post('/tenants/:tenantId/revoke', async (c) => {
    const tenantId = await admit(c);
    return c.json(await administration.revokeSessions(c.get('act'), tenantId));
  });
  app.post('/tenants/:tenantId/verify', async (c) => {
    const tenantId = await admit(c);
    return c.json(await administration.verifyTenant(c.get('act'), tenantId));
  });
  app.post('/tenants/:tenantId/preview', async (c) => {
    readQuery(c.req.url, []);
    refusePreconditions(c.req.raw.headers);
    const tenantId = knownTenantId(c);
    const request = await readJsonObject(c.req.raw);
    return c.json(await administration.previewTenant(c.get('act'), tenantId, request));
  });
  app.get('/tenants/:tenantId/role-template', async (c) => {
    const tenantId = await admit(c);
    return c.json(presentRoleTemplate(await administration.roleTemplate(c.get('act'), tenantId)));
  });
}

function answerTenant(
  c: Context<OperatorsEnv>,
  record: TenantRecord,
  status: 200 | 201 = 200,
  headers: Record<string, string> = {},
): Response {
  return c.json(presentTenant(record), status, { ETag: etagOf(record.version), ...headers });
}
