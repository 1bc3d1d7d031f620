import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { registryKey } from '../../../functions/adapters/registry/registry-key.ts';
import { REGION, REGISTRY_TABLE } from '../../../local/account.ts';
import { createSession } from '../../local/tenant-session.ts';
import { ask, type Surroundings } from '../ask.ts';
import { createFamily, type Family } from '../family.ts';
import { type JsonEdit, jsonEdits, withEdits } from '../json-edits.ts';
import { AUDIENCE, KEY_ID } from '../tenants.ts';
import { published, type World } from '../world.ts';

/** Three items of which none alone opens a tenant, and what was done to them. */
interface RecordInput {
  readonly kind: 'shared' | 'own';
  readonly edits: Readonly<Record<'issuer' | 'claim' | 'tenant', readonly JsonEdit[]>>;
  /** Where an item has been replaced by that of another tenant. */
  readonly swap: 'nothing' | 'claim' | 'issuer' | 'tenant' | 'claim and issuer';
}

const STRANGERS = ['acme', 'globex', 'sleepy', 'TENANT', 'latchkey-probe', 'ACME', 'acme/', '', '*'];
const edits = (paths: readonly string[]) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, jsonEdits(paths, STRANGERS));

const input: fc.Arbitrary<RecordInput> = fc.record({
  kind: fc.constantFrom('shared', 'own'),
  edits: fc.record({
    issuer: edits([
      'tenantId',
      'freeAt',
      'record',
      'record.url',
      'record.audience',
      'record.algorithms',
      'record.jwks',
      'record.binding',
      'record.binding.kind',
      'record.binding.tenantId',
      'record.tokenTypes',
      'record.requiredClaims',
    ]),
    claim: edits(['tenantId', 'freeAt']),
    tenant: edits([
      'record',
      'record.tenantId',
      'record.holds',
      'record.externalId',
      'record.definition',
      'record.definition.issuers',
      'record.definition.claims',
      'record.definition.claims.0.issuer',
      'record.definition.claims.0.value',
      'record.definition.profiles',
      'record.definition.defaultProfile',
      'record.definition.ownProfiles',
      'record.definition.roles',
      'record.definition.attributes',
    ]),
  }),
  swap: fc.oneof(
    { weight: 3, arbitrary: fc.constant('nothing' as const) },
    fc.constantFrom('claim', 'issuer', 'tenant', 'claim and issuer'),
  ),
});

/** What a damaged record may come to: none of it is the caller's doing. */
const DAMAGED = ['record_invalid', 'keys_unavailable', 'policy_unrenderable', 'policy_too_large'] as const;

/** Issuers, bindings and tenants as they stand in the registry, edited by hand: refused, or still the tenant that was meant. */
export function records(around: Surroundings): Family {
  const write = createWriter(around.world);
  let count = 0;
  return createFamily({
    name: 'registry records',
    share: 5,
    inputs: input,
    watch: around.watch,
    async attempt(plan) {
      count += 1;
      const { world } = around;
      const names = { tenant: `fuzz-${count}`, url: `https://fuzz-${count}.example` };
      try {
        await Promise.all(itemsOf(world, names, plan).map(write));
      } catch {
        // Not everything is a value to DynamoDB.
        return 'not stored';
      }
      const now = Math.floor(world.now().getTime() / 1000);
      const claims = {
        iss: names.url,
        aud: AUDIENCE,
        sub: 'svc',
        tenant: names.tenant,
        iat: now,
        exp: now + 300,
      };
      const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const signed = `${encode({ alg: 'EdDSA', typ: 'at+jwt', kid: KEY_ID })}.${encode(claims)}`;
      const token = `${signed}.${world.signers.attacker.sign(signed)}`;
      const isUntouched =
        plan.swap === 'nothing' && Object.values(plan.edits).every(({ length }) => length === 0);
      return ask(
        around,
        { method: 'POST', path: '/credentials', headers: [['Authorization', `Bearer ${token}`]] },
        { tenantAt: () => names.tenant, mayAnswer: DAMAGED, mustBeGranted: isUntouched },
      );
    },
  });
}

type Item = Readonly<Record<string, unknown>>;

/** As an operator may write the table by hand, and nobody else. */
function createWriter({ aws }: World): (item: Item) => Promise<unknown> {
  const Statement = [{ Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: '*' }];
  const session = createSession({ tenantId: 'writer', rolePolicy: { Version: '2012-10-17', Statement } });
  aws.sessions.set(session.credentials.accessKeyId, session);
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ region: REGION, endpoint: aws.urls.dynamodb, credentials: session.credentials }),
    { marshallOptions: { removeUndefinedValues: true, convertEmptyValues: false } },
  );
  return (Item) => client.send(new PutCommand({ TableName: REGISTRY_TABLE, Item }));
}

interface Names {
  readonly tenant: string;
  readonly url: string;
}

function itemsOf(
  world: World,
  { tenant, url }: Names,
  { kind, edits: changes, swap }: RecordInput,
): readonly Item[] {
  const isSwapped = (item: string) => swap.includes(item);
  const jwks = { keys: [published(world.signers.attacker)] };
  const terms = { url, audience: AUDIENCE, algorithms: ['EdDSA'], jwks };
  const boundTo = isSwapped('issuer') ? 'globex' : tenant;
  const issuer =
    kind === 'own'
      ? { tenantId: boundTo, record: { ...terms, binding: { kind: 'tenant', tenantId: boundTo } } }
      : { record: { ...terms, binding: { kind: 'claim', claim: 'tenant' } } };
  const claim = { tenantId: isSwapped('claim') ? 'globex' : tenant };
  const at = world.now().toISOString();
  const bound = kind === 'own' ? { issuers: [terms] } : { claims: [{ issuer: url, value: tenant }] };
  const definition = { displayName: 'Fuzz', profiles: ['app', 'read-only'], defaultProfile: 'app', ...bound };
  const record = {
    tenantId: isSwapped('tenant') ? 'globex' : tenant,
    externalId: 'c2FtcGxlLWV4dGVybmFsLWlkLW9mLTMyLWJ5dGVzISE',
    ...{ holds: [], version: 1, createdAt: at, updatedAt: at, events: {}, definition },
  };
  const changed = (item: object, key: object, how: readonly JsonEdit[]) => ({
    ...(withEdits(item, how, tenant) as object),
    ...key,
  });
  return [
    changed(issuer, registryKey.issuer(url), changes.issuer),
    changed(claim, registryKey.claim({ issuer: url, value: tenant }), changes.claim),
    changed({ record }, registryKey.tenant(tenant), changes.tenant),
  ];
}
