import type { Context } from 'hono';
import type { Administration } from '../core/administration/administration.ts';
import type { SharedIssuerRecord } from '../core/administration/administrative-ports.ts';
import { refuseFaults } from '../core/administration/request-invalid.ts';
import { VendingError } from '../core/errors.ts';
import { readJsonObject, refuseBody } from './json-object.ts';
import {
  changePrecondition,
  etagOf,
  knownVersion,
  putPrecondition,
  refusePreconditions,
} from './preconditions.ts';
import { ISSUER_READ_ONLY, presentIssuer, presentList } from './present.ts';
import { pageOf, readQuery } from './query.ts';
import { preconditionOfStated, splitReadOnly } from './read-only.ts';
import type { OperatorsApp, OperatorsEnv } from './request.ts';

/** The routes to shared issuers. An issuer is named by its URL, and a URL fits a query better than a path. */
export function addIssuerRoutes(app: OperatorsApp, administration: Administration): void {
  app.get('/issuers', async (c) => {
    const { url, ...page } = readQuery(c.req.url, ['url', 'limit', 'after']);
    if (url === undefined) {
      refusePreconditions(c.req.raw.headers);
      const listed = await administration.listIssuers(c.get('act'), pageOf(page));
      return c.json(presentList(listed, presentIssuer));
    }
    if (Object.keys(page).length > 0)
      throw new VendingError('request_invalid', { detail: 'the query may hold limit and after without url' });
    const known = knownVersion(c.req.raw.headers);
    const record = await administration.getIssuer(c.get('act'), url);
    if (record.version === known) return c.body(null, 304, { ETag: etagOf(record.version) });
    return answerIssuer(c, record);
  });

  app.put('/issuers', (c) => putIssuer(c, administration));

  app.delete('/issuers', async (c) => {
    const url = urlIn(c);
    const precondition = changePrecondition(c.req.raw.headers);
    await refuseBody(c.req.raw);
    await administration.deleteIssuer(c.get('act'), url, precondition);
    return c.body(null, 204);
  });
}

async function putIssuer(c: Context<OperatorsEnv>, administration: Administration): Promise<Response> {
  const url = urlIn(c);
  const demanded = putPrecondition(c.req.raw.headers);
  const { definition, stated } = splitReadOnly(await readJsonObject(c.req.raw), ISSUER_READ_ONLY);
  if (definition['url'] !== url)
    refuseFaults('issuer', [{ path: ['url'], message: 'got another one, expected that of the query' }]);
  const act = c.get('act');
  const precondition = await preconditionOfStated(stated, demanded, async () =>
    presentIssuer(await administration.getIssuer(act, url)),
  );
  const { record, created } = await administration.putIssuer(act, definition, precondition);
  const location = { Location: `?url=${encodeURIComponent(url)}` };
  return created ? answerIssuer(c, record, 201, location) : answerIssuer(c, record);
}

function urlIn(c: Context<OperatorsEnv>): string {
  const { url } = readQuery(c.req.url, ['url']);
  if (url === undefined)
    throw new VendingError('request_invalid', { detail: 'the query must hold url, which names the issuer' });
  return url;
}

function answerIssuer(
  c: Context<OperatorsEnv>,
  record: SharedIssuerRecord,
  status: 200 | 201 = 200,
  headers: Record<string, string> = {},
): Response {
  return c.json(presentIssuer(record), status, { ETag: etagOf(record.version), ...headers });
}
